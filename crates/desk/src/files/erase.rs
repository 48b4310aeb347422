//! Files whose messages are erased: nothing holds them any more, and the sweep deletes their bytes.

use balcao_types::{ConversationId, OfflineMessageId, WorkspaceId};

use crate::{error::Result, sql::for_ids, tx::Tx};

/// What a file becomes whose message is erased: one that the next sweep deletes.
const LET_GO: &str = "UPDATE files SET conversation_id = NULL, position = NULL, offline_message_id = NULL, offline_entry_id = NULL, name = '', \
     state = 'dropped', created_at = 0 WHERE workspace_id = $1 AND ";

/// Lets go of the files of conversations.
///
/// # Errors
/// When the database fails.
pub async fn erase_of_conversations(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    conversations: &[ConversationId],
) -> Result<()> {
    for_ids(tx, workspace, conversations, &format!("{LET_GO}conversation_id IN ({{ids}})")).await
}

/// Lets go of the files of offline messages.
///
/// # Errors
/// When the database fails.
pub async fn erase_of_offline_messages(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    messages: &[OfflineMessageId],
) -> Result<()> {
    for_ids(tx, workspace, messages, &format!("{LET_GO}offline_message_id IN ({{ids}})")).await
}
