//! Which ratings, or asked conversations, are meant.

use balcao_types::{DepartmentId, Timestamp, WorkspaceId};

use crate::{
    access::{AgentScope, Scope},
    sql::Conditions,
};

/// From when to when, and of one department alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The moment after the last is no part of it.
    pub span: (Timestamp, Timestamp),
    pub department: Option<DepartmentId>,
}

impl Conditions {
    /// Of a workspace's rows those of the time that a column tells.
    fn within(workspace: WorkspaceId, (table, time): (&str, &str), wanted: &Wanted) -> Self {
        let mut conditions = Self::of(workspace, table);
        let (begin, end) = wanted.span;
        let (begin, end) = (conditions.bind(begin), conditions.bind(end));
        conditions.and(&format!("{table}.{time} >= {begin} AND {table}.{time} < {end}"));
        if let Some(department) = wanted.department {
            let department = conditions.bind(department);
            conditions.and(&format!("{table}.department_id = {department}"));
        }
        conditions
    }

    /// The ratings, called `r`, that the person may see: those of the departments managed, and one's own (T-184).
    pub(super) fn of_ratings(scope: &Scope, wanted: &Wanted) -> Self {
        let mut conditions = Self::within(scope.workspace, ("r", "answered_at"), wanted);
        let Some(managed) = scope.agent.managed_departments() else { return conditions };
        let own = conditions.bind(scope.agent.agent);
        if managed.is_empty() {
            conditions.and(&format!("r.agent_id = {own}"));
        } else {
            let managed = conditions.bind_all(managed);
            conditions.and(&format!("(r.agent_id = {own} OR r.department_id IN ({managed}))"));
        }
        conditions
    }

    /// The conversations, called `c`, that have ended in the departments managed, whose visitor was asked and has not answered; none where nothing
    /// is managed.
    pub(super) fn of_unanswered(scope: &Scope, wanted: &Wanted) -> Option<Self> {
        let mut conditions = Self::within(scope.workspace, ("c", "closed_at"), wanted);
        // Only closed ones have either.
        conditions.and("c.survey IS NOT NULL");
        if let Some(managed) = scope.agent.managed_departments() {
            if managed.is_empty() {
                return None;
            }
            let managed = conditions.bind_all(managed);
            conditions.and(&format!("c.department_id IN ({managed})"));
        }
        Some(conditions)
    }
}

/// Whether the person looks after anything.
pub(super) fn manages_something(agent: &AgentScope) -> bool {
    agent.managed_departments().is_none_or(|managed| !managed.is_empty())
}
