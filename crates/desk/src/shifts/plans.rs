//! All hours of a workspace as of one read, and who is there by them.

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

/// All hours of a workspace.
pub struct Plans {
    zone: TimeZone,
    company: Hours,
    departments: HashMap<DepartmentId, Hours>,
    agents: HashMap<AgentId, Hours>,
}

impl Plans {
    /// Reads them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Self> {
        let rows = connection
            .query_all_raw(Statement::from_sql_and_values(
                connection.get_database_backend(),
                "SELECT w.time_zone, p.owner, p.owner_id, p.document FROM workspaces w \
                 LEFT JOIN shift_plans p ON p.workspace_id = w.id WHERE w.id = $1",
                [workspace.into()],
            ))
            .await?;
        let mut plans = Self {
            zone: TimeZone::UTC,
            company: Hours::default(),
            departments: HashMap::new(),
            agents: HashMap::new(),
        };
        for row in rows {
            let name: String = row.try_get("", "time_zone")?;
            plans.zone = TimeZone::get(&name).unwrap_or(TimeZone::UTC);
            let Some(owner) = row.try_get::<Option<ShiftOwner>>("", "owner")? else { continue };
            let (id, document): (Uuid, String) = (row.try_get("", "owner_id")?, row.try_get("", "document")?);
            let hours: Hours = serde_json::from_str(&document)?;
            match owner {
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

    /// Whether a person has said something.
    pub fn has_own(&self, agent: AgentId) -> bool {
        self.agents.contains_key(&agent)
    }

    fn general(&self) -> Timetable<'_> {
        let all = Timetable::new(&self.company, self.zone.clone());
        if self.company.time_zone.is_some() { all.of(&self.company) } else { all }
    }

    /// Whether the company is there where no department says otherwise.
    pub fn company(&self, at: Timestamp) -> Now {
        hours::now(&[self.general()], at)
    }

    /// Whether a department is there: by its own shifts, else the general ones (T-103).
    pub fn department(&self, department: DepartmentId, at: Timestamp) -> Now {
        hours::now(&[self.of_department(department)], at)
    }

    fn of_department(&self, department: DepartmentId) -> Timetable<'_> {
        self.general().of(self.departments.get(&department).unwrap_or(&NONE))
    }

    /// Whether a person is: by the own shifts, else in the hours of any of the departments, else in the general ones (T-117).
    pub fn agent(&self, agent: AgentId, departments: &[DepartmentId], at: Timestamp) -> Now {
        let own = self.agents.get(&agent).unwrap_or(&NONE);
        let above: Vec<Timetable<'_>> = if departments.is_empty() || !own.shifts.is_empty() {
            vec![self.general()]
        } else {
            departments.iter().map(|department| self.of_department(*department)).collect()
        };
        let tables: Vec<Timetable<'_>> = above.iter().map(|table| table.of(own)).collect();
        hours::now(&tables, at)
    }
}
