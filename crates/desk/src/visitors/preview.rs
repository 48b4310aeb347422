//! Looking at a connection that is not saved yet (D-047): the real loader and panel, connected to nothing.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use balcao_types::{
    ConnectionCode, ConnectionId, DepartmentId,
    settings::{DepartmentSettings, WebchatSettings},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::json;

use super::{
    fill::{escape_html, fill, script_json},
    loader::loader_script,
    looks::Worn,
    pages::{PanelParameters, widget_language},
    panel::{Stand, panel_page},
};
use crate::{
    Desk,
    access::{Grant, ability},
    connections::{Site, draft_settings},
    departments::drafted,
    error::{Error, Result},
    http::{Asked, AskedLanguage},
    workspaces,
};

/// Stands for the origin by which the console was reached: only there is the session known.
const ORIGIN: &str = "preview:";

/// A page on which the draft of a connection is looked at.
const PREVIEW_PAGE: &str = include_str!("preview.html");

/// The real chat with settings that are not saved yet (D-047), for whoever may save them: `{draft}` is the form as JSON in Base64 for addresses,
/// `{view}` begins with `open` or `closed`. With `.html` a page that has the chat, with `.js` its loader, by itself its panel, which is
/// connected to nothing.
pub(super) async fn preview(
    State(desk): State<Desk>,
    may: Grant<ability::ManageConnections>,
    Path((draft, view)): Path<(String, String)>,
    language: AskedLanguage,
    asked: Asked<PanelParameters>,
) -> Result<Response> {
    let read = URL_SAFE_NO_PAD.decode(draft.as_bytes()).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Draft { department_id, settings, department } = read.ok_or(Error::not_found())?;
    // Nobody is on a site there.
    let settings = WebchatSettings { watch_visitors: false, ..draft_settings(settings) };
    let workspace = may.scope.workspace;
    let nobody = uuid::Uuid::nil();
    let (id, code) = (ConnectionId(nobody), ConnectionCode(nobody));
    let mut site = Site { id, workspace, code, department: department_id, version: 0, settings, identity_secret: None };
    // What has no name yet is called as the company is.
    if site.settings.plugin_name.is_empty() {
        let company = workspaces::by_id(desk.store.read(), workspace).await?.ok_or(Error::not_found())?.company;
        site.settings.plugin_name = company;
    }
    let worn = match department {
        Some(draft) => Worn::with(site, drafted(draft)),
        None => Worn::of(&desk, site).await?,
    };
    let asked = asked.0.language.or(language.0);
    if let Some(view) = view.strip_suffix(".js") {
        let panel = format!("{ORIGIN}/widgets/{draft}/{view}");
        let begin = json!({ "id": view, "payload": { "startOpen": view.starts_with("open") } });
        let script = loader_script(&desk, &worn, &panel, (asked, true)).await?;
        let script = script.replace(&format!("\"{ORIGIN}"), "location.origin+\"");
        let kept = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
        return Ok((kept, format!("window.balcao = {};\n{script}", script_json(&begin))).into_response());
    }
    let Some(view) = view.strip_suffix(".html") else {
        let stand = Stand { tag: None, frames: "'self'", prove: false };
        let mut page = panel_page(&desk, &worn, &view, stand, asked).await?;
        page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return Ok(page);
    };
    let page = fill(
        PREVIEW_PAGE,
        &[
            ("lang", widget_language(&desk, &worn.site, asked).await?.as_str()),
            ("title", &escape_html(&worn.site.settings.plugin_name)),
            ("view", &escape_html(view)),
        ],
    );
    let policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; frame-src 'self'; connect-src 'self'; \
                  img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    let kept = [(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store")];
    Ok((kept, Html(page)).into_response())
}

/// What of a connection's form is looked at.
#[derive(Deserialize)]
struct Draft {
    department_id: Option<DepartmentId>,
    settings: WebchatSettings,
    /// What of a department's form is looked at, where that is what is being changed.
    department: Option<DepartmentSettings>,
}
