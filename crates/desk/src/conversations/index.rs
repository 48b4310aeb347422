//! The full-text index over messages: filled just behind the commit by event number, at most a second late, caught up after a crash.

use std::{sync::LazyLock, time::Duration};

use balcao_platform::store::{Answers, Cell, FoldTx, Folded, Many};
use balcao_types::{Event, MessageKind, WorkspaceId, rules::text::folded};
use sea_orm::DbBackend;

use super::message::file_of;
use crate::{
    Desk,
    error::{Error, Result},
};

/// How many events one step indexes, so that no transaction is long.
const STEP: i64 = 200;
/// How long the indexer waits for more before it works: messages of that time are indexed together.
const PAUSE: Duration = Duration::from_millis(250);

/// Indexes what is new in every workspace, until it is dropped. Several nodes may run it: each step locks the workspace's progress.
pub async fn index_forever(desk: Desk) {
    loop {
        tokio::time::sleep(PAUSE).await;
        for workspace in desk.live.recently_changed() {
            if let Err(error) = index_all(&desk, workspace).await {
                tracing::warn!(?error, "indexing stopped; the next round goes on");
                desk.live.mark_changed(workspace);
            }
        }
    }
}

async fn index_all(desk: &Desk, workspace: WorkspaceId) -> Result<()> {
    while desk.store.fold(IndexStep { workspace }).await? {
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Indexes the next events of a workspace; answers whether there are more.
pub struct IndexStep {
    pub workspace: WorkspaceId,
}

static LOCK_PROGRESS: LazyLock<Many> =
    LazyLock::new(|| Many::select("search_progress", &["number"], &["workspace_id"], true));

static SAVE_PROGRESS: LazyLock<Many> = LazyLock::new(|| {
    let again = " ON CONFLICT (workspace_id) DO UPDATE SET number = excluded.number";
    Many::insert("search_progress", &["workspace_id", "number"], again)
});

/// The events after a number up to another one.
static READ_EVENTS: Many = Many::of(
    3,
    "SELECT number, kind, body FROM events WHERE workspace_id = ? AND number > ? AND number <= ?",
    "SELECT number, kind, body FROM unnest($1, $2, $3) AS asked (workspace, after, until) \
     JOIN events ON workspace_id = asked.workspace AND number > asked.after AND number <= asked.until",
);

static READ_TEXTS: LazyLock<Many> = LazyLock::new(|| {
    let columns = ["conversation_id", "position", "text", "kind", "at", "file"];
    Many::select("messages", &columns, &["workspace_id", "conversation_id", "position"], false)
});

/// SQLite folds case and accents itself, and its rows lie in the order of time; PostgreSQL gets the folded text and the time.
static INDEX_TEXTS: Many = Many::of(
    5,
    "INSERT INTO message_search (workspace_id, conversation_id, position, text) SELECT ?, ?, ?, ? WHERE ? IS NOT NULL",
    "INSERT INTO message_search (workspace_id, conversation_id, position, document, at) \
     SELECT workspace, conversation, position, to_tsvector('simple', text), at \
     FROM unnest($1, $2, $3, $4, $5) AS said (workspace, conversation, position, text, at) ON CONFLICT DO NOTHING",
);

impl Folded for IndexStep {
    type Answer = bool;
    type Error = Error;

    const IS_BEHIND: bool = true;

    async fn run_all(all: &[&Self], tx: &mut FoldTx<'_>) -> Result<Answers<Self>> {
        let mut answers = Vec::with_capacity(all.len());
        for step in all {
            answers.push(Ok(step.run(tx).await?));
        }
        Ok(answers)
    }
}

impl IndexStep {
    async fn run(&self, tx: &mut FoldTx<'_>) -> Result<bool> {
        let workspace = self.workspace.0;
        let done = tx.query(&LOCK_PROGRESS, &[workspace.into()], |row| row.get::<i64>(0)).await?;
        let done = done.first().copied().unwrap_or(0);
        let asked = [workspace.into(), done.into(), (done + STEP).into()];
        let events = tx
            .query(&READ_EVENTS, &asked, |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)))
            .await?;
        let Some(last) = events.iter().map(|(number, ..)| *number).max() else { return Ok(false) };
        let places: Vec<Cell<'_>> = events
            .iter()
            .filter(|(_, kind, _)| kind == "message_added")
            .filter_map(|(.., body)| match serde_json::from_str(body) {
                Ok(Event::MessageAdded { place, position, .. }) => Some((place.conversation, position)),
                _ => None,
            })
            .flat_map(|(conversation, position)| [workspace.into(), conversation.0.into(), position.into()])
            .collect();
        self.index(tx, &places).await?;
        tx.execute(&SAVE_PROGRESS, &[workspace.into(), last.into()]).await?;
        Ok(events.len() as i64 == STEP)
    }

    async fn index(&self, tx: &mut FoldTx<'_>, places: &[Cell<'_>]) -> Result<()> {
        let said = tx
            .query(&READ_TEXTS, places, |row| {
                let file: Option<String> = row.get(5)?;
                let text = with_name(row.get(2)?, file.as_deref());
                let (conversation, position): (uuid::Uuid, i64) = (row.get(0)?, row.get(1)?);
                Ok((conversation, position, text, row.word::<MessageKind>(3)?, row.get::<i64>(4)?))
            })
            .await?;
        let texts: Vec<Cell<'_>> = said
            .into_iter()
            .filter(|(.., kind, _)| *kind != MessageKind::System)
            .flat_map(|(conversation, position, text, _, at)| {
                let text = if tx.engine() == DbBackend::Postgres { folded(&text) } else { text };
                [
                    self.workspace.0.into(),
                    conversation.into(),
                    position.into(),
                    Cell::Text(Some(text.into())),
                    at.into(),
                ]
            })
            .collect();
        Ok(tx.execute(&INDEX_TEXTS, &texts).await?)
    }
}

/// What is found of a message: its text, and its file's name.
fn with_name(text: String, file: Option<&str>) -> String {
    // A file that cannot be read is found by its text alone.
    let file = file_of(file).ok().flatten();
    file.map_or(text.clone(), |file| format!("{text} {}", file.name))
}
