//! What becomes of the mails about an offline message shows at the message itself (T-156).

use balcao_types::{MailState, OfflineMessageId, OfflineState, WorkspaceId};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
};

use super::{
    lock::{one, tell_changed},
    table,
};
use crate::{
    error::Result,
    tickets::{self, Written},
    tx::Tx,
};

/// A mail about a message was sent, has failed, or waits for another attempt.
///
/// # Errors
/// When the database fails.
pub async fn mail_settled(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    message: OfflineMessageId,
    state: MailState,
) -> Result<()> {
    let Some(model) = tx.lock_row(one(workspace, message)).await? else { return Ok(()) };
    if model.erased_at.is_some() {
        return Ok(());
    }
    // What the customer has written since wants to be looked at before anything else.
    if state == MailState::Failed && matches!(model.state, OfflineState::Answered | OfflineState::Read) {
        let row = table::ActiveModel {
            id: Unchanged(model.id),
            state: Set(OfflineState::Failed),
            changed_at: Set(tx.now()),
            ..Default::default()
        };
        row.update(&**tx).await?;
    }
    if let Some(ticket) = model.ticket_id.filter(|_ticket| state == MailState::Failed) {
        tickets::follow(tx, workspace, ticket, Written::NotArrived).await?;
    }
    tell_changed(tx, &model)
}
