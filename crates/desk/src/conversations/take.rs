//! Taking a conversation from the queue: of two at once exactly one wins, and the other is told who (P-027).

use balcao_types::{ConversationState, ErrorCode, Event, TimelineEvent};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    message::SystemLine,
    table,
    timeline::{Line, add_line},
};
use crate::{
    access::{AgentScope, Grant, ability},
    error::{Error, Result},
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

/// Makes a waiting conversation the agent's, inside a command.
pub(super) async fn take(tx: &mut Tx<'_>, conversation: &mut table::Model, agent: &AgentScope) -> Result<()> {
    let before = conversation.place();
    conversation.state = ConversationState::Open;
    conversation.assignee_id = Some(agent.agent);
    conversation.assignee_name = Some(agent.name.clone());
    conversation.queued_at = None;
    conversation.taken_at = Some(tx.now());
    tx.save_conversation(table::ActiveModel {
        id: Set(conversation.id),
        state: Set(conversation.state),
        assignee_id: Set(conversation.assignee_id),
        assignee_name: Set(conversation.assignee_name.clone()),
        queued_at: Set(None),
        taken_at: Set(conversation.taken_at),
        ..Default::default()
    })
    .await?;
    let said = SystemLine { code: TimelineEvent::Taken, name: Some(agent.name.clone()), target: None };
    let line = Line::system(tx, conversation, said);
    add_line(tx, conversation, line).await?;
    let event = Event::ConversationTaken { before, place: conversation.place(), actor: agent.actor() };
    tx.emit(conversation.workspace_id, event)
}
