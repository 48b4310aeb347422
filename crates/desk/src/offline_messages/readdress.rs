//! Correcting the address to which replies go: what customers mistype most.

use balcao_types::{ContactId, OfflineEntryKind};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
};

use super::{
    entries_table::Model,
    lock::{lock, refuse_erased, tell_changed},
    table,
};
use crate::{
    access::{Grant, ability},
    contacts::{self, ContactFacts},
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
        refuse_erased(&message)?;
        if message.email == self.email {
            return Ok(());
        }
        let workspace = message.workspace_id;
        let mut entry = Model::by_agent((workspace, message.id), OfflineEntryKind::Address, self.may.agent(), tx);
        entry.before = Some(message.email.clone());
        entry.address.clone_from(&self.email);
        entry.insert(tx).await?;
        let contact = self.contact(tx, &message).await?;
        let row = table::ActiveModel {
            id: Unchanged(message.id),
            contact_id: Set(Some(contact)),
            email: Set(self.email.clone()),
            search_key: Set(table::search_key(&message.name, &self.email)),
            changed_at: Set(tx.now()),
            ..Default::default()
        };
        row.update(&**tx).await?;
        mail::readdress(tx, workspace, message.id, &self.email).await?;
        if let Some(ticket) = message.ticket_id {
            tickets::readdress(tx, workspace, ticket, Readdressed { contact, email: self.email.clone() }).await?;
        }
        tell_changed(tx, &message)
    }
}

impl Readdress {
    /// Whose the message is with the right address: still the sender's own contact, whose address is corrected too; but where the wrong address
    /// had made it another customer's, it goes to the one who has the right one (T-161).
    async fn contact(&self, tx: &mut Tx<'_>, message: &table::Model) -> Result<ContactId> {
        let (workspace, sender) = (message.workspace_id, message.sender_id);
        let own = contacts::heir(&**tx, workspace, sender).await?;
        if message.contact_id == Some(own) {
            contacts::correct_email(tx, workspace, own, (&message.email, &self.email)).await?;
            return Ok(own);
        }
        let facts = ContactFacts { name: Some(message.name.clone()), email: Some(self.email.clone()), phone: None };
        contacts::contact_by_email(tx, workspace, sender, &facts).await
    }
}
