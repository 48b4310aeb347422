//! The people who work here, and their open invitations.

use balcao_types::{AgentId, AgentStatus, Role, Timestamp, WorkspaceId, settings::AgentSettings};
use sea_orm::entity::prelude::*;

use super::presence::Paused;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "agents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgentId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub email: String,
    pub email_key: String,
    /// None until the invitation is accepted.
    pub password_hash: Option<String>,
    pub role: Role,
    pub is_active: bool,
    /// The status the agent chose; what others see also needs `connected_until`.
    pub status: AgentStatus,
    /// The lease that the nodes holding the agent's sockets renew.
    pub connected_until: Option<Timestamp>,
    /// When distribution gave the person a conversation last (T-089).
    pub assigned_at: Option<Timestamp>,
    /// Since when the chosen status holds without a break.
    pub status_since: Option<Timestamp>,
    /// For what the person has stepped away, as it was called then; only while away (T-139).
    pub pause: Option<String>,
    /// Until when that was meant; none for as long as one likes.
    pub pause_until: Option<Timestamp>,
    /// What the clock took when the hours ended, to be given back when they begin again (T-115).
    pub shift_status: Option<AgentStatus>,
    /// Until when the person may be online outside of the hours (T-114).
    pub extended_until: Option<Timestamp>,
    pub settings: String,
    pub created_at: Timestamp,
}

impl Model {
    /// The agent's own settings.
    ///
    /// # Errors
    /// When the stored document is not readable.
    pub fn settings(&self) -> Result<AgentSettings, serde_json::Error> {
        serde_json::from_str(&self.settings)
    }

    /// Whether the person owns the workspace and may log in.
    pub fn is_active_owner(&self) -> bool {
        self.is_active && self.role == Role::Owner
    }

    /// The status others see: the chosen one while connected, else offline.
    pub fn effective_status(&self, now: Timestamp) -> AgentStatus {
        let is_connected = self.connected_until.is_some_and(|until| until > now);
        if self.is_active && is_connected { self.status } else { AgentStatus::Offline }
    }

    /// For what the person has chosen to step away.
    pub fn chosen_pause(&self) -> Option<Paused> {
        Paused::of(self.status, self.pause.clone(), self.pause_until)
    }

    /// The same, while that is what others see.
    pub fn effective_pause(&self, now: Timestamp) -> Option<Paused> {
        Paused::of(self.effective_status(now), self.pause.clone(), self.pause_until)
    }

    /// Since when others see that status; none for somebody who was never here.
    pub fn effective_since(&self, now: Timestamp) -> Option<Timestamp> {
        let ran_out = self.connected_until.filter(|until| *until <= now);
        ran_out.or(self.status_since)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Invitations that were not accepted yet: one an agent, the secret only as its hash.
pub mod invitation {
    use balcao_types::{AgentId, Timestamp, WorkspaceId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "invitations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub agent_id: AgentId,
        pub workspace_id: WorkspaceId,
        pub token_hash: String,
        pub invited_by: AgentId,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Links that were mailed: each opens its person's invitation, and dies with it. The secret only as its hash.
pub mod invitation_link {
    use balcao_types::{AgentId, Timestamp, WorkspaceId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "invitation_links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        pub workspace_id: WorkspaceId,
        pub agent_id: AgentId,
        pub expires_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
