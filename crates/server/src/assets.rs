//! The built web parts inside the program: hashed files for ever, pages never; compressed copies where the browser takes them.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use balcao_desk::visitors::WidgetFiles;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$BALCAO_WEB_DIST"]
#[exclude = ".*"]
struct Web;

/// The widget's files that the server fills in; a loader that warns where the web parts were not built.
pub fn widget_files() -> WidgetFiles {
    WidgetFiles {
        loader: text("widget/loader.js")
            .unwrap_or_else(|| "console.warn(\"Balcao: the widget is not built\",\"__BALCAO_CONFIG__\")".to_owned())
            .into(),
        tag: text("widget/tag.js").unwrap_or_default().into(),
        panel: text("widget/panel.html").unwrap_or_else(|| "<!doctype html><title>{{title}}</title>".to_owned()).into(),
    }
}

fn text(path: &str) -> Option<String> {
    String::from_utf8(Web::get(path)?.data.into_owned()).ok()
}

/// A file of the widget, under `/widget-assets/`.
pub fn widget_asset(path: &str, headers: &HeaderMap) -> Response {
    let is_page = std::path::Path::new(path).extension().is_some_and(|extension| extension == "html");
    if is_page || path == "loader.js" || path == "tag.js" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response =
        file(&format!("widget/{path}"), headers, true).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response());
    // The part of the loader that carries the panel is a module on other people's pages.
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// A file of the console; none when there is no such file.
pub fn console_file(path: &str, headers: &HeaderMap) -> Option<Response> {
    file(&format!("console/{path}"), headers, path.starts_with("assets/"))
}

/// The console's page, for every address the console's own router knows.
pub fn console_page(headers: &HeaderMap) -> Response {
    file("console/index.html", headers, false).unwrap_or_else(|| {
        let text = "The web parts are not built. Run `make web`, then build again.";
        (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
    })
}

fn file(path: &str, headers: &HeaderMap, is_hashed: bool) -> Option<Response> {
    let plain = Web::get(path)?;
    let etag = etag(&plain);
    let cache = if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Some(
            (StatusCode::NOT_MODIFIED, [(header::ETAG, etag), (header::CACHE_CONTROL, cache.to_owned())])
                .into_response(),
        );
    }
    let (data, encoding) = compressed(path, headers).unwrap_or((plain.data, None));
    let mut response = Body::from(data.into_owned()).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_str(&content_type(plain.metadata.mimetype())).ok()?);
    out.insert(header::ETAG, HeaderValue::from_str(&etag).ok()?);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

type Encoded = (std::borrow::Cow<'static, [u8]>, Option<&'static str>);

/// The smallest copy that the browser takes.
fn compressed(path: &str, headers: &HeaderMap) -> Option<Encoded> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(encoding, suffix)| {
        let is_accepted =
            accepted.split(',').any(|part| part.split(';').next().is_some_and(|name| name.trim() == encoding));
        let copy = is_accepted.then(|| Web::get(&format!("{path}.{suffix}")))??;
        Some((copy.data, Some(encoding)))
    })
}

fn etag(file: &EmbeddedFile) -> String {
    use std::fmt::Write;
    let mut tag = "\"".to_owned();
    for byte in file.metadata.sha256_hash().iter().take(16) {
        // Writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

fn content_type(mime: &str) -> String {
    if mime.starts_with("text/") || mime.contains("javascript") || mime.contains("json") {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_owned()
    }
}
