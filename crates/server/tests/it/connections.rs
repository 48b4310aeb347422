//! Webchat connections: the form, the code, the script, the widget's addresses. D-001, D-004, D-005, D-060 to D-065, D-071 to D-074.

use reqwest::{Method, header};
use serde_json::json;

use crate::support::{App, Client};

async fn loader(app: &App, code: &str) -> (u16, String) {
    let answer = app.stranger().get(&format!("/widgets/{code}.js")).await;
    (answer.status.as_u16(), answer.text)
}

async fn ticket_from(client: &Client, code: &str, origin: &str) -> u16 {
    let request = client.request(Method::POST, &format!("/widgets/{code}/ticket")).json(&json!({ "key": null }));
    let mut request = request.build().unwrap();
    request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
    reqwest::Client::builder().no_proxy().build().unwrap().execute(request).await.unwrap().status().as_u16()
}

/// D-060, D-061, D-062, D-063, D-071
#[tokio::test]
async fn saving_gives_a_script_with_the_code_and_the_row_gives_it_again() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = app.webchat(&owner, None, json!({})).await;
    let code = added["code"].as_str().unwrap();
    assert_eq!(uuid::Uuid::parse_str(code).unwrap().get_version_num(), 4);
    let script = added["install"]["script"].as_str().unwrap();
    assert!(script.contains(&format!("id: \"{code}\"")) && script.contains("async src="), "{script}");
    let again = owner.get(&format!("/api/connections/{}", added["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(again["install"], added["install"]);
}

/// D-004, D-005, D-006, D-041, D-072
#[tokio::test]
async fn the_form_is_refused_with_all_its_faults() {
    let app = App::start().await;
    let owner = app.owner().await;
    let form = json!({ "channel": "webchat", "name": " ", "department_id": uuid::Uuid::new_v4(), "settings": {
        "plugin_name": "", "colour": "red", "whatsapp": "0800-VENDAS", "telegram": "a b", "allowed_domains": ["loja.com.br", "não é"],
        "greeting": "x".repeat(201) } });
    let faults = owner.post("/api/connections", form).await.fields();
    assert_eq!(
        faults,
        [
            "name:required",
            "settings.colour:colour_invalid",
            "settings.allowed_domains.1:domain_invalid",
            "settings.plugin_name:required",
            "settings.greeting:too_long",
            "settings.whatsapp:phone_invalid",
            "settings.telegram:telegram_invalid",
        ]
    );
    let form = json!({ "channel": "webchat", "name": "Site", "department_id": uuid::Uuid::new_v4(), "settings": { "plugin_name": "A" } });
    assert_eq!(owner.post("/api/connections", form).await.fields(), ["department_id:department_unknown"]);
}

#[tokio::test]
async fn a_change_needs_the_version_it_was_made_on_and_keeps_what_it_does_not_name() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = app.webchat(&owner, None, json!({ "greeting": "Olá" })).await;
    let path = format!("/api/connections/{}", added["id"].as_str().unwrap());
    let change = |version: Option<&'static str>, body: serde_json::Value| {
        let mut request = owner.request(Method::PATCH, &path).json(&body);
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, version);
        }
        owner.send(request)
    };
    assert_eq!(change(None, json!({ "name": "X" })).await.refused(428), "precondition_required");
    let changed =
        change(Some("\"1\""), json!({ "settings": { "colour": "#C2410C", "greeting": null } })).await.expect(200);
    assert_eq!(
        (changed["settings"]["colour"].as_str(), changed["settings"]["greeting"].as_str()),
        (Some("#c2410c"), Some(""))
    );
    assert_eq!(
        (changed["version"].as_i64(), changed["settings"]["plugin_name"].as_str()),
        (Some(2), Some("Atendimento"))
    );
    assert_eq!(change(Some("\"1\""), json!({ "name": "X" })).await.refused(412), "precondition_failed");
    assert_eq!(
        change(Some("\"2\""), json!({ "settings": { "colour": 3 } })).await.fields(),
        ["settings.colour:invalid_value"]
    );
}

/// D-064, D-074
#[tokio::test]
async fn an_unknown_or_switched_off_code_warns_once_and_does_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = app.webchat(&owner, None, json!({})).await;
    let code = added["code"].as_str().unwrap();
    assert!(loader(&app, code).await.1.contains(code));
    let path = format!("/api/connections/{}", added["id"].as_str().unwrap());
    let off =
        owner.request(Method::PATCH, &path).header(header::IF_MATCH, "\"1\"").json(&json!({ "is_enabled": false }));
    owner.send(off).await.expect(200);
    for code in [code.to_owned(), uuid::Uuid::new_v4().to_string(), "nonsense".to_owned(), String::new()] {
        let (status, script) = loader(&app, &code).await;
        assert_eq!(status, 200);
        assert!(script.starts_with("console.warn(") && !script.contains(&format!("\"{code}\"")), "{script}");
    }
    assert_eq!(app.stranger().get(&format!("/widgets/{code}")).await.refused(404), "connection_unavailable");
    assert_eq!(ticket_from(&owner, code, &app.url("")).await, 404);
}

#[tokio::test]
async fn a_removed_connection_is_gone_from_the_list_and_its_conversations_stay() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = app.webchat(&owner, None, json!({})).await;
    let mut visitor = crate::support::Visitor::arrive(&app, &added).await;
    let conversation = visitor.open("Oi").await;
    let path = format!("/api/connections/{}", added["id"].as_str().unwrap());
    owner.delete(&path).await.expect(204);
    assert_eq!(visitor.socket.close_code().await, 4403);
    assert_eq!(owner.get(&path).await.refused(404), "not_found");
    assert_eq!(owner.texts(&conversation).await, ["Oi"]);
    let badges = owner.get("/api/connections/badges").await.expect(200);
    assert_eq!(badges["items"][0]["is_enabled"], false);
}

/// D-072
#[tokio::test]
async fn the_widget_opens_on_allowed_domains_only() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = app.webchat(&owner, None, json!({ "allowed_domains": ["*.loja.com.br"] })).await;
    let code = added["code"].as_str().unwrap();
    for origin in ["https://loja.com.br", "https://www.loja.com.br:8443", &app.url("")] {
        assert_eq!(ticket_from(&owner, code, origin).await, 200, "{origin}");
    }
    for origin in ["https://outra.com.br", "null", "https://loja.com.br.evil.com"] {
        assert_eq!(ticket_from(&owner, code, origin).await, 403, "{origin}");
    }
    let panel = app.stranger().get(&format!("/widgets/{code}")).await;
    let policy = panel.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("frame-ancestors 'self' https://*.loja.com.br:*") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(panel.headers.get("x-frame-options").is_none());
}

#[tokio::test]
async fn what_an_administrator_typed_cannot_break_out_of_the_page_or_the_script() {
    let app = App::start().await;
    let owner = app.owner().await;
    let evil = "</script><img src=x onerror=alert(1)>";
    let added =
        app.webchat(&owner, None, json!({ "plugin_name": evil, "call_to_action": evil, "greeting": evil })).await;
    let code = added["code"].as_str().unwrap();
    for path in [format!("/widgets/{code}"), format!("/widgets/{code}.js")] {
        let text = app.stranger().get(&path).await.text;
        assert!(!text.contains(evil) && !text.contains("<img"), "{path}");
    }
}

/// D-088
#[tokio::test]
async fn the_row_tells_where_the_widget_was_last_seen() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = app.webchat(&owner, None, json!({})).await;
    assert_eq!(added["last_seen"], json!(null));
    let request = owner.request(Method::GET, &format!("/widgets/{}.js", added["code"].as_str().unwrap()));
    owner.send(request.header(header::REFERER, "https://loja.com.br/planos?x=1")).await;
    let path = format!("/api/connections/{}", added["id"].as_str().unwrap());
    let seen = crate::support::until("the sighting", || async {
        let shown = owner.get(&path).await.expect(200);
        shown["last_seen"]["page"].as_str().map(str::to_owned)
    })
    .await;
    assert_eq!(seen, "https://loja.com.br");
}

#[tokio::test]
async fn of_two_who_save_the_same_version_at_once_one_is_late() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = app.webchat(&owner, None, json!({})).await;
    let path = format!("/api/connections/{}", added["id"].as_str().unwrap());
    for version in 1..9 {
        let save = |name: &'static str| {
            let request = owner.request(Method::PATCH, &path).header(header::IF_MATCH, format!("\"{version}\""));
            owner.send(request.json(&json!({ "name": name })))
        };
        let (first, second) = tokio::join!(save("Um"), save("Dois"));
        let (saved, late) = if first.status == 200 { (first, second) } else { (second, first) };
        assert_eq!(late.refused(412), "precondition_failed");
        assert_eq!(owner.get(&path).await.expect(200)["name"], saved.expect(200)["name"]);
    }
}

#[tokio::test]
async fn settings_do_not_grow_without_bound_by_keys_nobody_knows() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let path = format!("/api/connections/{}", site["id"].as_str().unwrap());
    let grow = |name: &str, version: i64| {
        let change = json!({ "settings": { name: "x".repeat(30_000) } });
        let request = owner.request(reqwest::Method::PATCH, &path).header("if-match", format!("\"{version}\""));
        owner.send(request.json(&change))
    };
    grow("first", 1).await.expect(200);
    grow("second", 2).await.expect(200);
    assert_eq!(grow("third", 3).await.fields(), ["settings:too_long"]);
    // Nothing of it was kept, and what was may go.
    let change = json!({ "settings": { "first": null, "plugin_name": "Loja" } });
    let request = owner.request(reqwest::Method::PATCH, &path).header("if-match", "\"3\"");
    owner.send(request.json(&change)).await.expect(200);
}
