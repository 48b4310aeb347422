//! The configured channels of a workspace.

use balcao_types::{Channel, ConnectionCode, ConnectionId, DepartmentId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "connections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConnectionId,
    pub workspace_id: WorkspaceId,
    pub channel: Channel,
    pub code: ConnectionCode,
    pub name: String,
    /// None lets the visitor choose.
    pub department_id: Option<DepartmentId>,
    pub is_enabled: bool,
    /// Removed connections keep their history.
    pub removed_at: Option<Timestamp>,
    /// The channel's settings as one document; unknown keys survive.
    pub settings: String,
    /// Rises with each change: the `ETag`.
    pub version: i64,
    pub seen_at: Option<Timestamp>,
    pub seen_page: Option<String>,
    /// With which its sites sign who is logged in (D-070).
    pub identity_secret: Option<String>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
