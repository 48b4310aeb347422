//! Headers that every answer carries, and the strict policies of our own pages.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use balcao_desk::Desk;

/// Adds what an answer does not say itself: no sniffing, no framing, no referrer, no caching of what is not public.
pub async fn secure(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_api = path.starts_with("/api/") && !path.starts_with("/api/docs");
    let is_docs = path.starts_with("/api/docs");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set_default(headers, "x-content-type-options", "nosniff");
    set_default(headers, "referrer-policy", "strict-origin-when-cross-origin");
    set_default(headers, "permissions-policy", "camera=(), geolocation=(), payment=(), usb=()");
    if is_api {
        set_default(headers, "cache-control", "no-store");
    }
    if desk.config.is_https {
        set_default(headers, "strict-transport-security", "max-age=31536000");
    }
    if headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        return response;
    }
    set_default(headers, "x-frame-options", "DENY");
    let policy = if is_docs {
        // The reader of the description builds its own styles; it shows nothing that anybody typed.
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .to_owned()
    } else {
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
             media-src 'self' blob:; frame-src 'self'; connect-src 'self' {}; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'",
            desk.config.public_url.replacen("http", "ws", 1)
        )
    };
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn set_default(headers: &mut HeaderMap, name: &'static str, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
