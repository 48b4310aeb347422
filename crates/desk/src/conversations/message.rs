//! A line of the timeline as agents see it.

use std::sync::Arc;

use balcao_types::{AuthorKind, ClientId, MessageKind, TimelineEvent, Timestamp};
use sea_orm::{DbErr, QueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::files::{FileKept, FileShown, Links};

/// A line of a conversation's timeline, as it is kept. It is shown as [`MessageShown`].
#[derive(Clone, Debug)]
pub struct Message {
    pub position: i64,
    pub seq: Option<i64>,
    pub kind: MessageKind,
    pub from: AuthorKind,
    pub author_id: Option<Uuid>,
    pub name: Option<String>,
    pub client_id: Option<ClientId>,
    pub text: Arc<str>,
    pub file: Option<Arc<FileKept>>,
    pub event: Option<SystemLine>,
    pub at: Timestamp,
}

/// A line of a conversation's timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageShown {
    /// The place in the timeline, counted from 1, notes included.
    pub position: i64,
    /// The visitor's number; none for notes.
    pub seq: Option<i64>,
    pub kind: MessageKind,
    pub from: AuthorKind,
    /// The agent's id where an agent wrote.
    pub author_id: Option<Uuid>,
    /// The author's name as it was then.
    pub name: Option<String>,
    /// The id the sender gave it.
    pub client_id: Option<ClientId>,
    /// May be empty beside a file.
    #[schema(value_type = String)]
    pub text: Arc<str>,
    pub file: Option<FileShown>,
    /// What a system line says.
    pub event: Option<SystemLine>,
    pub at: Timestamp,
}

impl MessageShown {
    /// A line with fresh addresses for its file.
    pub fn of(message: &Message, links: &Links<'_>) -> Self {
        Self {
            position: message.position,
            seq: message.seq,
            kind: message.kind,
            from: message.from,
            author_id: message.author_id,
            name: message.name.clone(),
            client_id: message.client_id,
            text: Arc::clone(&message.text),
            file: message.file.as_deref().map(|file| FileShown::of(file, links)),
            event: message.event.clone(),
            at: message.at,
        }
    }

    /// Several lines.
    pub fn all(messages: &[Message], links: &Links<'_>) -> Vec<Self> {
        messages.iter().map(|message| Self::of(message, links)).collect()
    }
}

/// A message's file, from its JSON.
///
/// # Errors
/// When it is none.
pub fn file_of(json: Option<&str>) -> serde_json::Result<Option<Arc<FileKept>>> {
    json.map(|json| serde_json::from_str(json).map(Arc::new)).transpose()
}

/// What a system line says, as facts: each side puts them into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemLine {
    pub code: TimelineEvent,
    /// Who did it.
    pub name: Option<String>,
    /// To whom or where it went.
    #[serde(default)]
    pub target: Option<String>,
}

/// The columns [`Message::from_row`] reads.
pub const MESSAGE_COLUMNS: &str =
    "position, seq, kind, author_kind, author_id, author_name, client_id, text, event, at, file";

impl Message {
    /// Reads a row with [`MESSAGE_COLUMNS`].
    pub fn from_row(row: &QueryResult) -> Result<Self, DbErr> {
        let kind: MessageKind = row.try_get("", "kind")?;
        let from: AuthorKind = row.try_get("", "author_kind")?;
        let author_id: Uuid = row.try_get("", "author_id")?;
        let event: Option<String> = row.try_get("", "event")?;
        let event = event
            .map(|event| serde_json::from_str(&event).map_err(|error| DbErr::Type(error.to_string())))
            .transpose()?;
        let file: Option<String> = row.try_get("", "file")?;
        let client_id: ClientId = row.try_get("", "client_id")?;
        Ok(Self {
            position: row.try_get("", "position")?,
            seq: row.try_get("", "seq")?,
            kind,
            from,
            author_id: (from == AuthorKind::Agent).then_some(author_id),
            name: row.try_get("", "author_name")?,
            client_id: (kind != MessageKind::System).then_some(client_id),
            text: row.try_get::<String>("", "text")?.into(),
            file: file_of(file.as_deref()).map_err(|error| DbErr::Type(error.to_string()))?,
            event,
            at: row.try_get("", "at")?,
        })
    }
}
