//! The job that mails a copy: again and again while what hinders it may pass, and not at all where it was erased or switched off meanwhile.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    mail::Person,
    store::NewJob,
};
use balcao_types::{CopyId, Timestamp, WorkspaceId};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    EntityTrait, ModelTrait,
};
use serde::{Deserialize, Serialize};

use super::{
    queries::{are_offered, is_answered},
    table,
    text::Copied,
};
use crate::{
    Desk, conversations,
    error::{Error, Result},
    mail::{self, Notice},
    texts::catalogue,
    tx::{Command, Tx},
    workspaces,
};

/// The job's kind.
pub const MAIL_COPY: &str = "mail_copy";

/// After so many attempts, some two hours, it is given up: it may be asked for again.
const ATTEMPTS_MAX: i64 = 11;
/// How much is read of a conversation, in bytes; the copy holds the end of it.
const READ_MAX: usize = 16 * 1024 * 1024;

/// Which copy a job mails. Where to stands with the copy, so that it goes with it.
#[derive(Serialize, Deserialize)]
struct Which {
    copy: CopyId,
}

/// Mails a copy at once.
///
/// # Errors
/// When the job cannot be written down.
pub(super) fn mail_copy_job(workspace: WorkspaceId, copy: CopyId, now: Timestamp) -> Result<NewJob> {
    Ok(NewJob {
        workspace: Some(workspace),
        kind: MAIL_COPY,
        body: serde_json::to_string(&Which { copy })?,
        run_at: now,
        unique_key: Some(format!("{MAIL_COPY}:{copy}")),
    })
}

/// Mails a copy of a conversation to whom its visitor has said.
///
/// # Errors
/// Asks to be run again while what hindered it may pass.
pub async fn mail_copy(desk: Desk, job: Job) -> JobResult {
    let missing = || JobError::Fail("a copy without a workspace".to_owned());
    let workspace = job.workspace.ok_or_else(missing)?;
    let Which { copy } = serde_json::from_str(&job.body).map_err(|error| JobError::Fail(error.to_string()))?;
    let failed = |error: Error| JobError::Retry(format!("{error:?}"));
    let Some(letter) = letter(&desk, workspace, copy).await.map_err(failed)? else {
        desk.write(Settle { workspace, copy, is_sent: false }).await.map_err(failed)?;
        return Ok(None);
    };
    match mail::send_notice(&desk, workspace, letter).await.map_err(failed)? {
        Err(problem) if problem.is_passing && job.attempt < ATTEMPTS_MAX => {
            Err(JobError::Retry(problem.fault.to_string()))
        }
        Err(problem) => {
            desk.write(Settle { workspace, copy, is_sent: false }).await.map_err(failed)?;
            // The fault alone: what servers say may name addresses.
            Err(JobError::Fail(problem.fault.to_string()))
        }
        Ok(()) => {
            desk.write(Settle { workspace, copy, is_sent: true }).await.map_err(failed)?;
            Ok(None)
        }
    }
}

async fn letter(desk: &Desk, workspace: WorkspaceId, copy: CopyId) -> Result<Option<Notice>> {
    let read = desk.store.read();
    let Some(row) = table::Entity::find_by_id((workspace, copy)).one(read).await? else { return Ok(None) };
    let Some(address) = row.address else { return Ok(None) };
    let Some(company) = workspaces::by_id(read, workspace).await? else { return Ok(None) };
    let conversation = row.conversation_id;
    if !are_offered(read, &company).await? || !is_answered(read, workspace, conversation).await? {
        return Ok(None);
    }
    let Some(model) = conversations::model_by_id(read, workspace, conversation).await? else { return Ok(None) };
    let mut lines = conversations::lines(read, (workspace, conversation), false, READ_MAX).await?;
    // It may have gone on since.
    lines.retain(|line| line.at <= row.closed_at);
    let language = conversations::visitors_language(&model, company.language);
    let subject = catalogue(language).text("server.copy_mail.subject");
    let subject = subject.replace("{company}", &company.company).replace("{protocol}", &model.protocol);
    let copied = Copied { company: &company, language, conversation: &model, closed_at: row.closed_at };
    Ok(Some(Notice {
        // The same for all attempts: what is sent twice by an accident is one mail.
        mark: format!("copy.{}", copy.0.simple()),
        to: Person { name: String::new(), address },
        subject,
        text: copied.text(&lines),
        company: company.company.clone(),
        at: desk.clock.now(),
    }))
}

/// Notes that a copy was sent, and forgets where to; one that cannot be sent is forgotten, so that it may be asked for again.
struct Settle {
    workspace: WorkspaceId,
    copy: CopyId,
    is_sent: bool,
}

impl Command for Settle {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let row = table::Entity::find_by_id((self.workspace, self.copy));
        // It may have been erased while it was on its way.
        let Some(row) = tx.lock_row(row).await? else { return Ok(()) };
        if !self.is_sent && row.sent_at.is_none() {
            row.delete(&**tx).await?;
        } else if self.is_sent {
            let sent = table::ActiveModel {
                workspace_id: Unchanged(self.workspace),
                id: Unchanged(self.copy),
                address: Set(None),
                sent_at: Set(Some(tx.now())),
                ..Default::default()
            };
            sent.update(&**tx).await?;
        }
        Ok(())
    }
}
