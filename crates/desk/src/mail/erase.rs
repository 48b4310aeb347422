//! Mails about offline messages that are erased.

use balcao_types::{OfflineMessageId, WorkspaceId};

use crate::{error::Result, sql::for_ids, tx::Tx};

/// Deletes the mails about offline messages; what is still on its way is not sent.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx<'_>, workspace: WorkspaceId, messages: &[OfflineMessageId]) -> Result<()> {
    let sql = "DELETE FROM mails WHERE workspace_id = $1 AND offline_message_id IN ({ids})";
    for_ids(tx, workspace, messages, sql).await
}
