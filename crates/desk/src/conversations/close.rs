//! Closing a conversation. Closing it twice changes nothing and tells nobody.

use balcao_types::{Actor, ContactId, ConversationId, ConversationState, Event, TimelineEvent, WorkspaceId};
use sea_orm::ActiveValue::Set;

use super::{
    message::SystemLine,
    moving::ClosedFrom,
    switched::{Deed, refuse_switched_off},
    table,
    take::refuse_level_of,
    timeline::{Line, add_line},
};
use crate::{
    access::{AgentScope, Grant, ability},
    error::{Error, Result},
    surveys,
    tx::{Command, Tx},
};

/// Closes a conversation for an agent: one's own, a waiting one that one may take, or any in a department one manages (T-106, T-107).
pub struct Close {
    pub may: Grant<ability::Close>,
}

impl Command for Close {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut conversation = tx.lock(&self.may).await?;
        let agent = self.may.agent();
        refuse_colleagues(&conversation, agent)?;
        if conversation.state == ConversationState::Queue && !agent.manages(conversation.department_id) {
            refuse_level_of(tx, &conversation, agent).await?;
        }
        refuse_switched_off(tx, &conversation, agent, Deed::Close).await?;
        let said = SystemLine { code: TimelineEvent::Closed, name: Some(agent.name.clone()), target: None };
        let line = Line::system(tx, &conversation, said);
        close(tx, &mut conversation, agent.actor(), line).await
    }
}

/// Refuses acting on a colleague's conversation without managing its department.
pub(super) fn refuse_colleagues(conversation: &table::Model, agent: &AgentScope) -> Result<()> {
    let is_colleagues = conversation.assignee_id.is_some_and(|assignee| assignee != agent.agent);
    if is_colleagues && !agent.manages(conversation.department_id) { Err(Error::forbidden()) } else { Ok(()) }
}

/// Closes a conversation for its visitor, where the connection allows it (D-022, D-023).
pub struct CloseByVisitor {
    pub workspace: WorkspaceId,
    pub contact: ContactId,
    pub conversation: ConversationId,
}

impl Command for CloseByVisitor {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let visitor = (self.workspace, self.contact);
        let mut conversation = tx.lock_visitors_conversation(visitor, self.conversation).await?;
        let said = SystemLine { code: TimelineEvent::ClosedByVisitor, name: None, target: None };
        let line = Line::system(tx, &conversation, said);
        close(tx, &mut conversation, Actor::visitor(), line).await
    }
}

/// Asks its visitor no more, inside the command that has the answer.
///
/// # Errors
/// When the database fails.
pub async fn end_survey(tx: &Tx<'_>, conversation: &mut table::Model) -> Result<()> {
    conversation.survey = None;
    let row = table::ActiveModel { id: Set(conversation.id), survey: Set(None), ..Default::default() };
    tx.save_conversation(row).await
}

/// Closes a conversation inside a command; the line tells of it.
pub(super) async fn close(tx: &mut Tx<'_>, conversation: &mut table::Model, actor: Actor, line: Line) -> Result<()> {
    if conversation.state.is_closed() {
        return Ok(());
    }
    let before = conversation.place();
    let from = ClosedFrom {
        by: actor.id,
        queued_at: conversation.queued_at,
        unread: conversation.unread,
        waiting_since: conversation.waiting_since,
        read_seq: conversation.read_seq,
    };
    conversation.closed_from = Some(serde_json::to_string(&from)?);
    let survey = surveys::ask(tx, conversation).await?;
    conversation.survey = survey.map(|asked| serde_json::to_string(&asked)).transpose()?;
    conversation.state = ConversationState::Closed;
    conversation.queued_at = None;
    conversation.closed_at = Some(tx.now());
    conversation.unread = 0;
    conversation.waiting_since = None;
    conversation.read_seq = conversation.last_seq;
    tx.save_conversation(table::ActiveModel {
        id: Set(conversation.id),
        state: Set(conversation.state),
        queued_at: Set(None),
        closed_at: Set(conversation.closed_at),
        closed_from: Set(conversation.closed_from.clone()),
        survey: Set(conversation.survey.clone()),
        read_seq: Set(conversation.read_seq),
        ..Default::default()
    })
    .await?;
    add_line(tx, conversation, line).await?;
    tx.emit(conversation.workspace_id, Event::ConversationClosed { before, place: conversation.place(), actor })
}
