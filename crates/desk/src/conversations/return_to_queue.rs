//! Returning an open conversation to the queue.

use balcao_types::{ConversationState, ErrorCode, Event, TimelineEvent};

use super::{
    close::refuse_colleagues,
    marks::unread_again,
    message::SystemLine,
    moving::save_place,
    table,
    take_back::MovedFrom,
    timeline::{Line, add_line},
};
use crate::{
    access::{AgentScope, Grant, ability},
    error::{Error, Result},
    routing::{self, Rule},
    tx::{Command, Tx},
};

/// Returns a conversation to the queue: one's own, or a colleague's in a department one manages. Waiting starts anew, and distribution gives it to somebody else first.
pub struct ReturnToQueue {
    pub may: Grant<ability::Close>,
}

impl Command for ReturnToQueue {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut conversation = tx.lock(&self.may).await?;
        let agent = self.may.agent();
        refuse_colleagues(&conversation, agent)?;
        match conversation.state {
            ConversationState::Queue => return Ok(()),
            ConversationState::Closed => return Err(Error::refused(ErrorCode::ConversationClosed)),
            ConversationState::Bot | ConversationState::Open => {}
        }
        let from = MovedFrom::before(&conversation, agent, tx.now());
        give_back(tx, &mut conversation, agent).await?;
        let rule = Rule::of(&**tx, conversation.workspace_id, conversation.department_id).await?;
        routing::assign(tx, &mut conversation, rule.ok_or(Error::not_found())?).await?;
        from.note(tx, &mut conversation).await
    }
}

/// Puts an open conversation back into its department's queue, inside a command.
pub(super) async fn give_back(tx: &mut Tx<'_>, conversation: &mut table::Model, agent: &AgentScope) -> Result<()> {
    let before = conversation.place();
    conversation.wait(tx.now());
    unread_again(tx, conversation).await?;
    save_place(tx, conversation).await?;
    let said = SystemLine { code: TimelineEvent::Returned, name: Some(agent.name.clone()), target: None };
    let line = Line::system(tx, conversation, said);
    add_line(tx, conversation, line).await?;
    let event = Event::ConversationReturned { before, place: conversation.place(), actor: agent.actor() };
    tx.emit(conversation.workspace_id, event)
}
