//! Changing people: by an administrator, and each the own profile.

use balcao_types::{
    AgentId, AgentStatus, ErrorCode, Event, Language, Role, SessionId, StatusOnLogin, Theme, WorkspaceId,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{
    invite::{
        drop_invitation, drop_invitation_below, refuse_idle_manager, refuse_unknown_departments, set_memberships,
    },
    presence::{begin_pause, set_status},
    queries::{memberships_of, one_and_owners, one_by_id},
    shift::refuse_outside_shift,
    table,
};
use crate::{
    access::{Grant, Membership, Scope, ability, end_sessions},
    error::{Error, Result},
    tickets,
    tx::{Command, Tx},
    workspaces,
};

/// What an administrator changes of a person. What is absent stays.
#[derive(Clone, Default)]
pub struct AgentChanges {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub memberships: Option<Vec<Membership>>,
    pub is_active: Option<bool>,
    pub status_on_login: Option<StatusOnLogin>,
    /// `None` inside: as the company says.
    pub simultaneous_limit: Option<Option<u32>>,
}

/// Changes a person. Deactivating ends the sessions at once (D-117); one cannot deactivate oneself, nor demote the last owner.
pub struct ChangeAgent {
    pub may: Grant<ability::ManageAgents>,
    pub agent: AgentId,
    pub changes: AgentChanges,
}

impl Command for ChangeAgent {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        // The owners too: of two who demote each other at once, one is refused.
        let locked = tx.lock_rows(one_and_owners(workspace, self.agent)).await?;
        let has_other_owner = locked.iter().any(|other| other.id != self.agent && other.is_active_owner());
        let model = locked.into_iter().find(|model| model.id == self.agent).ok_or(Error::not_found())?;
        self.refuse(&model, has_other_owner)?;
        if let Some(memberships) = &self.changes.memberships {
            refuse_unknown_departments(tx, workspace, memberships).await?;
        }
        self.refuse_idle_manager(tx, model.role).await?;
        apply_changes(tx, model, &self.changes).await
    }
}

/// Applies what may be changed to a person whose row is locked.
pub(super) async fn apply_changes(tx: &mut Tx<'_>, model: table::Model, changes: &AgentChanges) -> Result<()> {
    let (workspace, agent) = (model.workspace_id, model.id);
    let mut settings = model.settings()?;
    let was_active = model.is_active;
    let mut row: table::ActiveModel = model.into();
    if let Some(name) = &changes.name {
        row.name = Set(name.clone());
    }
    if let Some(role) = changes.role {
        row.role = Set(role);
        drop_invitation_below(tx, workspace, agent, role).await?;
    }
    if let Some(status_on_login) = changes.status_on_login {
        settings.status_on_login = status_on_login;
    }
    if let Some(simultaneous_limit) = changes.simultaneous_limit {
        settings.simultaneous_limit = simultaneous_limit;
    }
    if changes.status_on_login.is_some() || changes.simultaneous_limit.is_some() {
        row.settings = Set(serde_json::to_string(&settings)?);
    }
    if let Some(is_active) = changes.is_active {
        row.is_active = Set(is_active);
    }
    if changes.is_active == Some(false) {
        // Whoever comes back later has to log in first.
        row.connected_until = Set(None);
    }
    if let Some(memberships) = &changes.memberships {
        set_memberships(tx, workspace, agent, memberships).await?;
    }
    if row.is_changed() {
        row.update(&**tx).await?;
    }
    if was_active && changes.is_active == Some(false) {
        end_sessions(tx, workspace, agent, None).await?;
    }
    if changes.is_active == Some(false) || changes.memberships.is_some() || changes.role.is_some() {
        tickets::release(tx, workspace, agent).await?;
    }
    tx.emit(workspace, Event::AgentChanged { agent })
}

impl ChangeAgent {
    fn refuse(&self, model: &table::Model, has_other_owner: bool) -> Result<()> {
        let caller = self.may.agent();
        let loses_rank =
            self.changes.role.is_some_and(|role| role != model.role) || self.changes.is_active == Some(false);
        if self.agent == caller.agent && loses_rank {
            return Err(Error::refused(ErrorCode::NotYourself));
        }
        let roles = [Some(model.role), self.changes.role];
        if roles.into_iter().flatten().any(|role| !caller.role.may_manage(role)) {
            return Err(Error::forbidden());
        }
        if model.role == Role::Owner && loses_rank && !has_other_owner {
            return Err(Error::refused(ErrorCode::LastOwner));
        }
        Ok(())
    }

    async fn refuse_idle_manager(&self, tx: &Tx<'_>, present: Role) -> Result<()> {
        let role = self.changes.role.unwrap_or(present);
        match &self.changes.memberships {
            Some(memberships) => refuse_idle_manager(role, memberships),
            None if role != present => {
                refuse_idle_manager(role, &memberships_of(&**tx, self.may.scope.workspace, self.agent).await?)
            }
            None => Ok(()),
        }
    }
}

/// What a person changes of the own profile. What is absent stays; a language of `None` inside follows the browser.
#[derive(Clone, Default)]
pub struct ProfileChanges {
    pub name: Option<String>,
    pub language: Option<Option<Language>>,
    pub theme: Option<Theme>,
    pub status_on_login: Option<StatusOnLogin>,
    pub sound: Option<bool>,
    pub notify: Option<bool>,
}

/// Changes the own profile.
pub struct ChangeProfile {
    pub scope: Scope,
    pub changes: ProfileChanges,
}

impl Command for ChangeProfile {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let agent = self.scope.agent.agent;
        let model = tx.lock_row(one_by_id(self.scope.workspace, agent)).await?.ok_or(Error::not_found())?;
        let mut settings = model.settings()?;
        let mut row: table::ActiveModel = model.into();
        if let Some(name) = &self.changes.name {
            row.name = Set(name.clone());
        }
        settings.language = self.changes.language.unwrap_or(settings.language);
        settings.theme = self.changes.theme.unwrap_or(settings.theme);
        settings.status_on_login = self.changes.status_on_login.unwrap_or(settings.status_on_login);
        settings.sound = self.changes.sound.unwrap_or(settings.sound);
        settings.notify = self.changes.notify.unwrap_or(settings.notify);
        row.settings = Set(serde_json::to_string(&settings)?);
        row.update(&**tx).await?;
        tx.emit(self.scope.workspace, Event::AgentChanged { agent })
    }
}

/// Sets a new own password; every other session ends, and a link to set one is void.
pub struct ChangePassword {
    pub workspace: WorkspaceId,
    pub agent: AgentId,
    pub keep: SessionId,
    /// What the current password was compared with.
    pub known_hash: Option<String>,
    pub password_hash: String,
}

impl Command for ChangePassword {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let model = tx.lock_row(one_by_id(self.workspace, self.agent)).await?.ok_or(Error::not_found())?;
        if model.password_hash != self.known_hash {
            return Err(Error::field("current_password", ErrorCode::PasswordWrong));
        }
        let mut row: table::ActiveModel = model.into();
        row.password_hash = Set(Some(self.password_hash.clone()));
        row.update(&**tx).await?;
        drop_invitation(tx, self.agent).await?;
        end_sessions(tx, self.workspace, self.agent, Some(self.keep)).await
    }
}

/// Gives a locked-out person a new password, activates the account and ends every session. For whoever holds the machine.
pub struct ResetPassword {
    pub workspace: WorkspaceId,
    pub agent: AgentId,
    pub password_hash: String,
}

impl Command for ResetPassword {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let model = tx.lock_row(one_by_id(self.workspace, self.agent)).await?.ok_or(Error::not_found())?;
        let mut row: table::ActiveModel = model.into();
        row.password_hash = Set(Some(self.password_hash.clone()));
        row.is_active = Set(true);
        row.update(&**tx).await?;
        drop_invitation(tx, self.agent).await?;
        end_sessions(tx, self.workspace, self.agent, None).await
    }
}

/// Sets the own status (T-134).
pub struct ChangeStatus {
    pub scope: Scope,
    pub status: AgentStatus,
    /// The name of one of the company's pauses, for which one is away (T-139).
    pub pause: Option<String>,
}

impl Command for ChangeStatus {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let agent = self.scope.agent.agent;
        let model = tx.lock_row(one_by_id(self.scope.workspace, agent)).await?.ok_or(Error::not_found())?;
        if self.status != AgentStatus::Offline {
            refuse_outside_shift(tx, &model).await?;
        }
        let Some(name) = &self.pause else {
            return set_status(tx, self.scope.workspace, agent, model.status, self.status).await;
        };
        let company = workspaces::by_id(&**tx, self.scope.workspace).await?.ok_or(Error::not_found())?;
        let meant = company.settings.pauses.into_iter().find(|pause| pause.is_active && pause.name == *name);
        match meant {
            Some(pause) if self.status == AgentStatus::Away => begin_pause(tx, &model, &pause).await,
            _ => Err(Error::field("pause", ErrorCode::PauseUnknown)),
        }
    }
}
