//! How far a company's mailbox is read, and whether reading it works.

use balcao_platform::mail::Problem;
use balcao_types::{Event, MailFault, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, Way};
use crate::{
    error::Result,
    tx::{Command, Tx},
};

/// How far a mailbox is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// Which mailbox it is.
    pub place: String,
    /// Under which numbers of mails mean what they meant.
    pub validity: i64,
    /// The number of the last mail that was looked at.
    pub last_uid: i64,
}

/// Whether a mailbox can be read.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Fetching {
    /// When it was read last; none before the first time.
    pub at: Option<Timestamp>,
    /// What hinders it since.
    pub fault: Option<MailFault>,
    /// The server's own words about it.
    pub detail: String,
}

/// What tells a mailbox from another one.
pub(super) fn place_of(account: &Account) -> String {
    let imap = &account.settings.imap;
    format!("{}@{}/{}", account.user(Way::Fetching), imap.host, imap.folder)
}

/// How far the mailbox was read; none for one that was not read yet.
pub(super) async fn position(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    place: &str,
) -> Result<Option<Position>> {
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT uid_validity, last_uid FROM mailboxes WHERE workspace_id = $1 AND place = $2 AND uid_validity IS NOT NULL",
            [workspace.into(), place.into()],
        ))
        .await?;
    row.map(|row| {
        let (validity, last_uid) = (row.try_get("", "uid_validity")?, row.try_get("", "last_uid")?);
        Ok(Position { place: place.to_owned(), validity, last_uid })
    })
    .transpose()
}

/// Whether the mailbox can be read.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn fetching(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    place: &str,
) -> Result<Fetching> {
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT fetched_at, fault, detail FROM mailboxes WHERE workspace_id = $1 AND place = $2",
            [workspace.into(), place.into()],
        ))
        .await?;
    let Some(row) = row else { return Ok(Fetching::default()) };
    Ok(Fetching {
        at: row.try_get("", "fetched_at")?,
        fault: row.try_get("", "fault")?,
        detail: row.try_get("", "detail")?,
    })
}

/// Writes down how far a mailbox was read, after what was found has been taken.
pub(super) struct KeepPosition {
    pub workspace: WorkspaceId,
    pub position: Position,
}

impl Command for KeepPosition {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let Position { place, validity, last_uid } = &self.position;
        let was_broken = fetching(&**tx, self.workspace, place).await?.fault.is_some();
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO mailboxes (workspace_id, place, uid_validity, last_uid, fetched_at, fault, detail) \
             VALUES ($1, $2, $3, $4, $5, NULL, '') ON CONFLICT (workspace_id) DO UPDATE SET place = excluded.place, \
             uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, fetched_at = excluded.fetched_at, fault = NULL, detail = ''",
            [
                self.workspace.into(),
                place.clone().into(),
                (*validity).into(),
                (*last_uid).into(),
                tx.now().into(),
            ],
        ))
        .await?;
        if was_broken { tx.emit(self.workspace, Event::MailChanged) } else { Ok(()) }
    }
}

/// Writes down that a mailbox cannot be read.
pub(super) struct NoteFault {
    pub workspace: WorkspaceId,
    pub place: String,
    pub problem: Problem,
}

impl Command for NoteFault {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let known = fetching(&**tx, self.workspace, &self.place).await?;
        if known.fault == Some(self.problem.fault) && known.detail == self.problem.detail {
            return Ok(());
        }
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            // Another mailbox than before was read nowhere yet.
            "INSERT INTO mailboxes (workspace_id, place, uid_validity, last_uid, fetched_at, fault, detail) \
             VALUES ($1, $2, NULL, 0, NULL, $3, $4) ON CONFLICT (workspace_id) DO UPDATE SET fault = excluded.fault, detail = excluded.detail, \
             uid_validity = CASE WHEN mailboxes.place = excluded.place THEN mailboxes.uid_validity END, \
             last_uid = CASE WHEN mailboxes.place = excluded.place THEN mailboxes.last_uid ELSE 0 END, \
             fetched_at = CASE WHEN mailboxes.place = excluded.place THEN mailboxes.fetched_at END, place = excluded.place",
            [
                self.workspace.into(),
                self.place.clone().into(),
                self.problem.fault.into(),
                self.problem.detail.clone().into(),
            ],
        ))
        .await?;
        tx.emit(self.workspace, Event::MailChanged)
    }
}
