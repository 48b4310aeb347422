//! The measuring side: `raw` (the ceiling), `run` (speed, memory, bytes), `lists` (answers with
//! years of conversations), `ledger` (nothing acknowledged is ever lost).

mod bytes;
mod clock;
mod flags;
mod ledger;
mod lists;
mod load;
mod machine;
mod page;
mod postgres;
mod process;
mod raw;
mod report;
mod run;
mod site;
mod sums;
mod wire;

use flags::Flags;
use std::process::ExitCode;

/// Whatever goes wrong is shown to the person at the terminal, so a message is all an error needs to be.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const USAGE: &str = "balcao-bench raw --listen 127.0.0.1:PORT --data DIR --agents N
balcao-bench run --server PATH [--quick] [--rounds N] [--port N] [--out DIR] [--database-url postgres://…]
balcao-bench lists --server PATH [--conversations 1000000] [--no-sqlite] [--port N] [--out DIR] [--database-url postgres://…] [--keep]
balcao-bench page [--out DIR]
balcao-bench ledger --server PATH [--kills 20] [--seed N] [--visitors 12] [--agents 3] [--port N]
                    [--database-url postgres://…] [--expect-violation] [--keep]";

fn main() -> ExitCode {
    // The HTTP client asks for a TLS provider although the bench speaks plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let outcome = Flags::parse(words).and_then(|flags| match command.as_str() {
        "raw" => raw::serve(&flags),
        "run" => run::run(&flags),
        "lists" => lists::run(&flags),
        "page" => page::assemble(std::path::Path::new(flags.text("out").unwrap_or("bench"))),
        "ledger" => ledger::run(&flags),
        "ledger-clients" => ledger::clients::run(&flags),
        _ => Err(USAGE.into()),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// One single-threaded runtime; the caller's thread drives it.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}
