//! Deleting pictures that nothing shows (any more).

use std::collections::HashSet;

use balcao_types::{PictureId, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

use super::table;
use crate::{
    Desk, connections, departments,
    error::Result,
    tx::{Command, Tx},
};

/// For how long a picture may lie there unused, in seconds: somebody is still filling in the form it is for.
const UNUSED_SECONDS: i64 = 86_400;

/// Deletes the pictures of a workspace that nothing has shown for a day.
///
/// # Errors
/// When the database fails.
pub async fn sweep(desk: &Desk, workspace: WorkspaceId) -> Result<()> {
    desk.write(Sweep { workspace }).await
}

struct Sweep {
    workspace: WorkspaceId,
}

impl Command for Sweep {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.workspace;
        let before = tx.now().plus_seconds(-UNUSED_SECONDS);
        let engine = tx.get_database_backend();
        let sql = "SELECT id FROM pictures WHERE workspace_id = $1 AND used_at < $2";
        let rows =
            tx.query_all_raw(Statement::from_sql_and_values(engine, sql, [workspace.into(), before.into()])).await?;
        let mut unused =
            rows.iter().map(|row| row.try_get("", "id")).collect::<std::result::Result<HashSet<PictureId>, _>>()?;
        if unused.is_empty() {
            return Ok(());
        }
        for shown in connections::shown_pictures(&**tx, workspace).await? {
            unused.remove(&shown);
        }
        for settings in departments::all_settings(&**tx, workspace).await?.values() {
            for (_, shown) in settings.looks.pictures() {
                unused.remove(&shown);
            }
        }
        for id in unused {
            // The time stands here too: what is saved with it at this moment is newer once that is over.
            table::Entity::delete_by_id(id)
                .filter(table::Column::WorkspaceId.eq(workspace))
                .filter(table::Column::UsedAt.lt(before))
                .exec(&**tx)
                .await?;
        }
        Ok(())
    }
}
