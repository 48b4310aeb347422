//! Ratings are read by when they were given, single and counted; and so are the conversations whose visitor was asked and has not answered.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    for statement in INDEXES {
        transaction.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// The first has the list's own order, and everything that is counted: figures of a year need no row of the table.
const INDEXES: &[&str] = &[
    "CREATE INDEX ix_ratings_answered ON ratings \
     (workspace_id, answered_at, conversation_id, department_id, agent_id, lowest, highest, grade)",
    "CREATE INDEX ix_conversations_unanswered ON conversations (workspace_id, closed_at, department_id) WHERE survey IS NOT NULL",
];
