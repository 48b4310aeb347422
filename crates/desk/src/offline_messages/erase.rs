//! Taking out of offline messages what somebody wrote.

use balcao_platform::store::dialect::for_update;
use balcao_types::{ContactId, Event, OfflineMessageId, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::{
    error::Result,
    sql::{Outlived, for_ids, rows_of},
    tx::Tx,
};

/// What a contact has left, and what became a ticket of theirs.
const OF_CONTACT: &str = "(contact_id = $2 OR sender_id = $2 OR id IN \
    (SELECT offline_message_id FROM tickets WHERE workspace_id = $1 AND contact_id = $2)) ORDER BY id";

/// What a contact has left, and what became a ticket of theirs; locked.
///
/// # Errors
/// When the database fails.
pub async fn of_contact(tx: &Tx<'_>, workspace: WorkspaceId, contact: ContactId) -> Result<Vec<OfflineMessageId>> {
    let lock = for_update(tx.get_database_backend());
    ids(&**tx, OF_CONTACT, lock, vec![workspace.into(), contact.into()]).await
}

/// To which nothing has happened since a time and what still holds what was written; not those whose ticket is not over.
const OUTLIVED: Outlived = Outlived {
    table: "offline_messages",
    condition: "(erased_at IS NULL OR erased_at < changed_at) AND changed_at < $2 AND NOT EXISTS (SELECT 1 FROM tickets t \
        WHERE t.workspace_id = $1 AND t.offline_message_id = offline_messages.id AND t.closed_at IS NULL)",
    order: "changed_at",
};

/// Messages to which nothing has happened since a time and that still hold what was written, the oldest first; not those whose ticket is not over.
///
/// # Errors
/// When the database cannot be read.
pub async fn outlived(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    before: Timestamp,
    most: i64,
) -> Result<Vec<OfflineMessageId>> {
    OUTLIVED.found(connection, (workspace, before), most).await
}

/// Those of the messages for which that still holds, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock_outlived(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    before: Timestamp,
    messages: &[OfflineMessageId],
) -> Result<Vec<OfflineMessageId>> {
    OUTLIVED.lock(tx, (workspace, before), messages).await
}

/// The same as [`of_contact`], to read.
///
/// # Errors
/// When the database cannot be read.
pub async fn ids_of_contact(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Vec<OfflineMessageId>> {
    ids(connection, OF_CONTACT, "", vec![workspace.into(), contact.into()]).await
}

async fn ids(
    connection: &impl ConnectionTrait,
    condition: &str,
    lock: &str,
    values: Vec<Value>,
) -> Result<Vec<OfflineMessageId>> {
    let engine = connection.get_database_backend();
    let sql = format!("SELECT id FROM offline_messages WHERE workspace_id = $1 AND {condition}{lock}");
    let rows = connection.query_all_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// Takes everything out of them that somebody wrote or that says who it was. None of them wants to be looked at any more.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &mut Tx<'_>, workspace: WorkspaceId, messages: &[OfflineMessageId]) -> Result<()> {
    let at = tx.now();
    let sql = "SELECT id, department_id FROM offline_messages WHERE workspace_id = $1 AND id IN ({ids}) ORDER BY id";
    for row in rows_of(tx, workspace, messages, sql).await? {
        let (message, department) = (row.try_get("", "id")?, row.try_get("", "department_id")?);
        tx.emit(workspace, Event::OfflineMessageChanged { message, department })?;
    }
    let messages_sql = format!(
        "UPDATE offline_messages SET name = '', email = '', search_key = '', text = '', page_url = NULL, page_title = NULL, \
         state = CASE WHEN state IN ('new', 'failed') THEN 'read' ELSE state END, erased_at = {} WHERE workspace_id = $1 AND id IN ({{ids}})",
        at.0
    );
    for_ids(tx, workspace, messages, &messages_sql).await?;
    let entries_sql = "UPDATE offline_entries SET name = CASE WHEN kind = 'answer' THEN '' ELSE name END, address = '', text = '', \
         before = NULL, whole = NULL, authentication = NULL, left_out = NULL, mail_id = NULL WHERE workspace_id = $1 AND message_id IN ({ids})";
    for_ids(tx, workspace, messages, entries_sql).await
}
