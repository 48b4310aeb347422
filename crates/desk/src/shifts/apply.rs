//! What the clock does: at each change of anybody's hours, whoever is outside of them is disconnected, and whoever is inside again and was
//! disconnected by the clock has the former status back.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    store::NewJob,
};
use balcao_types::{Timestamp, WorkspaceId};

use super::{
    Plans,
    people::{Due, people},
};
use crate::{
    Desk, agents, departments,
    error::Result,
    tx::{Command, Tx},
};

/// The job's kind.
pub const APPLY: &str = "hours";

/// Applies a workspace's hours at a time; at most one job waits for it.
pub fn apply_job(workspace: WorkspaceId, run_at: Timestamp) -> NewJob {
    let unique_key = Some(format!("hours:{workspace}:{}", run_at.0));
    NewJob { workspace: Some(workspace), kind: APPLY, body: "{}".to_owned(), run_at, unique_key }
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
    let people = people(read, workspace).await?;
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
        let people = people(&**tx, workspace).await?;
        for person in &people {
            match person.due(&plans, now) {
                Some(Due::Disconnect) => agents::end_shift(tx, workspace, person.id).await?,
                Some(Due::Connect) => agents::begin_shift(tx, workspace, person.id).await?,
                None => {}
            }
        }
        // A department that opens is given what waits there.
        tx.free_capacity(workspace);
        let departments = departments::names(&**tx, workspace).await?;
        let changes = departments
            .keys()
            .map(|department| plans.department(*department, now).until)
            .chain([plans.company(now).until])
            .chain(people.iter().map(|person| plans.agent(person.id, &person.departments, now).until))
            .chain(people.iter().map(|person| person.extended_until.filter(|until| *until > now)));
        if let Some(next) = changes.flatten().min() {
            tx.enqueue(apply_job(workspace, next));
        }
        Ok(())
    }
}
