//! Logging in and out, and the session's cookie.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, SameSite};
use balcao_types::ErrorCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    EndSessions, Scope,
    device::known_device,
    log_in::{EndSession, LogIn, SESSION_SECONDS},
    password,
    queries::scope_of_session,
};
use crate::{
    Desk,
    agents::{self, Me},
    checks::email_key,
    error::{Error, Result},
    http::{Body, ClientAddress, ErrorAnswer},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(show_session, log_in, log_out)).routes(routes!(log_out_everywhere))
}

/// The session token of a request's cookie.
pub struct SessionCookie(pub Option<String>);

impl SessionCookie {
    /// Reads the cookie.
    pub fn from_headers(desk: &Desk, headers: &HeaderMap) -> Self {
        Self(cookie_named(headers, cookie_name(desk)).filter(|token| balcao_platform::secrets::is_token(token)))
    }
}

/// A cookie of a request.
pub fn cookie_named(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten()
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

fn cookie_name(desk: &Desk) -> &'static str {
    if desk.config.is_https { "__Host-balcao_session" } else { "balcao_session" }
}

/// The `Set-Cookie` of a session; an empty token removes it.
pub fn session_cookie(desk: &Desk, token: &str) -> String {
    let seconds = if token.is_empty() { 0 } else { SESSION_SECONDS };
    let cookie = Cookie::build((cookie_name(desk), token.to_owned()))
        .path("/")
        .http_only(true)
        .secure(desk.config.is_https)
        .same_site(SameSite::Lax);
    format!("{cookie}; Max-Age={seconds}")
}

/// Who is logged in. A browser without a session is nobody, which is no error; one whose session has ended is told so.
#[utoipa::path(get, path = "/session", tag = "access",
    responses((status = 200, body = Me), (status = 204, description = "Nobody is logged in in this browser."), (status = 401, body = ErrorAnswer)),
    extensions(("x-permission" = json!("public"))))]
async fn show_session(State(desk): State<Desk>, headers: HeaderMap) -> Result<Response> {
    if cookie_named(&headers, cookie_name(&desk)).is_none_or(|token| token.is_empty()) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let ended = || Error::refused(ErrorCode::Unauthenticated);
    let token = SessionCookie::from_headers(&desk, &headers).0.ok_or_else(ended)?;
    let scope = scope_of_session(&desk, &token).await?.ok_or_else(ended)?;
    Ok(Json(agents::me(&desk, &scope).await?).into_response())
}

/// A login.
#[derive(Deserialize, ToSchema)]
struct LogInForm {
    email: String,
    password: String,
}

/// Logs in; the session that was open in this browser ends. An unknown address and a wrong password answer alike, after the same time.
#[utoipa::path(post, path = "/session", tag = "access", request_body = LogInForm,
    responses((status = 200, body = Me), (status = 401, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("public"))))]
async fn log_in(
    State(desk): State<Desk>,
    address: ClientAddress,
    headers: HeaderMap,
    Body(form): Body<LogInForm>,
) -> Result<Response> {
    desk.limits.logins.check(&address.key()).map_err(Error::too_many)?;
    let found = agents::by_email(desk.store.read(), &form.email).await?;
    let device = found.as_ref().and_then(|agent| known_device(&desk, &headers, agent.id));
    let counted = match device {
        Some(device) => format!("device:{device}"),
        // By the text that was typed, whether or not there is such an account.
        None => format!("account:{}", email_key(&form.email).chars().take(254).collect::<String>()),
    };
    desk.limits.account_logins.check(&counted).map_err(Error::too_many)?;
    let hash = found.as_ref().filter(|agent| agent.is_active).and_then(|agent| agent.password_hash.clone());
    let fits = password::verify(form.password, hash.clone()).await?;
    let (Some(agent), Some(checked), true) = (found, hash, fits) else {
        return Err(Error::refused(ErrorCode::WrongLogin));
    };
    let previous = match SessionCookie::from_headers(&desk, &headers).0 {
        Some(token) => scope_of_session(&desk, &token).await?.map(|scope| EndSession::of(&scope)),
        None => None,
    };
    let user_agent = agents::user_agent(&headers);
    let log_in = LogIn { workspace: agent.workspace_id, agent: agent.id, checked, user_agent, previous };
    let session = desk.write(log_in).await?;
    agents::logged_in(&desk, &headers, StatusCode::OK, &session.token).await
}

/// Logs out here. Other logins stay.
#[utoipa::path(delete, path = "/session", tag = "access", responses((status = 204), (status = 401, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn log_out(State(desk): State<Desk>, scope: Scope) -> Result<Response> {
    desk.write(EndSession::of(&scope)).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session_cookie(&desk, ""))]).into_response())
}

/// Logs out everywhere, here too.
#[utoipa::path(delete, path = "/sessions", tag = "access", responses((status = 204), (status = 401, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn log_out_everywhere(State(desk): State<Desk>, scope: Scope) -> Result<Response> {
    let agent = &scope.agent;
    desk.write(EndSessions { workspace: scope.workspace, agent: agent.agent, keep: None }).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session_cookie(&desk, ""))]).into_response())
}
