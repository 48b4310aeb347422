//! Opens the store: connections, writer threads, checkpoints.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
};

use sea_orm::{DatabaseConnection, DbBackend, DbErr};
use tokio::sync::{Notify, mpsc, watch};

use super::{
    FIRST_COMMAND_LANE, QUEUE_MAX, Shared, Store,
    events::Committed,
    fold_tx::Native,
    item::Item,
    postgres, sqlite,
    writer::{Fault, Pooled, Writer},
};
use crate::{Clock, tasks::keep_running};

/// How many lanes write on PostgreSQL: one for folded work, one for that which nobody waits for, the others for commands.
const POSTGRES_LANES: usize = FIRST_COMMAND_LANE + 4;

/// How many commits may wait for their listener before commits wait too.
const ANNOUNCEMENTS_MAX: usize = 1_024;

/// Which database to open.
#[derive(Clone, Debug)]
pub enum StoreConfig {
    /// A file.
    Sqlite(PathBuf),
    /// A `postgres://` address.
    Postgres(String),
}

/// The open store, and the commits of this process in order.
pub struct Opened {
    pub store: Store,
    pub committed: mpsc::Receiver<Committed>,
}

impl StoreConfig {
    /// A connection for migrations and one-off commands: it may write, outside the store's discipline.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn connect(&self) -> Result<DatabaseConnection, DbErr> {
        match self {
            Self::Sqlite(path) => sqlite::write_connection(path).await,
            Self::Postgres(url) => postgres::pool(url, 1).await,
        }
    }
}

impl Store {
    /// Opens the database, which must be migrated, and starts its writers.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn open(config: &StoreConfig, clock: Clock) -> Result<Opened, DbErr> {
        let (announce, committed) = mpsc::channel(ANNOUNCEMENTS_MAX);
        let reruns = Arc::new(AtomicU64::new(0));
        let jobs_queued = Arc::new(Notify::new());
        let lane_count = match config {
            StoreConfig::Sqlite(_) => 1,
            StoreConfig::Postgres(_) => POSTGRES_LANES,
        };
        let mut lanes = Vec::new();
        let mut stopped = Vec::new();
        for lane in 0..lane_count {
            let (sender, queue) = mpsc::channel(QUEUE_MAX);
            let parts = LaneParts {
                config: config.clone(),
                clock: clock.clone(),
                announce: announce.clone(),
                reruns: Arc::clone(&reruns),
                jobs_queued: Arc::clone(&jobs_queued),
            };
            stopped.push(start_lane(lane, parts, queue).await?);
            lanes.push(sender);
        }
        let (engine, read) = match config {
            StoreConfig::Sqlite(path) => (DbBackend::Sqlite, sqlite::read_pool(path).await?),
            StoreConfig::Postgres(url) => (DbBackend::Postgres, postgres::pool(url, 16).await?),
        };
        let shared = Shared { engine, read, lanes, next_lane: AtomicU64::new(0), reruns, jobs_queued, stopped };
        Ok(Opened { store: Self { shared: Arc::new(shared) }, committed })
    }
}

struct LaneParts {
    config: StoreConfig,
    clock: Clock,
    announce: mpsc::Sender<Committed>,
    reruns: Arc<AtomicU64>,
    jobs_queued: Arc<Notify>,
}

/// Starts a writer on a thread and runtime of its own, so that its futures need not be `Send` and nothing else delays a commit.
async fn start_lane(
    lane: usize,
    parts: LaneParts,
    queue: mpsc::Receiver<Item>,
) -> Result<watch::Receiver<bool>, DbErr> {
    let (opened, is_open) = tokio::sync::oneshot::channel();
    let (stop, stopped) = watch::channel(false);
    std::thread::Builder::new()
        .name(format!("store-{lane}"))
        .spawn(move || {
            let stop = StopNotice(stop);
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => {
                    drop(opened.send(Err(DbErr::Custom(error.to_string()))));
                    return;
                }
            };
            runtime.block_on(async {
                let pooled = match Pooled::open(&parts.config).await {
                    Ok(pooled) => pooled,
                    Err(error) => {
                        drop(opened.send(Err(error)));
                        return;
                    }
                };
                let native = match Native::open(&parts.config) {
                    Ok(native) => native,
                    Err(failure) => {
                        drop(opened.send(Err(DbErr::Custom(failure.to_string()))));
                        return;
                    }
                };
                drop(opened.send(Ok(())));
                if let (StoreConfig::Sqlite(path), 0) = (&parts.config, lane) {
                    let path = path.clone();
                    tokio::spawn(keep_running("checkpoints", move || sqlite::checkpoint_forever(path.clone())));
                }
                let writer = Writer {
                    pooled,
                    native,
                    clock: parts.clock,
                    announce: parts.announce,
                    reruns: parts.reruns,
                    jobs_queued: parts.jobs_queued,
                    fault: Fault::from_environment(),
                };
                writer.run(queue).await;
            });
            drop(stop);
        })
        .map_err(|error| DbErr::Custom(format!("no thread for the writer: {error}")))?;
    is_open.await.map_err(|_closed| DbErr::Custom("the writer's thread ended at its start".to_owned()))??;
    Ok(stopped)
}

/// Tells that a writer's thread has ended, also when it panicked.
struct StopNotice(watch::Sender<bool>);

impl Drop for StopNotice {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}
