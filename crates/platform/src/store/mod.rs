//! The store: one door for writing, with group commit and numbered events, and a pool for reading.
//!
//! A change is a [`Work`]: run inside a transaction, re-runnable, with no effect but rows. The writer takes what is queued (at most 256),
//! runs it in one transaction (folded work and commands have one each), commits, answers all, announces the events, and repeats. No timer: idle costs nothing, load makes larger groups.

mod announcements;
pub mod dialect;
mod error;
mod events;
mod fold_tx;
mod group;
mod item;
mod open;
mod postgres;
mod rows;
mod sqlite;
mod tx;
mod writer;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{DatabaseConnection, DbBackend};
use tokio::sync::{Notify, mpsc, oneshot};

pub use announcements::{Announce, NewJob};
pub use error::Failure;
pub use events::{Committed, CommittedEvent, StoredEvent};
pub use fold_tx::FoldTx;
pub use item::{Answers, Folded, Work};
pub use open::{Opened, StoreConfig};
pub use rows::{Cell, Many, Row};
pub use tx::Tx;

use item::{FoldedItem, Item, SingleItem, Tagged, TaggedAnswer};

/// How many queued works one transaction takes.
pub const GROUP_MAX: usize = 256;

/// Where there are several lanes, the first two are for folded work: what is waited for, and what is not.
const FIRST_COMMAND_LANE: usize = 2;

/// How many works may wait for the writer before callers wait too.
const QUEUE_MAX: usize = 8_192;

/// The open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    engine: DbBackend,
    read: DatabaseConnection,
    /// On SQLite there is only one.
    lanes: Vec<mpsc::Sender<Item>>,
    next_lane: AtomicU64,
    reruns: Arc<AtomicU64>,
    jobs_queued: Arc<Notify>,
    stopped: Vec<tokio::sync::watch::Receiver<bool>>,
}

impl Store {
    /// The engine underneath.
    pub fn engine(&self) -> DbBackend {
        self.shared.engine
    }

    /// The pool for reading. Writing through it fails on SQLite.
    pub fn read(&self) -> &DatabaseConnection {
        &self.shared.read
    }

    /// Runs one work in a transaction, possibly together with others, and returns its answer once it is on disk.
    ///
    /// # Errors
    /// The work's own refusal (nothing is written), or a [`Failure`] of the store turned into the work's error.
    pub async fn write<W: Work>(&self, work: W) -> Result<W::Answer, W::Error> {
        let (item, answer) = SingleItem::new(work);
        self.submit(self.command_lane(), Item::Work(Box::new(item))).await?;
        answer.await.unwrap_or_else(|_closed| Err(Failure::Stopped.into()))
    }

    /// Like [`Store::write`], for a work that the writer folds with its neighbours of the same kind into few statements.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn fold<F: Folded>(&self, work: F) -> Result<F::Answer, F::Error> {
        let (to, answer) = oneshot::channel();
        self.submit(self.fold_lane::<F>(), Item::Fold(Box::new(FoldedItem::new(work, to)))).await?;
        answer.await.unwrap_or_else(|_closed| Err(Failure::Stopped.into()))
    }

    /// Like [`Store::fold`], for a caller who has many on their way: queues the work and returns; the answer goes to the channel beside the tag.
    ///
    /// # Errors
    /// When the writer has stopped. Then no answer comes.
    pub async fn fold_to<F: Folded, Tag: Send + 'static>(
        &self,
        work: F,
        tag: Tag,
        to: mpsc::UnboundedSender<TaggedAnswer<F, Tag>>,
    ) -> Result<(), Failure> {
        self.submit(self.fold_lane::<F>(), Item::Fold(Box::new(FoldedItem::new(work, Tagged { tag, to })))).await
    }

    fn has_lanes(&self) -> bool {
        self.shared.lanes.len() > FIRST_COMMAND_LANE
    }

    fn fold_lane<F: Folded>(&self) -> usize {
        usize::from(F::IS_BEHIND && self.has_lanes())
    }

    /// Commands take turns.
    fn command_lane(&self) -> usize {
        if !self.has_lanes() {
            return 0;
        }
        let turn = self.shared.next_lane.fetch_add(1, Ordering::Relaxed) as usize;
        FIRST_COMMAND_LANE + turn % (self.shared.lanes.len() - FIRST_COMMAND_LANE)
    }

    async fn submit(&self, lane: usize, item: Item) -> Result<(), Failure> {
        let sender = self.shared.lanes.get(lane).ok_or(Failure::Stopped)?;
        sender.send(item).await.map_err(|_closed| Failure::Stopped)
    }

    /// How many groups had to be rolled back and run again one by one since the start. Tests assert 0.
    pub fn reruns(&self) -> u64 {
        self.shared.reruns.load(Ordering::Relaxed)
    }

    /// Resolves when a commit queued a job.
    pub async fn job_queued(&self) {
        self.shared.jobs_queued.notified().await;
    }

    /// Waits until every lane has finished what was queued. Call it after the last clone that writes is gone or idle.
    pub async fn drain(&self) {
        for lane in &self.shared.lanes {
            // One empty work at the end of each queue: when it is answered, everything before it is.
            let (item, answer) = SingleItem::new(item::Nothing);
            if lane.send(Item::Work(Box::new(item))).await.is_ok() {
                // A lane that has stopped has nothing left to finish.
                let _ = answer.await;
            }
        }
    }

    /// Resolves when a writer has stopped by itself, which it does only when its thread panicked.
    pub async fn writer_stopped(&self) {
        let waits = self.shared.stopped.iter().cloned().map(|mut stopped| {
            Box::pin(async move {
                let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
            })
        });
        futures_util::future::select_all(waits).await;
    }
}
