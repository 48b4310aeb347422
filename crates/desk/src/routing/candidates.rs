//! Who is ready for a conversation in a department: active, online by the lease, member, may reply, of a level that may have it.

use balcao_types::{
    AgentId, AgentStatus, DepartmentId, Permission, Role, Timestamp, WorkspaceId,
    rules::{
        care::{CareLevel, may_have},
        routing::{Candidate, strictest},
    },
    settings::AgentSettings,
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use super::Rule;
use crate::{
    error::Result,
    projects::{LEVEL_COLUMNS, level_of_row},
    shifts::Plans,
};

/// What is open with somebody, counted to the largest limit there is and no further.
const OPEN: &str = "(SELECT COUNT(*) FROM (SELECT 1 AS one FROM conversations c WHERE c.workspace_id = a.workspace_id \
     AND c.assignee_id = a.id AND c.state = 'open' LIMIT 100) AS held) AS open";
/// The members of a department who are online.
const ONLINE: &str = "FROM department_agents m JOIN departments d ON d.id = m.department_id JOIN agents a ON a.id = m.agent_id \
    WHERE m.workspace_id = $1 AND m.department_id = $2 AND a.is_active AND a.status = $3 AND a.connected_until > $4";

/// Who is ready in a department, whether full or not: for what visitors begin, or for what was handed on. One read for all.
///
/// # Errors
/// When the database cannot be read.
pub async fn candidates(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
    is_handed_on: bool,
    (now, rule): (Timestamp, &Rule),
) -> Result<Vec<Candidate>> {
    let columns = format!("a.id, a.settings, a.assigned_at, {OPEN}");
    let mut ready = Vec::new();
    for row in online(connection, (workspace, department), now, &columns).await? {
        if let Some(level) = serving(&row, is_handed_on)? {
            ready.push(candidate(&row, level, rule)?);
        }
    }
    // Nobody is given anything of a department outside of its hours.
    let is_closed = !ready.is_empty() && !is_open(connection, workspace, department, now).await?;
    Ok(if is_closed { Vec::new() } else { ready })
}

/// Reads the members of a department who are online, with what decides whether they serve it.
async fn online(
    connection: &impl ConnectionTrait,
    (workspace, department): (WorkspaceId, DepartmentId),
    now: Timestamp,
    columns: &str,
) -> Result<Vec<QueryResult>> {
    let values = [workspace.into(), department.into(), AgentStatus::Online.into(), now.into()];
    let sql = format!("SELECT {columns}, a.role, {LEVEL_COLUMNS} {ONLINE}");
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    Ok(connection.query_all_raw(statement).await?)
}

/// At which level somebody serves; none for who may not have such a conversation.
fn serving(row: &QueryResult, is_handed_on: bool) -> Result<Option<CareLevel>> {
    let role: Role = row.try_get("", "role")?;
    let level = level_of_row(row)?.filter(|level| may_have(Some(*level), is_handed_on));
    Ok(level.filter(|_| role.may(Permission::ConversationsReply)))
}

fn candidate(row: &QueryResult, level: CareLevel, rule: &Rule) -> Result<Candidate> {
    let agent: AgentId = row.try_get("", "id")?;
    let settings: String = row.try_get("", "settings")?;
    let settings: AgentSettings = serde_json::from_str(&settings)?;
    let open: i64 = row.try_get("", "open")?;
    Ok(Candidate {
        agent,
        level,
        open: u32::try_from(open).unwrap_or(u32::MAX),
        limit: strictest(rule.limit, None, settings.simultaneous_limit),
        place: rule.place(agent),
        assigned_at: row.try_get("", "assigned_at")?,
    })
}

/// Whether somebody who may have such a conversation is online in a department that is in its hours, however busy.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_anybody_online(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
    is_handed_on: bool,
    now: Timestamp,
) -> Result<bool> {
    for row in online(connection, (workspace, department), now, "a.id").await? {
        if serving(&row, is_handed_on)?.is_some() {
            return is_open(connection, workspace, department, now).await;
        }
    }
    Ok(false)
}

async fn is_open(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
    now: Timestamp,
) -> Result<bool> {
    let plans = Plans::of_one_department(connection, workspace, department).await?;
    Ok(plans.department(department, now).is_open)
}
