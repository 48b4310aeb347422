//! What goes out: queued with the change that wants it, and sent by a job.

use std::collections::HashMap;

use balcao_platform::store::NewJob;
use balcao_types::{ErrorCode, MailFault, MailId, MailState, OfflineMessageId, Timestamp, WorkspaceId};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Account, send::SEND_MAIL, table};
use crate::{
    error::{Error, Result},
    tx::Tx,
};

/// The longest local part of an address (RFC 5321).
const LOCAL_PART_MAX: usize = 64;

/// A mail to send.
pub struct NewMail {
    /// What it is about, and its mark.
    pub about: OfflineMessageId,
    pub mark: String,
    pub to_name: String,
    pub to_address: String,
    /// Whose name it comes from, where the account says none.
    pub company: String,
    pub subject: String,
    pub text: String,
    /// The message ids of the thread, oldest first.
    pub thread: Vec<String>,
}

/// What became of a mail.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MailShown {
    /// To which address it went, or goes.
    pub to: String,
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub fault: Option<MailFault>,
    /// The server's own words about it.
    pub detail: String,
    pub sent_at: Option<Timestamp>,
}

impl From<&table::Model> for MailShown {
    fn from(model: &table::Model) -> Self {
        let table::Model { state, attempts, fault, sent_at, .. } = *model;
        Self { to: model.to_address.clone(), state, attempts, fault, detail: model.detail.clone(), sent_at }
    }
}

/// Which mail a job sends.
#[derive(Serialize, Deserialize)]
pub(super) struct Which {
    pub mail: MailId,
}

/// Queues a mail inside a command.
///
/// # Errors
/// 409 where sending is not set up.
pub async fn queue(tx: &mut Tx<'_>, workspace: WorkspaceId, account: &Account, new: NewMail) -> Result<MailId> {
    let settings = &account.settings;
    if !account.sends() {
        return Err(Error::refused(ErrorCode::MailNotSetUp));
    }
    let id = MailId(tx.clock().new_id());
    let (local, domain) = settings.from_address.rsplit_once('@').unwrap_or(("", "localhost"));
    let marked = format!("{local}+{}", new.mark);
    let reply_to = (settings.marks_address && marked.len() <= LOCAL_PART_MAX).then(|| format!("{marked}@{domain}"));
    let from_name = if settings.from_name.is_empty() { new.company } else { settings.from_name.clone() };
    let row = table::ActiveModel {
        id: Set(id),
        workspace_id: Set(workspace),
        offline_message_id: Set(new.about),
        message_id: Set(format!("<{}.{}@{}>", new.mark, id.0.simple(), ascii_domain(domain))),
        to_name: Set(new.to_name),
        to_address: Set(new.to_address),
        from_name: Set(from_name),
        subject: Set(new.subject),
        text: Set(new.text),
        in_reply_to: Set(new.thread.last().cloned()),
        thread: Set(new.thread.join(" ")),
        reply_to: Set(reply_to),
        state: Set(MailState::Queued),
        attempts: Set(0),
        fault: Set(None),
        detail: Set(String::new()),
        created_at: Set(tx.now()),
        sent_at: Set(None),
    };
    table::Entity::insert(row).exec_without_returning(&**tx).await?;
    let job = job(workspace, id, tx.now())?;
    tx.enqueue(job);
    Ok(id)
}

/// What stands behind the `@` of our message ids: a domain beyond ASCII has no place there.
pub(super) fn ascii_domain(domain: &str) -> &str {
    if domain.is_ascii() { domain } else { "localhost" }
}

fn job(workspace: WorkspaceId, mail: MailId, now: Timestamp) -> Result<NewJob> {
    Ok(NewJob {
        workspace: Some(workspace),
        kind: SEND_MAIL,
        body: serde_json::to_string(&Which { mail })?,
        run_at: now,
        unique_key: Some(format!("{SEND_MAIL}:{mail}")),
    })
}

/// A mail that is sent once more.
#[derive(Clone, Copy, Debug)]
pub struct Retry<'a> {
    pub workspace: WorkspaceId,
    pub mail: MailId,
    /// The customer's address as it is known now.
    pub to_address: &'a str,
}

/// Queues a mail that has failed once more, by hand (T-156).
///
/// # Errors
/// 409 where it has not failed, or sending is not set up.
pub async fn retry(tx: &mut Tx<'_>, Retry { workspace, mail, to_address }: Retry<'_>) -> Result<()> {
    let model = tx.lock_row(one(workspace, mail)).await?.ok_or(Error::not_found())?;
    if model.state != MailState::Failed {
        return Err(Error::refused(ErrorCode::MailNotFailed));
    }
    if !super::sends(&**tx, workspace).await? {
        return Err(Error::refused(ErrorCode::MailNotSetUp));
    }
    let row = table::ActiveModel {
        id: Unchanged(mail),
        to_address: Set(to_address.to_owned()),
        state: Set(MailState::Queued),
        attempts: Set(0),
        fault: Set(None),
        detail: Set(String::new()),
        ..Default::default()
    };
    row.update(&**tx).await?;
    let job = job(workspace, mail, tx.now())?;
    tx.enqueue(job);
    Ok(())
}

/// What is still on its way about a message goes to a corrected address.
///
/// # Errors
/// When the database fails.
pub async fn readdress(tx: &Tx<'_>, workspace: WorkspaceId, about: OfflineMessageId, to_address: &str) -> Result<()> {
    table::Entity::update_many()
        .col_expr(table::Column::ToAddress, Expr::value(to_address))
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::OfflineMessageId.eq(about))
        .filter(table::Column::State.eq(MailState::Queued))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// One mail, to read or to lock.
pub(super) fn one(workspace: WorkspaceId, mail: MailId) -> sea_orm::Select<table::Entity> {
    table::Entity::find_by_id(mail).filter(table::Column::WorkspaceId.eq(workspace))
}

/// What became of the mails about an offline message, and their message ids.
///
/// # Errors
/// When the database cannot be read.
pub async fn mails_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    about: OfflineMessageId,
) -> Result<HashMap<MailId, (MailShown, String)>> {
    let models = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::OfflineMessageId.eq(about))
        .all(connection)
        .await?;
    Ok(models.into_iter().map(|model| (model.id, (MailShown::from(&model), model.message_id))).collect())
}
