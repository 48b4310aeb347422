//! Setting up: the first visitor with the printed link names the company and becomes its owner. The link works once.

use balcao_platform::{
    secrets::{fingerprint, new_token},
    store::dialect::for_update,
};
use balcao_types::{
    ErrorCode, Language, Role, StatusOnLogin, WorkspaceId,
    settings::{AgentSettings, Pause, WorkspaceSettings},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, Statement};

use super::{queries::is_set_up, table};
use crate::{
    Desk,
    access::{Membership, NewSession, open_session},
    agents::{NewAgent, insert_agent},
    departments,
    error::{Error, Result},
    labels, projects, quick_replies,
    texts::catalogue,
    tx::{Command, Tx},
};

/// Makes a new set-up link and returns it; none when the installation is claimed. An earlier link dies.
///
/// # Errors
/// When the database fails.
pub async fn new_setup_link(desk: &Desk) -> Result<Option<String>> {
    if is_set_up(desk.store.read()).await? {
        return Ok(None);
    }
    let token = new_token();
    desk.write(KeepSetupToken { fingerprint: fingerprint(&token) }).await?;
    Ok(Some(format!("{}/setup#{token}", desk.config.public_url)))
}

async fn refuse_claimed(connection: &impl ConnectionTrait) -> Result<()> {
    if is_set_up(connection).await? { Err(Error::refused(ErrorCode::AlreadySetUp)) } else { Ok(()) }
}

/// Refuses a link that does not set this installation up. `lock` is what locks its row, or nothing.
///
/// # Errors
/// 409 where the installation is claimed, 403 where the link is not the last one that was printed.
pub(super) async fn refuse_link(connection: &impl ConnectionTrait, token: &str, lock: &str) -> Result<()> {
    refuse_claimed(connection).await?;
    let link = format!("SELECT name FROM instance WHERE name = 'setup' AND value = $1{lock}");
    let engine = connection.get_database_backend();
    let found = connection.query_one_raw(Statement::from_sql_and_values(engine, link, [fingerprint(token).into()]));
    found.await?.map(drop).ok_or(Error::refused(ErrorCode::SetupLinkInvalid))
}

struct KeepSetupToken {
    fingerprint: String,
}

impl Command for KeepSetupToken {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO instance (name, value) VALUES ('setup', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [self.fingerprint.clone().into()],
        ))
        .await?;
        Ok(())
    }
}

/// Claims the installation: company, default project and department, first administrator, and a session.
pub struct SetUp {
    /// None when the program sets itself up (the demo).
    pub token: Option<String>,
    pub company: String,
    pub language: Language,
    pub time_zone: String,
    pub name: String,
    pub email: String,
    pub password_hash: String,
    pub user_agent: String,
}

impl Command for SetUp {
    type Answer = (WorkspaceId, NewSession);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(WorkspaceId, NewSession)> {
        self.refuse(tx).await?;
        let now = tx.now();
        let workspace = WorkspaceId(tx.clock().new_id());
        let row = table::ActiveModel {
            id: Set(workspace),
            company: Set(self.company.clone()),
            language: Set(self.language),
            time_zone: Set(self.time_zone.clone()),
            settings: Set(serde_json::to_string(&begun_with(self.language))?),
            last_number: Set(0),
            oldest_number: Set(0),
            created_at: Set(now),
        };
        row.insert(&**tx).await?;
        let project = projects::insert_first(tx, workspace, &self.company).await?;
        let name = catalogue(self.language).text("server.default_department");
        let department = departments::insert_department(tx, workspace, project, name, true).await?;
        labels::insert_defaults(tx, workspace, self.language).await?;
        quick_replies::insert_defaults(tx, workspace, self.language).await?;
        let owner = NewAgent {
            name: self.name.clone(),
            email: self.email.clone(),
            role: Role::Owner,
            memberships: vec![Membership { id: department, is_manager: true }],
            password_hash: Some(self.password_hash.clone()),
            settings: AgentSettings {
                language: Some(self.language),
                status_on_login: StatusOnLogin::Online,
                ..AgentSettings::default()
            },
        };
        let agent = insert_agent(tx, workspace, &owner).await?;
        let session = open_session(tx, workspace, agent, &self.user_agent).await?;
        Ok((workspace, session))
    }
}

/// What a new company's settings say in its language.
fn begun_with(language: Language) -> WorkspaceSettings {
    let texts = catalogue(language);
    let pause = |key: &str, minutes| Pause { name: texts.text(key).to_owned(), minutes, is_active: true };
    let pauses = vec![pause("server.default_pause.lunch", 60), pause("server.default_pause.break", 15)];
    WorkspaceSettings { pauses, ..WorkspaceSettings::default() }
}

impl SetUp {
    async fn refuse(&self, tx: &mut Tx<'_>) -> Result<()> {
        let Some(token) = &self.token else { return refuse_claimed(&**tx).await };
        // Locking the link's row and deleting it is what makes it work once, also for two at the same time.
        refuse_link(&**tx, token, for_update(tx.get_database_backend())).await?;
        tx.execute_unprepared("DELETE FROM instance WHERE name = 'setup'").await?;
        Ok(())
    }
}
