//! Whispers: what is never stored and may be lost. They cross nodes on the bus and end at the screens concerned.

use balcao_types::{AgentId, AuthorKind, ContactId, ConversationId, NodeId, Place, WorkspaceId};
use serde::{Deserialize, Serialize};

use super::{
    frames::ToClient,
    readers::{AgentFrame, VisitorFrame},
    viewing,
};
use crate::{
    Desk,
    conversations::{Marks, MarksMoved, Page, VisitedPage},
    on_site::{self, Guest},
};

/// A whisper between nodes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Whisper {
    Typing {
        place: Place,
        from: AuthorKind,
        name: Option<String>,
        on: bool,
        socket: Option<u64>,
        /// What a visitor is writing, where the company sees it before it is sent.
        #[serde(default)]
        text: Option<String>,
    },
    Marks {
        place: Place,
        marks: Marks,
        unread: i64,
        #[serde(default)]
        read_seq: i64,
    },
    /// Somebody looks at a conversation, or looks away. `is_new`: those who look at it too say so.
    Viewing { place: Place, agent: AgentId, on: bool, is_new: bool, socket: u64 },
    /// The visitor has gone to another page.
    Page {
        place: Place,
        page: Option<Page>,
        /// The pages of the visit.
        #[serde(default)]
        pages: Vec<VisitedPage>,
    },
    /// Who is on the site, by one node's word.
    Guests { node: NodeId, guests: Vec<Guest> },
}

impl Whisper {
    /// Marks that have moved.
    pub const fn marks(place: Place, moved: &MarksMoved) -> Self {
        Self::Marks { place, marks: moved.marks, unread: moved.unread, read_seq: moved.read_seq }
    }
}

/// Whispers to every node, this one included.
pub fn whisper(desk: &Desk, workspace: WorkspaceId, whisper: &Whisper) {
    if let Ok(body) = serde_json::to_vec(whisper) {
        desk.bus.whisper(workspace, body.into());
    }
}

/// Brings a whisper to the screens on this node.
pub fn hear(desk: &Desk, workspace: WorkspaceId, body: &[u8]) {
    // A whisper of a newer release is not understood, and nothing is lost by that.
    let Ok(whisper) = serde_json::from_slice::<Whisper>(body) else { return };
    match whisper {
        Whisper::Typing { place, from, name, on, socket, text } => {
            let (conversation, name_shown, text) = (place.conversation, name.as_deref(), text.as_deref());
            let frame = ToClient::TypingForAgent { conversation, from, name: name_shown, on, text }.text();
            to_agents(desk, workspace, &place, &frame, socket);
            if from == AuthorKind::Agent {
                let frame = ToClient::TypingForVisitor { on, name: name.as_deref() }.text();
                to_visitor(desk, place.contact, &frame);
            }
        }
        Whisper::Marks { place, marks, unread, read_seq } => {
            let conversation: ConversationId = place.conversation;
            let frame =
                ToClient::MarksForAgent { conversation, marks, unread, read_seq, assignee: place.assignee }.text();
            to_agents(desk, workspace, &place, &frame, None);
            let marks = marks.agent;
            let frame = ToClient::MarksForVisitor { conversation, delivered: marks.delivered, read: marks.read }.text();
            to_visitor(desk, place.contact, &frame);
            desk.live.rows.mark(workspace, conversation);
            desk.live.teams.mark_messages(workspace);
        }
        Whisper::Viewing { place, agent, on, is_new, socket } => {
            let frame = ToClient::Viewing { conversation: place.conversation, agent, on }.text();
            to_agents(desk, workspace, &place, &frame, Some(socket));
            if is_new {
                viewing::answer(desk, socket, &place, &desk.live.readers.agents(workspace));
            }
        }
        Whisper::Page { place, page, pages } => {
            let frame = ToClient::Page { conversation: place.conversation, page: page.as_ref(), pages: &pages }.text();
            to_agents(desk, workspace, &place, &frame, None);
        }
        Whisper::Guests { node, guests } => on_site::hear(desk, workspace, node, guests),
    }
}

/// Tells the other nodes who is on the site here.
pub fn whisper_guests(desk: &Desk, workspace: WorkspaceId, guests: Vec<Guest>) {
    whisper(desk, workspace, &Whisper::Guests { node: desk.bus.node(), guests });
}

/// A frame for every console of this node.
pub fn tell_consoles(desk: &Desk, workspace: WorkspaceId, frame: &std::sync::Arc<str>) {
    for reader in desk.live.readers.agents(workspace).iter() {
        reader.send(AgentFrame::Plain(std::sync::Arc::clone(frame)));
    }
}

fn to_agents(desk: &Desk, workspace: WorkspaceId, place: &Place, frame: &std::sync::Arc<str>, except: Option<u64>) {
    let audience = balcao_types::Audience::Watchers {
        conversation: place.conversation,
        department: place.department,
        assignee: place.assignee,
    };
    for reader in desk.live.readers.agents(workspace).iter() {
        if Some(reader.socket) != except && reader.hears(&audience) {
            reader.send(AgentFrame::Plain(std::sync::Arc::clone(frame)));
        }
    }
}

fn to_visitor(desk: &Desk, contact: ContactId, frame: &std::sync::Arc<str>) {
    desk.live.readers.for_visitors(contact, |reader| reader.send(VisitorFrame::Plain(std::sync::Arc::clone(frame))));
}
