//! Files, from their first byte to the message that holds them.

use balcao_types::{
    AuthorKind, ClientId, ConversationId, FileId, FileKind, FileState, OfflineEntryId, OfflineMessageId, Timestamp,
    WorkspaceId,
};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    pub workspace_id: WorkspaceId,
    pub owner_kind: AuthorKind,
    pub owner_id: Uuid,
    /// Makes beginning an upload safe to repeat.
    pub client_id: ClientId,
    /// As it is shown and saved.
    pub name: String,
    pub kind: FileKind,
    /// By its content, once it is stored.
    pub media_type: String,
    /// In bytes, as announced and as stored.
    pub size: i64,
    /// How many bytes are durable.
    pub received: i64,
    pub state: FileState,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub duration_ms: Option<i64>,
    pub has_preview: bool,
    /// The message that holds it.
    pub conversation_id: Option<ConversationId>,
    pub position: Option<i64>,
    /// The offline message that holds it, and which of its entries.
    pub offline_message_id: Option<OfflineMessageId>,
    pub offline_entry_id: Option<OfflineEntryId>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
