//! The speed run: the raw ceiling and the product in turn, each on a fresh database, medians over the rounds.

use crate::flags::Flags;
use crate::load::{Fleet, Span, Target};
use crate::process::{Recipe, Scratch, Served};
use crate::site::Site;
use crate::sums::{Figures, medians, percentile};
use crate::{Result, bytes, machine, postgres, report, runtime};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const VISITORS: usize = 100;
const AGENTS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(30);

struct Scenario {
    is_quick: bool,
    rounds: usize,
    span: Span,
    rates: &'static [u64],
    silent: usize,
    memory_steps: &'static [usize],
    port: u16,
}

#[derive(Clone)]
pub enum Engine {
    Raw,
    Sqlite { program: PathBuf },
    Postgres { program: PathBuf, url: String },
}

impl Engine {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres { .. } => "postgres",
        }
    }
}

/// Everything that the report is made of: per engine the rounds and their medians.
pub struct Measured {
    pub is_quick: bool,
    pub silent: usize,
    pub machine: machine::Machine,
    pub rounds: BTreeMap<&'static str, Vec<Figures>>,
    pub medians: BTreeMap<&'static str, Figures>,
}

pub fn run(flags: &Flags) -> Result<()> {
    let scenario = scenario(flags)?;
    machine::raise_descriptors()?;
    let measured = measure(&scenario, &engines(flags)?)?;
    let folder = PathBuf::from(flags.text("out").unwrap_or("bench"));
    report::write(&measured, &folder)
}

/// Without `--server` only the ceiling is measured.
fn engines(flags: &Flags) -> Result<Vec<Engine>> {
    let mut engines = vec![Engine::Raw];
    if let Some(program) = flags.text("server") {
        let program = PathBuf::from(program).canonicalize()?;
        engines.push(Engine::Sqlite { program: program.clone() });
        if let Some(url) = flags.text("database-url") {
            engines.push(Engine::Postgres { program, url: url.to_owned() });
        }
    }
    Ok(engines)
}

fn scenario(flags: &Flags) -> Result<Scenario> {
    let (port, is_quick) = (flags.number("port", 5330)?, flags.is_set("quick"));
    let scenario = if is_quick {
        let span = Span { warm_s: 1, count_s: 2 };
        Scenario { is_quick, rounds: 1, span, rates: &[1000], silent: 2000, memory_steps: &[1000], port }
    } else {
        let span = Span { warm_s: 1, count_s: 5 };
        Scenario {
            is_quick,
            rounds: 3,
            span,
            rates: &[20, 1000, 10_000],
            silent: 9000,
            memory_steps: &[1000, 5000, 10_000],
            port,
        }
    };
    let rounds = flags.number("rounds", scenario.rounds)?;
    Ok(Scenario { rounds, silent: flags.number("silent", scenario.silent)?, ..scenario })
}

fn measure(scenario: &Scenario, engines: &[Engine]) -> Result<Measured> {
    let scratch = Scratch::new("machine")?;
    let machine = machine::describe(&scratch.path)?;
    if machine.load_before > 0.5 {
        eprintln!("the machine is busy (load {}): these figures will be worth little", machine.load_before);
    }
    let mut rounds: BTreeMap<&'static str, Vec<Figures>> = BTreeMap::new();
    for number in 1..=scenario.rounds {
        for engine in engines {
            eprintln!("round {number} of {}: {}", scenario.rounds, engine.name());
            rounds.entry(engine.name()).or_default().push(round(scenario, engine)?);
        }
    }
    for engine in engines {
        eprintln!("memory: {}", engine.name());
        rounds.entry(engine.name()).or_default().push(memory(scenario, engine)?);
    }
    let medians = rounds.iter().map(|(name, rounds)| (*name, medians(rounds))).collect();
    Ok(Measured { is_quick: scenario.is_quick, silent: scenario.silent, machine, rounds, medians })
}

/// A server on a fresh database, set up and ready for visitors.
struct Stage {
    scratch: Scratch,
    database: Option<postgres::Database>,
    recipe: Recipe,
    target: Target,
    served: Served,
}

impl Stage {
    async fn set(engine: &Engine, port: u16) -> Result<Self> {
        let scratch = Scratch::new(engine.name())?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let database = match engine {
            Engine::Postgres { url, .. } => Some(postgres::Database::create(url)?),
            _ => None,
        };
        let recipe = recipe(engine, &scratch.path, address, database.as_ref())?;
        let mut served = recipe.start()?;
        served.wait_ready(PATIENCE)?;
        let target = match engine {
            Engine::Raw => Target::Raw { address, agents: AGENTS },
            _ => {
                let company = Site::new(address)?.found_company(&served.setup_token()?, AGENTS).await?;
                Target::Balcao { address, company: Arc::new(company) }
            }
        };
        Ok(Self { scratch, database, recipe, target, served })
    }

    fn restart(&mut self) -> Result<Figures> {
        self.served.stop()?;
        self.served = self.recipe.start()?;
        let awake = self.served.wait_ready(PATIENCE)?;
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        Ok(Figures::from([
            ("start.accepted_ms".to_owned(), ms(awake.accepted)),
            ("start.answered_ms".to_owned(), ms(awake.answered)),
        ]))
    }
}

fn recipe(engine: &Engine, data: &Path, address: SocketAddr, database: Option<&postgres::Database>) -> Result<Recipe> {
    match engine {
        Engine::Raw => Recipe::raw(data, address, AGENTS),
        Engine::Sqlite { program } => Ok(Recipe::balcao(program, data, address, None)),
        Engine::Postgres { program, .. } => {
            Ok(Recipe::balcao(program, data, address, database.map(|database| database.url.as_str())))
        }
    }
}

fn round(scenario: &Scenario, engine: &Engine) -> Result<Figures> {
    runtime()?.block_on(async {
        let mut stage = Stage::set(engine, scenario.port).await?;
        let mut figures = Figures::new();
        let mut fleet = Fleet::seat(&stage.target, stage.served.pid(), VISITORS).await?;
        for rate in scenario.rates {
            figures.extend(fleet.open(&format!("rate{rate}"), *rate, scenario.span).await?);
        }
        figures.extend(fleet.flat("w1", 1, scenario.span).await?);
        // What a full load leaves behind (checkpoints, mostly) belongs to it and not to its successor.
        rest(2).await;
        figures.extend(fleet.flat("w32", 32, scenario.span).await?);
        rest(3).await;
        fleet.silent(scenario.silent).await?;
        rest(1).await;
        for rate in scenario.rates {
            figures.extend(fleet.open(&format!("rate{rate}_silent"), *rate, scenario.span).await?);
        }
        drop(fleet);
        figures.extend(starts(&mut stage)?);
        if let Target::Balcao { company, .. } = &stage.target {
            figures.extend(bytes::weigh(&Site::new(stage.target.address())?, &company.code).await?);
        }
        finish(stage)?;
        Ok(figures)
    })
}

fn starts(stage: &mut Stage) -> Result<Figures> {
    let starts = (0..5).map(|_| stage.restart()).collect::<Result<Vec<_>>>()?;
    Ok(medians(&starts))
}

/// Memory of a freshly started server on an existing database: idle, then with silent visitors.
fn memory(scenario: &Scenario, engine: &Engine) -> Result<Figures> {
    runtime()?.block_on(async {
        let mut stage = Stage::set(engine, scenario.port).await?;
        stage.restart()?;
        rest(2).await;
        let idle = machine::memory(stage.served.pid())?;
        let mut figures = Figures::from([
            ("memory.idle_rss_mib".to_owned(), idle.rss as f64 / 1024.0),
            ("memory.idle_pss_mib".to_owned(), idle.pss as f64 / 1024.0),
        ]);
        let mut fleet = Fleet::seat(&stage.target, stage.served.pid(), 0).await?;
        for step in scenario.memory_steps {
            fleet.silent(*step).await?;
            rest(2).await;
            let now = machine::memory(stage.served.pid())?;
            figures.insert(format!("memory.pss_mib_at_{step}"), now.pss as f64 / 1024.0);
            figures.insert(format!("memory.rss_mib_at_{step}"), now.rss as f64 / 1024.0);
            // The last step is the one that counts: fixed costs weigh least there.
            let per_visitor = (now.pss as f64 - idle.pss as f64) / *step as f64;
            figures.insert("memory.kib_per_visitor".to_owned(), per_visitor);
        }
        finish(stage)?;
        Ok(figures)
    })
}

fn finish(mut stage: Stage) -> Result<()> {
    stage.served.stop()?;
    if let Some(database) = stage.database.take() {
        database.drop()?;
    }
    drop(stage.scratch);
    Ok(())
}

async fn rest(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// The spread of a figure over the rounds, for the report.
pub fn spread(rounds: &[Figures], name: &str) -> (f64, f64) {
    let values: Vec<f64> = rounds.iter().filter_map(|round| round.get(name).copied()).collect();
    (percentile(&values, 0.0), percentile(&values, 1.0))
}
