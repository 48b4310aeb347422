//! Numbered events: gapless per workspace, commit order is number order.

use std::{any::Any, sync::Arc};

use balcao_types::WorkspaceId;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::Store;

/// The events of one workspace in one commit.
#[derive(Clone)]
pub struct Committed {
    pub workspace: WorkspaceId,
    pub events: Vec<CommittedEvent>,
}

/// One event of a commit, as this process's listeners get it.
#[derive(Clone)]
pub struct CommittedEvent {
    pub number: i64,
    pub kind: &'static str,
    pub body: String,
    /// What the command gave along for listeners in this process; other nodes load it again.
    pub local: Option<Arc<dyn Any + Send + Sync>>,
}

/// An event as read back from the table.
#[derive(Clone, Debug)]
pub struct StoredEvent {
    pub number: i64,
    pub body: String,
}

impl Store {
    /// The events after a number, in order, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn events_after(
        &self,
        workspace: WorkspaceId,
        number: i64,
        limit: u64,
    ) -> Result<Vec<StoredEvent>, DbErr> {
        let rows = self
            .read()
            .query_all_raw(Statement::from_sql_and_values(
                self.engine(),
                "SELECT number, body FROM events WHERE workspace_id = $1 AND number > $2 ORDER BY number LIMIT $3",
                [workspace.into(), number.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()],
            ))
            .await?;
        rows.iter()
            .map(|row| Ok(StoredEvent { number: row.try_get("", "number")?, body: row.try_get("", "body")? }))
            .collect()
    }

    /// The workspace's last number, and the number below which events have been pruned.
    ///
    /// # Errors
    /// When the database cannot be read or the workspace does not exist.
    pub async fn numbers(&self, workspace: WorkspaceId) -> Result<(i64, i64), DbErr> {
        let row = self
            .read()
            .query_one_raw(Statement::from_sql_and_values(
                self.engine(),
                "SELECT last_number, oldest_number FROM workspaces WHERE id = $1",
                [workspace.into()],
            ))
            .await?
            .ok_or_else(|| DbErr::RecordNotFound(format!("workspace {workspace}")))?;
        Ok((row.try_get("", "last_number")?, row.try_get("", "oldest_number")?))
    }
}
