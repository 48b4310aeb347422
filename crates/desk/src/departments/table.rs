//! The departments of a workspace.

use balcao_types::{DepartmentId, ProjectId, Timestamp, WorkspaceId, settings::DepartmentSettings};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "departments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DepartmentId,
    pub workspace_id: WorkspaceId,
    pub project_id: ProjectId,
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    pub is_active: bool,
    /// Takes what no other department is chosen for; there is always one.
    pub is_default: bool,
    /// Where what has waited too long goes (Z-122).
    pub overflow_department_id: Option<DepartmentId>,
    pub settings: String,
    pub created_at: Timestamp,
}

impl Model {
    /// What holds for this department.
    ///
    /// # Errors
    /// When the stored document is not readable.
    pub fn settings(&self) -> Result<DepartmentSettings, serde_json::Error> {
        serde_json::from_str(&self.settings)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
