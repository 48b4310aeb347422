//! The one door for change: commands, and the transaction as a command sees it.

use std::{collections::BTreeSet, future::Future, ops::Deref, sync::Arc};

use balcao_platform::{
    Clock,
    store::{Announce, NewJob, Work},
};
use balcao_types::{Event, WorkspaceId};
use sea_orm::{EntityTrait, QuerySelect, Select};

use crate::{
    Desk,
    error::{Error, Result},
    reactions, routing,
};

/// A change: it owns its input and runs inside the transaction. Nothing slow or remote; the only effects are rows.
pub trait Command: Send + 'static {
    type Answer: Send + 'static;

    /// Loads, decides, writes, tells. On an error nothing is kept.
    fn run(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Answer>>;
}

/// The transaction of a command. Queries go through it as through any connection.
pub struct Tx<'a> {
    inner: &'a mut balcao_platform::store::Tx,
    /// The workspaces in which somebody may have room for a waiting conversation now.
    freed: BTreeSet<WorkspaceId>,
}

impl<'a> Tx<'a> {
    /// Wraps the store's transaction.
    fn new(inner: &'a mut balcao_platform::store::Tx) -> Self {
        Self { inner, freed: BTreeSet::new() }
    }

    /// Notes that somebody may have room for a waiting conversation now. What most events say by themselves (`reactions.rs`).
    pub fn free_capacity(&mut self, workspace: WorkspaceId) {
        self.freed.insert(workspace);
    }

    /// Ends a command: where there is room and conversations are distributed, the queue is drained.
    async fn settle(&mut self) -> Result<()> {
        for workspace in std::mem::take(&mut self.freed) {
            if routing::distributes(&**self, workspace).await? {
                let now = self.now();
                self.enqueue(routing::drain_job(workspace, now));
            }
        }
        Ok(())
    }

    /// The app's clock.
    pub fn clock(&self) -> &Clock {
        self.inner.clock()
    }

    /// Tells what happened: stored and numbered with the change, sent after the commit. Its consequences are in `reactions.rs`.
    ///
    /// # Errors
    /// When the event cannot be encoded.
    pub fn emit(&mut self, workspace: WorkspaceId, event: Event) -> Result<()> {
        self.emit_with(workspace, Arc::new(LocalEvent { event, message: None, origin: None }))
    }

    /// As [`Tx::emit`], with the message beside it, so that this node need not read it again.
    ///
    /// # Errors
    /// When the event cannot be encoded.
    pub fn emit_with(&mut self, workspace: WorkspaceId, local: Arc<LocalEvent>) -> Result<()> {
        if reactions::frees_capacity(&local.event) {
            self.free_capacity(workspace);
        }
        emit(self.inner, workspace, local)
    }

    /// Reads one row and keeps it locked until the commit: what is decided on it still holds when it is written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lock_row<E: EntityTrait>(&self, row: Select<E>) -> Result<Option<E::Model>> {
        Ok(row.lock_exclusive().one(&**self).await?)
    }

    /// Reads one row and keeps it from being changed or removed until the commit; others may hold it so, too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_row<E: EntityTrait>(&self, row: Select<E>) -> Result<Option<E::Model>> {
        Ok(row.lock_shared().one(&**self).await?)
    }

    /// Several rows, which are locked in the order of the query: everybody takes them in the order of their ids.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lock_rows<E: EntityTrait>(&self, rows: Select<E>) -> Result<Vec<E::Model>> {
        Ok(rows.lock_exclusive().all(&**self).await?)
    }

    /// Queues a job with the transaction.
    pub fn enqueue(&mut self, job: NewJob) {
        self.inner.enqueue(job);
    }
}

impl Deref for Tx<'_> {
    type Target = balcao_platform::store::Tx;

    fn deref(&self) -> &Self::Target {
        self.inner
    }
}

/// Tells what happened, with its consequences, in a command's or a fold's transaction.
///
/// # Errors
/// When the event cannot be encoded.
pub fn emit(to: &mut impl Announce, workspace: WorkspaceId, local: Arc<LocalEvent>) -> Result<()> {
    let body = serde_json::to_string(&local.event)?;
    for job in reactions::jobs(workspace, &local.event, to.clock().now()) {
        to.enqueue(job);
    }
    to.emit(workspace, local.event.kind(), body, Some(local));
    Ok(())
}

/// An event as it travels inside this process.
pub struct LocalEvent {
    pub event: Event,
    /// The line that was added, when the event is one.
    pub message: Option<Arc<crate::conversations::Message>>,
    /// The visitor's socket that sent it: its acknowledgement stands in place of the entry.
    pub origin: Option<u64>,
}

/// Makes a command the store's work.
struct Run<C>(C);

impl<C: Command> Work for Run<C> {
    type Answer = C::Answer;
    type Error = Error;

    async fn run(&self, tx: &mut balcao_platform::store::Tx) -> Result<C::Answer> {
        let mut tx = Tx::new(tx);
        let answer = self.0.run(&mut tx).await?;
        tx.settle().await?;
        Ok(answer)
    }
}

impl Desk {
    /// Carries out a command: all of it, on disk, or nothing.
    ///
    /// # Errors
    /// The command's refusal, or the store's failure.
    pub async fn write<C: Command>(&self, command: C) -> Result<C::Answer> {
        self.store.write(Run(command)).await
    }
}
