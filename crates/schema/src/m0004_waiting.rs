//! Since when a visitor waits for an answer, and how far the person who has the conversation has read.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{add, number, optional_number};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    // No index: both change with messages, and appending one touches no index of conversations.
    add(transaction, "conversations", optional_number("waiting_since")).await?;
    add(transaction, "conversations", number("read_seq")).await?;
    for statement in UNDER_WAY {
        transaction.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// What is under way already.
const UNDER_WAY: [&str; 3] = [
    "UPDATE conversations SET waiting_since = (SELECT MIN(m.at) FROM messages m \
     WHERE m.workspace_id = conversations.workspace_id AND m.conversation_id = conversations.id \
     AND m.kind = 'text' AND m.author_kind = 'visitor' AND m.position > coalesce((SELECT MAX(a.position) FROM messages a \
     WHERE a.workspace_id = conversations.workspace_id AND a.conversation_id = conversations.id \
     AND a.kind = 'text' AND a.author_kind = 'agent'), 0)) WHERE state <> 'closed'",
    "UPDATE conversations SET read_seq = coalesce((SELECT k.read_seq FROM marks k \
     WHERE k.workspace_id = conversations.workspace_id AND k.conversation_id = conversations.id AND k.reader = 'agent'), 0) \
     WHERE state <> 'closed'",
    // Who answered has read what was said before.
    "UPDATE conversations SET read_seq = (SELECT MAX(m.seq) FROM messages m \
     WHERE m.workspace_id = conversations.workspace_id AND m.conversation_id = conversations.id \
     AND m.kind = 'text' AND m.author_kind = 'agent') WHERE state <> 'closed' AND read_seq < (SELECT MAX(m.seq) FROM messages m \
     WHERE m.workspace_id = conversations.workspace_id AND m.conversation_id = conversations.id \
     AND m.kind = 'text' AND m.author_kind = 'agent')",
];
