//! Adding and changing departments.

use balcao_types::{
    DepartmentDistribution, DepartmentId, ErrorCode, Event, ProjectId, WorkspaceId, rules::text::folded,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{queries::default_one, table};
use crate::{
    access::{Grant, ability},
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Adds a department inside a command.
///
/// # Errors
/// 422 on `name` when another has it.
pub async fn insert_department(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    project: ProjectId,
    name: &str,
    is_default: bool,
) -> Result<DepartmentId> {
    refuse_taken_name(&**tx, workspace, name, None).await?;
    let department = DepartmentId(tx.clock().new_id());
    let row = table::ActiveModel {
        id: Set(department),
        workspace_id: Set(workspace),
        project_id: Set(project),
        name: Set(name.to_owned()),
        name_key: Set(folded(name)),
        is_active: Set(true),
        is_default: Set(is_default),
        settings: Set("{}".to_owned()),
        created_at: Set(tx.now()),
    };
    row.insert(&**tx).await?;
    tx.emit(workspace, Event::DepartmentAdded { department })?;
    Ok(department)
}

async fn refuse_taken_name(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    name: &str,
    own: Option<DepartmentId>,
) -> Result<()> {
    let taken = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::NameKey.eq(folded(name)))
        .one(connection)
        .await?;
    match taken {
        Some(other) if Some(other.id) != own => Err(Error::field("name", ErrorCode::NameInUse)),
        _ => Ok(()),
    }
}

/// Names are given one after another: whoever gives one holds the default department's row. Answers its project.
///
/// # Errors
/// When the database fails.
pub async fn lock_names(tx: &Tx<'_>, workspace: WorkspaceId) -> Result<ProjectId> {
    let default = tx.lock_row(default_one(workspace)).await?.ok_or(Error::not_found())?;
    Ok(default.project_id)
}

/// Adds a department to the default project.
pub struct AddDepartment {
    pub may: Grant<ability::ManageDepartments>,
    pub name: String,
}

impl Command for AddDepartment {
    type Answer = DepartmentId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<DepartmentId> {
        let workspace = self.may.scope.workspace;
        let project = lock_names(tx, workspace).await?;
        insert_department(tx, workspace, project, &self.name, false).await
    }
}

/// Says inside a command who is given a department's new conversations.
///
/// # Errors
/// 404 when the workspace has no such department.
pub async fn set_distribution(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    department: DepartmentId,
    distribution: DepartmentDistribution,
) -> Result<()> {
    let own = table::Entity::find_by_id(department).filter(table::Column::WorkspaceId.eq(workspace));
    let model = tx.lock_row(own).await?.ok_or(Error::not_found())?;
    let mut settings = model.settings()?;
    settings.distribution = distribution;
    let mut row: table::ActiveModel = model.into();
    row.settings = Set(serde_json::to_string(&settings)?);
    row.update(&**tx).await?;
    tx.emit(workspace, Event::DepartmentChanged { department })
}

/// Renames a department, switches it on or off (the default one stays on), or says who is given its new conversations.
pub struct ChangeDepartment {
    pub may: Grant<ability::ManageDepartments>,
    pub department: DepartmentId,
    pub name: Option<String>,
    pub is_active: Option<bool>,
    pub distribution: Option<DepartmentDistribution>,
}

impl Command for ChangeDepartment {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        lock_names(tx, workspace).await?;
        let own = table::Entity::find_by_id(self.department).filter(table::Column::WorkspaceId.eq(workspace));
        let model = tx.lock_row(own).await?.ok_or(Error::not_found())?;
        if model.is_default && self.is_active == Some(false) {
            return Err(Error::refused(ErrorCode::DefaultDepartment));
        }
        let mut settings = model.settings()?;
        let mut row: table::ActiveModel = model.into();
        if let Some(distribution) = self.distribution.filter(|distribution| *distribution != settings.distribution) {
            settings.distribution = distribution;
            row.settings = Set(serde_json::to_string(&settings)?);
        }
        if let Some(name) = &self.name {
            refuse_taken_name(&**tx, workspace, name, Some(self.department)).await?;
            row.name = Set(name.clone());
            row.name_key = Set(folded(name));
        }
        if let Some(is_active) = self.is_active {
            row.is_active = Set(is_active);
        }
        if row.is_changed() {
            row.update(&**tx).await?;
            tx.emit(workspace, Event::DepartmentChanged { department: self.department })?;
        }
        Ok(())
    }
}
