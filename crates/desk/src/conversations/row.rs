//! A conversation as the lists show it.

use balcao_types::{
    AgentId, AuthorKind, Channel, ConnectionId, ConversationId, ConversationState, DepartmentId, FileKind, MessageKind,
    Timestamp, WorkspaceId, rules::text::one_line,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::marks::{Marks, Watermark};
use crate::{
    contacts::ContactShown,
    error::Result,
    labels::{self, AppliedLabel},
    surveys::{self, Grade},
};

/// A conversation as the lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversationRow {
    pub id: ConversationId,
    /// The number people quote: `20261120-0147`.
    pub protocol: String,
    pub state: ConversationState,
    pub department_id: DepartmentId,
    pub assignee_id: Option<AgentId>,
    pub connection_id: ConnectionId,
    pub channel: Channel,
    pub contact: ContactShown,
    pub last_message: Option<LastMessage>,
    /// The visitor's messages that the agents' side has not read.
    pub unread: i64,
    /// When the first message came that nobody has answered yet.
    pub waiting_since: Option<Timestamp>,
    /// How far the person who has it has read: `unread` counts what came after (the conversation's `seq`).
    pub read_seq: i64,
    pub last_position: i64,
    pub last_seq: i64,
    pub opened_at: Timestamp,
    /// Since when it waits, while in the queue.
    pub queued_at: Option<Timestamp>,
    pub taken_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// Whether a specialist has handed it on: what Level 2 waits for.
    pub is_handed_on: bool,
    pub marks: Marks,
    /// In the order in which they were put on.
    pub labels: Vec<AppliedLabel>,
    /// What its visitor gave it, once it is closed.
    pub grade: Option<Grade>,
}

/// The last message as the lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LastMessage {
    #[serde(flatten)]
    pub said: Said,
    pub at: Timestamp,
}

/// What was said last, as it is kept with the conversation.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Said {
    pub kind: MessageKind,
    pub from: AuthorKind,
    pub name: Option<String>,
    /// One line, at most 160 characters; it may be empty beside a file.
    pub text: String,
    /// What kind of file came with it.
    #[serde(default)]
    pub file: Option<FileKind>,
    /// The name of that file.
    #[serde(default)]
    pub file_name: Option<String>,
}

/// Where a visitor is and with what.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Visit {
    pub page: Option<Page>,
    /// The pages of this visit in their order, the one they are on last; few.
    #[serde(default)]
    pub pages: Vec<VisitedPage>,
    pub user_agent: Option<String>,
    pub language: Option<String>,
}

/// The page a visitor is on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Page {
    pub url: String,
    #[serde(default)]
    pub title: String,
}

/// A page of a visit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct VisitedPage {
    #[serde(flatten)]
    pub page: Page,
    /// When the visitor came to it.
    pub since: Timestamp,
}

impl Page {
    /// A page as a visitor claims it, as one plain line of a sensible length; none unless it is a web address.
    pub fn checked(self) -> Option<Self> {
        let is_web = self.url.starts_with("https://") || self.url.starts_with("http://");
        is_web.then(|| Self { url: one_line(&self.url, 1_000), title: one_line(&self.title, 200) })
    }
}

/// Selects what [`read_rows`] reads; conditions follow.
pub const ROW_SELECT: &str = "SELECT c.id, c.protocol, c.state, c.department_id, c.assignee_id, c.connection_id, n.channel, \
    c.contact_id, ct.name AS contact_name, ct.email AS contact_email, ct.phone AS contact_phone, ct.number AS contact_number, \
    c.last_message, c.last_message_at, c.unread, c.waiting_since, c.read_seq, c.last_position, c.last_seq, c.opened_at, c.queued_at, c.taken_at, c.closed_at, c.transferred_at, \
    c.visit, v.delivered_seq AS visitor_delivered, v.read_seq AS visitor_read, a.read_seq AS agent_read \
    FROM conversations c JOIN contacts ct ON ct.id = c.contact_id JOIN connections n ON n.id = c.connection_id \
    LEFT JOIN marks v ON v.workspace_id = c.workspace_id AND v.conversation_id = c.id AND v.reader = 'visitor' \
    LEFT JOIN marks a ON a.workspace_id = c.workspace_id AND a.conversation_id = c.id AND a.reader = 'agent' ";

impl ConversationRow {
    fn from_row(row: &QueryResult) -> std::result::Result<Self, DbErr> {
        let said: Option<String> = row.try_get("", "last_message")?;
        let said: Option<Said> =
            said.map(|said| serde_json::from_str(&said).map_err(|error| DbErr::Type(error.to_string()))).transpose()?;
        let at: Timestamp = row.try_get("", "last_message_at")?;
        Ok(Self {
            id: row.try_get("", "id")?,
            protocol: row.try_get("", "protocol")?,
            state: row.try_get("", "state")?,
            department_id: row.try_get("", "department_id")?,
            assignee_id: row.try_get("", "assignee_id")?,
            connection_id: row.try_get("", "connection_id")?,
            channel: row.try_get("", "channel")?,
            contact: ContactShown::of_row(row)?,
            last_message: said.map(|said| LastMessage { said, at }),
            unread: row.try_get("", "unread")?,
            waiting_since: row.try_get("", "waiting_since")?,
            read_seq: row.try_get("", "read_seq")?,
            last_position: row.try_get("", "last_position")?,
            last_seq: row.try_get("", "last_seq")?,
            opened_at: row.try_get("", "opened_at")?,
            queued_at: row.try_get("", "queued_at")?,
            taken_at: row.try_get("", "taken_at")?,
            closed_at: row.try_get("", "closed_at")?,
            is_handed_on: row.try_get::<Option<Timestamp>>("", "transferred_at")?.is_some(),
            marks: Marks {
                visitor: Watermark {
                    delivered: row.try_get::<Option<i64>>("", "visitor_delivered")?.unwrap_or(0),
                    read: row.try_get::<Option<i64>>("", "visitor_read")?.unwrap_or(0),
                },
                agent: Watermark {
                    delivered: row.try_get("", "last_seq")?,
                    read: row.try_get::<Option<i64>>("", "agent_read")?.unwrap_or(0),
                },
            },
            labels: Vec::new(),
            grade: None,
        })
    }
}

/// Reads rows of [`ROW_SELECT`], and the labels and the rating they have.
///
/// # Errors
/// When the database cannot be read.
pub async fn read_rows(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    rows: &[QueryResult],
) -> Result<Vec<ConversationRow>> {
    let mut read = rows.iter().map(ConversationRow::from_row).collect::<std::result::Result<Vec<_>, _>>()?;
    let ids: Vec<ConversationId> = read.iter().map(|row| row.id).collect();
    let mut labels = labels::of_conversations(connection, workspace, &ids).await?;
    let closed: Vec<ConversationId> = read.iter().filter(|row| row.state.is_closed()).map(|row| row.id).collect();
    let grades = surveys::grades_of(connection, workspace, &closed).await?;
    for row in &mut read {
        row.labels = labels.remove(&row.id).unwrap_or_default();
        row.grade = grades.get(&row.id).copied();
    }
    Ok(read)
}

/// The visit of a row of [`ROW_SELECT`].
pub fn visit_of(row: &QueryResult) -> std::result::Result<Visit, DbErr> {
    let visit: Option<String> = row.try_get("", "visit")?;
    visit.map_or(Ok(Visit::default()), |visit| {
        serde_json::from_str(&visit).map_err(|error| DbErr::Type(error.to_string()))
    })
}
