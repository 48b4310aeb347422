//! A customer's corrected address is the ticket's too, and decides whose ticket it is.

use balcao_types::{ContactId, TicketId, WorkspaceId};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
};

use super::{change::one, follow::tell_news, open::search_key, table};
use crate::{error::Result, tx::Tx};

/// What was corrected.
pub struct Readdressed {
    /// Whose the ticket is with the right address.
    pub contact: ContactId,
    pub email: String,
}

/// Corrects the address of a ticket, and whose it is.
///
/// # Errors
/// When the database fails.
pub async fn readdress(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    ticket: TicketId,
    Readdressed { contact, email }: Readdressed,
) -> Result<()> {
    let Some(model) = tx.lock_row(one(workspace, ticket)).await? else { return Ok(()) };
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
