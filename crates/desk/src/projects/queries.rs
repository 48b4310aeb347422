//! Reads about projects.

use std::collections::HashMap;

use balcao_types::{DepartmentId, ProjectId, SpecialistKind, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use super::{specialists::Associated, table};
use crate::{departments, error::Result};

/// A project as people see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    /// The first one: it takes new departments, and stays.
    pub is_default: bool,
    /// Whether visitors may begin conversations in its departments.
    pub has_chat: bool,
    /// Whether only who is associated serves it; else who is not serves at Level 1.
    pub only_specialists: bool,
    /// Conversations that were had in it remember it.
    pub is_removed: bool,
    /// Who serves it, and at which level: people, and groups, which are departments.
    pub specialists: Vec<Associated>,
}

impl Project {
    fn new(model: table::Model, specialists: Vec<Associated>) -> Self {
        Self {
            id: model.id,
            name: model.name,
            is_default: model.is_default,
            has_chat: model.has_chat,
            only_specialists: model.only_specialists,
            is_removed: model.removed_at.is_some(),
            specialists,
        }
    }
}

/// A project, to read or to lock.
pub(super) fn one_by_id(workspace: WorkspaceId, project: ProjectId) -> Select<table::Entity> {
    table::Entity::find_by_id(project).filter(table::Column::WorkspaceId.eq(workspace))
}

/// Every project there ever was, in the order in which they were added.
pub(super) async fn all_models(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<table::Model>> {
    Ok(table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .order_by_desc(table::Column::IsDefault)
        .order_by_asc(table::Column::Id)
        .all(connection)
        .await?)
}

/// Every project with who serves it: the first one first, the others in the order in which they were added.
pub(super) async fn all_projects(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Project>> {
    let models = all_models(connection, workspace).await?;
    let mut by_project = associated(connection, workspace, None).await?;
    let with = |model: table::Model| {
        let specialists = by_project.remove(&model.id).unwrap_or_default();
        Project::new(model, specialists)
    };
    Ok(models.into_iter().map(with).collect())
}

/// One project.
///
/// # Errors
/// When the database cannot be read.
pub async fn project_by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    project: ProjectId,
) -> Result<Option<Project>> {
    let Some(model) = one_by_id(workspace, project).one(connection).await? else { return Ok(None) };
    let specialists = associated(connection, workspace, Some(project)).await?.remove(&project).unwrap_or_default();
    Ok(Some(Project::new(model, specialists)))
}

/// Who serves one project, or each.
async fn associated(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    project: Option<ProjectId>,
) -> Result<HashMap<ProjectId, Vec<Associated>>> {
    let which = if project.is_some() { " AND project_id = $2" } else { "" };
    let values: Vec<sea_orm::Value> = [workspace.into()].into_iter().chain(project.map(sea_orm::Value::from)).collect();
    let mut found: HashMap<ProjectId, Vec<Associated>> = HashMap::new();
    for (kind, table, column) in [
        (SpecialistKind::Agent, "project_agents", "agent_id"),
        (SpecialistKind::Group, "project_groups", "department_id"),
    ] {
        let sql = format!(
            "SELECT project_id, {column} AS id, level FROM {table} WHERE workspace_id = $1{which} ORDER BY project_id, {column}"
        );
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values.clone());
        for row in connection.query_all_raw(statement).await? {
            let one = Associated { kind, id: row.try_get("", "id")?, level: row.try_get("", "level")? };
            found.entry(row.try_get("", "project_id")?).or_default().push(one);
        }
    }
    Ok(found)
}

/// Whether a project that departments may be part of is there.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_there(connection: &impl ConnectionTrait, workspace: WorkspaceId, project: ProjectId) -> Result<bool> {
    let found = one_by_id(workspace, project).filter(table::Column::RemovedAt.is_null()).one(connection).await?;
    Ok(found.is_some())
}

/// Whether visitors may begin conversations in a project.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_open_for(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    project: ProjectId,
) -> Result<bool> {
    Ok(one_by_id(workspace, project).one(connection).await?.is_some_and(|project| project.has_chat))
}

/// The department that takes what no other is chosen for: the default one, or where its project is closed to visitors, the first by name of
/// those that are not.
///
/// # Errors
/// When the database cannot be read.
pub async fn offered_department(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<Option<departments::Model>> {
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT d.id FROM departments d JOIN projects p ON p.id = d.project_id AND p.has_chat \
             WHERE d.workspace_id = $1 AND d.is_active ORDER BY d.is_default DESC, d.name_key, d.id LIMIT 1",
            [workspace.into()],
        ))
        .await?;
    let Some(row) = row else { return Ok(None) };
    departments::active_department(connection, workspace, row.try_get("", "id")?).await
}

/// Whether a connection's visitors may begin conversations at all: in its department, or in any where it leaves the choice.
///
/// # Errors
/// When the database cannot be read.
pub async fn takes_new(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    fixed: Option<DepartmentId>,
) -> Result<bool> {
    if let Some(fixed) = fixed
        && let Some(department) = departments::active_department(connection, workspace, fixed).await?
    {
        return is_open_for(connection, workspace, department.project_id).await;
    }
    Ok(offered_department(connection, workspace).await?.is_some())
}
