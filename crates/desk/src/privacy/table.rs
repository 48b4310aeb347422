//! What was done with people's personal data, by whom and why; and the sealed copies of what the law makes the company keep.

use balcao_types::{AgentId, ContactId, PrivacyDeed, PrivacyRequestId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "privacy_requests")]
pub struct Model {
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PrivacyRequestId,
    pub deed: PrivacyDeed,
    pub contact_id: ContactId,
    /// The contact's number: what names them once nothing else does.
    pub contact_number: i64,
    /// Who did it; none is the program.
    pub agent_id: Option<AgentId>,
    pub reason: String,
    pub at: Timestamp,
    /// What was erased, as JSON, until `kept_until`.
    pub sealed: Option<String>,
    pub kept_until: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
