//! Satisfaction surveys: what is asked lies with the conversation until it is answered, answers have a table of their own.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{create, id, index, number, optional_id, optional_number, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let ratings = table(
        transaction.get_database_backend(),
        "ratings",
        vec![
            id("workspace_id"),
            id("conversation_id"),
            id("department_id"),
            // Whoever answered last; the others in their order, as JSON.
            optional_id("agent_id"),
            text("others"),
            number("lowest"),
            number("highest"),
            // None where it was skipped.
            optional_number("grade"),
            text("comment"),
            time("answered_at"),
        ],
        &["workspace_id", "conversation_id"],
    );
    let by_agent = index("ratings", &["workspace_id", "agent_id", "answered_at"]);
    create(transaction, vec![ratings], vec![by_agent]).await?;
    transaction.execute_unprepared("ALTER TABLE conversations ADD COLUMN survey text").await?;
    Ok(())
}
