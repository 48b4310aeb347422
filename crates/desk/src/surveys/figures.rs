//! The ratings in figures: of all that the person may see, of each who works here, of each department (T-184, A-061, A-063).
//!
//! The range of grades may have changed meanwhile, and grades of two ranges are never added as they stand: each counts by how far it is on the way
//! from the lowest to the highest of its own range, and means are told on the company's present one. In the distribution such a grade stands with
//! the nearest present one. How many those are, and from which ranges, is told beside it.

use std::collections::{BTreeMap, HashMap};

use balcao_types::{AgentId, DepartmentId, Timestamp, rules::grades::Scale};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use super::conditions::{Wanted, manages_something};
use crate::{
    access::Scope,
    agents::{Agent, all_agents},
    departments::{Department, all_departments},
    error::Result,
    sql::Conditions,
};

/// What visitors said, counted.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct RatingCounts {
    /// How many grades were given.
    pub ratings: i64,
    /// How many visitors have left it out.
    pub skipped: i64,
    /// How many conversations ended in the period and were asked about without an answer so far. Known of what one manages, and not of a person.
    pub unanswered: Option<i64>,
    /// On the company's present range, to two decimals; none without ratings, which is not the lowest grade (A-065).
    pub mean: Option<f64>,
    /// Every grade of the present range, the lowest first.
    pub grades: Vec<GradeCount>,
}

/// How many have given a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GradeCount {
    pub grade: i64,
    pub ratings: i64,
}

/// A range that was asked for earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OtherScale {
    pub lowest: i64,
    pub highest: i64,
    /// How many of the ratings were given on it.
    pub ratings: i64,
}

/// Somebody's ratings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AgentFigures {
    /// None where it is not known any more who it was.
    pub agent_id: Option<AgentId>,
    pub name: Option<String>,
    /// Whoever was deactivated keeps what was said (A-066).
    pub is_active: bool,
    #[serde(flatten)]
    pub figures: RatingCounts,
}

/// A department's ratings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DepartmentFigures {
    pub department_id: DepartmentId,
    /// None where it is not there any more.
    pub name: Option<String>,
    pub is_active: bool,
    #[serde(flatten)]
    pub figures: RatingCounts,
}

/// All figures of a period.
pub(super) struct Counted {
    pub other_scales: Vec<OtherScale>,
    pub whole: RatingCounts,
    pub agents: Vec<AgentFigures>,
    pub departments: Vec<DepartmentFigures>,
}

/// Counts the ratings that the person may see, on the company's present range. People and departments with most ratings come first; those without any
/// are there too.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn figures(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &Wanted,
    (scale, now): (Scale, Timestamp),
) -> Result<Counted> {
    let groups = groups(connection, scope, wanted).await?;
    let unanswered = unanswered(connection, scope, wanted).await?;
    let mut tallies = Tallies::default();
    for group in &groups {
        tallies.add(group, scale);
    }
    let mut whole = tallies.whole.figures(scale);
    let knows = manages_something(&scope.agent) && wanted.department.is_none_or(|one| scope.agent.manages(one));
    whole.unanswered = knows.then(|| unanswered.values().sum());
    let people = all_agents(connection, scope, now).await?;
    let places = all_departments(connection, scope.workspace).await?;
    Ok(Counted {
        other_scales: tallies.other_scales,
        whole,
        agents: of_agents(tallies.agents, people, (scope, wanted), scale),
        departments: of_departments(tallies.departments, (places, &unanswered), (scope, wanted), scale),
    })
}

/// Equal ratings, and how many they are.
struct Group {
    department: DepartmentId,
    agent: Option<AgentId>,
    scale: Scale,
    grade: Option<i64>,
    count: i64,
}

async fn groups(connection: &impl ConnectionTrait, scope: &Scope, wanted: &Wanted) -> Result<Vec<Group>> {
    let rows = Conditions::of_ratings(scope, wanted)
        .rows(
            connection,
            "SELECT r.department_id, r.agent_id, r.lowest, r.highest, r.grade, COUNT(*) AS count FROM ratings r",
            "GROUP BY r.department_id, r.agent_id, r.lowest, r.highest, r.grade",
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Group {
                department: row.try_get("", "department_id")?,
                agent: row.try_get("", "agent_id")?,
                scale: Scale { lowest: row.try_get("", "lowest")?, highest: row.try_get("", "highest")? },
                grade: row.try_get("", "grade")?,
                count: row.try_get("", "count")?,
            })
        })
        .collect()
}

async fn unanswered(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<HashMap<DepartmentId, i64>> {
    let Some(conditions) = Conditions::of_unanswered(scope, wanted) else { return Ok(HashMap::new()) };
    let select = "SELECT c.department_id, COUNT(*) AS count FROM conversations c";
    let rows = conditions.rows(connection, select, "GROUP BY c.department_id").await?;
    rows.iter().map(|row| Ok((row.try_get("", "department_id")?, row.try_get("", "count")?))).collect()
}

/// Everything counted at once.
#[derive(Default)]
struct Tallies {
    whole: Tally,
    agents: HashMap<Option<AgentId>, Tally>,
    departments: HashMap<DepartmentId, Tally>,
    other_scales: Vec<OtherScale>,
}

impl Tallies {
    fn add(&mut self, group: &Group, scale: Scale) {
        self.whole.add(group, scale);
        self.agents.entry(group.agent).or_default().add(group, scale);
        self.departments.entry(group.department).or_default().add(group, scale);
        if group.grade.is_some() && group.scale != scale {
            self.add_other(group.scale, group.count);
        }
    }

    fn add_other(&mut self, Scale { lowest, highest }: Scale, count: i64) {
        match self.other_scales.iter_mut().find(|other| (other.lowest, other.highest) == (lowest, highest)) {
            Some(other) => other.ratings += count,
            None => {
                self.other_scales.push(OtherScale { lowest, highest, ratings: count });
                self.other_scales.sort_by_key(|other| (other.lowest, other.highest));
            }
        }
    }
}

/// The ratings of one of them.
#[derive(Default)]
struct Tally {
    ratings: i64,
    skipped: i64,
    /// How far all grades together are on the way.
    ways: i64,
    grades: BTreeMap<i64, i64>,
}

impl Tally {
    fn add(&mut self, group: &Group, scale: Scale) {
        let Some(grade) = group.grade else {
            self.skipped += group.count;
            return;
        };
        let way = group.scale.way(grade);
        self.ratings += group.count;
        self.ways += way * group.count;
        *self.grades.entry(scale.nearest(way)).or_default() += group.count;
    }

    fn figures(&self, scale: Scale) -> RatingCounts {
        let count = |grade| GradeCount { grade, ratings: self.grades.get(&grade).copied().unwrap_or(0) };
        RatingCounts {
            ratings: self.ratings,
            skipped: self.skipped,
            unanswered: None,
            mean: scale.mean(self.ways, self.ratings),
            grades: (scale.lowest..=scale.highest).map(count).collect(),
        }
    }
}

/// Who has ratings, whoever that is, and who of those asked about has none: whoever serves there (A-065, A-066).
fn of_agents(
    mut tallies: HashMap<Option<AgentId>, Tally>,
    people: Vec<Agent>,
    (scope, wanted): (&Scope, &Wanted),
    scale: Scale,
) -> Vec<AgentFigures> {
    let mut found = Vec::new();
    for person in people {
        let tally = tallies.remove(&Some(person.id));
        if tally.is_some() || is_expected(&person, scope, wanted) {
            found.push(AgentFigures {
                agent_id: Some(person.id),
                name: Some(person.name),
                is_active: person.is_active,
                figures: tally.unwrap_or_default().figures(scale),
            });
        }
    }
    found.extend(tallies.into_iter().map(|(agent_id, tally)| AgentFigures {
        agent_id,
        name: None,
        is_active: false,
        figures: tally.figures(scale),
    }));
    // They came by name, and stay so among equals.
    found.sort_by_key(|one| std::cmp::Reverse((one.figures.ratings, one.figures.skipped)));
    found
}

/// Whether somebody belongs in the figures without any rating.
fn is_expected(person: &Agent, scope: &Scope, wanted: &Wanted) -> bool {
    let is_seen = |department: DepartmentId| person.id == scope.agent.agent || scope.agent.manages(department);
    let belongs = |department: DepartmentId| person.departments.iter().any(|own| own.id == department);
    let is_there = match wanted.department {
        Some(department) => belongs(department) && is_seen(department),
        None => {
            scope.agent.role.is_administrator()
                || person.id == scope.agent.agent
                || person.departments.iter().any(|own| scope.agent.manages(own.id))
        }
    };
    person.may_serve() && !person.is_invited && is_there
}

/// The departments with ratings, and those managed without any.
fn of_departments(
    mut tallies: HashMap<DepartmentId, Tally>,
    (places, unanswered): (Vec<Department>, &HashMap<DepartmentId, i64>),
    (scope, wanted): (&Scope, &Wanted),
    scale: Scale,
) -> Vec<DepartmentFigures> {
    let mut found = Vec::new();
    for place in places {
        let (tally, is_managed) = (tallies.remove(&place.id), scope.agent.manages(place.id));
        let is_expected = is_managed && place.is_active && wanted.department.is_none_or(|one| one == place.id);
        let asked = unanswered.get(&place.id).copied();
        if tally.is_some() || asked.is_some() || is_expected {
            let mut figures = tally.unwrap_or_default().figures(scale);
            figures.unanswered = is_managed.then(|| asked.unwrap_or(0));
            let (department_id, name, is_active) = (place.id, Some(place.name), place.is_active);
            found.push(DepartmentFigures { department_id, name, is_active, figures });
        }
    }
    found.extend(tallies.into_iter().map(|(department_id, tally)| DepartmentFigures {
        department_id,
        name: None,
        is_active: false,
        figures: tally.figures(scale),
    }));
    found.sort_by_key(|one| std::cmp::Reverse((one.figures.ratings, one.figures.skipped)));
    found
}
