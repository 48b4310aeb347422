//! What has been kept long enough is erased by itself: the hourly sweep looks.

use balcao_types::{ContactId, ConversationId, Event, OfflineMessageId, PrivacyDeed, Timestamp, WorkspaceId};
use jiff::{Span, tz::TimeZone};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

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

/// So many months of the calendar from a time, or before it, where the company is: on the same day, or on the month's last where it has none such.
pub(super) fn months_from(at: Timestamp, time_zone: &str, months: i64) -> Timestamp {
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    let moved = at.to_jiff().to_zoned(zone).saturating_add(Span::new().months(months));
    Timestamp(moved.timestamp().as_microsecond())
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
    let before = months_from(desk.clock.now(), &company.time_zone, -i64::from(months));
    loop {
        // Looked for by a reader: the writer is not kept waiting.
        let found = Found::read(desk.store.read(), workspace, before).await?;
        if found.is_empty() || !desk.write(Forget { workspace, before, found }).await? {
            return Ok(());
        }
    }
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

/// Some of what has outlived its time.
struct Found {
    conversations: Vec<ConversationId>,
    messages: Vec<OfflineMessageId>,
    /// Only once nothing of theirs is left.
    people: Vec<ContactId>,
}

impl Found {
    async fn read(connection: &impl ConnectionTrait, workspace: WorkspaceId, before: Timestamp) -> Result<Self> {
        let conversations = conversations::outlived(connection, workspace, before, STEP).await?;
        let messages = offline_messages::outlived(connection, workspace, before, STEP).await?;
        let mut found = Self { conversations, messages, people: Vec::new() };
        if found.is_empty() {
            found.people = contacts::outlived(connection, workspace, before, STEP).await?;
            found.people.sort_unstable();
        }
        Ok(found)
    }

    fn is_empty(&self) -> bool {
        self.conversations.is_empty() && self.messages.is_empty() && self.people.is_empty()
    }
}

/// Erases what was found, where it still has outlived its time; answers whether there was any of it.
struct Forget {
    workspace: WorkspaceId,
    before: Timestamp,
    found: Found,
}

impl Command for Forget {
    type Answer = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let Self { workspace, before, found } = self;
        let ended = conversations::lock_outlived(tx, *workspace, *before, &found.conversations).await?;
        erase_conversations(tx, *workspace, &ended).await?;
        let messages = offline_messages::lock_outlived(tx, *workspace, *before, &found.messages).await?;
        erase_messages(tx, *workspace, &messages).await?;
        let people = contacts::lock_outlived(tx, *workspace, *before, &found.people).await?;
        for contact in &people {
            self.forget(tx, *contact).await?;
        }
        Ok(!ended.is_empty() || !messages.is_empty() || !people.is_empty())
    }
}

impl Forget {
    async fn forget(&self, tx: &mut Tx<'_>, contact: ContactId) -> Result<()> {
        let workspace = self.workspace;
        let known = contacts::by_id(&**tx, workspace, contact).await?.ok_or(Error::not_found())?;
        let (departments, people) = contacts::whereabouts(tx, workspace, contact).await?;
        if !contacts::erase(tx, workspace, contact).await? {
            return Ok(());
        }
        let deed = Deed {
            workspace,
            deed: PrivacyDeed::Expired,
            contact,
            number: known.number,
            by: None,
            reason: String::new(),
            sealed: None,
        };
        keep(tx, deed).await?;
        tx.emit(workspace, Event::ContactErased { contact, departments, people })
    }
}

#[cfg(test)]
mod tests {
    use balcao_types::Timestamp;

    use super::months_from;

    fn moved(from: &str, months: i64) -> String {
        let at: jiff::Timestamp = from.parse().unwrap();
        months_from(Timestamp(at.as_microsecond()), "America/Sao_Paulo", months).to_jiff().to_string()
    }

    #[test]
    fn months_are_those_of_the_companys_calendar() {
        assert_eq!(moved("2027-03-31T15:00:00Z", -1), "2027-02-28T15:00:00Z");
        assert_eq!(moved("2026-08-30T12:00:00Z", 6), "2027-02-28T12:00:00Z");
        // On the last evening of January there, February has begun in UTC.
        assert_eq!(moved("2027-02-01T01:00:00Z", 1), "2027-03-01T01:00:00Z");
        assert_eq!(moved("2026-11-20T12:00:00Z", -240), "2006-11-20T11:00:00Z".to_owned());
    }
}
