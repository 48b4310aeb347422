//! How a department's chat looks and what it says, over what its connection does (T-060 to T-066, X-022).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use image::ImageFormat;
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::support::{App, Client, picture};

async fn add_picture(client: &Client) -> Value {
    let request = client.request(Method::POST, "/api/pictures").header(header::CONTENT_TYPE, "image/png");
    client.send(request.body(picture(9, 9, ImageFormat::Png))).await.expect(201)["id"].clone()
}

struct Site {
    app: App,
    owner: Client,
    finance: String,
    /// Fixed to Financeiro.
    fixed: Value,
    /// Leaves the choice to the visitor.
    open: Value,
}

async fn site() -> Site {
    let app = App::start().await;
    let owner = app.owner().await;
    let finance = app.department(&owner, "Financeiro").await;
    let settings = json!({ "colour": "#2459a8", "greeting": "Oi da loja", "call_to_action": "Fale com a loja" });
    let fixed = app.webchat(&owner, Some(&finance), settings.clone()).await;
    let open = app.webchat(&owner, None, settings).await;
    Site { app, owner, finance, fixed, open }
}

impl Site {
    async fn change(&self, change: Value) -> Value {
        self.owner.patch(&format!("/api/departments/{}", self.finance), change).await.expect(200)
    }

    async fn get(&self, site: &Value, end: &str) -> String {
        self.app.stranger().get(&format!("/widgets/{}{end}", site["code"].as_str().unwrap())).await.text
    }

    /// What the panel is told in its page.
    async fn panel(&self, site: &Value, end: &str) -> Value {
        config_of(&self.get(site, end).await)
    }
}

/// The colours of a panel, or of what a department brings.
fn brand(told: &Value) -> &str {
    told["tint"].as_str().unwrap()
}

fn config_of(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"config\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (config, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(config).unwrap()
}

/// T-060, T-061, T-066
#[tokio::test]
async fn a_department_overrides_item_by_item_and_null_restores() {
    let site = site().await;
    let looks = json!({ "plugin_name": "Cobrança", "colour": "#FFCC00", "width": 420, "position": "left",
        "placeholder": "Sua dúvida", "form_intro": "Conte o que houve" });
    let changed = site.change(json!({ "looks": looks })).await;
    assert_eq!(changed["looks"]["colour"], "#ffcc00", "in the form that is kept");
    let panel = site.panel(&site.fixed, "").await;
    assert_eq!(panel["settings"]["plugin_name"], "Cobrança");
    assert_eq!(panel["settings"]["greeting"], "Oi da loja", "what it does not say is the connection's");
    assert!(brand(&panel).starts_with("--brand:#ffcc00;--on-brand:#000000;"));
    assert_eq!(panel["texts"]["composer.placeholder"], "Sua dúvida");
    assert_eq!(panel["texts"]["form.intro"], "Conte o que houve");
    let loader = site.get(&site.fixed, ".js").await;
    assert!(loader.contains("--c:#ffcc00;--o:#000000}.panel{width:min(420px,"), "T-060, T-063: {loader}");
    assert!(loader.contains("\"p\":\"left\"") && loader.contains("Fale com a loja"));
    site.change(json!({ "looks": { "colour": null, "width": null, "plugin_name": " " } })).await;
    let loader = site.get(&site.fixed, ".js").await;
    assert!(loader.contains("--c:#2459a8;--o:#ffffff}") && loader.contains("\"p\":\"left\""));
    assert_ne!(site.panel(&site.fixed, "").await["settings"]["plugin_name"], "Cobrança");
}

/// the page's word before the connection's, where it names a department; the launcher is fetched for it.
#[tokio::test]
async fn a_page_that_names_a_department_wears_its_looks() {
    let site = site().await;
    assert!(!site.get(&site.open, ".js").await.contains("\"k\":true"), "nobody has any");
    site.change(json!({ "looks": { "colour": "#ffcc00" }, "messages": { "welcome": "Oi do {company}" } })).await;
    let loader = site.get(&site.open, ".js").await;
    assert!(loader.contains("--c:#2459a8") && loader.contains("\"k\":true"));
    let asked = site.get(&site.open, &format!(".js?language=&department={}", site.finance)).await;
    assert!(asked.contains("--c:#ffcc00") && !asked.contains("\"k\":true"), "it asks once");
    let panel = site.panel(&site.open, &format!("?department={}", site.finance)).await;
    assert!(brand(&panel).starts_with("--brand:#ffcc00;"));
    assert_eq!(
        (&panel["settings"]["greeting"], &panel["texts"]["home.greeting"]),
        (&json!(null), &json!("Oi do Vila Clara"))
    );
    // A page's typing error costs nothing.
    let mistyped = site.get(&site.open, ".js?language=&department=financeiro").await;
    assert!(mistyped.contains("--c:#2459a8") && !mistyped.contains("\"k\":true"), "it would ask for itself again");
}

/// T-061: where the visitor chooses, each department brings what is different in it.
#[tokio::test]
async fn the_departments_to_choose_among_bring_what_is_different() {
    let site = site().await;
    site.change(json!({ "looks": { "colour": "#ffcc00", "plugin_name": "Cobrança", "height": 500 } })).await;
    let panel = site.panel(&site.open, "").await;
    assert!(brand(&panel).starts_with("--brand:#2459a8;"));
    let departments = panel["departments"].as_array().unwrap();
    let looks = |id: &str| departments.iter().find(|one| one["id"] == id).unwrap()["looks"].clone();
    let own = looks(&site.finance);
    assert_eq!(own["settings"], json!({ "plugin_name": "Cobrança" }));
    assert!(brand(&own).starts_with("--brand:#ffcc00;"));
    assert_eq!(departments.iter().filter(|one| one["looks"] == json!(null)).count(), departments.len() - 1);
}

/// T-065, D-046: logos for online and offline, checked by their content, kept as long as a department shows them.
#[tokio::test]
async fn logos_are_for_online_and_offline_and_the_departments_own_for_both() {
    let site = site().await;
    let [connections, own, away] =
        [add_picture(&site.owner).await, add_picture(&site.owner).await, add_picture(&site.owner).await];
    let general = json!({ "settings": { "logo": connections } });
    let path = format!("/api/connections/{}", site.fixed["id"].as_str().unwrap());
    let request = site.owner.request(Method::PATCH, &path).header("if-match", "\"1\"").json(&general);
    site.owner.send(request).await.expect(200);
    let logos = async || {
        let panel = site.panel(&site.fixed, "").await;
        [panel["settings"]["logo"].clone(), panel["settings"]["offline_logo"].clone()]
    };
    assert_eq!(logos().await, [connections.clone(), json!(null)]);
    site.change(json!({ "looks": { "logo": own } })).await;
    assert_eq!(logos().await, [own.clone(), own.clone()]);
    site.change(json!({ "looks": { "offline_logo": away } })).await;
    assert_eq!(logos().await, [own, away.clone()]);
    site.app.clock.advance(2 * 86_400);
    let workspace =
        site.owner.get("/api/session").await.expect(200)["workspace"]["id"].as_str().unwrap().parse().unwrap();
    balcao_desk::pictures::sweep(&site.app.desk, workspace).await.unwrap();
    let kept = site.app.stranger().get(&format!("/pictures/{}", away.as_str().unwrap())).await;
    assert_eq!(kept.status, 200);
    let unknown = json!({ "looks": { "logo": uuid::Uuid::new_v4() } });
    let refused = site.owner.patch(&format!("/api/departments/{}", site.finance), unknown).await;
    assert_eq!(refused.fields(), ["looks.logo:picture_unknown"]);
}

/// T-062: the closed launcher says something else while nobody is online.
#[tokio::test]
async fn the_call_to_action_is_another_one_while_nobody_is_online() {
    let site = site().await;
    site.change(json!({ "looks": { "call_to_action": "Cobrança", "offline_call_to_action": "Deixe um recado" } }))
        .await;
    site.owner.go("offline").await;
    site.app.clock.advance(5);
    assert!(site.get(&site.fixed, ".js").await.contains("\"a\":\"Deixe um recado\""));
    let path = format!("/api/agents/{}", site.owner.id().await);
    site.owner.patch(&path, json!({ "departments": [{ "id": site.finance }] })).await.expect(200);
    site.owner.go("online").await;
    let _socket = site.owner.socket().await;
    site.app.clock.advance(5);
    crate::support::until("somebody is there", || async {
        site.get(&site.fixed, ".js").await.contains("\"a\":\"Cobrança\"").then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_shown_is_refused_at_its_field() {
    let site = site().await;
    let path = format!("/api/departments/{}", site.finance);
    let wrong = json!({ "looks": { "colour": "red", "width": 299, "height": 1_001, "offset_side": 301,
        "call_to_action": "x".repeat(141), "plugin_name": "a\nb", "placeholder": "x".repeat(61) } });
    let mut faults = site.owner.patch(&path, wrong).await.fields();
    faults.sort();
    assert_eq!(
        faults,
        [
            "looks.call_to_action:too_long",
            "looks.colour:colour_invalid",
            "looks.height:size_invalid",
            "looks.offset_side:offset_too_large",
            "looks.placeholder:too_long",
            "looks.plugin_name:invalid_character",
            "looks.width:size_invalid",
        ]
    );
    let faint = json!({ "looks": { "colour": "#ffcc00", "text_colour": "#ffffff" } });
    assert_eq!(site.owner.patch(&path, faint).await.fields(), ["looks.text_colour:contrast_low"]);
}

/// D-047: a department's looks are seen before they are saved, and what is wrong in them is as if it were not there.
#[tokio::test]
async fn a_departments_looks_are_looked_at_before_they_are_saved() {
    let site = site().await;
    let department = json!({ "looks": { "colour": "#ffcc00", "text_colour": "}*{x", "width": 5 },
        "messages": { "welcome": "Oi do {company}" } });
    let settings = json!({ "plugin_name": "A", "colour": "#2459a8" });
    let draft = json!({ "department_id": site.finance, "settings": settings, "department": department });
    let seen = URL_SAFE_NO_PAD.encode(draft.to_string());
    let loader = site.owner.get(&format!("/widgets/{seen}/open-1.js")).await.text;
    assert!(loader.contains("--c:#ffcc00;--o:#000000}.panel{width:min(300px,"), "{loader}");
    let panel = config_of(&site.owner.get(&format!("/widgets/{seen}/open-1")).await.text);
    assert_eq!(panel["texts"]["home.greeting"], "Oi do Vila Clara");
}
