//! Script and template syntax in everything a visitor, a browser or an administrator can say: kept and served as the text it is.

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::support::{Answer, App, Client, Visitor, client_id, until};

/// Texts that mean something to a browser, a template, a shell, a database or a screen.
const TEXTS: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'-alert(1)-'",
    "</script><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "<!--<script>",
    "{{config}} {{title}} {{lang}} {{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
    "\"__BALCAO_CONFIG__\"",
    "'; DROP TABLE messages; -- %s %n $1 ?",
    "&lt;b&gt; &#x3C;script&#x3E; \\u003cscript\\u003e",
    "\u{2028}alert(1)\u{2029}",
    "\u{202e}gpj.exe\u{200b}\u{feff}",
];

/// What is left of a text in one line.
fn line_of(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{202e}' | '\u{2028}' | '\u{2029}')).collect::<String>().trim().to_owned()
}

/// That an answer cannot be taken for a page.
#[track_caller]
fn is_plain_json(answer: &Answer) {
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json", "{}", answer.text);
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(
        answer.headers["content-security-policy"].to_str().unwrap().split(';').next(),
        Some("default-src 'none'")
    );
}

/// Sends a message over HTTP with a browser's headers.
async fn say(client: &Client, ticket: &str, text: &str, form: Value) -> Answer {
    // A header holds visible ASCII only, whatever the browser.
    let visible: String = text.chars().filter(char::is_ascii).collect();
    let page = json!({ "url": format!("https://loja.com.br/?q={text}"), "title": text });
    let body = json!({ "id": client_id(), "text": text, "form": form, "page": page });
    let request = client.request(Method::POST, "/api/visitor/messages").bearer_auth(ticket).json(&body);
    client.send(request.header(header::USER_AGENT, &visible).header(header::ACCEPT_LANGUAGE, &visible)).await
}

#[tokio::test]
async fn what_a_visitor_says_of_itself_comes_back_as_the_same_text() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "ask_name": true, "ask_email": true })).await;
    let mut console = owner.socket().await;
    for text in TEXTS {
        let visible: String = text.chars().filter(char::is_ascii).collect();
        let visitor = Visitor::arrive(&app, &site).await;
        let email = "{{7*7}}'+alert`1`|${7}&x=/*@exemplo.com.br";
        let sent = say(&app.stranger(), &visitor.ticket, text, json!({ "name": line_of(text), "email": email })).await;
        is_plain_json(&sent);
        let conversation = sent.expect(200)["conversation"].as_str().unwrap().to_owned();
        let answer = owner.get(&format!("/api/conversations/{conversation}")).await;
        is_plain_json(&answer);
        let shown = answer.expect(200);
        let detail = &shown["conversation"];
        assert_eq!((&detail["contact"]["name"], &detail["contact"]["email"]), (&json!(line_of(text)), &json!(email)));
        assert_eq!((&detail["page"]["title"], &detail["user_agent"]), (&json!(line_of(text)), &json!(visible)));
        assert_eq!(detail["page"]["url"], json!(format!("https://loja.com.br/?q={}", line_of(text))));
        assert_eq!(detail["browser_language"], json!(visible));
        assert_eq!(shown["messages"][0]["text"], json!(text));
        let opened = console.event("conversation_opened").await;
        assert_eq!(opened["event"]["conversation"]["contact"]["name"], json!(line_of(text)));
        let listed = owner.get("/api/conversations?list=queue").await;
        is_plain_json(&listed);
        assert!(listed.text.contains(&serde_json::to_string(&line_of(text)).unwrap()));
        let again = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
        assert_eq!(again.welcome["entries"][0]["text"], json!(text));
    }
}

/// Text nobody sees, or that turns or breaks the line it stands in.
#[tokio::test]
async fn a_name_is_seen_and_stays_in_its_line() {
    let app = App::start().await;
    let owner = app.owner().await;
    let settings = |name: &str| json!({ "channel": "webchat", "name": "Site", "settings": { "plugin_name": name } });
    for (text, code) in [
        ("\u{200b}\u{feff}", "required"),
        ("\u{202e} \u{2066}", "required"),
        ("Ana\u{202e}gpj.exe", "invalid_character"),
        ("Ana\u{2067}x", "invalid_character"),
        ("Ana\nRui", "invalid_character"),
        ("Ana\rRui", "invalid_character"),
    ] {
        let is_told = |fields: Vec<String>, name: &str| {
            assert!(fields.contains(&format!("{name}:{code}")), "{text:?} in {name}: {fields:?}");
        };
        let person = json!({ "name": text, "email": "rui@vilaclara.com.br", "role": "agent" });
        is_told(owner.post("/api/agents", person).await.fields(), "name");
        is_told(owner.patch("/api/me", json!({ "name": text })).await.fields(), "name");
        is_told(owner.post("/api/departments", json!({ "name": text })).await.fields(), "name");
        is_told(owner.patch("/api/workspace", json!({ "company": text })).await.fields(), "company");
        is_told(owner.post("/api/connections", settings(text)).await.fields(), "settings.plugin_name");
        let site = app.webchat(&owner, None, json!({ "ask_name": true })).await;
        let mut visitor = Visitor::arrive(&app, &site).await;
        let sent = say(&app.stranger(), &visitor.ticket, "oi", json!({ "name": text })).await;
        is_told(sent.fields(), "form.name");
        let frame = json!({ "t": "send", "id": client_id(), "text": "oi", "form": { "name": text } });
        visitor.socket.send(frame).await;
        let refused = visitor.socket.next("refused").await;
        assert_eq!(
            (&refused["fields"][0]["field"], &refused["fields"][0]["code"]),
            (&json!("form.name"), &json!(code))
        );
    }
}

#[tokio::test]
async fn a_message_that_nobody_sees_is_empty_and_one_that_turns_is_kept() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("oi").await;
    owner.act(&conversation, "take").await.expect(200);
    for text in ["\u{200b}", " \u{feff} ", "\u{202e}"] {
        assert_eq!(owner.reply(&conversation, text).await.fields(), ["text:required"]);
        assert_eq!(say(&app.stranger(), &visitor.ticket, text, json!({})).await.fields(), ["text:required"]);
        assert_eq!(visitor.say(text).await["t"], "refused");
    }
    let turning = "a\u{202e}b";
    assert_eq!(visitor.say(turning).await["t"], "ack");
    assert!(owner.texts(&conversation).await.contains(&turning.to_owned()));
}

#[tokio::test]
async fn an_address_that_is_no_web_page_is_not_kept() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("oi").await;
    for url in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        " https://x",
        "//evil.example",
        "file:///etc/passwd",
        "",
    ] {
        visitor.socket.send(json!({ "t": "page", "url": url, "title": "x" })).await;
        visitor.socket.drain().await;
        assert_eq!(owner.conversation(&conversation).await["conversation"]["page"], Value::Null, "{url}");
    }
    visitor
        .socket
        .send(json!({ "t": "page", "url": format!("https://x/{}", "a".repeat(5_000)), "title": "x\u{0}y".repeat(500) }))
        .await;
    visitor.socket.drain().await;
    let page = owner.conversation(&conversation).await["conversation"]["page"].clone();
    let lengths = [&page["url"], &page["title"]].map(|text| text.as_str().unwrap().chars().count());
    assert_eq!(lengths, [1_000, 200]);
    assert!(!page["title"].as_str().unwrap().contains('\0'));
}

/// The config inside a page or script, and what stands around it.
fn config_of(page: &str, before: &str, after: &str) -> (Value, String) {
    let start = page.find(before).unwrap() + before.len();
    let end = start + page[start..].find(after).unwrap();
    let config = serde_json::from_str(page[start..end].trim()).unwrap();
    (config, format!("{}{}", &page[..start], &page[end..]))
}

#[tokio::test]
async fn the_panels_page_holds_texts_only_where_they_are_no_html() {
    let app = App::start().await;
    let owner = app.owner().await;
    for text in TEXTS {
        let (line, name) = (line_of(text), line_of(text).chars().take(60).collect::<String>());
        owner.patch("/api/workspace", json!({ "company": line })).await.expect(200);
        app.department(&owner, &line).await;
        let settings = json!({ "plugin_name": name, "greeting": text, "offline_text": text, "call_to_action": text });
        let site = app.webchat(&owner, None, settings).await;
        let page = app.stranger().get(&format!("/widgets/{}", site["code"].as_str().unwrap())).await;
        assert_eq!(page.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(!policy.contains("unsafe") && policy.contains("script-src 'self';"), "{policy}");
        let (config, around) = config_of(&page.text, "<script type=\"application/json\" id=\"config\">", "</script>");
        assert_eq!(config["settings"]["greeting"], json!(text.trim()));
        let departments = config["departments"].as_array().unwrap();
        assert!(departments.iter().any(|department| department["name"] == line));
        let (_, after) = around.split_once("<title>").unwrap();
        let (title, rest) = after.split_once("</title>").unwrap();
        let escaped =
            name.trim().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        assert_eq!(title, escaped);
        assert!(!rest.contains("alert(1)") && !rest.contains("{{"), "{rest}");
    }
}

#[tokio::test]
async fn the_loaders_script_holds_texts_only_inside_its_configuration() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let plain = app.stranger().get(&format!("/widgets/{}.js", site["code"].as_str().unwrap())).await.text;
    for text in TEXTS {
        let name = line_of(text).chars().take(60).collect::<String>();
        let site = app.webchat(&owner, None, json!({ "plugin_name": name, "call_to_action": text })).await;
        let script = app.stranger().get(&format!("/widgets/{}.js", site["code"].as_str().unwrap())).await;
        assert_eq!(script.headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(script.headers["x-content-type-options"], "nosniff");
        assert!(
            !script.text.contains("</script") && !script.text.contains("<!--") && !script.text.contains('\u{2028}')
        );
        // The script differs from any other by its configuration only, which is one JSON value.
        let same = plain.bytes().zip(script.text.bytes()).take_while(|(one, other)| one == other).count();
        let start = script.text[..same].rfind('{').unwrap();
        let mut config = serde_json::Deserializer::from_str(&script.text[start..]).into_iter::<Value>();
        let whole = config.next().unwrap().unwrap();
        assert_eq!(whole["a"], json!(text.trim()));
        let rest = &script.text[start + config.byte_offset()..];
        assert!(plain.ends_with(rest), "the script goes on as it always does");
    }
}

#[tokio::test]
async fn a_referrer_is_kept_only_when_it_is_a_site() {
    let app = App::start().await;
    let owner = app.owner().await;
    let long = format!("https://{}.br/", "a".repeat(5_000));
    for referrer in [
        "https://<script>alert(1)</script>/",
        "https://\"onmouseover=alert(1)/",
        "https://{{7*7}}/",
        "javascript:alert(1)",
        "https://a b/",
        &long,
    ] {
        let site = app.webchat(&owner, None, json!({})).await;
        let loaded = |referrer: String| {
            let path = format!("/widgets/{}.js", site["code"].as_str().unwrap());
            let client = app.stranger();
            async move { client.send(client.request(Method::GET, &path).header(header::REFERER, referrer)).await }
        };
        loaded(referrer.to_owned()).await;
        // One a minute is noted: had the first been one, this would not be.
        loaded("https://Loja.com.br:8443/promo?<script>alert(1)</script>".to_owned()).await;
        let path = format!("/api/connections/{}", site["id"].as_str().unwrap());
        let seen = until("the sighting", || async {
            let shown = owner.get(&path).await.expect(200)["last_seen"]["page"].clone();
            shown.as_str().map(str::to_owned)
        });
        assert_eq!(seen.await, "https://loja.com.br", "after {referrer}");
    }
}

#[tokio::test]
async fn an_error_that_repeats_what_was_sent_is_no_page() {
    let app = App::start().await;
    let owner = app.owner().await;
    let script = "<script>alert(1)</script>";
    let encoded = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for path in [
        format!("/api/{encoded}"),
        format!("/api/conversations/{encoded}"),
        format!("/api/conversations?{encoded}=%00"),
        format!("/api/conversations?list={encoded}"),
        format!("/widgets/{encoded}"),
        format!("/widgets/{encoded}/status"),
    ] {
        let answer = owner.send(owner.request(Method::GET, &path).header("x-request-id", script)).await;
        assert!(answer.status.is_client_error(), "{path}");
        is_plain_json(&answer);
    }
    let form = json!({ script: "\u{0}", "name": script.repeat(100) });
    is_plain_json(&owner.post("/api/departments", form).await);
    let loader = owner.get(&format!("/widgets/{encoded}.js")).await;
    assert!(loader.text.starts_with("console.warn(") && !loader.text.contains("script"), "{}", loader.text);
    let page = owner.get(&format!("/{encoded}?{encoded}#{encoded}")).await;
    assert!(!page.text.contains("alert(1)"));
}
