//! Colours that can be read, the Google tag, and looking at a connection before it is saved (D-009 to D-011, D-041, D-042, D-047).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, Client};

fn draft(settings: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json!({ "department_id": null, "settings": settings }).to_string())
}

/// D-041, D-042
#[tokio::test]
async fn a_text_that_could_not_be_read_is_refused_with_its_contrast() {
    let app = App::start().await;
    let owner = app.owner().await;
    let save = async |colour: &str, text: &str| {
        let settings = json!({ "plugin_name": "A", "colour": colour, "text_colour": text });
        owner.post("/api/connections", json!({ "channel": "webchat", "name": "Site", "settings": settings })).await
    };
    let faint = save("#ff9900", "#ffffff").await;
    assert_eq!(faint.body["error"]["fields"][0]["field"], "settings.text_colour");
    assert!(faint.body["error"]["fields"][0]["message"].as_str().unwrap().contains("2,1:1"), "{}", faint.text);
    assert_eq!(save("#ff9900", "red").await.fields(), ["settings.text_colour:colour_invalid"]);
    let saved = save("#FF9900", "#111111").await.expect(201);
    assert_eq!(saved["settings"]["text_colour"], "#111111");
    let script = app.stranger().get(&format!("/widgets/{}.js", saved["code"].as_str().unwrap())).await.text;
    assert!(script.contains("--c:#ff9900;--o:#111111"));
    let automatic = save("#ff9900", " ").await.expect(201);
    let script = app.stranger().get(&format!("/widgets/{}.js", automatic["code"].as_str().unwrap())).await.text;
    assert!(script.contains("--c:#ff9900;--o:#000000"));
}

/// D-009, D-010
#[tokio::test]
async fn the_id_of_a_tag_is_found_in_what_was_pasted_and_only_the_page_of_its_own_lets_google_in() {
    let app = App::start().await;
    let owner = app.owner().await;
    let snippet = "<script async src=\"https://www.googletagmanager.com/gtag/js?id=G-AB12CD34EF\"></script>";
    let added = app.webchat(&owner, None, json!({ "google_tag": snippet })).await;
    assert_eq!(added["settings"]["google_tag"], "G-AB12CD34EF");
    let without = app.webchat(&owner, None, json!({})).await;
    let stranger = app.stranger();
    let address = |site: &Value, end: &str| format!("/widgets/{}{end}", site["code"].as_str().unwrap());
    assert!(stranger.get(&address(&added, ".js")).await.text.contains("G-AB12CD34EF"));
    assert!(!stranger.get(&address(&without, ".js")).await.text.contains("dataLayer"));
    let policy = async |site: &Value, dest: &str| {
        let request = stranger.request(Method::GET, &address(site, "")).header("sec-fetch-dest", dest);
        let answer = request.send().await.unwrap();
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        (policy.contains("googletagmanager"), answer.text().await.unwrap().contains("G-AB12CD34EF"))
    };
    assert_eq!(policy(&added, "document").await, (true, true));
    assert_eq!(policy(&added, "iframe").await, (false, false), "there the site's own tag is told");
    assert_eq!(policy(&without, "document").await, (false, false));
    let wrong = json!({ "channel": "webchat", "name": "Site", "settings": { "plugin_name": "A", "google_tag": "oi" } });
    assert_eq!(owner.post("/api/connections", wrong).await.fields(), ["settings.google_tag:google_tag_invalid"]);
}

/// D-047
#[tokio::test]
async fn who_may_save_a_connection_looks_at_it_before() {
    let app = App::start().await;
    let owner = app.owner().await;
    let seen = draft(
        &json!({ "plugin_name": "</script>Loja", "colour": "#123456", "greeting": "Oi!", "allowed_domains": ["x.y"] }),
    );
    let look = async |client: &Client, end: &str| client.get(&format!("/widgets/{seen}/{end}")).await;
    let page = look(&owner, "open-1.html").await;
    assert!(page.status == 200 && page.text.contains("src=\"open-1.js\""), "{}", page.text);
    let script = look(&owner, "open-1.js").await.text;
    assert!(script.contains("\"startOpen\":true") && script.contains("--c:#123456"));
    assert!(script.contains("location.origin+\"/widgets/"), "where the console was reached, not where it is published");
    assert!(look(&owner, "closed-1.js").await.text.contains("\"startOpen\":false"));
    let panel = look(&owner, "open-1").await.text;
    assert!(panel.contains("\"preview\":true") && panel.contains("Oi!") && !panel.contains("</script>Loja"));
    let ticket = owner.request(Method::POST, &format!("/widgets/{seen}/open-1/ticket")).send().await.unwrap();
    assert_eq!(ticket.status(), 204, "nobody is let in by it");

    // What is wrong in it is as if it were not there.
    let wrong = draft(&json!({ "colour": "red", "text_colour": "#zzz", "whatsapp": "???" }));
    assert!(owner.get(&format!("/widgets/{wrong}/open-1.js")).await.text.contains("--c:#1f6f5c;--o:#ffffff"));
    for other in ["e30", "!", "bm90IGpzb24"] {
        assert_eq!(owner.get(&format!("/widgets/{other}/open-1.html")).await.refused(404), "not_found");
    }
    // Nobody else is shown what somebody made up under our address.
    let agent = app.hire(&owner, "Bruno", "agent", json!([])).await;
    for end in ["open-1", "open-1.js", "open-1.html"] {
        assert_eq!(look(&app.stranger(), end).await.status, 401);
        assert_eq!(look(&agent, end).await.status, 403);
    }
}
