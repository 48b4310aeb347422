//! Returning an open conversation to the queue.

use balcao_types::{
    Actor, AgentStatus, ContactId, ConversationId, ConversationState, ErrorCode, Event, TimelineEvent, WorkspaceId,
};

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
    agents,
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
        distribute(tx, &mut conversation).await?;
        from.note(tx, &mut conversation).await
    }
}

/// Returns a conversation to the queue for its visitor, who would wait for somebody who has gone while others are there (T-112).
pub struct ReturnByVisitor {
    pub workspace: WorkspaceId,
    pub contact: ContactId,
    pub conversation: ConversationId,
}

impl Command for ReturnByVisitor {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let visitor = (self.workspace, self.contact);
        let mut conversation = tx.lock_visitors_conversation(visitor, self.conversation).await?;
        match (conversation.state, conversation.assignee_id) {
            (ConversationState::Closed, _) => return Err(Error::refused(ErrorCode::ConversationClosed)),
            (ConversationState::Open, Some(assignee)) => {
                let person = agents::one_by_id(self.workspace, assignee).one(&**tx).await?;
                if person.is_some_and(|person| person.effective_status(tx.now()) != AgentStatus::Offline) {
                    return Err(Error::refused(ErrorCode::AgentIsThere));
                }
                let (place, is_handed_on) = (conversation.department_id, conversation.is_handed_on());
                if !routing::is_anybody_online(&**tx, self.workspace, place, is_handed_on, tx.now()).await? {
                    return Err(Error::refused(ErrorCode::NobodyThere));
                }
            }
            _ => return Ok(()),
        }
        let said = SystemLine { code: TimelineEvent::ReturnedByVisitor, name: None, target: None };
        // The wait is the visitor's, not the agent's: who was never answered keeps it.
        conversation.queued_at = conversation.waiting_since;
        let line = Line::system(tx, &conversation, said);
        put_back(tx, &mut conversation, Actor::visitor(), line).await?;
        distribute(tx, &mut conversation).await
    }
}

async fn distribute(tx: &mut Tx<'_>, conversation: &mut table::Model) -> Result<()> {
    let rule = Rule::of(&**tx, conversation.workspace_id, conversation.department_id).await?;
    routing::assign(tx, conversation, &rule.ok_or(Error::not_found())?).await
}

/// Puts an open conversation back into its department's queue and distributes it, for the program itself.
///
/// # Errors
/// When the database fails.
pub(super) async fn put_back_and_distribute(
    tx: &mut Tx<'_>,
    conversation: &mut table::Model,
    line: Line,
) -> Result<()> {
    put_back(tx, conversation, Actor::system(), line).await?;
    distribute(tx, conversation).await
}

/// Puts an open conversation back into its department's queue for an agent, inside a command.
pub(super) async fn give_back(tx: &mut Tx<'_>, conversation: &mut table::Model, agent: &AgentScope) -> Result<()> {
    let said = SystemLine { code: TimelineEvent::Returned, name: Some(agent.name.clone()), target: None };
    let line = Line::system(tx, conversation, said);
    put_back(tx, conversation, agent.actor(), line).await
}

async fn put_back(tx: &mut Tx<'_>, conversation: &mut table::Model, actor: Actor, line: Line) -> Result<()> {
    let before = conversation.place();
    conversation.wait(tx.now());
    unread_again(tx, conversation).await?;
    save_place(tx, conversation).await?;
    add_line(tx, conversation, line).await?;
    let event = Event::ConversationReturned { before, place: conversation.place(), actor };
    tx.emit(conversation.workspace_id, event)
}
