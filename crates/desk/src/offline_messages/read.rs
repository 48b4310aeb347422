//! Somebody has looked at what a customer wrote.

use balcao_types::OfflineState;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
};

use super::{
    lock::{lock, tell_changed},
    table,
};
use crate::{
    access::{Grant, ability},
    error::Result,
    tx::{Command, Tx},
};

/// Marks a message as read. One that is not new stays as it is.
pub struct MarkRead {
    pub may: Grant<ability::ReplyOffline>,
}

impl Command for MarkRead {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let model = lock(tx, &self.may).await?;
        if model.state != OfflineState::New {
            return Ok(());
        }
        let mut row = table::ActiveModel {
            id: Unchanged(model.id),
            state: Set(OfflineState::Read),
            changed_at: Set(tx.now()),
            ..Default::default()
        };
        if model.read_by.is_none() {
            row.read_by = Set(Some(self.may.agent().agent));
            row.read_at = Set(Some(tx.now()));
        }
        row.update(&**tx).await?;
        tell_changed(tx, &model)
    }
}
