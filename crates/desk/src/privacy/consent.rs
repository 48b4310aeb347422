//! Whether a visitor has agreed, or was told, before writing; each time is kept with the words that were shown.

use balcao_types::{
    Consent, ContactId, ConversationId, ErrorCode, OfflineMessageId, PrivacyRequestId, WorkspaceId,
    settings::PrivacySettings,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::consents_table;
use crate::{
    error::{Error, Result},
    offline_messages,
    tx::Tx,
};

/// What a visitor begins.
#[derive(Clone, Copy, Debug)]
pub enum Begins {
    Conversation(ConversationId),
    OfflineMessage(OfflineMessageId),
}

/// Refuses what is begun without the consent that the company asks for; one that was given before holds. `field`: where it would have been given.
///
/// # Errors
/// 422 on the field.
pub async fn require_consent(
    tx: &Tx<'_>,
    (workspace, contact): (WorkspaceId, ContactId),
    privacy: &PrivacySettings,
    is_given: bool,
    field: &str,
) -> Result<()> {
    if privacy.consent != Consent::Required || is_given {
        return Ok(());
    }
    let given = of_browser(&**tx, workspace, contact).await?;
    if given.iter().any(|one| one.consent == Consent::Required) {
        return Ok(());
    }
    Err(Error::field(field, ErrorCode::ConsentRequired))
}

/// Keeps that somebody has agreed, or was told; nothing where the company says nothing.
///
/// # Errors
/// When the database fails.
pub async fn note_consent(
    tx: &Tx<'_>,
    (workspace, contact): (WorkspaceId, ContactId),
    privacy: &PrivacySettings,
    is_given: bool,
    begins: Begins,
) -> Result<()> {
    let is_told = privacy.consent == Consent::Notice || (privacy.consent == Consent::Required && is_given);
    if !is_told {
        return Ok(());
    }
    let (conversation, message) = match begins {
        Begins::Conversation(conversation) => (Some(conversation), None),
        Begins::OfflineMessage(message) => (None, Some(message)),
    };
    let row = consents_table::ActiveModel {
        workspace_id: Set(workspace),
        id: Set(PrivacyRequestId(tx.clock().new_id())),
        contact_id: Set(contact),
        conversation_id: Set(conversation),
        offline_message_id: Set(message),
        consent: Set(privacy.consent),
        text: Set(privacy.consent_text.clone()),
        policy_url: Set(privacy.policy_url.clone()),
        at: Set(tx.now()),
    };
    consents_table::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

/// What somebody has agreed to or was told with a browser, oldest first.
///
/// # Errors
/// When the database cannot be read.
async fn of_browser(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Vec<consents_table::Model>> {
    Ok(consents_table::Entity::find()
        .filter(consents_table::Column::WorkspaceId.eq(workspace))
        .filter(consents_table::Column::ContactId.eq(contact))
        .order_by_asc(consents_table::Column::Id)
        .all(connection)
        .await?)
}

/// The same of a contact, with what was said before a message that is theirs by its address, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn of_contact(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Vec<consents_table::Model>> {
    let left = offline_messages::ids_of_contact(connection, workspace, contact).await?;
    let whose = Condition::any()
        .add(consents_table::Column::ContactId.eq(contact))
        .add(consents_table::Column::OfflineMessageId.is_in(left));
    Ok(consents_table::Entity::find()
        .filter(consents_table::Column::WorkspaceId.eq(workspace))
        .filter(whose)
        .order_by_asc(consents_table::Column::Id)
        .all(connection)
        .await?)
}
