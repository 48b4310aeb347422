//! Keeping a picture, and noting that something shows it.

use balcao_platform::media::Small;
use balcao_types::{PictureId, WorkspaceId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, Statement};

use super::table;
use crate::{
    access::{Grant, ability},
    error::Result,
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

/// Notes inside a command that something shows a picture from now on, so that no sweep takes it; answers whether it is there.
///
/// # Errors
/// When the database fails.
pub async fn use_picture(tx: &Tx<'_>, workspace: WorkspaceId, picture: PictureId) -> Result<bool> {
    let sql = "UPDATE pictures SET used_at = $3 WHERE id = $1 AND workspace_id = $2";
    let values = [picture.into(), workspace.into(), tx.now().into()];
    let used = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(used.rows_affected() == 1)
}
