//! What a line changes in its conversation: the counters and what was said last.

use std::sync::{Arc, LazyLock};

use balcao_platform::store::{Cell, Failure, Many, Row};
use balcao_types::{
    AgentId, AuthorKind, ContactId, ConversationId, DepartmentId, MessageKind, Place, Timestamp, WorkspaceId,
    rules::text::excerpt,
};

use super::{message::Message, row::Said, table, timeline::Line};

/// The part of a conversation that changes with every line.
#[derive(Debug)]
pub struct Head {
    pub workspace: WorkspaceId,
    pub place: Place,
    /// Counts every line, notes included.
    pub last_position: i64,
    /// Counts the lines the visitor may see.
    pub last_seq: i64,
    /// The visitor's messages that the agents' side has not read.
    pub unread: i64,
    /// How far it has read.
    pub read_seq: i64,
    /// When the first message came that nobody has answered yet.
    pub waiting_since: Option<Timestamp>,
    /// What was said last in this transaction.
    said: Option<Arc<Message>>,
}

const READ: [&str; 11] = [
    "id",
    "workspace_id",
    "department_id",
    "contact_id",
    "assignee_id",
    "state",
    "last_position",
    "last_seq",
    "unread",
    "waiting_since",
    "read_seq",
];

/// Loads and locks conversations by their ids, in that order; columns of [`Head::from_row`].
pub static LOCK_HEADS: LazyLock<Many> = LazyLock::new(|| Many::select("conversations", &READ, &["id"], true));

const SAVED: usize = 8;

/// Writes heads back; parameters of [`Head::cells`].
pub static SAVE_HEADS: Many = Many::of(
    SAVED,
    "UPDATE conversations SET last_position = ?, last_seq = ?, unread = ?, waiting_since = ?, read_seq = ?, \
     last_message = coalesce(?, last_message), last_message_at = coalesce(?, last_message_at) WHERE id = ?",
    "UPDATE conversations SET last_position = changed.position, last_seq = changed.seq, unread = changed.unread, \
     waiting_since = changed.waiting_since, read_seq = changed.read_seq, last_message = coalesce(changed.said, last_message), last_message_at = coalesce(changed.said_at, last_message_at) \
     FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS changed (position, seq, unread, waiting_since, read_seq, said, said_at, id) \
     WHERE conversations.id = changed.id",
);

impl Head {
    /// The head of a conversation that was read whole.
    pub const fn of(conversation: &table::Model) -> Self {
        Self {
            workspace: conversation.workspace_id,
            place: conversation.place(),
            last_position: conversation.last_position,
            last_seq: conversation.last_seq,
            unread: conversation.unread,
            waiting_since: conversation.waiting_since,
            read_seq: conversation.read_seq,
            said: None,
        }
    }

    /// Reads a row of [`LOCK_HEADS`].
    pub fn from_row(row: &Row<'_>) -> Result<Self, Failure> {
        Ok(Self {
            workspace: WorkspaceId(row.get(1)?),
            place: Place {
                conversation: ConversationId(row.get(0)?),
                department: DepartmentId(row.get(2)?),
                contact: ContactId(row.get(3)?),
                assignee: row.get::<Option<uuid::Uuid>>(4)?.map(AgentId),
                state: row.word(5)?,
            },
            last_position: row.get(6)?,
            last_seq: row.get(7)?,
            unread: row.get(8)?,
            waiting_since: row.get::<Option<i64>>(9)?.map(Timestamp),
            read_seq: row.get(10)?,
            said: None,
        })
    }

    /// Gives a line its numbers and moves the counters along.
    pub fn add(&mut self, line: &Line, now: Timestamp) -> Arc<Message> {
        self.last_position += 1;
        let seq = (line.kind != MessageKind::Note).then(|| {
            self.last_seq += 1;
            self.last_seq
        });
        match (line.kind, line.author.kind) {
            (MessageKind::Text, AuthorKind::Visitor) => {
                self.unread += 1;
                self.waiting_since = self.waiting_since.or(Some(now));
            }
            (MessageKind::Text, AuthorKind::Agent) => {
                // Who answers has read what was said before.
                self.unread = 0;
                self.read_seq = self.last_seq;
                self.waiting_since = None;
            }
            _ => {}
        }
        let message = Arc::new(Message {
            position: self.last_position,
            seq,
            kind: line.kind,
            from: line.author.kind,
            author_id: (line.author.kind == AuthorKind::Agent).then_some(line.author.id),
            name: line.author.name.clone(),
            client_id: (line.kind != MessageKind::System).then_some(line.client_id),
            text: Arc::clone(&line.text),
            file: line.file.clone(),
            event: line.event.clone(),
            at: now,
        });
        // What the program reminds of is nobody's word.
        if line.kind != MessageKind::System && line.author.kind != AuthorKind::System {
            self.said = Some(Arc::clone(&message));
        }
        message
    }

    /// What the lists show as said last, as JSON; none when nothing was said in this transaction.
    fn said(&self) -> Option<String> {
        let message = self.said.as_deref()?;
        let said = Said {
            kind: message.kind,
            from: message.from,
            name: message.name.clone(),
            text: excerpt(&message.text),
            file: message.file.as_ref().map(|file| file.kind),
            file_name: message.file.as_ref().map(|file| excerpt(&file.name)),
        };
        // A struct of words and texts always encodes.
        serde_json::to_string(&said).ok()
    }

    /// One row of [`SAVE_HEADS`].
    pub fn cells(&self) -> [Cell<'static>; SAVED] {
        [
            self.last_position.into(),
            self.last_seq.into(),
            self.unread.into(),
            self.waiting_since.map(|at| at.0).into(),
            self.read_seq.into(),
            Cell::Text(self.said().map(Into::into)),
            self.said.as_ref().map(|message| message.at.0).into(),
            self.place.conversation.0.into(),
        ]
    }

    /// Brings a conversation that was read whole to the same state.
    pub fn bring(self, conversation: &mut table::Model) {
        conversation.last_position = self.last_position;
        conversation.last_seq = self.last_seq;
        conversation.unread = self.unread;
        conversation.waiting_since = self.waiting_since;
        conversation.read_seq = self.read_seq;
        if let Some(said) = self.said() {
            conversation.last_message = Some(said);
        }
        if let Some(message) = self.said {
            conversation.last_message_at = message.at;
        }
    }
}
