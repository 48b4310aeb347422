//! A statement about a short list of ids.

use balcao_platform::store::dialect::parameters;
use balcao_types::WorkspaceId;
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::{error::Result, tx::Tx};

/// Runs a statement about some of a workspace's rows: `$1` is the workspace, `{ids}` stands for the list. Nothing happens for none.
///
/// # Errors
/// When the database fails.
pub async fn for_ids<I: Copy + Into<Value>>(tx: &Tx<'_>, workspace: WorkspaceId, ids: &[I], sql: &str) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = vec![workspace.into()];
    values.extend(ids.iter().map(|id| (*id).into()));
    let sql = sql.replace("{ids}", &parameters(ids.len(), 1));
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}
