//! One event to everybody on this node who may hear of it, and what this node does about it.

use std::sync::Arc;

use balcao_types::{Actor, AgentId, Audience, ConnectionId, Event, Place, WorkspaceId};

use super::{
    frames::{Entry, EventBody, EventContent, ToClient, close},
    readers::{AgentFrame, AgentReader, VisitorFrame},
};
use crate::{
    Desk, LocalEvent,
    access::AgentScope,
    agents, connections, contacts,
    conversations::{self, ConversationRow, Message, MessageShown},
    departments,
    error::Result,
    labels, projects, workspaces,
};

/// Delivers an event. A failure to read what belongs to it cuts off who should have heard it: they resume and read it themselves.
pub async fn deliver(desk: &Desk, workspace: WorkspaceId, number: i64, local: &LocalEvent) {
    let event = &local.event;
    let telling = Telling {
        desk,
        workspace,
        number,
        local,
        listeners: listeners(desk, workspace, &event.audience()),
        visitor: event.visitor_place().filter(|place| desk.live.readers.has_visitor(place.contact)).copied(),
    };
    if !telling.has_nobody()
        && let Err(error) = telling.tell().await
    {
        tracing::warn!(?error, number, "an event could not be delivered; its readers resume");
        for reader in &telling.listeners {
            reader.close(close::TOO_SLOW);
        }
        if let Some(place) = telling.visitor {
            desk.live.readers.for_visitors(place.contact, |reader| {
                reader.close(close::TOO_SLOW);
            });
        }
    }
    act(desk, workspace, event).await;
}

fn listeners(desk: &Desk, workspace: WorkspaceId, audience: &Audience) -> Vec<Arc<AgentReader>> {
    desk.live.readers.agents(workspace).iter().filter(|reader| reader.hears(audience)).cloned().collect()
}

/// An event on its way to those who hear of it on this node.
struct Telling<'a> {
    desk: &'a Desk,
    workspace: WorkspaceId,
    number: i64,
    local: &'a LocalEvent,
    listeners: Vec<Arc<AgentReader>>,
    /// The conversation whose visitor is connected here.
    visitor: Option<Place>,
}

impl Telling<'_> {
    fn has_nobody(&self) -> bool {
        self.listeners.is_empty() && self.visitor.is_none()
    }

    async fn tell(&self) -> Result<()> {
        if let Event::MessageAdded { place, position, .. } = &self.local.event {
            if let Some(message) = &self.local.message {
                self.tell_message(message);
            } else {
                let places = [(place.conversation, *position)];
                let read = conversations::messages_at(self.desk.store.read(), self.workspace, &places).await?;
                if let Some((_, message)) = read.first() {
                    self.tell_message(message);
                }
            }
            return Ok(());
        }
        if !self.listeners.is_empty()
            && let Some(body) = body(self.desk, self.workspace, &self.local.event, None).await?
        {
            self.send_to_agents(&body);
        }
        match self.visitor {
            Some(place) => tell_visitor_of_change(self.desk, self.workspace, &place).await,
            None => Ok(()),
        }
    }

    fn send_to_agents(&self, body: &Body) {
        for reader in &self.listeners {
            reader.send(AgentFrame::Event { number: self.number, body: body.of(reader) });
        }
    }

    fn tell_message(&self, message: &Message) {
        if !self.listeners.is_empty()
            && let Some(body) = message_body(self.desk, &self.local.event, message)
        {
            self.send_to_agents(&body);
        }
        if let Some(place) = self.visitor
            && let Some(entry) = Entry::of(message, &self.desk.links())
        {
            let text = ToClient::Entry { conversation: place.conversation, entry: &entry }.text();
            self.desk.live.readers.for_visitors(place.contact, |reader| {
                if self.local.origin == Some(reader.socket) {
                    return;
                }
                let text = Arc::clone(&text);
                reader.send(VisitorFrame::Entry { conversation: place.conversation, seq: entry.seq, text });
            });
        }
    }
}

async fn tell_visitor_of_change(desk: &Desk, workspace: WorkspaceId, place: &Place) -> Result<()> {
    let read = desk.store.read();
    let found = conversations::places_of_visitor(read, workspace, place.contact, place.conversation).await?;
    let Some(model) = found else { return Ok(()) };
    let board = desk.live.board(desk, workspace).await?;
    desk.live.queues.changed(&model);
    desk.live.readers.for_visitors(place.contact, |reader| {
        if reader.connection == model.connection_id {
            reader.send_conversation(&model, &board);
        }
    });
    Ok(())
}

/// An event as agents get it.
pub struct Body {
    text: Arc<str>,
    /// For an event on a conversation: who may see it where it is now, and what the others get.
    seen: Option<(Place, Arc<str>)>,
}

impl Body {
    /// What a reader gets. Who heard of a conversation because of where it was, and may not see where it is, is told that it has gone.
    pub fn of(&self, reader: &AgentReader) -> Arc<str> {
        match &self.seen {
            Some((place, gone)) if !reader.sees_place(place) => Arc::clone(gone),
            _ => Arc::clone(&self.text),
        }
    }
}

fn message_body(desk: &Desk, event: &Event, message: &Message) -> Option<Body> {
    let Event::MessageAdded { place, unread, .. } = event else { return None };
    let message = &MessageShown::of(message, &desk.links());
    let content =
        EventContent::Message { conversation: place.conversation, message, unread: *unread, state: place.state };
    encode(event, content)
}

fn encode(event: &Event, content: EventContent<'_>) -> Option<Body> {
    encode_as(event.kind(), content).map(|text| Body { text, seen: None })
}

fn encode_as(kind: &'static str, content: EventContent<'_>) -> Option<Arc<str>> {
    serde_json::to_string(&EventBody { kind, content }).ok().map(Into::into)
}

/// An event on a conversation, with its row as it is now.
fn row_body(event: &Event, place: &Place, row: &ConversationRow, actor: &Actor) -> Option<Body> {
    let text = encode_as(event.kind(), EventContent::Conversation { conversation: row, actor })?;
    let gone = encode_as("conversation_gone", EventContent::Gone { conversation: row.id, actor })?;
    let now = Place { department: row.department_id, assignee: row.assignee_id, state: row.state, ..*place };
    Some(Body { text, seen: Some((now, gone)) })
}

/// What agents get of an event; none when the thing it was about is gone, or agents get nothing of this kind.
///
/// # Errors
/// When the database cannot be read.
pub async fn body(
    desk: &Desk,
    workspace: WorkspaceId,
    event: &Event,
    message: Option<&Message>,
) -> Result<Option<Body>> {
    let read = desk.store.read();
    let now = desk.clock.now();
    let content = match event {
        Event::MessageAdded { .. } => return Ok(message.and_then(|message| message_body(desk, event, message))),
        Event::ConversationOpened { place, actor }
        | Event::ConversationTaken { place, actor, .. }
        | Event::ConversationReturned { place, actor, .. }
        | Event::ConversationTransferred { place, actor, .. }
        | Event::ConversationTakenBack { place, actor, .. }
        | Event::ConversationClosed { place, actor, .. }
        | Event::ConversationReopened { place, actor, .. }
        | Event::ConversationRated { place, actor }
        | Event::ConversationLabelled { place, actor } => {
            let row = conversations::row_by_id(read, workspace, place.conversation).await?;
            return Ok(row.and_then(|row| row_body(event, place, &row, actor)));
        }
        Event::ContactChanged { contact, .. } => {
            contacts::by_id(read, workspace, *contact).await?.map(|contact| EventContent::Contact { contact })
        }
        Event::AgentAdded { agent } | Event::AgentChanged { agent } => {
            agents::agent_by_id(read, workspace, *agent, now).await?.map(|agent| EventContent::Agent { agent })
        }
        Event::DepartmentAdded { department } | Event::DepartmentChanged { department } => {
            departments::department_by_id(read, workspace, *department)
                .await?
                .map(|department| EventContent::Department { department: Box::new(department) })
        }
        Event::AgentRemoved { agent } => Some(EventContent::AgentGone { agent: *agent }),
        Event::DepartmentRemoved { department } => Some(EventContent::DepartmentGone { department: *department }),
        Event::ProjectAdded { project } | Event::ProjectChanged { project } => {
            projects::project_by_id(read, workspace, *project).await?.map(|project| EventContent::Project { project })
        }
        Event::ConnectionAdded { connection }
        | Event::ConnectionChanged { connection }
        | Event::ConnectionRemoved { connection } => connections::badge_by_id(read, workspace, *connection)
            .await?
            .map(|connection| EventContent::Connection { connection }),
        Event::LabelAdded { label } | Event::LabelChanged { label } => {
            labels::label_by_id(read, workspace, *label).await?.map(|label| EventContent::Label { label })
        }
        Event::LabelRemoved { label } => Some(EventContent::LabelGone { label: *label }),
        Event::WorkspaceChanged => workspaces::by_id(read, workspace)
            .await?
            .map(|workspace| EventContent::Workspace { workspace: Box::new(workspace) }),
        Event::OfflineMessageAdded { message, .. } | Event::OfflineMessageChanged { message, .. } => {
            Some(EventContent::OfflineMessage { offline_message: *message })
        }
        Event::TicketAdded { ticket, .. } | Event::TicketChanged { ticket, .. } => {
            Some(EventContent::Ticket { ticket: *ticket })
        }
        // The consoles ask for what concerns them.
        Event::HoursChanged { .. }
        | Event::TicketCategoriesChanged
        | Event::MailChanged
        | Event::QuickRepliesChanged
        | Event::ContactErased { .. } => Some(EventContent::Nothing {}),
        Event::AgentStatusChanged { .. } | Event::AgentSessionsEnded { .. } => None,
    };
    Ok(content.and_then(|content| encode(event, content)))
}

/// What this node does about an event besides telling it.
async fn act(desk: &Desk, workspace: WorkspaceId, event: &Event) {
    let live = &desk.live;
    match event {
        Event::MessageAdded { place, .. } => {
            live.rows.mark(workspace, place.conversation);
            live.teams.mark_messages(workspace);
        }
        Event::ConversationOpened { place, .. } => conversation_changed(desk, workspace, &[place]),
        Event::ConversationTaken { before, place, .. }
        | Event::ConversationReturned { before, place, .. }
        | Event::ConversationTransferred { before, place, .. }
        | Event::ConversationTakenBack { before, place, .. }
        | Event::ConversationClosed { before, place, .. }
        | Event::ConversationReopened { before, place, .. } => conversation_changed(desk, workspace, &[before, place]),
        Event::AgentStatusChanged { .. } | Event::HoursChanged { .. } => live.presence_changed.notify_one(),
        Event::AgentSessionsEnded { .. } => live.sessions_changed.notify_one(),
        Event::AgentAdded { agent } | Event::AgentChanged { agent } => {
            refresh_scopes(desk, workspace, *agent).await;
            live.presence_changed.notify_one();
            live.sessions_changed.notify_one();
            live.teams.mark(workspace);
        }
        Event::AgentRemoved { .. } => {
            live.presence_changed.notify_one();
            live.teams.mark(workspace);
        }
        Event::DepartmentAdded { .. }
        | Event::DepartmentChanged { .. }
        | Event::DepartmentRemoved { .. }
        | Event::ProjectAdded { .. }
        | Event::ProjectChanged { .. } => live.presence_changed.notify_one(),
        Event::ConnectionChanged { connection } | Event::ConnectionRemoved { connection } => {
            close_if_unavailable(desk, *connection).await;
        }
        Event::WorkspaceChanged => live.teams.mark(workspace),
        // Whoever sits there is somebody new from now on.
        Event::ContactErased { contact, .. } => {
            live.readers.for_visitors(*contact, |reader| reader.close(close::SESSION_ENDED));
        }
        // Who hears of it gets the row with the event.
        Event::ConversationLabelled { .. }
        | Event::ConversationRated { .. }
        | Event::ConnectionAdded { .. }
        | Event::ContactChanged { .. }
        | Event::LabelAdded { .. }
        | Event::LabelChanged { .. }
        | Event::LabelRemoved { .. }
        | Event::QuickRepliesChanged
        | Event::OfflineMessageAdded { .. }
        | Event::OfflineMessageChanged { .. }
        | Event::TicketAdded { .. }
        | Event::TicketChanged { .. }
        | Event::TicketCategoriesChanged
        | Event::MailChanged => {}
    }
}

/// `places`: where the conversation was and is.
fn conversation_changed(desk: &Desk, workspace: WorkspaceId, places: &[&Place]) {
    if let Some(place) = places.first() {
        desk.live.rows.mark(workspace, place.conversation);
    }
    desk.live.rows.count_again(workspace);
    desk.live.teams.mark(workspace);
    desk.live.queues.mark(workspace, places);
}

/// An agent's role or departments may have changed: the open consoles follow, and take a snapshot.
async fn refresh_scopes(desk: &Desk, workspace: WorkspaceId, agent: AgentId) {
    for reader in desk.live.readers.agents(workspace).iter().filter(|reader| reader.agent().0 == agent) {
        let now = desk.clock.now();
        let found = agents::agent_by_id(desk.store.read(), workspace, agent, now).await;
        let Ok(Some(found)) = found else {
            reader.close(close::TOO_SLOW);
            continue;
        };
        let before = Arc::clone(&reader.scope.read());
        let after = AgentScope {
            agent,
            session: before.session,
            name: found.name,
            role: found.role,
            memberships: found.departments,
        };
        let audience_changed = after.role != before.role || after.memberships != before.memberships;
        *reader.scope.write() = Arc::new(after);
        if audience_changed {
            reader.send(AgentFrame::Snapshot { why: "audience_changed" });
        }
    }
}

/// A connection that was switched off or removed disappears from open panels (D-074). Where that cannot be read, the panels come back and are told.
async fn close_if_unavailable(desk: &Desk, connection: ConnectionId) {
    let code = match connections::site_by_id(desk.store.read(), connection).await {
        Ok(Some(_)) => return,
        Ok(None) => close::NOT_ALLOWED,
        Err(error) => {
            tracing::warn!(?error, "a connection could not be read; its panels resume");
            close::TOO_SLOW
        }
    };
    desk.live.readers.for_all_visitors(|reader| {
        if reader.connection == connection {
            reader.close(code);
        }
    });
}
