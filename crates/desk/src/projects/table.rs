//! The projects of a workspace. Who serves them stands in `project_agents` and `project_groups`, which are written by hand-made statements.

use balcao_types::{ProjectId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    /// The first one: it takes new departments, and stays.
    pub is_default: bool,
    /// Whether visitors may begin conversations in its departments. A column, since what is open is asked for in SQL.
    pub has_chat: bool,
    /// Whether only who is associated serves it; else who is not serves at Level 1.
    pub only_specialists: bool,
    pub removed_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
