//! Silence in open conversations: whoever is silent is warned, and after that a visitor's conversation is closed, an agent's goes back to
//! the queue. A job looks once a minute, as long as the company has limits. What was said last stands in the timeline; nothing else is kept.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    store::NewJob,
};
use balcao_types::{
    Actor, ConversationId, ConversationState, MessageKind, TimelineEvent, Timestamp, WorkspaceId,
    rules::idle::{Due, LastLine, Turn, due},
    settings::IdleSettings,
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use super::{
    append::Author,
    close::close,
    message::SystemLine,
    return_to_queue::put_back_and_distribute,
    said::{said_line, visitors_language},
    table,
    timeline::{Line, add_line},
};
use crate::{
    Desk,
    departments::{Spoken, spoken_in},
    error::{Error, Result},
    texts::catalogue,
    tx::{Command, Tx},
    workspaces::{self, Workspace},
};

/// The job's kind.
pub const IDLE: &str = "idle";

/// How often it is looked.
const EVERY_SECONDS: i64 = 60;

/// Looks for silence; at most one job of a workspace waits.
pub fn idle_job(workspace: WorkspaceId, run_at: Timestamp) -> NewJob {
    let unique_key = Some(format!("idle:{workspace}"));
    NewJob { workspace: Some(workspace), kind: IDLE, body: "{}".to_owned(), run_at, unique_key }
}

/// Looks for silence, and does what is due.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn look_for_silence(desk: Desk, job: Job) -> JobResult {
    let Some(workspace) = job.workspace else { return Err(JobError::Fail("silence without a workspace".to_owned())) };
    let retry = |error: Error| JobError::Retry(format!("{error:?}"));
    // The next look first, so that nothing ends the looking.
    let Some(limits) = desk.write(LookAgain { workspace }).await.map_err(retry)? else { return Ok(None) };
    let now = desk.clock.now();
    for (conversation, turn, last) in silences(desk.store.read(), workspace, None).await.map_err(retry)? {
        if due(turn, last, &limits, now).is_some() {
            desk.write(EndSilence { workspace, conversation }).await.map_err(retry)?;
        }
    }
    Ok(None)
}

/// Queues the next look, as long as there are limits, and answers them.
struct LookAgain {
    workspace: WorkspaceId,
}

impl Command for LookAgain {
    type Answer = Option<IdleSettings>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<IdleSettings>> {
        let company = workspaces::by_id(&**tx, self.workspace).await?.ok_or(Error::not_found())?;
        if !company.settings.idle.is_on() {
            return Ok(None);
        }
        let next = tx.now().plus_seconds(EVERY_SECONDS);
        tx.enqueue(idle_job(self.workspace, next));
        Ok(Some(company.settings.idle))
    }
}

/// The open conversations, or one of them, with whose turn it is and what stands last. A visitor who asks again does not stop an agent's silence.
async fn silences(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    one: Option<ConversationId>,
) -> Result<Vec<(ConversationId, Turn, LastLine)>> {
    let which = if one.is_some() { " AND c.id = $2" } else { "" };
    let sql = format!(
        "SELECT c.id, c.waiting_since, m.at, m.event FROM conversations c \
         JOIN messages m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.position = \
         (SELECT x.position FROM messages x WHERE x.workspace_id = c.workspace_id AND x.conversation_id = c.id \
          AND (c.waiting_since IS NULL OR x.author_kind <> 'visitor') ORDER BY x.position DESC LIMIT 1) \
         WHERE c.workspace_id = $1 AND c.state = 'open'{which}"
    );
    let values: Vec<sea_orm::Value> = [workspace.into()].into_iter().chain(one.map(sea_orm::Value::from)).collect();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    connection.query_all_raw(statement).await?.iter().map(silence).collect()
}

fn silence(row: &QueryResult) -> Result<(ConversationId, Turn, LastLine)> {
    let waiting_since: Option<Timestamp> = row.try_get("", "waiting_since")?;
    let event: Option<String> = row.try_get("", "event")?;
    let event: Option<SystemLine> = event.map(|event| serde_json::from_str(&event)).transpose()?;
    let (turn, warning) = match waiting_since {
        Some(waiting_since) => (Turn::Agent { waiting_since }, TimelineEvent::AgentIdle),
        None => (Turn::Visitor, TimelineEvent::IdleWarning),
    };
    let is_warning = event.is_some_and(|event| event.code == warning);
    Ok((row.try_get("", "id")?, turn, LastLine { at: row.try_get("", "at")?, is_warning }))
}

/// Does what is due in a silent conversation, if it still is.
struct EndSilence {
    workspace: WorkspaceId,
    conversation: ConversationId,
}

impl Command for EndSilence {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let found = tx.lock_conversation(self.workspace, self.conversation).await?;
        let Some(mut conversation) = found.filter(|found| found.state == ConversationState::Open) else {
            return Ok(());
        };
        let company = workspaces::by_id(&**tx, self.workspace).await?.ok_or(Error::not_found())?;
        let limits = company.settings.idle;
        let silences = silences(&**tx, self.workspace, Some(self.conversation)).await?;
        let Some((_, turn, last)) = silences.into_iter().next() else { return Ok(()) };
        let spoken = spoken_in(&**tx, self.workspace, conversation.department_id).await?;
        let said = Said { company: &company, spoken: &spoken, conversation: &conversation };
        let said = match (turn, due(turn, last, &limits, tx.now())) {
            (_, None) => return Ok(()),
            (Turn::Visitor, Some(Due::Warning)) => said.line(tx, TimelineEvent::IdleWarning, said.warning()),
            (Turn::Visitor, Some(Due::End)) => {
                said.line(tx, TimelineEvent::ClosedIdle, said.text("server.idle.closed"))
            }
            (Turn::Agent { waiting_since }, Some(Due::Warning)) => said.reminder(tx, waiting_since),
            (Turn::Agent { .. }, Some(Due::End)) => {
                said.line(tx, TimelineEvent::ReturnedIdle, said.text("server.idle.returned"))
            }
        };
        match said.event.as_ref().map(|event| event.code) {
            Some(TimelineEvent::ClosedIdle) => close(tx, &mut conversation, Actor::system(), said).await,
            Some(TimelineEvent::ReturnedIdle) => put_back_and_distribute(tx, &mut conversation, said).await,
            _ => add_line(tx, &mut conversation, said).await.map(drop),
        }
    }
}

/// The words for it. What the visitor sees comes with the line, in the visitor's language: panels have no text of their own for it.
struct Said<'a> {
    company: &'a Workspace,
    spoken: &'a Spoken,
    conversation: &'a table::Model,
}

impl Said<'_> {
    fn text(&self, key: &'static str) -> String {
        catalogue(visitors_language(self.conversation, self.company.language)).text(key).to_owned()
    }

    /// The department's or the company's own warning, else the product's.
    fn warning(&self) -> String {
        let own = &self.spoken.messages.idle_warning;
        let text = if own.is_empty() { self.text("server.idle.warning") } else { own.clone() };
        text.replace("{left}", &span(self.company.settings.idle.warning_minutes))
            .replace("{minutes}", &self.minutes())
            .replace("{company}", &self.company.company)
            .replace("{agent_name}", self.conversation.assignee_name.as_deref().unwrap_or(""))
    }

    fn minutes(&self) -> String {
        self.company.settings.idle.warning_minutes.to_string()
    }

    /// A line that the visitor sees.
    fn line(&self, tx: &Tx<'_>, code: TimelineEvent, text: String) -> Line {
        let event = SystemLine { code, name: self.conversation.assignee_name.clone(), target: Some(self.minutes()) };
        said_line(tx, self.conversation, event, text)
    }

    /// A note that reminds whoever has the conversation, in the company's language; its visitor sees nothing of it.
    fn reminder(&self, tx: &Tx<'_>, waiting_since: Timestamp) -> Line {
        let texts = catalogue(self.company.language);
        let waited = u32::try_from(tx.now().seconds_since(waiting_since) / 60).unwrap_or(u32::MAX);
        let said = texts.text("server.idle.reminder").replace("{waited}", &span(waited));
        let text = said.replace("{left}", &span(self.company.settings.idle.warning_minutes));
        let line = self.line(tx, TimelineEvent::AgentIdle, text);
        let author = Author { name: Some(texts.text("server.idle.author").to_owned()), ..line.author.clone() };
        Line { author, kind: MessageKind::Note, ..line }
    }
}

/// A length of time in signs that all our languages share: "5 min", "1 h 20 min", "2 d 3 h".
fn span(minutes: u32) -> String {
    let signs = [(minutes / 1_440, "d"), (minutes / 60 % 24, "h"), (minutes % 60, "min")];
    let said: Vec<_> =
        signs.into_iter().filter(|(count, _)| *count > 0).map(|(count, sign)| format!("{count} {sign}")).collect();
    said.join(" ")
}
