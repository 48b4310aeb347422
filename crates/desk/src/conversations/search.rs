//! Full-text search over messages. `index.rs` fills the index.

use balcao_platform::store::dialect;
use balcao_types::ConversationId;
use sea_orm::{ConnectionTrait, Statement, Value};

use super::message::{MESSAGE_COLUMNS, Message};
use crate::{Desk, access::Scope, error::Result};

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
    // The index comes first and in its own order, so that a frequent word is found after a few rows.
    let order = dialect::search_order(engine);
    let sql = format!(
        "SELECT m.conversation_id, {columns} FROM message_search s CROSS JOIN messages m CROSS JOIN conversations c \
         WHERE {condition} AND s.workspace_id = $2 AND m.workspace_id = s.workspace_id AND m.conversation_id = s.conversation_id \
         AND m.position = s.position AND c.id = m.conversation_id{visible} ORDER BY {order} DESC LIMIT {limit}"
    );
    let rows = desk.store.read().query_all_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
    rows.iter()
        .map(|row| Ok(Found { conversation: row.try_get("", "conversation_id")?, message: Message::from_row(row)? }))
        .collect()
}
