//! Forgetting who a contact is. The number stays, so that the conversations stay somebody's.

use balcao_platform::secrets::derived_id;
use balcao_types::{ContactId, ErrorCode, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    error::{Error, Result},
    sql::Outlived,
    tx::Tx,
};

/// Forgets a contact's name, addresses and identities: their browser begins afresh. Answers whether there was anything to forget, so that of two
/// who do it at once one has done it.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx<'_>, workspace: WorkspaceId, contact: ContactId) -> Result<bool> {
    let engine = tx.get_database_backend();
    // First what others may be deleting just now: the next statement sees what they did.
    let sql = "DELETE FROM contact_identities WHERE workspace_id = $1 AND contact_id = $2";
    let values = [workspace.into(), contact.into()];
    let identities = tx.execute_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
    let sql = "UPDATE contacts SET name = NULL, name_key = '', email = NULL, email_key = NULL, phone = NULL, erased_at = $3 \
               WHERE workspace_id = $1 AND id = $2 \
               AND (name IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL OR erased_at IS NULL)";
    let values = [workspace.into(), contact.into(), tx.now().into()];
    let known = tx.execute_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
    Ok(identities.rows_affected() + known.rows_affected() > 0)
}

/// The id under which somebody begins whose browser or site stood for a contact: that one's, or after it was erased one that follows from it, so
/// that every tab and node agrees on it and nothing leads back.
///
/// # Errors
/// When the database cannot be read.
pub async fn heir(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    mut contact: ContactId,
) -> Result<ContactId> {
    while let Some(at) = erased_at(connection, workspace, contact).await? {
        contact = ContactId(derived_id(&[contact.0.as_bytes(), &at.0.to_be_bytes()]));
    }
    Ok(contact)
}

/// Refuses whoever still holds a ticket of somebody who was erased: with a fresh one they are somebody new.
///
/// # Errors
/// 401.
pub async fn refuse_erased(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<()> {
    let is_erased = is_erased(connection, workspace, contact).await?;
    if is_erased { Err(Error::refused(ErrorCode::Unauthenticated)) } else { Ok(()) }
}

/// Whether a contact was erased.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_erased(connection: &impl ConnectionTrait, workspace: WorkspaceId, contact: ContactId) -> Result<bool> {
    Ok(erased_at(connection, workspace, contact).await?.is_some())
}

async fn erased_at(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Option<Timestamp>> {
    let sql = "SELECT erased_at FROM contacts WHERE workspace_id = $1 AND id = $2";
    let values = [workspace.into(), contact.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let row = connection.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get("", "erased_at")).transpose()?.flatten())
}

/// Of whom nothing but themselves is left, and that since before a time.
const OUTLIVED: Outlived = Outlived {
    table: "contacts",
    condition: "contacts.created_at < $2 \
         AND (erased_at IS NULL OR name IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL) \
         AND NOT EXISTS (SELECT 1 FROM conversations o WHERE o.workspace_id = $1 AND o.contact_id = contacts.id AND o.erased_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM offline_messages m WHERE m.workspace_id = $1 AND m.contact_id = contacts.id AND m.erased_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM offline_messages m WHERE m.workspace_id = $1 AND m.sender_id = contacts.id AND m.erased_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM tickets t JOIN offline_messages m ON m.id = t.offline_message_id \
             WHERE t.workspace_id = $1 AND t.contact_id = contacts.id AND m.erased_at IS NULL)",
    order: "created_at",
};

/// Contacts of whom nothing but themselves is left, and that since before a time, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn outlived(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    before: Timestamp,
    most: i64,
) -> Result<Vec<ContactId>> {
    OUTLIVED.found(connection, (workspace, before), most).await
}

/// Those of the contacts for whom that still holds; they and their identities stay locked.
///
/// # Errors
/// When the database fails.
pub async fn lock_outlived(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    before: Timestamp,
    contacts: &[ContactId],
) -> Result<Vec<ContactId>> {
    // The identities before the contacts, as for a first message.
    for contact in contacts {
        super::lock_identities(tx, workspace, *contact).await?;
    }
    OUTLIVED.lock(tx, (workspace, before), contacts).await
}
