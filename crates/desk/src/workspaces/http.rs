//! Setting up, and the company's data.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use balcao_types::{
    Distribution, ErrorCode, Language,
    rules::phone::calling_code,
    settings::{IDLE_MINUTES, Pause},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    SetUp, Workspace, by_id,
    change::{ChangeWorkspace, WorkspaceChanges},
    is_set_up,
    set_up::refuse_link,
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
    OpenApiRouter::new().routes(routes!(show_setup, set_up)).routes(routes!(open_link)).routes(routes!(change))
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

/// A set-up link's secret.
#[derive(Deserialize, ToSchema)]
struct SetUpLink {
    /// From the link that the program printed.
    token: String,
}

/// Whether a set-up link works: told when its page opens, before anything is filled in.
#[utoipa::path(post, path = "/setup/open", tag = "workspaces", request_body = SetUpLink,
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("public"))))]
async fn open_link(
    State(desk): State<Desk>,
    address: ClientAddress,
    Body(link): Body<SetUpLink>,
) -> Result<StatusCode> {
    desk.limits.logins.check(&address.key()).map_err(Error::too_many)?;
    refuse_link(desk.store.read(), &link.token, "").await?;
    Ok(StatusCode::NO_CONTENT)
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
    logged_in(&desk, &headers, StatusCode::CREATED, &session.token).await
}

/// Changes to the company. What is absent stays.
#[derive(Deserialize, ToSchema)]
struct WorkspaceForm {
    company: Option<String>,
    language: Option<Language>,
    time_zone: Option<String>,
    /// Two letters of ISO 3166-1. Numbers without a country code that are saved from now on take this country's.
    country: Option<String>,
    /// Who is given new conversations, where the department says nothing else (T-089).
    distribution: Option<Distribution>,
    /// How many conversations at once distribution leaves somebody with: 1 to 100.
    #[schema(minimum = 1, maximum = 100)]
    simultaneous_limit: Option<u32>,
    /// After how many minutes without an answer a wait is called too long: 0 to 1,440; 0 never (Z-124).
    late_minutes: Option<u32>,
    /// How large files may be (P-122): a merge patch of `image_mb`, `video_mb`, `audio_mb`, `file_mb` in which `null` restores a default.
    #[schema(value_type = Option<Object>)]
    files: Option<Map<String, Value>>,
    /// What visitors are asked when a conversation ends (T-180): a merge patch of `is_on`, `lowest`, `highest`, `question`, `by_mail`.
    #[schema(value_type = Option<Object>)]
    survey: Option<Map<String, Value>>,
    /// What silence does: a merge patch of `visitor_minutes`, `agent_minutes` (0 to 1,440; 0 never), `warning_minutes` (1 to 1,440).
    #[schema(value_type = Option<Object>)]
    idle: Option<Map<String, Value>>,
    /// What the chat says by itself: a merge patch of `welcome`, `waiting`, `offline`, `transferred`, `closing`, `idle_warning`.
    #[schema(value_type = Option<Object>)]
    messages: Option<Map<String, Value>>,
    /// What visitors are told about their data and for how long it is kept: a merge patch of `policy_url`, `officer`, `consent`,
    /// `consent_text`, `retention_months`, `sealed_months` (0 to 240).
    #[schema(value_type = Option<Object>)]
    privacy: Option<Map<String, Value>>,
    /// Whether whoever was disconnected at the end of a shift has the status back with the next one (T-115).
    restore_status: Option<bool>,
    /// Whether what customers leave while nobody is online becomes a ticket at once (T-157).
    offline_tickets: Option<bool>,
    /// Whether visitors may have a copy of a conversation that has ended by e-mail.
    copy_by_mail: Option<bool>,
    /// For what people step away, in the place of what was there: at most 20, each with a name of its own (T-139).
    pauses: Option<Vec<Pause>>,
}

impl WorkspaceForm {
    /// The settings among it, as a merge patch.
    fn settings(&self) -> Result<Map<String, Value>> {
        let mut settings = Map::new();
        if let Some(country) = &self.country {
            settings.insert("country".to_owned(), country.clone().into());
        }
        if let Some(distribution) = self.distribution {
            settings.insert("distribution".to_owned(), serde_json::to_value(distribution)?);
        }
        if let Some(limit) = self.simultaneous_limit {
            settings.insert("simultaneous_limit".to_owned(), limit.into());
        }
        if let Some(minutes) = self.late_minutes {
            settings.insert("late_minutes".to_owned(), minutes.into());
        }
        let flags = [
            ("restore_status", self.restore_status),
            ("offline_tickets", self.offline_tickets),
            ("copy_by_mail", self.copy_by_mail),
        ];
        for (name, flag) in flags {
            if let Some(flag) = flag {
                settings.insert(name.to_owned(), flag.into());
            }
        }
        if let Some(pauses) = &self.pauses {
            settings.insert("pauses".to_owned(), serde_json::to_value(pauses)?);
        }
        let parts = [
            ("files", &self.files),
            ("survey", &self.survey),
            ("idle", &self.idle),
            ("messages", &self.messages),
            ("privacy", &self.privacy),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                settings.insert(name.to_owned(), Value::Object(part.clone()));
            }
        }
        Ok(settings)
    }
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
    let company = form.company.as_ref().map(|company| checks.required("company", company, 120));
    if let Some(time_zone) = &form.time_zone {
        check_time_zone(&mut checks, time_zone);
    }
    if form.country.as_deref().is_some_and(|country| calling_code(country).is_none()) {
        checks.fault("country", ErrorCode::InvalidValue);
    }
    checks.limit("simultaneous_limit", form.simultaneous_limit);
    checks.minutes("late_minutes", form.late_minutes.unwrap_or_default(), &IDLE_MINUTES);
    checks.finish()?;
    let workspace = may.scope.workspace;
    let settings = form.settings()?;
    let changes = WorkspaceChanges { company, language: form.language, time_zone: form.time_zone, settings };
    desk.write(ChangeWorkspace { may, changes, largest_mb: desk.config.largest_file_mb }).await?;
    by_id(desk.store.read(), workspace).await?.map(Json).ok_or(Error::not_found())
}

fn check_time_zone(checks: &mut Checks, name: &str) {
    if jiff::tz::TimeZone::get(name).is_err() {
        checks.fault("time_zone", ErrorCode::TimeZoneUnknown);
    }
}
