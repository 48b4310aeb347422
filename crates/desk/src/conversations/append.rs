//! The hot path: a message in a conversation that is under way. The writer folds all that are queued: one read of the conversations concerned,
//! one look for repeats, and one multi-row statement per table.

use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    sync::Arc,
};

use balcao_platform::store::{Folded, dialect};
use balcao_types::{
    AuthorKind, ClientId, ConversationId, ConversationState, ErrorCode, Event, MessageKind, Timestamp, WorkspaceId,
};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::{
    message::Message,
    table,
    timeline::{INSERT_MESSAGES, Line, MESSAGE_VALUES, message_values, number},
};
use crate::{
    error::{Error, Result},
    tx::{LocalEvent, Tx},
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
    /// The visitor's socket that sends it, which needs no entry beside its acknowledgement.
    pub origin: Option<u64>,
}

/// How appending ended.
#[derive(Clone, Debug)]
pub enum Appended {
    /// The message is stored, now or earlier under the same client id.
    Stored { conversation: ConversationId, message: Box<Message>, is_repeat: bool },
    /// The conversation is not one in which this author just writes on (closed, queued, somebody else's): the longer way decides.
    LongerWay,
}

/// A message that was stored before under the same client id.
struct Earlier {
    conversation: ConversationId,
    message: Message,
}

type SenderKey = (WorkspaceId, Uuid, ClientId);

impl Folded for Append {
    type Answer = Appended;
    type Error = Error;

    async fn run_all(all: &[&Self], tx: &mut balcao_platform::store::Tx) -> Result<Vec<Result<Appended>>> {
        let mut tx = Tx::new(tx);
        let mut conversations = load(&tx, all).await?;
        let mut earlier = repeats(&tx, all).await?;
        let now = tx.now();
        let mut fold = Fold::default();
        let answers =
            all.iter().map(|append| append.decide(&mut conversations, &mut earlier, &mut fold, now)).collect();
        fold.write(&mut tx, &conversations).await?;
        Ok(answers)
    }
}

impl Append {
    fn key(&self) -> SenderKey {
        (self.workspace, self.author.id, self.client_id)
    }

    fn decide(
        &self,
        conversations: &mut HashMap<ConversationId, table::Model>,
        earlier: &mut HashMap<SenderKey, Earlier>,
        fold: &mut Fold,
        now: Timestamp,
    ) -> Result<Appended> {
        let entry = match earlier.entry(self.key()) {
            Entry::Occupied(known) => return self.repeat(known.get()),
            Entry::Vacant(entry) => entry,
        };
        let Some(conversation) = conversations.get_mut(&self.conversation).filter(|known| self.writes_on_in(known))
        else {
            return Ok(Appended::LongerWay);
        };
        let line = Line {
            author: self.author.clone(),
            kind: self.kind,
            client_id: self.client_id,
            text: Arc::clone(&self.text),
            event: None,
        };
        let message = number(conversation, &line, now);
        fold.values.push(message_values(conversation, &line, &message));
        fold.touched.insert(conversation.id);
        let event = Event::MessageAdded {
            place: conversation.place(),
            position: message.position,
            seq: message.seq,
            unread: conversation.unread,
        };
        fold.events.push((
            conversation.workspace_id,
            LocalEvent { event, message: Some(message.clone()), origin: self.origin },
        ));
        entry.insert(Earlier { conversation: conversation.id, message: message.clone() });
        Ok(Appended::Stored { conversation: conversation.id, message: Box::new(message), is_repeat: false })
    }

    /// The answer to a message that is there already.
    fn repeat(&self, earlier: &Earlier) -> Result<Appended> {
        if earlier.message.text != self.text || earlier.message.kind != self.kind {
            return Err(Error::refused(ErrorCode::ClientIdReused));
        }
        Ok(Appended::Stored {
            conversation: earlier.conversation,
            message: Box::new(earlier.message.clone()),
            is_repeat: true,
        })
    }

    /// Whether this author just writes on in the conversation as it is now.
    fn writes_on_in(&self, conversation: &table::Model) -> bool {
        if conversation.workspace_id != self.workspace {
            return false;
        }
        match (self.author.kind, self.kind) {
            (AuthorKind::Visitor, MessageKind::Text) => {
                conversation.contact_id.0 == self.author.id && !conversation.state.is_closed()
            }
            (AuthorKind::Agent, MessageKind::Text) => {
                conversation.state == ConversationState::Open
                    && conversation.assignee_id.is_some_and(|assignee| assignee.0 == self.author.id)
            }
            // The grant was checked; notes may be added whatever the state.
            (AuthorKind::Agent, MessageKind::Note) => true,
            _ => false,
        }
    }
}

/// What the group writes.
#[derive(Default)]
struct Fold {
    values: Vec<[Value; MESSAGE_VALUES]>,
    touched: BTreeSet<ConversationId>,
    events: Vec<(WorkspaceId, LocalEvent)>,
}

impl Fold {
    async fn write(self, tx: &mut Tx<'_>, conversations: &HashMap<ConversationId, table::Model>) -> Result<()> {
        insert_messages(tx, self.values).await?;
        let touched: Vec<&table::Model> = self.touched.iter().filter_map(|id| conversations.get(id)).collect();
        update_conversations(tx, &touched).await?;
        for (workspace, event) in self.events {
            tx.emit_with(workspace, Arc::new(event))?;
        }
        Ok(())
    }
}

/// Loads and locks the conversations concerned, in the order of their ids.
async fn load(tx: &Tx<'_>, all: &[&Append]) -> Result<HashMap<ConversationId, table::Model>> {
    let ids: BTreeSet<ConversationId> = all.iter().map(|append| append.conversation).collect();
    let ids: Vec<Value> = ids.into_iter().map(Value::from).collect();
    let engine = tx.get_database_backend();
    let mut found = HashMap::with_capacity(ids.len());
    let mut rest = ids.as_slice();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(dialect::chunk_size(rest.len()));
        rest = after;
        let sql = format!(
            "SELECT * FROM conversations WHERE id IN ({}) ORDER BY id{}",
            dialect::only_parameters(engine, chunk.len()),
            dialect::for_update(engine)
        );
        for row in tx.query_all_raw(Statement::from_sql_and_values(engine, sql, chunk.to_vec())).await? {
            let model = table::Model::from_query_result(&row, "")?;
            found.insert(model.id, model);
        }
    }
    Ok(found)
}

/// Finds which of the messages are stored already.
async fn repeats(tx: &Tx<'_>, all: &[&Append]) -> Result<HashMap<SenderKey, Earlier>> {
    let engine = tx.get_database_backend();
    let mut found = HashMap::new();
    let mut rest = all;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(dialect::chunk_size(rest.len()));
        rest = after;
        let mut sql = format!(
            "SELECT workspace_id, conversation_id, {} FROM messages WHERE (workspace_id, author_id, client_id) IN (VALUES ",
            super::message::MESSAGE_COLUMNS
        );
        dialect::push_tuples(engine, &mut sql, 3, chunk.len());
        sql.push(')');
        let values = chunk
            .iter()
            .flat_map(|append| [append.workspace.into(), append.author.id.into(), append.client_id.into()])
            .collect::<Vec<Value>>();
        for row in tx.query_all_raw(Statement::from_sql_and_values(engine, sql, values)).await? {
            let key = (row.try_get("", "workspace_id")?, row.try_get("", "author_id")?, row.try_get("", "client_id")?);
            let conversation = row.try_get("", "conversation_id")?;
            found.insert(key, Earlier { conversation, message: Message::from_row(&row)? });
        }
    }
    Ok(found)
}

async fn insert_messages(tx: &Tx<'_>, mut values: Vec<[Value; MESSAGE_VALUES]>) -> Result<()> {
    let engine = tx.get_database_backend();
    while !values.is_empty() {
        let chunk = dialect::chunk_size(values.len());
        let sql = dialect::insert_sql(engine, INSERT_MESSAGES, MESSAGE_VALUES, chunk, "");
        let row_values: Vec<Value> = values.drain(..chunk).flatten().collect();
        tx.execute_raw(Statement::from_sql_and_values(engine, sql, row_values)).await?;
    }
    Ok(())
}

async fn update_conversations(tx: &Tx<'_>, touched: &[&table::Model]) -> Result<()> {
    let engine = tx.get_database_backend();
    let mut rest = touched;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(dialect::chunk_size(rest.len()));
        rest = after;
        let mut sql = "WITH changed (id, position, seq, unread, said, said_at) AS (VALUES ".to_owned();
        dialect::push_tuples(engine, &mut sql, 6, chunk.len());
        sql.push_str(
            ") UPDATE conversations SET last_position = changed.position, last_seq = changed.seq, unread = changed.unread, \
             last_message = changed.said, last_message_at = changed.said_at FROM changed WHERE conversations.id = changed.id",
        );
        let values = chunk
            .iter()
            .flat_map(|conversation| {
                [
                    conversation.id.into(),
                    conversation.last_position.into(),
                    conversation.last_seq.into(),
                    conversation.unread.into(),
                    conversation.last_message.clone().into(),
                    conversation.last_message_at.into(),
                ]
            })
            .collect::<Vec<Value>>();
        tx.execute_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
    }
    Ok(())
}

/// Looks for one message that may be stored already, for the longer ways.
///
/// # Errors
/// 409 `client_id_reused` when it is there with another text.
pub async fn earlier_message(tx: &Tx<'_>, append: &Append) -> Result<Option<Appended>> {
    let found = repeats(tx, &[append]).await?;
    found.get(&append.key()).map(|earlier| append.repeat(earlier)).transpose()
}
