//! Taking out of tickets what says who the customer was.

use balcao_types::{Event, OfflineMessageId, WorkspaceId};

use crate::{
    error::Result,
    sql::{for_ids, rows_of},
    tx::Tx,
};

/// Erases the tickets of offline messages; what was still to be done is cancelled.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &mut Tx<'_>, workspace: WorkspaceId, messages: &[OfflineMessageId]) -> Result<()> {
    let sql =
        "SELECT id, department_id FROM tickets WHERE workspace_id = $1 AND offline_message_id IN ({ids}) ORDER BY id";
    for row in rows_of(tx, workspace, messages, sql).await? {
        let (ticket, department) = (row.try_get("", "id")?, row.try_get("", "department_id")?);
        tx.emit(workspace, Event::TicketChanged { ticket, before: department, department })?;
    }
    let titles = "UPDATE ticket_changes SET before = NULL, after = NULL WHERE workspace_id = $1 AND field = 'title' AND ticket_id IN \
         (SELECT id FROM tickets WHERE workspace_id = $1 AND offline_message_id IN ({ids}))";
    for_ids(tx, workspace, messages, titles).await?;
    let sql = format!(
        "UPDATE tickets SET title = '', name = '', email = '', search_key = '', closed_at = COALESCE(closed_at, {}), \
         state = CASE WHEN closed_at IS NULL THEN 'cancelled' ELSE state END \
         WHERE workspace_id = $1 AND offline_message_id IN ({{ids}})",
        tx.now().0
    );
    for_ids(tx, workspace, messages, &sql).await
}
