//! The loader: one small script for each connection, with its looks inside.

use std::{collections::HashMap, sync::LazyLock};

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use balcao_types::{
    Language,
    rules::domains::{host_of_origin, normalised, page_pattern},
    settings::{HEIGHT, LauncherIcon, OFFSET, WIDTH, WebchatSettings},
};
use serde_json::{Map, Value, json};

use super::{
    fill::script_json,
    looks::{Worn, changes_launcher},
    pages::{PanelParameters, site_with_chat, widget_language},
};
use crate::{
    Desk,
    connections::{Sighting, Site},
    departments,
    error::Result,
    texts::{Catalogue, catalogue},
};

/// The loader with the connection's looks and state inside. An unknown code answers a script that warns once (D-064).
pub(super) async fn loader(desk: &Desk, code: &str, asked: &PanelParameters, headers: &HeaderMap) -> Result<Response> {
    let script = match site_with_chat(desk, code, asked.department.known).await? {
        None => "console.warn(\"Balc\\u00e3o: no chat under this id, or it is switched off.\");".to_owned(),
        Some(site) => {
            note_sighting(desk, &site, headers);
            let panel = format!("{}/widgets/{}", desk.config.public_url, site.code);
            let asked = (asked.language, asked.department.is_said);
            loader_script(desk, &Worn::of(desk, site).await?, &panel, asked).await?
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

/// The loader of a connection, and after it the one that tells the page's own Google tag, where there is one (D-010).
/// `is_asked`: whether the page has named a department, known or not.
pub(super) async fn loader_script(
    desk: &Desk,
    worn: &Worn,
    panel: &str,
    (asked, is_asked): (Option<Language>, bool),
) -> Result<String> {
    let site = &worn.site;
    let texts = catalogue(widget_language(desk, site, asked).await?);
    let mut config = launcher(&desk.config.public_url, panel, &site.settings, texts);
    let offline = &site.settings.offline_call_to_action;
    if !offline.is_empty() && !desk.live.board(desk, site.workspace).await?.is_online(site.department) {
        config.insert("a".to_owned(), offline.clone().into());
    }
    // A page that names a department fetches its launcher, where there is another one; once, since the same address again brings nothing.
    if !is_asked && changes_launcher(departments::all_settings(desk.store.read(), site.workspace).await?.values()) {
        config.insert("k".to_owned(), true.into());
    }
    let config = Value::Object(config);
    let loader = desk.widget.loader.replace("__BALCAO_BASE__", &desk.config.public_url);
    let mut script = loader.replace("\"__BALCAO_CONFIG__\"", &script_json(&config));
    if !site.settings.google_tag.is_empty() {
        let told = json!({ "code": site.code, "tag": site.settings.google_tag });
        script = format!("{}\n{script}", desk.widget.tag.replace("\"__BALCAO_TAG__\"", &script_json(&told)));
    }
    Ok(script)
}

/// The shapes of the launcher's icons, as paths in a square of 24.
static ICONS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../web/widget/src/shared/icons.json")).unwrap_or_default()
});

/// The company's colours as style rules, where the launcher stands and how large the open chat is, and what stands on the launcher.
fn style(base: &str, settings: &WebchatSettings) -> String {
    let offsets = [("x", settings.offset_side), ("y", settings.offset_bottom)];
    let moved = offsets.into_iter().filter(|&(_, offset)| offset != OFFSET);
    let moved: String = moved.map(|(axis, offset)| format!(";--{axis}:{offset}px")).collect();
    let (ink, size) = (settings.text_on_colour(), size(settings));
    format!(":host{{--c:{};--o:{ink}{moved}}}{size}{}", settings.colour, icon(base, settings))
}

/// How large the open chat is, where that is not usual, in the words of the loader's style sheet. On phones that one's rule is the stronger.
fn size(settings: &WebchatSettings) -> String {
    let (width, height) = (settings.width, settings.height);
    if (width, height) == (WIDTH, HEIGHT) {
        return String::new();
    }
    format!(".panel{{width:min({width}px,100vw - 40px);height:min({height}px,100vh - 88px - var(--b))}}")
}

/// What puts a picture or another icon than the usual one on the launcher. A picture lies above the icon, which is seen where a page lets no
/// picture come; shapes are cut out of a border, which no page's policy touches and forced colours keep.
fn icon(base: &str, settings: &WebchatSettings) -> String {
    const CLOSED: &str = ":not(.open)>.launcher";
    if let Some(picture) = settings.icon_picture {
        return format!(
            "{CLOSED}:after{{content:'';position:absolute;inset:0;border-radius:50%;background:url({base}/pictures/{picture}) 50%/cover}}.badge{{z-index:1}}"
        );
    }
    let drawn = ICONS.get(settings.icon.as_str()).filter(|_| settings.icon != LauncherIcon::Chat);
    drawn.map_or_else(String::new, |path| {
        format!("{CLOSED}:before{{all:unset;content:'';border:12px solid;clip-path:path(\"{path}\")}}")
    })
}

/// What the launcher needs and nothing more, under short names: every page of the company's site pays for these bytes.
/// `LoaderConfig` in web/widget/src/shared/config.ts reads it.
fn launcher(base: &str, panel: &str, settings: &WebchatSettings, texts: &Catalogue) -> Map<String, Value> {
    let config = json!({
        // Address of the panel.
        "u": panel,
        // Style rules.
        "s": style(base, settings),
        // Position.
        "p": settings.position,
        // Call to action.
        "a": settings.call_to_action,
        // Starts open: 1 on desktops, 2 on phones, 3 on both.
        "o": u8::from(settings.start_open_desktop) | (u8::from(settings.start_open_mobile) << 1),
        // Nothing of the visitor outlives the visit.
        "v": !settings.capture_visitor_data,
        // Where it may appear.
        "d": page_pattern(&settings.allowed_domains, base),
        // Texts: dismiss the call to action; the panel did not come up.
        "x": texts.text("widget.loader.dismiss"),
        "f": texts.text("widget.loader.failed"),
    });
    let Value::Object(mut config) = config else { return Map::new() };
    // Nothing is shown while nobody answers.
    if settings.hide_offline {
        config.insert("h".to_owned(), true.into());
    }
    // Pages tell of themselves while the chat is closed.
    if settings.watch_visitors {
        config.insert("w".to_owned(), true.into());
    }
    config
}

#[cfg(test)]
mod tests {
    use balcao_types::{
        Language, PictureId,
        settings::{LauncherIcon, WebchatSettings},
    };
    use serde_json::json;

    use super::{ICONS, launcher, style};
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
            serde_json::Value::Object(launcher(
                "https://chat.loja.com.br",
                "https://chat.loja.com.br/widgets/1",
                &settings,
                catalogue(Language::English)
            )),
            json!({
                "u": "https://chat.loja.com.br/widgets/1", "s": ":host{--c:#1f6f5c;--o:#ffffff}", "p": "right", "a": "", "o": 2, "v": true,
                "d": r"^https?://((www\.)?loja\.com\.br|(.+\.)?loja\.com\.br)(:|$)|^https://chat\.loja\.com\.br$", "x": "Dismiss", "f": "The chat did not open. Try again",
            })
        );
    }

    /// D-041 to D-043
    #[test]
    fn colours_icons_and_pictures_are_style_rules() {
        for icon in LauncherIcon::ALL {
            assert!(ICONS.contains_key(icon.as_str()), "{icon} is not drawn");
            let rules = style("", &WebchatSettings { icon: *icon, ..WebchatSettings::default() });
            assert_eq!(rules.contains("clip-path"), *icon != LauncherIcon::Chat);
        }
        let settings = WebchatSettings {
            colour: "#ffcc00".to_owned(),
            icon: LauncherIcon::Smile,
            icon_picture: Some(PictureId(uuid::Uuid::nil())),
            ..WebchatSettings::default()
        };
        let rules = style("https://c", &settings);
        assert!(rules.starts_with(":host{--c:#ffcc00;--o:#000000}") && !rules.contains("clip-path"));
        assert!(rules.contains("url(https://c/pictures/00000000-0000-0000-0000-000000000000)"));
        let own = WebchatSettings { text_colour: "#111111".to_owned(), ..settings };
        assert!(style("", &own).contains("--o:#111111"));
    }
}
