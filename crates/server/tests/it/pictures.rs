//! Pictures for show: what is taken, what is left of it, who sees it, and when it goes (D-043 to D-046).

use balcao_desk::{Command, Tx};
use image::{GenericImageView, ImageFormat};
use reqwest::{Method, header};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::{Answer, App, Client, fetch, picture};

async fn add(client: &Client, kind: &str, bytes: Vec<u8>) -> Answer {
    client.send(client.request(Method::POST, "/api/pictures").header(header::CONTENT_TYPE, kind).body(bytes)).await
}

fn path(added: &Value) -> Value {
    json!(format!("/pictures/{}", added["id"].as_str().unwrap()))
}

async fn count(app: &App) -> i64 {
    let engine = app.desk.store.engine();
    let asked = Statement::from_string(engine, "SELECT COUNT(*) FROM pictures");
    app.desk.store.read().query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// D-046
#[tokio::test]
async fn a_picture_is_taken_by_its_content_made_small_and_shown_to_everybody() {
    let app = App::start().await;
    let owner = app.owner().await;
    // Whatever it calls itself.
    let added = add(&owner, "image/gif", picture(1_200, 600, ImageFormat::Jpeg)).await.expect(201);
    assert_eq!((&added["width"], &added["height"]), (&json!(512), &json!(256)));
    assert!(added["url"].as_str().unwrap().ends_with(path(&added).as_str().unwrap()));
    let shown = fetch(&app, &path(&added), &[]).await;
    assert_eq!(image::load_from_memory(&shown.bytes).unwrap().dimensions(), (512, 256));
    let said = ["content-type", "x-content-type-options", "cross-origin-resource-policy", "content-security-policy"];
    let said = said.map(|name| shown.header(name).to_owned());
    assert_eq!(said, ["image/jpeg", "nosniff", "cross-origin", "default-src 'none'; sandbox"]);
    assert!(shown.header("cache-control").contains("immutable"));
    let tag = shown.header("etag").to_owned();
    assert_eq!(fetch(&app, &path(&added), &[("if-none-match", &tag)]).await.status, 304);
    for other in ["/pictures/x", "/pictures/00000000-0000-4000-8000-000000000000"] {
        assert_eq!(fetch(&app, &json!(other), &[]).await.status, 404);
    }
}

#[tokio::test]
async fn what_is_no_picture_or_too_much_of_one_is_refused() {
    let app = App::start().await;
    let owner = app.owner().await;
    let vector = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    let page = b"<!doctype html><script>alert(1)</script>".to_vec();
    for bytes in [vector, page, picture(9, 9, ImageFormat::Gif), picture(9, 9, ImageFormat::Png)[..30].to_vec()] {
        assert_eq!(add(&owner, "image/png", bytes).await.fields(), ["picture:picture_invalid"]);
    }
    assert_eq!(add(&owner, "image/png", Vec::new()).await.fields(), ["picture:required"]);
    assert_eq!(add(&owner, "text/html", picture(9, 9, ImageFormat::Png)).await.refused(415), "unsupported_media_type");
    assert_eq!(add(&owner, "image/png", vec![0; 4 * 1024 * 1024 + 1]).await.refused(413), "too_large");
    // One that says it is larger than anybody could show.
    let mut bomb = picture(9, 9, ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    assert_eq!(add(&owner, "image/png", bomb).await.fields().len(), 1);
    assert_eq!(count(&app).await, 0);
}

/// D-043 to D-045
#[tokio::test]
async fn what_a_connection_shows_is_kept_and_what_nothing_shows_goes_after_a_day() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = app.webchat(&owner, None, json!({})).await;
    let connection = format!("/api/connections/{}", added["id"].as_str().unwrap());
    let change = async |version: i64, settings: Value| {
        let request = owner.request(Method::PATCH, &connection).json(&json!({ "settings": settings }));
        owner.send(request.header(header::IF_MATCH, format!("\"{version}\""))).await
    };
    let strange = uuid::Uuid::new_v4();
    let refused = change(1, json!({ "logo": strange, "icon_picture": strange })).await.fields();
    assert_eq!(refused, ["settings.icon_picture:picture_unknown", "settings.logo:picture_unknown"]);
    assert_eq!(change(1, json!({ "logo": "x" })).await.status, 422);
    let (logo, unused) = (
        add(&owner, "image/png", picture(40, 40, ImageFormat::Png)).await.expect(201),
        add(&owner, "image/png", picture(40, 40, ImageFormat::Png)).await.expect(201),
    );
    let saved = change(1, json!({ "logo": logo["id"], "icon_picture": logo["id"] })).await.expect(200);
    assert_eq!(saved["settings"]["logo"], logo["id"]);
    let code = added["code"].as_str().unwrap();
    let stranger = app.stranger();
    let script = stranger.get(&format!("/widgets/{code}.js")).await.text;
    assert!(script.contains(&format!("{}/pictures/{}", app.url(""), logo["id"].as_str().unwrap())), "{script}");
    assert!(stranger.get(&format!("/widgets/{code}")).await.text.contains(logo["id"].as_str().unwrap()));

    app.clock.advance(90_000);
    balcao_desk::pictures::sweep(&app.desk, workspace(&owner).await).await.unwrap();
    assert_eq!(fetch(&app, &path(&logo), &[]).await.status, 200);
    assert_eq!(fetch(&app, &path(&unused), &[]).await.status, 404);
    // Taken off, it goes as well; what was saved a moment ago stays for another day.
    change(2, json!({ "logo": null })).await.expect(200);
    change(3, json!({ "icon_picture": null })).await.expect(200);
    balcao_desk::pictures::sweep(&app.desk, workspace(&owner).await).await.unwrap();
    assert_eq!(count(&app).await, 1);
    app.clock.advance(90_000);
    balcao_desk::pictures::sweep(&app.desk, workspace(&owner).await).await.unwrap();
    assert_eq!(count(&app).await, 0);
}

async fn workspace(client: &Client) -> balcao_types::WorkspaceId {
    client.get("/api/session").await.expect(200)["workspace"]["id"].as_str().unwrap().parse().unwrap()
}

/// Makes every picture another company's.
struct GiveAway;

impl Command for GiveAway {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> balcao_desk::Result<()> {
        let sql = "UPDATE pictures SET workspace_id = $1";
        let values = [uuid::Uuid::new_v4().into()];
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        Ok(())
    }
}

/// Another company's picture is not there for one's own connection, though everybody may look at it.
#[tokio::test]
async fn another_company_s_picture_is_unknown() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = add(&owner, "image/png", picture(40, 40, ImageFormat::Png)).await.expect(201);
    app.desk.write(GiveAway).await.unwrap();
    let form = json!({ "channel": "webchat", "name": "Site", "settings": { "plugin_name": "A", "logo": added["id"] } });
    assert_eq!(owner.post("/api/connections", form).await.fields(), ["settings.logo:picture_unknown"]);
}
