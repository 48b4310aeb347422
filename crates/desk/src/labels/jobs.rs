//! What a removed label leaves: the rows that said which conversations had it.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    store::NewJob,
};
use balcao_types::{LabelId, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};

use crate::{
    Desk,
    error::Result,
    tx::{Command, Tx},
};

/// The job's kind.
pub const SWEEP_LABEL: &str = "sweep_label";

/// Rows deleted by one command, so that no command is long.
const STEP: u64 = 500;

#[derive(Serialize, Deserialize)]
struct Removed {
    label: LabelId,
}

/// Sweeps what a label has left.
pub fn sweep_label_job(workspace: WorkspaceId, label: LabelId, now: Timestamp) -> NewJob {
    // An id always encodes.
    let body = serde_json::to_string(&Removed { label }).unwrap_or_default();
    let unique_key = Some(format!("sweep_label:{label}"));
    NewJob { workspace: Some(workspace), kind: SWEEP_LABEL, body, run_at: now, unique_key }
}

/// Deletes a removed label's rows, some at a time.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn sweep_label(desk: Desk, job: Job) -> JobResult {
    let Some(workspace) = job.workspace else { return Err(JobError::Fail("a label without a workspace".to_owned())) };
    let removed: Removed = serde_json::from_str(&job.body).map_err(|error| JobError::Fail(error.to_string()))?;
    let retry = |error| JobError::Retry(format!("{error:?}"));
    while desk.write(SweepSome { workspace, label: removed.label }).await.map_err(retry)? == STEP {}
    Ok(None)
}

struct SweepSome {
    workspace: WorkspaceId,
    label: LabelId,
}

impl Command for SweepSome {
    type Answer = u64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64> {
        let sql = format!(
            "DELETE FROM conversation_labels WHERE workspace_id = $1 AND label_id = $2 AND conversation_id IN \
             (SELECT conversation_id FROM conversation_labels WHERE workspace_id = $1 AND label_id = $2 LIMIT {STEP})"
        );
        let values = [self.workspace.into(), self.label.into()];
        let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        Ok(done.rows_affected())
    }
}
