//! What the clock does: at each change of anybody's hours, whoever is outside of them is disconnected, and whoever is inside again and was
//! disconnected by the clock has the former status back.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    store::NewJob,
};
use balcao_types::{Timestamp, WorkspaceId};
use sea_orm::ConnectionTrait;

use super::{
    Plans,
    people::{Due, Person, people},
};
use crate::{
    Desk, agents, departments,
    error::{Error, Result},
    tx::{Command, Tx},
    workspaces,
};

/// The job's kind.
pub const APPLY: &str = "hours";

/// How far ahead the job is queued at the most: who stays open for long is looked at again.
const LONGEST_SECONDS: i64 = 30 * 86_400;

/// Applies a workspace's hours as soon as can be; at most one job waits.
pub fn apply_job(workspace: WorkspaceId, now: Timestamp) -> NewJob {
    job(workspace, now, format!("hours:{workspace}"))
}

/// Applies them at a time to come; at most one job waits for it.
pub(super) fn later_job(workspace: WorkspaceId, run_at: Timestamp) -> NewJob {
    job(workspace, run_at, format!("hours:{workspace}:{}", run_at.0))
}

fn job(workspace: WorkspaceId, run_at: Timestamp, unique_key: String) -> NewJob {
    NewJob { workspace: Some(workspace), kind: APPLY, body: "{}".to_owned(), run_at, unique_key: Some(unique_key) }
}

/// Applies the hours and asks to be run again when they change next.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn apply(desk: Desk, job: Job) -> JobResult {
    let Some(workspace) = job.workspace else { return Err(JobError::Fail("hours without a workspace".to_owned())) };
    desk.write(ApplyHours { workspace }).await.map_err(|error| JobError::Retry(format!("{error:?}")))?;
    Ok(None)
}

/// Looks whether somebody is where the hours do not have them, in case a change was missed.
///
/// # Errors
/// When the database fails.
pub async fn look_again(desk: &Desk, workspace: WorkspaceId) -> Result<()> {
    let (read, now) = (desk.store.read(), desk.clock.now());
    let plans = Plans::load(read, workspace).await?;
    let people = people(read, workspace, None).await?;
    let is_missed = people.iter().any(|person| person.due(&plans, now).is_some());
    if is_missed { desk.write(ApplyHours { workspace }).await } else { Ok(()) }
}

struct ApplyHours {
    workspace: WorkspaceId,
}

impl Command for ApplyHours {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, now) = (self.workspace, tx.now());
        let plans = Plans::load(&**tx, workspace).await?;
        let people = people(&**tx, workspace, None).await?;
        if plans.is_empty() && people.iter().all(|person| person.held.is_none()) {
            return Ok(());
        }
        let company = workspaces::by_id(&**tx, workspace).await?.ok_or(Error::not_found())?;
        let restores = company.settings.restore_status;
        for person in people.iter().filter(|person| person.due(&plans, now).is_some()) {
            let Some(model) = tx.lock_row(agents::one_by_id(workspace, person.id)).await? else { continue };
            // What was decided without the lock is decided again with it: somebody may have been let stay meanwhile.
            match person.locked(&model).due(&plans, now) {
                Some(Due::Disconnect) => agents::end_shift(tx, &model).await?,
                Some(Due::Connect) => agents::begin_shift(tx, &model, restores).await?,
                None => {}
            }
        }
        // A department that opens is given what waits there.
        tx.free_capacity(workspace);
        let next = next_change(&**tx, workspace, (&plans, &people), now).await?;
        tx.enqueue(later_job(workspace, next));
        Ok(())
    }
}

/// When the hours of anybody change next, or are to be looked at again.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn next_change(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    (plans, people): (&Plans, &[Person]),
    now: Timestamp,
) -> Result<Timestamp> {
    let departments = departments::active_ids(connection, workspace).await?;
    let changes = departments
        .into_iter()
        .map(|(department, _)| plans.department(department, now).until)
        .chain([plans.company(now).until, Some(now.plus_seconds(LONGEST_SECONDS))])
        .chain(people.iter().map(|person| plans.agent(person.id, &person.departments, now).until))
        .chain(people.iter().map(|person| person.extended_until.filter(|until| *until > now)));
    Ok(changes.flatten().min().unwrap_or(now.plus_seconds(LONGEST_SECONDS)))
}
