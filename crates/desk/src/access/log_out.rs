//! Ending sessions: one, the others, or all of an agent. Open sockets follow within seconds.

use balcao_types::{AgentId, Event, SessionId, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    error::Result,
    tx::{Command, Tx},
};

/// Ends an agent's sessions, but the one kept, if any.
pub struct EndSessions {
    pub workspace: WorkspaceId,
    pub agent: AgentId,
    pub keep: Option<SessionId>,
}

impl Command for EndSessions {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        end_sessions(tx, self.workspace, self.agent, self.keep).await
    }
}

/// The same inside another command.
///
/// # Errors
/// When the database fails.
pub async fn end_sessions(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    agent: AgentId,
    keep: Option<SessionId>,
) -> Result<()> {
    // A session id that is nobody's: ends all.
    let keep = keep.unwrap_or(SessionId(uuid::Uuid::nil()));
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "DELETE FROM sessions WHERE workspace_id = $1 AND agent_id = $2 AND id <> $3",
        [workspace.into(), agent.into(), keep.into()],
    ))
    .await?;
    tx.emit(workspace, Event::AgentSessionsEnded { agent })
}
