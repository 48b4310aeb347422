//! The logged-in person, with everything the console needs at its start.

use balcao_types::{
    AgentId, AgentStatus, DepartmentId, Language, Permission, Role, StatusOnLogin, Theme, rules::routing::strictest,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{presence::Paused, queries::one_by_id};
use crate::{
    Desk,
    access::Scope,
    departments,
    error::{Error, Result},
    shifts::{ShiftNow, shift_of},
    workspaces::{self, Workspace},
};

/// The logged-in person.
#[derive(Serialize, ToSchema)]
pub struct Me {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// None follows the browser.
    pub language: Option<Language>,
    pub theme: Theme,
    /// The chosen status.
    pub status: AgentStatus,
    /// For what one has stepped away.
    pub pause: Option<Paused>,
    pub shift: ShiftNow,
    pub status_on_login: StatusOnLogin,
    pub sound: bool,
    pub notify: bool,
    /// How many conversations distribution leaves the person with at once.
    pub simultaneous_limit: u32,
    pub departments: Vec<MyDepartment>,
    pub workspace: Workspace,
    pub permissions: Vec<Permission>,
    /// The roles the person may give, and whose people the person may change.
    pub manages: Vec<Role>,
}

/// A department the person belongs to.
#[derive(Serialize, ToSchema)]
pub struct MyDepartment {
    pub id: DepartmentId,
    pub name: String,
    pub is_manager: bool,
}

/// Reads the person of a scope.
///
/// # Errors
/// When the database cannot be read, or the person is gone.
pub async fn me(desk: &Desk, scope: &Scope) -> Result<Me> {
    let agent = &scope.agent;
    let read = desk.store.read();
    let model = one_by_id(scope.workspace, agent.agent).one(read).await?.ok_or(Error::not_found())?;
    let settings = model.settings()?;
    let pause = model.chosen_pause();
    let names = departments::names(read, scope.workspace).await?;
    let departments = agent
        .memberships
        .iter()
        .filter_map(|membership| {
            let name = names.get(&membership.id)?.clone();
            Some(MyDepartment { id: membership.id, name, is_manager: membership.is_manager })
        })
        .collect();
    let shift = shift_of(read, scope.workspace, model.id, desk.clock.now()).await?;
    let workspace = workspaces::by_id(read, scope.workspace).await?.ok_or(Error::not_found())?;
    Ok(Me {
        id: model.id,
        name: model.name,
        email: model.email,
        role: model.role,
        language: settings.language,
        theme: settings.theme,
        status: model.status,
        pause,
        shift,
        status_on_login: settings.status_on_login,
        sound: settings.sound,
        notify: settings.notify,
        departments,
        simultaneous_limit: strictest(workspace.settings.simultaneous_limit, None, settings.simultaneous_limit),
        workspace,
        permissions: model.role.permissions(),
        manages: model.role.manageable(),
    })
}
