//! Taking out of conversations what somebody wrote. When they were, where, and who served them stays.

use balcao_platform::store::dialect::for_update;
use balcao_types::{ContactId, ConversationId, ConversationState, ErrorCode, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::Model;
use crate::{
    error::{Error, Result},
    sql::{Outlived, for_ids},
    tx::Tx,
};

/// A contact's conversations, locked; none where one of them has not ended.
///
/// # Errors
/// When the database fails.
pub async fn ended_of(tx: &Tx<'_>, workspace: WorkspaceId, contact: ContactId) -> Result<Option<Vec<ConversationId>>> {
    let engine = tx.get_database_backend();
    let sql = format!(
        "SELECT id, state FROM conversations WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id{}",
        for_update(engine)
    );
    let rows =
        tx.query_all_raw(Statement::from_sql_and_values(engine, sql, [workspace.into(), contact.into()])).await?;
    let mut ended = Vec::new();
    for row in rows {
        let state: ConversationState = row.try_get("", "state")?;
        if state != ConversationState::Closed {
            return Ok(None);
        }
        ended.push(row.try_get("", "id")?);
    }
    Ok(Some(ended))
}

/// A contact's conversations, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn ids_of_contact(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Vec<ConversationId>> {
    let sql = "SELECT id FROM conversations WHERE workspace_id = $1 AND contact_id = $2 ORDER BY opened_at, id";
    let values = [workspace.into(), contact.into()];
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, values))
        .await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// What the page and the browser said of whoever wrote in a conversation.
///
/// # Errors
/// When the database cannot be read.
pub async fn what_is_given(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Value> {
    let sql = "SELECT visit, given FROM conversations WHERE workspace_id = $1 AND id = $2";
    let values = [workspace.into(), conversation.into()];
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, values))
        .await?;
    let Some(row) = row else { return Ok(Value::Null) };
    let document = |name: &str| -> Result<Value> {
        let text: Option<String> = row.try_get("", name)?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
    };
    Ok(json!({ "visit": document("visit")?, "given": document("given")? }))
}

/// What ended before a time and still holds what was written: not of somebody who is served again.
const OUTLIVED: Outlived = Outlived {
    table: "conversations",
    condition: "state = 'closed' AND (erased_at IS NULL OR erased_at < closed_at) AND closed_at < $2",
    order: "closed_at",
};

/// Conversations that ended before a time and still hold what was written, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn outlived(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    before: Timestamp,
    most: i64,
) -> Result<Vec<ConversationId>> {
    OUTLIVED.found(connection, (workspace, before), most).await
}

/// Those of the conversations for which that still holds, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock_outlived(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    before: Timestamp,
    conversations: &[ConversationId],
) -> Result<Vec<ConversationId>> {
    OUTLIVED.lock(tx, (workspace, before), conversations).await
}

/// Refuses what would be written of somebody after it was erased.
///
/// # Errors
/// 409.
pub(super) async fn refuse_erased(tx: &Tx<'_>, conversation: &Model) -> Result<()> {
    let sql = "SELECT 1 AS one FROM conversations WHERE workspace_id = $1 AND id = $2 AND erased_at >= closed_at";
    let values = [conversation.workspace_id.into(), conversation.id.into()];
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    match tx.query_one_raw(statement).await? {
        None => Ok(()),
        Some(_) => Err(Error::refused(ErrorCode::DataErased)),
    }
}

/// Takes everything out of them that somebody wrote or that says who the visitor was.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx<'_>, workspace: WorkspaceId, conversations: &[ConversationId]) -> Result<()> {
    let at = tx.now();
    for sql in [
        "UPDATE messages SET text = '', file = NULL, author_name = CASE WHEN author_kind = 'visitor' THEN NULL ELSE author_name END \
         WHERE workspace_id = $1 AND conversation_id IN ({ids})"
            .to_owned(),
        "DELETE FROM message_search WHERE workspace_id = $1 AND conversation_id IN ({ids})".to_owned(),
        format!(
            "UPDATE conversations SET last_message = NULL, visit = NULL, given = NULL, closed_from = NULL, survey = NULL, \
             erased_at = {} WHERE workspace_id = $1 AND id IN ({{ids}})",
            at.0
        ),
    ] {
        for_ids(tx, workspace, conversations, &sql).await?;
    }
    Ok(())
}
