//! Reads about sessions. These run before a scope exists: they are what makes one.

use std::sync::Arc;

use balcao_platform::secrets::fingerprint;
use balcao_types::SessionId;
use sea_orm::{ConnectionTrait, Statement};

use super::{AgentScope, Scope};
use crate::{Desk, agents, error::Result};

/// The scope a session token stands for; none when it is unknown, has run out, or its agent is deactivated.
///
/// # Errors
/// When the database cannot be read.
pub async fn scope_of_session(desk: &Desk, token: &str) -> Result<Option<Scope>> {
    let row = desk
        .store
        .read()
        .query_one_raw(Statement::from_sql_and_values(
            desk.store.engine(),
            "SELECT s.id, s.workspace_id, s.agent_id, a.name, a.role FROM sessions s JOIN agents a ON a.id = s.agent_id \
             WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.is_active",
            [fingerprint(token).into(), desk.clock.now().into()],
        ))
        .await?;
    let Some(row) = row else { return Ok(None) };
    let workspace = row.try_get("", "workspace_id")?;
    let agent = row.try_get("", "agent_id")?;
    Ok(Some(Scope {
        workspace,
        agent: Arc::new(AgentScope {
            agent,
            session: row.try_get("", "id")?,
            name: row.try_get("", "name")?,
            role: row.try_get("", "role")?,
            memberships: agents::memberships_of(desk.store.read(), workspace, agent).await?,
        }),
    }))
}

/// Which of these sessions no longer hold.
///
/// # Errors
/// When the database cannot be read.
pub async fn ended_sessions(desk: &Desk, sessions: &[SessionId]) -> Result<Vec<SessionId>> {
    let mut ended = Vec::new();
    for chunk in sessions.chunks(200) {
        let mut values: Vec<sea_orm::Value> = vec![desk.clock.now().into()];
        values.extend(chunk.iter().map(|session| sea_orm::Value::from(*session)));
        let sql = format!(
            "SELECT s.id FROM sessions s JOIN agents a ON a.id = s.agent_id \
             WHERE s.expires_at > $1 AND a.is_active AND s.id IN ({})",
            balcao_platform::store::dialect::parameters(chunk.len(), 1)
        );
        let rows =
            desk.store.read().query_all_raw(Statement::from_sql_and_values(desk.store.engine(), sql, values)).await?;
        let held: Vec<SessionId> =
            rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, sea_orm::DbErr>>()?;
        ended.extend(chunk.iter().filter(|session| !held.contains(session)));
    }
    Ok(ended)
}
