//! The quick replies of a workspace.

use balcao_types::{DepartmentId, QuickReplyId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "quick_replies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuickReplyId,
    pub workspace_id: WorkspaceId,
    /// Without the slash.
    pub shortcut: String,
    /// The shortcut as it is compared.
    pub shortcut_key: String,
    pub text: String,
    /// Ids as JSON: whose people may use it; empty for everybody.
    pub departments: String,
    /// Only active ones are offered.
    pub is_active: bool,
    pub created_at: Timestamp,
}

impl Model {
    /// Whose people may use it; none for everybody.
    ///
    /// # Errors
    /// When the stored document is no list of ids.
    pub fn departments(&self) -> Result<Vec<DepartmentId>, serde_json::Error> {
        serde_json::from_str(&self.departments)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
