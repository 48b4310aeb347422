//! `balcao demo`: a believable sample company.

mod company;
mod course;
mod dice;
mod fill;
pub mod page;
mod people;
mod plan;
mod script;
mod seed;
#[cfg(test)]
mod tests;

use std::time::Instant;

use balcao_desk::{Desk, access::password, agents, workspaces};
use balcao_platform::{Clock, Config};
use balcao_types::{Role, Timestamp};

use crate::serve;
use company::{COLLEAGUES, COMPANY, PASSWORD};

/// Fills an empty installation and starts.
///
/// # Errors
/// A sentence for the person who started it.
pub async fn run(mut config: Config) -> Result<(), String> {
    config.demo.page = true;
    if fill(&config, Clock::system().now()).await? {
        print_logins(&config);
    }
    serve::serve(config).await
}

/// Lives through the sample company's last two months, unless the installation is in use; answers whether the company is there.
///
/// # Errors
/// A sentence for the person who started it.
pub async fn fill(config: &Config, now: Timestamp) -> Result<bool, String> {
    let began = Instant::now();
    let now = now.0.div_euclid(1_000_000);
    let plan = plan::plan(now)?;
    let running = serve::open(config, Clock::wound(Timestamp(plan.founded_at * 1_000_000))).await?;
    // Nobody listens to the past, and no job of it is due.
    drop(running.background);
    let desk = running.desk;
    if workspaces::is_set_up(desk.store.read()).await.map_err(|error| format!("{error:?}"))? {
        return is_sample(&desk).await;
    }
    println!("Making {COMPANY}, a sample company: {} conversations …", plan.conversations.len());
    let mut hashes = Vec::with_capacity(COLLEAGUES.len());
    for _ in &COLLEAGUES {
        hashes.push(password::hash(PASSWORD.to_owned()).await.map_err(|error| format!("{error:?}"))?);
    }
    let seed = seed::Seed { plan, hashes, page: format!("{}/demo", config.public_url) };
    desk.write(seed).await.map_err(|error| format!("the sample company cannot be made: {error:?}"))?;
    desk.store.drain().await;
    tracing::info!(seconds = began.elapsed().as_secs_f32(), "the sample company is made");
    Ok(true)
}

/// Whether the installation holds the sample company.
async fn is_sample(desk: &Desk) -> Result<bool, String> {
    let [owner, ..] = &COLLEAGUES;
    let found = agents::by_email(desk.store.read(), owner.email).await.map_err(|error| format!("{error:?}"))?;
    Ok(found.is_some())
}

fn print_logins(config: &Config) {
    use std::io::Write;
    // A reader that closed the pipe has what it wants.
    let _ = std::io::stdout().write_all(logins(config).as_bytes());
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
