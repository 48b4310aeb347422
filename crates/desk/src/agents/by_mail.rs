//! Invitations by e-mail (T-087): where mail is set up, whoever is invited gets the link from the program too.
//!
//! The mailed link is not the one that was shown: of that one only the fingerprint is kept, and what lies with the jobs lies in every backup. So the
//! job carries no secret. It makes a link of its own when it sends, of which the fingerprint alone is kept beside the invitation. An attempt that
//! seemed to fail may have arrived: the links of all attempts open the invitation, and die with it.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    mail::Person,
    secrets::{fingerprint, new_token},
    store::NewJob,
};
use balcao_types::{AgentId, Timestamp, WorkspaceId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde::{Deserialize, Serialize};

use super::{
    invite::{NewInvitation, invited},
    queries::one_by_id,
    table,
};
use crate::{
    Desk,
    error::{Error, Result},
    mail::{self, Notice},
    texts::{catalogue, moment},
    tx::{Command, Tx},
    workspaces,
};

/// The job's kind.
pub const INVITE_BY_MAIL: &str = "invite_by_mail";

/// After so many attempts, some two hours, the link has to be passed on by hand.
const ATTEMPTS_MAX: i64 = 11;

/// Which invitation a job mails.
#[derive(Clone, Serialize, Deserialize)]
struct Which {
    agent: AgentId,
    /// The fingerprint of the link that was shown: a later invitation has another one, and a job of its own.
    invitation: String,
}

/// Has an invitation mailed to its person, where mail is set up, and notes on it where to.
///
/// # Errors
/// When the database fails.
pub(super) async fn mail_too(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    (agent, address): (AgentId, &str),
    invitation: &mut NewInvitation,
) -> Result<()> {
    if !mail::sends(&**tx, workspace).await? {
        return Ok(());
    }
    let which = Which { agent, invitation: fingerprint(&invitation.token) };
    let job = NewJob {
        workspace: Some(workspace),
        kind: INVITE_BY_MAIL,
        body: serde_json::to_string(&which)?,
        run_at: tx.now(),
        unique_key: Some(format!("{INVITE_BY_MAIL}:{}", which.invitation)),
    };
    tx.enqueue(job);
    invitation.mailed_to = Some(address.to_owned());
    Ok(())
}

/// Mails an invitation, unless it was used, replaced or taken back meanwhile, or has run out.
///
/// # Errors
/// Asks to be run again while what hindered it may pass.
pub async fn invite_by_mail(desk: Desk, job: Job) -> JobResult {
    let missing = || JobError::Fail("an invitation without a workspace".to_owned());
    let workspace = job.workspace.ok_or_else(missing)?;
    let which: Which = serde_json::from_str(&job.body).map_err(|error| JobError::Fail(error.to_string()))?;
    let failed = |error: Error| JobError::Retry(format!("{error:?}"));
    let Some(letter) = letter(&desk, workspace, which).await.map_err(failed)? else { return Ok(None) };
    match mail::send_notice(&desk, workspace, letter).await.map_err(failed)? {
        Err(problem) if problem.is_passing && job.attempt < ATTEMPTS_MAX => {
            Err(JobError::Retry(problem.fault.to_string()))
        }
        // The fault alone: what servers say may name addresses.
        Err(problem) => Err(JobError::Fail(problem.fault.to_string())),
        Ok(()) => Ok(None),
    }
}

async fn letter(desk: &Desk, workspace: WorkspaceId, which: Which) -> Result<Option<Notice>> {
    let read = desk.store.read();
    if !mail::sends(read, workspace).await? {
        return Ok(None);
    }
    let Some(company) = workspaces::by_id(read, workspace).await? else { return Ok(None) };
    let mark = format!("invitation.{}", which.invitation);
    let Some(made) = desk.write(MakeLink { workspace, which }).await? else { return Ok(None) };
    let inviter = one_by_id(workspace, made.invited_by).one(read).await?.ok_or(Error::not_found())?;
    let person = made.person;
    // Who has a password has chosen a language, or has not; nobody else has.
    let language = person.settings()?.language.or(inviter.settings()?.language).unwrap_or(company.language);
    let texts = catalogue(language);
    let is_new = person.password_hash.is_none();
    let said = |new: &'static str, again: &'static str| {
        let text = texts.text_of("server.invitation_mail.", if is_new { new } else { again });
        text.replace("{company}", &company.company).replace("{inviter}", &inviter.name).replace("{name}", &person.name)
    };
    let (day, time) = moment(language, &company.zone(), made.expires_at);
    let lines = [
        said("hello", "hello"),
        said("text", "text_again"),
        format!("{}/invitation#{}", desk.config.public_url, made.token),
        said("until", "until").replace("{date}", &day).replace("{time}", &time),
        said("unexpected", "unexpected_again"),
    ];
    Ok(Some(Notice {
        // The same for all attempts: what is sent twice by an accident is one mail.
        mark,
        to: Person { name: person.name.clone(), address: person.email.clone() },
        company: company.company.clone(),
        subject: said("subject", "subject_again"),
        text: format!("{}\n", lines.join("\n\n")),
        at: desk.clock.now(),
    }))
}

/// Makes a link to mail, while the invitation is good.
struct MakeLink {
    workspace: WorkspaceId,
    which: Which,
}

/// A link to mail, and to whom.
struct Made {
    token: String,
    person: table::Model,
    invited_by: AgentId,
    expires_at: Timestamp,
}

impl Command for MakeLink {
    type Answer = Option<Made>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Made>> {
        let agent = self.which.agent;
        // Whoever accepts it or makes another one holds this row.
        tx.lock_row(one_by_id(self.workspace, agent)).await?;
        let kept = table::invitation::Entity::find_by_id(agent).one(&**tx).await?;
        let Some(kept) = kept.filter(|kept| kept.token_hash == self.which.invitation) else { return Ok(None) };
        let Some(person) = invited(&**tx, &kept, tx.now()).await? else { return Ok(None) };
        let token = new_token();
        let row = table::invitation_link::ActiveModel {
            token_hash: Set(fingerprint(&token)),
            workspace_id: Set(self.workspace),
            agent_id: Set(agent),
            expires_at: Set(kept.expires_at),
        };
        row.insert(&**tx).await?;
        Ok(Some(Made { token, person, invited_by: kept.invited_by, expires_at: kept.expires_at }))
    }
}
