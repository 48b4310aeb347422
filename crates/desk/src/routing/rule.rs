//! How a department's conversations are distributed: its own word, else the company's (T-089, X-022).

use balcao_types::{
    AgentId, DepartmentId, Distribution, WorkspaceId,
    rules::routing::strictest,
    settings::{DepartmentSettings, WorkspaceSettings},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::error::Result;

/// How a department's conversations are distributed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub distribution: Distribution,
    /// With how many conversations somebody is full, of whom nothing stricter is said (Z-128).
    pub limit: u32,
    /// Who comes first where conversations are given in order (Z-120).
    order: Vec<AgentId>,
}

impl Rule {
    /// What follows from a department's settings and the company's.
    pub fn new(department: &DepartmentSettings, company: &WorkspaceSettings) -> Self {
        let distribution = department.distribution.within(company.distribution);
        let limit = strictest(company.simultaneous_limit, department.simultaneous_limit, None);
        Self { distribution, limit, order: department.order.clone() }
    }

    /// Whether anybody is given anything.
    pub const fn is_on(&self) -> bool {
        !matches!(self.distribution, Distribution::Off)
    }

    /// Which place somebody has in the department's order; the last one who is not named.
    pub(super) fn place(&self, agent: AgentId) -> usize {
        self.order.iter().position(|named| *named == agent).unwrap_or(usize::MAX)
    }

    /// Reads a row with both settings, as `department` and `company`.
    pub(super) fn from_row(row: &QueryResult) -> Result<Self> {
        let department: String = row.try_get("", "department")?;
        let company: String = row.try_get("", "company")?;
        Ok(Self::new(&serde_json::from_str(&department)?, &serde_json::from_str(&company)?))
    }

    /// The rule of one department; none when the workspace has no such department.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn of(
        connection: &impl ConnectionTrait,
        workspace: WorkspaceId,
        department: DepartmentId,
    ) -> Result<Option<Self>> {
        let row = connection
            .query_one_raw(Statement::from_sql_and_values(
                connection.get_database_backend(),
                "SELECT d.settings AS department, w.settings AS company FROM departments d \
                 JOIN workspaces w ON w.id = d.workspace_id WHERE d.id = $1 AND d.workspace_id = $2",
                [department.into(), workspace.into()],
            ))
            .await?;
        row.as_ref().map(Self::from_row).transpose()
    }
}

/// Whether any department of a workspace distributes its conversations.
///
/// # Errors
/// When the database cannot be read.
pub async fn distributes(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<bool> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT d.settings AS department, w.settings AS company FROM departments d \
             JOIN workspaces w ON w.id = d.workspace_id WHERE d.workspace_id = $1",
            [workspace.into()],
        ))
        .await?;
    for row in &rows {
        if Rule::from_row(row)?.is_on() {
            return Ok(true);
        }
    }
    Ok(false)
}
