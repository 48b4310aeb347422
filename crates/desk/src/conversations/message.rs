//! A line of the timeline as agents see it.

use std::sync::Arc;

use balcao_types::{AuthorKind, ClientId, MessageKind, TimelineEvent, Timestamp};
use sea_orm::{DbErr, QueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A line of a conversation's timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Message {
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
    #[schema(value_type = String)]
    pub text: Arc<str>,
    /// What a system line says.
    pub event: Option<SystemLine>,
    pub at: Timestamp,
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
    "position, seq, kind, author_kind, author_id, author_name, client_id, text, event, at";

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
            event,
            at: row.try_get("", "at")?,
        })
    }
}
