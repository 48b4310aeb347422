//! The job that reads a company's mailbox every half minute, on whichever node holds it: what answers one of our mails is taken, all else is left
//! as it is. Numbers of mails are remembered, never the mark of having been read: what came during an outage is found after it.

use std::time::Duration;

use balcao_channels::email::{Email, Head, parse, parse_head};
use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    mail::{Arrived, Mailbox, Opened, Problem, Server},
    store::NewJob,
};
use balcao_types::{OfflineMessageId, Timestamp, WorkspaceId};
use dashmap::DashMap;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{
    Account, Way, account, bounced,
    login::logged_in,
    mailbox::{KeepPosition, NoteFault, Position, place_of, position},
    threads::message_of,
};
use crate::{
    Desk,
    error::{Error, Result},
    offline_messages::{self, Taken},
};

/// The job's kind.
pub const FETCH_MAIL: &str = "fetch_mail";

/// The mailbox is looked at again after so many seconds.
const EVERY_SECONDS: i64 = 30;
/// Headers that are looked at together.
const BATCH: usize = 50;
/// The largest mail that is taken whole, in bytes.
const SIZE_MAX: u32 = 30_000_000;
/// How long one job reads on: less than a job may take, with one mail more.
const PATIENCE: Duration = Duration::from_secs(20);
/// A mail of so many bytes is only begun where the job has most of its time left.
const LARGE: u32 = 2_000_000;
/// A mail that could not be taken so often is passed over: those behind it are not to wait for it.
const ATTEMPTS_MAX: u32 = 5;

/// Of which version of the account a job is; one of an earlier version ends.
#[derive(Serialize, Deserialize)]
struct Which {
    version: i64,
}

/// Reads the mailbox of an account from now on.
///
/// # Errors
/// When the job cannot be encoded.
pub fn fetch_job(workspace: WorkspaceId, version: i64, now: Timestamp) -> Result<NewJob> {
    Ok(NewJob {
        workspace: Some(workspace),
        kind: FETCH_MAIL,
        body: serde_json::to_string(&Which { version })?,
        run_at: now,
        unique_key: Some(format!("{FETCH_MAIL}:{workspace}:{version}")),
    })
}

/// Which mail of each company could not be taken, and how often: as this node knows it, since a restart may try anew.
#[derive(Default)]
pub struct StuckMails(DashMap<WorkspaceId, (u32, u32)>);

impl StuckMails {
    /// Counts one more failure of a mail; of another one than before the first.
    fn count(&self, workspace: WorkspaceId, uid: u32) -> u32 {
        let mut stuck = self.0.entry(workspace).or_insert((uid, 0));
        *stuck = (uid, if stuck.0 == uid { stuck.1 + 1 } else { 1 });
        stuck.1
    }
}

/// Why reading stopped.
enum Stopped {
    Mailbox(Problem),
    Desk(Error),
}

impl std::fmt::Display for Stopped {
    /// The fault alone: what servers say may name addresses.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Mailbox(problem) => problem.fault.fmt(f),
            Self::Desk(error) => write!(f, "{error:?}"),
        }
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Mailbox(problem)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Desk(error)
    }
}

/// Reads what has come, then asks to be run again.
///
/// # Errors
/// When the mailbox or the database cannot be reached; the job is tried again with growing pauses.
pub async fn fetch_mail(desk: Desk, job: Job) -> JobResult {
    let Some(workspace) = job.workspace else { return Err(JobError::Fail("a mailbox without a workspace".to_owned())) };
    let Which { version } = serde_json::from_str(&job.body).map_err(|error| JobError::Fail(error.to_string()))?;
    let failed = |error: Error| JobError::Retry(format!("{error:?}"));
    let account = account(desk.store.read(), workspace).await.map_err(failed)?;
    if account.version != version || !account.fetches() {
        return Ok(None);
    }
    match read(&desk, workspace, &account).await {
        Ok(is_done) => Ok(Some(desk.clock.now().plus_seconds(if is_done { EVERY_SECONDS } else { 0 }))),
        Err(Stopped::Desk(error)) => Err(failed(error)),
        Err(Stopped::Mailbox(problem)) => {
            // The fault alone: what servers say may name addresses.
            let told = problem.fault.to_string();
            desk.write(NoteFault { workspace, place: place_of(&account), problem }).await.map_err(failed)?;
            Err(JobError::Retry(told))
        }
    }
}

/// Answers whether all that has come was looked at. What was looked at before something failed is not looked at again.
async fn read(desk: &Desk, workspace: WorkspaceId, account: &Account) -> Result<bool, Stopped> {
    let begun = Instant::now();
    let folder = account.settings.imap.folder.as_str();
    let open = |server: Server| async move { Mailbox::open(&server, folder).await };
    let (mut mailbox, opened) = logged_in(desk, (workspace, account), Way::Fetching, open).await??;
    let mut at = first_position(desk, workspace, account, opened).await?;
    loop {
        let first = u32::try_from(at.last_uid + 1).unwrap_or(u32::MAX);
        let arrived = mailbox.headers(first, BATCH).await?;
        for mail in &arrived {
            let since = begun.elapsed();
            if since > PATIENCE || (mail.size > LARGE && since > PATIENCE / 4) {
                desk.write(KeepPosition { workspace, position: at }).await?;
                mailbox.leave().await;
                return Ok(false);
            }
            if let Err(stopped) = take(desk, workspace, account, (&mut mailbox, mail)).await {
                let is_passed_over = desk.stuck_mails.count(workspace, mail.uid) >= ATTEMPTS_MAX;
                if is_passed_over {
                    tracing::warn!(uid = mail.uid, %stopped, "a mail could not be taken and is passed over; it stays in its mailbox");
                    at.last_uid = i64::from(mail.uid);
                }
                desk.write(KeepPosition { workspace, position: at }).await?;
                return if is_passed_over { Ok(false) } else { Err(stopped) };
            }
            at.last_uid = i64::from(mail.uid);
        }
        desk.write(KeepPosition { workspace, position: at.clone() }).await?;
        if arrived.is_empty() {
            mailbox.leave().await;
            return Ok(true);
        }
    }
}

/// Where reading begins. A mailbox is read from when it was set up: what lay in it before answers nothing of ours. One whose numbers mean others
/// now is read from its beginning; what was taken already is known by its message id.
async fn first_position(
    desk: &Desk,
    workspace: WorkspaceId,
    account: &Account,
    opened: Opened,
) -> Result<Position, Stopped> {
    let place = place_of(account);
    let validity = i64::from(opened.validity);
    Ok(match position(desk.store.read(), workspace, &place).await? {
        Some(known) if known.validity == validity => known,
        Some(_) => Position { place, validity, last_uid: 0 },
        None => {
            let last_uid = opened.next.map_or(0, |next| i64::from(next) - 1);
            let position = Position { place, validity, last_uid };
            desk.write(KeepPosition { workspace, position: position.clone() }).await?;
            position
        }
    })
}

/// Takes one mail, if it concerns us.
async fn take(
    desk: &Desk,
    workspace: WorkspaceId,
    account: &Account,
    (mailbox, mail): (&mut Mailbox, &Arrived),
) -> Result<(), Stopped> {
    let Some(head) = parse_head(&mail.bytes) else { return Ok(()) };
    let about = head.marks.iter().find_map(|mark| message_of(&desk.tickets, mark));
    let is_own = head.address.eq_ignore_ascii_case(&account.settings.from_address);
    if !head.is_report && (about.is_none() || is_own) {
        return Ok(());
    }
    if mail.size > SIZE_MAX {
        return match about.filter(|_| !head.is_report) {
            Some(about) => too_large(desk, workspace, about, (head, mail)).await,
            None => Ok(()),
        };
    }
    let Some(raw) = mailbox.whole(mail).await? else { return Ok(()) };
    let fingerprint = balcao_platform::secrets::fingerprint(&String::from_utf8_lossy(&raw));
    // A mail that cannot be translated must not hold up those behind it.
    let Ok(Some(email)) = tokio::task::spawn_blocking(move || parse(&raw)).await else {
        tracing::warn!(uid = mail.uid, "a mail could not be read; it stays in its mailbox");
        return Ok(());
    };
    match (&email.bounce, about) {
        (Some(bounce), _) => Ok(bounced(desk, workspace, bounce).await?),
        (None, Some(about)) if !is_own => {
            Ok(offline_messages::take_answer(desk, taken(workspace, account, about, (email, fingerprint))).await?)
        }
        _ => Ok(()),
    }
}

fn taken(
    workspace: WorkspaceId,
    account: &Account,
    about: OfflineMessageId,
    (email, fingerprint): (Email, String),
) -> Taken {
    let imap = &account.settings.imap;
    let own = if imap.receiving_server.is_empty() { &imap.host } else { &imap.receiving_server };
    let own = own.to_ascii_lowercase();
    let findings = email.findings.into_iter().find(|findings| findings.server == own);
    Taken {
        workspace,
        message: about,
        external_id: external_id(&email.head, fingerprint),
        name: email.head.name,
        address: email.head.address,
        is_automatic: email.head.is_automatic,
        text: email.text,
        whole: email.whole,
        findings,
        attachments: email.attachments,
        left_out: email.left_out,
    }
}

/// What makes taking a mail safe to repeat.
fn external_id(head: &Head, fingerprint: String) -> String {
    let own = head.message_id.clone().filter(|id| balcao_platform::mail::is_message_id(id));
    own.unwrap_or_else(|| format!("sha256:{fingerprint}"))
}

/// A mail too large to be taken is told of; it stays in its mailbox.
async fn too_large(
    desk: &Desk,
    workspace: WorkspaceId,
    about: OfflineMessageId,
    (head, mail): (Head, &Arrived),
) -> Result<(), Stopped> {
    let fingerprint = balcao_platform::secrets::fingerprint(&String::from_utf8_lossy(&mail.bytes));
    let megabytes = mail.size / 1_000_000;
    let text = offline_messages::too_large_text(desk, workspace, megabytes).await?;
    let taken = Taken {
        workspace,
        message: about,
        external_id: external_id(&head, fingerprint),
        name: head.name,
        address: head.address,
        is_automatic: head.is_automatic,
        text,
        whole: None,
        findings: None,
        attachments: Vec::new(),
        left_out: Vec::new(),
    };
    Ok(offline_messages::take_answer(desk, taken).await?)
}

#[cfg(test)]
mod tests {
    use balcao_types::WorkspaceId;
    use uuid::Uuid;

    use super::StuckMails;

    #[test]
    fn failures_are_counted_by_mail() {
        let (stuck, one, other) = (StuckMails::default(), WorkspaceId(Uuid::nil()), WorkspaceId(Uuid::max()));
        let counts =
            [(one, 7), (one, 7), (other, 7), (one, 7), (one, 8), (one, 7)].map(|(who, uid)| stuck.count(who, uid));
        assert_eq!(counts, [1, 2, 1, 3, 1, 1]);
    }
}
