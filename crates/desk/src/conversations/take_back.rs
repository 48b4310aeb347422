//! Taking back what one has just moved: whoever transferred a conversation or returned it to the queue has it as it was, as long as nobody
//! has taken or answered it meanwhile.

use balcao_types::{
    AgentId, AuthorKind, ConversationId, ConversationState, DepartmentId, ErrorCode, Event, MessageKind, TimelineEvent,
    Timestamp, WorkspaceId,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};

use super::{
    marks::read_up_to,
    message::SystemLine,
    moving::{Assignee, save_place},
    table,
    take::already_taken,
    timeline::{Line, add_line},
    transfer::Target,
};
use crate::{
    access::{Ability, AgentScope, Grant, ability},
    agents, departments,
    error::{Error, Result},
    routing::{self, Rule},
    tx::{Command, Tx},
};

/// For how long whoever moved a conversation may take that back.
const TAKE_BACK_SECONDS: i64 = 60;

/// As a conversation was before it was moved, and who moved it where. It lies where a closed conversation has its `ClosedFrom`: an
/// unfinished one has no use for that, closing writes over it, and every other move empties it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MovedFrom {
    moved_by: AgentId,
    moved_at: Timestamp,
    /// Whose it became; none for the queue.
    moved_to: Option<AgentId>,
    /// The last line then: who answers after it keeps it.
    position: i64,
    department: DepartmentId,
    assignee: Option<AgentId>,
    queued_at: Option<Timestamp>,
    taken_at: Option<Timestamp>,
    returned_by: Option<AgentId>,
    read_seq: i64,
    #[serde(default)]
    transferred_at: Option<Timestamp>,
    /// It was taken back: doing it again changes nothing.
    #[serde(default)]
    is_undone: bool,
}

impl MovedFrom {
    /// What is to be remembered of a conversation that is about to be moved.
    pub(super) fn before(conversation: &table::Model, by: &AgentScope, now: Timestamp) -> Self {
        Self {
            moved_by: by.agent,
            moved_at: now,
            moved_to: None,
            position: conversation.last_position,
            department: conversation.department_id,
            assignee: conversation.assignee_id,
            queued_at: conversation.queued_at,
            taken_at: conversation.taken_at,
            returned_by: conversation.returned_by,
            read_seq: conversation.read_seq,
            transferred_at: conversation.transferred_at,
            is_undone: false,
        }
    }

    /// Notes with the conversation how it was before it went where it is now.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn note(self, tx: &Tx<'_>, conversation: &mut table::Model) -> Result<()> {
        let (moved_to, position) = (conversation.assignee_id, conversation.last_position);
        keep(tx, conversation, Some(serde_json::to_string(&Self { moved_to, position, ..self })?)).await
    }

    /// Where it was.
    async fn target(&self, tx: &Tx<'_>, conversation: &table::Model) -> Result<Target> {
        let workspace = conversation.workspace_id;
        let department = if self.department == conversation.department_id {
            None
        } else {
            let found = departments::hold_active_department(tx, workspace, self.department).await?;
            Some(found.ok_or(Error::refused(ErrorCode::TakeBackExpired))?)
        };
        let Some(assignee) = self.assignee else { return Ok(Target { department, assignee: None }) };
        let found = agents::agent_by_id(&**tx, workspace, assignee, tx.now()).await?;
        let found = found.filter(|found| found.serves(self.department));
        if found.is_some() {
            // Whoever gives somebody a conversation holds that person's row, and nobody else's (decision 9).
            tx.lock_row(agents::one_by_id(workspace, assignee)).await?;
        }
        Ok(Target { department, assignee: found.map(|found| Assignee { id: found.id, name: found.name }) })
    }

    fn of(noted: Option<&str>) -> Option<Self> {
        // A closed conversation has something else there.
        serde_json::from_str(noted?).ok()
    }
}

/// Who has moved a conversation, by what is noted with it.
pub fn moved_by(noted: Option<&str>) -> Option<AgentId> {
    MovedFrom::of(noted).map(|from| from.moved_by)
}

/// Keeps what is noted of a move, where the conversation is taken: whoever moved it is told by whom.
///
/// # Errors
/// When the database fails.
pub(super) async fn keep(tx: &Tx<'_>, conversation: &mut table::Model, noted: Option<String>) -> Result<()> {
    if noted.is_none() {
        return Ok(());
    }
    conversation.closed_from.clone_from(&noted);
    let row = table::ActiveModel { id: Set(conversation.id), closed_from: Set(noted), ..Default::default() };
    tx.save_conversation(row).await
}

/// Takes back the caller's own transfer, or return to the queue, of a moment ago.
pub struct TakeBack {
    pub may: Grant<ability::TakeBack>,
}

impl Command for TakeBack {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut conversation = self.lock(tx).await?;
        let agent = self.may.agent();
        let from = MovedFrom::of(conversation.closed_from.as_deref()).filter(|from| from.moved_by == agent.agent);
        match (conversation.state, &from) {
            (ConversationState::Closed, _) => return Err(Error::refused(ErrorCode::ConversationClosed)),
            // Taken back already.
            (_, Some(from)) if from.is_undone => return seen(agent, &conversation),
            // Taken, and not moved to oneself.
            (ConversationState::Open, from)
                if conversation.assignee_id == Some(agent.agent)
                    && from.as_ref().is_none_or(|from| from.moved_to != Some(agent.agent)) =>
            {
                return Ok(());
            }
            (ConversationState::Open, None) => return Err(already_taken(&conversation)),
            _ => {}
        }
        let from = from.ok_or(Error::forbidden())?;
        if tx.now().seconds_since(from.moved_at) >= TAKE_BACK_SECONDS {
            return Err(Error::refused(ErrorCode::TakeBackExpired));
        }
        if conversation.assignee_id != from.moved_to || is_answered(tx, &conversation, from.position).await? {
            return Err(already_taken(&conversation));
        }
        restore(tx, &mut conversation, from, agent).await?;
        seen(agent, &conversation)
    }
}

/// Who has lost the department meanwhile puts nothing back to where it is not seen, and is told nothing of it.
fn seen(agent: &AgentScope, conversation: &table::Model) -> Result<()> {
    if agent.sees_place(&conversation.place()) { Ok(()) } else { Err(Error::not_found()) }
}

impl TakeBack {
    /// As [`Tx::lock`], also for who does not see it any more, having moved it away.
    async fn lock(&self, tx: &Tx<'_>) -> Result<table::Model> {
        let (workspace, conversation) = (self.may.scope.workspace, self.may.subject.0);
        let found = tx.lock_conversation(workspace, conversation).await?.ok_or(Error::not_found())?;
        let agent = self.may.agent();
        let is_mover = moved_by(found.closed_from.as_deref()) == Some(agent.agent);
        if !is_mover && !agent.sees_place(&found.place()) {
            return Err(Error::not_found());
        }
        if agent.role.may(ability::TakeBack::PERMISSION) { Ok(found) } else { Err(Error::forbidden()) }
    }
}

/// Whether an agent has written to the visitor since.
async fn is_answered(tx: &Tx<'_>, conversation: &table::Model, position: i64) -> Result<bool> {
    let sql = "SELECT position FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND position > $3 \
               AND author_kind = $4 AND kind = $5 LIMIT 1";
    let (workspace, id): (WorkspaceId, ConversationId) = (conversation.workspace_id, conversation.id);
    let values = [
        workspace.into(),
        id.into(),
        position.into(),
        AuthorKind::Agent.as_str().into(),
        MessageKind::Text.as_str().into(),
    ];
    let row = tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(row.is_some())
}

/// Puts it back to where it was. If whoever had it may not serve there any more, it waits.
async fn restore(tx: &mut Tx<'_>, conversation: &mut table::Model, from: MovedFrom, agent: &AgentScope) -> Result<()> {
    let workspace = conversation.workspace_id;
    let target = from.target(tx, conversation).await?;
    let is_own = target.assignee.as_ref().is_some_and(|assignee| assignee.id == agent.agent);
    let whose = if is_own { None } else { target.name(tx, conversation).await? };
    let before = conversation.place();
    conversation.queued_at = from.queued_at;
    target.receive(conversation, tx.now());
    conversation.taken_at = from.taken_at;
    conversation.returned_by = from.returned_by;
    conversation.transferred_at = from.transferred_at;
    read_up_to(tx, conversation, from.read_seq).await?;
    save_place(tx, conversation).await?;
    let said = SystemLine { code: TimelineEvent::TakenBack, name: Some(agent.name.clone()), target: whose };
    let line = Line::system(tx, conversation, said);
    add_line(tx, conversation, line).await?;
    tx.emit(workspace, Event::ConversationTakenBack { before, place: conversation.place(), actor: agent.actor() })?;
    if conversation.state == ConversationState::Queue {
        let rule = Rule::of(&**tx, workspace, conversation.department_id).await?.ok_or(Error::not_found())?;
        routing::assign(tx, conversation, &rule).await?;
    }
    MovedFrom { is_undone: true, ..from }.note(tx, conversation).await
}
