//! What was changed about tickets, by whom and when.

use balcao_types::{AgentId, TicketChangeId, TicketField, TicketId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: TicketId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketChangeId,
    pub field: TicketField,
    /// The words or ids before and after; none where there was nothing.
    pub before: Option<String>,
    pub after: Option<String>,
    /// Who did it; none is the program.
    pub agent_id: Option<AgentId>,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
