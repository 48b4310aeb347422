//! Those who work here, as the clock sees them.

use std::collections::HashMap;

use balcao_types::{AgentId, AgentStatus, DepartmentId, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Plans, apply::next_change, extend::may_extend};
use crate::{access::Scope, agents, error::Result};

/// Somebody's hours now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShiftNow {
    /// Whether the person may be online: within the hours, or let stay longer.
    pub is_open: bool,
    /// When the hours change next; none where that is not known.
    pub until: Option<Timestamp>,
    /// The name of the exceptional day that is today.
    pub day: Option<String>,
    /// Until when a manager lets the person stay, while that lasts.
    pub extended_until: Option<Timestamp>,
    /// What the clock took, to be given back when the hours begin.
    pub held_status: Option<AgentStatus>,
}

/// Of whoever has no hours: former colleagues with conversations left.
impl Default for ShiftNow {
    fn default() -> Self {
        Self { is_open: true, until: None, day: None, extended_until: None, held_status: None }
    }
}

/// Everybody's hours at a time, of one read.
pub struct TeamHours {
    /// Of everybody active, and whether the caller may let them stay longer.
    pub shifts: HashMap<AgentId, (ShiftNow, bool)>,
    pub plans: Plans,
    /// When the hours of anybody change next; none where nobody has set any.
    pub changes_at: Option<Timestamp>,
}

/// Reads everybody's hours.
///
/// # Errors
/// When the database cannot be read.
pub async fn team_hours(connection: &impl ConnectionTrait, scope: &Scope, at: Timestamp) -> Result<TeamHours> {
    let plans = Plans::load(connection, scope.workspace).await?;
    let people = people(connection, scope.workspace, None).await?;
    let changes_at = if plans.is_empty() {
        None
    } else {
        Some(next_change(connection, scope.workspace, (&plans, &people), at).await?)
    };
    let told = |person: Person| (person.id, (person.shift(&plans, at), may_extend(scope, &person.departments)));
    let shifts = people.into_iter().map(told).collect();
    Ok(TeamHours { shifts, plans, changes_at })
}

/// One person's hours; as for whoever has none where the person is not active.
///
/// # Errors
/// When the database cannot be read.
pub async fn shift_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    agent: AgentId,
    at: Timestamp,
) -> Result<ShiftNow> {
    let plans = Plans::load(connection, workspace).await?;
    let person = people(connection, workspace, Some(agent)).await?.pop();
    Ok(person.map(|person| person.shift(&plans, at)).unwrap_or_default())
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
    pub held: Option<AgentStatus>,
    pub extended_until: Option<Timestamp>,
    /// Active ones.
    pub departments: Vec<DepartmentId>,
}

impl Person {
    /// The same as the locked row has it.
    pub fn locked(&self, model: &agents::Model) -> Self {
        Self {
            id: self.id,
            status: model.status,
            held: model.shift_status,
            extended_until: model.extended_until,
            departments: self.departments.clone(),
        }
    }

    fn shift(&self, plans: &Plans, at: Timestamp) -> ShiftNow {
        let hours = plans.agent(self.id, &self.departments, at);
        let extended_until = self.extended_until.filter(|until| *until > at);
        ShiftNow {
            is_open: hours.is_open || extended_until.is_some(),
            until: hours.until,
            day: plans.agent_day(self.id, &self.departments, at),
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

/// Everybody active, or one of them, in the order of their ids, as everybody locks them.
pub(super) async fn people(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    only: Option<AgentId>,
) -> Result<Vec<Person>> {
    let condition = if only.is_some() { "AND a.id = $2" } else { "" };
    let sql = format!(
        "SELECT a.id, a.status, a.shift_status, a.extended_until, d.id AS department_id FROM agents a \
         LEFT JOIN department_agents m ON m.workspace_id = a.workspace_id AND m.agent_id = a.id \
         LEFT JOIN departments d ON d.id = m.department_id AND d.is_active \
         WHERE a.workspace_id = $1 AND a.is_active {condition} ORDER BY a.id"
    );
    let values = [sea_orm::Value::from(workspace)].into_iter().chain(only.map(Into::into));
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let mut people: Vec<Person> = Vec::new();
    for row in connection.query_all_raw(statement).await? {
        let id: AgentId = row.try_get("", "id")?;
        if people.last().is_none_or(|last| last.id != id) {
            people.push(Person {
                id,
                status: row.try_get("", "status")?,
                held: row.try_get("", "shift_status")?,
                extended_until: row.try_get("", "extended_until")?,
                departments: Vec::new(),
            });
        }
        if let (Some(person), Some(department)) = (people.last_mut(), row.try_get("", "department_id")?) {
            person.departments.push(department);
        }
    }
    Ok(people)
}
