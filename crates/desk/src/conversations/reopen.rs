//! Reopening a closed conversation (P-113): it becomes the agent's who reopens it.

use balcao_types::{ConversationState, ErrorCode, Event, TimelineEvent};
use sea_orm::{ActiveValue::Set, ConnectionTrait, Statement};

use super::{
    message::SystemLine,
    queries::place_of,
    table,
    timeline::{Line, add_line},
};
use crate::{
    access::{Grant, ability},
    contacts::lock_identities,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Reopens a closed conversation. Refused while the contact has another one under way on the same connection.
pub struct Reopen {
    pub may: Grant<ability::Close>,
}

impl Command for Reopen {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        // The identities before the conversation, as for a visitor's message: of a new conversation and a reopened one at once, one is late.
        let (workspace, conversation) = (self.may.scope.workspace, self.may.subject);
        let place = place_of(&**tx, workspace, conversation).await?.ok_or(Error::not_found())?;
        lock_identities(tx, workspace, place.contact).await?;
        let mut conversation = tx.lock(&self.may).await?;
        if !conversation.state.is_closed() {
            return Ok(());
        }
        if has_another(tx, &conversation).await? {
            return Err(Error::refused(ErrorCode::Conflict));
        }
        let agent = self.may.agent();
        let before = conversation.place();
        conversation.state = ConversationState::Open;
        conversation.assignee_id = Some(agent.agent);
        conversation.assignee_name = Some(agent.name.clone());
        conversation.closed_at = None;
        save_reopened(tx, &conversation).await?;
        let said = SystemLine { code: TimelineEvent::Reopened, name: Some(agent.name.clone()), target: None };
        let line = Line::system(tx, &conversation, said);
        add_line(tx, &mut conversation, line).await?;
        let event = Event::ConversationReopened { before, place: conversation.place(), actor: agent.actor() };
        tx.emit(conversation.workspace_id, event)
    }
}

/// Writes a reopened conversation's state.
pub(super) async fn save_reopened(tx: &Tx<'_>, conversation: &table::Model) -> Result<()> {
    tx.save_conversation(table::ActiveModel {
        id: Set(conversation.id),
        state: Set(conversation.state),
        assignee_id: Set(conversation.assignee_id),
        assignee_name: Set(conversation.assignee_name.clone()),
        closed_at: Set(None),
        ..Default::default()
    })
    .await
}

async fn has_another(tx: &Tx<'_>, conversation: &table::Model) -> Result<bool> {
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "SELECT id FROM conversations WHERE workspace_id = $1 AND connection_id = $2 AND contact_id = $3 AND state <> 'closed'",
            [conversation.workspace_id.into(), conversation.connection_id.into(), conversation.contact_id.into()],
        ))
        .await?;
    Ok(row.is_some())
}
