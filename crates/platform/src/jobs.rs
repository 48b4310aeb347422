//! Background jobs: rows queued with the change that wants them, leased, retried with growing pauses, visible when they fail.

use std::{collections::HashMap, future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use balcao_types::{JobId, NodeId, Timestamp, WorkspaceId};
use futures_util::{
    FutureExt,
    future::{BoxFuture, try_join_all},
};
use sea_orm::{ConnectionTrait, Statement};

use crate::store::{Failure, Store, Tx, Work, dialect};

/// How many jobs one worker holds at once.
const BATCH: i64 = 16;
/// For how long a job belongs to the worker that took it; a dead worker's jobs are free again after that.
const LEASE_SECONDS: i64 = 60;
/// How long one attempt may take: its lease holds until it has ended.
const PATIENCE: Duration = Duration::from_secs(50);
/// After so many attempts a job is left as failed.
const ATTEMPTS_MAX: i64 = 12;
/// How long recurring work rests after so many attempts.
pub const RECURRING_PAUSE_SECONDS: i64 = 3_600;
/// How often the table is looked at when nothing woke the worker.
const POLL: Duration = Duration::from_secs(1);

/// A job as its handler gets it.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: JobId,
    pub workspace: Option<WorkspaceId>,
    pub kind: String,
    pub body: String,
    /// 1 at the first attempt.
    pub attempt: i64,
}

/// How a job failed.
#[derive(Debug)]
pub enum JobError {
    /// Try again later.
    Retry(String),
    /// Trying again cannot help.
    Fail(String),
}

impl From<Failure> for JobError {
    fn from(failure: Failure) -> Self {
        Self::Retry(failure.to_string())
    }
}

/// What a finished job asks for: nothing, or to run again at a time (recurring work).
pub type JobResult = Result<Option<Timestamp>, JobError>;

type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, JobResult> + Send + Sync>;

/// The kinds of jobs and what does them.
#[derive(Clone, Default)]
pub struct Handlers {
    by_kind: HashMap<&'static str, Handler>,
    /// Kinds that give their key up when the work begins.
    freeing: Vec<&'static str>,
    /// Kinds that come back by themselves, also after many failures.
    recurring: Vec<&'static str>,
}

impl Handlers {
    /// Adds a kind.
    #[must_use]
    pub fn with<F, R>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(Job) -> R + Send + Sync + 'static,
        R: Future<Output = JobResult> + Send + 'static,
    {
        self.by_kind.insert(kind, Arc::new(move |job| Box::pin(handler(job))));
        self
    }

    /// Adds a kind whose key is free again as soon as the work begins: what is queued meanwhile is done once more, because the work under way may
    /// have looked before it was there.
    #[must_use]
    pub fn with_free_key<F, R>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(Job) -> R + Send + Sync + 'static,
        R: Future<Output = JobResult> + Send + 'static,
    {
        self.freeing.push(kind);
        self.with(kind, handler)
    }

    /// Adds a kind of recurring work, which nothing else would ask for again: after as many failures as others are left with it pauses for
    /// [`RECURRING_PAUSE_SECONDS`], with its last error beside it, and begins anew.
    #[must_use]
    pub fn with_recurring<F, R>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(Job) -> R + Send + Sync + 'static,
        R: Future<Output = JobResult> + Send + 'static,
    {
        self.recurring.push(kind);
        self.with(kind, handler)
    }

    /// Does a job. A panic is the job's own failure, not its worker's, and so is an attempt without an end.
    async fn handle(&self, job: Job) -> JobResult {
        let Some(handler) = self.by_kind.get(job.kind.as_str()) else {
            return Err(JobError::Retry("no handler".to_owned()));
        };
        let done = AssertUnwindSafe(async { handler(job).await }).catch_unwind();
        let done = tokio::time::timeout(PATIENCE, done).await;
        let Ok(done) = done else { return Err(JobError::Retry("took too long".to_owned())) };
        done.unwrap_or_else(|_panic| Err(JobError::Retry("panicked".to_owned())))
    }
}

/// Takes and does jobs until it is dropped.
pub async fn work_forever(store: Store, node: NodeId, handlers: Handlers) {
    loop {
        match run_due(&store, node, &handlers).await {
            Ok(count) if count > 0 => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "jobs could not be taken; trying again"),
        }
        tokio::select! {
            () = store.job_queued() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Takes what is due and does it, all at the same time; returns how many were taken. Tests call it instead of waiting.
///
/// # Errors
/// When jobs cannot be taken or their end cannot be recorded; a job's own failure is recorded, not returned.
pub async fn run_due(store: &Store, node: NodeId, handlers: &Handlers) -> Result<usize, Failure> {
    let take = Take { node, kinds: handlers.by_kind.keys().copied().collect(), freeing: handlers.freeing.clone() };
    let jobs = store.write(take).await?;
    let count = jobs.len();
    let done = jobs.into_iter().map(|job| async move {
        let Job { id, attempt, .. } = job;
        let kind = job.kind.clone();
        let is_recurring = handlers.recurring.contains(&kind.as_str());
        let result = handlers.handle(job).await;
        if let Err(JobError::Fail(error) | JobError::Retry(error)) = &result {
            tracing::warn!(kind, attempt, error, "a job failed");
        }
        store.write(Finish { id, attempt, result, is_recurring }).await
    });
    try_join_all(done).await?;
    Ok(count)
}

/// Leases what is due, of the kinds this node knows: those of a newer release are left for its nodes.
struct Take {
    node: NodeId,
    kinds: Vec<&'static str>,
    freeing: Vec<&'static str>,
}

impl Work for Take {
    type Answer = Vec<Job>;
    type Error = Failure;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Job>, Failure> {
        if self.kinds.is_empty() {
            return Ok(Vec::new());
        }
        let engine = tx.get_database_backend();
        let now = tx.now();
        let mut values: Vec<sea_orm::Value> = vec![now.into()];
        values.extend(self.kinds.iter().map(|kind| sea_orm::Value::from(*kind)));
        let due = format!(
            "SELECT id FROM jobs WHERE ((state = 'queued' AND run_at <= $1) OR (state = 'running' AND leased_until < $1)) \
             AND kind IN ({}) ORDER BY run_at LIMIT {BATCH}{}",
            dialect::parameters(self.kinds.len(), 1),
            dialect::for_update_skip_locked(engine)
        );
        let due = Statement::from_sql_and_values(engine, due, values);
        let ids: Vec<JobId> =
            tx.query_all_raw(due).await?.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut values: Vec<sea_orm::Value> = vec![self.node.into(), now.plus_seconds(LEASE_SECONDS).into()];
        values.extend(self.freeing.iter().map(|kind| sea_orm::Value::from(*kind)));
        values.extend(ids.iter().map(|id| sea_orm::Value::from(*id)));
        let key = match self.freeing.len() {
            0 => "unique_key".to_owned(),
            count => {
                format!("CASE WHEN kind IN ({}) THEN NULL ELSE unique_key END", dialect::parameters(count, 2))
            }
        };
        let take = format!(
            "UPDATE jobs SET state = 'running', leased_by = $1, leased_until = $2, attempts = attempts + 1, unique_key = {key} \
             WHERE id IN ({}) RETURNING id, workspace_id, kind, body, attempts",
            dialect::parameters(ids.len(), 2 + self.freeing.len())
        );
        let rows = tx.query_all_raw(Statement::from_sql_and_values(engine, take, values)).await?;
        rows.iter()
            .map(|row| {
                Ok(Job {
                    id: row.try_get("", "id")?,
                    workspace: row.try_get("", "workspace_id")?,
                    kind: row.try_get("", "kind")?,
                    body: row.try_get("", "body")?,
                    attempt: row.try_get("", "attempts")?,
                })
            })
            .collect::<Result<Vec<_>, sea_orm::DbErr>>()
            .map_err(Failure::from)
    }
}

/// Records how an attempt ended; one that is no longer the job's last has nothing to say.
struct Finish {
    id: JobId,
    attempt: i64,
    result: JobResult,
    is_recurring: bool,
}

impl Work for Finish {
    type Answer = ();
    type Error = Failure;

    async fn run(&self, tx: &mut Tx) -> Result<(), Failure> {
        let now = tx.now();
        let (sql, first): (&str, Vec<sea_orm::Value>) = match &self.result {
            Ok(None) => ("DELETE FROM jobs WHERE id = $1 AND attempts = $2", Vec::new()),
            Ok(Some(again)) => (
                "UPDATE jobs SET state = 'queued', attempts = 0, last_error = NULL, run_at = $3 WHERE id = $1 AND attempts = $2",
                vec![(*again).into()],
            ),
            Err(JobError::Retry(error)) if self.attempt < ATTEMPTS_MAX => (
                "UPDATE jobs SET state = 'queued', run_at = $3, last_error = $4 WHERE id = $1 AND attempts = $2",
                vec![now.plus_seconds(pause_seconds(self.attempt)).into(), error.clone().into()],
            ),
            Err(JobError::Retry(error)) if self.is_recurring => (
                "UPDATE jobs SET state = 'queued', attempts = 0, run_at = $3, last_error = $4 WHERE id = $1 AND attempts = $2",
                vec![now.plus_seconds(RECURRING_PAUSE_SECONDS).into(), error.clone().into()],
            ),
            Err(JobError::Retry(error) | JobError::Fail(error)) => (
                // It gives its key up, so that the work can be queued again.
                "UPDATE jobs SET state = 'failed', last_error = $3, unique_key = NULL WHERE id = $1 AND attempts = $2",
                vec![error.clone().into()],
            ),
        };
        let mut values: Vec<sea_orm::Value> = vec![self.id.into(), self.attempt.into()];
        values.extend(first);
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        Ok(())
    }
}

/// 5 s, 10 s, 20 s … at most an hour.
fn pause_seconds(attempt: i64) -> i64 {
    5_i64.saturating_mul(1 << attempt.clamp(1, 12).saturating_sub(1)).min(3_600)
}
