//! Upkeep of a workspace, once an hour: sessions, invitations, challenges and requests for consent that have run out, events older than any client
//! may resume from, files that no message took, pictures that nothing shows, and what has been kept long enough.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    store::NewJob,
};
use balcao_types::{Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    Desk,
    error::Result,
    files, pictures, privacy,
    tx::{Command, Tx},
};

/// The job's kind.
pub const SWEEP: &str = "sweep";

/// For how long events are kept for resuming. After that a client takes a snapshot.
const EVENTS_KEPT_SECONDS: i64 = 30 * 86_400;
/// Rows deleted by one command, so that no command is long.
const STEP: i64 = 500;

/// The first sweep of a workspace; at most one waits.
pub fn first_sweep(workspace: WorkspaceId, now: Timestamp) -> NewJob {
    NewJob {
        workspace: Some(workspace),
        kind: SWEEP,
        body: "{}".to_owned(),
        run_at: now.plus_seconds(3_600),
        unique_key: Some(format!("sweep:{workspace}")),
    }
}

/// Sweeps until nothing is left to sweep, then asks to be run again in an hour.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn sweep(desk: Desk, job: Job) -> JobResult {
    let Some(workspace) = job.workspace else { return Err(JobError::Fail("a sweep without a workspace".to_owned())) };
    loop {
        let swept = desk.write(Sweep { workspace }).await.map_err(|error| JobError::Retry(format!("{error:?}")))?;
        if swept < STEP {
            files::sweep(&desk, workspace).await.map_err(|error| JobError::Retry(format!("{error:?}")))?;
            pictures::sweep(&desk, workspace).await.map_err(|error| JobError::Retry(format!("{error:?}")))?;
            privacy::sweep(&desk, workspace).await.map_err(|error| JobError::Retry(format!("{error:?}")))?;
            return Ok(Some(desk.clock.now().plus_seconds(3_600)));
        }
    }
}

struct Sweep {
    workspace: WorkspaceId,
}

impl Command for Sweep {
    type Answer = i64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<i64> {
        let engine = tx.get_database_backend();
        let now = tx.now();
        for table in ["sessions", "invitations", "invitation_links", "spent_challenges", "mail_consent_requests"] {
            let sql = format!("DELETE FROM {table} WHERE workspace_id = $1 AND expires_at < $2");
            tx.execute_raw(Statement::from_sql_and_values(engine, sql, [self.workspace.into(), now.into()])).await?;
        }
        let old = now.plus_seconds(-EVENTS_KEPT_SECONDS);
        let newest_old = tx
            .query_one_raw(Statement::from_sql_and_values(
                engine,
                // Events that the search index has not read yet are kept, however old.
                "SELECT MAX(number) AS number, COUNT(*) AS count FROM \
                 (SELECT number, at FROM events WHERE workspace_id = $1 ORDER BY number LIMIT $2) AS oldest \
                 WHERE at < $3 AND number <= (SELECT COALESCE(MAX(number), 0) FROM search_progress WHERE workspace_id = $1)",
                [self.workspace.into(), STEP.into(), old.into()],
            ))
            .await?;
        let Some(row) = newest_old else { return Ok(0) };
        let (Some(number), count) = (row.try_get::<Option<i64>>("", "number")?, row.try_get::<i64>("", "count")?)
        else {
            return Ok(0);
        };
        for sql in [
            "DELETE FROM events WHERE workspace_id = $1 AND number <= $2",
            "UPDATE workspaces SET oldest_number = $2 WHERE id = $1",
        ] {
            tx.execute_raw(Statement::from_sql_and_values(engine, sql, [self.workspace.into(), number.into()])).await?;
        }
        Ok(count)
    }
}
