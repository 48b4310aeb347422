//! Deleting files that no message holds. First the row says so, then the bytes go, then the row: a crash in between leaves nothing that the
//! hourly sweep does not find.

use std::time::Duration;

use balcao_types::{FileId, Timestamp, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

use super::{
    receive::storage_failed,
    table::{Column, Entity, Model},
};
use crate::{
    Desk,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// For how long a file may wait for its message.
const WAITING_SECONDS: i64 = 86_400;
/// When what a crash left lying about is swept away. By then every upload it may belong to is over.
const UNTOUCHED: Duration = Duration::from_secs(2 * 86_400);
/// How many files one command deletes.
const STEP: i64 = 100;

/// Deletes an upload that no message holds.
///
/// # Errors
/// 404 when a message holds it by now, 503 when the storage cannot be used: the sweep goes on with it then.
pub async fn drop_upload(desk: &Desk, file: &Model) -> Result<()> {
    if !desk.write(Mark { file: file.id, even_stored: true }).await? {
        return Err(Error::not_found());
    }
    forget(desk, file.workspace_id, vec![file.id]).await
}

/// Deletes an upload that cannot be finished. One that another node has stored meanwhile stays.
///
/// # Errors
/// As [`drop_upload`].
pub async fn drop_unfinished(desk: &Desk, file: &Model) -> Result<()> {
    if desk.write(Mark { file: file.id, even_stored: false }).await? {
        forget(desk, file.workspace_id, vec![file.id]).await?;
    }
    Ok(())
}

async fn forget(desk: &Desk, workspace: WorkspaceId, files: Vec<FileId>) -> Result<()> {
    for file in &files {
        desk.blobs.delete(file.0).await.map_err(|fault| storage_failed(&fault))?;
    }
    desk.write(Forget { workspace, files }).await
}

/// Deletes a workspace's files that have waited too long for their message, and what a crash has left in the storage.
///
/// # Errors
/// When the database or the storage fails; the next sweep goes on.
pub async fn sweep(desk: &Desk, workspace: WorkspaceId) -> Result<()> {
    let before = desk.clock.now().plus_seconds(-WAITING_SECONDS);
    loop {
        let files = desk.write(MarkOld { workspace, before }).await?;
        let is_last = (files.len() as i64) < STEP;
        if !files.is_empty() {
            forget(desk, workspace, files).await?;
        }
        if is_last {
            break;
        }
    }
    desk.blobs.sweep(UNTOUCHED).await.map_err(|fault| storage_failed(&fault))
}

/// Marks a file as being deleted; answers whether no message holds it.
struct Mark {
    file: FileId,
    even_stored: bool,
}

impl Command for Mark {
    type Answer = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let marked = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "UPDATE files SET state = 'dropped' WHERE id = $1 AND conversation_id IS NULL \
                 AND offline_message_id IS NULL AND (state = 'receiving' OR $2)",
                [self.file.into(), self.even_stored.into()],
            ))
            .await?;
        Ok(marked.rows_affected() == 1)
    }
}

/// Marks the oldest files without a message.
struct MarkOld {
    workspace: WorkspaceId,
    before: Timestamp,
}

impl Command for MarkOld {
    type Answer = Vec<FileId>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<FileId>> {
        let rows = tx
            .query_all_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                // The condition stands twice: of one that a message takes at this moment, only the outer one hears.
                "UPDATE files SET state = 'dropped' WHERE conversation_id IS NULL AND offline_message_id IS NULL AND id IN \
                 (SELECT id FROM files WHERE workspace_id = $1 AND conversation_id IS NULL \
                  AND offline_message_id IS NULL AND created_at < $2 \
                  ORDER BY created_at LIMIT $3) RETURNING id",
                [self.workspace.into(), self.before.into(), STEP.into()],
            ))
            .await?;
        Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
    }
}

/// Forgets marked files, whose bytes are gone.
struct Forget {
    workspace: WorkspaceId,
    files: Vec<FileId>,
}

impl Command for Forget {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for file in &self.files {
            Entity::delete_by_id(*file)
                .filter(Column::WorkspaceId.eq(self.workspace))
                .filter(Column::ConversationId.is_null())
                .filter(Column::OfflineMessageId.is_null())
                .exec(&**tx)
                .await?;
        }
        Ok(())
    }
}
