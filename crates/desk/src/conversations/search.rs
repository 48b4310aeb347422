//! Full-text search over messages: filled just behind the commit by event number, at most a second late, caught up after a crash.

use std::time::Duration;

use balcao_platform::store::dialect;
use balcao_types::{ConversationId, Event, MessageKind, WorkspaceId, rules::text::folded};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::{
    message::{MESSAGE_COLUMNS, Message},
    queries::messages_at,
};
use crate::{
    Desk,
    access::Scope,
    error::Result,
    tx::{Command, Tx},
};

/// How many events one command indexes, so that no command is long.
const STEP: u64 = 200;
/// How long the indexer waits for more before it works: messages of that time are indexed together.
const PAUSE: Duration = Duration::from_millis(250);

/// Indexes what is new in every workspace, until it is dropped. Several nodes may run it: each step locks the workspace's progress.
pub async fn index_forever(desk: Desk) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let workspaces = desk.live.recently_changed();
        for workspace in workspaces {
            loop {
                match desk.write(IndexStep { workspace }).await {
                    Ok(is_behind) if is_behind => tokio::task::yield_now().await,
                    Ok(_) => break,
                    Err(error) => {
                        tracing::warn!(?error, "indexing stopped; the next round goes on");
                        desk.live.mark_changed(workspace);
                        break;
                    }
                }
            }
        }
    }
}

/// Indexes the next events of a workspace; answers whether there are more.
pub struct IndexStep {
    pub workspace: WorkspaceId,
}

impl Command for IndexStep {
    type Answer = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let done = self.progress(tx).await?;
        let engine = tx.get_database_backend();
        let rows = tx
            .query_all_raw(Statement::from_sql_and_values(
                engine,
                format!(
                    "SELECT number, kind, body FROM events WHERE workspace_id = $1 AND number > $2 ORDER BY number LIMIT {STEP}"
                ),
                [self.workspace.into(), done.into()],
            ))
            .await?;
        let Some(last) = rows.last() else { return Ok(false) };
        let last: i64 = last.try_get("", "number")?;
        let mut places = Vec::new();
        for row in &rows {
            if row.try_get::<String>("", "kind")? != "message_added" {
                continue;
            }
            if let Ok(Event::MessageAdded { place, position, .. }) =
                serde_json::from_str(&row.try_get::<String>("", "body")?)
            {
                places.push((place.conversation, position));
            }
        }
        let messages = messages_at(&**tx, self.workspace, &places).await?;
        self.index(tx, messages).await?;
        self.save_progress(tx, last).await?;
        Ok(rows.len() as u64 == STEP)
    }
}

impl IndexStep {
    async fn progress(&self, tx: &Tx<'_>) -> Result<i64> {
        let engine = tx.get_database_backend();
        let sql = format!("SELECT number FROM search_progress WHERE workspace_id = $1{}", dialect::for_update(engine));
        let row = tx.query_one_raw(Statement::from_sql_and_values(engine, sql, [self.workspace.into()])).await?;
        row.map_or(Ok(0), |row| Ok(row.try_get("", "number")?))
    }

    async fn save_progress(&self, tx: &Tx<'_>, number: i64) -> Result<()> {
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO search_progress (workspace_id, number) VALUES ($1, $2) \
             ON CONFLICT (workspace_id) DO UPDATE SET number = excluded.number",
            [self.workspace.into(), number.into()],
        ))
        .await?;
        Ok(())
    }

    async fn index(&self, tx: &Tx<'_>, messages: Vec<(ConversationId, Message)>) -> Result<()> {
        let engine = tx.get_database_backend();
        let worth: Vec<_> = messages.into_iter().filter(|(_, message)| message.kind != MessageKind::System).collect();
        let mut rest = worth.as_slice();
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(dialect::chunk_size(rest.len()));
            rest = after;
            let mut values: Vec<Value> = Vec::with_capacity(chunk.len() * 4);
            for (conversation, message) in chunk {
                let text = match engine {
                    DbBackend::Postgres => folded(&message.text),
                    _ => message.text.to_string(),
                };
                values.extend([self.workspace.into(), (*conversation).into(), message.position.into(), text.into()]);
            }
            let sql = dialect::index_messages_sql(engine, chunk.len());
            tx.execute_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
        }
        Ok(())
    }
}

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
    let agent = scope.agent()?;
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
    let sql = format!(
        "SELECT m.conversation_id, {columns} FROM message_search s \
         JOIN messages m ON m.workspace_id = s.workspace_id AND m.conversation_id = s.conversation_id AND m.position = s.position \
         JOIN conversations c ON c.id = m.conversation_id \
         WHERE {condition} AND s.workspace_id = $2{visible} ORDER BY m.at DESC LIMIT {limit}"
    );
    let rows = desk.store.read().query_all_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
    rows.iter()
        .map(|row| Ok(Found { conversation: row.try_get("", "conversation_id")?, message: Message::from_row(row)? }))
        .collect()
}
