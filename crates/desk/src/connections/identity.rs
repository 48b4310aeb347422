//! The secret with which a connection's sites sign who is logged in on them (D-070).

use balcao_platform::secrets::new_token;
use balcao_types::{ConnectionId, Event};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{queries::one_by_id, table};
use crate::{
    access::{Grant, ability},
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Makes a new secret. What was signed with the one before is not believed any more.
pub struct RenewIdentitySecret {
    pub may: Grant<ability::ManageConnections>,
    pub connection: ConnectionId,
}

impl Command for RenewIdentitySecret {
    type Answer = String;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<String> {
        let workspace = self.may.scope.workspace;
        let model = tx.lock_row(one_by_id(workspace, self.connection)).await?.ok_or(Error::not_found())?;
        let secret = new_token();
        let mut row: table::ActiveModel = model.into();
        row.identity_secret = Set(Some(secret.clone()));
        row.update(&**tx).await?;
        tx.emit(workspace, Event::ConnectionChanged { connection: self.connection })?;
        Ok(secret)
    }
}
