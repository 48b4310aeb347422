//! The job that sends a mail: again and again with growing pauses while what hinders it may pass, and it is left as failed otherwise.

use std::time::Duration;

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    mail::{Attached, Letter, Person, Problem, Server, compose, deliver},
};
use balcao_types::{MailFault, MailId, MailState, Timestamp, WorkspaceId};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
};

use super::{
    Account, Way, account,
    login::logged_in,
    outgoing::{Which, ascii_domain, one},
    table,
};
use crate::{
    Desk,
    error::Result,
    files, offline_messages,
    tx::{Command, Tx},
};

/// The job's kind.
pub const SEND_MAIL: &str = "send_mail";

/// After so many attempts, some two hours, a mail is left as failed.
const ATTEMPTS_MAX: i64 = 11;
/// How long one attempt may take: less than its job.
const PATIENCE: Duration = Duration::from_secs(40);

/// Sends a mail.
///
/// # Errors
/// Asks to be run again while what hindered it may pass.
pub async fn send_mail(desk: Desk, job: Job) -> JobResult {
    let Some(workspace) = job.workspace else { return Err(JobError::Fail("a mail without a workspace".to_owned())) };
    let Which { mail } = serde_json::from_str(&job.body).map_err(|error| JobError::Fail(error.to_string()))?;
    let failed = |error| JobError::Retry(format!("{error:?}"));
    let read = desk.store.read();
    let model = one(workspace, mail).one(read).await.map_err(|error| failed(error.into()))?;
    let Some(model) = model.filter(|model| model.state == MailState::Queued) else { return Ok(None) };
    let outcome = attempt(&desk, workspace, &model).await.map_err(failed)?;
    let is_last = job.attempt >= ATTEMPTS_MAX;
    let (state, problem, again) = match outcome {
        Ok(()) => (MailState::Sent, None, None),
        Err(problem) if problem.is_passing && !is_last => {
            let again = problem.fault.to_string();
            (MailState::Queued, Some(problem), Some(again))
        }
        Err(problem) => (MailState::Failed, Some(problem), None),
    };
    desk.write(Settle { workspace, mail, to_address: model.to_address, state, problem }).await.map_err(failed)?;
    // The fault alone: what servers say may name addresses.
    again.map_or(Ok(None), |fault| Err(JobError::Retry(fault)))
}

async fn attempt(desk: &Desk, workspace: WorkspaceId, mail: &table::Model) -> Result<Result<(), Problem>> {
    let account = account(desk.store.read(), workspace).await?;
    if !account.sends() {
        let detail = String::new();
        return Ok(Err(Problem { fault: MailFault::NotSetUp, detail, is_passing: false }));
    }
    let attached = match attached(desk, workspace, mail).await? {
        Ok(attached) => attached,
        Err(problem) => return Ok(Err(problem)),
    };
    let from = Person { name: mail.from_name.clone(), address: account.settings.from_address.clone() };
    let letter = Letter { attached, ..letter(mail, from) };
    with_login(desk, (workspace, &account), &letter).await
}

/// The files of the reply that the mail carries.
async fn attached(desk: &Desk, workspace: WorkspaceId, mail: &table::Model) -> Result<Result<Vec<Attached>, Problem>> {
    let about = mail.offline_message_id;
    let mut attached = Vec::new();
    for file in offline_messages::files_of_mail(desk.store.read(), workspace, about, mail.id).await? {
        match files::bytes_of(desk, &file).await {
            Ok(bytes) => attached.push(Attached { name: file.name, media_type: file.media_type, bytes }),
            Err(fault) => {
                let (detail, is_passing) = (file.name, fault.may_pass());
                return Ok(Err(Problem { fault: MailFault::FilesUnavailable, detail, is_passing }));
            }
        }
    }
    Ok(Ok(attached))
}

async fn give(server: &Server, letter: &Letter) -> Result<(), Problem> {
    let (envelope, bytes) = compose(letter)?;
    deliver(server, &envelope, &bytes).await
}

fn letter(mail: &table::Model, from: Person) -> Letter {
    Letter {
        message_id: mail.message_id.clone(),
        from,
        to: Person { name: mail.to_name.clone(), address: mail.to_address.clone() },
        reply_to: mail.reply_to.clone(),
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        in_reply_to: mail.in_reply_to.clone(),
        references: mail.thread.split_whitespace().map(str::to_owned).collect(),
        attached: Vec::new(),
        is_automatic: false,
        at: mail.created_at,
    }
}

/// A letter that the program writes of its own accord: it is not kept, and nobody is told what became of it.
pub struct Notice {
    /// The left part of its message id: the same letter has the same one.
    pub mark: String,
    pub to: Person,
    /// Whose name it comes from, where the account says none.
    pub company: String,
    pub subject: String,
    pub text: String,
    pub at: Timestamp,
}

/// Sends a notice, once.
///
/// # Errors
/// When the database cannot be read. The inner one: what hinders the mail.
pub async fn send_notice(desk: &Desk, workspace: WorkspaceId, notice: Notice) -> Result<Result<(), Problem>> {
    let account = account(desk.store.read(), workspace).await?;
    let settings = &account.settings;
    let name = if settings.from_name.is_empty() { notice.company } else { settings.from_name.clone() };
    let (_, domain) = settings.from_address.rsplit_once('@').unwrap_or(("", "localhost"));
    let letter = Letter {
        message_id: format!("<{}@{}>", notice.mark, ascii_domain(domain)),
        from: Person { name, address: settings.from_address.clone() },
        to: notice.to,
        reply_to: None,
        subject: notice.subject,
        text: notice.text,
        in_reply_to: None,
        references: Vec::new(),
        attached: Vec::new(),
        is_automatic: true,
        at: notice.at,
    };
    with_login(desk, (workspace, &account), &letter).await
}

async fn with_login(desk: &Desk, whose: (WorkspaceId, &Account), letter: &Letter) -> Result<Result<(), Problem>> {
    let give = |server: Server| async move { give(&server, letter).await };
    match tokio::time::timeout(PATIENCE, logged_in(desk, whose, Way::Sending, give)).await {
        Ok(given) => given,
        Err(_elapsed) => Ok(Err(Problem { fault: MailFault::TimedOut, detail: String::new(), is_passing: true })),
    }
}

/// Writes down how an attempt ended.
struct Settle {
    workspace: WorkspaceId,
    mail: MailId,
    /// To whom it was tried: who it goes to may have been corrected meanwhile.
    to_address: String,
    state: MailState,
    problem: Option<Problem>,
}

impl Command for Settle {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let locked = tx.lock_row(one(self.workspace, self.mail)).await?;
        let Some(model) = locked.filter(|model| model.state == MailState::Queued) else { return Ok(()) };
        let is_sent = self.state == MailState::Sent;
        let row = table::ActiveModel {
            id: Unchanged(model.id),
            to_address: if is_sent { Set(self.to_address.clone()) } else { Unchanged(model.to_address) },
            state: Set(self.state),
            attempts: Set(model.attempts + 1),
            fault: Set(self.problem.as_ref().map(|problem| problem.fault)),
            detail: Set(self.problem.as_ref().map(|problem| problem.detail.clone()).unwrap_or_default()),
            sent_at: Set(is_sent.then(|| tx.now())),
            ..Default::default()
        };
        row.update(&**tx).await?;
        offline_messages::mail_settled(tx, self.workspace, model.offline_message_id, self.state).await
    }
}
