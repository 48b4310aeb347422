//! Removing a department that nothing is linked to (T-088). What has conversations is switched off instead, so that nothing said is lost.

use balcao_types::{DepartmentId, ErrorCode, Event, WorkspaceId};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter, Statement};
use serde_json::json;

use super::{change::lock_names, table};
use crate::{
    access::{Grant, ability},
    agents,
    error::{Error, Result},
    projects, quick_replies, shifts,
    tx::{Command, Tx},
};

/// Removes a department without conversations, offline messages and connections. Its people stay, in their other departments.
pub struct RemoveDepartment {
    pub may: Grant<ability::ManageDepartments>,
    pub department: DepartmentId,
}

impl Command for RemoveDepartment {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, department) = (self.may.scope.workspace, self.department);
        lock_names(tx, workspace).await?;
        let own = table::Entity::find_by_id(department).filter(table::Column::WorkspaceId.eq(workspace));
        let model = tx.lock_row(own).await?.ok_or(Error::not_found())?;
        if model.is_default {
            return Err(Error::refused(ErrorCode::DefaultDepartment));
        }
        refuse_linked(tx, workspace, department).await?;
        agents::leave_department(tx, workspace, department).await?;
        projects::forget_group(tx, workspace, department).await?;
        quick_replies::forget_department(tx, workspace, department).await?;
        shifts::forget_hours(tx, workspace, department.0).await?;
        for other in overflowing_into(tx, workspace, department).await? {
            let id = other.id;
            let mut row: table::ActiveModel = other.into();
            row.overflow_department_id = sea_orm::ActiveValue::Set(None);
            row.update(&**tx).await?;
            tx.emit(workspace, Event::DepartmentChanged { department: id })?;
        }
        model.delete(&**tx).await?;
        tx.emit(workspace, Event::DepartmentRemoved { department })
    }
}

async fn overflowing_into(tx: &Tx<'_>, workspace: WorkspaceId, department: DepartmentId) -> Result<Vec<table::Model>> {
    Ok(table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::OverflowDepartmentId.eq(department))
        .all(&**tx)
        .await?)
}

/// Refuses where something is linked, with how much of what.
async fn refuse_linked(tx: &Tx<'_>, workspace: WorkspaceId, department: DepartmentId) -> Result<()> {
    // A rating stays where it was given, wherever the conversation is since.
    let sql = "SELECT (SELECT COUNT(*) FROM conversations WHERE workspace_id = $1 AND department_id = $2) \
               + (SELECT COUNT(*) FROM ratings r JOIN conversations c ON c.id = r.conversation_id WHERE r.workspace_id = $1 \
               AND r.department_id = $2 AND c.department_id <> $2) AS conversations, \
               (SELECT COUNT(*) FROM offline_messages WHERE workspace_id = $1 AND department_id = $2) AS messages, \
               (SELECT COUNT(*) FROM connections WHERE workspace_id = $1 AND department_id = $2 AND removed_at IS NULL) AS connections";
    let values = [workspace.into(), department.into()];
    let row = tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    let row = row.ok_or(Error::not_found())?;
    let count = |name: &str| row.try_get::<i64>("", name);
    let (conversations, messages, connections) = (count("conversations")?, count("messages")?, count("connections")?);
    if conversations + messages + connections == 0 {
        return Ok(());
    }
    let linked = json!({ "conversations": conversations, "messages": messages, "connections": connections });
    Err(Error::refused_with(ErrorCode::DepartmentInUse, linked))
}
