//! The sample shop page that carries the widget: `/demo`, with its style and pictures, all inside the program.

use axum::{
    Router,
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use balcao_desk::{
    Desk, Result,
    connections::{all_badges, site_by_id},
    http::AskedLanguage,
    texts::{Catalogue, catalogue},
    workspaces,
};
use balcao_types::{Channel, ConnectionCode, Language};

const PAGE: &str = include_str!("page/loja.html");
const STYLE: &str = include_str!("page/loja.css");
const MARK: &str = include_str!("page/marca.svg");
const STREET: &str = include_str!("page/rua.svg");

/// `/demo` and what it shows.
pub fn router() -> Router<Desk> {
    Router::new()
        .route("/demo", get(shop))
        .route("/demo/loja.css", get(|| async { file("text/css; charset=utf-8", STYLE) }))
        .route("/demo/marca.svg", get(|| async { file("image/svg+xml", MARK) }))
        .route("/demo/rua.svg", get(|| async { file("image/svg+xml", STREET) }))
}

fn file(content_type: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")], text)
}

/// Whose shop it is, and which chat stands in it.
struct Shop {
    company: String,
    language: Language,
    /// None until there is an enabled webchat connection.
    chat: Option<ConnectionCode>,
}

/// The shop's page in the visitor's language, else the company's.
async fn shop(State(desk): State<Desk>, asked: AskedLanguage) -> Result<Response> {
    let shop = look(&desk, asked.0).await?;
    let mut response = Html(render(&shop)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(&desk.config.public_url)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Accept-Encoding"));
    headers.insert(HeaderName::from_static("content-language"), HeaderValue::from_static(shop.language.as_str()));
    Ok(response)
}

/// Looks at each request, so that a connection added by hand is there at the next reload.
async fn look(desk: &Desk, asked: Option<Language>) -> Result<Shop> {
    let read = desk.store.read();
    let workspace = match workspaces::active_workspaces(read).await?.first() {
        Some(id) => workspaces::by_id(read, *id).await?,
        None => None,
    };
    let Some(workspace) = workspace else {
        let language = asked.unwrap_or_default();
        return Ok(Shop { company: catalogue(language).text("server.demo.company").to_owned(), language, chat: None });
    };
    let badges = all_badges(read, workspace.id).await?;
    let first = badges.iter().find(|badge| badge.is_enabled && badge.channel == Channel::Webchat);
    let site = match first {
        Some(badge) => site_by_id(read, badge.id).await?,
        None => None,
    };
    Ok(Shop {
        company: workspace.company,
        language: asked.unwrap_or(workspace.language),
        chat: site.map(|site| site.code),
    })
}

/// The page may load the widget's script, its frame and its sockets, whether reached by the public address or another name of this machine.
fn policy(public_url: &str) -> String {
    let socket = public_url.replacen("http", "ws", 1);
    format!(
        "default-src 'none'; script-src 'self' {public_url}; style-src 'self'; img-src 'self' data:; \
         connect-src 'self' {public_url} {socket}; frame-src 'self' {public_url}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

fn render(shop: &Shop) -> String {
    let texts = catalogue(shop.language);
    let script =
        shop.chat.map_or_else(String::new, |code| format!("<script async src=\"/widgets/{code}.js\"></script>"));
    let (state, link) = if shop.chat.is_some() { ("chat", "/") } else { ("none", "/settings/connections") };
    fill(PAGE, texts)
        .replace("{{LANG}}", shop.language.as_str())
        .replace("{{STATE}}", state)
        .replace("{{BAR}}", &escaped(texts.text(&format!("server.demo.bar.{state}"))))
        .replace("{{BAR_LINK}}", &escaped(texts.text(&format!("server.demo.bar.{state}_link"))))
        .replace("{{CONSOLE}}", link)
        .replace("{{SCRIPT}}", &script)
        // Last, so that nothing in a company's name is taken for a place to fill.
        .replace("{company}", &escaped(&shop.company))
}

/// Puts the page's texts in their places: `{{hero.title}}` is `server.demo.hero.title`.
fn fill(page: &str, texts: &Catalogue) -> String {
    let mut parts = page.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((key, rest)) if key.starts_with(|first: char| first.is_ascii_lowercase()) => {
                out.push_str(&escaped(texts.text(&format!("server.demo.{key}"))));
                out.push_str(rest);
            }
            _ => {
                out.push_str("{{");
                out.push_str(part);
            }
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use balcao_types::{ConnectionCode, Language};

    use super::{Shop, render};

    fn page(language: Language, chat: Option<ConnectionCode>) -> String {
        render(&Shop { company: "Pães & <b>Cia</b> {{LANG}}".to_owned(), language, chat })
    }

    #[test]
    fn every_place_is_filled_in_every_language() {
        for language in Language::ALL {
            for chat in [None, Some(ConnectionCode(uuid::Uuid::nil()))] {
                let page = page(*language, chat);
                assert!(!page.contains("server.demo."), "{page}");
                assert!(page.contains("Pães &amp; &lt;b&gt;Cia&lt;/b&gt; {{LANG}}"));
                assert!(!page.replace("{{LANG}}", "").contains('{'), "{page}");
                assert_eq!(page.contains("<script"), chat.is_some());
            }
        }
    }

    #[test]
    fn without_a_chat_it_says_how_to_add_one() {
        assert!(page(Language::Portuguese, None).contains("href=\"/settings/connections\""));
    }

    /// The page's policy allows neither.
    #[test]
    fn nothing_in_it_is_inline() {
        let page = page(Language::English, Some(ConnectionCode(uuid::Uuid::nil())));
        assert!(
            !page.contains("style=")
                && !page.contains("<style")
                && !page.contains("<script>")
                && !page.contains("onclick")
        );
    }
}
