//! Reads about departments.

use std::collections::HashMap;

use balcao_types::{DepartmentId, ProjectId, WorkspaceId, settings::DepartmentSettings};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryResult, QuerySelect, Select,
    Statement,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::table;
use crate::{error::Result, tx::Tx};

/// A department as people see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Department {
    pub id: DepartmentId,
    /// What it is part of.
    pub project_id: ProjectId,
    pub name: String,
    /// Only active departments are offered to visitors (T-082).
    pub is_active: bool,
    pub is_default: bool,
    /// Where what has waited too long goes (Z-122).
    pub overflow_department_id: Option<DepartmentId>,
    #[serde(flatten)]
    pub settings: DepartmentSettings,
    /// How many people belong to it.
    pub agents: i64,
    /// How many connections bring conversations to it alone.
    pub connections: i64,
}

impl FromQueryResult for Department {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let settings: String = row.try_get(prefix, "settings")?;
        let settings: DepartmentSettings =
            serde_json::from_str(&settings).map_err(|error| DbErr::Type(error.to_string()))?;
        Ok(Self {
            id: row.try_get(prefix, "id")?,
            project_id: row.try_get(prefix, "project_id")?,
            name: row.try_get(prefix, "name")?,
            is_active: row.try_get(prefix, "is_active")?,
            is_default: row.try_get(prefix, "is_default")?,
            overflow_department_id: row.try_get(prefix, "overflow_department_id")?,
            settings,
            agents: row.try_get(prefix, "agents")?,
            connections: row.try_get(prefix, "connections")?,
        })
    }
}

const SELECT: &str = "SELECT d.id, d.project_id, d.name, d.is_active, d.is_default, d.overflow_department_id, d.settings, \
    (SELECT COUNT(*) FROM department_agents m JOIN agents a ON a.id = m.agent_id AND a.is_active \
     WHERE m.workspace_id = d.workspace_id AND m.department_id = d.id) AS agents, \
    (SELECT COUNT(*) FROM connections c \
     WHERE c.workspace_id = d.workspace_id AND c.department_id = d.id AND c.removed_at IS NULL) AS connections \
    FROM departments d WHERE d.workspace_id = $1";

/// Every department, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_departments(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Department>> {
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        format!("{SELECT} ORDER BY d.name_key, d.id"),
        [workspace.into()],
    );
    Ok(Department::find_by_statement(statement).all(connection).await?)
}

/// One department.
///
/// # Errors
/// When the database cannot be read.
pub async fn department_by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
) -> Result<Option<Department>> {
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        format!("{SELECT} AND d.id = $2"),
        [workspace.into(), department.into()],
    );
    Ok(Department::find_by_statement(statement).one(connection).await?)
}

/// What holds for each department.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_settings(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<HashMap<DepartmentId, DepartmentSettings>> {
    let pairs: Vec<(DepartmentId, String)> = table::Entity::find()
        .select_only()
        .columns([table::Column::Id, table::Column::Settings])
        .filter(table::Column::WorkspaceId.eq(workspace))
        .into_tuple()
        .all(connection)
        .await?;
    pairs.into_iter().map(|(id, settings)| Ok((id, serde_json::from_str(&settings)?))).collect()
}

/// The names of all departments.
///
/// # Errors
/// When the database cannot be read.
pub async fn names(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<HashMap<DepartmentId, String>> {
    let pairs: Vec<(DepartmentId, String)> = table::Entity::find()
        .select_only()
        .columns([table::Column::Id, table::Column::Name])
        .filter(table::Column::WorkspaceId.eq(workspace))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(pairs.into_iter().collect())
}

/// The active departments, and whether visitors may begin conversations in each: whether the chat of its project is on.
///
/// # Errors
/// When the database cannot be read.
pub async fn active_ids(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<Vec<(DepartmentId, bool)>> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT d.id, p.has_chat FROM departments d JOIN projects p ON p.id = d.project_id \
             WHERE d.workspace_id = $1 AND d.is_active",
            [workspace.into()],
        ))
        .await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "has_chat")?))).collect()
}

/// The department that takes what no other is chosen for.
///
/// # Errors
/// When the database cannot be read.
pub async fn default_department(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<Option<table::Model>> {
    Ok(default_one(workspace).one(connection).await?)
}

/// The default department, to read or to lock.
pub(super) fn default_one(workspace: WorkspaceId) -> Select<table::Entity> {
    table::Entity::find().filter(table::Column::WorkspaceId.eq(workspace)).filter(table::Column::IsDefault.eq(true))
}

/// An active department; none when it is unknown or inactive.
///
/// # Errors
/// When the database cannot be read.
pub async fn active_department(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
) -> Result<Option<table::Model>> {
    Ok(active_one(workspace, department).one(connection).await?)
}

/// The same for something that moves into it: it is not removed before the commit (T-088).
///
/// # Errors
/// When the database fails.
pub async fn hold_active_department(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    department: DepartmentId,
) -> Result<Option<table::Model>> {
    tx.hold_row(active_one(workspace, department)).await
}

fn active_one(workspace: WorkspaceId, department: DepartmentId) -> Select<table::Entity> {
    table::Entity::find_by_id(department)
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::IsActive.eq(true))
}

/// Whether there is such a department, active or not, for something that is linked to it: it is not removed before the commit (T-088).
///
/// # Errors
/// When the database fails.
pub async fn hold_department(tx: &Tx<'_>, workspace: WorkspaceId, department: DepartmentId) -> Result<bool> {
    let own = table::Entity::find_by_id(department).filter(table::Column::WorkspaceId.eq(workspace));
    Ok(tx.hold_row(own).await?.is_some())
}
