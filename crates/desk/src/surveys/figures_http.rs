//! The operations by which people read what visitors said: in figures, and one by one.

use axum::{Json, extract::State};
use balcao_types::{
    AgentId, DepartmentId, ErrorCode,
    rules::{
        grades::Scale,
        period::{DAYS_MAX, Period, day},
    },
};
use jiff::civil;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    conditions::Wanted,
    figures::{AgentFigures, Counted, DepartmentFigures, OtherScale, RatingCounts, figures},
    list::{Filter, RatingRow, list},
};
use crate::{
    Desk,
    access::Scope,
    checks::Checks,
    error::{Error, Result},
    http::{Asked, Cursor, ErrorAnswer},
    workspaces::{self, Workspace},
};

/// The period where none is asked for, in days.
const DAYS: i32 = 30;

/// The operations on ratings that were given.
pub(super) fn figures_router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(rating_figures)).routes(routes!(ratings))
}

/// Of when and where.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FiguresParameters {
    /// The first day, in the company's time zone: `2026-11-20`. Thirty days with the last one when absent.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// The last day; today when absent. Up to 366 days.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
    department: Option<DepartmentId>,
}

/// The ratings of a period in figures.
#[derive(Serialize, ToSchema)]
struct RatingFigures {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: civil::Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    to: civil::Date,
    /// The company's present range, on which all figures are told.
    lowest: i64,
    highest: i64,
    /// Other ranges on which some of the ratings were given: they count by how far they are from the lowest to the highest.
    other_scales: Vec<OtherScale>,
    whole: RatingCounts,
    /// Most ratings first; without any, those who serve.
    agents: Vec<AgentFigures>,
    /// Most ratings first; without any, those managed.
    departments: Vec<DepartmentFigures>,
}

/// The ratings of the departments one manages and one's own, counted: by grade, by person, by department (T-184, A-061). A grade of another range
/// than the company's present one counts by how far it is on the way from the lowest to the highest.
#[utoipa::path(get, path = "/ratings/figures", tag = "surveys", params(FiguresParameters),
    responses((status = 200, body = RatingFigures), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn rating_figures(
    State(desk): State<Desk>,
    scope: Scope,
    Asked(asked): Asked<FiguresParameters>,
) -> Result<Json<RatingFigures>> {
    let (read, now) = (desk.store.read(), desk.clock.now());
    let company = workspaces::by_id(read, scope.workspace).await?.ok_or(Error::not_found())?;
    let mut checks = Checks::default();
    let asked_period = (asked.from.as_deref(), asked.to.as_deref());
    let (period, span) = checked_period(&mut checks, asked_period, &company, now.to_jiff());
    checks.finish()?;
    let wanted = Wanted { span, department: asked.department };
    let scale = scale_of(&company);
    let Counted { other_scales, whole, agents, departments } = figures(read, &scope, &wanted, (scale, now)).await?;
    let (Period { from, to }, Scale { lowest, highest }) = (period, scale);
    Ok(Json(RatingFigures { from, to, lowest, highest, other_scales, whole, agents, departments }))
}

/// Which ratings are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RatingsParameters {
    /// The first day, in the company's time zone: `2026-11-20`. Thirty days with the last one when absent.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// The last day; today when absent. Up to 366 days.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
    department: Option<DepartmentId>,
    /// Whose they are.
    agent: Option<AgentId>,
    /// Of the company's present range: those that the figures count there.
    grade: Option<i64>,
    /// Only those with a comment.
    #[serde(default)]
    commented: bool,
    /// The ratings before this one, by its id.
    before: Option<String>,
}

/// Ratings, newest first.
#[derive(Serialize, ToSchema)]
struct RatingsAnswer {
    items: Vec<RatingRow>,
    has_more: bool,
}

/// The ratings of the departments one manages and one's own, 50 at a time. What was skipped is only counted.
#[utoipa::path(get, path = "/ratings", tag = "surveys", params(RatingsParameters),
    responses((status = 200, body = RatingsAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn ratings(
    State(desk): State<Desk>,
    scope: Scope,
    Asked(asked): Asked<RatingsParameters>,
) -> Result<Json<RatingsAnswer>> {
    let read = desk.store.read();
    let company = workspaces::by_id(read, scope.workspace).await?.ok_or(Error::not_found())?;
    let mut checks = Checks::default();
    let asked_period = (asked.from.as_deref(), asked.to.as_deref());
    let (_, span) = checked_period(&mut checks, asked_period, &company, desk.clock.now().to_jiff());
    let scale = scale_of(&company);
    if asked.grade.is_some_and(|grade| !(scale.lowest..=scale.highest).contains(&grade)) {
        checks.fault("grade", ErrorCode::InvalidValue);
    }
    let cursor = asked.before.as_deref().filter(|before| !before.is_empty());
    let before = cursor.and_then(Cursor::parse);
    if cursor.is_some() && before.is_none() {
        checks.fault("before", ErrorCode::InvalidValue);
    }
    checks.finish()?;
    let wanted = Wanted { span, department: asked.department };
    let grade = asked.grade.map(|grade| (grade, scale));
    let filter = Filter { agent: asked.agent, grade, with_comment: asked.commented, before };
    let (items, has_more) = list(read, &scope, &wanted, &filter).await?;
    Ok(Json(RatingsAnswer { items, has_more }))
}

/// The range that the company asks for at present.
fn scale_of(company: &Workspace) -> Scale {
    let survey = &company.settings.survey;
    Scale { lowest: survey.lowest.into(), highest: survey.highest.into() }
}

/// The days that are asked for, and from when to when they last in the company's time zone. What is wrong is noted.
fn checked_period(
    checks: &mut Checks,
    (from, to): (Option<&str>, Option<&str>),
    company: &Workspace,
    now: jiff::Timestamp,
) -> (Period, (balcao_types::Timestamp, balcao_types::Timestamp)) {
    let zone = company.zone();
    let today = now.to_zoned(zone.clone()).date();
    let mut read = |field: &str, text: Option<&str>| {
        let found = text.map(day);
        if found == Some(None) {
            checks.fault(field, ErrorCode::InvalidValue);
        }
        found.flatten()
    };
    let (from, to) = (read("from", from), read("to", to));
    let last = Period::ending(to.unwrap_or(today), DAYS);
    let period = Period { from: from.unwrap_or(last.from), ..last };
    let is_read = !checks.concern("from") && !checks.concern("to");
    if is_read && !period.is_sensible() {
        checks.fault_with("from", ErrorCode::PeriodInvalid, json!({ "days": DAYS_MAX }));
    }
    let span = period.span(&zone);
    if span.is_none() {
        checks.fault("to", ErrorCode::InvalidValue);
    }
    let nothing = (balcao_types::Timestamp(0), balcao_types::Timestamp(0));
    (period, span.unwrap_or(nothing))
}
