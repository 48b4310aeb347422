//! Conditions on conversations, with their values numbered as they are added.

use balcao_types::{AgentId, DepartmentId, WorkspaceId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::{access::AgentScope, error::Result};

/// A `WHERE` in the making; conversations are called `c`.
pub(super) struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    pub(super) fn new(workspace: WorkspaceId) -> Self {
        Self { sql: "WHERE c.workspace_id = $1".to_owned(), values: vec![workspace.into()] }
    }

    /// Adds a value; answers the parameter it stands under.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    pub(super) fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// Only what the agent sees.
    pub(super) fn seen_by(&mut self, agent: &AgentScope) {
        let Some(departments) = agent.seen_departments() else { return };
        let list: Vec<String> = departments.into_iter().map(|department: DepartmentId| self.bind(department)).collect();
        let own = self.bind(agent.agent);
        if list.is_empty() {
            self.and(&format!("c.assignee_id = {own}"));
        } else {
            self.and(&format!("(c.department_id IN ({}) OR c.assignee_id = {own})", list.join(", ")));
        }
    }

    pub(super) fn of_agent(&mut self, agent: AgentId) {
        let agent = self.bind(agent);
        self.and(&format!("c.assignee_id = {agent}"));
    }

    pub(super) fn in_department(&mut self, department: DepartmentId) {
        let department = self.bind(department);
        self.and(&format!("c.department_id = {department}"));
    }

    /// The conditions' text, for a select within another one.
    pub(super) fn text(&self) -> &str {
        &self.sql
    }

    pub(super) async fn rows(
        self,
        connection: &impl ConnectionTrait,
        select: &str,
        tail: &str,
    ) -> Result<Vec<QueryResult>> {
        let sql = format!("{select}{} {tail}", self.sql);
        self.run(connection, sql).await
    }

    /// Runs a statement that holds [`Self::text`].
    pub(super) async fn run(self, connection: &impl ConnectionTrait, sql: String) -> Result<Vec<QueryResult>> {
        Ok(connection
            .query_all_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, self.values))
            .await?)
    }
}
