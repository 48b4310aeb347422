//! Offline messages as customers have left them, and where they stand.

use balcao_types::{
    AgentId, ClientId, ConnectionId, ContactId, DepartmentId, Language, OfflineMessageId, OfflineState, TicketId,
    Timestamp, WorkspaceId, rules::text::folded,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "offline_messages")]
pub struct Model {
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfflineMessageId,
    /// Counts the workspace's offline messages.
    pub number: i64,
    pub connection_id: ConnectionId,
    pub department_id: DepartmentId,
    /// The contact of the visitor's key, or the id it will have after a first message in the chat.
    pub sender_id: ContactId,
    /// Whose it is: the sender, or whom the company knows by the same address (T-161). None in what an earlier release has left.
    pub contact_id: Option<ContactId>,
    /// Makes leaving it safe to repeat.
    pub client_id: ClientId,
    /// The visitor's, in which mails are written around the replies.
    pub language: Language,
    pub name: String,
    pub email: String,
    /// Name and e-mail as they are searched for.
    pub search_key: String,
    pub text: String,
    pub page_url: Option<String>,
    pub page_title: Option<String>,
    pub state: OfflineState,
    /// Who replied last.
    pub answered_by: Option<AgentId>,
    /// Who looked at it first.
    pub read_by: Option<AgentId>,
    pub read_at: Option<Timestamp>,
    /// The ticket as which it goes on.
    pub ticket_id: Option<TicketId>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// Since when nothing of what was written is left.
    pub erased_at: Option<Timestamp>,
}

/// What a message is found by.
pub fn search_key(name: &str, email: &str) -> String {
    folded(&format!("{name} {email}"))
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
