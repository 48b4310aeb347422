//! Numbered events: gapless per workspace, commit order is number order.

use std::{any::Any, sync::Arc};

use balcao_types::{Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

use super::{Store, dialect};

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

/// Writes numbered events in as few statements as their count allows.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    events: &[CommittedEvent],
    at: Timestamp,
) -> Result<(), DbErr> {
    let mut rest = events;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(dialect::chunk_size(rest.len()));
        rest = after;
        let mut values: Vec<Value> = Vec::with_capacity(chunk.len() * 5);
        for event in chunk {
            values.extend([
                workspace.into(),
                event.number.into(),
                event.kind.into(),
                event.body.clone().into(),
                at.into(),
            ]);
        }
        let sql = dialect::insert_sql(
            connection.get_database_backend(),
            "INSERT INTO events (workspace_id, number, kind, body, at) VALUES ",
            5,
            chunk.len(),
            "",
        );
        connection.execute_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, values)).await?;
    }
    Ok(())
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
