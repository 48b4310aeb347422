//! Reads about one offline message and what was written about it.

use std::collections::HashMap;

use balcao_types::{
    AgentId, ConnectionId, DepartmentId, MailId, OfflineEntryId, OfflineEntryKind, OfflineMessageId, OfflineState,
    TicketId, Timestamp, WorkspaceId, rules::text::excerpt,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{entries_table, lock::one, reply::REPLY_FILES_MB, table};
use crate::{
    Desk,
    conversations::Page,
    error::{Error, Result},
    files::{self, FileKept, FileShown, Links},
    mail::{self, MailShown},
};

/// An offline message in a list (T-154).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfflineMessageRow {
    pub id: OfflineMessageId,
    /// Counts the company's offline messages.
    pub number: i64,
    pub connection_id: ConnectionId,
    pub department_id: DepartmentId,
    pub name: String,
    pub email: String,
    /// The beginning of the text, as one line.
    pub excerpt: String,
    pub state: OfflineState,
    /// Who replied last.
    pub answered_by: Option<AgentId>,
    /// The ticket as which it goes on.
    pub ticket_id: Option<TicketId>,
    /// Since when nothing is left of what was written and by whom.
    pub erased_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub changed_at: Timestamp,
}

impl From<&table::Model> for OfflineMessageRow {
    fn from(model: &table::Model) -> Self {
        Self {
            id: model.id,
            number: model.number,
            connection_id: model.connection_id,
            department_id: model.department_id,
            name: model.name.clone(),
            email: model.email.clone(),
            excerpt: excerpt(&model.text),
            state: model.state,
            answered_by: model.answered_by,
            ticket_id: model.ticket_id,
            erased_at: model.erased_at,
            created_at: model.created_at,
            changed_at: model.changed_at,
        }
    }
}

/// An offline message with everything about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfflineMessageShown {
    #[serde(flatten)]
    pub row: OfflineMessageRow,
    pub text: String,
    /// The page on which it was written.
    pub page: Option<Page>,
    /// Who looked at it first, and when.
    pub read_by: Option<AgentId>,
    pub read_at: Option<Timestamp>,
    pub files: Vec<FileShown>,
    /// What was written about it by e-mail, in its order (T-155).
    pub entries: Vec<OfflineEntry>,
    /// Whether replies can be sent.
    pub can_reply: bool,
    /// How much the files of one reply may hold together, in megabytes.
    pub reply_files_mb: u32,
}

/// A reply by e-mail, a customer's answer to it, or that the customer's address was corrected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfflineEntry {
    pub id: OfflineEntryId,
    pub kind: OfflineEntryKind,
    /// Who replied, or corrected the address.
    pub agent_id: Option<AgentId>,
    /// Of who wrote it, as it was then.
    pub name: String,
    /// Of an answer: from where it came. Of a corrected address: what it is since then.
    pub address: String,
    /// Of a corrected address: what it was.
    pub before: Option<String>,
    pub text: String,
    /// Of an answer: with what it quotes, where that was left out of `text`.
    pub whole: Option<String>,
    /// Of an answer: what the own receiving server found about its sender.
    pub authentication: Option<Authentication>,
    /// Of an answer: names of attachments that could not be kept.
    pub left_out: Vec<String>,
    /// Of an answer: whether a machine wrote it.
    pub is_automatic: bool,
    pub files: Vec<FileShown>,
    /// Of a reply: what became of it.
    pub mail: Option<MailShown>,
    pub at: Timestamp,
}

/// What a receiving server found about a mail's sender (RFC 8601): `pass`, `fail`, `none` and others; absent where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Authentication {
    pub spf: Option<String>,
    pub dkim: Option<String>,
    pub dmarc: Option<String>,
}

/// An offline message with everything about it.
///
/// # Errors
/// 404 when there is none.
pub async fn shown(desk: &Desk, workspace: WorkspaceId, message: OfflineMessageId) -> Result<OfflineMessageShown> {
    shown_by(desk.store.read(), &desk.links(), (workspace, message)).await
}

/// The same as a connection sees it.
///
/// # Errors
/// 404 when there is none.
pub async fn shown_by(
    read: &impl ConnectionTrait,
    links: &Links<'_>,
    (workspace, message): (WorkspaceId, OfflineMessageId),
) -> Result<OfflineMessageShown> {
    // Read from what follows to what it follows from: a mail that has failed is never shown with a message that does not know it yet.
    let written = entries_of(read, workspace, message).await?;
    let mut files: HashMap<Option<OfflineEntryId>, Vec<FileShown>> = HashMap::new();
    for (entry, kept) in files::of_offline_message(read, workspace, message).await? {
        files.entry(entry).or_default().push(FileShown::of(&kept, links));
    }
    let mut mails = mail::mails_of(read, workspace, message).await?;
    let mut entries = Vec::new();
    for entry in written {
        let mail = entry.mail_id.and_then(|mail| mails.remove(&mail)).map(|(mail, _)| mail);
        let files = files.remove(&Some(entry.id)).unwrap_or_default();
        entries.push(OfflineEntry::of(entry, mail, files));
    }
    let model = one(workspace, message).one(read).await?.ok_or(Error::not_found())?;
    Ok(OfflineMessageShown {
        row: OfflineMessageRow::from(&model),
        text: model.text,
        page: model.page_url.map(|url| Page { url, title: model.page_title.unwrap_or_default() }),
        read_by: model.read_by,
        read_at: model.read_at,
        files: files.remove(&None).unwrap_or_default(),
        entries,
        can_reply: mail::sends(read, workspace).await?,
        reply_files_mb: REPLY_FILES_MB,
    })
}

/// What was written about a message, oldest first.
pub(super) async fn entries_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    message: OfflineMessageId,
) -> Result<Vec<entries_table::Model>> {
    use entries_table::Column;
    Ok(entries_table::Entity::find()
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(Column::MessageId.eq(message))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// The files of the reply that goes out with a mail.
///
/// # Errors
/// When the database cannot be read.
pub async fn files_of_mail(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    message: OfflineMessageId,
    mail: MailId,
) -> Result<Vec<FileKept>> {
    let of_message = files::of_offline_message(connection, workspace, message).await?;
    if of_message.is_empty() {
        return Ok(Vec::new());
    }
    let entries = entries_of(connection, workspace, message).await?;
    let entry = entries.iter().find(|entry| entry.mail_id == Some(mail)).map(|entry| entry.id);
    let goes_out = |held: Option<OfflineEntryId>| held.is_some() && held == entry;
    Ok(of_message.into_iter().filter(|(held, _)| goes_out(*held)).map(|(_, file)| file).collect())
}

impl OfflineEntry {
    fn of(entry: entries_table::Model, mail: Option<MailShown>, files: Vec<FileShown>) -> Self {
        // What cannot be read is as if it were not there.
        let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            id: entry.id,
            kind: entry.kind,
            agent_id: entry.agent_id,
            name: entry.name,
            address: entry.address,
            before: entry.before,
            text: entry.text,
            whole: entry.whole,
            authentication: entry.authentication.and_then(|text| serde_json::from_str(&text).ok()),
            left_out: read(entry.left_out).unwrap_or_default(),
            is_automatic: entry.is_automatic,
            files,
            mail,
            at: entry.at,
        }
    }
}
