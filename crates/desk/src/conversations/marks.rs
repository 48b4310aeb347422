//! Delivered and read marks: one watermark a side, moving forward only.

use balcao_types::{AgentId, ConversationId, WorkspaceId};
use sea_orm::{ActiveValue::Set, ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::table;
use crate::{
    error::Result,
    tx::{Command, Tx},
};

/// How far each side has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Marks {
    pub visitor: Watermark,
    pub agent: Watermark,
}

/// Everything up to `delivered` has arrived, up to `read` was seen (the conversation's `seq`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Watermark {
    pub delivered: i64,
    pub read: i64,
}

/// A side of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Visitor,
    /// Whoever has it; what anybody else has seen moves nothing (P-028).
    Agent(AgentId),
}

impl Reader {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Agent(_) => "agent",
        }
    }
}

/// Moves a side's watermark. Numbers beyond the last message are taken as the last; numbers behind change nothing.
pub struct MoveMarks {
    pub workspace: WorkspaceId,
    pub conversation: ConversationId,
    pub reader: Reader,
    pub delivered: i64,
    pub read: i64,
}

/// The marks after a move.
pub struct MarksMoved {
    pub marks: Marks,
    /// Whether anything moved.
    pub has_moved: bool,
    pub unread: i64,
    /// How far whoever has it has read.
    pub read_seq: i64,
}

impl Command for MoveMarks {
    type Answer = Option<MarksMoved>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<MarksMoved>> {
        let Some(conversation) = tx.lock_conversation(self.workspace, self.conversation).await? else {
            return Ok(None);
        };
        if let Reader::Agent(agent) = self.reader
            && conversation.assignee_id != Some(agent)
        {
            return Ok(None);
        }
        let mut marks = marks_of(&**tx, self.workspace, self.conversation).await?;
        let last = conversation.last_seq;
        let old = match self.reader {
            Reader::Visitor => &mut marks.visitor,
            Reader::Agent(_) => &mut marks.agent,
        };
        let new = old.moved(self.delivered.min(last), self.read.min(last));
        let has_moved = new != *old;
        if has_moved {
            *old = new;
            self.save(tx, new).await?;
        }
        let mut moved = MarksMoved { marks, has_moved, unread: conversation.unread, read_seq: conversation.read_seq };
        // A colleague may have seen it before, and moved the side's mark: what whoever has it now has read is counted apart.
        if matches!(self.reader, Reader::Agent(_)) && self.read.min(last) > conversation.read_seq {
            moved.read_seq = self.read.min(last);
            moved.unread = self.save_read(tx, moved.read_seq).await?;
            moved.has_moved = true;
        }
        Ok(Some(moved))
    }
}

impl Watermark {
    /// Moved forward to what is said, if that is ahead.
    fn moved(self, delivered: i64, read: i64) -> Self {
        let read = read.max(self.read);
        Self { delivered: delivered.max(self.delivered).max(read), read }
    }
}

impl MoveMarks {
    async fn save(&self, tx: &Tx<'_>, new: Watermark) -> Result<()> {
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO marks (workspace_id, conversation_id, reader, delivered_seq, read_seq) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (workspace_id, conversation_id, reader) \
             DO UPDATE SET delivered_seq = excluded.delivered_seq, read_seq = excluded.read_seq",
            [
                self.workspace.into(),
                self.conversation.into(),
                self.reader.as_str().into(),
                new.delivered.into(),
                new.read.into(),
            ],
        ))
        .await?;
        Ok(())
    }

    /// Notes how far whoever has it has read; answers how much is left.
    async fn save_read(&self, tx: &Tx<'_>, read: i64) -> Result<i64> {
        let unread = count_after(tx, self.workspace, self.conversation, read).await?;
        let row = table::ActiveModel {
            id: Set(self.conversation),
            read_seq: Set(read),
            unread: Set(unread),
            ..Default::default()
        };
        tx.save_conversation(row).await?;
        Ok(unread)
    }
}

/// How many messages of the visitor came after a number.
async fn count_after(tx: &Tx<'_>, workspace: WorkspaceId, conversation: ConversationId, seq: i64) -> Result<i64> {
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "SELECT COUNT(*) AS count FROM messages WHERE workspace_id = $1 AND conversation_id = $2 \
             AND author_kind = 'visitor' AND seq > $3",
            [workspace.into(), conversation.into(), seq.into()],
        ))
        .await?;
    row.map_or(Ok(0), |row| Ok(row.try_get("", "count")?))
}

/// Whoever has the conversation gives it up: what nobody has answered is unread again, for whoever comes next. The caller saves the conversation.
///
/// # Errors
/// When the database fails.
pub(super) async fn unread_again(tx: &Tx<'_>, conversation: &mut table::Model) -> Result<()> {
    if conversation.waiting_since.is_none() {
        return Ok(());
    }
    let (workspace, id) = (conversation.workspace_id, conversation.id);
    let answered = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "SELECT seq FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND kind = 'text' \
             AND author_kind = 'agent' ORDER BY position DESC LIMIT 1",
            [workspace.into(), id.into()],
        ))
        .await?;
    read_up_to(tx, conversation, answered.map_or(Ok(0), |row| row.try_get("", "seq"))?).await
}

/// Says how far a conversation was read by whoever has it now. The caller saves the conversation.
///
/// # Errors
/// When the database fails.
pub(super) async fn read_up_to(tx: &Tx<'_>, conversation: &mut table::Model, seq: i64) -> Result<()> {
    conversation.read_seq = seq;
    conversation.unread = count_after(tx, conversation.workspace_id, conversation.id, seq).await?;
    Ok(())
}

/// The marks of a conversation.
///
/// # Errors
/// When the database cannot be read.
pub async fn marks_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Marks> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT reader, delivered_seq, read_seq FROM marks WHERE workspace_id = $1 AND conversation_id = $2",
            [workspace.into(), conversation.into()],
        ))
        .await?;
    let mut marks = Marks::default();
    for row in rows {
        let watermark = Watermark { delivered: row.try_get("", "delivered_seq")?, read: row.try_get("", "read_seq")? };
        match row.try_get::<String>("", "reader")?.as_str() {
            "visitor" => marks.visitor = watermark,
            _ => marks.agent = watermark,
        }
    }
    Ok(marks)
}
