//! What somebody has consented to: the company's access to its mail servers by OAuth2. It holds secrets that no answer ever does.

use balcao_types::{AgentId, MailFault, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, DeriveEntityModel)]
#[sea_orm(table_name = "mail_consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    /// What it was given for.
    pub subject: String,
    pub refresh_token: String,
    pub access_token: Option<String>,
    /// When access runs out.
    pub expires_at: Option<Timestamp>,
    pub given_at: Timestamp,
    /// Who was asked.
    pub agent_id: AgentId,
    /// Until when a node renews access, and others wait for it.
    pub renewing_until: Option<Timestamp>,
    /// Why access could not be renewed.
    pub fault: Option<MailFault>,
    pub detail: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consent").field("workspace_id", &self.workspace_id).finish_non_exhaustive()
    }
}
