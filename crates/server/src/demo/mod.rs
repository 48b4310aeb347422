//! `balcao demo`: a believable sample company.

mod company;
mod course;
mod dice;
mod fill;
pub mod page;
mod people;
mod plan;
mod samples;
mod script;
mod seed;
#[cfg(test)]
mod tests;

use std::time::Instant;

use balcao_desk::{Desk, Result as DeskResult, access::password, agents, files::Whole, workspaces};
use balcao_platform::{Clock, Config};
use balcao_types::{FileId, Role, Timestamp};
use uuid::Uuid;

use crate::serve;
use company::{COLLEAGUES, COMPANY, PASSWORD};

/// Fills an empty installation and starts.
///
/// # Errors
/// A sentence for the person who started it.
pub async fn run(mut config: Config) -> Result<(), String> {
    config.demo.page = true;
    match fill(&config, Clock::system().now()).await? {
        Filled::Sample => print(&logins(&config)),
        Filled::Other(company) => print(&elsewhere(&config, &company)),
    }
    serve::serve(config).await
}

/// Whose installation it is, once there is a company.
#[derive(Debug, PartialEq, Eq)]
pub enum Filled {
    /// The sample company's.
    Sample,
    /// That of another company, by name.
    Other(String),
}

/// Lives through the sample company's last two months, unless the installation is in use.
///
/// # Errors
/// A sentence for the person who started it.
pub async fn fill(config: &Config, now: Timestamp) -> Result<Filled, String> {
    let began = Instant::now();
    let now = now.0.div_euclid(1_000_000);
    let mut plan = plan::plan(now)?;
    plan.keep_files_since(now - FILES_SECONDS);
    let running = serve::open(config, Clock::wound(Timestamp(plan.founded_at * 1_000_000))).await?;
    // Nobody listens to the past, and no job of it is due.
    drop(running.background);
    let desk = running.desk;
    if let Some(found) = found(&desk).await.map_err(|error| format!("{error:?}"))? {
        return Ok(found);
    }
    println!("Making {COMPANY}, a sample company: {} conversations …", plan.conversations.len());
    let mut hashes = Vec::with_capacity(COLLEAGUES.len());
    for _ in &COLLEAGUES {
        hashes.push(password::hash(PASSWORD.to_owned()).await.map_err(|error| format!("{error:?}"))?);
    }
    let files = files(&desk, &plan).await?;
    let seed = seed::Seed { plan, hashes, page: format!("{}/demo", config.public_url), files };
    desk.write(seed).await.map_err(|error| format!("the sample company cannot be made: {error:?}"))?;
    desk.store.drain().await;
    tracing::info!(seconds = began.elapsed().as_secs_f32(), "the sample company is made");
    Ok(Filled::Sample)
}

/// For how long back the sample's messages have files, in seconds.
const FILES_SECONDS: i64 = 5 * 86_400;

/// The ids of the sample's files, counted on from here.
const FIRST_FILE: u128 = 0x8000_8000_0000_0000_0000;

/// Stores the plan's files; each message has its own.
async fn files(desk: &Desk, plan: &plan::Plan) -> Result<Vec<Whole>, String> {
    let mut files = Vec::new();
    for (id, sample) in (FIRST_FILE..).zip(plan.beats.iter().filter_map(|(_, beat)| beat.file)) {
        let (name, kind) = sample.name();
        let stored = Whole::store(desk, FileId(Uuid::from_u128(id)), (name, kind), &sample.bytes()?).await;
        files.push(stored.map_err(|error| format!("{name} cannot be stored: {error:?}"))?);
    }
    Ok(files)
}

/// Whose installation it is already; none when it is nobody's.
async fn found(desk: &Desk) -> DeskResult<Option<Filled>> {
    let read = desk.store.read();
    let Some(workspace) = workspaces::active_workspaces(read).await?.into_iter().next() else { return Ok(None) };
    let [owner, ..] = &COLLEAGUES;
    if agents::by_email(read, owner.email).await?.is_some() {
        return Ok(Some(Filled::Sample));
    }
    let company = workspaces::by_id(read, workspace).await?.map(|workspace| workspace.company);
    Ok(Some(Filled::Other(company.unwrap_or_default())))
}

fn print(text: &str) {
    use std::io::Write;
    // A reader that closed the pipe has what it wants.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// What to do where the sample company is not made.
fn elsewhere(config: &Config, company: &str) -> String {
    let place =
        if config.database_url.is_empty() { config.data.display().to_string() } else { "the database".to_owned() };
    format!(
        "\n  {place} holds another company already: {company}. The sample company is not made there.\n  \
         For the sample company, start it in a folder of its own: BALCAO_DATA=./data/demo balcao demo\n\n"
    )
}

fn logins(config: &Config) -> String {
    let url = &config.public_url;
    let mut lines = vec![
        format!("\n  {COMPANY}\n"),
        format!("  The company's page with its chat   {url}/demo"),
        format!("  The console                        {url}\n"),
    ];
    for colleague in &COLLEAGUES {
        let role = match colleague.role {
            Role::Owner => "owner",
            Role::Administrator => "administrator",
            Role::Manager => "manager of Suporte técnico",
            Role::Agent => "agent",
            Role::Viewer => "viewer",
        };
        lines.push(format!("  {:<18}{:<34}{role}", colleague.name, colleague.email));
    }
    lines.push(format!("\n  The password of all of them        {PASSWORD}\n"));
    if !config.listen.ip().is_loopback() {
        lines.push(
            "  Others can reach this address, and the password is no secret: keep nothing real here.\n".to_owned(),
        );
    }
    lines.push(String::new());
    lines.join("\n")
}
