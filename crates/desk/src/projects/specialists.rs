//! Associating people and groups with a project at a level, changing it, and erasing them.

use std::collections::HashSet;

use balcao_types::{
    AgentId, DepartmentId, ErrorCode, Event, ProjectId, SpecialistKind, WorkspaceId, rules::care::CareLevel,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    queries::{one_by_id, project_by_id},
    table,
};
use crate::{
    access::{Grant, ability},
    agents,
    checks::Checks,
    departments,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// The most people and groups of one request.
pub(super) const AT_ONCE_MAX: usize = 500;

/// Somebody who serves a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Associated {
    pub kind: SpecialistKind,
    /// The person, or the department that is the group.
    pub id: Uuid,
    pub level: CareLevel,
}

/// Where associations of a kind stand.
const fn place(kind: SpecialistKind) -> (&'static str, &'static str) {
    match kind {
        SpecialistKind::Agent => ("project_agents", "agent_id"),
        SpecialistKind::Group => ("project_groups", "department_id"),
    }
}

/// Associates people and groups with a project. Who is associated already has the level from now on; the same again changes nothing and
/// tells nobody. With the first association only who is associated serves the project, unless `only` says otherwise.
pub struct AssociateSpecialists {
    pub may: Grant<ability::ManageProjects>,
    pub project: ProjectId,
    pub specialists: Vec<Associated>,
    pub only: Option<bool>,
}

impl Command for AssociateSpecialists {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        // No department is removed meanwhile.
        departments::lock_names(tx, workspace).await?;
        let model = locked(tx, &self.may, self.project).await?;
        refuse_unknown(tx, &self.may, &self.specialists).await?;
        let before = project_by_id(&**tx, workspace, self.project).await?.ok_or(Error::not_found())?;
        let is_first = before.specialists.is_empty() && !self.specialists.is_empty();
        let only = self.only.unwrap_or(before.only_specialists || is_first);
        let news: Vec<&Associated> = self.specialists.iter().filter(|one| !before.specialists.contains(one)).collect();
        for one in &news {
            let (table, column) = place(one.kind);
            let sql = format!(
                "INSERT INTO {table} (workspace_id, project_id, {column}, level) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (workspace_id, project_id, {column}) DO UPDATE SET level = excluded.level"
            );
            let values = [workspace.into(), self.project.into(), one.id.into(), one.level.into()];
            tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        }
        if only != before.only_specialists {
            let mut row: table::ActiveModel = model.into();
            row.only_specialists = Set(only);
            row.update(&**tx).await?;
        } else if news.is_empty() {
            return Ok(());
        }
        tx.emit(workspace, Event::ProjectChanged { project: self.project })
    }
}

/// Erases associations. What is open with somebody stays with them; who is not associated is passed over.
pub struct EraseSpecialists {
    pub may: Grant<ability::ManageProjects>,
    pub project: ProjectId,
    pub specialists: Vec<(SpecialistKind, Uuid)>,
}

impl Command for EraseSpecialists {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        locked(tx, &self.may, self.project).await?;
        let mut erased = 0;
        for (kind, id) in &self.specialists {
            let (table, column) = place(*kind);
            let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND project_id = $2 AND {column} = $3");
            let values = [workspace.into(), self.project.into(), (*id).into()];
            let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
            erased += tx.execute_raw(statement).await?.rows_affected();
        }
        if erased == 0 { Ok(()) } else { tx.emit(workspace, Event::ProjectChanged { project: self.project }) }
    }
}

/// Forgets a department that is removed as a group of any project, inside a command.
///
/// # Errors
/// When the database fails.
pub async fn forget_group(tx: &mut Tx<'_>, workspace: WorkspaceId, department: DepartmentId) -> Result<()> {
    forget(tx, workspace, (SpecialistKind::Group, department.0)).await
}

async fn forget(tx: &mut Tx<'_>, workspace: WorkspaceId, (kind, id): (SpecialistKind, Uuid)) -> Result<()> {
    let engine = tx.get_database_backend();
    let (table, column) = place(kind);
    let values = || [workspace.into(), id.into()];
    let sql = format!("SELECT project_id FROM {table} WHERE workspace_id = $1 AND {column} = $2 ORDER BY project_id");
    let rows = tx.query_all_raw(Statement::from_sql_and_values(engine, sql, values())).await?;
    let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND {column} = $2");
    tx.execute_raw(Statement::from_sql_and_values(engine, sql, values())).await?;
    for row in rows {
        tx.emit(workspace, Event::ProjectChanged { project: row.try_get("", "project_id")? })?;
    }
    Ok(())
}

/// The same with a person.
///
/// # Errors
/// When the database fails.
pub async fn forget_person(tx: &mut Tx<'_>, workspace: WorkspaceId, agent: AgentId) -> Result<()> {
    forget(tx, workspace, (SpecialistKind::Agent, agent.0)).await
}

/// The project, locked: associations are changed one after another.
async fn locked(tx: &Tx<'_>, may: &Grant<ability::ManageProjects>, project: ProjectId) -> Result<table::Model> {
    let model = tx.lock_row(one_by_id(may.scope.workspace, project)).await?;
    model.filter(|model| model.removed_at.is_none()).ok_or(Error::not_found())
}

/// Refuses who does not work here, each under its own field's name.
async fn refuse_unknown(tx: &Tx<'_>, may: &Grant<ability::ManageProjects>, specialists: &[Associated]) -> Result<()> {
    let workspace = may.scope.workspace;
    let people: HashSet<AgentId> =
        agents::everybody(workspace).all(&**tx).await?.into_iter().map(|person| person.id).collect();
    let groups = departments::names(&**tx, workspace).await?;
    let mut checks = Checks::default();
    for (index, one) in specialists.iter().enumerate() {
        let field = format!("specialists.{index}.id");
        match one.kind {
            SpecialistKind::Agent if !people.contains(&AgentId(one.id)) => {
                checks.fault(&field, ErrorCode::AgentUnknown);
            }
            SpecialistKind::Group if !groups.contains_key(&DepartmentId(one.id)) => {
                checks.fault(&field, ErrorCode::DepartmentUnknown);
            }
            _ => {}
        }
    }
    checks.finish()
}
