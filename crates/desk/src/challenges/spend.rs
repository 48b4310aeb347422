//! Spending a solved challenge, inside the transaction of what it was solved for.

use balcao_types::{ErrorCode, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};

use super::Admitted;
use crate::{
    error::{Error, Result},
    tx::Tx,
};

/// Spends what was admitted; the first thing that is written, so that a refusal costs nobody else anything.
///
/// # Errors
/// 422 when it was spent before.
pub async fn spend(tx: &Tx<'_>, workspace: WorkspaceId, admitted: &Admitted) -> Result<()> {
    let Some(spending) = &admitted.spending else { return Ok(()) };
    let written = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO spent_challenges (workspace_id, mark, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            [workspace.into(), spending.mark.clone().into(), spending.expires_at.into()],
        ))
        .await?;
    if written.rows_affected() == 0 { Err(Error::refused(ErrorCode::ProofUsed)) } else { Ok(()) }
}
