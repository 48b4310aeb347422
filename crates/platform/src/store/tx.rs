//! The open transaction as a work sees it: statements, events to number, jobs to queue.

use std::{
    any::Any,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use parking_lot::Mutex;

use balcao_types::{JobId, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::{
    Failure,
    events::{Committed, CommittedEvent},
};
use crate::Clock;

/// An event on its way to its number.
pub(super) struct PendingEvent {
    pub workspace: WorkspaceId,
    pub kind: &'static str,
    pub body: String,
    pub local: Option<Arc<dyn Any + Send + Sync>>,
}

/// A job to queue with the transaction.
pub struct NewJob {
    pub workspace: Option<WorkspaceId>,
    pub kind: &'static str,
    pub body: String,
    /// When it is due.
    pub run_at: Timestamp,
    /// At most one waiting job has this key; queuing it again changes nothing.
    pub unique_key: Option<String>,
}

/// A transaction. Implements SeaORM's `ConnectionTrait`, so every query works on it; it watches what passes.
pub struct Tx {
    inner: DatabaseTransaction,
    clock: Clock,
    wrote: AtomicBool,
    failed: Mutex<Option<String>>,
    events: Vec<PendingEvent>,
    jobs: Vec<NewJob>,
}

impl Tx {
    pub(super) fn new(inner: DatabaseTransaction, clock: Clock) -> Self {
        Self {
            inner,
            clock,
            wrote: AtomicBool::new(false),
            failed: Mutex::new(None),
            events: Vec::new(),
            jobs: Vec::new(),
        }
    }

    /// The app's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Adds an event; it gets its number just before the commit. `local` goes to this process's listeners beside the stored body.
    pub fn emit(
        &mut self,
        workspace: WorkspaceId,
        kind: &'static str,
        body: String,
        local: Option<Arc<dyn Any + Send + Sync>>,
    ) {
        self.events.push(PendingEvent { workspace, kind, body, local });
    }

    /// Queues a job with the transaction.
    pub fn enqueue(&mut self, job: NewJob) {
        self.jobs.push(job);
    }

    /// Marks where a work begins, so that it can be told what it did.
    pub(super) fn begin_work(&mut self) -> Mark {
        self.wrote.store(false, Ordering::Relaxed);
        Mark { events: self.events.len(), jobs: self.jobs.len() }
    }

    /// Forgets what a refusing work had announced, and says whether it left rows behind.
    pub(super) fn undo_announcements(&mut self, mark: &Mark) -> bool {
        self.events.truncate(mark.events);
        self.jobs.truncate(mark.jobs);
        self.wrote.load(Ordering::Relaxed)
    }

    /// The first failed statement's error, after which nothing of the transaction may be kept.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.failed.lock().clone().map(Failure::Statement)
    }

    /// Queues the jobs, numbers the events (the workspace's row last) and commits.
    pub(super) async fn commit(mut self) -> Result<(Vec<Committed>, bool), Failure> {
        let has_jobs = !self.jobs.is_empty();
        for job in std::mem::take(&mut self.jobs) {
            self.insert_job(job).await?;
        }
        let committed = self.number_events().await?;
        self.inner.commit().await.map_err(|error| Failure::Commit(error.to_string()))?;
        Ok((committed, has_jobs))
    }

    pub(super) async fn rollback(self) {
        if let Err(error) = self.inner.rollback().await {
            tracing::warn!(%error, "a rollback failed; the connection will be replaced");
        }
    }

    async fn insert_job(&self, job: NewJob) -> Result<(), DbErr> {
        let now = self.now();
        let statement = Statement::from_sql_and_values(
            self.get_database_backend(),
            "INSERT INTO jobs (id, workspace_id, kind, body, state, run_at, attempts, unique_key, created_at) \
             VALUES ($1, $2, $3, $4, 'queued', $5, 0, $6, $7) ON CONFLICT (unique_key) DO NOTHING",
            [
                JobId(self.clock.new_id()).into(),
                job.workspace.into(),
                job.kind.into(),
                job.body.into(),
                job.run_at.into(),
                job.unique_key.into(),
                now.into(),
            ],
        );
        self.execute_raw(statement).await.map(drop)
    }

    async fn number_events(&mut self) -> Result<Vec<Committed>, DbErr> {
        let mut groups: Vec<(WorkspaceId, Vec<PendingEvent>)> = Vec::new();
        for event in std::mem::take(&mut self.events) {
            match groups.iter_mut().find(|(workspace, _)| *workspace == event.workspace) {
                Some((_, events)) => events.push(event),
                None => groups.push((event.workspace, vec![event])),
            }
        }
        groups.sort_by_key(|(workspace, _)| *workspace);
        let mut committed = Vec::with_capacity(groups.len());
        for (workspace, events) in groups {
            committed.push(self.number_group(workspace, events).await?);
        }
        Ok(committed)
    }

    async fn number_group(&self, workspace: WorkspaceId, events: Vec<PendingEvent>) -> Result<Committed, DbErr> {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let statement = Statement::from_sql_and_values(
            self.get_database_backend(),
            "UPDATE workspaces SET last_number = last_number + $1 WHERE id = $2 RETURNING last_number",
            [count.into(), workspace.into()],
        );
        let row = self.query_one_raw(statement).await?;
        let last: i64 =
            row.ok_or_else(|| DbErr::RecordNotFound(format!("workspace {workspace}")))?.try_get("", "last_number")?;
        let first = last - count + 1;
        let numbered = events
            .into_iter()
            .zip(first..)
            .map(|(event, number)| CommittedEvent { number, kind: event.kind, body: event.body, local: event.local })
            .collect::<Vec<_>>();
        super::events::insert(self, workspace, &numbered, self.now()).await?;
        Ok(Committed { workspace, events: numbered })
    }

    fn watch<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        if let Err(error) = &result {
            self.failed.lock().get_or_insert_with(|| error.to_string());
        }
        result
    }

    fn note_write(&self, sql: &str) {
        if !sql.trim_start().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("select")) {
            self.wrote.store(true, Ordering::Relaxed);
        }
    }
}

/// How much had been announced when a work began.
pub(super) struct Mark {
    events: usize,
    jobs: usize,
}

#[sea_orm::prelude::async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.note_write(&statement.sql);
        self.watch(self.inner.execute_raw(statement).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.note_write(sql);
        self.watch(self.inner.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note_write(&statement.sql);
        self.watch(self.inner.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note_write(&statement.sql);
        self.watch(self.inner.query_all_raw(statement).await)
    }
}
