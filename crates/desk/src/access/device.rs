//! Known browsers: one that has logged an agent in before keeps a signed cookie, and its attempts are counted for itself. It gives no access.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, SameSite};
use balcao_platform::secrets::new_token;
use balcao_types::AgentId;

use super::http::cookie_named;
use crate::{Desk, error::Result};

/// For how long a browser stays known after a login, in seconds.
const DEVICE_SECONDS: i64 = 365 * 86_400;

fn cookie_name(desk: &Desk) -> &'static str {
    if desk.config.is_https { "__Host-balcao_device" } else { "balcao_device" }
}

/// What stands before the device's own id in the signed text. The colon tells it from a ticket.
fn place(agent: AgentId) -> String {
    format!("device:{agent}:")
}

/// The id of the browser a request comes from, if this very agent has logged in with it before.
pub fn known_device(desk: &Desk, headers: &HeaderMap, agent: AgentId) -> Option<String> {
    let cookie = cookie_named(headers, cookie_name(desk))?;
    desk.tickets.open(&cookie)?.strip_prefix(&place(agent)).map(str::to_owned)
}

/// The `Set-Cookie` that makes a browser known for an agent: a new id, or for longer the one that the request brings.
///
/// # Errors
/// When it cannot be signed.
pub fn device_cookie(desk: &Desk, headers: &HeaderMap, agent: AgentId) -> Result<String> {
    let id = known_device(desk, headers, agent).unwrap_or_else(new_token);
    let sealed = desk.tickets.seal(&format!("{}{id}", place(agent)))?;
    let cookie = Cookie::build((cookie_name(desk), sealed))
        .path("/")
        .http_only(true)
        .secure(desk.config.is_https)
        .same_site(SameSite::Lax);
    Ok(format!("{cookie}; Max-Age={DEVICE_SECONDS}"))
}
