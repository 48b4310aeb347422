//! Setting up, and the company.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, PASSWORD};

#[tokio::test]
async fn an_empty_installation_is_claimed_once_with_the_printed_link() {
    let app = App::start().await;
    let stranger = app.stranger();
    assert_eq!(stranger.get("/api/setup").await.expect(200)["needed"], true);
    let form = |token: &str| {
        json!({ "token": token, "company": "X", "language": "en", "time_zone": "Europe/Lisbon", "name": "Eve",
            "email": "eve@example.com", "password": PASSWORD })
    };
    assert_eq!(stranger.post("/api/setup", form("guess")).await.refused(403), "setup_link_invalid");
    let link = json!({ "token": "guess" });
    assert_eq!(stranger.post("/api/setup/open", link.clone()).await.refused(403), "setup_link_invalid");
    let owner = app.owner().await;
    assert_eq!(stranger.get("/api/setup").await.expect(200)["needed"], false);
    assert_eq!(stranger.post("/api/setup", form("guess")).await.refused(409), "already_set_up");
    assert_eq!(stranger.post("/api/setup/open", link).await.refused(409), "already_set_up");
    let me = owner.get("/api/session").await.expect(200);
    assert_eq!((me["role"].as_str(), me["status"].as_str()), (Some("owner"), Some("online")));
    assert_eq!(me["departments"][0]["name"], "Atendimento");
}

#[tokio::test]
async fn a_set_up_form_is_refused_with_all_its_faults_and_the_link_still_works() {
    let app = App::start().await;
    let link = balcao_desk::workspaces::new_setup_link(&app.desk).await.unwrap().unwrap();
    let token = link.split_once('#').unwrap().1;
    let client = app.stranger();
    // Looking at it does not use it up.
    client.post("/api/setup/open", json!({ "token": token })).await.expect(204);
    let form = json!({ "token": token, "company": " ", "language": "pt-BR", "time_zone": "Mars/Olympus", "name": "A",
        "email": "nobody", "password": "short" });
    let faults = client.post("/api/setup", form).await.fields();
    assert_eq!(
        faults,
        ["company:required", "email:email_invalid", "password:password_too_short", "time_zone:time_zone_unknown"]
    );
    let form = json!({ "token": token, "company": "Vila", "language": "pt-BR", "time_zone": "America/Sao_Paulo", "name": "A",
        "email": "a@example.com", "password": PASSWORD });
    client.post("/api/setup", form).await.expect(201);
}

#[tokio::test]
async fn an_older_setup_link_dies_with_a_newer_one() {
    let app = App::start().await;
    let first = balcao_desk::workspaces::new_setup_link(&app.desk).await.unwrap().unwrap();
    let _second = balcao_desk::workspaces::new_setup_link(&app.desk).await.unwrap().unwrap();
    let form = json!({ "token": first.split_once('#').unwrap().1, "company": "Vila", "language": "pt-BR",
        "time_zone": "America/Sao_Paulo", "name": "A", "email": "a@example.com", "password": PASSWORD });
    assert_eq!(app.stranger().post("/api/setup", form).await.refused(403), "setup_link_invalid");
}

#[tokio::test]
async fn administrators_change_the_company() {
    let app = App::start().await;
    let owner = app.owner().await;
    let changed = owner
        .patch("/api/workspace", json!({ "company": "Vila Nova", "time_zone": "America/Manaus" }))
        .await
        .expect(200);
    assert_eq!(
        (changed["company"].as_str(), changed["time_zone"].as_str()),
        (Some("Vila Nova"), Some("America/Manaus"))
    );
    assert_eq!(
        owner.patch("/api/workspace", json!({ "time_zone": "x" })).await.fields(),
        ["time_zone:time_zone_unknown"]
    );
    for wrong in ["", "br", "Brasil", "QQ", "55"] {
        let faults = owner.patch("/api/workspace", json!({ "country": wrong })).await.fields();
        assert_eq!(faults, ["country:invalid_value"], "{wrong}");
    }
}

/// D-006
#[tokio::test]
async fn a_number_without_country_code_takes_the_companys_country_and_saved_ones_stay() {
    let app = App::start().await;
    let owner = app.owner().await;
    assert_eq!(owner.get("/api/session").await.expect(200)["workspace"]["country"], "BR");
    let whatsapp = |site: &Value| site["settings"]["whatsapp"].as_str().unwrap().to_owned();
    let first = app.webchat(&owner, None, json!({ "whatsapp": "(11) 98765-4321" })).await;
    assert_eq!(whatsapp(&first), "5511987654321");
    assert_eq!(owner.patch("/api/workspace", json!({ "country": "PT" })).await.expect(200)["country"], "PT");
    let second = app.webchat(&owner, None, json!({ "whatsapp": "912 345 678", "telegram": "912345678" })).await;
    assert_eq!(whatsapp(&second), "351912345678");
    assert_eq!(second["settings"]["telegram"], "+351912345678");
    let path = format!("/api/connections/{}", first["id"].as_str().unwrap());
    let change = |settings: Value| {
        let request = owner.request(Method::PATCH, &path).json(&json!({ "settings": settings }));
        async {
            let version = owner.get(&path).await.headers["etag"].clone();
            owner.send(request.header("if-match", version)).await.expect(200)
        }
    };
    assert_eq!(whatsapp(&change(json!({ "greeting": "Olá" })).await), "5511987654321");
    assert_eq!(whatsapp(&change(json!({ "whatsapp": "912 345 679" })).await), "351912345679");
}

/// What stood for a name before it was called the same in all messages goes on being filled.
#[tokio::test]
async fn a_database_of_the_schema_before_calls_names_as_they_are_called_now() {
    use sea_orm::ConnectionTrait;
    let mut app = App::start().await;
    let owner = app.owner().await;
    let messages = json!({ "welcome": "Oi, {customer_name}", "closing": "{agent_name} agradece" });
    owner.patch("/api/workspace", json!({ "messages": messages })).await.expect(200);
    app.stop().await;
    let database = app.config.store().connect().await.unwrap();
    for statement in [
        "UPDATE workspaces SET settings = replace(replace(settings, '{customer_name}', '{name}'), '{agent_name}', '{agent}')",
        "DELETE FROM schema_versions WHERE version = 24",
    ] {
        database.execute_unprepared(statement).await.unwrap();
    }
    assert_eq!(balcao_schema::migrate(&database).await.unwrap(), 1);
    app.restart().await;
    let kept = owner.at(&app).get("/api/session").await.expect(200)["workspace"]["messages"].clone();
    assert_eq!((&kept["welcome"], &kept["closing"]), (&messages["welcome"], &messages["closing"]));
}
