//! Erasing what is known of a person: names, addresses, texts and files go; that there was a conversation, when, where and with whom stays, so that
//! figures stay true and nobody is in them.

use balcao_types::{ConversationId, ErrorCode, Event, OfflineMessageId, PrivacyDeed, Timestamp, WorkspaceId};

use super::keep::{Deed, keep};
use crate::{
    access::{Grant, ability},
    contacts, conversations,
    error::{Error, Result},
    files, mail, offline_messages, surveys, tickets,
    tx::{Command, Tx},
};

/// Erases a contact. Refused while a conversation of theirs is running: it would go on with somebody who is nobody.
pub struct EraseContact {
    pub may: Grant<ability::ManagePrivacy>,
    pub reason: String,
    /// What is kept apart, and until when.
    pub sealed: Option<(String, Timestamp)>,
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
        erase_conversations(tx, workspace, &ended).await?;
        let messages = offline_messages::of_contact(tx, workspace, contact).await?;
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
            sealed: self.sealed.clone(),
        };
        keep(tx, deed).await?;
        tx.emit(workspace, Event::ContactErased { contact, departments, people })
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
