//! How many conversations wait and are open: counted once, for whoever asks.

use balcao_types::{AgentId, ConversationState, DepartmentId, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{access::AgentScope, error::Result};

/// How many conversations wait and are open, for whoever asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counters {
    pub queue: i64,
    pub open: i64,
    /// Open and one's own.
    pub mine: i64,
}

/// How many unfinished conversations a workspace has, by department, assignee and state.
pub struct Tallies(Vec<Tally>);

struct Tally {
    department: DepartmentId,
    assignee: Option<AgentId>,
    state: ConversationState,
    count: i64,
}

impl Tallies {
    /// Counts what waits and is open. Each half is read from one index alone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Self> {
        let rows = connection
            .query_all_raw(Statement::from_sql_and_values(
                connection.get_database_backend(),
                "SELECT department_id, NULL AS assignee_id, 'queue' AS state, COUNT(*) AS count FROM conversations \
                 WHERE workspace_id = $1 AND state = 'queue' GROUP BY department_id \
                 UNION ALL SELECT department_id, assignee_id, 'open' AS state, COUNT(*) AS count FROM conversations \
                 WHERE workspace_id = $1 AND state = 'open' GROUP BY assignee_id, department_id",
                [workspace.into()],
            ))
            .await?;
        let tallies = rows
            .iter()
            .map(|row| {
                Ok(Tally {
                    department: row.try_get("", "department_id")?,
                    assignee: row.try_get("", "assignee_id")?,
                    state: row.try_get("", "state")?,
                    count: row.try_get("", "count")?,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self(tallies))
    }

    /// What an agent sees of them.
    pub fn seen_by(&self, agent: &AgentScope) -> Counters {
        let mut counters = Counters::default();
        for tally in &self.0 {
            let is_mine = tally.assignee == Some(agent.agent);
            match tally.state {
                _ if !is_mine && !agent.sees(tally.department) => {}
                ConversationState::Queue => counters.queue += tally.count,
                ConversationState::Open => {
                    counters.open += tally.count;
                    counters.mine += if is_mine { tally.count } else { 0 };
                }
                ConversationState::Bot | ConversationState::Closed => {}
            }
        }
        counters
    }
}
