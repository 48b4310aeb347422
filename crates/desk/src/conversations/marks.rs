//! Delivered and read marks: one watermark a side, moving forward only.

use balcao_types::{ConversationId, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    Agent,
}

impl Reader {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Agent => "agent",
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
}

impl Command for MoveMarks {
    type Answer = Option<MarksMoved>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<MarksMoved>> {
        let Some(conversation) = tx.lock_conversation(self.workspace, self.conversation).await? else {
            return Ok(None);
        };
        let before = marks_of(&**tx, self.workspace, self.conversation).await?;
        let old = match self.reader {
            Reader::Visitor => before.visitor,
            Reader::Agent => before.agent,
        };
        let read = self.read.clamp(old.read, conversation.last_seq.max(old.read));
        let new = Watermark {
            delivered: self.delivered.clamp(old.delivered, conversation.last_seq.max(old.delivered)).max(read),
            read,
        };
        if new == old {
            return Ok(Some(MarksMoved { marks: before, has_moved: false, unread: conversation.unread }));
        }
        self.save(tx, new).await?;
        let mut unread = conversation.unread;
        let mut marks = before;
        match self.reader {
            Reader::Visitor => marks.visitor = new,
            Reader::Agent => {
                marks.agent = new;
                unread = self.count_unread(tx, new.read).await?;
            }
        }
        Ok(Some(MarksMoved { marks, has_moved: true, unread }))
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

    async fn count_unread(&self, tx: &Tx<'_>, read: i64) -> Result<i64> {
        let row = tx
            .query_one_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "UPDATE conversations SET unread = (SELECT COUNT(*) FROM messages m WHERE m.workspace_id = $1 \
                 AND m.conversation_id = $2 AND m.author_kind = 'visitor' AND m.seq > $3) WHERE id = $2 RETURNING unread",
                [self.workspace.into(), self.conversation.into(), read.into()],
            ))
            .await?;
        row.map_or(Ok(0), |row| Ok(row.try_get("", "unread")?))
    }
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
