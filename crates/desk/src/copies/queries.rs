//! Reads about copies: whether one may be had, how many were, and what is known of a contact's.

use balcao_types::{AuthorKind, ContactId, ConversationId, MessageKind, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::json;

use crate::{error::Result, mail, workspaces::Workspace};

/// Whether visitors of a company may have copies: it allows them, and mail is set up.
///
/// # Errors
/// When the database cannot be read.
pub async fn are_offered(connection: &impl ConnectionTrait, company: &Workspace) -> Result<bool> {
    Ok(company.settings.copy_by_mail && mail::sends(connection, company.id).await?)
}

/// Whether there is anything to have: somebody of the company has written to the visitor, and it was not erased.
pub(super) async fn is_answered(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<bool> {
    let sql = "SELECT 1 FROM conversations c WHERE c.workspace_id = $1 AND c.id = $2 AND (c.erased_at IS NULL OR c.erased_at < c.closed_at) \
               AND EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.author_kind = $3 AND m.kind = $4)";
    let written = [AuthorKind::Agent.as_str().into(), MessageKind::Text.as_str().into()];
    let values = [workspace.into(), conversation.into()].into_iter().chain(written);
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    Ok(connection.query_one_raw(statement).await?.is_some())
}

/// How many copies there are, and since when.
pub(super) struct Asked {
    pub count: i64,
    /// When the first of them was asked for.
    pub since: Option<Timestamp>,
}

/// Copies since a time by what they have in common.
pub(super) async fn asked_since(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    (column, value): (&'static str, Value),
    since: Timestamp,
) -> Result<Asked> {
    let sql = format!(
        "SELECT COUNT(*) AS count, MIN(asked_at) AS since FROM conversation_copies \
         WHERE workspace_id = $1 AND {column} = $2 AND asked_at > $3"
    );
    let values = [workspace.into(), value, since.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let Some(row) = connection.query_one_raw(statement).await? else { return Ok(Asked { count: 0, since: None }) };
    Ok(Asked { count: row.try_get("", "count")?, since: row.try_get("", "since")? })
}

/// The copies that a contact has asked for; an address that is still needed is told.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_contact(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Vec<serde_json::Value>> {
    let sql = "SELECT conversation_id, address, asked_at, sent_at FROM conversation_copies \
               WHERE workspace_id = $1 AND contact_id = $2 ORDER BY asked_at";
    let values = [workspace.into(), contact.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| {
            let conversation: ConversationId = row.try_get("", "conversation_id")?;
            let address: Option<String> = row.try_get("", "address")?;
            let (asked, sent): (Timestamp, Option<Timestamp>) =
                (row.try_get("", "asked_at")?, row.try_get("", "sent_at")?);
            Ok(json!({ "conversation": conversation, "address": address, "asked_at": asked, "sent_at": sent }))
        })
        .collect()
}
