//! Returning an open conversation to the queue.

use balcao_types::{ConversationState, ErrorCode, Event, TimelineEvent};
use sea_orm::ActiveValue::Set;

use super::{
    close::refuse_colleagues,
    message::SystemLine,
    table,
    timeline::{Line, add_line},
};
use crate::{
    access::{Grant, ability},
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Returns a conversation to the queue: one's own, or a colleague's in a department one manages. Waiting starts anew.
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
        let before = conversation.place();
        conversation.state = ConversationState::Queue;
        conversation.assignee_id = None;
        conversation.assignee_name = None;
        conversation.queued_at = Some(tx.now());
        tx.save_conversation(table::ActiveModel {
            id: Set(conversation.id),
            state: Set(conversation.state),
            assignee_id: Set(None),
            assignee_name: Set(None),
            queued_at: Set(conversation.queued_at),
            ..Default::default()
        })
        .await?;
        let said = SystemLine { code: TimelineEvent::Returned, name: Some(agent.name.clone()), target: None };
        let line = Line::system(tx, &conversation, said);
        add_line(tx, &mut conversation, line).await?;
        let event = Event::ConversationReturned { before, place: conversation.place(), actor: agent.actor() };
        tx.emit(conversation.workspace_id, event)
    }
}
