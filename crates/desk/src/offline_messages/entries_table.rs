//! What was written by e-mail about offline messages, by either side, in its order.

use balcao_types::{
    AgentId, ClientId, MailId, OfflineEntryId, OfflineEntryKind, OfflineMessageId, Timestamp, WorkspaceId,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "offline_entries")]
pub struct Model {
    pub workspace_id: WorkspaceId,
    pub message_id: OfflineMessageId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfflineEntryId,
    pub kind: OfflineEntryKind,
    /// Who replied.
    pub agent_id: Option<AgentId>,
    /// Of who wrote it, as it was then.
    pub name: String,
    /// Of an answer: from where it came.
    pub address: String,
    pub text: String,
    /// Of an answer: with what it quotes, where that was left out.
    pub whole: Option<String>,
    /// Of an answer: what the receiving server found about its sender, as JSON.
    pub authentication: Option<String>,
    /// Of an answer: names of attachments that could not be kept, as JSON.
    pub left_out: Option<String>,
    /// Of an answer: whether a machine wrote it.
    pub is_automatic: bool,
    /// Makes replying safe to repeat.
    pub client_id: Option<ClientId>,
    /// The mail by which a reply goes out.
    pub mail_id: Option<MailId>,
    /// Of an answer: its message id, or its fingerprint where it has none that can be used. Makes taking it safe to repeat.
    pub external_id: Option<String>,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
