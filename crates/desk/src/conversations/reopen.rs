//! Reopening a closed conversation (P-113): for the agent who reopens it, for the queue, or as it was before it was closed a moment ago.

use balcao_types::{ConversationState, ErrorCode, Event, TimelineEvent, Timestamp};
use sea_orm::{ConnectionTrait, Statement};

use super::{
    message::SystemLine,
    moving::{Assignee, save_place},
    queries::place_of,
    table,
    take::refuse_level_of,
    timeline::{Line, add_line},
};
use crate::{
    access::{Grant, ability},
    contacts::{is_erased, lock_identities},
    error::{Error, Result},
    routing::{self, Rule},
    tx::{Command, Tx},
};

/// For how long whoever closed a conversation may have it back as it was.
pub(super) const UNDO_SECONDS: i64 = 60;

/// Where a reopened conversation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reopened {
    /// To whoever reopens it.
    Own,
    /// Into its department's queue.
    Queue,
    /// As it was before the caller closed it a moment ago.
    AsBefore,
}

/// Reopens a closed conversation. Refused while the contact has another one under way on the same connection, and of a contact who was erased.
pub struct Reopen {
    pub may: Grant<ability::Close>,
    pub to: Reopened,
}

impl Command for Reopen {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        // The identities before the conversation, as for a visitor's message: of a new conversation and a reopened one at once, one is late.
        let (workspace, conversation) = (self.may.scope.workspace, self.may.subject);
        let place = place_of(&**tx, workspace, conversation).await?.ok_or(Error::not_found())?;
        lock_identities(tx, workspace, place.contact).await?;
        if is_erased(&**tx, workspace, place.contact).await? {
            return Err(Error::refused(ErrorCode::DataErased));
        }
        let mut conversation = tx.lock(&self.may).await?;
        if !conversation.state.is_closed() {
            return Ok(());
        }
        if has_another(tx, &conversation).await? {
            return Err(Error::refused(ErrorCode::Conflict));
        }
        if self.to == Reopened::Own && conversation.assignee_id != Some(self.may.agent().agent) {
            refuse_level_of(tx, &conversation, self.may.agent()).await?;
        }
        let before = conversation.place();
        self.place(&mut conversation, tx.now())?;
        save_place(tx, &mut conversation).await?;
        let agent = self.may.agent();
        let said = SystemLine { code: TimelineEvent::Reopened, name: Some(agent.name.clone()), target: None };
        let line = Line::system(tx, &conversation, said);
        add_line(tx, &mut conversation, line).await?;
        let event = Event::ConversationReopened { before, place: conversation.place(), actor: agent.actor() };
        tx.emit(workspace, event)?;
        if conversation.state == ConversationState::Queue {
            let rule = Rule::of(&**tx, workspace, conversation.department_id).await?.ok_or(Error::not_found())?;
            routing::assign(tx, &mut conversation, &rule).await?;
        }
        Ok(())
    }
}

impl Reopen {
    /// Decides whose it is now.
    fn place(&self, conversation: &mut table::Model, now: Timestamp) -> Result<()> {
        let agent = self.may.agent();
        let from = conversation.closed_from()?.filter(|from| from.by == Some(agent.agent));
        let is_fresh = conversation.closed_at.is_some_and(|at| now.seconds_since(at) < UNDO_SECONDS);
        match (self.to, from) {
            (Reopened::Own, _) => {
                let taken_at = conversation.taken_at;
                conversation.open_with(Assignee::of(agent), now);
                conversation.taken_at = taken_at;
            }
            (Reopened::Queue, from) => {
                conversation.queued_at = from.filter(|_| is_fresh).and_then(|from| from.queued_at);
                conversation.wait(now);
            }
            (Reopened::AsBefore, None) => return Err(Error::forbidden()),
            (Reopened::AsBefore, Some(_)) if !is_fresh => return Err(Error::refused(ErrorCode::UndoExpired)),
            (Reopened::AsBefore, Some(from)) => {
                conversation.unread = from.unread;
                conversation.waiting_since = from.waiting_since;
                conversation.read_seq = from.read_seq;
                conversation.queued_at = from.queued_at;
                match conversation.assignee_id {
                    Some(_) => conversation.state = ConversationState::Open,
                    None => conversation.wait(now),
                }
            }
        }
        Ok(())
    }
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
