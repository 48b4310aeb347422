//! Transferring a conversation: to a person, to a department's queue, or both (P-067, P-069, P-070, X-006).

use balcao_types::{
    AgentId, AgentStatus, AuthorKind, ClientId, DepartmentId, ErrorCode, Event, MessageKind, TimelineEvent, Timestamp,
    rules::{
        care::{CareLevel, Move},
        routing::strictest,
    },
};
use serde_json::json;

use super::{
    append::{Author, is_line_stored},
    close::refuse_colleagues,
    marks::unread_again,
    message::SystemLine,
    moving::{Assignee, save_place},
    queries::open_with,
    table,
    take_back::MovedFrom,
    timeline::{Line, add_line},
};
use crate::{
    access::{AgentScope, Grant, ability},
    agents, departments,
    error::{Error, Result},
    projects,
    routing::{self, Rule},
    tx::{Command, Tx},
};

/// Transfers a conversation: one's own, one that waits, or a colleague's in a department one manages. To where it is already moves nothing; the note is kept.
pub struct Transfer {
    pub may: Grant<ability::Close>,
    /// At least one of the two is named. Without an agent it waits in the department; without a department it stays in its own.
    pub agent: Option<AgentId>,
    pub department: Option<DepartmentId>,
    /// For the colleagues, added before it goes.
    pub note: Option<String>,
    /// Whether the caller knows that nobody is online there, or that the person is full.
    pub is_confirmed: bool,
    /// The caller's id of this transfer: once it is in the timeline, a repeat changes nothing.
    pub client_id: ClientId,
}

/// Where it goes.
pub(super) struct Target {
    /// The department it moves to; none where it stays.
    pub department: Option<departments::Model>,
    /// Who answers from now on; none for the queue.
    pub assignee: Option<Assignee>,
}

impl Command for Transfer {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut conversation = tx.lock(&self.may).await?;
        let agent = self.may.agent();
        for author in [conversation.id.0, agent.agent.0] {
            if is_line_stored(tx, author, self.client_id).await? {
                return Ok(());
            }
        }
        refuse_colleagues(&conversation, agent)?;
        if conversation.state.is_closed() {
            return Err(Error::refused(ErrorCode::ConversationClosed));
        }
        let target = self.target(tx, &conversation).await?;
        if target.is_here(&conversation) {
            // What was written for the colleague is kept, whoever was quicker.
            return self.add_note(tx, &mut conversation).await;
        }
        let is_handed_on = self.is_handed_on(tx, &conversation, &target).await?;
        if !self.is_confirmed {
            self.refuse_unready(tx, &conversation, (&target, is_handed_on)).await?;
        }
        let from = MovedFrom::before(&conversation, agent, tx.now());
        if is_handed_on {
            conversation.hand_on(tx.now());
        }
        transfer(tx, &mut conversation, target, (agent, self.client_id)).await?;
        // After the line that says where it went: it is read as what was written for that, and not as one more of the notes before.
        self.add_note(tx, &mut conversation).await?;
        if conversation.assignee_id.is_none() {
            let rule = Rule::of(&**tx, conversation.workspace_id, conversation.department_id).await?;
            routing::assign(tx, &mut conversation, &rule.ok_or(Error::not_found())?).await?;
        }
        from.note(tx, &mut conversation).await
    }
}

impl Transfer {
    async fn add_note(&self, tx: &mut Tx<'_>, conversation: &mut table::Model) -> Result<()> {
        if let Some(note) = &self.note {
            let line = note_of(self.may.agent(), note, self.client_id);
            add_line(tx, conversation, line).await?;
        }
        Ok(())
    }

    /// Looks where it goes, and keeps a person's row locked: of two transfers to somebody's last place one is told.
    async fn target(&self, tx: &Tx<'_>, conversation: &table::Model) -> Result<Target> {
        let workspace = conversation.workspace_id;
        let department = match self.department.filter(|department| *department != conversation.department_id) {
            Some(department) => {
                let found = departments::hold_active_department(tx, workspace, department).await?;
                Some(found.ok_or(Error::field("department", ErrorCode::DepartmentUnknown))?)
            }
            None => None,
        };
        let assignee = match self.agent {
            Some(agent) => {
                let unknown = Error::field("agent", ErrorCode::AgentUnknown);
                tx.lock_row(agents::one_by_id(workspace, agent)).await?.ok_or(unknown.clone())?;
                let found = agents::agent_by_id(&**tx, workspace, agent, tx.now()).await?.ok_or(unknown.clone())?;
                let place = department.as_ref().map_or(conversation.department_id, |department| department.id);
                Some(found)
                    .filter(|found| found.serves(place))
                    .map(|found| Assignee { id: found.id, name: found.name })
                    .ok_or(unknown)
                    .map(Some)?
            }
            None => None,
        };
        Ok(Target { department, assignee })
    }

    /// Whether the conversation counts as handed on once it is there; refuses a person whose level may not have it.
    async fn is_handed_on(&self, tx: &Tx<'_>, conversation: &table::Model, target: &Target) -> Result<bool> {
        let (workspace, agent) = (conversation.workspace_id, self.may.agent());
        let by = projects::level_in(&**tx, workspace, conversation.department_id, agent.agent).await?;
        let there = match &target.department {
            Some(department) if target.assignee.is_none() => {
                projects::level_in(&**tx, workspace, department.id, agent.agent).await?
            }
            _ => None,
        };
        let is_handed_on = conversation.is_handed_on() || target.hands_on(conversation, agent, (by, there));
        if let Some(assignee) = &target.assignee {
            let place = target.department.as_ref().map_or(conversation.department_id, |department| department.id);
            let level = projects::level_in(&**tx, workspace, place, assignee.id).await?;
            projects::refuse_level(level, is_handed_on)?;
        }
        Ok(is_handed_on)
    }

    /// Refuses what the caller should know before it is done. Taking over oneself needs no warning.
    async fn refuse_unready(
        &self,
        tx: &Tx<'_>,
        conversation: &table::Model,
        (target, is_handed_on): (&Target, bool),
    ) -> Result<()> {
        let workspace = conversation.workspace_id;
        let Some(assignee) = &target.assignee else {
            let department = target.department.as_ref().map_or(conversation.department_id, |department| department.id);
            if routing::is_anybody_online(&**tx, workspace, department, is_handed_on, tx.now()).await? {
                return Ok(());
            }
            let name = departments::names(&**tx, workspace).await?.remove(&department);
            return Err(Error::refused_with(ErrorCode::TransferOffline, json!({ "name": name })));
        };
        if assignee.id == self.may.agent().agent || conversation.assignee_id == Some(assignee.id) {
            return Ok(());
        }
        let found = agents::agent_by_id(&**tx, workspace, assignee.id, tx.now()).await?.ok_or(Error::not_found())?;
        if found.status != AgentStatus::Online {
            return Err(Error::refused_with(ErrorCode::TransferOffline, json!({ "name": found.name })));
        }
        let place = target.department.as_ref().map_or(conversation.department_id, |department| department.id);
        let rule = Rule::of(&**tx, workspace, place).await?.ok_or(Error::not_found())?;
        let limit = strictest(rule.limit, None, found.simultaneous_limit);
        let open = open_with(&**tx, workspace, assignee.id).await?;
        if open >= i64::from(limit) {
            let detail = json!({ "name": found.name, "open": open, "limit": limit });
            return Err(Error::refused_with(ErrorCode::TransferBusy, detail));
        }
        Ok(())
    }
}

impl Target {
    /// Whether the conversation is there already.
    fn is_here(&self, conversation: &table::Model) -> bool {
        self.department.is_none() && conversation.assignee_id == self.assignee.as_ref().map(|assignee| assignee.id)
    }

    /// Whether going there hands it on to others, of whoever moves it with the level they have where it is, and in the department in whose
    /// queue it will wait. Back to its own queue is not.
    pub(super) fn hands_on(
        &self,
        conversation: &table::Model,
        agent: &AgentScope,
        (by, there): (Option<CareLevel>, Option<CareLevel>),
    ) -> bool {
        let to_oneself = self.assignee.as_ref().is_some_and(|assignee| assignee.id == agent.agent);
        let is_own = conversation.assignee_id == Some(agent.agent);
        let goes_elsewhere = self.department.is_some() || self.assignee.is_some();
        goes_elsewhere && Move { by, there, is_own, to_oneself }.is_handing_on()
    }

    /// What the timeline calls it.
    pub(super) async fn name(&self, tx: &Tx<'_>, conversation: &table::Model) -> Result<Option<String>> {
        let department = self.department.as_ref().map(|department| department.name.clone());
        Ok(match (department, self.assignee.as_ref().map(|assignee| assignee.name.clone())) {
            (Some(department), Some(assignee)) => Some(format!("{department} › {assignee}")),
            (None, None) => {
                departments::names(&**tx, conversation.workspace_id).await?.remove(&conversation.department_id)
            }
            (department, assignee) => department.or(assignee),
        })
    }

    /// Puts an unfinished conversation there, to be saved.
    pub(super) fn receive(self, conversation: &mut table::Model, now: Timestamp) {
        if let Some(department) = &self.department {
            conversation.belong_to(department);
        }
        match self.assignee {
            Some(assignee) => conversation.open_with(assignee, now),
            None => conversation.wait(now),
        }
    }
}

fn note_of(agent: &AgentScope, text: &str, client_id: ClientId) -> Line {
    Line {
        author: Author { kind: AuthorKind::Agent, id: agent.agent.0, name: Some(agent.name.clone()) },
        kind: MessageKind::Note,
        client_id,
        text: text.into(),
        file: None,
        event: None,
    }
}

/// Moves an unfinished conversation, inside a command, and tells everybody concerned. The client id is the line's that tells of it.
///
/// # Errors
/// When the database fails.
pub(super) async fn transfer(
    tx: &mut Tx<'_>,
    conversation: &mut table::Model,
    target: Target,
    (agent, client_id): (&AgentScope, ClientId),
) -> Result<()> {
    let before = conversation.place();
    let where_to = target.name(tx, conversation).await?;
    target.receive(conversation, tx.now());
    if before.assignee.is_some() && before.assignee != conversation.assignee_id {
        unread_again(tx, conversation).await?;
    }
    save_place(tx, conversation).await?;
    let said = SystemLine { code: TimelineEvent::Transferred, name: Some(agent.name.clone()), target: where_to };
    let line = Line { client_id, ..Line::system(tx, conversation, said) };
    add_line(tx, conversation, line).await?;
    let event = Event::ConversationTransferred { before, place: conversation.place(), actor: agent.actor() };
    tx.emit(conversation.workspace_id, event)
}
