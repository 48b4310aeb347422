//! A customer's answer by e-mail, joined to the message that it is about.

use balcao_channels::email::{Attachment, Findings};
use balcao_platform::secrets::derived_id;
use balcao_types::{
    AuthorKind, FileId, FileKind, MailId, OfflineEntryId, OfflineEntryKind, OfflineMessageId, OfflineState, WorkspaceId,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::OnConflict,
};

use super::{
    entries_table::{ActiveModel, Column, Entity},
    late::{begin_anew, emptied},
    lock::{one, tell_changed},
    queries::Authentication,
    table,
};
use crate::{
    Desk,
    error::{Error, Result},
    files::{self, Owner, Whole},
    texts::catalogue,
    tickets::{self, Written},
    tx::{Command, Tx},
    workspaces,
};

/// More than so many entries of one message nobody writes by hand: what comes after them stays in the mailbox.
const ENTRIES_MAX: u64 = 500;

/// An answer as it came.
pub struct Taken {
    pub workspace: WorkspaceId,
    pub message: OfflineMessageId,
    /// Makes taking it safe to repeat.
    pub external_id: String,
    pub name: String,
    pub address: String,
    pub is_automatic: bool,
    pub text: String,
    pub whole: Option<String>,
    /// What the own receiving server found about its sender.
    pub findings: Option<Findings>,
    pub attachments: Vec<Attachment>,
    pub left_out: Vec<String>,
}

/// What stands in place of a mail that is too large, in the company's language.
///
/// # Errors
/// When the database cannot be read.
pub async fn too_large_text(desk: &Desk, workspace: WorkspaceId, megabytes: u32) -> Result<String> {
    let company = workspaces::by_id(desk.store.read(), workspace).await?.ok_or(Error::not_found())?;
    let text = catalogue(company.language).text("server.mail.too_large");
    Ok(text.replace("{megabytes}", &megabytes.to_string()))
}

/// Takes an answer, once. Its files are stored before it, under ids that follow from it: what a crash in between leaves is written over.
///
/// # Errors
/// When the database or the storage fails.
pub async fn take_answer(desk: &Desk, mut taken: Taken) -> Result<()> {
    let read = desk.store.read();
    let Some(message) = one(taken.workspace, taken.message).one(read).await? else { return Ok(()) };
    // What a machine says about what was erased is of no use to anybody.
    let is_useless = message.erased_at.is_some() && taken.is_automatic;
    if is_useless || is_there(read, &taken).await? || is_full(read, &taken).await? {
        return Ok(());
    }
    let attachments = std::mem::take(&mut taken.attachments);
    let mut stored = Vec::new();
    for (at, attachment) in attachments.into_iter().enumerate() {
        match store(desk, &taken, (at, &attachment)).await? {
            Some(whole) => stored.push(whole),
            None => taken.left_out.push(name_of(&attachment, at)),
        }
    }
    desk.write(TakeAnswer { taken, stored }).await
}

async fn is_there(connection: &impl ConnectionTrait, taken: &Taken) -> Result<bool> {
    let found = of_message(taken).filter(Column::ExternalId.eq(taken.external_id.clone())).one(connection).await?;
    Ok(found.is_some())
}

async fn is_full(connection: &impl ConnectionTrait, taken: &Taken) -> Result<bool> {
    Ok(of_message(taken).count(connection).await? >= ENTRIES_MAX)
}

fn of_message(taken: &Taken) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(taken.workspace)).filter(Column::MessageId.eq(taken.message))
}

/// A name to show; mails may give none.
fn name_of(attachment: &Attachment, at: usize) -> String {
    if attachment.name.is_empty() {
        format!("{}.{}", at + 1, attachment.media_type.replace('/', "."))
    } else {
        attachment.name.clone()
    }
}

/// None for what is refused everywhere: programs, and what claims to be a picture and is none in any form.
async fn store(desk: &Desk, taken: &Taken, (at, attachment): (usize, &Attachment)) -> Result<Option<Whole>> {
    let id = derived_id(&[taken.message.0.as_bytes(), taken.external_id.as_bytes(), &at.to_be_bytes()]);
    let id = FileId(id);
    let name = name_of(attachment, at);
    let by_word = match attachment.media_type.split('/').next() {
        Some("image") => FileKind::Image,
        Some("audio") => FileKind::Audio,
        Some("video") => FileKind::Video,
        _ => FileKind::File,
    };
    for kind in [by_word, FileKind::File] {
        if let Some(whole) = Whole::try_store(desk, id, (&name, kind, AuthorKind::Visitor), &attachment.bytes).await? {
            return Ok(Some(whole));
        }
    }
    Ok(None)
}

struct TakeAnswer {
    taken: Taken,
    stored: Vec<Whole>,
}

impl Command for TakeAnswer {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let taken = &self.taken;
        let Some(message) = tx.lock_row(one(taken.workspace, taken.message)).await? else { return Ok(()) };
        let entry = OfflineEntryId(tx.clock().new_id());
        let double =
            OnConflict::columns([Column::WorkspaceId, Column::MessageId, Column::ExternalId]).do_nothing().to_owned();
        let row = self.row(tx, entry, &message)?;
        if Entity::insert(row).on_conflict(double).exec_without_returning(&**tx).await? == 0 {
            return Ok(());
        }
        if message.erased_at.is_some() {
            return begin_anew(tx, &message, taken, &self.stored).await;
        }
        let owner = Owner { workspace: taken.workspace, kind: AuthorKind::Visitor, id: message.sender_id.0 };
        for whole in &self.stored {
            let file = whole.insert(tx, &owner).await?;
            files::attach_offline(tx, file, message.id, Some(entry)).await?;
        }
        // What a machine wrote asks nobody for anything, and a ticket is followed by its own state.
        let is_new = !taken.is_automatic && message.state != OfflineState::Converted;
        let row = table::ActiveModel {
            id: Unchanged(message.id),
            state: Set(if is_new { OfflineState::New } else { message.state }),
            changed_at: Set(tx.now()),
            ..Default::default()
        };
        row.update(&**tx).await?;
        if let Some(ticket) = message.ticket_id.filter(|_ticket| !taken.is_automatic) {
            tickets::follow(tx, taken.workspace, ticket, Written::Answer).await?;
        }
        tell_changed(tx, &message)
    }
}

impl TakeAnswer {
    fn row(&self, tx: &Tx<'_>, entry: OfflineEntryId, message: &table::Model) -> Result<ActiveModel> {
        let taken = &self.taken;
        let is_customer = taken.address.eq_ignore_ascii_case(&message.email);
        let name = if taken.name.is_empty() && is_customer { &message.name } else { &taken.name };
        let authentication = taken.findings.as_ref().map(|findings| {
            let Findings { spf, dkim, dmarc, .. } = findings.clone();
            serde_json::to_string(&Authentication { spf, dkim, dmarc })
        });
        let left_out = (!taken.left_out.is_empty()).then(|| serde_json::to_string(&taken.left_out));
        let row = ActiveModel {
            workspace_id: Set(taken.workspace),
            message_id: Set(message.id),
            id: Set(entry),
            kind: Set(OfflineEntryKind::Answer),
            agent_id: Set(None),
            name: Set(name.clone()),
            address: Set(taken.address.clone()),
            text: Set(taken.text.clone()),
            whole: Set(taken.whole.clone()),
            authentication: Set(authentication.transpose()?),
            left_out: Set(left_out.transpose()?),
            is_automatic: Set(taken.is_automatic),
            before: Set(None),
            client_id: Set(None),
            mail_id: Set(None::<MailId>),
            external_id: Set(Some(taken.external_id.clone())),
            at: Set(tx.now()),
        };
        Ok(if message.erased_at.is_some() { emptied(row) } else { row })
    }
}
