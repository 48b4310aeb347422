//! Invitations: an agent exists from the moment of inviting, and sets the own password with a link that works once, for seven days.
//! Who has forgotten the password gets such a link too.

use balcao_platform::secrets::{fingerprint, new_token};
use balcao_types::{
    AgentId, AgentStatus, DepartmentId, ErrorCode, Event, Role, Timestamp, WorkspaceId, settings::AgentSettings,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

use super::{
    by_mail::mail_too,
    queries::{one_and_owners, one_by_id},
    table,
};
use crate::{
    access::{Grant, Membership, NewSession, ability, end_sessions, open_session},
    checks::email_key,
    departments,
    error::{Error, Result},
    tx::{Command, Tx},
};

const INVITATION_SECONDS: i64 = 7 * 86_400;

/// A link to accept an invitation.
pub struct NewInvitation {
    pub token: String,
    pub expires_at: Timestamp,
    /// The address it is mailed to as well, where mail is set up (T-087).
    pub mailed_to: Option<String>,
}

/// A person to add.
#[derive(Clone)]
pub struct NewAgent {
    pub name: String,
    pub email: String,
    pub role: Role,
    pub memberships: Vec<Membership>,
    pub password_hash: Option<String>,
    pub settings: AgentSettings,
}

/// Adds a person inside a command.
///
/// # Errors
/// 422 on `email` when somebody has the address already, on `departments` when one is unknown.
pub async fn insert_agent(tx: &mut Tx<'_>, workspace: WorkspaceId, new: &NewAgent) -> Result<AgentId> {
    let taken = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::EmailKey.eq(email_key(&new.email)))
        .one(&**tx)
        .await?;
    if taken.is_some() {
        return Err(Error::field("email", ErrorCode::EmailInUse));
    }
    refuse_unknown_departments(tx, workspace, &new.memberships).await?;
    let agent = AgentId(tx.clock().new_id());
    let row = table::ActiveModel {
        id: Set(agent),
        workspace_id: Set(workspace),
        name: Set(new.name.clone()),
        email: Set(new.email.clone()),
        email_key: Set(email_key(&new.email)),
        password_hash: Set(new.password_hash.clone()),
        role: Set(new.role),
        is_active: Set(true),
        status: Set(AgentStatus::Offline),
        connected_until: Set(None),
        assigned_at: Set(None),
        status_since: Set(None),
        pause: Set(None),
        pause_until: Set(None),
        shift_status: Set(None),
        extended_until: Set(None),
        settings: Set(serde_json::to_string(&new.settings)?),
        created_at: Set(tx.now()),
    };
    row.insert(&**tx).await?;
    set_memberships(tx, workspace, agent, &new.memberships).await?;
    tx.emit(workspace, Event::AgentAdded { agent })?;
    Ok(agent)
}

/// Refuses a manager who manages nothing.
pub(super) fn refuse_idle_manager(role: Role, memberships: &[Membership]) -> Result<()> {
    let manages = memberships.iter().any(|membership| membership.is_manager);
    if role == Role::Manager && !manages { Err(Error::field("departments", ErrorCode::ManagesNothing)) } else { Ok(()) }
}

/// Refuses departments that the workspace does not have; asked before anything is written.
pub(super) async fn refuse_unknown_departments(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    memberships: &[Membership],
) -> Result<()> {
    let known = departments::names(&**tx, workspace).await?;
    let are_known = memberships.iter().all(|membership| known.contains_key(&membership.id));
    if are_known { Ok(()) } else { Err(Error::field("departments", ErrorCode::DepartmentUnknown)) }
}

/// Replaces the departments of a person by others, which are known.
pub(super) async fn set_memberships(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    agent: AgentId,
    memberships: &[Membership],
) -> Result<()> {
    let engine = tx.get_database_backend();
    tx.execute_raw(Statement::from_sql_and_values(
        engine,
        "DELETE FROM department_agents WHERE workspace_id = $1 AND agent_id = $2",
        [workspace.into(), agent.into()],
    ))
    .await?;
    for membership in memberships {
        tx.execute_raw(Statement::from_sql_and_values(
            engine,
            "INSERT INTO department_agents (workspace_id, department_id, agent_id, is_manager) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (workspace_id, department_id, agent_id) DO UPDATE SET is_manager = excluded.is_manager",
            [workspace.into(), membership.id.into(), agent.into(), membership.is_manager.into()],
        ))
        .await?;
    }
    Ok(())
}

/// Takes everybody out of a department that is removed, inside a command.
///
/// # Errors
/// When the database fails.
pub async fn leave_department(tx: &mut Tx<'_>, workspace: WorkspaceId, department: DepartmentId) -> Result<()> {
    let engine = tx.get_database_backend();
    let values = || [workspace.into(), department.into()];
    let sql = "SELECT agent_id FROM department_agents WHERE workspace_id = $1 AND department_id = $2 ORDER BY agent_id";
    let rows = tx.query_all_raw(Statement::from_sql_and_values(engine, sql, values())).await?;
    let sql = "DELETE FROM department_agents WHERE workspace_id = $1 AND department_id = $2";
    tx.execute_raw(Statement::from_sql_and_values(engine, sql, values())).await?;
    for row in rows {
        tx.emit(workspace, Event::AgentChanged { agent: row.try_get("", "agent_id")? })?;
    }
    Ok(())
}

/// Invites a person.
pub struct Invite {
    pub may: Grant<ability::ManageAgents>,
    pub new: NewAgent,
}

impl Command for Invite {
    type Answer = (AgentId, NewInvitation);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(AgentId, NewInvitation)> {
        let workspace = self.may.scope.workspace;
        let inviter = self.may.agent();
        if !inviter.role.may_manage(self.new.role) {
            return Err(Error::forbidden());
        }
        refuse_idle_manager(self.new.role, &self.new.memberships)?;
        // Addresses are given away one after another: whoever does it holds the owners' rows.
        tx.lock_rows(one_and_owners(workspace, inviter.agent)).await?;
        let agent = insert_agent(tx, workspace, &self.new).await?;
        let mut invitation = new_invitation(tx, workspace, agent, inviter.agent).await?;
        mail_too(tx, workspace, (agent, &self.new.email), &mut invitation).await?;
        Ok((agent, invitation))
    }
}

/// Makes a new link for somebody, with which the person sets a password; the link before it dies. Whoever holds it is that person: nobody
/// makes one for a role they may not manage, nor for themselves.
pub struct InviteAgain {
    pub may: Grant<ability::ManageAgents>,
    pub agent: AgentId,
}

impl Command for InviteAgain {
    type Answer = NewInvitation;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<NewInvitation> {
        let workspace = self.may.scope.workspace;
        let inviter = self.may.agent();
        let model = tx.lock_row(one_by_id(workspace, self.agent)).await?.ok_or(Error::not_found())?;
        if !inviter.role.may_manage(model.role) {
            return Err(Error::forbidden());
        }
        if self.agent == inviter.agent {
            return Err(Error::refused(ErrorCode::NotYourself));
        }
        let mut invitation = new_invitation(tx, workspace, self.agent, inviter.agent).await?;
        mail_too(tx, workspace, (self.agent, &model.email), &mut invitation).await?;
        Ok(invitation)
    }
}

pub(super) async fn new_invitation(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    agent: AgentId,
    invited_by: AgentId,
) -> Result<NewInvitation> {
    let now = tx.now();
    let new = NewInvitation { token: new_token(), expires_at: now.plus_seconds(INVITATION_SECONDS), mailed_to: None };
    drop_invitation(tx, agent).await?;
    let row = table::invitation::ActiveModel {
        agent_id: Set(agent),
        workspace_id: Set(workspace),
        token_hash: Set(fingerprint(&new.token)),
        invited_by: Set(invited_by),
        created_at: Set(now),
        expires_at: Set(new.expires_at),
    };
    row.insert(&**tx).await?;
    Ok(new)
}

/// Makes a person's open link void, if there is one, and those that were mailed.
pub(super) async fn drop_invitation(tx: &Tx<'_>, agent: AgentId) -> Result<()> {
    table::invitation::Entity::delete_by_id(agent).exec(&**tx).await?;
    table::invitation_link::Entity::delete_many()
        .filter(table::invitation_link::Column::AgentId.eq(agent))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Makes a person's open link void, unless who made it may make one for the role too.
pub(super) async fn drop_invitation_below(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    agent: AgentId,
    role: Role,
) -> Result<()> {
    match table::invitation::Entity::find_by_id(agent).one(&**tx).await? {
        Some(invitation) if !is_vouched_for(&**tx, workspace, invitation.invited_by, role).await? => {
            drop_invitation(tx, agent).await
        }
        _ => Ok(()),
    }
}

/// Whether somebody works here still and may manage the role.
async fn is_vouched_for(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    by: AgentId,
    role: Role,
) -> Result<bool> {
    let inviter = one_by_id(workspace, by).one(connection).await?;
    Ok(inviter.is_some_and(|inviter| inviter.is_active && inviter.role.may_manage(role)))
}

/// The person behind an open link.
///
/// # Errors
/// 404 `invitation_invalid` when it is unknown, used, has run out, its person is deactivated, or who made it could not make it now.
pub async fn open_invitation(connection: &impl ConnectionTrait, token: &str, now: Timestamp) -> Result<table::Model> {
    let invalid = || Error::refused(ErrorCode::InvitationInvalid);
    let hash = fingerprint(token);
    let invitation = match table::invitation_link::Entity::find_by_id(hash.clone()).one(connection).await? {
        Some(link) => table::invitation::Entity::find_by_id(link.agent_id),
        None => table::invitation::Entity::find().filter(table::invitation::Column::TokenHash.eq(hash)),
    };
    let invitation = invitation.one(connection).await?.ok_or_else(invalid)?;
    invited(connection, &invitation, now).await?.ok_or_else(invalid)
}

/// The person of an invitation, while it is good: it has not run out, the person is active, and who made it could make it now.
pub(super) async fn invited(
    connection: &impl ConnectionTrait,
    invitation: &table::invitation::Model,
    now: Timestamp,
) -> Result<Option<table::Model>> {
    let agent = one_by_id(invitation.workspace_id, invitation.agent_id).one(connection).await?;
    let Some(agent) = agent.filter(|agent| agent.is_active && invitation.expires_at > now) else { return Ok(None) };
    let is_vouched = is_vouched_for(connection, agent.workspace_id, invitation.invited_by, agent.role).await?;
    Ok(is_vouched.then_some(agent))
}

/// Accepts a link: sets name and password, ends every session of before, opens one. The link is used up.
pub struct Accept {
    pub token: String,
    pub name: String,
    pub password_hash: String,
    pub user_agent: String,
}

impl Command for Accept {
    type Answer = NewSession;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<NewSession> {
        let now = tx.now();
        let found = open_invitation(&**tx, &self.token, now).await?;
        let (id, workspace) = (found.id, found.workspace_id);
        tx.lock_row(one_by_id(workspace, id)).await?;
        // Looked at again under the lock: of two who use the link at once, one is late.
        let agent = open_invitation(&**tx, &self.token, now).await?;
        let mut row: table::ActiveModel = agent.into();
        row.name = Set(self.name.clone());
        row.password_hash = Set(Some(self.password_hash.clone()));
        row.update(&**tx).await?;
        drop_invitation(tx, id).await?;
        end_sessions(tx, workspace, id, None).await?;
        tx.emit(workspace, Event::AgentChanged { agent: id })?;
        open_session(tx, workspace, id, &self.user_agent).await
    }
}
