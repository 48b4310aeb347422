//! Copies go with their conversations: one that was not sent yet never is.

use balcao_types::{ConversationId, WorkspaceId};

use crate::{error::Result, sql::for_ids, tx::Tx};

/// Forgets the copies of conversations.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx<'_>, workspace: WorkspaceId, conversations: &[ConversationId]) -> Result<()> {
    let sql = "DELETE FROM conversation_copies WHERE workspace_id = $1 AND conversation_id IN ({ids})";
    for_ids(tx, workspace, conversations, sql).await
}
