//! Whose a conversation is and in which department: what every change of it writes.

use balcao_types::{AgentId, ConversationState, Timestamp};
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};

use super::table;
use crate::{access::AgentScope, departments, error::Result, tx::Tx};

/// Who answers a conversation from now on.
#[derive(Clone, Debug)]
pub struct Assignee {
    pub id: AgentId,
    pub name: String,
}

impl Assignee {
    /// The agent who asks.
    pub fn of(agent: &AgentScope) -> Self {
        Self { id: agent.agent, name: agent.name.clone() }
    }
}

/// As a conversation was before it was closed, and who closed it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct ClosedFrom {
    /// The agent who closed it; none for the visitor.
    pub by: Option<AgentId>,
    pub queued_at: Option<Timestamp>,
    pub unread: i64,
    #[serde(default)]
    pub waiting_since: Option<Timestamp>,
    #[serde(default)]
    pub read_seq: i64,
}

impl table::Model {
    /// Puts it into the queue. What has waited already goes on waiting; whoever had it is not given it again at once.
    pub(super) fn wait(&mut self, now: Timestamp) {
        self.returned_by = self.assignee_id.or(self.returned_by);
        self.queued_at = self.queued_at.or(Some(now));
        self.came_at = Some(now);
        self.overflowed = None;
        self.state = ConversationState::Queue;
        self.assignee_id = None;
        self.assignee_name = None;
    }

    /// Opens it with somebody.
    pub(super) fn open_with(&mut self, assignee: Assignee, now: Timestamp) {
        self.state = ConversationState::Open;
        self.assignee_id = Some(assignee.id);
        self.assignee_name = Some(assignee.name);
        self.queued_at = None;
        self.taken_at = self.taken_at.or(Some(now));
        self.returned_by = None;
    }

    /// Notes that a specialist hands it on to others; it stays so, in the queue too, since nobody else could have it then.
    pub(super) fn hand_on(&mut self, now: Timestamp) {
        self.transferred_at = self.transferred_at.or(Some(now));
    }

    /// Moves it to a department.
    pub(super) fn belong_to(&mut self, department: &departments::Model) {
        self.department_id = department.id;
        self.project_id = department.project_id;
    }

    /// As it was before it was closed; none where nobody has noted it.
    pub(super) fn closed_from(&self) -> Result<Option<ClosedFrom>> {
        Ok(self.closed_from.as_deref().map(serde_json::from_str).transpose()?)
    }
}

/// Writes where an unfinished conversation stands now.
///
/// # Errors
/// When the database fails.
pub(super) async fn save_place(tx: &Tx<'_>, conversation: &mut table::Model) -> Result<()> {
    conversation.closed_at = None;
    conversation.closed_from = None;
    conversation.survey = None;
    tx.save_conversation(table::ActiveModel {
        id: Set(conversation.id),
        project_id: Set(conversation.project_id),
        department_id: Set(conversation.department_id),
        state: Set(conversation.state),
        assignee_id: Set(conversation.assignee_id),
        assignee_name: Set(conversation.assignee_name.clone()),
        queued_at: Set(conversation.queued_at),
        came_at: Set(conversation.came_at),
        overflowed: Set(conversation.overflowed.clone()),
        taken_at: Set(conversation.taken_at),
        closed_at: Set(None),
        transferred_at: Set(conversation.transferred_at),
        returned_by: Set(conversation.returned_by),
        read_seq: Set(conversation.read_seq),
        closed_from: Set(None),
        survey: Set(None),
        ..Default::default()
    })
    .await
}
