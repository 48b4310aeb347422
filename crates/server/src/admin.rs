//! `balcao admin`: for an administrator who cannot log in. Needs the machine, not a password.

use balcao_desk::{Desk, access, agents, workspaces};
use balcao_platform::{Clock, Config};
use clap::Subcommand;

use crate::serve::open;

/// What can be done.
#[derive(Subcommand)]
pub enum Action {
    /// Sets a new random password for the person with an address, prints it, and ends the person's sessions.
    ResetPassword { email: String },
    /// Prints a new set-up link; the old one dies.
    SetupLink,
}

/// Carries out an action.
///
/// # Errors
/// A sentence for the person who asked.
pub async fn run(config: &Config, action: Action) -> Result<(), String> {
    let running = open(config, Clock::system()).await?;
    let done = match action {
        Action::SetupLink => setup_link(&running.desk).await,
        Action::ResetPassword { email } => reset_password(&running.desk, &email).await,
    };
    running.desk.store.drain().await;
    println!("{}", done?);
    Ok(())
}

async fn setup_link(desk: &Desk) -> Result<String, String> {
    let link = workspaces::new_setup_link(desk).await.map_err(|error| format!("{error:?}"))?;
    link.ok_or_else(|| "this installation is set up already".to_owned())
}

async fn reset_password(desk: &Desk, email: &str) -> Result<String, String> {
    let found = agents::by_email(desk.store.read(), email).await.map_err(|error| format!("{error:?}"))?;
    let agent = found.ok_or_else(|| format!("nobody has the address {email}"))?;
    let password = balcao_platform::secrets::new_token();
    let password_hash = access::password::hash(password.clone()).await.map_err(|error| format!("{error:?}"))?;
    let reset = agents::ResetPassword { workspace: agent.workspace_id, agent: agent.id, password_hash };
    desk.write(reset).await.map_err(|error| format!("{error:?}"))?;
    Ok(format!("The new password is {password}"))
}
