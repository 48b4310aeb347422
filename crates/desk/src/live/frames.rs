//! The frames of both sockets, as `docs/protocol.md` describes them.

use std::{borrow::Cow, sync::Arc};

use balcao_types::{
    Actor, AgentId, AgentStatus, AuthorKind, ClientId, ConversationId, ConversationState, DepartmentId, ErrorCode,
    FileId, LabelId, Language, MessageKind, OfflineMessageId, TicketId, TimelineEvent, Timestamp,
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::{
    agents::{Agent, Closed, Paused, PresenceBoard, WhoIsThere},
    connections::ConnectionBadge,
    contacts::ContactShown,
    conversations::{ConversationRow, Counters, Marks, Message, MessageShown, Model, Page, VisitedPage, VisitorForm},
    departments::Department,
    error::Error,
    files::{FileShown, Links},
    http::{ErrorBody, FieldAnswer, StrictObject, from_str},
    labels::Label,
    projects::Project,
    routing::Load,
    surveys::SurveyShown,
    workspaces::Workspace,
};

/// Close codes.
pub mod close {
    pub const NORMAL: u16 = 1000;
    pub const GOING_AWAY: u16 = 1001;
    pub const SESSION_ENDED: u16 = 4401;
    pub const NOT_ALLOWED: u16 = 4403;
    pub const NO_HELLO: u16 = 4408;
    pub const TOO_SLOW: u16 = 4409;
    pub const TOO_LARGE: u16 = 4413;
    pub const BAD_FRAME: u16 = 4422;
    pub const TOO_MANY: u16 = 4429;
}

/// What an agent's client sends.
#[derive(Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", remote = "Self")]
pub enum FromAgent {
    Hello {
        since: Option<i64>,
        #[serde(default)]
        watching: Vec<ConversationId>,
    },
    Watch {
        conversations: Vec<ConversationId>,
    },
    Typing {
        conversation: ConversationId,
        on: bool,
    },
    /// What is looked at right now; none when nothing is.
    Viewing {
        conversation: Option<ConversationId>,
    },
    Read {
        conversation: ConversationId,
        seq: i64,
    },
    Ping {},
    #[serde(other)]
    Unknown,
}

impl<'de> Deserialize<'de> for FromAgent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(StrictObject(deserializer))
    }
}

/// What a visitor's client sends.
#[derive(Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum FromVisitor {
    Hello {
        ticket: String,
        conversation: Option<ConversationId>,
        #[serde(default)]
        since: i64,
        /// A tag such as `es-AR`; one we do not speak changes nothing.
        language: Option<String>,
    },
    /// Read by [`FromVisitor::read`].
    #[serde(skip)]
    Send(Box<SendFrame>),
    Typing {
        on: bool,
        /// What is written so far; heard only where the company has told its visitors so.
        text: Option<String>,
    },
    Marks {
        conversation: ConversationId,
        #[serde(default)]
        delivered: i64,
        #[serde(default)]
        read: i64,
    },
    Close {
        conversation: ConversationId,
    },
    /// Does not want to wait for who is not there (T-112).
    Return {
        conversation: ConversationId,
    },
    Page(Page),
    Ping {},
    #[serde(other)]
    Unknown,
}

/// The name of a frame.
#[derive(Deserialize)]
struct FrameName<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
}

impl FromVisitor {
    /// Reads a frame. Messages, which are most of them, are read straight into their place; for the others serde keeps all fields aside first.
    ///
    /// # Errors
    /// When it is no frame, or a known one with a field missing or of another type.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        let name: FrameName<'_> = from_str(text)?;
        if name.t == "send" { from_str(text).map(Self::Send) } else { from_str(text) }
    }
}

/// A visitor's message.
#[derive(Deserialize)]
pub struct SendFrame {
    pub id: ClientId,
    pub text: String,
    pub file: Option<FileId>,
    #[serde(default)]
    pub form: VisitorForm,
    pub page: Option<Page>,
}

/// What the server sends, to either side, besides numbered events and entries.
#[derive(Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ToClient<'a> {
    #[serde(rename = "welcome")]
    WelcomeAgent {
        n: i64,
        resumed: bool,
    },
    Snapshot {
        n: i64,
        why: &'static str,
    },
    Rows {
        rows: Vec<&'a ConversationRow>,
    },
    Counters(Counters),
    #[serde(rename = "marks")]
    MarksForAgent {
        conversation: ConversationId,
        #[serde(flatten)]
        marks: Marks,
        unread: i64,
        read_seq: i64,
        /// Whose `unread` and `read_seq` are.
        assignee: Option<AgentId>,
    },
    #[serde(rename = "marks")]
    MarksForVisitor {
        conversation: ConversationId,
        delivered: i64,
        read: i64,
    },
    #[serde(rename = "typing")]
    TypingForAgent {
        conversation: ConversationId,
        from: AuthorKind,
        name: Option<&'a str>,
        on: bool,
        /// What a visitor has written so far, where the company sees it before it is sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<&'a str>,
    },
    #[serde(rename = "typing")]
    TypingForVisitor {
        on: bool,
        name: Option<&'a str>,
    },
    /// A colleague has a conversation on screen, or has left it.
    Viewing {
        conversation: ConversationId,
        agent: AgentId,
        on: bool,
    },
    Page {
        conversation: ConversationId,
        page: Option<&'a Page>,
        /// The pages of the visit in their order.
        pages: &'a [VisitedPage],
    },
    Presence {
        agents: Vec<AgentPresence>,
    },
    Team {
        agents: &'a [Load],
    },
    #[serde(rename = "welcome")]
    WelcomeVisitor {
        #[serde(flatten)]
        who: WhoIsThere,
        resumed: bool,
        conversation: Option<Box<ConversationShown>>,
        entries: Vec<Entry>,
        earlier: bool,
        marks: VisitorMarks,
        /// The place in the queue, counted from 1, while it waits.
        queue: Option<i64>,
        /// The visitor's conversation before this one, where all of this one is told.
        previous: Option<ConversationId>,
    },
    Queue {
        conversation: ConversationId,
        position: i64,
    },
    Ack {
        id: ClientId,
        conversation: ConversationId,
        seq: i64,
        at: Timestamp,
    },
    Entry {
        conversation: ConversationId,
        entry: &'a Entry,
    },
    Conversation {
        conversation: &'a ConversationShown,
    },
    /// Whoever may answer the conversation came online or went: see [`ConversationShown::attended`].
    Attended {
        conversation: ConversationId,
        online: bool,
        /// See [`ConversationShown::others`].
        others: bool,
        /// See [`ConversationShown::closed`].
        closed: Option<&'a Closed>,
    },
    Status {
        #[serde(flatten)]
        who: WhoIsThere,
    },
    Refused {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<ClientId>,
        code: ErrorCode,
        message: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<FieldAnswer>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
        /// Facts for the client, such as a challenge to solve.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<serde_json::Value>,
    },
    Pong {},
}

impl ToClient<'_> {
    /// The frame's text. Every frame is made of words, numbers and texts, which always encode.
    pub fn text(&self) -> Arc<str> {
        serde_json::to_string(self).unwrap_or_default().into()
    }

    /// A refusal in a language.
    pub fn refused(id: Option<ClientId>, error: &Error, language: Language) -> Self {
        let body = ErrorBody::new(error, language, None);
        let retry_after = match error {
            Error::Refused(refusal) => refusal.retry_after,
            // The store was away; nothing was stored.
            Error::Failed(_) => Some(2),
            Error::Fields(_) => None,
        };
        let ErrorBody { code, message, fields, detail, .. } = body;
        Self::Refused { id, code, message, fields, retry_after, detail }
    }
}

/// An agent's effective status.
#[derive(Clone, Debug, Serialize)]
pub struct AgentPresence {
    pub id: AgentId,
    pub status: AgentStatus,
    /// Since when; none for somebody who was never here.
    pub since: Option<Timestamp>,
    /// For what they have stepped away.
    pub pause: Option<Paused>,
}

/// How far the agents' side has come, as the visitor is told it.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct VisitorMarks {
    pub delivered: i64,
    pub read: i64,
}

/// An event as agents get it, inside its numbered frame.
#[derive(Serialize)]
pub struct EventBody<'a> {
    pub kind: &'static str,
    #[serde(flatten)]
    pub content: EventContent<'a>,
}

/// What an event carries for agents.
#[derive(Serialize)]
#[serde(untagged)]
pub enum EventContent<'a> {
    Message {
        conversation: ConversationId,
        message: &'a MessageShown,
        unread: i64,
        state: ConversationState,
    },
    Conversation {
        conversation: &'a ConversationRow,
        actor: &'a Actor,
    },
    Contact {
        contact: ContactShown,
    },
    Agent {
        agent: Agent,
    },
    Department {
        department: Box<Department>,
    },
    AgentGone {
        agent: AgentId,
    },
    DepartmentGone {
        department: DepartmentId,
    },
    Project {
        project: Project,
    },
    Connection {
        connection: ConnectionBadge,
    },
    Label {
        label: Label,
    },
    LabelGone {
        label: LabelId,
    },
    /// What it says now is asked for by whoever shows it.
    OfflineMessage {
        offline_message: OfflineMessageId,
    },
    /// What it says now is asked for by whoever shows it.
    Ticket {
        ticket: TicketId,
    },
    Workspace {
        workspace: Box<Workspace>,
    },
    Nothing {},
    Gone {
        conversation: ConversationId,
        actor: &'a Actor,
    },
}

/// A conversation as its visitor sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversationShown {
    pub id: ConversationId,
    pub protocol: String,
    pub state: ConversationState,
    /// Whose looks it wears, where the visitor chose among several.
    pub department: DepartmentId,
    /// Who answers, once somebody does.
    pub agent: Option<AgentShown>,
    /// Whether who may answer is there now: this very agent, or while nobody has it somebody of its department.
    pub attended: bool,
    /// Whether the visitor may turn to others: this agent has gone, and somebody of the department is there (T-112).
    pub others: bool,
    /// While the hours of its department do not run.
    pub closed: Option<Closed>,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub last_seq: i64,
    /// Whether the visitor has a control to end it (D-022).
    pub may_close: bool,
    /// What is asked of the visitor once it is closed, until that is answered (T-181).
    pub survey: Option<SurveyShown>,
}

/// An agent as visitors see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AgentShown {
    pub name: String,
}

impl ConversationShown {
    /// The visitor's projection of a conversation.
    pub fn of(model: &Model, visitor_may_close: bool, board: &PresenceBoard) -> Self {
        Self {
            id: model.id,
            protocol: model.protocol.clone(),
            state: model.state,
            department: model.department_id,
            agent: model.assignee_name.clone().map(|name| AgentShown { name }),
            attended: board.is_attended(model.assignee_id, model.department_id, model.is_handed_on()),
            closed: board.closed(Some(model.department_id)),
            others: !model.state.is_closed()
                && board.may_turn_to_others(model.assignee_id, model.department_id, model.is_handed_on()),
            opened_at: model.opened_at,
            closed_at: model.closed_at,
            last_seq: model.last_seq,
            may_close: visitor_may_close && !model.state.is_closed(),
            // A document that cannot be read asks nothing.
            survey: model.survey().ok().flatten().map(|asked| asked.shown),
        }
    }
}

/// One line as the visitor sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Entry {
    pub seq: i64,
    pub kind: EntryKind,
    pub from: AuthorKind,
    pub name: Option<String>,
    /// The client id of the visitor's own messages.
    pub id: Option<ClientId>,
    #[schema(value_type = String)]
    pub text: Arc<str>,
    pub file: Option<FileShown>,
    pub event: Option<EntryEvent>,
    pub at: Timestamp,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    Message,
    Event,
}

/// A state change as the visitor sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryEvent {
    pub code: TimelineEvent,
    /// Who did it, or who answers from now on where it was assigned.
    pub name: Option<String>,
    /// To whom or where it was transferred.
    pub target: Option<String>,
}

impl Entry {
    /// The visitor's projection of a line; none for notes, which take no number.
    pub fn of(message: &Message, links: &Links<'_>) -> Option<Self> {
        if message.kind == MessageKind::Note {
            return None;
        }
        // A line that brings its words says them.
        let is_event = message.kind == MessageKind::System && message.text.is_empty();
        Some(Self {
            seq: message.seq?,
            kind: if is_event { EntryKind::Event } else { EntryKind::Message },
            from: message.from,
            name: message.name.clone(),
            id: message.client_id.filter(|_| message.from == AuthorKind::Visitor),
            text: Arc::clone(&message.text),
            file: message.file.as_deref().map(|file| FileShown::of(file, links)),
            event: message.event.as_ref().filter(|_| is_event).map(|event| EntryEvent {
                code: event.code,
                name: event.name.clone(),
                target: event.target.clone(),
            }),
            at: message.at,
        })
    }
}
