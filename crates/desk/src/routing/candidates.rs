//! Who is ready for a new conversation in a department: active, online by the lease, member, may reply, first level.

use balcao_types::{
    AgentId, AgentStatus, DepartmentId, Permission, Role, Timestamp, WorkspaceId, rules::routing::Candidate,
    settings::AgentSettings,
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::{error::Result, shifts::Plans};

/// One read for all members who are online. What is open with each is counted to the largest limit there is and no further.
const READY: &str = "SELECT a.id, a.role, a.settings, a.assigned_at, \
    (SELECT COUNT(*) FROM (SELECT 1 AS one FROM conversations c WHERE c.workspace_id = a.workspace_id \
     AND c.assignee_id = a.id AND c.state = 'open' LIMIT 100) AS held) AS open \
    FROM department_agents m JOIN departments d ON d.id = m.department_id JOIN agents a ON a.id = m.agent_id \
    LEFT JOIN project_agents p ON p.workspace_id = m.workspace_id AND p.project_id = d.project_id AND p.agent_id = m.agent_id \
    WHERE m.workspace_id = $1 AND m.department_id = $2 AND a.is_active AND a.status = $3 AND a.connected_until > $4 \
    AND COALESCE(p.level, 1) = 1";

/// Who is ready in a department, whether full or not. `limit`: the company's.
///
/// # Errors
/// When the database cannot be read.
pub async fn candidates(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
    (now, limit): (Timestamp, u32),
) -> Result<Vec<Candidate>> {
    let values = [workspace.into(), department.into(), AgentStatus::Online.into(), now.into()];
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(connection.get_database_backend(), READY, values))
        .await?;
    let mut ready = Vec::with_capacity(rows.len());
    for row in &rows {
        let role: Role = row.try_get("", "role")?;
        if role.may(Permission::ConversationsReply) {
            ready.push(candidate(row, limit)?);
        }
    }
    // Nobody is given anything of a department outside of its hours.
    let is_closed = !ready.is_empty() && !is_open(connection, workspace, department, now).await?;
    Ok(if is_closed { Vec::new() } else { ready })
}

fn candidate(row: &QueryResult, limit: u32) -> Result<Candidate> {
    let agent: AgentId = row.try_get("", "id")?;
    let settings: String = row.try_get("", "settings")?;
    let settings: AgentSettings = serde_json::from_str(&settings)?;
    let open: i64 = row.try_get("", "open")?;
    Ok(Candidate {
        agent,
        open: u32::try_from(open).unwrap_or(u32::MAX),
        limit: settings.simultaneous_limit.unwrap_or(limit),
        assigned_at: row.try_get("", "assigned_at")?,
    })
}

/// Whether somebody who may reply is online in a department that is in its hours, of whatever level and however busy.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_anybody_online(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
    now: Timestamp,
) -> Result<bool> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT a.role FROM department_agents m JOIN agents a ON a.id = m.agent_id \
             WHERE m.workspace_id = $1 AND m.department_id = $2 AND a.is_active AND a.status = $3 AND a.connected_until > $4",
            [workspace.into(), department.into(), AgentStatus::Online.into(), now.into()],
        ))
        .await?;
    for row in rows {
        if row.try_get::<Role>("", "role")?.may(Permission::ConversationsReply) {
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
