//! Who listens on this node: agents' consoles and visitors' panels, each with a bounded queue of frames.

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use balcao_types::{
    AgentId, Audience, ConnectionId, ContactId, ConversationId, DepartmentId, Place, SessionId, WorkspaceId,
};
use dashmap::DashMap;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{Notify, mpsc};

use super::{answering::Answering, frames::close};
use crate::access::AgentScope;

/// How many frames may wait for a reader (C9). Then it is closed with 4409 and resumes.
pub const QUEUE_MAX: usize = 256;

/// How many conversations one console may have on screen.
pub const WATCHING_MAX: usize = 20;

/// A frame on its way to an agent's socket.
#[derive(Clone, Debug)]
pub enum AgentFrame {
    /// A numbered event: the JSON after `"prev":…,`. The socket adds the numbers of its own chain.
    Event {
        number: i64,
        body: Arc<str>,
    },
    Plain(Arc<str>),
    /// The reader's audience has changed: it takes a snapshot.
    Snapshot {
        why: &'static str,
    },
}

/// A frame on its way to a visitor's socket.
#[derive(Clone, Debug)]
pub enum VisitorFrame {
    /// An entry with its number, so that each socket keeps the order.
    Entry {
        conversation: ConversationId,
        seq: i64,
        text: Arc<str>,
    },
    Plain(Arc<str>),
}

/// Tells a socket to end, past everything that waits for it.
#[derive(Debug, Default)]
pub struct End {
    code: OnceLock<u16>,
    told: Notify,
}

impl End {
    /// Ends the socket with a close code; the first one counts.
    fn tell(&self, code: u16) {
        let _ = self.code.set(code);
        self.told.notify_one();
    }

    /// Resolves to the close code once the socket must end.
    pub async fn told(&self) -> u16 {
        loop {
            let told = self.told.notified();
            if let Some(code) = self.code.get() {
                return *code;
            }
            told.await;
        }
    }
}

/// An agent's console.
pub struct AgentReader {
    pub socket: u64,
    pub workspace: WorkspaceId,
    pub scope: RwLock<Arc<AgentScope>>,
    pub watching: RwLock<Vec<ConversationId>>,
    /// The conversation that is looked at right now.
    pub viewing: RwLock<Option<Place>>,
    pub end: End,
    frames: Mutex<Option<mpsc::Sender<AgentFrame>>>,
}

impl AgentReader {
    /// The agent and session.
    pub fn agent(&self) -> (AgentId, SessionId) {
        let scope = self.scope.read();
        (scope.agent, scope.session)
    }

    /// Whether the reader belongs to an audience.
    pub fn hears(&self, audience: &Audience) -> bool {
        let scope = self.scope.read();
        match audience {
            Audience::Everyone => true,
            Audience::Nobody => false,
            Audience::Departments { departments, people } => {
                departments.iter().any(|department| scope.sees(*department)) || people.contains(&scope.agent)
            }
            Audience::Watchers { conversation, department, assignee } => {
                *assignee == Some(scope.agent)
                    || (scope.sees(*department) && self.watching.read().contains(conversation))
            }
        }
    }

    /// Whether conversations of the department concern the reader.
    pub fn sees(&self, department: DepartmentId) -> bool {
        self.scope.read().sees(department)
    }

    /// Whether a conversation that stands there concerns the reader.
    pub fn sees_place(&self, place: &Place) -> bool {
        self.scope.read().sees_place(place)
    }

    /// Queues a frame. A reader whose queue is full gets nothing more: its socket ends with 4409.
    pub fn send(&self, frame: AgentFrame) {
        push(&self.frames, frame, &self.end);
    }

    /// Ends the socket.
    pub fn close(&self, code: u16) {
        self.end.tell(code);
    }
}

/// A visitor's panel.
pub struct VisitorReader {
    pub socket: u64,
    pub workspace: WorkspaceId,
    pub connection: ConnectionId,
    pub contact: ContactId,
    /// The department that decides whether the chat is online; none means any.
    pub department: Option<DepartmentId>,
    pub may_close: bool,
    pub answering: Mutex<Option<Answering>>,
    end: Arc<End>,
    frames: Mutex<Option<mpsc::Sender<VisitorFrame>>>,
}

impl VisitorReader {
    /// Queues a frame. A reader whose queue is full gets nothing more: its socket ends with 4409.
    pub fn send(&self, frame: VisitorFrame) {
        push(&self.frames, frame, &self.end);
    }

    /// Ends the socket.
    pub fn close(&self, code: u16) {
        self.end.tell(code);
    }
}

/// Queues a frame, or cuts the reader off.
fn push<F>(frames: &Mutex<Option<mpsc::Sender<F>>>, frame: F, end: &End) {
    let mut sender = frames.lock();
    if sender.as_ref().is_some_and(|sender| sender.try_send(frame).is_err()) {
        metrics::counter!("balcao_live_readers_cut_total").increment(1);
        *sender = None;
        end.tell(close::TOO_SLOW);
    }
}

/// Everybody who listens on this node.
#[derive(Default)]
pub struct Readers {
    next: AtomicU64,
    agents: RwLock<HashMap<WorkspaceId, Arc<Vec<Arc<AgentReader>>>>>,
    visitors: DashMap<ContactId, Vec<Arc<VisitorReader>>>,
    visitor_count: AtomicU64,
}

impl Readers {
    /// Adds an agent's console.
    pub fn add_agent(
        &self,
        workspace: WorkspaceId,
        scope: Arc<AgentScope>,
    ) -> (Arc<AgentReader>, mpsc::Receiver<AgentFrame>) {
        let (sender, frames) = mpsc::channel(QUEUE_MAX);
        let reader = Arc::new(AgentReader {
            socket: self.next.fetch_add(1, Ordering::Relaxed),
            workspace,
            scope: RwLock::new(scope),
            watching: RwLock::new(Vec::new()),
            viewing: RwLock::new(None),
            end: End::default(),
            frames: Mutex::new(Some(sender)),
        });
        let mut agents = self.agents.write();
        let list = agents.entry(workspace).or_default();
        Arc::make_mut(list).push(Arc::clone(&reader));
        (reader, frames)
    }

    /// Removes an agent's console.
    pub fn remove_agent(&self, reader: &AgentReader) {
        let mut agents = self.agents.write();
        if let Some(list) = agents.get_mut(&reader.workspace) {
            Arc::make_mut(list).retain(|other| other.socket != reader.socket);
        }
    }

    /// The consoles of a workspace.
    pub fn agents(&self, workspace: WorkspaceId) -> Arc<Vec<Arc<AgentReader>>> {
        self.agents.read().get(&workspace).cloned().unwrap_or_default()
    }

    /// The consoles of every workspace.
    pub fn all_agents(&self) -> Vec<Arc<AgentReader>> {
        self.agents.read().values().flat_map(|list| list.iter().cloned()).collect()
    }

    /// Adds a visitor's panel.
    pub fn add_visitor(&self, new: NewVisitor) -> (Arc<VisitorReader>, mpsc::Receiver<VisitorFrame>) {
        let (sender, frames) = mpsc::channel(QUEUE_MAX);
        let reader = Arc::new(VisitorReader {
            socket: self.next.fetch_add(1, Ordering::Relaxed),
            workspace: new.workspace,
            connection: new.connection,
            contact: new.contact,
            department: new.department,
            may_close: new.may_close,
            answering: Mutex::new(None),
            end: new.end,
            frames: Mutex::new(Some(sender)),
        });
        self.visitors.entry(new.contact).or_default().push(Arc::clone(&reader));
        self.visitor_count.fetch_add(1, Ordering::Relaxed);
        (reader, frames)
    }

    /// Removes a visitor's panel.
    pub fn remove_visitor(&self, reader: &VisitorReader) {
        if let Some(mut list) = self.visitors.get_mut(&reader.contact) {
            list.retain(|other| other.socket != reader.socket);
        }
        self.visitors.remove_if(&reader.contact, |_, list| list.is_empty());
        self.visitor_count.fetch_sub(1, Ordering::Relaxed);
    }

    /// Does something for each panel of a contact.
    pub fn for_visitors(&self, contact: ContactId, mut each: impl FnMut(&Arc<VisitorReader>)) {
        if let Some(list) = self.visitors.get(&contact) {
            list.iter().for_each(&mut each);
        }
    }

    /// Whether a contact has a panel here.
    pub fn has_visitor(&self, contact: ContactId) -> bool {
        self.visitors.contains_key(&contact)
    }

    /// Does something for every panel.
    pub fn for_all_visitors(&self, mut each: impl FnMut(&Arc<VisitorReader>)) {
        for list in &self.visitors {
            list.value().iter().for_each(&mut each);
        }
    }

    /// How many consoles and panels.
    pub fn counts(&self) -> (usize, usize) {
        let agents = self.agents.read().values().map(|list| list.len()).sum();
        (agents, usize::try_from(self.visitor_count.load(Ordering::Relaxed)).unwrap_or(0))
    }
}

/// A visitor's panel to add.
pub struct NewVisitor {
    pub workspace: WorkspaceId,
    pub connection: ConnectionId,
    pub contact: ContactId,
    pub department: Option<DepartmentId>,
    pub may_close: bool,
    pub end: Arc<End>,
}
