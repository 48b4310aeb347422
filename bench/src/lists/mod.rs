//! How fast lists, searches and single conversations answer in a company with a million conversations and ten million messages.

mod fill;
mod report;

use crate::flags::Flags;
use crate::postgres::Database;
use crate::process::{Recipe, Scratch, Served};
use crate::site::{Company, Site};
use crate::sums::percentile;
use crate::{Result, runtime};
use fill::Size;
use reqwest::Method;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);
const DEPARTMENTS: usize = 10;
const AGENTS: usize = 20;
/// How often each request is measured, after two that warm up.
const TIMES: usize = 40;

/// One engine's figures.
pub struct Measured {
    pub engine: &'static str,
    pub size: Size,
    pub answers: Vec<Timed>,
}

/// A request and how long it took.
pub struct Timed {
    pub who: &'static str,
    pub what: String,
    /// Rows in the answer.
    pub rows: usize,
    pub p50_ms: f64,
    pub p95_ms: f64,
}

pub fn run(flags: &Flags) -> Result<()> {
    let program = PathBuf::from(flags.need("server")?).canonicalize()?;
    let size = Size::of(flags.number("conversations", 1_000_000)?);
    let address = SocketAddr::from(([127, 0, 0, 1], flags.number("port", 5338)?));
    let mut measured = Vec::new();
    if !flags.is_set("no-sqlite") {
        measured.push(on_sqlite(&program, address, size, flags.is_set("keep"))?);
    }
    if let Some(url) = flags.text("database-url") {
        measured.push(on_postgres(&program, address, size, url, flags.is_set("keep"))?);
    }
    let folder = PathBuf::from(flags.text("out").unwrap_or("bench"));
    report::write(&measured, &folder)
}

fn on_sqlite(program: &std::path::Path, address: SocketAddr, size: Size, keep: bool) -> Result<Measured> {
    let mut scratch = Scratch::new("lists")?;
    scratch.keep = keep;
    let recipe = Recipe::balcao(program, &scratch.path, address, None);
    let company = found(&recipe)?;
    eprintln!("filling {}", scratch.path.display());
    fill::sqlite(&scratch.path.join("balcao.db"), size)?;
    Ok(Measured { engine: "SQLite", size, answers: measure(&recipe, &company)? })
}

fn on_postgres(program: &std::path::Path, address: SocketAddr, size: Size, url: &str, keep: bool) -> Result<Measured> {
    let scratch = Scratch::new("lists")?;
    let database = Database::create(url)?;
    let recipe = Recipe::balcao(program, &scratch.path, address, Some(&database.url));
    let company = found(&recipe)?;
    eprintln!("filling {}", database.url);
    fill::postgres(&database.url, size)?;
    let answers = measure(&recipe, &company)?;
    if !keep {
        database.drop()?;
    }
    Ok(Measured { engine: "PostgreSQL", size, answers })
}

/// A company with departments and two agents in each.
fn found(recipe: &Recipe) -> Result<Company> {
    let mut served = recipe.start()?;
    served.wait_ready(PATIENCE)?;
    let token = served.setup_token()?;
    let company = runtime()?.block_on(async {
        let site = Site::new(recipe.address)?;
        let company = site.found_company(&token, AGENTS).await?;
        let owner = &company.owner;
        for number in 0..DEPARTMENTS {
            let department = json!({"name": format!("Setor {number}")});
            let id = site.expect(Method::POST, "/api/departments", owner, Some(department)).await?.text("/id")?;
            for agent in company.agents.iter().skip(number).step_by(DEPARTMENTS) {
                let change = json!({"departments": [{"id": id, "is_manager": false}]});
                site.expect(Method::PATCH, &format!("/api/agents/{}", agent.id), owner, Some(change)).await?;
            }
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(company)
    })?;
    served.stop()?;
    Ok(company)
}

fn measure(recipe: &Recipe, company: &Company) -> Result<Vec<Timed>> {
    let mut served: Served = recipe.start()?;
    served.wait_ready(PATIENCE)?;
    let timed = runtime()?.block_on(async {
        let site = Site::new(recipe.address)?;
        let owner = site.log_in(crate::site::OWNER_EMAIL).await?;
        let agent = company.agents.first().ok_or("no agent")?;
        let agents = site.log_in(&agent.email).await?;
        let mut timed = Vec::new();
        for (who, cookie) in [("administrator", &owner), ("agent", &agents)] {
            for (what, path) in requests(&site, cookie, &agent.id).await? {
                let one = time(&site, cookie, who, what, &path).await?;
                eprintln!(
                    "  {:>13}  {:<44} {:>5} rows {:>9.2} {:>9.2} ms",
                    one.who, one.what, one.rows, one.p50_ms, one.p95_ms
                );
                timed.push(one);
            }
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(timed)
    })?;
    served.stop()?;
    Ok(timed)
}

/// What is asked: the name people know it by, and the address.
async fn requests(site: &Site, cookie: &str, agent: &str) -> Result<Vec<(String, String)>> {
    let list = |rest: &str| format!("/api/conversations?{rest}");
    let closed = site.expect(Method::GET, &list("list=closed&limit=50"), cookie, None).await?;
    let conversation = closed.text("/items/0/id")?;
    let (protocol, next) = (closed.text("/items/49/protocol")?, closed.text("/next")?);
    let department = closed.text("/items/0/department_id")?;
    let deep = deep_cursor(&next);
    let asked = [
        ("queue", list("list=queue")),
        ("open", list("list=open")),
        ("closed", list("list=closed")),
        ("closed, half of all further", list(&format!("list=closed&after={deep}"))),
        ("closed, of one agent", list(&format!("list=closed&agent={agent}"))),
        ("closed, of one department", list(&format!("list=closed&department={department}"))),
        ("open, of one agent", list(&format!("list=open&agent={agent}"))),
        ("open, waiting for an answer", list("list=open&waiting=true")),
        ("closed, a frequent name", list("list=closed&search=paula")),
        ("closed, two letters", list("list=closed&search=an")),
        ("closed, a whole name", list("list=closed&search=quiteria%20xavier%20bento")),
        ("closed, a telephone number", list("list=closed&search=5511910123")),
        ("closed, nobody's name", list("list=closed&search=wenceslau")),
        ("closed, a protocol number", list(&format!("list=closed&search={protocol}"))),
        ("closed, the end of a protocol number", list("list=closed&search=0147")),
        ("open, a frequent name", list("list=open&search=paula")),
        ("open, a whole name", list("list=open&search=quiteria%20xavier%20bento")),
        ("queue, nobody's name", list("list=queue&search=wenceslau")),
        ("one conversation with its last lines", format!("/api/conversations/{conversation}")),
        ("messages with a rare word", "/api/messages/search?q=protetor".to_owned()),
        ("messages with a frequent word", "/api/messages/search?q=boleto".to_owned()),
        ("messages with two frequent words", "/api/messages/search?q=boleto%20valor".to_owned()),
    ];
    Ok(asked.into_iter().map(|(what, path)| (what.to_owned(), path)).collect())
}

/// A cursor some 500 days before the one given.
fn deep_cursor(next: &str) -> String {
    let (at, id) = next.split_once('_').unwrap_or((next, ""));
    let at: i64 = at.parse().unwrap_or_default();
    format!("{}_{id}", at - 500 * 86_400_000_000)
}

async fn time(site: &Site, cookie: &str, who: &'static str, what: String, path: &str) -> Result<Timed> {
    let mut taken = Vec::with_capacity(TIMES);
    let mut body = Value::Null;
    for round in 0..TIMES + 2 {
        let begun = Instant::now();
        body = site.expect(Method::GET, path, cookie, None).await?.body;
        let ms = begun.elapsed().as_secs_f64() * 1_000.0;
        if round >= 2 {
            taken.push(ms);
        }
        // What takes seconds is known after a few.
        if begun.elapsed() > Duration::from_secs(1) && taken.len() >= 3 {
            break;
        }
    }
    let items = body.get("items").or_else(|| body.get("messages")).and_then(Value::as_array);
    Ok(Timed {
        who,
        what,
        rows: items.map_or(0, Vec::len),
        p50_ms: percentile(&taken, 0.5),
        p95_ms: percentile(&taken, 0.95),
    })
}
