//! Who may answer a visitor, that very person or a department, and whether they are online: told with the conversation, and again whenever
//! it changes.

use balcao_types::{AgentId, ConversationId, DepartmentId};

use super::{
    frames::{ConversationShown, ToClient},
    readers::{VisitorFrame, VisitorReader},
};
use crate::{
    agents::{Closed, PresenceBoard},
    conversations::Model,
};

/// Who may answer the unfinished conversation of a panel.
pub struct Answering {
    conversation: ConversationId,
    /// Whoever has it; while nobody does, anybody of its department.
    agent: Option<AgentId>,
    department: DepartmentId,
    /// Whether people of Level 2 may.
    is_handed_on: bool,
    /// As the panel was told it last.
    told: Told,
}

/// Whether somebody is online, whether the visitor may turn to others, and that the department's hours do not run.
type Told = (bool, bool, Option<Closed>);

fn now(agent: Option<AgentId>, department: DepartmentId, is_handed_on: bool, board: &PresenceBoard) -> Told {
    let closed = board.closed(Some(department));
    let is_attended = board.is_attended(agent, department, is_handed_on);
    (is_attended, board.may_turn_to_others(agent, department, is_handed_on), closed)
}

impl Answering {
    fn of(model: &Model, board: &PresenceBoard) -> Option<Self> {
        let (agent, department, is_handed_on) = (model.assignee_id, model.department_id, model.is_handed_on());
        let told = now(agent, department, is_handed_on, board);
        (!model.state.is_closed()).then_some(Self { conversation: model.id, agent, department, is_handed_on, told })
    }

    const fn who(&self) -> (ConversationId, Option<AgentId>, DepartmentId, bool) {
        (self.conversation, self.agent, self.department, self.is_handed_on)
    }
}

impl VisitorReader {
    /// Queues the conversation as it is now.
    pub fn send_conversation(&self, model: &Model, board: &PresenceBoard) {
        let shown = ConversationShown::of(model, self.may_close, board);
        // Held until the frame is queued, so that what counts as told is the queue's last word.
        let mut answering = self.answering.lock();
        *answering = Answering::of(model, board);
        self.send(VisitorFrame::Plain(ToClient::Conversation { conversation: &shown }.text()));
    }

    /// Notes who answers where the panel is told past the queue. What is still queued comes after that, and stays what was told last.
    pub fn note_answering(&self, model: &Model, board: &PresenceBoard) {
        let now = Answering::of(model, board);
        let mut answering = self.answering.lock();
        if answering.as_ref().map(Answering::who) != now.as_ref().map(Answering::who) {
            *answering = now;
        }
    }

    /// Tells the panel when who may answer has come online or gone.
    pub fn tell_answering(&self, board: &PresenceBoard) {
        let mut answering = self.answering.lock();
        let Some(held) = answering.as_mut() else { return };
        let now = now(held.agent, held.department, held.is_handed_on, board);
        if held.told != now {
            let (online, others, closed) = &now;
            let (online, others, closed) = (*online, *others, closed.as_ref());
            let frame = ToClient::Attended { conversation: held.conversation, online, others, closed };
            self.send(VisitorFrame::Plain(frame.text()));
            held.told = now;
        }
    }
}
