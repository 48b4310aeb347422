//! A customer's corrected address is the ticket's too, and decides whose ticket it is.

use balcao_types::{ContactId, TicketId, WorkspaceId};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
};

use super::{change::one, follow::tell_news, open::search_key, table};
use crate::{
    contacts::{self, ContactFacts},
    error::Result,
    tx::Tx,
};

/// Whose address was corrected.
pub struct Readdressed {
    /// The contact of the visitor's key, or the id it will have.
    pub sender: ContactId,
    pub before: String,
    pub email: String,
}

/// Corrects the address of a ticket, and of the contact that was made with it. A ticket that was given to another customer by the wrong address
/// goes to the one who has the right one (T-161).
///
/// # Errors
/// When the database fails.
pub async fn readdress(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    ticket: TicketId,
    Readdressed { sender, before, email }: Readdressed,
) -> Result<()> {
    let Some(model) = tx.lock_row(one(workspace, ticket)).await? else { return Ok(()) };
    let contact = if model.contact_id == sender {
        contacts::correct_email(tx, workspace, sender, (&before, &email)).await?;
        sender
    } else {
        let facts = ContactFacts { name: Some(model.name.clone()), email: Some(email.clone()), phone: None };
        contacts::contact_by_email(tx, workspace, sender, &facts).await?
    };
    let row = table::ActiveModel {
        id: Unchanged(ticket),
        contact_id: Set(contact),
        search_key: Set(search_key(&model.title, &model.name, &email)),
        email: Set(email),
        changed_at: Set(tx.now()),
        ..Default::default()
    };
    row.update(&**tx).await?;
    tell_news(tx, &model)
}
