//! What a transaction announces: events that get their numbers and jobs that are queued, both written just before the commit.

use std::{
    any::Any,
    collections::HashSet,
    sync::{Arc, LazyLock},
};

use balcao_types::{JobId, Timestamp, WorkspaceId};

use super::{
    Failure,
    events::{Committed, CommittedEvent},
    rows::{Cell, Many, Rows},
};
use crate::Clock;

/// What a work may announce inside its transaction.
pub trait Announce {
    /// The app's clock.
    fn clock(&self) -> &Clock;

    /// What is announced so far.
    fn announcements(&mut self) -> &mut Announcements;

    /// Adds an event; it gets its number just before the commit. `local` goes to this process's listeners beside the stored body.
    fn emit(
        &mut self,
        workspace: WorkspaceId,
        kind: &'static str,
        body: String,
        local: Option<Arc<dyn Any + Send + Sync>>,
    ) {
        self.announcements().events.push(PendingEvent { workspace, kind, body, local });
    }

    /// Queues a job with the transaction.
    fn enqueue(&mut self, job: NewJob) {
        self.announcements().jobs.push(job);
    }
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

/// An event on its way to its number.
struct PendingEvent {
    workspace: WorkspaceId,
    kind: &'static str,
    body: String,
    local: Option<Arc<dyn Any + Send + Sync>>,
}

/// The events and jobs of a transaction.
#[derive(Default)]
pub struct Announcements {
    events: Vec<PendingEvent>,
    jobs: Vec<NewJob>,
}

/// How much had been announced when a work began.
pub(super) struct Mark {
    events: usize,
    jobs: usize,
}

const JOB: [&str; 9] =
    ["id", "workspace_id", "kind", "body", "state", "run_at", "attempts", "unique_key", "created_at"];

/// One that waits already stays as it is, but is held until the commit: nobody begins it before what it is to see is there.
static QUEUE_JOBS: LazyLock<Many> = LazyLock::new(|| {
    Many::insert("jobs", &JOB, " ON CONFLICT (unique_key) DO UPDATE SET unique_key = excluded.unique_key")
});

static INSERT_EVENTS: LazyLock<Many> =
    LazyLock::new(|| Many::insert("events", &["workspace_id", "number", "kind", "body", "at"], ""));

/// A workspace's row is what its writers queue behind, so it is asked for after everything a command does.
static RAISE_NUMBER: Many = Many::of(
    2,
    "UPDATE workspaces SET last_number = last_number + ? WHERE id = ? RETURNING last_number",
    "UPDATE workspaces SET last_number = last_number + more.count FROM unnest($1, $2) AS more (count, id) \
     WHERE workspaces.id = more.id RETURNING last_number",
);

impl Announcements {
    pub(super) fn mark(&self) -> Mark {
        Mark { events: self.events.len(), jobs: self.jobs.len() }
    }

    /// Forgets what was announced since a mark.
    pub(super) fn back_to(&mut self, mark: &Mark) {
        self.events.truncate(mark.events);
        self.jobs.truncate(mark.jobs);
    }

    /// Numbers the events, then queues the jobs. Answers the events as committed, and whether there are jobs.
    ///
    /// In this order nobody waits for a workspace's row with a job in hand: who changes that row itself has it from the beginning.
    pub(super) async fn write(self, mut rows: Rows<'_>, clock: &Clock) -> Result<(Vec<Committed>, bool), Failure> {
        let now = clock.now();
        let mut groups: Vec<(WorkspaceId, Vec<PendingEvent>)> = Vec::new();
        for event in self.events {
            match groups.iter_mut().find(|(workspace, _)| *workspace == event.workspace) {
                Some((_, events)) => events.push(event),
                None => groups.push((event.workspace, vec![event])),
            }
        }
        groups.sort_by_key(|(workspace, _)| *workspace);
        let mut committed = Vec::with_capacity(groups.len());
        for (workspace, events) in groups {
            committed.push(number(&mut rows, workspace, events, now).await?);
        }
        let has_jobs = !self.jobs.is_empty();
        if has_jobs {
            // One statement may not touch a waiting job twice.
            let mut keys = HashSet::new();
            let wanted = self.jobs.iter().filter(|job| job.unique_key.as_ref().is_none_or(|key| keys.insert(key)));
            let cells: Vec<Cell<'_>> = wanted.flat_map(|job| job.cells(clock, now)).collect();
            rows.execute(&QUEUE_JOBS, &cells).await?;
        }
        Ok((committed, has_jobs))
    }
}

impl NewJob {
    fn cells(&self, clock: &Clock, now: Timestamp) -> [Cell<'_>; JOB.len()] {
        [
            JobId(clock.new_id()).0.into(),
            self.workspace.map(|workspace| workspace.0).into(),
            Cell::text(self.kind),
            Cell::text(&self.body),
            Cell::text("queued"),
            self.run_at.into(),
            0.into(),
            Cell::optional_text(self.unique_key.as_deref()),
            now.into(),
        ]
    }
}

async fn number(
    rows: &mut Rows<'_>,
    workspace: WorkspaceId,
    events: Vec<PendingEvent>,
    now: Timestamp,
) -> Result<Committed, Failure> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let raised = rows.query(&RAISE_NUMBER, &[count.into(), workspace.0.into()], |row| row.get::<i64>(0)).await?;
    let last = *raised.first().ok_or_else(|| Failure::Statement(format!("no workspace {workspace}")))?;
    let events: Vec<CommittedEvent> = events
        .into_iter()
        .zip(last - count + 1..)
        .map(|(event, number)| CommittedEvent { number, kind: event.kind, body: event.body, local: event.local })
        .collect();
    let cells: Vec<Cell<'_>> = events
        .iter()
        .flat_map(|event| {
            [workspace.0.into(), event.number.into(), Cell::text(event.kind), Cell::text(&event.body), now.into()]
        })
        .collect();
    rows.execute(&INSERT_EVENTS, &cells).await?;
    Ok(Committed { workspace, events })
}
