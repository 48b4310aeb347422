//! Whose page a request comes from: state is changed with a cookie from our own pages only.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::Response,
};
use balcao_types::ErrorCode;

use crate::{
    Desk,
    error::{Error, Result},
};

/// Refuses a change (any method but GET and HEAD) that a browser sends from a foreign page. Programs without a browser send no Origin and pass.
///
/// # Errors
/// 403 `origin_not_allowed`.
pub async fn require_own_origin(State(desk): State<Desk>, request: Request, next: Next) -> Result<Response> {
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !is_reading && is_foreign(&desk, request.headers()) {
        return Err(Error::refused(ErrorCode::OriginNotAllowed));
    }
    Ok(next.run(request).await)
}

fn is_foreign(desk: &Desk, headers: &HeaderMap) -> bool {
    if let Some(origin) = headers.get(header::ORIGIN) {
        return !origin.to_str().is_ok_and(|origin| is_own_origin(desk, origin));
    }
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

/// Whether an `Origin` is our own. Where the public address is a loopback one, its other names on the same port are ours too.
pub fn is_own_origin(desk: &Desk, origin: &str) -> bool {
    origin == desk.config.public_url || {
        let own = loopback_port(&desk.config.public_url);
        own.is_some() && own == loopback_port(origin)
    }
}

/// The scheme and port of a loopback address.
fn loopback_port(url: &str) -> Option<(&str, &str)> {
    let (scheme, authority) = url.split_once("://")?;
    let port = ["localhost", "127.0.0.1", "[::1]"].iter().find_map(|name| authority.strip_prefix(name))?;
    (port.is_empty() || port.starts_with(':')).then_some((scheme, port))
}

#[cfg(test)]
mod tests {
    use super::loopback_port;

    #[test]
    fn names_of_this_machine_are_one_origin_and_others_are_not() {
        assert_eq!(loopback_port("http://localhost:8080"), loopback_port("http://127.0.0.1:8080"));
        assert_ne!(loopback_port("http://localhost:8080"), loopback_port("http://localhost:8081"));
        assert_eq!(loopback_port("http://localhost.evil.com"), None);
        assert_eq!(loopback_port("https://chat.example"), None);
    }
}
