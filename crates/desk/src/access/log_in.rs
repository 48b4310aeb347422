//! Logging in: a new session each time, and the one before it ends, so that a token planted before the login is worth nothing.

use balcao_platform::secrets::{fingerprint, new_token};
use balcao_types::{AgentId, ErrorCode, Event, SessionId, WorkspaceId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, Statement};

use super::{Scope, table};
use crate::{
    agents,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// For how long a login holds.
pub const SESSION_SECONDS: i64 = 30 * 86_400;

/// A session that was just opened: the secret is known here only.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub id: SessionId,
    pub token: String,
}

/// Opens a session inside a command (logging in, setting up, accepting an invitation) and applies the status on login (T-133).
///
/// # Errors
/// When the database fails.
pub async fn open_session(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    agent: AgentId,
    user_agent: &str,
) -> Result<NewSession> {
    agents::apply_status_on_login(tx, workspace, agent).await?;
    let now = tx.now();
    let session = NewSession { id: SessionId(tx.clock().new_id()), token: new_token() };
    let row = table::ActiveModel {
        id: Set(session.id),
        workspace_id: Set(workspace),
        agent_id: Set(agent),
        token_hash: Set(fingerprint(&session.token)),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(now.plus_seconds(SESSION_SECONDS)),
        user_agent: Set(user_agent.chars().filter(|c| !c.is_control()).take(300).collect()),
    };
    row.insert(&**tx).await?;
    Ok(session)
}

/// Opens a session for an agent whose password was checked, in place of the one the browser had.
pub struct LogIn {
    pub workspace: WorkspaceId,
    pub agent: AgentId,
    /// The stored hash that the password was checked against: a password changed meanwhile opens nothing.
    pub checked: String,
    pub user_agent: String,
    pub previous: Option<EndSession>,
}

impl Command for LogIn {
    type Answer = NewSession;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<NewSession> {
        let agent = tx.lock_row(agents::one_by_id(self.workspace, self.agent)).await?;
        if !agent.is_some_and(|agent| agent.is_active && agent.password_hash.as_ref() == Some(&self.checked)) {
            return Err(Error::refused(ErrorCode::WrongLogin));
        }
        if let Some(previous) = &self.previous {
            previous.run(tx).await?;
        }
        open_session(tx, self.workspace, self.agent, &self.user_agent).await
    }
}

/// Ends one session.
pub struct EndSession {
    pub workspace: WorkspaceId,
    pub agent: AgentId,
    pub session: SessionId,
}

impl EndSession {
    /// Ends the session somebody asks with.
    pub fn of(scope: &Scope) -> Self {
        Self { workspace: scope.workspace, agent: scope.agent.agent, session: scope.agent.session }
    }
}

impl Command for EndSession {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "DELETE FROM sessions WHERE workspace_id = $1 AND id = $2",
            [self.workspace.into(), self.session.into()],
        ))
        .await?;
        tx.emit(self.workspace, Event::AgentSessionsEnded { agent: self.agent })
    }
}
