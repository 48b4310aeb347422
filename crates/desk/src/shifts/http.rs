//! Operations on hours.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::{
    AgentId, ErrorCode, ShiftOwner, Timestamp, WorkspaceId,
    rules::{
        holidays::{self, Holiday},
        hours::{DAY_NAME_MAX, Hours, HoursFault, Now, Shift, Timetable, now},
        text::{folded, one_line},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{Plans, extend::ExtendShift, people::people, plans::day_of, save::SaveHours, table};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    agents,
    checks::Checks,
    departments,
    error::{Error, Result},
    http::{Asked, Body, ErrorAnswer},
};

/// The longest a shift may be extended, in minutes.
const EXTENSION_MAX: u32 = 12 * 60;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(list, save)).routes(routes!(holidays)).routes(routes!(extend))
}

/// Everybody's hours.
#[derive(Serialize, ToSchema)]
struct HoursAnswer {
    /// The company first, then every department by name, then everybody active.
    items: Vec<HoursOf>,
}

/// Somebody's hours.
#[derive(Serialize, ToSchema)]
struct HoursOf {
    owner: ShiftOwner,
    /// The department's or the person's; the workspace's own for the company.
    id: Uuid,
    hours: Hours,
    /// To be sent with a change; 0 where nothing was said.
    version: i64,
    /// Whether the owner is there now, by these hours or those above.
    is_open: bool,
    /// When that changes; none where that is not known.
    until: Option<Timestamp>,
    /// The name of the exceptional day that is today.
    day: Option<String>,
    /// The shifts in force: the own ones, else those above. Of a person in several departments all of theirs.
    in_force: Vec<Shift>,
}

/// Everybody's hours, whether they are there now, and which shifts are in force.
#[utoipa::path(get, path = "/hours", tag = "shifts", responses((status = 200, body = HoursAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn list(State(desk): State<Desk>, scope: Scope) -> Result<Json<HoursAnswer>> {
    Ok(Json(HoursAnswer { items: all(desk.store.read(), scope.workspace, desk.clock.now()).await? }))
}

async fn all(connection: &impl ConnectionTrait, workspace: WorkspaceId, at: Timestamp) -> Result<Vec<HoursOf>> {
    let plans = Plans::load(connection, workspace).await?;
    let models = table::Entity::find().filter(table::Column::WorkspaceId.eq(workspace)).all(connection).await?;
    let mut said: HashMap<Uuid, table::Model> = models.into_iter().map(|model| (model.owner_id, model)).collect();
    let mut items = Vec::new();
    let mut add = |owner, id: Uuid, tables: &[Timetable<'_>]| -> Result<()> {
        let model = said.remove(&id);
        let hours = model.as_ref().map(|model| serde_json::from_str(&model.document)).transpose()?.unwrap_or_default();
        let version = model.map_or(0, |model| model.version);
        let Now { is_open, until } = now(tables, at);
        let day = day_of(tables, at);
        let mut in_force: Vec<Shift> = tables.iter().flat_map(Timetable::shifts).cloned().collect();
        in_force.dedup();
        items.push(HoursOf { owner, id, hours, version, is_open, until, day, in_force });
        Ok(())
    };
    add(ShiftOwner::Company, workspace.0, &[plans.general()])?;
    let mut names: Vec<_> = departments::names(connection, workspace).await?.into_iter().collect();
    names.sort_by_cached_key(|(_, name)| folded(name));
    for (department, _) in &names {
        add(ShiftOwner::Department, department.0, &[plans.of_department(*department)])?;
    }
    for person in people(connection, workspace, None).await? {
        add(ShiftOwner::Agent, person.id.0, &plans.of_agent(person.id, &person.departments))?;
    }
    Ok(items)
}

/// Somebody's hours as they are to be.
#[derive(Deserialize, ToSchema)]
struct HoursForm {
    owner: ShiftOwner,
    /// The department or the person; absent for the company.
    id: Option<Uuid>,
    /// The version they were read with.
    version: i64,
    hours: Hours,
}

/// Saves somebody's hours whole; without shifts the ones above hold, without any at all it is always open (T-111). They hold at once: whoever is
/// outside of them is disconnected, no conversation is closed.
#[utoipa::path(put, path = "/hours", tag = "shifts", request_body = HoursForm,
    responses((status = 200, body = HoursOf), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 412, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn save(
    State(desk): State<Desk>,
    may: Grant<ability::ManageWorkspace>,
    Body(form): Body<HoursForm>,
) -> Result<Json<HoursOf>> {
    let workspace = may.scope.workspace;
    let (owner, mut hours) = (form.owner, cleaned(form.hours)?);
    let owner_id = match (owner, form.id) {
        (ShiftOwner::Company, _) => {
            // The company's own is in its settings.
            hours.time_zone = None;
            workspace.0
        }
        (_, Some(id)) => id,
        (_, None) => return Err(Error::field("id", ErrorCode::Required)),
    };
    desk.write(SaveHours { may, owner, owner_id, version: form.version, hours }).await?;
    let items = all(desk.store.read(), workspace, desk.clock.now()).await?;
    items.into_iter().find(|item| item.id == owner_id).map(Json).ok_or(Error::not_found())
}

/// Names in one line, days in their order; all that is wrong under the field where it stands.
fn cleaned(mut hours: Hours) -> Result<Hours> {
    for day in &mut hours.days {
        day.name = one_line(&day.name, DAY_NAME_MAX + 1).trim().to_owned();
    }
    for shift in &mut hours.shifts {
        shift.weekdays.sort_unstable();
    }
    let mut checks = Checks::default();
    for (path, fault) in hours.faults() {
        let field = format!("hours.{path}");
        match fault {
            HoursFault::Empty => checks.fault(&field, ErrorCode::ShiftEmpty),
            HoursFault::Overlaps => checks.fault(&field, ErrorCode::ShiftOverlaps),
            HoursFault::Required => checks.fault(&field, ErrorCode::Required),
            HoursFault::Weekday => checks.fault(&field, ErrorCode::InvalidValue),
            HoursFault::DateRepeated => checks.fault(&field, ErrorCode::DateRepeated),
            HoursFault::TimeZone => checks.fault(&field, ErrorCode::TimeZoneUnknown),
            HoursFault::TooMany(limit) => checks.fault_with(&field, ErrorCode::TooMany, json!({ "limit": limit })),
            HoursFault::TooLong(limit) => checks.fault_with(&field, ErrorCode::TooLong, json!({ "limit": limit })),
        }
    }
    checks.finish()?;
    hours.days.sort_by_key(|day| day.date);
    Ok(hours)
}

/// Which holidays.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HolidayQuery {
    /// A year from 1583 to 9999.
    year: i16,
    /// Two letters of a Brazilian state; absent: the nation's alone.
    state: Option<holidays::State>,
}

/// The holidays of a year.
#[derive(Serialize, ToSchema)]
struct HolidaysAnswer {
    items: Vec<Holiday>,
}

/// Brazil's holidays, to choose from: the nation's, a state's and its capital's, and days on which many close without having to (T-110).
#[utoipa::path(get, path = "/hours/holidays", tag = "shifts", params(HolidayQuery),
    responses((status = 200, body = HolidaysAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn holidays(_scope: Scope, Asked(asked): Asked<HolidayQuery>) -> Result<Json<HolidaysAnswer>> {
    let items = holidays::in_brazil(asked.year, asked.state);
    if items.is_empty() {
        Err(Error::field("year", ErrorCode::InvalidValue))
    } else {
        Ok(Json(HolidaysAnswer { items }))
    }
}

/// For how long somebody may be online outside of the hours.
#[derive(Deserialize, ToSchema)]
struct ExtensionForm {
    /// From the end of the shift that runs, else from now; up to 720. 0 ends it.
    minutes: u32,
}

/// Lets somebody be online outside of the hours for a while (T-114): for administrators, and for managers in their departments.
#[utoipa::path(put, path = "/agents/{id}/extension", tag = "shifts", params(("id" = AgentId, Path)), request_body = ExtensionForm,
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn extend(
    State(desk): State<Desk>,
    scope: Scope,
    Path(id): Path<String>,
    Body(form): Body<ExtensionForm>,
) -> Result<StatusCode> {
    let agent: AgentId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    agents::one_by_id(scope.workspace, agent).one(desk.store.read()).await?.ok_or(Error::not_found())?;
    if form.minutes > EXTENSION_MAX {
        return Err(Error::limited("minutes", ErrorCode::TooMany, EXTENSION_MAX as usize));
    }
    desk.write(ExtendShift { scope, agent, minutes: form.minutes }).await?;
    Ok(StatusCode::NO_CONTENT)
}
