//! Outgoing mails, and what became of them.

use balcao_types::{MailFault, MailId, MailState, OfflineMessageId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    /// What it is about.
    pub offline_message_id: OfflineMessageId,
    /// With its angle brackets.
    pub message_id: String,
    pub to_name: String,
    pub to_address: String,
    pub from_name: String,
    pub subject: String,
    pub text: String,
    pub in_reply_to: Option<String>,
    /// The earlier mails of the thread, with spaces between.
    pub thread: String,
    /// Where answers go, if elsewhere than to the sender.
    pub reply_to: Option<String>,
    pub state: MailState,
    pub attempts: i64,
    /// Why the last attempt failed.
    pub fault: Option<MailFault>,
    pub detail: String,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
