//! What has been kept long enough is erased by itself: the hourly sweep looks.

use balcao_types::{Event, PrivacyDeed, Timestamp, WorkspaceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    erase::{erase_conversations, erase_messages},
    keep::{Deed, keep},
    table,
};
use crate::{
    Desk, contacts, conversations,
    error::{Error, Result},
    offline_messages,
    tx::{Command, Tx},
    workspaces,
};

/// How much one command erases, so that no command is long.
const STEP: i64 = 50;
/// A month, for what is forgotten after months.
const MONTH_SECONDS: i64 = 30 * 86_400;

/// How many seconds months are.
pub(super) fn seconds(months: u32) -> i64 {
    i64::from(months) * MONTH_SECONDS
}

/// Erases what has outlived its time, and sealed copies whose time is over.
///
/// # Errors
/// When the database fails; the next sweep goes on.
pub async fn sweep(desk: &Desk, workspace: WorkspaceId) -> Result<()> {
    desk.write(Unseal { workspace }).await?;
    let company = workspaces::by_id(desk.store.read(), workspace).await?.ok_or(Error::not_found())?;
    let months = company.settings.privacy.retention_months;
    if months == 0 {
        return Ok(());
    }
    let before = desk.clock.now().plus_seconds(-seconds(months));
    while desk.write(Forget { workspace, before }).await? {}
    Ok(())
}

/// Forgets sealed copies whose time is over.
struct Unseal {
    workspace: WorkspaceId,
}

impl Command for Unseal {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        use sea_orm::sea_query::Expr;
        table::Entity::update_many()
            .col_expr(table::Column::Sealed, Expr::value(Option::<String>::None))
            .filter(table::Column::WorkspaceId.eq(self.workspace))
            .filter(table::Column::Sealed.is_not_null())
            .filter(table::Column::KeptUntil.lt(tx.now()))
            .exec(&**tx)
            .await?;
        Ok(())
    }
}

/// Erases some of what has outlived its time; answers whether there may be more.
struct Forget {
    workspace: WorkspaceId,
    before: Timestamp,
}

impl Command for Forget {
    type Answer = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (workspace, before) = (self.workspace, self.before);
        let ended = conversations::outlived(tx, workspace, before, STEP).await?;
        erase_conversations(tx, workspace, &ended).await?;
        let messages = offline_messages::outlived(tx, workspace, before, STEP).await?;
        erase_messages(tx, workspace, &messages).await?;
        if !ended.is_empty() || !messages.is_empty() {
            return Ok(true);
        }
        let people = contacts::outlived(tx, workspace, before, STEP).await?;
        for (contact, number) in &people {
            let (departments, agents) = contacts::whereabouts(tx, workspace, *contact).await?;
            contacts::erase(tx, workspace, *contact).await?;
            let deed = Deed {
                workspace,
                deed: PrivacyDeed::Expired,
                contact: *contact,
                number: *number,
                by: None,
                reason: String::new(),
                sealed: None,
            };
            keep(tx, deed).await?;
            tx.emit(workspace, Event::ContactErased { contact: *contact, departments, people: agents })?;
        }
        Ok(!people.is_empty())
    }
}
