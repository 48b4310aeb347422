//! Tickets as they stand. What the customer wrote lies with the offline message.

use balcao_types::{
    AgentId, ContactId, DepartmentId, OfflineMessageId, TicketCategoryId, TicketId, TicketPriority, TicketState,
    Timestamp, WorkspaceId,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "tickets")]
pub struct Model {
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    /// Counts the workspace's tickets.
    pub number: i64,
    pub title: String,
    /// Title, name and e-mail as they are searched for.
    pub search_key: String,
    pub contact_id: ContactId,
    /// The customer as the message named them.
    pub name: String,
    pub email: String,
    pub department_id: DepartmentId,
    pub assignee_id: Option<AgentId>,
    pub state: TicketState,
    pub priority: TicketPriority,
    pub category_id: Option<TicketCategoryId>,
    pub offline_message_id: OfflineMessageId,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// Since when nothing is left to do.
    pub closed_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
