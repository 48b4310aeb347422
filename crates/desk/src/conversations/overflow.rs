//! Conversations that have waited too long go to the department that is set beside theirs, as soon as somebody is there (Z-122). A job looks twice
//! a minute, as long as any department has such a limit.

use balcao_platform::{
    jobs::{Job, JobError, JobResult},
    store::NewJob,
};
use balcao_types::{
    Actor, ConversationId, ConversationState, DepartmentId, Event, TimelineEvent, Timestamp, WorkspaceId,
    rules::overflow::{Overflow, next},
};
use sea_orm::{ConnectionTrait, Statement};

use super::{
    message::SystemLine,
    moving::save_place,
    said::{said_line, visitors_language},
    table,
    timeline::add_line,
};
use crate::{
    Desk,
    departments::{self, Department},
    error::{Error, Result},
    projects,
    routing::{self, Rule},
    texts::catalogue,
    tx::{Command, Tx},
    workspaces,
};

/// The job's kind.
pub const OVERFLOW: &str = "overflow";

/// How often it is looked.
const EVERY_SECONDS: i64 = 30;
/// How many conversations of a department one look moves; the next one goes on.
const STEP: i64 = 200;

/// Looks for who has waited too long; at most one job of a workspace waits.
pub fn overflow_job(workspace: WorkspaceId, run_at: Timestamp) -> NewJob {
    let unique_key = Some(format!("overflow:{workspace}"));
    NewJob { workspace: Some(workspace), kind: OVERFLOW, body: "{}".to_owned(), run_at, unique_key }
}

/// Looks for who has waited too long, and moves them.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn look_for_overflow(desk: Desk, job: Job) -> JobResult {
    let Some(workspace) = job.workspace else { return Err(JobError::Fail("queues without a workspace".to_owned())) };
    let retry = |error: Error| JobError::Retry(format!("{error:?}"));
    // The next look first, so that nothing ends the looking.
    if !desk.write(LookAgain { workspace }).await.map_err(retry)? {
        return Ok(None);
    }
    let now = desk.clock.now();
    for department in departments::all_departments(desk.store.read(), workspace).await.map_err(retry)? {
        if rule_of(&department).target.is_none() {
            continue;
        }
        for conversation in late(desk.store.read(), workspace, &department, now).await.map_err(retry)? {
            desk.write(Move { workspace, conversation }).await.map_err(retry)?;
        }
    }
    Ok(None)
}

/// How a department overflows; without a target where it does not.
fn rule_of(department: &Department) -> Overflow {
    let minutes = department.settings.overflow_minutes;
    Overflow { minutes, target: department.overflow_department_id.filter(|_| minutes > 0) }
}

/// Queues the next look, as long as any department overflows; answers whether one does.
struct LookAgain {
    workspace: WorkspaceId,
}

impl Command for LookAgain {
    type Answer = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let all = departments::all_departments(&**tx, self.workspace).await?;
        let does = all.iter().any(|department| rule_of(department).target.is_some());
        if does {
            let next = tx.now().plus_seconds(EVERY_SECONDS);
            tx.enqueue(overflow_job(self.workspace, next));
        }
        Ok(does)
    }
}

/// What has waited in a department's queue for longer than its limit, whoever came first.
async fn late(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: &Department,
    now: Timestamp,
) -> Result<Vec<ConversationId>> {
    let sql = "SELECT id FROM conversations WHERE workspace_id = $1 AND department_id = $2 AND state = 'queue' \
               AND COALESCE(came_at, queued_at) <= $3 ORDER BY queued_at, id LIMIT $4";
    let before = now.plus_seconds(-60 * i64::from(department.settings.overflow_minutes));
    let values = [workspace.into(), department.id.into(), before.into(), STEP.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Moves a conversation that has waited too long, if it still has.
struct Move {
    workspace: WorkspaceId,
    conversation: ConversationId,
}

impl Command for Move {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.workspace;
        let found = tx.lock_conversation(workspace, self.conversation).await?;
        let Some(mut conversation) = found.filter(|found| found.state == ConversationState::Queue) else {
            return Ok(());
        };
        let here = conversation.department_id;
        let department = departments::department_by_id(&**tx, workspace, here).await?.ok_or(Error::not_found())?;
        let mut been = conversation.overflowed()?;
        let since = conversation.came_at.or(conversation.queued_at).unwrap_or(conversation.opened_at);
        let Some(target) = next(here, rule_of(&department), (since, &been), tx.now()) else { return Ok(()) };
        let Some(target) = self.ready(tx, target, conversation.is_handed_on()).await? else { return Ok(()) };
        been.push(here);
        let before = conversation.place();
        conversation.belong_to(&target);
        conversation.came_at = Some(tx.now());
        conversation.overflowed = Some(serde_json::to_string(&been)?);
        save_place(tx, &mut conversation).await?;
        let company = workspaces::by_id(&**tx, workspace).await?.ok_or(Error::not_found())?;
        let text = catalogue(visitors_language(&conversation, company.language)).text("server.overflow.moved");
        let said = SystemLine {
            code: TimelineEvent::Overflowed,
            name: Some(department.name),
            target: Some(target.name.clone()),
        };
        let line = said_line(tx, &conversation, said, text.replace("{department}", &target.name));
        add_line(tx, &mut conversation, line).await?;
        let place = conversation.place();
        tx.emit(workspace, Event::ConversationTransferred { before, place, actor: Actor::system() })?;
        let rule = Rule::of(&**tx, workspace, target.id).await?.ok_or(Error::not_found())?;
        routing::assign(tx, &mut conversation, &rule).await
    }
}

impl Move {
    /// The department, where it takes conversations and somebody is there: it does not help to wait elsewhere for nobody.
    async fn ready(&self, tx: &Tx<'_>, target: DepartmentId, is_handed_on: bool) -> Result<Option<departments::Model>> {
        let workspace = self.workspace;
        let Some(found) = departments::hold_active_department(tx, workspace, target).await? else { return Ok(None) };
        let is_ready = projects::is_open_for(&**tx, workspace, found.project_id).await?
            && routing::is_anybody_online(&**tx, workspace, target, is_handed_on, tx.now()).await?;
        Ok(Some(found).filter(|_| is_ready))
    }
}

impl table::Model {
    /// The departments it has left by itself while it waits.
    ///
    /// # Errors
    /// When the stored list is not readable.
    fn overflowed(&self) -> Result<Vec<DepartmentId>> {
        Ok(self.overflowed.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default())
    }
}
