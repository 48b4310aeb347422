//! What happened, numbered per workspace and kept: ids and who may hear of it, never text, so that erasing a text is complete.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    AgentId, AgentStatus, AuthorKind, ConnectionId, ContactId, ConversationId, ConversationState, DepartmentId,
    LabelId, OfflineMessageId, ProjectId, ShiftOwner, StatusCause, TicketId,
};

/// Who caused something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    pub kind: AuthorKind,
    /// The agent's id when `kind` is `agent`.
    pub id: Option<AgentId>,
    /// The name to show, as it was then; none for a visitor who gave none.
    pub name: Option<String>,
}

impl Actor {
    /// An agent, by id and name.
    pub fn agent(id: AgentId, name: impl Into<String>) -> Self {
        Self { kind: AuthorKind::Agent, id: Some(id), name: Some(name.into()) }
    }

    /// The program itself.
    pub const fn system() -> Self {
        Self { kind: AuthorKind::System, id: None, name: None }
    }

    /// The visitor of the conversation concerned.
    pub const fn visitor() -> Self {
        Self { kind: AuthorKind::Visitor, id: None, name: None }
    }
}

/// Where a conversation stands: what decides who may hear of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub conversation: ConversationId,
    pub contact: ContactId,
    pub department: DepartmentId,
    pub assignee: Option<AgentId>,
    pub state: ConversationState,
}

/// Something that happened in a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A line was added to a conversation's timeline. `seq` is absent for notes.
    MessageAdded {
        place: Place,
        position: i64,
        seq: Option<i64>,
        unread: i64,
    },
    ConversationOpened {
        place: Place,
        actor: Actor,
    },
    ConversationTaken {
        before: Place,
        place: Place,
        actor: Actor,
    },
    ConversationReturned {
        before: Place,
        place: Place,
        actor: Actor,
    },
    ConversationTransferred {
        before: Place,
        place: Place,
        actor: Actor,
    },
    /// Whoever had moved it has it back as it was.
    ConversationTakenBack {
        before: Place,
        place: Place,
        actor: Actor,
    },
    ConversationClosed {
        before: Place,
        place: Place,
        actor: Actor,
    },
    ConversationReopened {
        before: Place,
        place: Place,
        actor: Actor,
    },
    /// Its visitor has rated it, or skipped that.
    ConversationRated {
        place: Place,
        actor: Actor,
    },
    /// Labels were put on it or taken off.
    ConversationLabelled {
        place: Place,
        actor: Actor,
    },
    /// `departments` and `people`: where the contact has conversations, and who has them.
    ContactChanged {
        contact: ContactId,
        departments: Vec<DepartmentId>,
        people: Vec<AgentId>,
    },
    /// Who it was is forgotten, and what was written in its conversations.
    ContactErased {
        contact: ContactId,
        departments: Vec<DepartmentId>,
        people: Vec<AgentId>,
    },
    AgentAdded {
        agent: AgentId,
    },
    /// Name, role, departments, activity: anything but the status.
    AgentChanged {
        agent: AgentId,
    },
    /// Nothing named the person any more.
    AgentRemoved {
        agent: AgentId,
    },
    AgentStatusChanged {
        agent: AgentId,
        before: AgentStatus,
        after: AgentStatus,
        #[serde(default)]
        cause: StatusCause,
    },
    /// Somebody's hours were changed. `id`: the department, the person, or the workspace itself for the company.
    HoursChanged {
        owner: ShiftOwner,
        id: Uuid,
    },
    /// The agent's sessions have ended: sockets close.
    AgentSessionsEnded {
        agent: AgentId,
    },
    DepartmentAdded {
        department: DepartmentId,
    },
    DepartmentChanged {
        department: DepartmentId,
    },
    /// Nothing was linked to it any more.
    DepartmentRemoved {
        department: DepartmentId,
    },
    ProjectAdded {
        project: ProjectId,
    },
    /// Its name, its switch, who serves it and at which level, or that it is no more.
    ProjectChanged {
        project: ProjectId,
    },
    ConnectionAdded {
        connection: ConnectionId,
    },
    ConnectionChanged {
        connection: ConnectionId,
    },
    ConnectionRemoved {
        connection: ConnectionId,
    },
    LabelAdded {
        label: LabelId,
    },
    LabelChanged {
        label: LabelId,
    },
    /// It is on no conversation any more.
    LabelRemoved {
        label: LabelId,
    },
    /// Quick replies were added, changed or removed.
    QuickRepliesChanged,
    OfflineMessageAdded {
        message: OfflineMessageId,
        department: DepartmentId,
    },
    /// Read, replied to, answered, or what became of a reply.
    OfflineMessageChanged {
        message: OfflineMessageId,
        department: DepartmentId,
    },
    TicketAdded {
        ticket: TicketId,
        department: DepartmentId,
    },
    /// Its state, its title, who sees to it, or what was written about it. `before`: the department where it stood.
    TicketChanged {
        ticket: TicketId,
        before: DepartmentId,
        department: DepartmentId,
    },
    /// A category of tickets was added, changed or removed.
    TicketCategoriesChanged,
    /// How mail is sent and fetched was changed, or whether that works.
    MailChanged,
    WorkspaceChanged,
}

/// Which agents may hear of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every agent of the workspace.
    Everyone,
    /// Agents of the departments, the named people, and administrators.
    Departments { departments: Vec<DepartmentId>, people: Vec<AgentId> },
    /// The assignee, and whoever has the conversation on screen and may see its department.
    Watchers { conversation: ConversationId, department: DepartmentId, assignee: Option<AgentId> },
    /// No agent's screen: the servers only.
    Nobody,
}

impl Event {
    /// Who may hear of it. A new event does not compile until this is answered for it.
    pub fn audience(&self) -> Audience {
        match self {
            Self::MessageAdded { place, .. } => Audience::Watchers {
                conversation: place.conversation,
                department: place.department,
                assignee: place.assignee,
            },
            Self::ConversationOpened { place, .. }
            | Self::ConversationRated { place, .. }
            | Self::ConversationLabelled { place, .. } => between(place, place),
            Self::ConversationTaken { before, place, .. }
            | Self::ConversationReturned { before, place, .. }
            | Self::ConversationTransferred { before, place, .. }
            | Self::ConversationTakenBack { before, place, .. }
            | Self::ConversationClosed { before, place, .. }
            | Self::ConversationReopened { before, place, .. } => between(before, place),
            Self::ContactChanged { departments, people, .. } | Self::ContactErased { departments, people, .. } => {
                Audience::Departments { departments: departments.clone(), people: people.clone() }
            }
            Self::TicketChanged { before, department, .. } => {
                Audience::Departments { departments: vec![*before, *department], people: Vec::new() }
            }
            Self::OfflineMessageAdded { department, .. }
            | Self::OfflineMessageChanged { department, .. }
            | Self::TicketAdded { department, .. } => {
                Audience::Departments { departments: vec![*department], people: Vec::new() }
            }
            Self::AgentAdded { .. }
            | Self::AgentChanged { .. }
            | Self::DepartmentAdded { .. }
            | Self::DepartmentChanged { .. }
            | Self::DepartmentRemoved { .. }
            | Self::AgentRemoved { .. }
            | Self::ProjectAdded { .. }
            | Self::ProjectChanged { .. }
            | Self::ConnectionAdded { .. }
            | Self::ConnectionChanged { .. }
            | Self::ConnectionRemoved { .. }
            | Self::LabelAdded { .. }
            | Self::LabelChanged { .. }
            | Self::LabelRemoved { .. }
            | Self::QuickRepliesChanged
            | Self::HoursChanged { .. }
            | Self::TicketCategoriesChanged
            | Self::MailChanged
            | Self::WorkspaceChanged => Audience::Everyone,
            // Who is there follows from it and is told by itself.
            Self::AgentStatusChanged { .. } | Self::AgentSessionsEnded { .. } => Audience::Nobody,
        }
    }

    /// The conversation whose visitor hears of it, if any: the only way from an event to a widget.
    pub const fn visitor_place(&self) -> Option<&Place> {
        match self {
            Self::MessageAdded { place, seq, .. } => {
                if seq.is_some() {
                    Some(place)
                } else {
                    None
                }
            }
            Self::ConversationOpened { place, .. }
            | Self::ConversationTaken { place, .. }
            | Self::ConversationReturned { place, .. }
            | Self::ConversationTransferred { place, .. }
            | Self::ConversationTakenBack { place, .. }
            | Self::ConversationClosed { place, .. }
            | Self::ConversationRated { place, .. }
            | Self::ConversationReopened { place, .. } => Some(place),
            Self::ConversationLabelled { .. }
            | Self::ContactChanged { .. }
            | Self::ContactErased { .. }
            | Self::AgentAdded { .. }
            | Self::AgentChanged { .. }
            | Self::AgentStatusChanged { .. }
            | Self::AgentSessionsEnded { .. }
            | Self::DepartmentAdded { .. }
            | Self::DepartmentChanged { .. }
            | Self::DepartmentRemoved { .. }
            | Self::AgentRemoved { .. }
            | Self::ProjectAdded { .. }
            | Self::ProjectChanged { .. }
            | Self::ConnectionAdded { .. }
            | Self::ConnectionChanged { .. }
            | Self::ConnectionRemoved { .. }
            | Self::LabelAdded { .. }
            | Self::LabelChanged { .. }
            | Self::LabelRemoved { .. }
            | Self::QuickRepliesChanged
            | Self::HoursChanged { .. }
            | Self::OfflineMessageAdded { .. }
            | Self::OfflineMessageChanged { .. }
            | Self::TicketAdded { .. }
            | Self::TicketChanged { .. }
            | Self::TicketCategoriesChanged
            | Self::MailChanged
            | Self::WorkspaceChanged => None,
        }
    }

    /// The conversation concerned, if any.
    pub const fn place(&self) -> Option<&Place> {
        match self {
            Self::MessageAdded { place, .. } | Self::ConversationLabelled { place, .. } => Some(place),
            other => other.visitor_place(),
        }
    }

    /// The word under which the event is stored and sent.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::MessageAdded { .. } => "message_added",
            Self::ConversationOpened { .. } => "conversation_opened",
            Self::ConversationTaken { .. } => "conversation_taken",
            Self::ConversationReturned { .. } => "conversation_returned",
            Self::ConversationTransferred { .. } => "conversation_transferred",
            Self::ConversationTakenBack { .. } => "conversation_taken_back",
            Self::ConversationClosed { .. } => "conversation_closed",
            Self::ConversationReopened { .. } => "conversation_reopened",
            Self::ConversationRated { .. } => "conversation_rated",
            Self::ConversationLabelled { .. } => "conversation_labelled",
            Self::ContactChanged { .. } => "contact_changed",
            Self::ContactErased { .. } => "contact_erased",
            Self::AgentAdded { .. } => "agent_added",
            Self::AgentChanged { .. } => "agent_changed",
            Self::AgentStatusChanged { .. } => "agent_status_changed",
            Self::HoursChanged { .. } => "hours_changed",
            Self::AgentSessionsEnded { .. } => "agent_sessions_ended",
            Self::DepartmentAdded { .. } => "department_added",
            Self::DepartmentChanged { .. } => "department_changed",
            Self::DepartmentRemoved { .. } => "department_removed",
            Self::AgentRemoved { .. } => "agent_removed",
            Self::ProjectAdded { .. } => "project_added",
            Self::ProjectChanged { .. } => "project_changed",
            Self::ConnectionAdded { .. } => "connection_added",
            Self::ConnectionChanged { .. } => "connection_changed",
            Self::ConnectionRemoved { .. } => "connection_removed",
            Self::LabelAdded { .. } => "label_added",
            Self::LabelChanged { .. } => "label_changed",
            Self::LabelRemoved { .. } => "label_removed",
            Self::QuickRepliesChanged => "quick_replies_changed",
            Self::OfflineMessageAdded { .. } => "offline_message_added",
            Self::OfflineMessageChanged { .. } => "offline_message_changed",
            Self::TicketAdded { .. } => "ticket_added",
            Self::TicketChanged { .. } => "ticket_changed",
            Self::TicketCategoriesChanged => "ticket_categories_changed",
            Self::MailChanged => "mail_changed",
            Self::WorkspaceChanged => "workspace_changed",
        }
    }
}

fn between(before: &Place, after: &Place) -> Audience {
    Audience::Departments {
        departments: vec![before.department, after.department],
        people: before.assignee.into_iter().chain(after.assignee).collect(),
    }
}
