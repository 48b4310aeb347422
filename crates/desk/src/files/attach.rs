//! A message takes hold of a file, in the message's own transaction. A file is in one message, for ever.

use std::sync::Arc;

use balcao_types::{ConversationId, ErrorCode, FileId, FileState, OfflineEntryId, OfflineMessageId};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, Statement};

use super::{FileKept, Owner, queries::own, table::Column};
use crate::{
    error::{Error, Result},
    tx::Tx,
};

/// Locks a file that the owner may put into a message; none when it is not stored, another's, or in a message already.
///
/// # Errors
/// When the database fails.
pub async fn lock_attachable(tx: &Tx<'_>, owner: &Owner, file: FileId) -> Result<Option<Arc<FileKept>>> {
    let wanted = own(owner, file)
        .filter(Column::State.eq(FileState::Stored))
        .filter(Column::ConversationId.is_null())
        .filter(Column::OfflineMessageId.is_null());
    Ok(tx.lock_row(wanted).await?.map(|model| Arc::new(FileKept::from(&model))))
}

/// Puts a locked file into the message at a place.
///
/// # Errors
/// 422 on `file` when it is in a message already.
pub async fn attach(tx: &Tx<'_>, file: FileId, conversation: ConversationId, position: i64) -> Result<()> {
    let attached = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE files SET conversation_id = $2, position = $3 WHERE id = $1 AND conversation_id IS NULL AND offline_message_id IS NULL",
            [file.into(), conversation.into(), position.into()],
        ))
        .await?;
    if attached.rows_affected() == 1 { Ok(()) } else { Err(Error::field("file", ErrorCode::FileUnknown)) }
}

/// Puts a locked file into an offline message, or into one of its entries.
///
/// # Errors
/// 422 on `files` when it is in a message already.
pub async fn attach_offline(
    tx: &Tx<'_>,
    file: FileId,
    message: OfflineMessageId,
    entry: Option<OfflineEntryId>,
) -> Result<()> {
    let attached = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE files SET offline_message_id = $2, offline_entry_id = $3 \
             WHERE id = $1 AND conversation_id IS NULL AND offline_message_id IS NULL",
            [file.into(), message.into(), entry.into()],
        ))
        .await?;
    if attached.rows_affected() == 1 { Ok(()) } else { Err(Error::field("files", ErrorCode::FileUnknown)) }
}
