//! How much everybody has to do.

use std::collections::HashMap;

use balcao_types::{AgentId, Timestamp, WorkspaceId, rules::routing::strictest, settings::AgentSettings};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;

use crate::{
    error::{Error, Result},
    workspaces,
};

/// What one person has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Load {
    pub id: AgentId,
    /// How many conversations are open with the person.
    pub open: i64,
    /// How many of these wait for an answer.
    pub waiting: i64,
    /// Since when the one that waits longest does.
    pub waiting_since: Option<Timestamp>,
    /// With how many distribution gives no more.
    pub limit: u32,
    /// When distribution gave the person one last.
    pub assigned_at: Option<Timestamp>,
}

/// What everybody who works here has to do, and who does not any more but has conversations left; by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn loads(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Load>> {
    let engine = connection.get_database_backend();
    let company = workspaces::by_id(connection, workspace).await?.ok_or(Error::not_found())?;
    let counted = connection
        .query_all_raw(Statement::from_sql_and_values(
            engine,
            "SELECT assignee_id, COUNT(*) AS open, COUNT(waiting_since) AS waiting, MIN(waiting_since) AS waiting_since \
             FROM conversations WHERE workspace_id = $1 AND state = 'open' GROUP BY assignee_id",
            [workspace.into()],
        ))
        .await?;
    let mut held: HashMap<AgentId, (i64, i64, Option<Timestamp>)> = HashMap::new();
    for row in counted {
        if let Some(agent) = row.try_get::<Option<AgentId>>("", "assignee_id")? {
            held.insert(
                agent,
                (row.try_get("", "open")?, row.try_get("", "waiting")?, row.try_get("", "waiting_since")?),
            );
        }
    }
    let people = connection
        .query_all_raw(Statement::from_sql_and_values(
            engine,
            "SELECT id, is_active, settings, assigned_at FROM agents WHERE workspace_id = $1 ORDER BY id",
            [workspace.into()],
        ))
        .await?;
    let mut loads = Vec::with_capacity(people.len());
    for row in people {
        let id: AgentId = row.try_get("", "id")?;
        let (open, waiting, waiting_since) = held.get(&id).copied().unwrap_or_default();
        if open == 0 && !row.try_get::<bool>("", "is_active")? {
            continue;
        }
        let settings: String = row.try_get("", "settings")?;
        let settings: AgentSettings = serde_json::from_str(&settings)?;
        let limit = strictest(company.settings.simultaneous_limit, None, settings.simultaneous_limit);
        loads.push(Load { id, open, waiting, waiting_since, limit, assigned_at: row.try_get("", "assigned_at")? });
    }
    Ok(loads)
}
