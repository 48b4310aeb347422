//! The categories of a workspace's tickets.

use balcao_types::{TicketCategoryId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_categories")]
pub struct Model {
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketCategoryId,
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    /// Only active ones are chosen; tickets that have an inactive one keep it.
    pub is_active: bool,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
