//! Adding a line to a timeline inside a command. The hot path (`append.rs`) does the same for many lines at once.

use std::sync::{Arc, LazyLock};

use balcao_platform::store::{Cell, Many};
use balcao_types::{ClientId, Event, MessageKind};

use super::{
    append::Author,
    head::{Head, SAVE_HEADS},
    message::{Message, SystemLine},
    table,
};
use crate::{
    error::Result,
    files::FileKept,
    tx::{LocalEvent, Tx},
};

/// A line to add.
#[derive(Clone, Debug)]
pub struct Line {
    pub author: Author,
    pub kind: MessageKind,
    pub client_id: ClientId,
    pub text: Arc<str>,
    pub file: Option<Arc<FileKept>>,
    pub event: Option<SystemLine>,
}

impl Line {
    /// A system line about a state change.
    pub fn system(tx: &Tx<'_>, conversation: &table::Model, event: SystemLine) -> Self {
        let id = tx.clock().new_id();
        Self {
            author: Author { kind: balcao_types::AuthorKind::System, id: conversation.id.0, name: None },
            kind: MessageKind::System,
            client_id: ClientId(id),
            text: Arc::from(""),
            file: None,
            event: Some(event),
        }
    }
}

const MESSAGE: [&str; 13] = [
    "workspace_id",
    "conversation_id",
    "position",
    "seq",
    "kind",
    "author_kind",
    "author_id",
    "author_name",
    "client_id",
    "text",
    "event",
    "at",
    "file",
];

/// Inserts messages; parameters of [`message_cells`].
pub static INSERT_MESSAGES: LazyLock<Many> = LazyLock::new(|| Many::insert("messages", &MESSAGE, ""));

/// Gives the line its numbers, changes the conversation's model, and writes both and the event.
///
/// # Errors
/// When the database fails.
pub async fn add_line(tx: &mut Tx<'_>, conversation: &mut table::Model, line: Line) -> Result<Arc<Message>> {
    let mut head = Head::of(conversation);
    let message = head.add(&line, tx.now());
    tx.execute_many(&INSERT_MESSAGES, &message_cells(&head, &line, &message)).await?;
    tx.execute_many(&SAVE_HEADS, &head.cells()).await?;
    tx.emit_with(head.workspace, Arc::new(LocalEvent::message_added(&head, &message, None)))?;
    head.bring(conversation);
    Ok(message)
}

/// One row of [`INSERT_MESSAGES`].
pub fn message_cells<'a>(head: &Head, line: &'a Line, message: &'a Message) -> [Cell<'a>; MESSAGE.len()] {
    // Structs of words, numbers and texts always encode.
    let file = message.file.as_deref().and_then(|file| serde_json::to_string(file).ok());
    let event = line.event.as_ref().and_then(|event| serde_json::to_string(event).ok());
    [
        head.workspace.0.into(),
        head.place.conversation.0.into(),
        message.position.into(),
        message.seq.into(),
        Cell::text(message.kind.as_str()),
        Cell::text(message.from.as_str()),
        line.author.id.into(),
        Cell::optional_text(message.name.as_deref()),
        line.client_id.0.into(),
        Cell::text(&message.text),
        Cell::Text(event.map(Into::into)),
        message.at.into(),
        Cell::Text(file.map(Into::into)),
    ]
}

impl LocalEvent {
    /// A message just added under its conversation's head. `origin`: the visitor's socket that sent it.
    pub fn message_added(head: &Head, message: &Arc<Message>, origin: Option<u64>) -> Self {
        let event = Event::MessageAdded {
            place: head.place,
            position: message.position,
            seq: message.seq,
            unread: head.unread,
        };
        Self { event, message: Some(Arc::clone(message)), origin }
    }
}
