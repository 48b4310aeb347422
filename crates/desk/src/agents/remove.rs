//! Removing a person whom no conversation names (T-088). Whoever served somebody is deactivated instead, so that it stays known who it was.

use balcao_types::{AgentId, ErrorCode, Event, Role, WorkspaceId};
use sea_orm::{ConnectionTrait, ModelTrait, Statement};
use serde_json::json;

use super::{
    invite::{drop_invitation, set_memberships},
    queries::one_and_owners,
};
use crate::{
    access::{Grant, ability, end_sessions},
    error::{Error, Result},
    projects, shifts,
    tx::{Command, Tx},
};

/// Removes a person without conversations, offline messages and tickets: somebody who was invited by mistake, or never served anybody.
pub struct RemoveAgent {
    pub may: Grant<ability::ManageAgents>,
    pub agent: AgentId,
}

impl Command for RemoveAgent {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, agent, caller) = (self.may.scope.workspace, self.agent, self.may.agent());
        // The owners too: of two who remove each other at once, one is refused.
        let locked = tx.lock_rows(one_and_owners(workspace, agent)).await?;
        let has_other_owner = locked.iter().any(|other| other.id != agent && other.is_active_owner());
        let model = locked.into_iter().find(|model| model.id == agent).ok_or(Error::not_found())?;
        if agent == caller.agent {
            return Err(Error::refused(ErrorCode::NotYourself));
        }
        if !caller.role.may_manage(model.role) {
            return Err(Error::forbidden());
        }
        if model.role == Role::Owner && !has_other_owner {
            return Err(Error::refused(ErrorCode::LastOwner));
        }
        refuse_linked(tx, workspace, agent).await?;
        set_memberships(tx, workspace, agent, &[]).await?;
        drop_invitation(tx, agent).await?;
        projects::forget_person(tx, workspace, agent).await?;
        shifts::forget_hours(tx, workspace, agent.0).await?;
        end_sessions(tx, workspace, agent, None).await?;
        model.delete(&**tx).await?;
        tx.emit(workspace, Event::AgentRemoved { agent })
    }
}

/// Refuses where something names the person, with how much of what.
async fn refuse_linked(tx: &Tx<'_>, workspace: WorkspaceId, agent: AgentId) -> Result<()> {
    // A rating is whose answer was the last, whoever has the conversation since.
    let sql = "SELECT (SELECT COUNT(*) FROM conversations WHERE workspace_id = $1 AND assignee_id = $2) \
               + (SELECT COUNT(*) FROM ratings r JOIN conversations c ON c.id = r.conversation_id WHERE r.workspace_id = $1 \
               AND r.agent_id = $2 AND (c.assignee_id IS NULL OR c.assignee_id <> $2)) AS conversations, \
               (SELECT COUNT(*) FROM offline_entries WHERE workspace_id = $1 AND agent_id = $2) AS messages, \
               (SELECT COUNT(*) FROM tickets t WHERE t.workspace_id = $1 AND (t.assignee_id = $2 OR EXISTS (SELECT 1 FROM ticket_changes c \
               WHERE c.workspace_id = $1 AND c.ticket_id = t.id AND c.agent_id = $2))) AS tickets";
    let values = [workspace.into(), agent.into()];
    let row = tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    let row = row.ok_or(Error::not_found())?;
    let count = |name: &str| row.try_get::<i64>("", name);
    let (conversations, messages, tickets) = (count("conversations")?, count("messages")?, count("tickets")?);
    if conversations + messages + tickets == 0 {
        return Ok(());
    }
    let linked = json!({ "conversations": conversations, "messages": messages, "tickets": tickets });
    Err(Error::refused_with(ErrorCode::AgentInUse, linked))
}
