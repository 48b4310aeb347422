//! What visitors wrote beside their grades is erased with their conversations; the grades stay.

use balcao_types::{ConversationId, WorkspaceId};

use crate::{error::Result, sql::for_ids, tx::Tx};

/// Erases the comments of conversations.
///
/// # Errors
/// When the database fails.
pub async fn erase_comments(tx: &Tx<'_>, workspace: WorkspaceId, conversations: &[ConversationId]) -> Result<()> {
    let sql = "UPDATE ratings SET comment = '' WHERE workspace_id = $1 AND conversation_id IN ({ids})";
    for_ids(tx, workspace, conversations, sql).await
}
