//! Adding and changing departments.

use balcao_types::{
    DepartmentDistribution, DepartmentId, ErrorCode, Event, ProjectId, WorkspaceId, rules::text::folded,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value};

use super::{
    clean::patched,
    queries::{default_one, department_by_id},
    table,
};
use crate::{
    access::{Grant, ability},
    error::{Error, Result},
    projects,
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
        overflow_department_id: Set(None),
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

/// Adds a department.
pub struct AddDepartment {
    pub may: Grant<ability::ManageDepartments>,
    pub name: String,
    /// None adds it to the default department's.
    pub project: Option<ProjectId>,
    /// None as the company says.
    pub distribution: Option<DepartmentDistribution>,
}

impl Command for AddDepartment {
    type Answer = DepartmentId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<DepartmentId> {
        let workspace = self.may.scope.workspace;
        let usual = lock_names(tx, workspace).await?;
        refuse_unknown_project(tx, workspace, self.project).await?;
        let department = insert_department(tx, workspace, self.project.unwrap_or(usual), &self.name, false).await?;
        if let Some(own) = self.distribution.filter(|own| *own != DepartmentDistribution::default()) {
            set_distribution(tx, workspace, department, own).await?;
        }
        Ok(department)
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

/// Projects are removed under the same lock as names are given, so that none goes while a department comes.
async fn refuse_unknown_project(tx: &Tx<'_>, workspace: WorkspaceId, project: Option<ProjectId>) -> Result<()> {
    match project {
        Some(project) if !projects::is_there(&**tx, workspace, project).await? => {
            Err(Error::field("project_id", ErrorCode::ProjectUnknown))
        }
        _ => Ok(()),
    }
}

/// Renames a department, moves it to another project, switches it on or off (the default one stays on), or says what holds for it. What is under
/// way in it goes on, by the levels of the project it is part of now.
pub struct ChangeDepartment {
    pub may: Grant<ability::ManageDepartments>,
    pub department: DepartmentId,
    pub name: Option<String>,
    pub is_active: Option<bool>,
    pub project: Option<ProjectId>,
    /// Where what has waited too long goes.
    pub overflow: Option<Option<DepartmentId>>,
    /// A merge patch; empty: nothing.
    pub settings: Map<String, Value>,
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
        refuse_unknown_project(tx, workspace, self.project).await?;
        self.refuse_overflow(tx).await?;
        let mut row: table::ActiveModel = model.clone().into();
        if let Some(project) = self.project.filter(|project| *project != model.project_id) {
            row.project_id = Set(project);
        }
        if let Some(name) = self.name.as_ref().filter(|name| **name != model.name) {
            refuse_taken_name(&**tx, workspace, name, Some(self.department)).await?;
            row.name = Set(name.clone());
            row.name_key = Set(folded(name));
        }
        if !self.settings.is_empty() {
            row.settings = Set(patched(tx, workspace, &model.settings, &self.settings).await?);
        }
        if let Some(overflow) = self.overflow.filter(|overflow| *overflow != model.overflow_department_id) {
            row.overflow_department_id = Set(overflow);
        }
        if let Some(is_active) = self.is_active.filter(|is_active| *is_active != model.is_active) {
            row.is_active = Set(is_active);
        }
        if row.is_changed() {
            row.update(&**tx).await?;
            tx.emit(workspace, Event::DepartmentChanged { department: self.department })?;
        }
        Ok(())
    }
}

impl ChangeDepartment {
    /// A department overflows into another one of the company's.
    async fn refuse_overflow(&self, tx: &Tx<'_>) -> Result<()> {
        let Some(Some(target)) = self.overflow else { return Ok(()) };
        if target == self.department {
            return Err(Error::field("overflow_department_id", ErrorCode::OverflowItself));
        }
        match department_by_id(&**tx, self.may.scope.workspace, target).await? {
            Some(_) => Ok(()),
            None => Err(Error::field("overflow_department_id", ErrorCode::DepartmentUnknown)),
        }
    }
}
