//! Conditions on conversations, which are called `c`.

use balcao_types::{AgentId, DepartmentId, WorkspaceId};

use crate::{access::AgentScope, sql::Conditions};

impl Conditions {
    pub(super) fn of_conversations(workspace: WorkspaceId) -> Self {
        Self::of(workspace, "c")
    }

    /// Only what the agent sees.
    pub(super) fn seen_by(&mut self, agent: &AgentScope) {
        let Some(departments) = agent.seen_departments() else { return };
        let is_nowhere = departments.is_empty();
        let list = self.bind_all(departments);
        let own = self.bind(agent.agent);
        if is_nowhere {
            self.and(&format!("c.assignee_id = {own}"));
        } else {
            self.and(&format!("(c.department_id IN ({list}) OR c.assignee_id = {own})"));
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
}
