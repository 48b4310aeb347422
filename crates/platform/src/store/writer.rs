//! The writer: takes what is queued, runs it in one transaction, commits, answers, announces.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Notify, mpsc};

use super::{
    Failure, GROUP_MAX, StoreConfig,
    error::is_retryable,
    events::Committed,
    fold_tx::Native,
    group::{Grouped, Written},
    item::Item,
};
use crate::Clock;

/// How often a transaction that lost against another is tried again.
const RETRIES: u32 = 5;

/// The connection on which commands run.
pub(super) struct Pooled {
    config: StoreConfig,
    open: Option<DatabaseConnection>,
}

impl Pooled {
    /// Opens it.
    pub async fn open(config: &StoreConfig) -> Result<Self, DbErr> {
        Ok(Self { config: config.clone(), open: Some(config.connect().await?) })
    }

    /// Begins a transaction that writes.
    pub async fn begin(&mut self) -> Result<DatabaseTransaction, DbErr> {
        let open = match self.open.take() {
            Some(open) => open,
            None => self.config.connect().await?,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.open.insert(open).begin_with_options(options).await
    }

    /// Gives the connection up. After a commit or rollback that failed, the driver takes the transaction for open: what came next would be
    /// nested in it, and never on disk.
    async fn renew(&mut self) {
        let Some(open) = self.open.take() else { return };
        if let Err(error) = open.close().await {
            tracing::warn!(%error, "a broken connection could not be closed");
        }
    }
}

/// What a writer works with. One per lane.
pub(super) struct Writer {
    pub pooled: Pooled,
    /// Where folded works run.
    pub native: Native,
    pub clock: Clock,
    pub announce: mpsc::Sender<Committed>,
    pub reruns: Arc<AtomicU64>,
    pub jobs_queued: Arc<Notify>,
    pub fault: Fault,
}

/// A deliberate breach of the contract, for the test that shows that the tests would see one. Always `None` in release builds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Fault {
    #[default]
    None,
    AckBeforeCommit,
}

impl Fault {
    /// Read from `BALCAO_FAULT`, in debug builds only.
    pub fn from_environment() -> Self {
        let asked =
            cfg!(debug_assertions) && std::env::var("BALCAO_FAULT").is_ok_and(|fault| fault == "ack_before_commit");
        if asked { Self::AckBeforeCommit } else { Self::None }
    }
}

/// How a group's transaction ended.
enum GroupEnd {
    Committed(Vec<Committed>),
    /// Rolled back: nothing of the group is kept.
    RolledBack(Failure),
    /// The commit's outcome is unknown.
    Unknown(Failure),
}

impl Writer {
    /// Runs until every sender is gone.
    pub async fn run(mut self, mut queue: mpsc::Receiver<Item>) {
        let mut queued = Vec::with_capacity(GROUP_MAX);
        while queue.recv_many(&mut queued, GROUP_MAX).await > 0 {
            metrics::counter!("balcao_store_works_total").increment(queued.len() as u64);
            let mut works = Vec::new();
            let mut folds = Vec::with_capacity(queued.len());
            // What waits at the same time has no order among different senders; a sender of several messages has them all among the folds.
            for item in queued.drain(..) {
                match item {
                    Item::Work(work) => works.push(work),
                    Item::Fold(fold) => folds.push(fold),
                }
            }
            self.run_group(folds).await;
            if self.native.has_one_writer() {
                self.run_group(works).await;
            } else {
                // Commands lock rows in the order they need them; two groups of them would sooner or later wait for each other.
                for work in works {
                    self.run_group(vec![work]).await;
                }
            }
        }
    }

    async fn run_group<I: Grouped + ?Sized>(&mut self, mut group: Vec<Box<I>>) {
        if group.is_empty() {
            return;
        }
        metrics::counter!("balcao_store_groups_total").increment(1);
        if self.fault == Fault::AckBeforeCommit {
            return self.acknowledge_before_commit(group).await;
        }
        match self.transaction(&mut group).await {
            GroupEnd::RolledBack(_) if group.len() > 1 => {
                self.reruns.fetch_add(1, Ordering::Relaxed);
                metrics::counter!("balcao_store_reruns_total").increment(1);
                for item in group {
                    let mut single = vec![item];
                    let end = self.transaction(&mut single).await;
                    self.end_single(single, end).await;
                }
            }
            end => self.end_single(group, end).await,
        }
    }

    /// A work that failed alone is tried again while the failure is another transaction's doing, else answered.
    async fn end_single<I: Grouped + ?Sized>(&mut self, mut group: Vec<Box<I>>, mut end: GroupEnd) {
        for attempt in 0..RETRIES {
            if !matches!(&end, GroupEnd::RolledBack(Failure::Statement(text)) if is_retryable(text)) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5 << attempt)).await;
            end = self.transaction(&mut group).await;
        }
        if matches!(&end, GroupEnd::RolledBack(_)) {
            metrics::counter!("balcao_store_rollbacks_total").increment(1);
        }
        match end {
            GroupEnd::Committed(committed) => self.finish(group, None, committed).await,
            // A refusal keeps its own answer; only a failed statement replaces it.
            GroupEnd::RolledBack(Failure::Refused) => self.finish(group, None, Vec::new()).await,
            GroupEnd::RolledBack(failure) | GroupEnd::Unknown(failure) => {
                self.finish(group, Some(failure), Vec::new()).await;
            }
        }
    }

    /// Answers first, then announces: the sender's acknowledgement does not wait for other people's screens.
    async fn finish<I: Grouped + ?Sized>(
        &self,
        group: Vec<Box<I>>,
        failure: Option<Failure>,
        committed: Vec<Committed>,
    ) {
        if let Some(failure) = &failure {
            tracing::error!(%failure, works = group.len(), "the store refused a group");
        }
        for item in group {
            item.give_answer(failure.clone());
        }
        self.announce_all(committed).await;
    }

    async fn announce_all(&self, committed: Vec<Committed>) {
        for events in committed {
            // Without a listener (a one-off command) there is nobody to tell.
            let _ = self.announce.send(events).await;
        }
    }

    async fn transaction<I: Grouped + ?Sized>(&mut self, group: &mut [Box<I>]) -> GroupEnd {
        let mut open = match I::begin(self).await {
            Ok(open) => open,
            Err(failure) => return GroupEnd::RolledBack(failure),
        };
        let failure = match I::run(group, &mut open).await {
            Ok(()) => match I::commit(open).await {
                Ok(written) => return GroupEnd::Committed(self.written(written)),
                Err(failure) => {
                    self.pooled.renew().await;
                    failure
                }
            },
            Err(failure) => {
                if I::roll_back(open).await.is_err() {
                    self.pooled.renew().await;
                }
                failure
            }
        };
        match failure {
            Failure::Commit(_) => GroupEnd::Unknown(failure),
            _ => GroupEnd::RolledBack(failure),
        }
    }

    fn written(&self, (committed, has_jobs): Written) -> Vec<Committed> {
        if has_jobs {
            self.jobs_queued.notify_waiters();
        }
        committed
    }

    /// The broken variant: says "stored" and stores a little later. Exists so that the kill test can be seen to fail.
    async fn acknowledge_before_commit<I: Grouped + ?Sized>(&mut self, mut group: Vec<Box<I>>) {
        let Ok(mut open) = I::begin(self).await else {
            return self.finish(group, Some(Failure::Stopped), Vec::new()).await;
        };
        if let Err(failure) = I::run(&mut group, &mut open).await {
            // The variant need not recover.
            let _ = I::roll_back(open).await;
            return self.finish(group, Some(failure), Vec::new()).await;
        }
        for item in group {
            item.give_answer(None);
        }
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
        if let Ok(written) = I::commit(open).await {
            let committed = self.written(written);
            self.announce_all(committed).await;
        }
    }
}
