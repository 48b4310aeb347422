//! Where sockets are opened: the origin and, for agents, the session are checked before the upgrade.

use axum::{
    extract::{State, WebSocketUpgrade, ws::WebSocket},
    http::{HeaderMap, header},
    response::Response,
};
use balcao_types::ErrorCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{agent_socket, visitor_socket};
use crate::{
    Desk,
    access::Scope,
    error::{Error, Result},
    http::{AskedLanguage, ClientAddress, ErrorAnswer, is_own_origin},
};

/// The largest frame a client may send, in bytes.
pub const FRAME_MAX: usize = 64 * 1024;
/// The buffers of a socket, in bytes; the framework's own sizes would cost 128 KiB for each silent visitor.
const BUFFER: usize = 4 * 1024;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(open_agent)).routes(routes!(open_visitor))
}

/// Opens an agent's socket; the protocol is described in `docs/protocol.md`.
#[utoipa::path(get, path = "/socket", tag = "live", responses((status = 101), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn open_agent(
    State(desk): State<Desk>,
    scope: Scope,
    language: AskedLanguage,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    check_open(&desk, &headers)?;
    let agent = std::sync::Arc::clone(&scope.agent);
    let language = language.0.unwrap_or_default();
    Ok(sized(upgrade).on_upgrade(move |socket: WebSocket| async move {
        Box::pin(agent_socket::run(desk, socket, scope.workspace, agent, language)).await;
    }))
}

/// Opens a visitor's socket; the first frame carries the ticket. The protocol is described in `docs/protocol.md`.
#[utoipa::path(get, path = "/visitor/socket", tag = "live", responses((status = 101), (status = 403, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("visitor"))))]
async fn open_visitor(
    State(desk): State<Desk>,
    address: ClientAddress,
    language: AskedLanguage,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    check_open(&desk, &headers)?;
    let seat = desk.live.seats.take(address.key(), desk.config.sockets_per_address).ok_or(Error::too_many(30))?;
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let browser_language = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let guest = visitor_socket::Guest {
        address,
        language: language.0.unwrap_or_default(),
        user_agent: user_agent.map(|text| text.chars().take(300).collect()),
        browser_language: browser_language.filter(|text| *text != "*").map(|text| text.chars().take(100).collect()),
    };
    Ok(sized(upgrade).on_upgrade(move |socket| async move {
        visitor_socket::run(desk, socket, guest).await;
        drop(seat);
    }))
}

fn check_open(desk: &Desk, headers: &HeaderMap) -> Result<()> {
    if desk.live.is_draining() {
        return Err(Error::refused(ErrorCode::Unavailable));
    }
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    if origin.is_some_and(|origin| is_own_origin(desk, origin)) {
        Ok(())
    } else {
        Err(Error::refused(ErrorCode::OriginNotAllowed))
    }
}

fn sized(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.read_buffer_size(BUFFER).write_buffer_size(BUFFER).max_message_size(FRAME_MAX).max_frame_size(FRAME_MAX)
}
