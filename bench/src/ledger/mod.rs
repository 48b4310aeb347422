//! Kills the server again and again under load, then compares what its clients were told with what it holds.

mod agent;
mod book;
mod chance;
mod check;
pub mod clients;
mod reading;
mod visitor;

use crate::flags::Flags;
use crate::process::{Recipe, Scratch};
use crate::site::Site;
use crate::{Result, clock, postgres, runtime};
use book::Line;
use chance::Chance;
use check::{Finding, History, Violation, check};
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);
/// How long clients may need to get the last answers and events.
const DRAIN: Duration = Duration::from_secs(60);
/// Below this many acknowledgements per kill nothing has been tried.
const LEAST_PER_KILL: usize = 10;

struct Trial {
    recipe: Recipe,
    /// The same, with the fault that must be found where one is wanted.
    tried: Recipe,
    folder: PathBuf,
    address: SocketAddr,
    kills: usize,
    seed: u64,
    visitors: usize,
    agents: usize,
}

pub fn run(flags: &Flags) -> Result<()> {
    let seed = flags.number("seed", clock::unix_ms(clock::now_ns()) % 1_000_000)?;
    let expects_violation = flags.is_set("expect-violation");
    let mut scratch = Scratch::new("ledger")?;
    scratch.keep = flags.is_set("keep");
    let database = flags.text("database-url").map(postgres::Database::create).transpose()?;
    let trial = trial(flags, &scratch.path, database.as_ref(), seed)?;
    println!("seed {seed}: {} kills, {} visitors, {} agents", trial.kills, trial.visitors, trial.agents);
    let outcome = trial.run().map_err(|error| format!("seed {seed}: {error}\n{}", last_words(&trial.recipe.log)));
    if let Some(database) = database {
        database.drop()?;
    }
    let (history, findings) = outcome?;
    scratch.keep |= !findings.is_empty() && !expects_violation;
    tell(&history, &findings);
    if scratch.keep {
        println!("the ledgers are kept in the temporary folder {:?}", scratch.path.file_name().unwrap_or_default());
    }
    verdict(&history, &findings, trial.kills, expects_violation)
}

fn trial(flags: &Flags, folder: &Path, database: Option<&postgres::Database>, seed: u64) -> Result<Trial> {
    let program = PathBuf::from(flags.need("server")?).canonicalize()?;
    let address = SocketAddr::from(([127, 0, 0, 1], flags.number("port", 5335)?));
    let data = folder.join("data");
    fs::create_dir_all(&data)?;
    let recipe = Recipe::balcao(&program, &data, address, database.map(|database| database.url.as_str()));
    let (kills, visitors) = (flags.number("kills", 20)?, flags.number("visitors", 12)?);
    let mut tried = recipe.clone();
    if flags.is_set("expect-violation") {
        tried.environment.push(("BALCAO_FAULT".to_owned(), "ack_before_commit".to_owned()));
    }
    Ok(Trial {
        recipe,
        tried,
        folder: folder.to_owned(),
        address,
        kills,
        seed,
        visitors,
        agents: flags.number("agents", 3)?,
    })
}

impl Trial {
    fn run(&self) -> Result<(History, Vec<Finding>)> {
        let runtime = runtime()?;
        let mut server = self.recipe.start()?;
        server.wait_ready(PATIENCE)?;
        let company = runtime.block_on(Site::new(self.address)?.found_company(&server.setup_token()?, self.agents))?;
        fs::write(self.folder.join(clients::COMPANY), serde_json::to_vec(&company)?)?;
        // Set up in health, tried with the fault, read in health.
        server.stop()?;
        let mut server = self.tried.start()?;
        server.wait_ready(PATIENCE)?;
        let clients = self.start_clients()?;
        std::thread::sleep(Duration::from_secs(1));
        let mut chance = Chance::new(self.seed, 5000);
        for kill in 1..=self.kills {
            // Every fifth dies in its first moments, perhaps before it listens.
            let uptime =
                Duration::from_millis(if kill % 5 == 0 { chance.between(5, 200) } else { chance.between(50, 1500) });
            std::thread::sleep(uptime);
            server.kill()?;
            server = self.tried.start()?;
            let up = if kill % 5 == 4 {
                "at once".to_owned()
            } else {
                format!("after {:.0?}", server.wait_ready(PATIENCE)?.answered)
            };
            println!("kill {kill} of {} after {uptime:.0?}, next {up}", self.kills);
        }
        server.wait_ready(PATIENCE)?;
        std::thread::sleep(Duration::from_secs(2));
        fs::write(self.folder.join(clients::STOP), b"")?;
        clients.wait()?;
        server.kill()?;
        let mut server = self.recipe.start()?;
        server.wait_ready(PATIENCE)?;
        let history = runtime.block_on(reading::read(&Site::new(self.address)?, &company, &self.folder))?;
        server.stop()?;
        reading::check_file(&self.folder.join("data"))?;
        let findings = check(&history);
        Ok((history, findings))
    }

    fn start_clients(&self) -> Result<Clients> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("ledger-clients").arg("--dir").arg(&self.folder);
        command.args(["--address", &self.address.to_string(), "--seed", &self.seed.to_string()]);
        command.args(["--visitors", &self.visitors.to_string(), "--agents", &self.agents.to_string()]);
        Ok(Clients(command.spawn()?))
    }
}

/// The clients' process, which must not outlive the trial.
struct Clients(Child);

impl Clients {
    fn wait(mut self) -> Result<()> {
        let asked = Instant::now();
        loop {
            match self.0.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("the clients ended with {status}").into()),
                None if asked.elapsed() > DRAIN => {
                    return Err(format!("the clients still had unanswered messages after {DRAIN:?}").into());
                }
                None => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        // Already gone is what is wanted.
        self.0.kill().unwrap_or_default();
        drop(self.0.wait());
    }
}

/// The end of the server's log, for when it did not come back.
fn last_words(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(15)..).unwrap_or_default().join("\n")
}

struct Counts {
    started: usize,
    acknowledged: usize,
    refused: usize,
    unknown: usize,
}

fn count(history: &History) -> Counts {
    let lines = || history.ledgers.iter().flat_map(|(_, lines)| lines);
    let count = |is_wanted: fn(&Line) -> bool| lines().filter(|line| is_wanted(line)).count();
    Counts {
        started: count(|line| matches!(line, Line::Start { .. })),
        acknowledged: count(|line| matches!(line, Line::Ok { .. })),
        refused: count(|line| matches!(line, Line::Refused { .. })),
        unknown: count(|line| matches!(line, Line::Unknown { .. })),
    }
}

fn tell(history: &History, findings: &[Finding]) {
    let Counts { started, acknowledged, refused, unknown } = count(history);
    println!(
        "sent {started}, acknowledged {acknowledged}, refused {refused}, left open by a break and repeated {unknown}"
    );
    let held: usize = history.truth.values().map(Vec::len).sum();
    let shown: usize = history.seen.iter().map(|(_, seen)| seen.len()).sum();
    println!(
        "{} conversations hold {held} entries; {} readers were shown {shown}",
        history.truth.len(),
        history.seen.len()
    );
    for finding in findings.iter().take(20) {
        println!("{:?}: {}", finding.violation, finding.what);
    }
    let mut counts: BTreeMap<Violation, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.violation).or_default() += 1;
    }
    let of = |violation: Violation| counts.get(&violation).copied().unwrap_or(0);
    println!(
        "lost {}, doubled {}, phantom {}, out of order {}, gaps {}, moved {}, disagreements {}, unseen {}, protocol {}",
        of(Violation::Lost),
        of(Violation::Doubled),
        of(Violation::Phantom),
        of(Violation::OutOfOrder),
        of(Violation::Gap),
        of(Violation::Moved),
        of(Violation::Disagreement),
        of(Violation::Unseen),
        of(Violation::Protocol)
    );
}

fn verdict(history: &History, findings: &[Finding], kills: usize, expects_violation: bool) -> Result<()> {
    let counts = count(history);
    let is_caught = findings.iter().any(|finding| matches!(finding.violation, Violation::Lost | Violation::Moved));
    match (expects_violation, findings.is_empty()) {
        (true, _) if !is_caught => Err("the fault was not found: the harness proves nothing".into()),
        (true, _) => {
            println!("the fault was found, as it should be");
            Ok(())
        }
        (false, false) => Err(format!("{} violations", findings.len()).into()),
        (false, true) if counts.refused > 0 => {
            Err(format!("{} messages were refused, and none should be", counts.refused).into())
        }
        (false, true) if counts.acknowledged < kills * LEAST_PER_KILL => {
            Err("too little was sent to prove anything".into())
        }
        (false, true) => Ok(()),
    }
}
