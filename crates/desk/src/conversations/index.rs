//! The full-text index over messages: filled just behind the commit by event number, at most a second late, caught up after a crash.

use std::time::Duration;

use balcao_platform::store::{Answers, Cell, FoldTx, Folded, Many};
use balcao_types::{Event, MessageKind, WorkspaceId, rules::text::folded};
use sea_orm::DbBackend;

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

const LOCK_PROGRESS: Many = Many {
    one: "SELECT number FROM search_progress WHERE workspace_id = ?",
    around: ("SELECT number FROM search_progress WHERE workspace_id IN (VALUES ", ") FOR UPDATE OF search_progress"),
    columns: 1,
};

const SAVE_PROGRESS: Many = Many {
    one: "INSERT INTO search_progress (workspace_id, number) VALUES (?, ?) \
          ON CONFLICT (workspace_id) DO UPDATE SET number = excluded.number",
    around: (
        "INSERT INTO search_progress (workspace_id, number) VALUES ",
        " ON CONFLICT (workspace_id) DO UPDATE SET number = excluded.number",
    ),
    columns: 2,
};

/// The events after a number up to another one.
const READ_EVENTS: Many = Many {
    one: "SELECT number, kind, body FROM events WHERE workspace_id = ? AND number > ? AND number <= ?",
    around: (
        "SELECT number, kind, body FROM (VALUES ",
        ") AS asked (workspace, after, until) \
         JOIN events ON workspace_id = asked.workspace AND number > asked.after AND number <= asked.until",
    ),
    columns: 3,
};

const READ_TEXTS: Many = Many {
    one: "SELECT conversation_id, position, text, kind FROM messages WHERE workspace_id = ? AND conversation_id = ? AND position = ?",
    around: (
        "SELECT conversation_id, position, text, kind FROM messages WHERE (workspace_id, conversation_id, position) IN (VALUES ",
        ")",
    ),
    columns: 3,
};

/// SQLite folds case and accents itself; PostgreSQL gets the folded text.
const INDEX_TEXTS: Many = Many {
    one: "INSERT INTO message_search (workspace_id, conversation_id, position, text) VALUES (?, ?, ?, ?)",
    around: (
        "INSERT INTO message_search (workspace_id, conversation_id, position, document) \
         SELECT workspace, conversation, position, to_tsvector('simple', text) FROM (VALUES ",
        ") AS said (workspace, conversation, position, text) ON CONFLICT DO NOTHING",
    ),
    columns: 4,
};

impl Folded for IndexStep {
    type Answer = bool;
    type Error = Error;

    /// After the appends of the same transaction: conversations are locked before the progress.
    const RANK: u8 = 1;

    async fn run_all(all: &[&Self], tx: &mut FoldTx<'_>) -> Result<Answers<Self>> {
        let mut answers = Vec::with_capacity(all.len());
        for step in all {
            answers.push(Ok(step.run(tx).await?));
        }
        Ok(answers)
    }
}

impl IndexStep {
    async fn run(&self, tx: &FoldTx<'_>) -> Result<bool> {
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

    async fn index(&self, tx: &FoldTx<'_>, places: &[Cell<'_>]) -> Result<()> {
        let said = tx
            .query(&READ_TEXTS, places, |row| {
                Ok((row.get::<uuid::Uuid>(0)?, row.get::<i64>(1)?, row.get::<String>(2)?, row.word::<MessageKind>(3)?))
            })
            .await?;
        let texts: Vec<Cell<'_>> = said
            .into_iter()
            .filter(|(.., kind)| *kind != MessageKind::System)
            .flat_map(|(conversation, position, text, _)| {
                let text = if tx.engine() == DbBackend::Postgres { folded(&text) } else { text };
                [self.workspace.0.into(), conversation.into(), position.into(), Cell::Text(Some(text.into()))]
            })
            .collect();
        Ok(tx.execute(&INDEX_TEXTS, &texts).await?)
    }
}
