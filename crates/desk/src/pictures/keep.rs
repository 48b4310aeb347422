//! Keeping a picture, and noting that something shows it.

use balcao_platform::media::Small;
use balcao_types::{ErrorCode, PictureId, WorkspaceId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, Statement};

use super::table;
use crate::{
    access::{Grant, ability},
    checks::Checks,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Keeps a picture that was made small.
pub(super) struct KeepPicture {
    pub may: Grant<ability::ManageConnections>,
    pub picture: Small,
}

impl Command for KeepPicture {
    type Answer = PictureId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<PictureId> {
        let id = PictureId(uuid::Uuid::new_v4());
        let Small { bytes, media_type, width, height } = self.picture.clone();
        let row = table::ActiveModel {
            id: Set(id),
            workspace_id: Set(self.may.scope.workspace),
            media_type: Set(media_type.to_owned()),
            width: Set(width.into()),
            height: Set(height.into()),
            bytes: Set(bytes),
            used_at: Set(tx.now()),
        };
        row.insert(&**tx).await?;
        Ok(id)
    }
}

/// Notes inside a command that something shows pictures from now on, so that no sweep takes them. Those that are not there are faults, and then
/// nothing is written; so are those of a form that is refused for something else.
///
/// # Errors
/// 422 with every wrong field.
pub async fn use_pictures(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    pictures: &[(String, PictureId)],
    mut checks: Checks,
) -> Result<()> {
    let engine = tx.get_database_backend();
    for (field, picture) in pictures {
        let sql = "SELECT id FROM pictures WHERE id = $1 AND workspace_id = $2";
        let looked = Statement::from_sql_and_values(engine, sql, [(*picture).into(), workspace.into()]);
        if tx.query_one_raw(looked).await?.is_none() {
            checks.fault(field, ErrorCode::PictureUnknown);
        }
    }
    checks.finish()?;
    for (field, picture) in pictures {
        let sql = "UPDATE pictures SET used_at = $3 WHERE id = $1 AND workspace_id = $2";
        let values = [(*picture).into(), workspace.into(), tx.now().into()];
        let used = tx.execute_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
        if used.rows_affected() != 1 {
            return Err(Error::field(field, ErrorCode::PictureUnknown));
        }
    }
    Ok(())
}
