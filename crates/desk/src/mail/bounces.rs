//! A mail that was sent and came back has failed after all (T-156).

use balcao_channels::email::Bounce;
use balcao_types::{MailFault, MailState, WorkspaceId};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter,
};

use super::{table, threads::message_of};
use crate::{
    Desk,
    error::Result,
    offline_messages,
    tx::{Command, Tx},
};

/// Takes a report about a mail of ours. Only who has that mail knows its message id, and one that is only late changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn bounced(desk: &Desk, workspace: WorkspaceId, bounce: &Bounce) -> Result<()> {
    match &bounce.of {
        // A stranger has written it: what is no message id is none of ours, whatever mark it carries.
        Some(message_id)
            if bounce.is_final
                && balcao_platform::mail::is_message_id(message_id)
                && message_of(&desk.tickets, message_id).is_some() =>
        {
            let (message_id, reason) = (message_id.clone(), bounce.reason.clone());
            desk.write(ComeBack { workspace, message_id, reason }).await
        }
        _ => Ok(()),
    }
}

struct ComeBack {
    workspace: WorkspaceId,
    message_id: String,
    reason: String,
}

impl Command for ComeBack {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let wanted = table::Entity::find()
            .filter(table::Column::WorkspaceId.eq(self.workspace))
            .filter(table::Column::MessageId.eq(self.message_id.clone()));
        let found = tx.lock_row(wanted).await?;
        let Some(mail) = found.filter(|mail| mail.state == MailState::Sent) else { return Ok(()) };
        let row = table::ActiveModel {
            id: Unchanged(mail.id),
            state: Set(MailState::Failed),
            fault: Set(Some(MailFault::Bounced)),
            detail: Set(self.reason.clone()),
            ..Default::default()
        };
        row.update(&**tx).await?;
        offline_messages::mail_settled(tx, self.workspace, mail.offline_message_id, MailState::Failed).await
    }
}
