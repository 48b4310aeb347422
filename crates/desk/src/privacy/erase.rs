//! Erasing what is known of a person: names, addresses, texts and files go; that there was a conversation, when, where and with whom stays, so that
//! figures stay true and nobody is in them.

use balcao_types::{ConversationId, ErrorCode, Event, OfflineMessageId, PrivacyDeed, Timestamp, WorkspaceId};

use super::{
    export::{For, export},
    keep::{Deed, keep},
    retention::months_from,
};
use crate::{
    Desk,
    access::{Grant, ability},
    contacts, conversations, copies,
    error::{Error, Result},
    files, mail, offline_messages, surveys, tickets,
    tx::{Command, Tx},
    workspaces,
};

/// Erases a contact. Refused while a conversation of theirs is running: it would go on with somebody who is nobody.
pub struct EraseContact {
    pub may: Grant<ability::ManagePrivacy>,
    pub reason: String,
    /// By whose keys what is kept apart names its files.
    pub desk: Desk,
}

impl Command for EraseContact {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, contact) = (self.may.scope.workspace, self.may.subject);
        // No conversation begins meanwhile.
        contacts::lock_identities(tx, workspace, contact).await?;
        let known = contacts::lock_contact(tx, workspace, contact).await?.ok_or(Error::not_found())?;
        let Some(ended) = conversations::ended_of(tx, workspace, contact).await? else {
            return Err(Error::refused(ErrorCode::ContactServed));
        };
        let messages = offline_messages::of_contact(tx, workspace, contact).await?;
        // From here on nothing is added, so that what is kept apart is what is erased.
        let sealed = self.sealed(tx).await?;
        erase_conversations(tx, workspace, &ended).await?;
        erase_messages(tx, workspace, &messages).await?;
        let (departments, people) = contacts::whereabouts(tx, workspace, contact).await?;
        contacts::erase(tx, workspace, contact).await?;
        let deed = Deed {
            workspace,
            deed: PrivacyDeed::Erased,
            contact,
            number: known.number,
            by: Some(self.may.agent().agent),
            reason: self.reason.clone(),
            sealed,
        };
        keep(tx, deed).await?;
        tx.emit(workspace, Event::ContactErased { contact, departments, people })
    }
}

impl EraseContact {
    /// What is kept apart, and until when; nothing where the company keeps nothing.
    async fn sealed(&self, tx: &Tx<'_>) -> Result<Option<(String, Timestamp)>> {
        let (workspace, contact) = (self.may.scope.workspace, self.may.subject);
        let company = workspaces::by_id(&**tx, workspace).await?.ok_or(Error::not_found())?;
        let months = company.settings.privacy.sealed_months;
        if months == 0 {
            return Ok(None);
        }
        let known = export(&**tx, &self.desk, (workspace, contact), For::Sealing).await?;
        Ok(Some((known.to_string(), months_from(tx.now(), &company.time_zone, i64::from(months)))))
    }
}

/// Takes everything out of conversations that somebody wrote or sent.
///
/// # Errors
/// When the database fails.
pub(super) async fn erase_conversations(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    conversations: &[ConversationId],
) -> Result<()> {
    for some in conversations.chunks(100) {
        conversations::erase(tx, workspace, some).await?;
        copies::erase(tx, workspace, some).await?;
        surveys::erase_comments(tx, workspace, some).await?;
        files::erase_of_conversations(tx, workspace, some).await?;
    }
    Ok(())
}

/// The same for offline messages, with their mails and tickets.
///
/// # Errors
/// When the database fails.
pub(super) async fn erase_messages(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    messages: &[OfflineMessageId],
) -> Result<()> {
    for some in messages.chunks(100) {
        offline_messages::erase(tx, workspace, some).await?;
        mail::erase(tx, workspace, some).await?;
        tickets::erase(tx, workspace, some).await?;
        files::erase_of_offline_messages(tx, workspace, some).await?;
    }
    Ok(())
}
