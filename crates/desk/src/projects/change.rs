//! Adding and changing projects.

use balcao_types::{ErrorCode, Event, ProjectId, WorkspaceId, rules::text::folded};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, Statement};
use serde_json::json;

use super::{
    queries::{all_models, one_by_id},
    table,
};
use crate::{
    access::{Grant, ability},
    departments,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// The most projects of a workspace.
const PROJECTS_MAX: usize = 100;

/// Adds the project that every company begins with, inside a command. Its chat is on: a company that sets up a chat wants one.
///
/// # Errors
/// When the database fails.
pub async fn insert_first(tx: &mut Tx<'_>, workspace: WorkspaceId, name: &str) -> Result<ProjectId> {
    insert(tx, workspace, name, (true, true)).await
}

/// Adds another project inside a command; its chat is off until it is switched on.
///
/// # Errors
/// When the database fails.
pub async fn insert_project(tx: &mut Tx<'_>, workspace: WorkspaceId, name: &str) -> Result<ProjectId> {
    insert(tx, workspace, name, (false, false)).await
}

async fn insert(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    name: &str,
    (is_default, has_chat): (bool, bool),
) -> Result<ProjectId> {
    let project = ProjectId(tx.clock().new_id());
    let row = table::ActiveModel {
        id: Set(project),
        workspace_id: Set(workspace),
        name: Set(name.to_owned()),
        is_default: Set(is_default),
        has_chat: Set(has_chat),
        only_specialists: Set(false),
        removed_at: Set(None),
        created_at: Set(tx.now()),
    };
    table::Entity::insert(row).exec_without_returning(&**tx).await?;
    tx.emit(workspace, Event::ProjectAdded { project })?;
    Ok(project)
}

/// Adds a project.
pub struct AddProject {
    pub may: Grant<ability::ManageProjects>,
    pub name: String,
}

impl Command for AddProject {
    type Answer = ProjectId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<ProjectId> {
        let workspace = self.may.scope.workspace;
        // Names are given one after another.
        departments::lock_names(tx, workspace).await?;
        let there = all_models(&**tx, workspace).await?;
        refuse_taken_name(&there, &self.name, None)?;
        if there.iter().filter(|project| project.removed_at.is_none()).count() >= PROJECTS_MAX {
            return Err(Error::refused_with(ErrorCode::ProjectsFull, json!({ "limit": PROJECTS_MAX })));
        }
        insert_project(tx, workspace, &self.name).await
    }
}

fn refuse_taken_name(there: &[table::Model], name: &str, own: Option<ProjectId>) -> Result<()> {
    let name = folded(name);
    let mut others = there.iter().filter(|other| other.removed_at.is_none() && Some(other.id) != own);
    if others.any(|other| folded(&other.name) == name) {
        return Err(Error::field("name", ErrorCode::NameInUse));
    }
    Ok(())
}

/// Renames a project, switches its chat on or off, says who serves it where nobody says otherwise, or removes it, and takes that back.
pub struct ChangeProject {
    pub may: Grant<ability::ManageProjects>,
    pub project: ProjectId,
    pub name: Option<String>,
    pub has_chat: Option<bool>,
    pub only_specialists: Option<bool>,
    pub is_removed: Option<bool>,
}

impl Command for ChangeProject {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        departments::lock_names(tx, workspace).await?;
        let model = tx.lock_row(one_by_id(workspace, self.project)).await?.ok_or(Error::not_found())?;
        let is_removed = self.is_removed.unwrap_or(model.removed_at.is_some());
        if is_removed {
            self.refuse_needed(tx, &model).await?;
        }
        let name = self.name.as_ref().unwrap_or(&model.name);
        let comes_back = model.removed_at.is_some() && !is_removed;
        if *name != model.name || comes_back {
            refuse_taken_name(&all_models(&**tx, workspace).await?, name, Some(self.project))?;
        }
        let removed_at = is_removed.then(|| model.removed_at.unwrap_or(tx.now()));
        let mut row: table::ActiveModel = model.clone().into();
        if *name != model.name {
            row.name = Set(name.clone());
        }
        if let Some(has_chat) = self.has_chat.filter(|has_chat| *has_chat != model.has_chat) {
            row.has_chat = Set(has_chat);
        }
        if let Some(only) = self.only_specialists.filter(|only| *only != model.only_specialists) {
            row.only_specialists = Set(only);
        }
        if removed_at != model.removed_at {
            row.removed_at = Set(removed_at);
        }
        if row.is_changed() {
            row.update(&**tx).await?;
            tx.emit(workspace, Event::ProjectChanged { project: self.project })?;
        }
        Ok(())
    }
}

impl ChangeProject {
    /// The first one stays, and so does one with departments: their conversations have to be somewhere.
    async fn refuse_needed(&self, tx: &Tx<'_>, model: &table::Model) -> Result<()> {
        if model.is_default {
            return Err(Error::refused(ErrorCode::DefaultProject));
        }
        let row = tx
            .query_one_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "SELECT id FROM departments WHERE workspace_id = $1 AND project_id = $2 LIMIT 1",
                [model.workspace_id.into(), model.id.into()],
            ))
            .await?;
        if row.is_some() { Err(Error::refused(ErrorCode::ProjectInUse)) } else { Ok(()) }
    }
}
