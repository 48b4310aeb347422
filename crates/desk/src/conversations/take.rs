//! Taking a conversation from the queue, or being given it: of two at once exactly one wins, and the other is told who (P-027).

use balcao_types::{Actor, ConversationState, ErrorCode, Event, TimelineEvent};
use serde_json::json;

use super::{
    message::SystemLine,
    moving::{Assignee, save_place},
    said::say_initial,
    switched::{Deed, refuse_switched_off},
    table,
    take_back::keep,
    timeline::{Line, add_line},
};
use crate::{
    access::{AgentScope, Grant, ability},
    error::{Error, Result},
    projects,
    tx::{Command, Tx},
};

/// Takes a queued conversation. Taking one's own again changes nothing.
pub struct Take {
    pub may: Grant<ability::Take>,
}

impl Command for Take {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut conversation = tx.lock(&self.may).await?;
        let agent = self.may.agent();
        match conversation.state {
            ConversationState::Queue | ConversationState::Bot => take(tx, &mut conversation, agent).await,
            ConversationState::Open if conversation.assignee_id == Some(agent.agent) => Ok(()),
            ConversationState::Open => Err(already_taken(&conversation)),
            ConversationState::Closed => Err(Error::refused(ErrorCode::ConversationClosed)),
        }
    }
}

/// Who was faster.
pub(super) fn already_taken(conversation: &table::Model) -> Error {
    Error::refused_with(ErrorCode::AlreadyTaken, json!({ "agent_name": conversation.assignee_name }))
}

/// Makes a waiting conversation the agent's, inside a command. Level 2 takes only what was handed on.
pub(super) async fn take(tx: &mut Tx<'_>, conversation: &mut table::Model, agent: &AgentScope) -> Result<()> {
    refuse_level_of(tx, conversation, agent).await?;
    refuse_switched_off(tx, conversation, agent, Deed::Take).await?;
    open_with(tx, conversation, Assignee::of(agent), (TimelineEvent::Taken, agent.actor())).await
}

/// Refuses an agent whose level may not have a conversation.
///
/// # Errors
/// 409 with the reason.
pub(super) async fn refuse_level_of(tx: &Tx<'_>, conversation: &table::Model, agent: &AgentScope) -> Result<()> {
    let (workspace, department) = (conversation.workspace_id, conversation.department_id);
    let level = projects::level_in(&**tx, workspace, department, agent.agent).await?;
    projects::refuse_level(level, conversation.is_handed_on())
}

/// Gives a waiting conversation to somebody by distribution, inside a command (T-089).
///
/// # Errors
/// When the database fails.
pub async fn assign_to(tx: &mut Tx<'_>, conversation: &mut table::Model, assignee: Assignee) -> Result<()> {
    open_with(tx, conversation, assignee, (TimelineEvent::Assigned, Actor::system())).await
}

async fn open_with(
    tx: &mut Tx<'_>,
    conversation: &mut table::Model,
    assignee: Assignee,
    (code, actor): (TimelineEvent, Actor),
) -> Result<()> {
    let before = conversation.place();
    let said = SystemLine { code, name: Some(assignee.name.clone()), target: None };
    let now = tx.now();
    conversation.open_with(assignee, now);
    // Taken anew, each time it is.
    conversation.taken_at = Some(now);
    let moved = conversation.closed_from.take();
    save_place(tx, conversation).await?;
    keep(tx, conversation, moved).await?;
    let line = Line::system(tx, conversation, said);
    add_line(tx, conversation, line).await?;
    let event = Event::ConversationTaken { before, place: conversation.place(), actor };
    tx.emit(conversation.workspace_id, event)?;
    say_initial(tx, conversation).await
}
