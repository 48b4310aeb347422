//! Invitations: an agent exists from the moment of inviting, and sets the own password with a link that works once, for seven days.

use balcao_platform::secrets::{fingerprint, new_token};
use balcao_types::{AgentId, AgentStatus, ErrorCode, Event, Role, Timestamp, WorkspaceId, settings::AgentSettings};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

use super::{
    queries::{one_and_owners, one_by_id},
    table,
};
use crate::{
    access::{Grant, Membership, NewSession, ability, open_session},
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
        settings: Set(serde_json::to_string(&new.settings)?),
        created_at: Set(tx.now()),
    };
    row.insert(&**tx).await?;
    set_memberships(tx, workspace, agent, &new.memberships).await?;
    tx.emit(workspace, Event::AgentAdded { agent })?;
    Ok(agent)
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
        if self.new.role == Role::Owner && inviter.role != Role::Owner {
            return Err(Error::forbidden());
        }
        // Addresses are given away one after another: whoever does it holds the owners' rows.
        tx.lock_rows(one_and_owners(workspace, inviter.agent)).await?;
        let agent = insert_agent(tx, workspace, &self.new).await?;
        let invitation = new_invitation(tx, workspace, agent, inviter.agent).await?;
        Ok((agent, invitation))
    }
}

/// Makes a new link for somebody who has not accepted yet; the old one dies. An owner's link is for owners to make: it makes its holder one.
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
        if model.role == Role::Owner && inviter.role != Role::Owner {
            return Err(Error::forbidden());
        }
        if model.password_hash.is_some() {
            return Err(Error::refused(ErrorCode::InvitationAccepted));
        }
        new_invitation(tx, workspace, self.agent, inviter.agent).await
    }
}

async fn new_invitation(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    agent: AgentId,
    invited_by: AgentId,
) -> Result<NewInvitation> {
    let now = tx.now();
    let new = NewInvitation { token: new_token(), expires_at: now.plus_seconds(INVITATION_SECONDS) };
    table::invitation::Entity::delete_by_id(agent).exec(&**tx).await?;
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

/// The open invitation and its person behind a token.
///
/// # Errors
/// 404 `invitation_invalid` when it is unknown, used, has run out, or its person is deactivated.
pub async fn open_invitation(connection: &impl ConnectionTrait, token: &str, now: Timestamp) -> Result<table::Model> {
    let invalid = || Error::refused(ErrorCode::InvitationInvalid);
    let invitation = table::invitation::Entity::find()
        .filter(table::invitation::Column::TokenHash.eq(fingerprint(token)))
        .filter(table::invitation::Column::ExpiresAt.gt(now))
        .one(connection)
        .await?
        .ok_or_else(invalid)?;
    let agent = one_by_id(invitation.workspace_id, invitation.agent_id).one(connection).await?;
    agent.filter(|agent| agent.is_active && agent.password_hash.is_none()).ok_or_else(invalid)
}

/// Accepts an invitation: sets name and password, opens a session. The link is used up.
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
        table::invitation::Entity::delete_by_id(id).exec(&**tx).await?;
        tx.emit(workspace, Event::AgentChanged { agent: id })?;
        open_session(tx, workspace, id, &self.user_agent).await
    }
}
