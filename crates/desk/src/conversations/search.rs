//! Full-text search over messages. `index.rs` fills the index.

use balcao_platform::store::dialect;
use balcao_types::ConversationId;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement, TransactionTrait, Value};

use super::message::{MESSAGE_COLUMNS, Message};
use crate::{Desk, access::Scope, error::Result};

/// How many of the newest messages are looked at to learn whether words are frequent.
const NEWEST: u32 = 10_000;
/// In so many of them words are frequent.
const FREQUENT: u32 = 50;

/// A message that was found, with its conversation.
pub struct Found {
    pub conversation: ConversationId,
    pub message: Message,
}

/// Finds messages with all the words (each may be the beginning of one) in conversations the caller sees, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn search(desk: &Desk, scope: &Scope, typed: &str, limit: i64) -> Result<Vec<Found>> {
    let engine = desk.store.engine();
    let Some((condition, words)) = dialect::search_words(engine, typed) else { return Ok(Vec::new()) };
    let agent = &scope.agent;
    let mut values: Vec<Value> = vec![words.into(), scope.workspace.into()];
    let visible = match agent.seen_departments() {
        None => String::new(),
        Some(departments) => {
            values.push(agent.agent.into());
            let list: Vec<String> = departments
                .into_iter()
                .map(|department| {
                    values.push(department.into());
                    format!("${}", values.len())
                })
                .collect();
            let list = if list.is_empty() { "NULL".to_owned() } else { list.join(", ") };
            format!(" AND (c.assignee_id = $3 OR c.department_id IN ({list}))")
        }
    };
    let columns = MESSAGE_COLUMNS.split(", ").map(|column| format!("m.{column}")).collect::<Vec<_>>().join(", ");
    let found = |first: &str, condition: &str| {
        format!(
            "SELECT m.conversation_id, {columns} FROM {first} s CROSS JOIN messages m CROSS JOIN conversations c \
             WHERE {condition} AND s.workspace_id = $2 AND m.workspace_id = s.workspace_id AND m.conversation_id = s.conversation_id \
             AND m.position = s.position AND c.id = m.conversation_id{visible} ORDER BY {order} LIMIT {limit}",
            order = dialect::search_order(engine)
        )
    };
    let read = desk.store.read();
    let rows = if engine == DbBackend::Postgres && !are_frequent(read, condition, &values).await? {
        let first = format!(
            "WITH rare AS MATERIALIZED (SELECT workspace_id, conversation_id, position, at FROM message_search WHERE {condition}) "
        );
        rows_by_words(read, Statement::from_sql_and_values(engine, first + &found("rare", "TRUE"), values)).await?
    } else {
        // The index comes first and in its own order, so that a frequent word is found after a few rows.
        let sql = found("message_search", condition);
        read.query_all_raw(Statement::from_sql_and_values(engine, sql, values)).await?
    };
    rows.iter()
        .map(|row| Ok(Found { conversation: row.try_get("", "conversation_id")?, message: Message::from_row(row)? }))
        .collect()
}

/// Whether so many of the newest messages have the words that walking backwards in time soon finds a page of them. PostgreSQL does not know how
/// frequent a word is; the page cannot be had by the words' index and in time's order both.
async fn are_frequent(read: &DatabaseConnection, condition: &str, values: &[Value]) -> Result<bool> {
    let sql = format!(
        "SELECT COUNT(*) >= {FREQUENT} AS frequent FROM \
         (SELECT document FROM message_search WHERE workspace_id = $2 ORDER BY at DESC LIMIT {NEWEST}) AS newest WHERE {condition}"
    );
    let asked = values.iter().take(2).cloned();
    let row = read.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, asked)).await?;
    Ok(row.map_or(Ok(false), |row| row.try_get("", "frequent"))?)
}

/// Asks by the words' index, which is told to PostgreSQL: it takes every word for a frequent one and would read all messages.
async fn rows_by_words(read: &DatabaseConnection, statement: Statement) -> Result<Vec<QueryResult>> {
    let transaction = read.begin().await?;
    transaction
        .execute_unprepared(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off",
        )
        .await?;
    let rows = transaction.query_all_raw(statement).await?;
    transaction.commit().await?;
    Ok(rows)
}
