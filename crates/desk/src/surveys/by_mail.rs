//! Asking once more by e-mail: a quarter of an hour after the end, whoever has not answered in the chat and has left an address.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    mail::Person,
    store::NewJob,
};
use balcao_types::{ConversationId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

use super::link::link;
use crate::{
    Desk, contacts, conversations,
    error::{Error, Result},
    mail::{self, Notice},
    texts::catalogue,
    workspaces,
};

/// The job's kind.
pub const ASK_BY_MAIL: &str = "ask_by_mail";

/// How long somebody has to answer in the chat first.
const WAIT_SECONDS: i64 = 15 * 60;
/// After so many attempts, some two hours, nobody is asked any more.
const ATTEMPTS_MAX: i64 = 11;

/// Which conversation a job asks about.
#[derive(Serialize, Deserialize)]
struct Which {
    conversation: ConversationId,
}

/// Asks about a conversation that has just ended, later; at most one job a conversation waits.
///
/// # Errors
/// When the job cannot be written down.
pub(super) fn ask_by_mail_job(workspace: WorkspaceId, conversation: ConversationId, now: Timestamp) -> Result<NewJob> {
    Ok(NewJob {
        workspace: Some(workspace),
        kind: ASK_BY_MAIL,
        body: serde_json::to_string(&Which { conversation })?,
        run_at: now.plus_seconds(WAIT_SECONDS),
        unique_key: Some(format!("{ASK_BY_MAIL}:{conversation}")),
    })
}

/// Asks the visitor of a conversation by e-mail.
///
/// # Errors
/// Asks to be run again while what hindered it may pass.
pub async fn ask_by_mail(desk: Desk, job: Job) -> JobResult {
    let Some(workspace) = job.workspace else { return Err(JobError::Fail("a survey without a workspace".to_owned())) };
    let Which { conversation } = serde_json::from_str(&job.body).map_err(|error| JobError::Fail(error.to_string()))?;
    let failed = |error: Error| JobError::Retry(format!("{error:?}"));
    let letter = match letter(&desk, workspace, conversation).await.map_err(failed)? {
        Next::Nothing => return Ok(None),
        Next::Later(at) => return Ok(Some(at)),
        Next::Ask(letter) => letter,
    };
    match mail::send_notice(&desk, workspace, *letter).await.map_err(failed)? {
        Err(problem) if problem.is_passing && job.attempt < ATTEMPTS_MAX => {
            Err(JobError::Retry(problem.fault.to_string()))
        }
        // The fault alone: what servers say may name addresses.
        Err(problem) => Err(JobError::Fail(problem.fault.to_string())),
        Ok(()) => Ok(None),
    }
}

/// What is to be done about a conversation.
enum Next {
    /// It was answered, or goes on, or nobody can be asked.
    Nothing,
    /// It went on meanwhile and has ended again.
    Later(Timestamp),
    Ask(Box<Notice>),
}

async fn letter(desk: &Desk, workspace: WorkspaceId, conversation: ConversationId) -> Result<Next> {
    let (read, now) = (desk.store.read(), desk.clock.now());
    let Some(company) = workspaces::by_id(read, workspace).await? else { return Ok(Next::Nothing) };
    let Some(model) = conversations::model_by_id(read, workspace, conversation).await? else {
        return Ok(Next::Nothing);
    };
    let survey = &company.settings.survey;
    let asked = model.survey()?.filter(|asked| survey.by_mail && asked.is_open(survey, now));
    let (Some(asked), Some(closed_at)) = (asked, model.closed_at) else {
        return Ok(Next::Nothing);
    };
    let at = closed_at.plus_seconds(WAIT_SECONDS);
    if now < at {
        return Ok(Next::Later(at));
    }
    let contact = contacts::by_id(read, workspace, model.contact_id).await?;
    let Some((name, address)) = contact.and_then(|contact| Some((contact.name, contact.email?))) else {
        return Ok(Next::Nothing);
    };
    if !mail::sends(read, workspace).await? {
        return Ok(Next::Nothing);
    }
    let texts = catalogue(conversations::visitors_language(&model, company.language));
    let said = |key: &str| texts.text(key).replace("{company}", &company.company);
    let question = Some(asked.shown.question).filter(|question| !question.is_empty());
    let hello = match &name {
        Some(name) => said("server.survey_mail.hello").replace("{name}", name),
        None => said("server.survey_mail.hello_unknown"),
    };
    let lines = [
        hello,
        question.unwrap_or_else(|| said("server.survey_mail.question")),
        link(desk, workspace, conversation)?,
        said("server.survey_mail.until"),
        said("server.survey_mail.protocol").replace("{protocol}", &model.protocol),
    ];
    Ok(Next::Ask(Box::new(Notice {
        // The same for one end of one conversation: what is sent twice by an accident is one mail.
        mark: format!("survey.{}.{}", conversation.0.simple(), closed_at.0),
        to: Person { name: name.unwrap_or_default(), address },
        company: company.company.clone(),
        subject: said("server.survey_mail.subject"),
        text: format!("{}\n", lines.join("\n\n")),
        at: now,
    })))
}
