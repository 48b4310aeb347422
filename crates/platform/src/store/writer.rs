//! The writer: takes what is queued, runs it in one transaction, commits, answers, announces.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{DatabaseConnection, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::{Notify, mpsc};

use super::{
    Failure, GROUP_MAX, Tx,
    error::is_retryable,
    events::Committed,
    item::{Item, Outcome},
};
use crate::Clock;

/// How often a transaction that lost against another is tried again.
const RETRIES: u32 = 5;

/// What a writer works with. One per lane.
pub(super) struct Writer {
    pub connection: DatabaseConnection,
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
    pub async fn run(self, mut queue: mpsc::Receiver<Box<dyn Item>>) {
        let mut group: Vec<Box<dyn Item>> = Vec::with_capacity(GROUP_MAX);
        while queue.recv_many(&mut group, GROUP_MAX).await > 0 {
            metrics::counter!("balcao_store_groups_total").increment(1);
            metrics::counter!("balcao_store_works_total").increment(group.len() as u64);
            self.run_group(std::mem::take(&mut group)).await;
        }
    }

    async fn run_group(&self, mut group: Vec<Box<dyn Item>>) {
        if self.fault == Fault::AckBeforeCommit {
            return self.acknowledge_before_commit(group).await;
        }
        match self.transaction(&mut group).await {
            GroupEnd::Committed(committed) => self.finish(group, None, committed).await,
            GroupEnd::Unknown(failure) => self.finish(group, Some(failure), Vec::new()).await,
            GroupEnd::RolledBack(failure) if group.len() == 1 => self.retry_single(group, failure).await,
            GroupEnd::RolledBack(_) => {
                self.reruns.fetch_add(1, Ordering::Relaxed);
                metrics::counter!("balcao_store_reruns_total").increment(1);
                for item in group {
                    let mut single = vec![item];
                    match self.transaction(&mut single).await {
                        GroupEnd::Committed(committed) => self.finish(single, None, committed).await,
                        GroupEnd::Unknown(failure) => self.finish(single, Some(failure), Vec::new()).await,
                        GroupEnd::RolledBack(failure) => self.retry_single(single, failure).await,
                    }
                }
            }
        }
    }

    /// A work that failed alone: tried again while the failure is another transaction's doing, else answered.
    async fn retry_single(&self, mut single: Vec<Box<dyn Item>>, mut failure: Failure) {
        for attempt in 0..RETRIES {
            if !matches!(&failure, Failure::Statement(text) if is_retryable(text)) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5 << attempt)).await;
            match self.transaction(&mut single).await {
                GroupEnd::Committed(committed) => return self.finish(single, None, committed).await,
                GroupEnd::Unknown(unknown) => return self.finish(single, Some(unknown), Vec::new()).await,
                GroupEnd::RolledBack(again) => failure = again,
            }
        }
        // A refusal keeps its own answer; only a failed statement replaces it.
        let refused = matches!(failure, Failure::Refused);
        self.finish(single, (!refused).then_some(failure), Vec::new()).await;
    }

    /// Answers first, then announces: the sender's acknowledgement does not wait for other people's screens.
    async fn finish(&self, group: Vec<Box<dyn Item>>, failure: Option<Failure>, committed: Vec<Committed>) {
        if let Some(failure) = &failure {
            tracing::error!(%failure, works = group.len(), "the store refused a group");
        }
        for item in group {
            item.answer(failure.clone());
        }
        for events in committed {
            // Without a listener (a one-off command) there is nobody to tell.
            let _ = self.announce.send(events).await;
        }
    }

    async fn transaction(&self, group: &mut [Box<dyn Item>]) -> GroupEnd {
        let mut tx = match self.begin().await {
            Ok(tx) => tx,
            Err(error) => return GroupEnd::RolledBack(error.into()),
        };
        if let Err(failure) = run_works(group, &mut tx).await {
            tx.rollback().await;
            return GroupEnd::RolledBack(failure);
        }
        match tx.commit().await {
            Ok((committed, has_jobs)) => {
                if has_jobs {
                    self.jobs_queued.notify_waiters();
                }
                GroupEnd::Committed(committed)
            }
            Err(Failure::Commit(text)) => GroupEnd::Unknown(Failure::Commit(text)),
            Err(failure) => GroupEnd::RolledBack(failure),
        }
    }

    async fn begin(&self) -> Result<Tx, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Tx::new(self.connection.begin_with_options(options).await?, self.clock.clone()))
    }

    /// The broken variant: says "stored" and stores a little later. Exists so that the kill test can be seen to fail.
    async fn acknowledge_before_commit(&self, mut group: Vec<Box<dyn Item>>) {
        let Ok(mut tx) = self.begin().await else {
            return self.finish(group, Some(Failure::Stopped), Vec::new()).await;
        };
        if let Err(failure) = run_works(&mut group, &mut tx).await {
            tx.rollback().await;
            return self.finish(group, Some(failure), Vec::new()).await;
        }
        self.finish(group, None, Vec::new()).await;
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
        if let Ok((committed, _)) = tx.commit().await {
            self.finish(Vec::new(), None, committed).await;
        }
    }
}

/// Runs the works in order, neighbours of one kind folded. An error asks for a rollback of the whole group.
async fn run_works(mut rest: &mut [Box<dyn Item>], tx: &mut Tx) -> Result<(), Failure> {
    while let Some(first) = rest.first() {
        let fold = first.fold();
        let length = match fold {
            Some((kind, _)) => {
                rest.iter().take_while(|item| item.fold().is_some_and(|(other, _)| other == kind)).count()
            }
            None => 1,
        };
        let (now, later) = rest.split_at_mut(length);
        rest = later;
        let mark = tx.begin_work();
        let outcome = match (fold, now) {
            (Some((_, run)), many) => run(many, tx).await,
            (None, [single, ..]) => single.run(tx).await,
            (None, []) => Outcome::Kept,
        };
        if let Some(failure) = tx.failure() {
            return Err(failure);
        }
        if outcome == Outcome::Failed && tx.undo_announcements(&mark) {
            return Err(Failure::Refused);
        }
    }
    Ok(())
}
