//! The panel's page, for the iframe or by itself as the pop-up chat.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use balcao_types::{
    ErrorCode, FileKind, Language,
    rules::{colours::Tint, domains::frame_ancestors},
    settings::WebchatSettings,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    fill::{escape_html, fill, script_json},
    pages::{PanelParameters, offered, site_with_chat, widget_language},
    said::put_messages,
};
use crate::{
    Desk,
    agents::Closed,
    challenges,
    connections::Site,
    error::{Error, Result},
    http::ClientAddress,
    mail,
    texts::catalogue,
    workspaces,
};

/// Texts of parts that are loaded when they are used, and come with them (web/widget/texts.mjs), and those of the loader alone.
const ELSEWHERE: [&str; 9] =
    ["acts.", "file.", "fresh.", "loader.dismiss", "loader.failed", "more.", "offline.", "preview.", "survey."];

/// Texts that are needed only where the visitor chooses a department.
const OF_CHOICE: &str = "form.department";

/// The refusal of a panel that is not there (any more). It may stand in any frame: a page that still holds the loader stays quiet (D-074).
fn unavailable() -> Response {
    let mut response = Error::refused(ErrorCode::ConnectionUnavailable).into_response();
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors *");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The panel, for the iframe or by itself as the pop-up chat.
pub(super) async fn panel(
    desk: &Desk,
    code: &str,
    asked: &PanelParameters,
    address: ClientAddress,
    headers: &HeaderMap,
) -> Result<Response> {
    let Some(site) = site_with_chat(desk, code, asked.department).await? else { return Ok(unavailable()) };
    // A page of its own has no tag of the site's: only there is the company's loaded (D-009).
    let is_page = headers.get("sec-fetch-dest").is_some_and(|dest| dest == "document");
    let tag = Some(site.settings.google_tag.as_str()).filter(|tag| is_page && !tag.is_empty());
    let frames = frame_ancestors(&site.settings.allowed_domains);
    let prove = challenges::is_needed(desk, &site, address).is_some();
    panel_page(desk, &site, &site.code.to_string(), Stand { tag, frames: &frames, prove }, asked.language).await
}

/// What the panel is told in its page; `PanelConfig` in web/widget/src/shared/config.ts reads it. What few have costs the others nothing.
#[derive(Serialize)]
struct PanelConfig<'a> {
    code: &'a str,
    base: &'a str,
    language: Language,
    texts: Map<String, Value>,
    online: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<Closed>,
    settings: Value,
    /// Properties of the style sheet.
    tint: Value,
    files: Option<Value>,
    company: &'a str,
    departments: Vec<Value>,
    /// Whether what is written while nobody is online is an offline message.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    offline_messages: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    prove: bool,
    #[serde(rename = "preview", skip_serializing_if = "std::ops::Not::not")]
    is_preview: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
}

/// What a panel is told of where it stands.
pub(super) struct Stand<'a> {
    /// The company's Google tag, on a page of its own.
    pub tag: Option<&'a str>,
    /// Which pages may hold it.
    pub frames: &'a str,
    /// Whether what begins now needs a proof.
    pub prove: bool,
}

/// The panel's page for a connection. `code`: under which it and its loader know each other; of a connection that is only looked at, another
/// one than its own.
pub(super) async fn panel_page(
    desk: &Desk,
    site: &Site,
    code: &str,
    Stand { tag, frames, prove }: Stand<'_>,
    asked: Option<Language>,
) -> Result<Response> {
    let language = widget_language(desk, site, asked).await?;
    let board = desk.live.board(desk, site.workspace).await?;
    let workspace = workspaces::by_id(desk.store.read(), site.workspace).await?.ok_or(Error::not_found())?;
    let departments = offered(desk, site, &board).await?;
    let mut texts = catalogue(language).surface("widget");
    let has_choice = !departments.is_empty();
    let is_needless = |key: &str| key.starts_with(OF_CHOICE) && !has_choice;
    texts.retain(|key, _| !is_needless(key) && !ELSEWHERE.iter().any(|part| key.starts_with(part)));
    put_messages(&mut texts, &workspace.settings.messages, &workspace.company);
    let config = PanelConfig {
        code,
        base: &desk.config.public_url,
        language,
        texts,
        online: board.is_online(site.department),
        closed: board.closed(site.department),
        settings: panel_settings(&site.settings)?,
        tint: tint(&site.settings),
        files: site.settings.visitor_files.then(|| file_limits(desk, &workspace)),
        company: &workspace.company,
        departments,
        offline_messages: takes_offline_messages(desk, site).await?,
        prove,
        is_preview: code != site.code.to_string(),
        tag,
    };
    let config = serde_json::to_value(config)?;
    let page = fill(
        &desk.widget.panel,
        &[
            ("lang", language.as_str()),
            ("title", &escape_html(&site.settings.plugin_name)),
            ("config", &script_json(&config)),
        ],
    );
    let mut response = Html(page).into_response();
    let (scripts, connects) = if tag.is_some() { GOOGLE } else { ("", "") };
    let policy = format!(
        "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; connect-src 'self'{}{connects}; \
         img-src 'self' data: blob: https:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors {frames}",
        socket_source(desk),
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Accept-Encoding"));
    Ok(response)
}

/// Whether what is written while nobody is online is an offline message (T-150).
async fn takes_offline_messages(desk: &Desk, site: &Site) -> Result<bool> {
    let has_mail = mail::sends(desk.store.read(), site.workspace).await?;
    Ok(site.settings.when_offline.takes_messages(has_mail))
}

/// The settings that the panel reads: what only the loader or the server needs costs every visitor.
fn panel_settings(settings: &WebchatSettings) -> Result<Value> {
    let mut read = serde_json::to_value(settings)?;
    let elsewhere = [
        "allowed_domains",
        "call_to_action",
        "challenge",
        "colour",
        "google_tag",
        "hide_offline",
        "icon",
        "icon_picture",
        "language",
        "offset_bottom",
        "offset_side",
        "position",
        "start_open_desktop",
        "start_open_mobile",
        "text_colour",
        "visitor_files",
        "watch_visitors",
        "when_offline",
    ];
    if let Some(read) = read.as_object_mut() {
        read.retain(|field, _| !elsewhere.contains(&field.as_str()));
        // Few have it.
        read.retain(|field, is_on| field != "typing_preview" || *is_on == Value::Bool(true));
    }
    Ok(read)
}

/// The company's colours as the style sheet knows them.
fn tint(settings: &WebchatSettings) -> Value {
    let Tint { pending, ink_light, ink_dark } = Tint::of(&settings.colour);
    json!({
        "--brand": settings.colour,
        "--on-brand": settings.text_on_colour(),
        "--pending": pending,
        "--ink-light": ink_light,
        "--ink-dark": ink_dark,
    })
}

/// Where Google's tag comes from and whom it tells, by Google's guide to content security policies.
const GOOGLE: (&str, &str) = (
    " https://*.googletagmanager.com",
    " https://*.google-analytics.com https://*.analytics.google.com https://*.googletagmanager.com",
);

/// How large a visitor's files may be, in millions of bytes.
fn file_limits(desk: &Desk, workspace: &workspaces::Workspace) -> Value {
    let megabytes = |kind| workspace.settings.files.megabytes(kind, desk.config.largest_file_mb);
    FileKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), Value::from(megabytes(*kind)))).collect()
}

/// The socket's address as a policy source: older browsers do not count it to `'self'`.
fn socket_source(desk: &Desk) -> String {
    format!(" {}", desk.config.public_url.replacen("http", "ws", 1))
}
