//! Asking for a copy: once for each end and address, and never so often that it is a flood.

use balcao_platform::secrets::fingerprint;
use balcao_types::{ContactId, ConversationId, CopyId, ErrorCode, Timestamp, WorkspaceId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};

use super::{
    by_mail::mail_copy_job,
    queries::{Asked, are_offered, asked_since, is_answered},
    table,
};
use crate::{
    checks::email_key,
    contacts,
    conversations::Model,
    error::{Error, Result},
    tx::{Command, Tx},
    workspaces,
};

/// How many addresses may have a copy after one end.
const ADDRESSES_MAX: u64 = 3;
/// How many copies an address may be sent in a day, and how many a visitor may ask for.
const DAILY_MAX: i64 = 5;
const DAY_SECONDS: i64 = 86_400;

/// Asks for a copy of an own conversation that has ended. The same again changes nothing.
pub(super) struct AskCopy {
    pub workspace: WorkspaceId,
    pub contact: ContactId,
    pub conversation: ConversationId,
    /// Checked. It counts only where the contact has no address.
    pub typed: Option<String>,
}

impl Command for AskCopy {
    /// The address it goes to.
    type Answer = String;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<String> {
        let visitor = (self.workspace, self.contact);
        // Of two who ask at once, the second finds what the first has asked.
        let conversation = tx.lock_visitors_conversation(visitor, self.conversation).await?;
        let closed_at = copied_until(&**tx, &conversation).await?;
        let known = known_address(&**tx, self.workspace, self.contact).await?;
        let address = known.or_else(|| self.typed.clone());
        let address = address.ok_or_else(|| Error::field("email", ErrorCode::Required))?;
        let address_key = fingerprint(&email_key(&address));
        if !self.is_new(tx, closed_at, &address_key).await? {
            return Ok(address);
        }
        let id = CopyId(tx.clock().new_id());
        let row = table::ActiveModel {
            workspace_id: Set(self.workspace),
            id: Set(id),
            conversation_id: Set(self.conversation),
            closed_at: Set(closed_at),
            contact_id: Set(self.contact),
            address: Set(Some(address.clone())),
            address_key: Set(address_key),
            asked_at: Set(tx.now()),
            sent_at: Set(None),
        };
        row.insert(&**tx).await?;
        let job = mail_copy_job(self.workspace, id, tx.now())?;
        tx.enqueue(job);
        Ok(address)
    }
}

impl AskCopy {
    /// Whether the address has none yet of this end.
    ///
    /// # Errors
    /// 409 where the conversation went to others already, 429 where there were too many in a day.
    async fn is_new(&self, tx: &Tx<'_>, closed_at: Timestamp, address_key: &str) -> Result<bool> {
        use table::{Column, Entity};
        let of_this_end = Entity::find()
            .filter(Column::WorkspaceId.eq(self.workspace))
            .filter(Column::ConversationId.eq(self.conversation))
            .filter(Column::ClosedAt.eq(closed_at));
        if of_this_end.clone().filter(Column::AddressKey.eq(address_key)).one(&**tx).await?.is_some() {
            return Ok(false);
        }
        if of_this_end.count(&**tx).await? >= ADDRESSES_MAX {
            return Err(Error::refused(ErrorCode::CopiesEnough));
        }
        let yesterday = tx.now().plus_seconds(-DAY_SECONDS);
        for common in [("address_key", address_key.into()), ("contact_id", self.contact.into())] {
            let Asked { count, since } = asked_since(&**tx, self.workspace, common, yesterday).await?;
            if count >= DAILY_MAX {
                let wait = since.map_or(DAY_SECONDS, |since| DAY_SECONDS - tx.now().seconds_since(since));
                return Err(Error::too_many(wait.max(1).unsigned_abs()));
            }
        }
        Ok(true)
    }
}

/// The address of a visitor, where it is known.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn known_address(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Option<String>> {
    Ok(contacts::by_id(connection, workspace, contact).await?.and_then(|contact| contact.email))
}

/// When a conversation ended of which a copy may be had.
///
/// # Errors
/// 409 `copy_unavailable` where none may: it goes on, nobody has answered, it was erased, or the company offers none.
pub(super) async fn copied_until(connection: &impl ConnectionTrait, conversation: &Model) -> Result<Timestamp> {
    let unavailable = || Error::refused(ErrorCode::CopyUnavailable);
    let workspace = conversation.workspace_id;
    let ended = conversation.closed_at.filter(|_| conversation.state.is_closed()).ok_or_else(unavailable)?;
    let company = workspaces::by_id(connection, workspace).await?.ok_or_else(Error::not_found)?;
    let is_offered = are_offered(connection, &company).await?;
    let is_there = is_offered && is_answered(connection, workspace, conversation.id).await?;
    if is_there { Ok(ended) } else { Err(unavailable()) }
}
