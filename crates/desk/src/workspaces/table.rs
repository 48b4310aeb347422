//! The workspace's row. Its event numbers belong to the store.

use balcao_types::{Language, ProjectId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "workspaces")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkspaceId,
    pub company: String,
    pub language: Language,
    pub time_zone: String,
    pub settings: String,
    pub last_number: i64,
    pub oldest_number: i64,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The unit that holds the chat switch and the care levels; one, unseen, in a small company.
pub mod project {
    use super::{ProjectId, Timestamp, WorkspaceId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "projects")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ProjectId,
        pub workspace_id: WorkspaceId,
        pub name: String,
        pub is_default: bool,
        pub created_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
