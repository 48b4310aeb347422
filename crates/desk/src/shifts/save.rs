//! Saying when the company, a department or a person is there.

use balcao_types::{AgentId, DepartmentId, ErrorCode, Event, ShiftOwner, WorkspaceId, rules::hours::Hours};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::table;
use crate::{
    access::{Grant, ability},
    agents, departments,
    error::{Error, Result},
    tx::{Command, Tx},
    workspaces,
};

/// Saves somebody's hours whole, if nobody else has since `version`. They hold at once.
pub struct SaveHours {
    pub may: Grant<ability::ManageWorkspace>,
    pub owner: ShiftOwner,
    /// The department's or the person's; the workspace's own for the company.
    pub owner_id: Uuid,
    /// 0 where nothing was said before.
    pub version: i64,
    pub hours: Hours,
}

impl Command for SaveHours {
    type Answer = i64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<i64> {
        let workspace = self.may.scope.workspace;
        // Of two who save the first hours of the same owner, the second waits here and sees them.
        tx.lock_row(workspaces::one_by_id(workspace)).await?.ok_or(Error::not_found())?;
        self.refuse_unknown(tx).await?;
        let found = tx.lock_row(table::Entity::find_by_id((workspace, self.owner_id))).await?;
        if found.as_ref().map_or(0, |model| model.version) != self.version {
            return Err(Error::refused(ErrorCode::PreconditionFailed));
        }
        let row = table::ActiveModel {
            workspace_id: Set(workspace),
            owner_id: Set(self.owner_id),
            owner: Set(self.owner),
            document: Set(serde_json::to_string(&self.hours)?),
            version: Set(self.version + 1),
        };
        if found.is_some() {
            row.update(&**tx).await?
        } else {
            row.insert(&**tx).await?
        };
        tx.emit(workspace, Event::HoursChanged { owner: self.owner, id: self.owner_id })?;
        Ok(self.version + 1)
    }
}

impl SaveHours {
    async fn refuse_unknown(&self, tx: &Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let is_known = match self.owner {
            ShiftOwner::Company => self.owner_id == workspace.0,
            ShiftOwner::Department => {
                departments::department_by_id(&**tx, workspace, DepartmentId(self.owner_id)).await?.is_some()
            }
            ShiftOwner::Agent => {
                let found = agents::one_by_id(workspace, AgentId(self.owner_id)).one(&**tx).await?;
                found.is_some_and(|person| person.is_active)
            }
        };
        if is_known { Ok(()) } else { Err(Error::not_found()) }
    }
}

/// Forgets the hours of a department that is removed, inside a command.
///
/// # Errors
/// When the database fails.
pub async fn forget_hours(tx: &mut Tx<'_>, workspace: WorkspaceId, owner: Uuid) -> Result<()> {
    table::Entity::delete_many()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::OwnerId.eq(owner))
        .exec(&**tx)
        .await?;
    Ok(())
}
