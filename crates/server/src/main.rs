//! The command line.

use std::process::ExitCode;

use balcao_platform::{Config, telemetry};
use balcao_server::{admin, demo, docs, serve};
use clap::{Parser, Subcommand};

/// Many short allocations on a few threads are what this program does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Customer-service chat, self-hosted.
#[derive(Parser)]
#[command(name = "balcao", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Starts the program (the default).
    Serve,
    /// Brings the database's schema up to date and ends.
    Migrate,
    /// Fills an empty installation with a sample company and starts.
    Demo,
    /// Helps a locked-out administrator.
    Admin {
        #[command(subcommand)]
        action: admin::Action,
    },
    /// Prints the description of the HTTP interface (OpenAPI 3.1) and ends.
    Openapi,
    /// Prints every configuration key with its default and ends.
    Config,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Some(Action::Openapi) => return print(&docs::openapi_text()),
        Some(Action::Config) => return print(balcao_platform::config::DEFAULTS),
        _ => {}
    }
    let config = match Config::load() {
        Ok(config) => config,
        Err(error) => return fail(&error.to_string()),
    };
    telemetry::start_logging(&config.log.filter, config.log.json);
    serve::choose_tls_provider();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no runtime: {error}")),
    };
    let result = runtime.block_on(async {
        match arguments.command.unwrap_or(Action::Serve) {
            Action::Serve => serve::serve(config).await,
            Action::Migrate => serve::migrate(&config).await,
            Action::Demo => demo::run(config).await,
            Action::Admin { action } => admin::run(&config, action).await,
            Action::Openapi | Action::Config => Ok(()),
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn print(text: &str) -> ExitCode {
    use std::io::Write;
    // A reader that closed the pipe has what it wants.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn fail(message: &str) -> ExitCode {
    eprintln!("balcao: {message}");
    ExitCode::FAILURE
}
