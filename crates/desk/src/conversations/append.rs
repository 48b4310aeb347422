//! The hot path: a message in a conversation that is under way. The writer folds all that are queued: one read of the conversations concerned,
//! one look for repeats, and one statement per table.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
};

use balcao_platform::store::{Announce, Answers, Cell, Failure, FoldTx, Folded, Many, Row};
use balcao_types::{
    AuthorKind, ClientId, ConversationId, ConversationState, ErrorCode, FileId, MessageKind, Timestamp, WorkspaceId,
};
use uuid::Uuid;

use super::{
    head::{Head, LOCK_HEADS, SAVE_HEADS},
    message::{Message, file_of},
    timeline::{INSERT_MESSAGES, Line, message_cells},
};
use crate::{
    access::AgentScope,
    error::{Error, Result},
    tx::{LocalEvent, Tx, emit},
};

/// Who writes: the contact's id for a visitor, the agent's for an agent.
#[derive(Clone, Debug)]
pub struct Author {
    pub kind: AuthorKind,
    pub id: Uuid,
    /// The agent's name; none for a visitor.
    pub name: Option<String>,
}

/// A message to append.
pub struct Append {
    pub workspace: WorkspaceId,
    pub conversation: ConversationId,
    pub author: Author,
    /// A text or a note.
    pub kind: MessageKind,
    pub client_id: ClientId,
    pub text: Arc<str>,
    /// A file beside the text; such a message takes the longer way.
    pub file: Option<FileId>,
    /// The visitor's socket that sends it, which needs no entry beside its acknowledgement.
    pub origin: Option<u64>,
    /// Keeps it behind the sender's messages that went before.
    pub order: Option<InOrder>,
    /// The agent whose note it is: what it is about may have gone where the agent does not see it.
    pub scope: Option<Arc<AgentScope>>,
}

/// Shared by the messages that one socket has on their way: once one of them has to take the longer way, those behind it do too, and wait for it.
#[derive(Clone, Debug, Default)]
pub struct InOrder(Arc<AtomicBool>);

impl InOrder {
    /// Lets messages write on again: none is on its way any more.
    pub fn begin_again(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// How appending ended.
#[derive(Clone, Debug)]
pub enum Appended {
    /// The message is stored, now or earlier under the same client id.
    Stored { conversation: ConversationId, message: Arc<Message>, is_repeat: bool },
    /// The conversation is not one in which this author just writes on (closed, queued, somebody else's): the longer way decides.
    LongerWay,
}

/// A message that was stored before under the same client id.
struct Earlier {
    conversation: ConversationId,
    message: Arc<Message>,
}

type SenderKey = (WorkspaceId, Uuid, ClientId);

/// Identifies a message; an author belongs to one workspace. It is not asked for here, so that no plan takes the timeline's key, which begins with it.
const SENDER_KEY: [&str; 2] = ["client_id", "author_id"];

const EARLIER: [&str; 12] = [
    "workspace_id",
    "author_id",
    "client_id",
    "conversation_id",
    "position",
    "seq",
    "kind",
    "author_kind",
    "author_name",
    "text",
    "at",
    "file",
];

/// Finds messages by sender and client id; columns of [`Earlier::from_row`].
static FIND_REPEATS: LazyLock<Many> = LazyLock::new(|| Many::select("messages", &EARLIER, &SENDER_KEY, false));

impl Folded for Append {
    type Answer = Appended;
    type Error = Error;

    const IS_BEHIND: bool = false;

    async fn run_all(all: &[&Self], tx: &mut FoldTx<'_>) -> Result<Answers<Self>> {
        let ids: BTreeSet<ConversationId> = all.iter().map(|append| append.conversation).collect();
        let ids: Vec<Cell<'_>> = ids.into_iter().map(|id| id.0.into()).collect();
        let heads = tx.query(&LOCK_HEADS, &ids, Head::from_row).await?;
        let keys: Vec<Cell<'_>> = all.iter().flat_map(|append| append.key_cells()).collect();
        let earlier = tx.query(&FIND_REPEATS, &keys, Earlier::from_row).await?;
        let mut fold = Fold {
            heads: heads.into_iter().map(|head| (head.place.conversation, head)).collect(),
            earlier: earlier.into_iter().collect(),
            added: Vec::with_capacity(all.len()),
            now: tx.clock().now(),
        };
        let answers = all.iter().map(|append| fold.decide(append)).collect();
        fold.write(tx).await?;
        Ok(answers)
    }
}

impl Append {
    fn key(&self) -> SenderKey {
        (self.workspace, self.author.id, self.client_id)
    }

    fn key_cells(&self) -> [Cell<'static>; SENDER_KEY.len()] {
        sender_key(self.author.id, self.client_id)
    }

    fn is_behind(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.0.load(Ordering::Relaxed))
    }

    fn go_the_longer_way(&self) {
        if let Some(order) = &self.order {
            order.0.store(true, Ordering::Relaxed);
        }
    }

    /// The answer to a message that is there already.
    fn repeat(&self, earlier: &Earlier) -> Result<Appended> {
        let file = earlier.message.file.as_ref().map(|file| file.id);
        if earlier.message.text != self.text || earlier.message.kind != self.kind || file != self.file {
            return Err(Error::refused(ErrorCode::ClientIdReused));
        }
        Ok(Appended::Stored {
            conversation: earlier.conversation,
            message: Arc::clone(&earlier.message),
            is_repeat: true,
        })
    }

    /// Whether this author just writes on in the conversation as it is now.
    fn writes_on_in(&self, head: &Head) -> bool {
        if head.workspace != self.workspace || self.file.is_some() {
            return false;
        }
        let place = &head.place;
        match (self.author.kind, self.kind) {
            (AuthorKind::Visitor, MessageKind::Text) => place.contact.0 == self.author.id && !place.state.is_closed(),
            (AuthorKind::Agent, MessageKind::Text) => {
                place.state == ConversationState::Open
                    && place.assignee.is_some_and(|assignee| assignee.0 == self.author.id)
            }
            // Notes may be added whatever the state, by whoever sees the conversation where it is now. What is over may have been erased.
            (AuthorKind::Agent, MessageKind::Note) => {
                !place.state.is_closed() && self.scope.as_ref().is_some_and(|scope| scope.sees_place(place))
            }
            _ => false,
        }
    }
}

/// A group of messages on their way into the tables.
struct Fold {
    /// By id, so that rows are written in the order in which they were locked.
    heads: BTreeMap<ConversationId, Head>,
    earlier: HashMap<SenderKey, Earlier>,
    added: Vec<Added>,
    now: Timestamp,
}

/// A line that was given its numbers.
struct Added {
    workspace: WorkspaceId,
    conversation: ConversationId,
    line: Line,
    message: Arc<Message>,
    local: LocalEvent,
}

impl Fold {
    fn decide(&mut self, append: &Append) -> Result<Appended> {
        let entry = match self.earlier.entry(append.key()) {
            Entry::Occupied(known) => return append.repeat(known.get()),
            Entry::Vacant(entry) => entry,
        };
        let head = self.heads.get_mut(&append.conversation).filter(|head| append.writes_on_in(head));
        let Some(head) = head.filter(|_| !append.is_behind()) else {
            append.go_the_longer_way();
            return Ok(Appended::LongerWay);
        };
        let line = Line {
            author: append.author.clone(),
            kind: append.kind,
            client_id: append.client_id,
            text: Arc::clone(&append.text),
            file: None,
            event: None,
        };
        let message = head.add(&line, self.now);
        let local = LocalEvent::message_added(head, &message, append.origin);
        entry.insert(Earlier { conversation: append.conversation, message: Arc::clone(&message) });
        self.added.push(Added {
            workspace: append.workspace,
            conversation: append.conversation,
            line,
            message: Arc::clone(&message),
            local,
        });
        Ok(Appended::Stored { conversation: append.conversation, message, is_repeat: false })
    }

    async fn write(self, tx: &mut FoldTx<'_>) -> Result<()> {
        let changed: BTreeSet<ConversationId> = self.added.iter().map(|added| added.conversation).collect();
        let messages: Vec<Cell<'_>> = self
            .added
            .iter()
            .filter_map(|added| Some((self.heads.get(&added.conversation)?, added)))
            .flat_map(|(head, added)| message_cells(head, &added.line, &added.message))
            .collect();
        tx.execute(&INSERT_MESSAGES, &messages).await?;
        let heads: Vec<Cell<'_>> = changed.iter().filter_map(|id| self.heads.get(id)).flat_map(Head::cells).collect();
        tx.execute(&SAVE_HEADS, &heads).await?;
        for Added { workspace, local, .. } in self.added {
            emit(tx, workspace, Arc::new(local))?;
        }
        Ok(())
    }
}

impl Earlier {
    /// Reads a row of [`FIND_REPEATS`]: only what people write has a client id to repeat.
    fn from_row(row: &Row<'_>) -> std::result::Result<(SenderKey, Self), Failure> {
        let author: Uuid = row.get(1)?;
        let client_id = ClientId(row.get(2)?);
        let from: AuthorKind = row.word(7)?;
        let message = Message {
            position: row.get(4)?,
            seq: row.get(5)?,
            kind: row.word(6)?,
            from,
            author_id: (from == AuthorKind::Agent).then_some(author),
            name: row.get(8)?,
            client_id: Some(client_id),
            text: row.get::<String>(9)?.into(),
            file: file_of(row.get::<Option<String>>(11)?.as_deref())
                .map_err(|error| Failure::Statement(error.to_string()))?,
            event: None,
            at: Timestamp(row.get(10)?),
        };
        let key = (WorkspaceId(row.get(0)?), author, client_id);
        Ok((key, Self { conversation: ConversationId(row.get(3)?), message: Arc::new(message) }))
    }
}

fn sender_key(author: Uuid, client_id: ClientId) -> [Cell<'static>; SENDER_KEY.len()] {
    [client_id.0.into(), author.into()]
}

/// Whether a line stands already under its author and client id, whatever it says.
///
/// # Errors
/// When the database fails.
pub async fn is_line_stored(tx: &Tx<'_>, author: Uuid, client_id: ClientId) -> Result<bool> {
    Ok(!tx.query_many(&FIND_REPEATS, &sender_key(author, client_id), Earlier::from_row).await?.is_empty())
}

/// Looks for one message that may be stored already, for the longer ways.
///
/// # Errors
/// 409 `client_id_reused` when it is there with another text.
pub async fn earlier_message(tx: &Tx<'_>, append: &Append) -> Result<Option<Appended>> {
    let found = tx.query_many(&FIND_REPEATS, &append.key_cells(), Earlier::from_row).await?;
    found.first().map(|(_, earlier)| append.repeat(earlier)).transpose()
}
