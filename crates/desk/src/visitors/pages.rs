//! The loader's script and the panel's page, as the server fills them in for one connection.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use balcao_types::{
    ConnectionCode, ErrorCode, FileKind, Language,
    rules::domains::{frame_ancestors, host_of_origin, is_allowed, normalised},
    settings::WebchatSettings,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::ticket::{TICKET_SECONDS, Ticket, visitor_identity};
use crate::{
    Desk,
    agents::{PresenceBoard, WhoIsThere},
    connections::{Sighting, Site, site_by_code},
    contacts::contact_of_identity,
    departments,
    error::{Error, Result},
    http::{Asked, AskedLanguage, Body, ClientAddress, is_own_origin},
    texts::{Catalogue, catalogue},
    workspaces,
};

/// The widget's built files that the server fills in.
#[derive(Clone, Debug, Default)]
pub struct WidgetFiles {
    /// With `"__BALCAO_CONFIG__"` where the connection's configuration goes.
    pub loader: Arc<str>,
    /// With `{{config}}`, `{{lang}}` and `{{title}}`.
    pub panel: Arc<str>,
}

/// The widget's addresses, outside `/api`.
pub fn widget_router() -> Router<Desk> {
    Router::new()
        .route("/widgets/{code}", get(loader_or_panel))
        .route("/widgets/{code}/status", get(status))
        .route("/widgets/{code}/ticket", post(ticket).options(preflight))
}

async fn find_site(desk: &Desk, code: &str) -> Result<Option<Site>> {
    let Ok(code) = code.parse::<ConnectionCode>() else { return Ok(None) };
    site_by_code(desk.store.read(), code).await
}

/// What a page may ask of the panel.
#[derive(Deserialize)]
struct PanelParameters {
    /// The page's own choice of language, before the browser's.
    #[serde(default, deserialize_with = "lenient")]
    language: Option<Language>,
}

/// A language that is not ours is none: a page's typing error must not cost the visitor the chat.
fn lenient<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Language>, D::Error> {
    Ok(String::deserialize(deserializer)?.parse().ok())
}

/// `/widgets/<code>.js` is the loader, `/widgets/<code>` the panel.
async fn loader_or_panel(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    language: AskedLanguage,
    asked: Asked<PanelParameters>,
    headers: HeaderMap,
) -> Result<Response> {
    match name.strip_suffix(".js") {
        Some(code) => loader(&desk, code, language.0, &headers).await,
        None => panel(&desk, &name, asked.0.language.or(language.0)).await,
    }
}

/// The loader with the connection's looks and state inside. An unknown code answers a script that warns once (D-064).
async fn loader(desk: &Desk, code: &str, asked: Option<Language>, headers: &HeaderMap) -> Result<Response> {
    let script = match find_site(desk, code).await? {
        None => "console.warn(\"Balc\\u00e3o: no chat under this id, or it is switched off.\");".to_owned(),
        Some(site) => {
            note_sighting(desk, &site, headers);
            let config = loader_config(desk, &site, asked).await?;
            desk.widget.loader.replace("\"__BALCAO_CONFIG__\"", &script_json(&config))
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=30"),
        (header::VARY, "Accept-Language, Accept-Encoding"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    Ok((headers, script).into_response())
}

/// Notes where the widget is used (D-088), without making the visitor wait for it.
fn note_sighting(desk: &Desk, site: &Site, headers: &HeaderMap) {
    let page = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or("");
    let Some(host) = host_of_origin(page).and_then(|host| normalised(&host)) else { return };
    let scheme = if page.starts_with("https:") { "https" } else { "http" };
    if !desk.live.sighting_is_due(site.id, desk.clock.now()) {
        return;
    }
    let sighting = Sighting { connection: site.id, page: format!("{scheme}://{host}") };
    let desk = desk.clone();
    tokio::spawn(async move {
        if let Err(error) = desk.write(sighting).await {
            tracing::warn!(?error, "a sighting of the widget was not noted");
        }
    });
}

async fn loader_config(desk: &Desk, site: &Site, asked: Option<Language>) -> Result<Value> {
    let panel = format!("{}/widgets/{}", desk.config.public_url, site.code);
    Ok(launcher(&panel, &site.settings, catalogue(widget_language(desk, site, asked).await?)))
}

/// What the launcher needs and nothing more, under short names: every page of the company's site pays for these bytes.
/// `LoaderConfig` in web/widget/src/shared/config.ts reads it.
fn launcher(panel: &str, settings: &WebchatSettings, texts: &Catalogue) -> Value {
    let domains = settings.allowed_domains.iter().map(|domain| domain.strip_prefix("www.").unwrap_or(domain));
    json!({
        // Address of the panel.
        "u": panel,
        // Colour.
        "c": settings.colour,
        // Position.
        "p": settings.position,
        // Call to action.
        "a": settings.call_to_action,
        // Starts open: 1 on desktops, 2 on phones, 3 on both.
        "o": u8::from(settings.start_open_desktop) | (u8::from(settings.start_open_mobile) << 1),
        // Nothing of the visitor outlives the visit.
        "v": !settings.capture_visitor_data,
        // Domains, without `www.`.
        "d": domains.collect::<Vec<_>>(),
        // Texts: dismiss the call to action; the panel did not come up.
        "x": texts.text("widget.loader.dismiss"),
        "f": texts.text("widget.loader.failed"),
    })
}

/// The language a visitor meets: the connection's fixed one, else the browser's, else the company's.
async fn widget_language(desk: &Desk, site: &Site, asked: Option<Language>) -> Result<Language> {
    if let Some(language) = site.settings.language.fixed().or(asked) {
        return Ok(language);
    }
    let workspace = workspaces::by_id(desk.store.read(), site.workspace).await?;
    Ok(workspace.map_or(Language::default(), |workspace| workspace.language))
}

/// JSON as it may stand inside a script or a page: nothing in it can end the element or the line.
fn script_json(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// The refusal of a panel that is not there (any more). It may stand in any frame: a page that still holds the loader stays quiet (D-074).
fn unavailable() -> Response {
    let mut response = Error::refused(ErrorCode::ConnectionUnavailable).into_response();
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors *");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The panel, for the iframe or by itself as the pop-up chat.
async fn panel(desk: &Desk, code: &str, asked: Option<Language>) -> Result<Response> {
    let Some(site) = find_site(desk, code).await? else { return Ok(unavailable()) };
    let language = widget_language(desk, &site, asked).await?;
    let board = desk.live.board(desk, site.workspace).await?;
    let workspace = workspaces::by_id(desk.store.read(), site.workspace).await?.ok_or(Error::not_found())?;
    let departments = offered(desk, &site, &board).await?;
    let config = json!({
        "code": site.code,
        "base": desk.config.public_url,
        "language": language,
        "texts": catalogue(language).surface("widget"),
        "online": board.is_online(site.department),
        "closed": board.closed(site.department),
        "settings": site.settings,
        "files": site.settings.visitor_files.then(|| file_limits(desk, &workspace)),
        "company": workspace.company,
        "departments": departments,
    });
    let page = fill(
        &desk.widget.panel,
        &[
            ("lang", language.as_str()),
            ("title", &escape_html(&site.settings.plugin_name)),
            ("config", &script_json(&config)),
        ],
    );
    let mut response = Html(page).into_response();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'{}; img-src 'self' data: blob: https:; \
         media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors {}",
        socket_source(desk),
        frame_ancestors(&site.settings.allowed_domains)
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Accept-Encoding"));
    Ok(response)
}

/// The departments among which the visitor chooses, and who is there (T-132); none where there is nothing to choose.
async fn offered(desk: &Desk, site: &Site, board: &PresenceBoard) -> Result<Vec<Value>> {
    if site.department.is_some() {
        return Ok(Vec::new());
    }
    let departments: Vec<Value> = departments::all_departments(desk.store.read(), site.workspace)
        .await?
        .into_iter()
        .filter(|department| department.is_active)
        .map(|department| {
            let WhoIsThere { online, closed, .. } = board.for_visitors(Some(department.id));
            json!({ "id": department.id, "name": department.name, "online": online, "closed": closed })
        })
        .collect();
    Ok(if departments.len() > 1 { departments } else { Vec::new() })
}

/// How large a visitor's files may be, in millions of bytes.
fn file_limits(desk: &Desk, workspace: &workspaces::Workspace) -> Value {
    let megabytes = |kind| workspace.settings.files.megabytes(kind, desk.config.largest_file_mb);
    FileKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), Value::from(megabytes(*kind)))).collect()
}

/// Fills a template in one pass, so that no text is taken for a place to fill.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut parts = template.split("{{");
    let mut page = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let place = part.split_once("}}");
        let value = place.and_then(|(name, _)| values.iter().find(|(known, _)| *known == name));
        match (place, value) {
            (Some((_, rest)), Some((_, value))) => page.extend([*value, rest]),
            _ => page.extend(["{{", part]),
        }
    }
    page
}

/// The socket's address as a policy source: older browsers do not count it to `'self'`.
fn socket_source(desk: &Desk) -> String {
    format!(" {}", desk.config.public_url.replacen("http", "ws", 1))
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Whether somebody answers, for launchers that are closed.
async fn status(State(desk): State<Desk>, Path(code): Path<String>) -> Result<Response> {
    let site = find_site(&desk, &code).await?.ok_or(Error::refused(ErrorCode::ConnectionUnavailable))?;
    let board = desk.live.board(&desk, site.workspace).await?;
    let departments = offered(&desk, &site, &board).await?;
    let WhoIsThere { online, closed, .. } = board.for_visitors(site.department);
    let headers = [(header::CACHE_CONTROL, "public, max-age=30"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    let version = site.version;
    let answer = json!({ "online": online, "closed": closed, "config_version": version, "departments": departments });
    Ok((headers, Json(answer)).into_response())
}

/// A visitor's key to trade for a ticket.
#[derive(Deserialize, ToSchema)]
pub struct TicketForm {
    /// None makes a new one.
    key: Option<String>,
}

/// A ticket and the key it was traded for.
#[derive(Serialize, ToSchema)]
pub struct TicketAnswer {
    ticket: String,
    /// Seconds.
    expires_in: i64,
    key: String,
    /// Whether the visitor has written before.
    known: bool,
}

/// Trades a visitor's key for a ticket; the page's origin must be one of the connection's (D-072).
async fn ticket(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    address: ClientAddress,
    headers: HeaderMap,
    form: Result<Body<TicketForm>>,
) -> Response {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    // Refusals too are for the page to read: it disappears quietly or waits.
    with_cors(&origin, trade(&desk, &code, address, &origin, form).await.map(Json).into_response())
}

async fn trade(
    desk: &Desk,
    code: &str,
    address: ClientAddress,
    origin: &str,
    form: Result<Body<TicketForm>>,
) -> Result<TicketAnswer> {
    let Body(form) = form?;
    let site = find_site(desk, code).await?.ok_or(Error::refused(ErrorCode::ConnectionUnavailable))?;
    refuse_foreign_site(desk, &site, origin)?;
    desk.limits.tickets.check(&address.key()).map_err(Error::too_many)?;
    let key = form.key.filter(|key| balcao_platform::secrets::is_token(key));
    let key = key.unwrap_or_else(balcao_platform::secrets::new_token);
    let (identity, derived) = visitor_identity(site.workspace, site.id, &key);
    let known = contact_of_identity(desk.store.read(), &identity).await?;
    let ticket = Ticket {
        workspace: site.workspace,
        connection: site.id,
        contact: known.unwrap_or(derived),
        key: identity.value,
        expires_at: desk.clock.now().plus_seconds(TICKET_SECONDS).0,
    };
    Ok(TicketAnswer { ticket: desk.tickets.sign(&ticket)?, expires_in: TICKET_SECONDS, key, known: known.is_some() })
}

fn refuse_foreign_site(desk: &Desk, site: &Site, origin: &str) -> Result<()> {
    let is_allowed = is_own_origin(desk, origin)
        || site.settings.allowed_domains.is_empty()
        || host_of_origin(origin).is_some_and(|host| is_allowed(&host, &site.settings.allowed_domains));
    if is_allowed { Ok(()) } else { Err(Error::refused(ErrorCode::OriginNotAllowed)) }
}

async fn preflight(headers: HeaderMap) -> Response {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or("*").to_owned();
    with_cors(&origin, axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Lets a page of another origin read the answer. No cookie takes part.
fn with_cors(origin: &str, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let origin = HeaderValue::from_str(origin).unwrap_or(HeaderValue::from_static("null"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, accept-language"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    response
}

#[cfg(test)]
mod tests {
    use balcao_types::{Language, settings::WebchatSettings};
    use serde_json::json;

    use super::{launcher, script_json};
    use crate::texts::catalogue;

    #[test]
    fn the_launcher_gets_what_it_needs_and_nothing_more() {
        let domains = ["www.loja.com.br", "*.loja.com.br"];
        let settings = WebchatSettings {
            start_open_mobile: true,
            capture_visitor_data: false,
            allowed_domains: domains.map(str::to_owned).to_vec(),
            ..WebchatSettings::default()
        };
        assert_eq!(
            launcher("https://chat.loja.com.br/widgets/1", &settings, catalogue(Language::English)),
            json!({
                "u": "https://chat.loja.com.br/widgets/1", "c": "#1f6f5c", "p": "right", "a": "", "o": 2, "v": true,
                "d": ["loja.com.br", "*.loja.com.br"], "x": "Dismiss", "f": "The chat did not open. Try again",
            })
        );
    }

    #[test]
    fn text_in_a_page_cannot_end_its_element() {
        let text = script_json(&json!({"a": "</script><!--\u{2028}&"}));
        assert!(!text.contains('<') && !text.contains('>') && !text.contains('&') && !text.contains('\u{2028}'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), json!({"a": "</script><!--\u{2028}&"}));
    }
}
