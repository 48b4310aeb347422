//! Copies that were asked for. Where to is kept until they are sent.

use balcao_types::{ContactId, ConversationId, CopyId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "conversation_copies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CopyId,
    pub conversation_id: ConversationId,
    /// Which of its ends it was asked for after.
    pub closed_at: Timestamp,
    pub contact_id: ContactId,
    /// None once it is sent.
    pub address: Option<String>,
    /// The fingerprint of the address, by which copies are counted.
    pub address_key: String,
    pub asked_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
