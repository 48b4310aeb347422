//! The panel's page, for the iframe or by itself as the pop-up chat.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use balcao_types::{
    Consent, ErrorCode, FileKind, Language,
    rules::{colours::Tint, domains::frame_ancestors},
    settings::{PrivacySettings, WebchatSettings},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    fill::{escape_html, fill, script_json},
    looks::{General, Offered, Worn, put_texts},
    pages::{PanelParameters, offered, site_with_chat, widget_language},
    said::put_messages,
};
use crate::{
    Desk,
    agents::Closed,
    challenges,
    connections::Site,
    copies, departments,
    error::{Error, Result},
    http::ClientAddress,
    mail,
    texts::catalogue,
    workspaces,
};

/// Texts of parts that are loaded when they are used, and come with them (web/widget/texts.mjs), and the loader's own.
const ELSEWHERE: [&str; 11] = [
    "acts.",
    "copy.",
    "file.",
    "fresh.",
    "loader.dismiss",
    "loader.failed",
    "more.",
    "offline.",
    "preview.",
    "privacy.",
    "survey.",
];

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
    let Some(site) = site_with_chat(desk, code, asked.department.known).await? else { return Ok(unavailable()) };
    // A page of its own has no tag of the site's: only there is the company's loaded (D-009).
    let is_page = headers.get("sec-fetch-dest").is_some_and(|dest| dest == "document");
    let tag = Some(site.settings.google_tag.clone()).filter(|tag| is_page && !tag.is_empty());
    let frames = frame_ancestors(&site.settings.allowed_domains);
    let prove = challenges::is_needed(desk, &site, address).is_some();
    let (code, site) = (site.code.to_string(), Worn::of(desk, site).await?);
    panel_page(desk, &site, &code, Stand { tag: tag.as_deref(), frames: &frames, prove }, asked.language).await
}

/// What the panel is told in its page; `PanelConfig` in web/widget/src/shared/config.ts reads it. What few have costs the others nothing.
#[derive(Serialize)]
struct PanelConfig<'a> {
    code: &'a str,
    language: Language,
    texts: Map<String, Value>,
    online: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<Closed>,
    settings: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    privacy: Option<Value>,
    /// Properties of the style sheet.
    tint: String,
    files: Option<Value>,
    /// Other ways to the company: addresses by what they are called.
    #[serde(skip_serializing_if = "Map::is_empty")]
    channels: Map<String, Value>,
    departments: Vec<Offered>,
    /// Whether what is written while nobody is online is an offline message.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    offline_messages: bool,
    /// Whether a copy may be had of a conversation that has ended.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    copies: bool,
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
    worn: &Worn,
    code: &str,
    Stand { tag, frames, prove }: Stand<'_>,
    asked: Option<Language>,
) -> Result<Response> {
    let site = &worn.site;
    let language = widget_language(desk, site, asked).await?;
    let board = desk.live.board(desk, site.workspace).await?;
    let workspace = workspaces::by_id(desk.store.read(), site.workspace).await?.ok_or(Error::not_found())?;
    let messages = worn.own.messages.over(&workspace.settings.messages);
    let general = General { settings: &site.settings, messages: &messages, company: &workspace.company };
    let mut departments = offered(desk, site, &board).await?;
    dress(desk, site, &general, &mut departments).await?;
    let mut texts = catalogue(language).surface("widget");
    let has_choice = !departments.is_empty();
    let is_needless = |key: &str| key.starts_with(OF_CHOICE) && !has_choice;
    texts.retain(|key, _| !is_needless(key) && !ELSEWHERE.iter().any(|part| key.starts_with(part)));
    put_messages(&mut texts, &messages, &workspace.company);
    put_texts(&mut texts, &site.settings);
    let config = PanelConfig {
        code,
        language,
        texts,
        online: board.is_online(site.department),
        closed: board.closed(site.department),
        privacy: privacy_shown(&workspace.settings.privacy),
        settings: panel_settings(&site.settings)?,
        tint: tint(&site.settings),
        files: site.settings.visitor_files.then(|| file_limits(desk, &workspace)),
        channels: channels(&site.settings),
        departments,
        offline_messages: takes_offline_messages(desk, site).await?,
        copies: copies::are_offered(desk.store.read(), &workspace).await?,
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

/// Tells each department's own looks with it.
async fn dress(desk: &Desk, site: &Site, general: &General<'_>, offered: &mut [Offered]) -> Result<()> {
    if offered.is_empty() {
        return Ok(());
    }
    let all = departments::all_settings(desk.store.read(), site.workspace).await?;
    for department in offered {
        if let Some(own) = all.get(&department.id) {
            department.looks = general.looks_of(own)?;
        }
    }
    Ok(())
}

/// Whether what is written while nobody is online is an offline message (T-150).
async fn takes_offline_messages(desk: &Desk, site: &Site) -> Result<bool> {
    let has_mail = mail::sends(desk.store.read(), site.workspace).await?;
    Ok(site.settings.when_offline.takes_messages(has_mail))
}

/// The settings that the panel reads: what only the loader or the server needs costs every visitor.
pub(super) fn panel_settings(settings: &WebchatSettings) -> Result<Value> {
    let mut read = serde_json::to_value(settings)?;
    let elsewhere = [
        "allowed_domains",
        "call_to_action",
        "challenge",
        "colour",
        "form_intro",
        "google_tag",
        "height",
        "hide_offline",
        "icon",
        "icon_picture",
        "language",
        "offline_call_to_action",
        "offset_bottom",
        "offset_side",
        "placeholder",
        "position",
        "start_open_desktop",
        "start_open_mobile",
        "telegram",
        "text_colour",
        "visitor_files",
        "watch_visitors",
        "whatsapp",
        "when_offline",
        "width",
    ];
    if let Some(read) = read.as_object_mut() {
        // What is empty is as if it were not there, and few have a preview.
        read.retain(|field, value| !elsewhere.contains(&field.as_str()) && !value.is_null() && *value != "");
        read.retain(|field, is_on| field != "typing_preview" || *is_on == Value::Bool(true));
    }
    Ok(read)
}

/// What the company says of its visitors' data, where it says anything.
fn privacy_shown(privacy: &PrivacySettings) -> Option<Value> {
    let PrivacySettings { policy_url, consent, consent_text, .. } = privacy;
    let is_silent = *consent == Consent::Off && policy_url.is_empty();
    (!is_silent).then(|| json!({ "consent": consent, "text": consent_text, "url": policy_url }))
}

/// Other ways to the company (D-006, D-007): digits for WhatsApp, a bare name or a number with its + for Telegram.
fn channels(settings: &WebchatSettings) -> Map<String, Value> {
    let ways = [("WhatsApp", "https://wa.me/", &settings.whatsapp), ("Telegram", "https://t.me/", &settings.telegram)];
    let there = ways.into_iter().filter(|(_, _, way)| !way.is_empty());
    there.map(|(name, at, way)| (name.to_owned(), format!("{at}{way}").into())).collect()
}

/// The company's colours as the style sheet knows them: declarations.
pub(super) fn tint(settings: &WebchatSettings) -> String {
    let Tint { pending, ink_light, ink_dark } = Tint::of(&settings.colour);
    let (brand, ink) = (&settings.colour, settings.text_on_colour());
    format!("--brand:{brand};--on-brand:{ink};--pending:{pending};--ink-light:{ink_light};--ink-dark:{ink_dark}")
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

#[cfg(test)]
mod tests {
    use balcao_types::settings::WebchatSettings;
    use serde_json::{Value, json};

    use super::channels;

    /// D-006, D-007
    #[test]
    fn other_channels_are_addresses_where_there_are_any() {
        let told = |whatsapp: &str, telegram: &str| {
            let (whatsapp, telegram) = (whatsapp.to_owned(), telegram.to_owned());
            Value::Object(channels(&WebchatSettings { whatsapp, telegram, ..WebchatSettings::default() }))
        };
        let both = json!({ "WhatsApp": "https://wa.me/5531987654321", "Telegram": "https://t.me/vilaclara" });
        assert_eq!(told("5531987654321", "vilaclara"), both);
        assert_eq!(told("", "+5531987654321"), json!({ "Telegram": "https://t.me/+5531987654321" }));
        assert_eq!(told("", ""), json!({}));
    }
}
