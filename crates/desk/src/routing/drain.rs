//! Draining the queue when there is room: oldest first, one conversation a command, until nobody has room or nothing waits.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    store::NewJob,
};
use balcao_types::{
    AgentId, ConversationId, ConversationState, DepartmentId, Timestamp, WorkspaceId,
    rules::{care::CareLevel, routing::Candidate},
};
use sea_orm::{ConnectionTrait, Statement};

use super::{
    Assigned, Rule,
    assign::{give, rested},
    candidates::candidates,
    distributes,
};
use crate::{
    Desk, conversations,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// The job's kind.
pub const DRAIN: &str = "drain";

/// How many conversations one attempt of the job gives away; the next attempt goes on.
const STEPS_MAX: usize = 500;

/// Drains a workspace's queue now; at most one waits.
pub fn drain_job(workspace: WorkspaceId, now: Timestamp) -> NewJob {
    job(workspace, now, format!("drain:{workspace}"))
}

/// Drains it when a conversation that was given back may go to anybody.
pub(super) fn later_job(conversation: &conversations::Model, due: Timestamp) -> NewJob {
    job(conversation.workspace_id, due, format!("drain:{}:{}", conversation.id, due.0))
}

fn job(workspace: WorkspaceId, run_at: Timestamp, unique_key: String) -> NewJob {
    NewJob { workspace: Some(workspace), kind: DRAIN, body: "{}".to_owned(), run_at, unique_key: Some(unique_key) }
}

/// Gives waiting conversations away until nobody has room or nothing waits.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn drain(desk: Desk, job: Job) -> JobResult {
    let Some(workspace) = job.workspace else { return Err(JobError::Fail("a queue without a workspace".to_owned())) };
    for _ in 0..STEPS_MAX {
        let step = desk.write(GiveOne { workspace }).await.map_err(|error| JobError::Retry(format!("{error:?}")))?;
        if step == Assigned::Nobody {
            return Ok(None);
        }
    }
    Ok(Some(desk.clock.now()))
}

/// Looks whether something waits where conversations are distributed, in case a change was missed, and has it drained.
///
/// # Errors
/// When the database fails.
pub async fn look_again(desk: &Desk, workspace: WorkspaceId) -> Result<()> {
    let read = desk.store.read();
    let waits = distributes(read, workspace).await? && !waiting(read, workspace).await?.is_empty();
    if waits { desk.write(QueueDrain { workspace }).await } else { Ok(()) }
}

struct QueueDrain {
    workspace: WorkspaceId,
}

impl Command for QueueDrain {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now();
        tx.enqueue(drain_job(self.workspace, now));
        Ok(())
    }
}

/// Gives the conversation that has waited longest, of those that somebody has room for, to whoever is next.
struct GiveOne {
    workspace: WorkspaceId,
}

impl Command for GiveOne {
    type Answer = Assigned;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Assigned> {
        for (department, rule) in waiting(&**tx, self.workspace).await? {
            let Some(oldest) = self.oldest(tx, department, &rule).await? else { continue };
            let found = tx.lock_conversation(self.workspace, oldest).await?;
            let mut conversation = found.ok_or(Error::not_found())?;
            if conversation.state != ConversationState::Queue || conversation.department_id != department {
                return Ok(Assigned::Overtaken);
            }
            // Who had room a moment ago may have none now; then everything is looked at again.
            return Ok(match give(tx, &mut conversation, &rule).await? {
                Assigned::Given => Assigned::Given,
                Assigned::Nobody | Assigned::Overtaken => Assigned::Overtaken,
            });
        }
        Ok(Assigned::Nobody)
    }
}

impl GiveOne {
    /// What has waited longest in a department and somebody has room for.
    async fn oldest(&self, tx: &Tx<'_>, department: DepartmentId, rule: &Rule) -> Result<Option<ConversationId>> {
        let now = tx.now();
        let mut ready = candidates(&**tx, self.workspace, department, true, (now, rule)).await?;
        ready.retain(Candidate::has_room);
        let Some(only) = sole(ready.iter()) else { return Ok(None) };
        let (sql, only_first) = match sole(ready.iter().filter(|candidate| candidate.level == CareLevel::First)) {
            // What visitors began, and what was handed on.
            Some(only_first) => (OLDEST, only_first),
            None => (OLDEST_HANDED_ON, only),
        };
        let values = [self.workspace.into(), department.into(), only.into(), rested(now).into(), only_first.into()];
        let values = values.into_iter().take(if sql == OLDEST { 5 } else { 4 });
        let row = tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        row.map(|row| Ok(row.try_get("", "id")?)).transpose()
    }
}

/// What has waited longest. Who had it last does not count while there are others for it.
const OLDEST: &str = "SELECT id FROM conversations WHERE workspace_id = $1 AND department_id = $2 AND state = 'queue' \
    AND (returned_by IS NULL OR queued_at <= $4 OR returned_by <> CASE WHEN transferred_at IS NULL THEN $5 ELSE $3 END) \
    ORDER BY queued_at, id LIMIT 1";
/// The same of what Level 2 may have: in an index of its own, since what it may not have can be many.
const OLDEST_HANDED_ON: &str = "SELECT id FROM conversations WHERE workspace_id = $1 AND department_id = $2 AND state = 'queue' \
    AND transferred_at IS NOT NULL AND (returned_by IS NULL OR queued_at <= $4 OR returned_by <> $3) ORDER BY queued_at, id LIMIT 1";

/// The only one; nobody's id where there are several, and none where there is nobody. Only where nobody else is left does it matter who had a
/// conversation last.
fn sole<'a>(mut some: impl Iterator<Item = &'a Candidate>) -> Option<AgentId> {
    let one = some.next()?;
    Some(if some.next().is_none() { one.agent } else { AgentId(uuid::Uuid::nil()) })
}

/// The departments in which something waits to be distributed, whoever has waited longest first.
async fn waiting(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<(DepartmentId, Rule)>> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT d.id, d.settings AS department, w.settings AS company, \
             (SELECT MIN(c.queued_at) FROM conversations c WHERE c.workspace_id = d.workspace_id \
              AND c.department_id = d.id AND c.state = 'queue') AS since \
             FROM departments d JOIN workspaces w ON w.id = d.workspace_id WHERE d.workspace_id = $1",
            [workspace.into()],
        ))
        .await?;
    let mut waiting = Vec::new();
    for row in &rows {
        let rule = Rule::from_row(row)?;
        if let (true, Some(since)) = (rule.is_on(), row.try_get::<Option<Timestamp>>("", "since")?) {
            waiting.push((since, row.try_get::<DepartmentId>("", "id")?, rule));
        }
    }
    waiting.sort_by_key(|(since, department, _)| (*since, *department));
    Ok(waiting.into_iter().map(|(_, department, rule)| (department, rule)).collect())
}
