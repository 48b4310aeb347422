//! What visitors have answered, or skipped. One row a conversation.

use balcao_types::{AgentId, ConversationId, DepartmentId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "ratings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    pub department_id: DepartmentId,
    /// Whose the rating is: whoever answered last (T-185).
    pub agent_id: Option<AgentId>,
    /// Who else had answered, in their order, as JSON.
    pub others: String,
    /// The range that was asked for.
    pub lowest: i64,
    pub highest: i64,
    /// None where it was skipped.
    pub grade: Option<i64>,
    pub comment: String,
    pub answered_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
