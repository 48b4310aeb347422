//! Reads about people.

use std::collections::HashMap;

use balcao_types::{AgentId, AgentStatus, DepartmentId, Permission, Role, StatusOnLogin, Timestamp, WorkspaceId};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use super::{presence::Paused, table};
use crate::{
    access::{Membership, Scope},
    checks::email_key,
    error::Result,
};

/// A person as colleagues see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Agent {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub is_active: bool,
    /// Whether the invitation is still open.
    pub is_invited: bool,
    /// The effective status: offline too when no open console has been heard of.
    pub status: AgentStatus,
    /// For what the person has stepped away, while they have.
    pub pause: Option<Paused>,
    pub status_on_login: StatusOnLogin,
    /// How many conversations distribution leaves the person with at once; none as the company says (T-089).
    pub simultaneous_limit: Option<u32>,
    pub departments: Vec<Membership>,
    pub created_at: Timestamp,
}

impl Agent {
    /// Whether the person could answer in a department now: one who serves it, and is online.
    pub fn is_ready_in(&self, department: DepartmentId) -> bool {
        self.status == AgentStatus::Online && self.serves(department)
    }

    /// Whether the person answers in a department, online or not: active, with the right to reply, and seeing it.
    pub fn serves(&self, department: DepartmentId) -> bool {
        let sees = self.role.is_administrator() || self.departments.iter().any(|own| own.id == department);
        self.may_serve() && sees
    }

    /// Whether the person answers anywhere.
    pub fn may_serve(&self) -> bool {
        self.is_active && self.role.may(Permission::ConversationsReply)
    }

    pub(super) fn new(model: table::Model, departments: Vec<Membership>, now: Timestamp) -> Result<Self> {
        let settings = model.settings()?;
        Ok(Self {
            id: model.id,
            status: model.effective_status(now),
            pause: model.effective_pause(now),
            is_invited: model.password_hash.is_none(),
            status_on_login: settings.status_on_login,
            simultaneous_limit: settings.simultaneous_limit,
            name: model.name,
            email: model.email,
            role: model.role,
            is_active: model.is_active,
            departments,
            created_at: model.created_at,
        })
    }
}

/// Everybody of the workspace, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_agents(connection: &impl ConnectionTrait, scope: &Scope, now: Timestamp) -> Result<Vec<Agent>> {
    let models = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(scope.workspace))
        .order_by_asc(table::Column::Name)
        .order_by_asc(table::Column::Id)
        .all(connection)
        .await?;
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT agent_id, department_id, is_manager FROM department_agents WHERE workspace_id = $1",
            [scope.workspace.into()],
        ))
        .await?;
    let mut memberships: HashMap<AgentId, Vec<Membership>> = HashMap::new();
    for row in rows {
        memberships.entry(row.try_get("", "agent_id")?).or_default().push(membership(&row)?);
    }
    models
        .into_iter()
        .map(|model| {
            let departments = memberships.remove(&model.id).unwrap_or_default();
            Agent::new(model, departments, now)
        })
        .collect()
}

/// One person of the workspace.
///
/// # Errors
/// When the database cannot be read.
pub async fn agent_by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    agent: AgentId,
    now: Timestamp,
) -> Result<Option<Agent>> {
    let Some(model) = one_by_id(workspace, agent).one(connection).await? else { return Ok(None) };
    let departments = memberships_of(connection, workspace, agent).await?;
    Agent::new(model, departments, now).map(Some)
}

/// Everybody of a workspace in the order of their ids, to read or to lock.
pub fn everybody(workspace: WorkspaceId) -> Select<table::Entity> {
    table::Entity::find().filter(table::Column::WorkspaceId.eq(workspace)).order_by_asc(table::Column::Id)
}

/// One person, to read or to lock.
pub fn one_by_id(workspace: WorkspaceId, agent: AgentId) -> Select<table::Entity> {
    table::Entity::find_by_id(agent).filter(table::Column::WorkspaceId.eq(workspace))
}

/// One person and everybody who owns the workspace, in the order of their ids, to lock.
pub(super) fn one_and_owners(workspace: WorkspaceId, agent: AgentId) -> Select<table::Entity> {
    table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(Condition::any().add(table::Column::Id.eq(agent)).add(table::Column::Role.eq(Role::Owner)))
        .order_by_asc(table::Column::Id)
}

/// The person with an address, for logging in; the earliest where several workspaces know it.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_email(connection: &impl ConnectionTrait, email: &str) -> Result<Option<table::Model>> {
    Ok(table::Entity::find()
        .filter(table::Column::EmailKey.eq(email_key(email)))
        .order_by_asc(table::Column::Id)
        .one(connection)
        .await?)
}

/// The departments a person belongs to.
///
/// # Errors
/// When the database cannot be read.
pub async fn memberships_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    agent: AgentId,
) -> Result<Vec<Membership>> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT department_id, is_manager FROM department_agents WHERE workspace_id = $1 AND agent_id = $2 \
             ORDER BY department_id",
            [workspace.into(), agent.into()],
        ))
        .await?;
    rows.iter().map(membership).collect()
}

fn membership(row: &sea_orm::QueryResult) -> Result<Membership> {
    let id: DepartmentId = row.try_get("", "department_id")?;
    Ok(Membership { id, is_manager: row.try_get("", "is_manager")? })
}
