//! What is said in a department: its own words, else the company's.

use balcao_types::{
    DepartmentId, WorkspaceId,
    settings::{DepartmentSettings, MessageSettings, WorkspaceSettings},
};
use sea_orm::{ConnectionTrait, Statement};

use crate::error::{Error, Result};

/// What is said in a department, and by what names.
pub struct Spoken {
    pub messages: MessageSettings,
    pub department: String,
    pub company: String,
    /// The department's own.
    pub settings: DepartmentSettings,
}

/// What is said in a department.
///
/// # Errors
/// 404 when the workspace has no such department.
pub async fn spoken_in(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
) -> Result<Spoken> {
    let sql = "SELECT d.name, d.settings AS own, w.company, w.settings AS general FROM departments d \
               JOIN workspaces w ON w.id = d.workspace_id WHERE d.id = $1 AND d.workspace_id = $2";
    let values = [department.into(), workspace.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let row = connection.query_one_raw(statement).await?.ok_or(Error::not_found())?;
    let (own, general): (String, String) = (row.try_get("", "own")?, row.try_get("", "general")?);
    let settings: DepartmentSettings = serde_json::from_str(&own)?;
    let general: WorkspaceSettings = serde_json::from_str(&general)?;
    Ok(Spoken {
        messages: settings.messages.over(&general.messages),
        department: row.try_get("", "name")?,
        company: row.try_get("", "company")?,
        settings,
    })
}
