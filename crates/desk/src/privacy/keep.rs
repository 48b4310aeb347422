//! Keeping that something was done with somebody's data.

use balcao_types::{AgentId, ContactId, PrivacyDeed, PrivacyRequestId, Timestamp, WorkspaceId};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::table;
use crate::{error::Result, tx::Tx};

/// What was done, and what of it is kept apart.
pub(super) struct Deed {
    pub workspace: WorkspaceId,
    pub deed: PrivacyDeed,
    pub contact: ContactId,
    pub number: i64,
    pub by: Option<AgentId>,
    pub reason: String,
    /// What was erased, and until when it is kept.
    pub sealed: Option<(String, Timestamp)>,
}

/// Keeps it.
///
/// # Errors
/// When the database fails.
pub(super) async fn keep(tx: &Tx<'_>, deed: Deed) -> Result<()> {
    let (sealed, kept_until) = deed.sealed.unzip();
    let row = table::ActiveModel {
        workspace_id: Set(deed.workspace),
        id: Set(PrivacyRequestId(tx.clock().new_id())),
        deed: Set(deed.deed),
        contact_id: Set(deed.contact),
        contact_number: Set(deed.number),
        agent_id: Set(deed.by),
        reason: Set(deed.reason),
        at: Set(tx.now()),
        sealed: Set(sealed),
        kept_until: Set(kept_until),
    };
    table::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}
