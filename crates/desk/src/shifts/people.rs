//! Everybody who works here, as the clock sees them.

use std::collections::HashMap;

use balcao_types::{AgentId, AgentStatus, DepartmentId, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Plans, extend::may_extend};
use crate::{access::Scope, error::Result};

/// Somebody's hours now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShiftNow {
    /// Whether the person may be online: within the hours, or let stay longer.
    pub is_open: bool,
    /// When the hours change next; none where that is not within about a year.
    pub until: Option<Timestamp>,
    /// Until when a manager lets the person stay, while that lasts.
    pub extended_until: Option<Timestamp>,
    /// What the clock took, to be given back when the hours begin.
    pub held_status: Option<AgentStatus>,
}

/// The hours of everybody active, and whether the caller may let them stay longer.
///
/// # Errors
/// When the database cannot be read.
pub async fn shifts_now(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    at: Timestamp,
) -> Result<HashMap<AgentId, (ShiftNow, bool)>> {
    let plans = Plans::load(connection, scope.workspace).await?;
    let people = people(connection, scope.workspace).await?;
    let told = |person: Person| (person.id, (person.shift(&plans, at), may_extend(scope, &person.departments)));
    Ok(people.into_iter().map(told).collect())
}

/// What the clock has to do with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Disconnect,
    Connect,
}

/// One who works here, as the clock sees it.
pub(super) struct Person {
    pub id: AgentId,
    status: AgentStatus,
    /// What the clock has taken, to be given back.
    held: Option<AgentStatus>,
    pub extended_until: Option<Timestamp>,
    pub departments: Vec<DepartmentId>,
}

impl Person {
    fn shift(&self, plans: &Plans, at: Timestamp) -> ShiftNow {
        let hours = plans.agent(self.id, &self.departments, at);
        let extended_until = self.extended_until.filter(|until| *until > at);
        ShiftNow {
            is_open: hours.is_open || extended_until.is_some(),
            until: hours.until,
            extended_until,
            held_status: self.held,
        }
    }

    pub fn due(&self, plans: &Plans, now: Timestamp) -> Option<Due> {
        match (self.shift(plans, now).is_open, self.held) {
            (true, Some(_)) => Some(Due::Connect),
            (false, _) if self.status != AgentStatus::Offline => Some(Due::Disconnect),
            _ => None,
        }
    }
}

/// Everybody active with the departments that count, in the order of their ids, as everybody locks them.
pub(super) async fn people(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Person>> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT a.id, a.status, a.shift_status, a.extended_until, d.id AS department_id FROM agents a \
             LEFT JOIN department_agents m ON m.workspace_id = a.workspace_id AND m.agent_id = a.id \
             LEFT JOIN departments d ON d.id = m.department_id AND d.is_active \
             WHERE a.workspace_id = $1 AND a.is_active ORDER BY a.id",
            [workspace.into()],
        ))
        .await?;
    let mut people: Vec<Person> = Vec::new();
    let mut places: HashMap<AgentId, usize> = HashMap::new();
    for row in rows {
        let id: AgentId = row.try_get("", "id")?;
        let place = *places.entry(id).or_insert(people.len());
        if place == people.len() {
            people.push(Person {
                id,
                status: row.try_get("", "status")?,
                held: row.try_get("", "shift_status")?,
                extended_until: row.try_get("", "extended_until")?,
                departments: Vec::new(),
            });
        }
        if let (Some(person), Some(department)) = (people.get_mut(place), row.try_get("", "department_id")?) {
            person.departments.push(department);
        }
    }
    Ok(people)
}
