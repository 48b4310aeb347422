//! Adding a line to a timeline inside a command. The hot path (`append.rs`) does the same for many lines at once.

use std::sync::Arc;

use balcao_types::{AuthorKind, ClientId, Event, MessageKind, rules::text::excerpt};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use super::{
    append::Author,
    message::{Message, SystemLine},
    row::Said,
    table,
};
use crate::{
    error::Result,
    tx::{LocalEvent, Tx},
};

/// A line to add.
#[derive(Clone, Debug)]
pub struct Line {
    pub author: Author,
    pub kind: MessageKind,
    pub client_id: ClientId,
    pub text: Arc<str>,
    pub event: Option<SystemLine>,
}

impl Line {
    /// A system line about a state change.
    pub fn system(tx: &Tx<'_>, conversation: &table::Model, event: SystemLine) -> Self {
        let id = tx.clock().new_id();
        Self {
            author: Author { kind: AuthorKind::System, id: conversation.id.0, name: None },
            kind: MessageKind::System,
            client_id: ClientId(id),
            text: Arc::from(""),
            event: Some(event),
        }
    }
}

/// The head of the statement that inserts messages; twelve columns.
pub const INSERT_MESSAGES: &str = "INSERT INTO messages (workspace_id, conversation_id, position, seq, kind, author_kind, \
    author_id, author_name, client_id, text, event, at) VALUES ";
/// How many columns [`INSERT_MESSAGES`] has.
pub const MESSAGE_VALUES: usize = 12;

/// Gives the line its numbers, changes the conversation's model, and writes both and the event.
///
/// # Errors
/// When the database fails.
pub async fn add_line(tx: &mut Tx<'_>, conversation: &mut table::Model, line: Line) -> Result<Message> {
    let message = number(conversation, &line, tx.now());
    let engine = tx.get_database_backend();
    let sql = balcao_platform::store::dialect::insert_sql(engine, INSERT_MESSAGES, MESSAGE_VALUES, 1, "");
    tx.execute_raw(Statement::from_sql_and_values(engine, sql, message_values(conversation, &line, &message))).await?;
    tx.execute_raw(Statement::from_sql_and_values(
        engine,
        "UPDATE conversations SET last_position = $1, last_seq = $2, unread = $3, last_message = $4, last_message_at = $5 \
         WHERE id = $6",
        [
            conversation.last_position.into(),
            conversation.last_seq.into(),
            conversation.unread.into(),
            conversation.last_message.clone().into(),
            conversation.last_message_at.into(),
            conversation.id.into(),
        ],
    ))
    .await?;
    let event = Event::MessageAdded {
        place: conversation.place(),
        position: message.position,
        seq: message.seq,
        unread: conversation.unread,
    };
    tx.emit_with(
        conversation.workspace_id,
        Arc::new(LocalEvent { event, message: Some(message.clone()), origin: None }),
    )?;
    Ok(message)
}

/// Gives a line its numbers and moves the conversation's own counters and last message along.
pub fn number(conversation: &mut table::Model, line: &Line, now: balcao_types::Timestamp) -> Message {
    conversation.last_position += 1;
    let seq = (line.kind != MessageKind::Note).then(|| {
        conversation.last_seq += 1;
        conversation.last_seq
    });
    match (line.kind, line.author.kind) {
        (MessageKind::Text, AuthorKind::Visitor) => conversation.unread += 1,
        (MessageKind::Text, AuthorKind::Agent) => conversation.unread = 0,
        _ => {}
    }
    if line.kind != MessageKind::System {
        let said =
            Said { kind: line.kind, from: line.author.kind, name: line.author.name.clone(), text: excerpt(&line.text) };
        // A struct of words and texts always encodes.
        conversation.last_message = serde_json::to_string(&said).ok();
        conversation.last_message_at = now;
    }
    Message {
        position: conversation.last_position,
        seq,
        kind: line.kind,
        from: line.author.kind,
        author_id: (line.author.kind == AuthorKind::Agent).then_some(line.author.id),
        name: line.author.name.clone(),
        client_id: (line.kind != MessageKind::System).then_some(line.client_id),
        text: Arc::clone(&line.text),
        event: line.event.clone(),
        at: now,
    }
}

/// The values of one row of [`INSERT_MESSAGES`].
pub fn message_values(conversation: &table::Model, line: &Line, message: &Message) -> [Value; MESSAGE_VALUES] {
    let author: Uuid = line.author.id;
    [
        conversation.workspace_id.into(),
        conversation.id.into(),
        message.position.into(),
        message.seq.into(),
        message.kind.as_str().into(),
        message.from.as_str().into(),
        author.into(),
        line.author.name.clone().into(),
        line.client_id.into(),
        line.text.to_string().into(),
        line.event.as_ref().and_then(|event| serde_json::to_string(event).ok()).into(),
        message.at.into(),
    ]
}
