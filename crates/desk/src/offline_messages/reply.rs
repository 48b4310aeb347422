//! Replying by e-mail, and sending a reply that failed once more.

use super::{
    entries_table::{self, Model},
    lock::{lock, refuse_erased, tell_changed},
    queries::entries_of,
    table,
};
use crate::{
    access::{Grant, ability},
    conversations,
    error::{Error, Result},
    files::{self, Owner},
    mail::{self, NewMail},
    texts::catalogue,
    tickets::{self, Written},
    tx::{Command, Tx},
    workspaces,
};
use balcao_types::{
    AuthorKind, ClientId, ErrorCode, FileId, MailId, OfflineEntryId, OfflineEntryKind, OfflineMessageId, OfflineState,
    WorkspaceId,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter,
};

/// How much of what is answered is quoted, in characters.
const QUOTE_MAX: usize = 4_000;
/// How much the files of one reply may hold together, in millions of bytes. On its way a mail is a third larger: 20 MB then, which nearly every
/// mail server takes.
pub const REPLY_FILES_MB: u32 = 15;

/// Replies to a message; never twice under one id.
pub struct Reply {
    pub may: Grant<ability::ReplyOffline>,
    pub client_id: ClientId,
    pub text: String,
    /// Own files that are stored and in no message yet, in ascending order.
    pub files: Vec<FileId>,
    /// The message's mark for the thread.
    pub mark: String,
}

impl Command for Reply {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let message = lock(tx, &self.may).await?;
        refuse_erased(&message)?;
        let entries = entries_of(&**tx, workspace, message.id).await?;
        if let Some(earlier) = entries.iter().find(|entry| entry.client_id == Some(self.client_id)) {
            let is_same = earlier.text == self.text;
            return if is_same { Ok(()) } else { Err(Error::refused(ErrorCode::ClientIdReused)) };
        }
        self.lock_files(tx, &message).await?;
        let account = mail::account(&**tx, workspace).await?;
        let new = self.letter(tx, &message, &entries).await?;
        let mail = mail::queue(tx, workspace, &account, new).await?;
        self.insert(tx, mail).await?;
        let state = if message.state == OfflineState::Converted { message.state } else { OfflineState::Answered };
        let row = table::ActiveModel {
            id: Unchanged(message.id),
            state: Set(state),
            answered_by: Set(Some(self.may.agent().agent)),
            changed_at: Set(tx.now()),
            ..Default::default()
        };
        row.update(&**tx).await?;
        if let Some(ticket) = message.ticket_id {
            tickets::follow(tx, workspace, ticket, Written::Reply(self.may.agent().agent)).await?;
        }
        tell_changed(tx, &message)
    }
}

impl Reply {
    /// Keeps the reply with its files.
    async fn insert(&self, tx: &Tx<'_>, mail: MailId) -> Result<()> {
        let (message, agent) = ((self.may.scope.workspace, self.may.subject), self.may.agent());
        let mut entry = Model::by_agent(message, OfflineEntryKind::Reply, agent, tx);
        let id = entry.id;
        entry.text.clone_from(&self.text);
        entry.client_id = Some(self.client_id);
        entry.mail_id = Some(mail);
        entry.insert(tx).await?;
        for file in &self.files {
            files::attach_offline(tx, *file, self.may.subject, Some(id)).await?;
        }
        Ok(())
    }

    /// Locks the files that go with it: the agent's own, of kinds that the department lets its people send, and not too much for a mail.
    async fn lock_files(&self, tx: &Tx<'_>, message: &table::Model) -> Result<()> {
        let agent = self.may.agent();
        let owner = Owner { workspace: message.workspace_id, kind: AuthorKind::Agent, id: agent.agent.0 };
        let place = (message.workspace_id, message.department_id);
        let mut size = 0;
        for file in &self.files {
            let kept = files::lock_attachable(tx, &owner, *file).await?;
            let kept = kept.ok_or(Error::field("files", ErrorCode::FileUnknown))?;
            conversations::refuse_file_switched_off(tx, place, agent, kept.kind).await?;
            size += kept.size;
        }
        if size > i64::from(REPLY_FILES_MB) * 1_000_000 {
            return Err(Error::limited("files", ErrorCode::MailFilesTooLarge, REPLY_FILES_MB as usize));
        }
        Ok(())
    }

    /// The reply as a mail: the text, then what it answers.
    async fn letter(&self, tx: &Tx<'_>, message: &table::Model, entries: &[entries_table::Model]) -> Result<NewMail> {
        let workspace = self.may.scope.workspace;
        let company = workspaces::by_id(&**tx, workspace).await?.ok_or(Error::not_found())?.company;
        let texts = catalogue(message.language);
        let subject = texts
            .text("server.mail.subject")
            .replace("{company}", &company)
            .replace("{number}", &message.number.to_string());
        let answered = entries.iter().rev().find(|entry| entry.kind == OfflineEntryKind::Answer && !entry.is_automatic);
        let quoted: String = answered.map_or(&message.text, |entry| &entry.text).chars().take(QUOTE_MAX).collect();
        let quoted = quoted.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n");
        let wrote = texts.text("server.mail.wrote").replace("{name}", &message.name);
        let is_first = entries.iter().all(|entry| entry.kind == OfflineEntryKind::Address);
        Ok(NewMail {
            about: message.id,
            mark: self.mark.clone(),
            to_name: message.name.clone(),
            to_address: message.email.clone(),
            company,
            // Of an ongoing thread, as mail programs write it.
            subject: if is_first { subject } else { format!("Re: {subject}") },
            text: format!("{}\n\n{wrote}\n{quoted}\n", self.text),
            thread: thread(tx, workspace, message.id, entries).await?,
        })
    }
}

/// The message ids of what was written so far, oldest first.
async fn thread(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    message: OfflineMessageId,
    entries: &[entries_table::Model],
) -> Result<Vec<String>> {
    let mails = mail::mails_of(&**tx, workspace, message).await?;
    let id_of = |entry: &entries_table::Model| match entry.mail_id {
        Some(mail) => mails.get(&mail).map(|(_, id)| id.clone()),
        // A fingerprint is no message id.
        None => entry.external_id.clone().filter(|id| balcao_platform::mail::is_message_id(id)),
    };
    Ok(entries.iter().filter_map(id_of).collect())
}

/// Sends a reply that failed once more (T-156).
pub struct RetryReply {
    pub may: Grant<ability::ReplyOffline>,
    pub entry: OfflineEntryId,
}

impl Command for RetryReply {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let message = lock(tx, &self.may).await?;
        let entry = entries_table::Entity::find_by_id(self.entry)
            .filter(entries_table::Column::WorkspaceId.eq(workspace))
            .filter(entries_table::Column::MessageId.eq(message.id))
            .one(&**tx)
            .await?;
        let mail = entry.and_then(|entry| entry.mail_id).ok_or(Error::not_found())?;
        mail::retry(tx, mail::Retry { workspace, mail, to_address: &message.email }).await?;
        if message.state == OfflineState::Failed {
            let row = table::ActiveModel {
                id: Unchanged(message.id),
                state: Set(OfflineState::Answered),
                changed_at: Set(tx.now()),
                ..Default::default()
            };
            row.update(&**tx).await?;
        }
        if let Some(ticket) = message.ticket_id {
            tickets::follow(tx, workspace, ticket, Written::Reply(self.may.agent().agent)).await?;
        }
        tell_changed(tx, &message)
    }
}
