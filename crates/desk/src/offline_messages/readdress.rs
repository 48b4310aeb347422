//! Correcting the address to which replies go: what customers mistype most.

use balcao_types::OfflineEntryKind;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
};

use super::{
    entries_table::Model,
    lock::{lock, tell_changed},
    table,
};
use crate::{
    access::{Grant, ability},
    error::Result,
    mail,
    tickets::{self, Readdressed},
    tx::{Command, Tx},
};

/// Corrects the customer's address; who did it and what it was stands among the entries. Replies go to the new one from now on, those that
/// came back when they are sent again.
pub struct Readdress {
    pub may: Grant<ability::ReplyOffline>,
    pub email: String,
}

impl Command for Readdress {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let message = lock(tx, &self.may).await?;
        if message.email == self.email {
            return Ok(());
        }
        let workspace = message.workspace_id;
        let mut entry = Model::by_agent((workspace, message.id), OfflineEntryKind::Address, self.may.agent(), tx);
        entry.before = Some(message.email.clone());
        entry.address.clone_from(&self.email);
        entry.insert(tx).await?;
        let row = table::ActiveModel {
            id: Unchanged(message.id),
            email: Set(self.email.clone()),
            search_key: Set(table::search_key(&message.name, &self.email)),
            changed_at: Set(tx.now()),
            ..Default::default()
        };
        row.update(&**tx).await?;
        mail::readdress(tx, workspace, message.id, &self.email).await?;
        if let Some(ticket) = message.ticket_id {
            let (before, sender) = (message.email.clone(), message.sender_id);
            tickets::readdress(tx, workspace, ticket, Readdressed { sender, before, email: self.email.clone() })
                .await?;
        }
        tell_changed(tx, &message)
    }
}
