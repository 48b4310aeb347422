//! What visitors have agreed to or were told before writing.

use balcao_types::{Consent, ContactId, ConversationId, OfflineMessageId, PrivacyRequestId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[serde(skip)]
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(skip)]
    pub id: PrivacyRequestId,
    #[serde(skip)]
    pub contact_id: ContactId,
    pub conversation_id: Option<ConversationId>,
    pub offline_message_id: Option<OfflineMessageId>,
    /// Whether it was asked for, or said.
    pub consent: Consent,
    /// The company's words; empty: the product's own, in the visitor's language.
    pub text: String,
    pub policy_url: String,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
