//! Conversations. Messages and marks have hot paths of their own and are written by hand-made statements in this folder.

use balcao_types::{
    AgentId, ConnectionId, ContactId, ConversationId, ConversationState, DepartmentId, Place, ProjectId, Timestamp,
    WorkspaceId,
};
use sea_orm::entity::prelude::*;

use super::row::Visit;
use crate::surveys::Asked;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "conversations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub department_id: DepartmentId,
    pub connection_id: ConnectionId,
    pub contact_id: ContactId,
    pub protocol: String,
    pub state: ConversationState,
    pub assignee_id: Option<AgentId>,
    /// The assignee's name as the visitor is told it.
    pub assignee_name: Option<String>,
    /// Counts every line, notes included.
    pub last_position: i64,
    /// Counts the lines the visitor may see.
    pub last_seq: i64,
    /// The visitor's messages that the agents' side has not read.
    pub unread: i64,
    /// The last message as the lists show it, as JSON.
    pub last_message: Option<String>,
    pub last_message_at: Timestamp,
    /// When the first message came that nobody has answered yet.
    pub waiting_since: Option<Timestamp>,
    /// How far the person who has it has read; while it waits, what the next one finds unread begins behind it.
    pub read_seq: i64,
    pub opened_at: Timestamp,
    /// Since when it waits, while in the queue.
    pub queued_at: Option<Timestamp>,
    /// Since when it waits in the queue it waits in; none before departments had limits.
    pub came_at: Option<Timestamp>,
    /// The departments it has left by itself while it waits (Z-122), as JSON.
    pub overflowed: Option<String>,
    pub taken_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// When a specialist handed it on to others for the first time: from then on Level 2 may have it.
    pub transferred_at: Option<Timestamp>,
    /// Where the visitor is and with what, as JSON.
    pub visit: Option<String>,
    /// Who had it before it went back to the queue.
    pub returned_by: Option<AgentId>,
    /// What undoing restores, as JSON: of a closed one a `ClosedFrom`, of one that was just moved a `MovedFrom`.
    pub closed_from: Option<String>,
    /// What the page said of whoever began it, as JSON.
    pub given: Option<String>,
    /// What its visitor is asked once it is closed, until that is answered, as JSON.
    pub survey: Option<String>,
}

impl Model {
    /// What its visitor is asked, until that is answered.
    ///
    /// # Errors
    /// When the stored document is not readable.
    pub fn survey(&self) -> Result<Option<Asked>, serde_json::Error> {
        self.survey.as_deref().map(serde_json::from_str).transpose()
    }

    /// Where its visitor was when last heard of; nothing where that cannot be read.
    pub fn visit(&self) -> Visit {
        self.visit.as_deref().and_then(|visit| serde_json::from_str(visit).ok()).unwrap_or_default()
    }

    /// Whether a specialist has handed it on.
    pub const fn is_handed_on(&self) -> bool {
        self.transferred_at.is_some()
    }

    /// Where it stands: what decides who may hear of it.
    pub const fn place(&self) -> Place {
        Place {
            conversation: self.id,
            contact: self.contact_id,
            department: self.department_id,
            assignee: self.assignee_id,
            state: self.state,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
