//! At which level somebody serves a department: what the database knows of it, for `balcao_types::rules::care`.

use balcao_types::{
    AgentId, DepartmentId, ErrorCode, WorkspaceId,
    rules::care::{self, CareLevel},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::error::{Error, Result};

/// What decides at which level the person `a` serves the department `d`, as columns for [`level_of_row`]. Groups are looked up as they are now
/// by the keys of their tables.
pub const LEVEL_COLUMNS: &str = "(SELECT own.level FROM project_agents own WHERE own.workspace_id = a.workspace_id \
     AND own.project_id = d.project_id AND own.agent_id = a.id) AS own_level, \
    (SELECT MIN(g.level) FROM project_groups g JOIN department_agents gm ON gm.workspace_id = g.workspace_id \
     AND gm.department_id = g.department_id AND gm.agent_id = a.id \
     WHERE g.workspace_id = a.workspace_id AND g.project_id = d.project_id) AS group_level, \
    (SELECT pr.only_specialists FROM projects pr WHERE pr.id = d.project_id) AS only_specialists";

/// The level by a row with [`LEVEL_COLUMNS`]; none for who does not serve there, or where there is no department.
///
/// # Errors
/// When the row has no such columns.
pub fn level_of_row(row: &QueryResult) -> Result<Option<CareLevel>> {
    let Some(only) = row.try_get::<Option<bool>>("", "only_specialists")? else { return Ok(None) };
    let own: Option<CareLevel> = row.try_get("", "own_level")?;
    let groups: Option<CareLevel> = row.try_get("", "group_level")?;
    Ok(care::level_of(own, groups, only))
}

/// At which level one person serves a department.
///
/// # Errors
/// When the database cannot be read.
pub async fn level_in(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
    agent: AgentId,
) -> Result<Option<CareLevel>> {
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            format!(
                "SELECT {LEVEL_COLUMNS} FROM agents a, departments d \
                 WHERE a.workspace_id = $1 AND a.id = $2 AND d.workspace_id = $1 AND d.id = $3"
            ),
            [workspace.into(), agent.into(), department.into()],
        ))
        .await?;
    row.as_ref().map_or(Ok(None), level_of_row)
}

/// Refuses what somebody of a level may not have.
///
/// # Errors
/// 409 with the reason.
pub const fn refuse_level(level: Option<CareLevel>, is_handed_on: bool) -> Result<()> {
    match level {
        Some(CareLevel::Second) if !is_handed_on => Err(Error::refused(ErrorCode::SecondLevel)),
        None => Err(Error::refused(ErrorCode::NotASpecialist)),
        Some(_) => Ok(()),
    }
}
