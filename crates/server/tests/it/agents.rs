//! People: invitations, roles, the own profile and status.

use serde_json::{Value, json};

use crate::support::{App, PASSWORD};

fn person<'a>(list: &'a Value, name: &str) -> &'a Value {
    list["items"].as_array().unwrap().iter().find(|agent| agent["name"] == name).expect("not in the list")
}

#[tokio::test]
async fn an_invitation_sets_the_own_password_and_works_once() {
    let app = App::start().await;
    let owner = app.owner().await;
    let form = json!({ "name": "Bruno", "email": "bruno@vilaclara.com.br", "role": "agent" });
    let invited = owner.post("/api/agents", form.clone()).await.expect(201);
    assert_eq!(invited["agent"]["is_invited"], true);
    let token = invited["invitation"]["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    assert_eq!(owner.post("/api/agents", form).await.fields(), ["email:email_in_use"]);
    let bruno = app.stranger();
    let shown = bruno.post("/api/invitations/open", json!({ "token": token })).await.expect(200);
    assert_eq!((shown["name"].as_str(), shown["company"].as_str()), (Some("Bruno"), Some("Vila Clara")));
    let weak = json!({ "token": token, "name": "Bruno", "password": "1234567890" });
    assert_eq!(bruno.post("/api/invitations/accept", weak).await.fields(), ["password:password_too_common"]);
    let accept = json!({ "token": token, "name": "Bruno Teixeira", "password": PASSWORD });
    bruno.post("/api/invitations/accept", accept.clone()).await.expect(200);
    assert_eq!(bruno.get("/api/session").await.expect(200)["name"], "Bruno Teixeira");
    assert_eq!(app.stranger().post("/api/invitations/accept", accept).await.refused(404), "invitation_invalid");
    assert_eq!(person(&owner.get("/api/agents").await.expect(200), "Bruno Teixeira")["is_invited"], false);
}

#[tokio::test]
async fn a_new_link_kills_the_old_one_and_links_run_out_after_a_week() {
    let app = App::start().await;
    let owner = app.owner().await;
    let form = json!({ "name": "Bruno", "email": "bruno@vilaclara.com.br", "role": "agent" });
    let invited = owner.post("/api/agents", form).await.expect(201);
    let id = invited["agent"]["id"].as_str().unwrap();
    let token = |link: &Value| link["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let first = token(&invited["invitation"]);
    let second = token(&owner.post(&format!("/api/agents/{id}/invitation"), json!({})).await.expect(200));
    let open = |token: String| {
        let stranger = app.stranger();
        async move { stranger.post("/api/invitations/open", json!({ "token": token })).await }
    };
    assert_eq!(open(first).await.refused(404), "invitation_invalid");
    open(second.clone()).await.expect(200);
    app.clock.advance(7 * 86_400 + 1);
    assert_eq!(open(second).await.refused(404), "invitation_invalid");
}

#[tokio::test]
async fn a_deactivated_person_is_out_at_once() {
    let app = App::start().await;
    let owner = app.owner().await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let id = bruno.id().await;
    let mut socket = bruno.socket().await;
    owner.patch(&format!("/api/agents/{id}"), json!({ "is_active": false })).await.expect(200);
    assert_eq!(socket.close_code().await, 4401);
    bruno.get("/api/session").await.refused(401);
    let login = json!({ "email": "bruno@vilaclara.com.br", "password": PASSWORD });
    assert_eq!(bruno.post("/api/session", login.clone()).await.refused(401), "wrong_login");
    owner.patch(&format!("/api/agents/{id}"), json!({ "is_active": true })).await.expect(200);
    bruno.post("/api/session", login).await.expect(200);
}

#[tokio::test]
async fn owners_are_touched_by_owners_only_and_one_stays() {
    let app = App::start().await;
    let owner = app.owner().await;
    let administrator = app.hire(&owner, "Carlos", "administrator", json!([])).await;
    let owner_id = owner.id().await;
    let path = format!("/api/agents/{owner_id}");
    assert_eq!(administrator.patch(&path, json!({ "role": "agent" })).await.refused(403), "forbidden");
    assert_eq!(owner.patch(&path, json!({ "role": "agent" })).await.refused(409), "not_yourself");
    assert_eq!(owner.patch(&path, json!({ "is_active": false })).await.refused(409), "not_yourself");
    let invite = json!({ "name": "Eve", "email": "eve@vilaclara.com.br", "role": "owner" });
    assert_eq!(administrator.post("/api/agents", invite).await.refused(403), "forbidden");
}

#[tokio::test]
async fn the_own_profile_keeps_what_is_absent_and_null_follows_the_browser() {
    let app = App::start().await;
    let owner = app.owner().await;
    let me = owner.patch("/api/me", json!({ "theme": "dark", "sound": false })).await.expect(200);
    assert_eq!(
        (me["theme"].as_str(), me["language"].as_str(), me["sound"].as_bool()),
        (Some("dark"), Some("pt-BR"), Some(false))
    );
    let me = owner.patch("/api/me", json!({ "language": null })).await.expect(200);
    assert_eq!((me["theme"].as_str(), me["language"].as_str()), (Some("dark"), None));
    assert_eq!(owner.patch("/api/me", json!({ "theme": "pink" })).await.fields(), ["theme:invalid_value"]);
    assert_eq!(owner.patch("/api/me", json!({ "name": "" })).await.fields(), ["name:required"]);
}

/// T-133, T-134
#[tokio::test]
async fn the_status_on_login_connects_and_the_own_status_is_changed_by_hand() {
    let app = App::start().await;
    let owner = app.owner().await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await;
    assert_eq!(bruno.get("/api/session").await.expect(200)["status"], "offline");
    bruno.patch("/api/me", json!({ "status_on_login": "online" })).await.expect(200);
    bruno.delete("/api/session").await.expect(204);
    let login = json!({ "email": "bruno@vilaclara.com.br", "password": PASSWORD });
    assert_eq!(bruno.post("/api/session", login).await.expect(200)["status"], "online");
    bruno.go("away").await;
    assert_eq!(person(&owner.get("/api/agents").await.expect(200), "Bruno")["status"], "away");
}

/// T-137
#[tokio::test]
async fn an_agent_without_a_console_is_offline_after_two_minutes() {
    let app = App::start().await;
    let owner = app.owner().await;
    let status = || async {
        person(&owner.get("/api/agents").await.expect(200), "Ana Souza")["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(status().await, "online");
    app.clock.advance(121);
    assert_eq!(status().await, "offline");
    let _socket = owner.socket().await;
    assert_eq!(status().await, "online");
}

#[tokio::test]
async fn a_department_that_does_not_exist_is_a_wrong_field_and_nothing_is_written() {
    let app = App::start().await;
    let owner = app.owner().await;
    let form = json!({ "name": "Bruno", "email": "bruno@vilaclara.com.br", "role": "agent",
        "departments": [{ "id": uuid::Uuid::new_v4() }] });
    assert_eq!(owner.post("/api/agents", form).await.fields(), ["departments:department_unknown"]);
    assert_eq!(owner.get("/api/agents").await.expect(200)["items"].as_array().unwrap().len(), 1);
}
