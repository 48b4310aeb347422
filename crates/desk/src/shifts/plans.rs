//! The hours of a workspace as of one read, and who is there by them.

use std::collections::HashMap;

use balcao_types::{
    AgentId, DepartmentId, ShiftOwner, Timestamp, WorkspaceId,
    rules::hours::{self, Hours, Now, Timetable},
};
use jiff::tz::TimeZone;
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use crate::error::Result;

static NONE: Hours = Hours { time_zone: None, shifts: Vec::new(), days: Vec::new() };

/// The hours of a workspace. Whoever has said nothing, or taken it all back, is not among them.
pub struct Plans {
    zone: TimeZone,
    company: Hours,
    departments: HashMap<DepartmentId, Hours>,
    agents: HashMap<AgentId, Hours>,
}

impl Plans {
    /// Reads everybody's.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Self> {
        Self::read(connection, workspace, None).await
    }

    /// Reads what one department needs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn of_one_department(
        connection: &impl ConnectionTrait,
        workspace: WorkspaceId,
        department: DepartmentId,
    ) -> Result<Self> {
        Self::read(connection, workspace, Some(department.0)).await
    }

    /// `only`: whose besides the company's.
    async fn read(connection: &impl ConnectionTrait, workspace: WorkspaceId, only: Option<Uuid>) -> Result<Self> {
        let condition = if only.is_some() { "AND (p.owner = 'company' OR p.owner_id = $2)" } else { "" };
        let sql = format!(
            "SELECT w.time_zone, p.owner, p.owner_id, p.document FROM workspaces w \
             LEFT JOIN shift_plans p ON p.workspace_id = w.id {condition} WHERE w.id = $1"
        );
        let values = [sea_orm::Value::from(workspace)].into_iter().chain(only.map(Into::into));
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        let mut plans = Self {
            zone: TimeZone::UTC,
            company: Hours::default(),
            departments: HashMap::new(),
            agents: HashMap::new(),
        };
        for row in connection.query_all_raw(statement).await? {
            let name: String = row.try_get("", "time_zone")?;
            plans.zone = TimeZone::get(&name).unwrap_or(TimeZone::UTC);
            let Some(owner) = row.try_get::<Option<ShiftOwner>>("", "owner")? else { continue };
            let (id, document): (Uuid, String) = (row.try_get("", "owner_id")?, row.try_get("", "document")?);
            let hours: Hours = serde_json::from_str(&document)?;
            match owner {
                _ if hours == NONE => {}
                ShiftOwner::Company => plans.company = hours,
                ShiftOwner::Department => _ = plans.departments.insert(DepartmentId(id), hours),
                ShiftOwner::Agent => _ = plans.agents.insert(AgentId(id), hours),
            }
        }
        Ok(plans)
    }

    /// Whether nobody has said anything: then everybody is always there (T-111).
    pub fn is_empty(&self) -> bool {
        self.company == NONE && self.departments.is_empty() && self.agents.is_empty()
    }

    /// The general hours.
    pub fn general(&self) -> Timetable<'_> {
        Timetable::new(&self.company, self.zone.clone())
    }

    /// Whether the company is there where no department says otherwise.
    pub fn company(&self, at: Timestamp) -> Now {
        hours::now(&[self.general()], at)
    }

    /// A department's hours: its own shifts, else the general ones (T-103).
    pub fn of_department(&self, department: DepartmentId) -> Timetable<'_> {
        self.general().of(self.departments.get(&department).unwrap_or(&NONE))
    }

    /// Whether a department is there.
    pub fn department(&self, department: DepartmentId, at: Timestamp) -> Now {
        hours::now(&[self.of_department(department)], at)
    }

    /// A person's hours: the own shifts, else those of any of the departments, else the general ones (T-117). One timetable for each department,
    /// whose exceptional days and time zone count below the own ones.
    pub fn of_agent(&self, agent: AgentId, departments: &[DepartmentId]) -> Vec<Timetable<'_>> {
        let own = self.agents.get(&agent).unwrap_or(&NONE);
        if departments.is_empty() {
            return vec![self.general().of(own)];
        }
        departments.iter().map(|department| self.of_department(*department).of(own)).collect()
    }

    /// The name of the exceptional day that is today for a person, in any of the departments.
    pub fn agent_day(&self, agent: AgentId, departments: &[DepartmentId], at: Timestamp) -> Option<String> {
        day_of(&self.of_agent(agent, departments), at)
    }

    /// Whether a person is there.
    pub fn agent(&self, agent: AgentId, departments: &[DepartmentId], at: Timestamp) -> Now {
        hours::now(&self.of_agent(agent, departments), at)
    }
}

/// The name of the exceptional day on which a time lies, by any of the timetables.
pub fn day_of(tables: &[Timetable<'_>], at: Timestamp) -> Option<String> {
    tables.iter().find_map(|table| table.day_name(at)).map(str::to_owned)
}
