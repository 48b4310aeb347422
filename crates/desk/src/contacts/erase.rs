//! Forgetting who a contact is. The number stays, so that the conversations stay somebody's.

use balcao_types::{ContactId, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{error::Result, tx::Tx};

/// Forgets a contact's name, addresses and identities: their browser begins afresh.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx<'_>, workspace: WorkspaceId, contact: ContactId) -> Result<()> {
    let engine = tx.get_database_backend();
    let sql = "UPDATE contacts SET name = NULL, name_key = '', email = NULL, phone = NULL, erased_at = $3 \
               WHERE workspace_id = $1 AND id = $2";
    let values = [workspace.into(), contact.into(), tx.now().into()];
    tx.execute_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
    let sql = "DELETE FROM contact_identities WHERE workspace_id = $1 AND contact_id = $2";
    tx.execute_raw(Statement::from_sql_and_values(engine, sql, [workspace.into(), contact.into()])).await?;
    Ok(())
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
    let sql = "SELECT erased_at FROM contacts WHERE workspace_id = $1 AND id = $2";
    loop {
        let values = [workspace.into(), contact.into()];
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        let row = connection.query_one_raw(statement).await?;
        let erased: Option<Timestamp> = row.map(|row| row.try_get("", "erased_at")).transpose()?.flatten();
        let Some(at) = erased else { return Ok(contact) };
        let mut digest = Sha256::new();
        digest.update(contact.0.as_bytes());
        digest.update(at.0.to_be_bytes());
        let mut bytes = [0_u8; 16];
        for (byte, hashed) in bytes.iter_mut().zip(digest.finalize()) {
            *byte = hashed;
        }
        contact = ContactId(Uuid::new_v8(bytes));
    }
}

/// Contacts of whom nothing but themselves is left, and that since before a time; locked by whoever erases them.
///
/// # Errors
/// When the database fails.
pub async fn outlived(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    before: Timestamp,
    most: i64,
) -> Result<Vec<(ContactId, i64)>> {
    let sql = "SELECT c.id, c.number FROM contacts c WHERE c.workspace_id = $1 AND c.created_at < $2 \
         AND (c.name IS NOT NULL OR c.email IS NOT NULL OR c.phone IS NOT NULL OR EXISTS \
             (SELECT 1 FROM contact_identities i WHERE i.workspace_id = $1 AND i.contact_id = c.id)) \
         AND NOT EXISTS (SELECT 1 FROM conversations o WHERE o.workspace_id = $1 AND o.contact_id = c.id AND o.erased_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM offline_messages m WHERE m.workspace_id = $1 AND m.sender_id = c.id AND m.erased_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM tickets t JOIN offline_messages m ON m.id = t.offline_message_id \
             WHERE t.workspace_id = $1 AND t.contact_id = c.id AND m.erased_at IS NULL) \
         ORDER BY c.id LIMIT $3";
    let values = [workspace.into(), before.into(), most.into()];
    let rows = tx.query_all_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "number")?))).collect()
}
