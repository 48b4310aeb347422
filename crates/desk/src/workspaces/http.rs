//! Setting up, and the company's data.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use balcao_types::{ErrorCode, Language};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    SetUp, Workspace, by_id,
    change::{ChangeWorkspace, WorkspaceChanges},
    is_set_up,
};
use crate::{
    Desk,
    access::{Grant, ability, password},
    agents::{Me, logged_in, user_agent},
    checks::Checks,
    error::{Error, Result},
    http::{Body, ClientAddress, ErrorAnswer},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(show_setup, set_up)).routes(routes!(change))
}

/// Whether the installation still has to be set up.
#[derive(Serialize, ToSchema)]
struct SetupShown {
    needed: bool,
}

/// Tells whether the installation still has to be set up.
#[utoipa::path(get, path = "/setup", tag = "workspaces", responses((status = 200, body = SetupShown)),
    extensions(("x-permission" = json!("public"))))]
async fn show_setup(State(desk): State<Desk>) -> Result<Json<SetupShown>> {
    Ok(Json(SetupShown { needed: !is_set_up(desk.store.read()).await? }))
}

/// The company and its first administrator.
#[derive(Deserialize, ToSchema)]
struct SetUpForm {
    /// From the link that the program printed.
    token: String,
    /// 1 to 120 characters.
    company: String,
    language: Language,
    time_zone: String,
    name: String,
    email: String,
    /// 10 to 200 characters.
    password: String,
}

/// Claims the installation and logs its first administrator in.
#[utoipa::path(post, path = "/setup", tag = "workspaces", request_body = SetUpForm,
    responses((status = 201, body = Me), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("public"))))]
async fn set_up(
    State(desk): State<Desk>,
    address: ClientAddress,
    headers: HeaderMap,
    Body(form): Body<SetUpForm>,
) -> Result<Response> {
    desk.limits.logins.check(&address.key()).map_err(Error::too_many)?;
    if is_set_up(desk.store.read()).await? {
        return Err(Error::refused(ErrorCode::AlreadySetUp));
    }
    let mut checks = Checks::default();
    let company = checks.required("company", &form.company, 120);
    let name = checks.required("name", &form.name, 120);
    let email = checks.email("email", &form.email);
    checks.password("password", &form.password, &email);
    check_time_zone(&mut checks, &form.time_zone);
    checks.finish()?;
    let command = SetUp {
        token: Some(form.token),
        company,
        language: form.language,
        time_zone: form.time_zone,
        name,
        email,
        password_hash: password::hash(form.password).await?,
        user_agent: user_agent(&headers),
    };
    let (_, session) = desk.write(command).await?;
    logged_in(&desk, StatusCode::CREATED, &session.token).await
}

/// Changes to the company. What is absent stays; `settings` is a merge patch in which `null` restores a default.
#[derive(Deserialize, ToSchema)]
struct WorkspaceForm {
    company: Option<String>,
    language: Option<Language>,
    time_zone: Option<String>,
    #[schema(value_type = Option<Object>)]
    settings: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Changes the company's data.
#[utoipa::path(patch, path = "/workspace", tag = "workspaces", request_body = WorkspaceForm,
    responses((status = 200, body = Workspace), (status = 403, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ManageWorkspace>,
    Body(form): Body<WorkspaceForm>,
) -> Result<Json<Workspace>> {
    let mut checks = Checks::default();
    let company = form.company.map(|company| checks.required("company", &company, 120));
    if let Some(time_zone) = &form.time_zone {
        check_time_zone(&mut checks, time_zone);
    }
    checks.finish()?;
    let workspace = may.scope.workspace;
    let settings = form.settings.map(serde_json::Value::Object);
    let largest_mb = desk.config.largest_file_mb;
    let changes = WorkspaceChanges { company, language: form.language, time_zone: form.time_zone, settings };
    desk.write(ChangeWorkspace { may, changes, largest_mb }).await?;
    by_id(desk.store.read(), workspace).await?.map(Json).ok_or(Error::not_found())
}

fn check_time_zone(checks: &mut Checks, name: &str) {
    if jiff::tz::TimeZone::get(name).is_err() {
        checks.fault("time_zone", ErrorCode::TimeZoneUnknown);
    }
}
