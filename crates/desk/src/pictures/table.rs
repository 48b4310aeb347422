//! Pictures for show, with their bytes: some dozens of kilobytes each.

use balcao_types::{PictureId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "pictures")]
pub struct Model {
    /// Random: whoever knows it may see the picture.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PictureId,
    pub workspace_id: WorkspaceId,
    pub media_type: String,
    pub width: i64,
    pub height: i64,
    pub bytes: Vec<u8>,
    /// When it came in, or something that shows it was saved last.
    pub used_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
