//! People: invitations, roles, the own profile and status.

use serde_json::{Value, json};

use crate::support::{App, PASSWORD, QueueDesk};

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

fn token(invitation: &Value) -> String {
    invitation["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
}

#[tokio::test]
async fn who_forgot_the_password_gets_a_link_that_sets_a_new_one_and_ends_the_sessions() {
    let app = App::start().await;
    let owner = app.owner().await;
    let administrator = app.hire(&owner, "Carlos", "administrator", json!([])).await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let path = format!("/api/agents/{}/invitation", bruno.id().await);
    let mut socket = bruno.socket().await;
    let token = token(&administrator.post(&path, json!({})).await.expect(200));
    let shown = app.stranger().post("/api/invitations/open", json!({ "token": token })).await.expect(200);
    assert_eq!((shown["is_new"].as_bool(), shown["name"].as_str()), (Some(false), Some("Bruno")));

    // Nothing has changed until it is used.
    let login = |password: &str| json!({ "email": "bruno@vilaclara.com.br", "password": password });
    app.stranger().post("/api/session", login(PASSWORD)).await.expect(200);
    bruno.get("/api/session").await.expect(200);
    let accept = json!({ "token": token, "name": "Bruno", "password": "pao na chapa com cafe" });
    let back = app.stranger();
    back.post("/api/invitations/accept", accept.clone()).await.expect(200);
    back.get("/api/session").await.expect(200);
    assert_eq!(socket.close_code().await, 4401);
    bruno.get("/api/session").await.refused(401);
    assert_eq!(app.stranger().post("/api/session", login(PASSWORD)).await.refused(401), "wrong_login");
    app.stranger().post("/api/session", login("pao na chapa com cafe")).await.expect(200);
    assert_eq!(app.stranger().post("/api/invitations/accept", accept).await.refused(404), "invitation_invalid");
}

#[tokio::test]
async fn a_link_for_a_password_is_made_neither_for_oneself_nor_for_an_owner_and_dies_with_a_new_password() {
    let app = App::start().await;
    let owner = app.owner().await;
    let administrator = app.hire(&owner, "Carlos", "administrator", json!([])).await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let path = |id: String| format!("/api/agents/{id}/invitation");
    assert_eq!(owner.post(&path(owner.id().await), json!({})).await.refused(409), "not_yourself");
    assert_eq!(administrator.post(&path(owner.id().await), json!({})).await.refused(403), "forbidden");
    let link = owner.post(&path(bruno.id().await), json!({})).await.expect(200);
    let own = json!({ "current_password": PASSWORD, "new_password": "cuscuz com manteiga" });
    bruno.put("/api/me/password", own).await.expect(204);
    let opened = app.stranger().post("/api/invitations/open", json!({ "token": token(&link) })).await;
    assert_eq!(opened.refused(404), "invitation_invalid");
}

#[tokio::test]
async fn a_link_is_worth_what_its_maker_may_give() {
    let app = App::start().await;
    let owner = app.owner().await;
    let administrator = app.hire(&owner, "Carlos", "administrator", json!([])).await;
    let invite = |client: &crate::support::Client, email: &str| {
        let (client, form) = (client.clone(), json!({ "name": "Eve", "email": email, "role": "agent" }));
        async move { client.post("/api/agents", form).await.expect(201) }
    };
    let open = |invited: &Value| {
        let (stranger, body) = (app.stranger(), json!({ "token": token(&invited["invitation"]) }));
        async move { stranger.post("/api/invitations/open", body).await }
    };
    let path = |invited: &Value| format!("/api/agents/{}", invited["agent"]["id"].as_str().unwrap());
    let theirs = invite(&administrator, "eve@vilaclara.com.br").await;
    let mine = invite(&owner, "olga@vilaclara.com.br").await;
    for invited in [&theirs, &mine] {
        open(invited).await.expect(200);
        owner.patch(&path(invited), json!({ "role": "owner" })).await.expect(200);
    }
    assert_eq!(open(&theirs).await.refused(404), "invitation_invalid");
    let accept = json!({ "token": token(&theirs["invitation"]), "name": "Eve", "password": PASSWORD });
    assert_eq!(app.stranger().post("/api/invitations/accept", accept).await.refused(404), "invitation_invalid");
    open(&mine).await.expect(200);
    // Nor does it come back to life with a smaller role.
    owner.patch(&path(&theirs), json!({ "role": "agent" })).await.expect(200);
    assert_eq!(open(&theirs).await.refused(404), "invitation_invalid");

    // Whoever has lost the right to make a link has lost the links.
    let last = invite(&administrator, "rui@vilaclara.com.br").await;
    let demoted = format!("/api/agents/{}", administrator.id().await);
    owner.patch(&demoted, json!({ "role": "agent" })).await.expect(200);
    assert_eq!(open(&last).await.refused(404), "invitation_invalid");
}

#[tokio::test]
async fn a_manager_manages_something() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = app.department(&owner, "Suporte").await;
    let form = |departments: Value| json!({ "name": "Marta", "email": "marta@vilaclara.com.br", "role": "manager", "departments": departments });
    let (serves, manages) = (json!([{ "id": department }]), json!([{ "id": department, "is_manager": true }]));
    assert_eq!(owner.post("/api/agents", form(serves.clone())).await.fields(), ["departments:manages_nothing"]);
    let marta = owner.post("/api/agents", form(manages.clone())).await.expect(201)["agent"]["id"].clone();
    let path = format!("/api/agents/{}", marta.as_str().unwrap());
    assert_eq!(owner.patch(&path, json!({ "departments": serves })).await.fields(), ["departments:manages_nothing"]);
    owner.patch(&path, json!({ "role": "agent", "departments": serves })).await.expect(200);
    assert_eq!(owner.patch(&path, json!({ "role": "manager" })).await.fields(), ["departments:manages_nothing"]);
    owner.patch(&path, json!({ "role": "manager", "departments": manages })).await.expect(200);
    owner.patch(&path, json!({ "name": "Marta Reis" })).await.expect(200);
}

#[tokio::test]
async fn a_deactivated_person_is_out_at_once() {
    let app = App::start().await;
    let owner = app.owner().await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let id = bruno.id().await;
    let mut socket = bruno.socket().await;
    bruno.go("online").await;
    owner.patch(&format!("/api/agents/{id}"), json!({ "is_active": false })).await.expect(200);
    assert_eq!(socket.close_code().await, 4401);
    bruno.get("/api/session").await.refused(401);
    let login = json!({ "email": "bruno@vilaclara.com.br", "password": PASSWORD });
    assert_eq!(bruno.post("/api/session", login.clone()).await.refused(401), "wrong_login");
    let back = owner.patch(&format!("/api/agents/{id}"), json!({ "is_active": true })).await.expect(200);
    assert_eq!(back["status"], "offline", "nobody is online before logging in");
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
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await;
    // A refusal after writing would undo what others have written in the same transaction.
    let path = format!("/api/agents/{}", bruno.id().await);
    let unknown = json!({ "departments": [{ "id": uuid::Uuid::new_v4() }] });
    let renames = (0..8).map(|number| owner.patch("/api/me", json!({ "name": format!("Ana {number}") })));
    let refusals = (0..8).map(|_| owner.patch(&path, unknown.clone()));
    let (renamed, refused) =
        tokio::join!(futures_util::future::join_all(renames), futures_util::future::join_all(refusals));
    renamed.into_iter().for_each(|answer| drop(answer.expect(200)));
    refused.into_iter().for_each(|answer| assert_eq!(answer.fields(), ["departments:department_unknown"]));
    assert_eq!(app.desk.store.reruns(), 0);
}

#[tokio::test]
async fn of_two_owners_who_demote_each_other_at_once_one_stays() {
    let app = App::start().await;
    let ana = app.owner().await;
    let carlos = app.hire(&ana, "Carlos", "owner", json!([])).await;
    let (ana_path, carlos_path) =
        (format!("/api/agents/{}", ana.id().await), format!("/api/agents/{}", carlos.id().await));
    for _ in 0..8 {
        let demote = json!({ "role": "agent" });
        let (first, second) = tokio::join!(ana.patch(&carlos_path, demote.clone()), carlos.patch(&ana_path, demote));
        let ana_won = first.status == 200;
        // The late one is refused: as no owner any more, or as the one who would leave none.
        let late = if ana_won { second } else { first };
        assert!([403, 409].contains(&late.status.as_u16()), "{}", late.text);
        let (winner, path) = if ana_won { (&ana, &carlos_path) } else { (&carlos, &ana_path) };
        winner.patch(path, json!({ "role": "owner" })).await.expect(200);
    }
}

#[tokio::test]
async fn two_changes_of_one_profile_at_once_are_both_kept() {
    let app = App::start().await;
    let owner = app.owner().await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let path = format!("/api/agents/{}", bruno.id().await);
    for round in 0..8 {
        let (sound, status) = (round % 2 == 0, if round % 2 == 0 { "online" } else { "offline" });
        let (mine, theirs) = tokio::join!(
            bruno.patch("/api/me", json!({ "sound": sound })),
            owner.patch(&path, json!({ "status_on_login": status })),
        );
        mine.expect(200);
        theirs.expect(200);
        let me = bruno.get("/api/session").await.expect(200);
        assert_eq!((me["sound"].as_bool(), me["status_on_login"].as_str()), (Some(sound), Some(status)));
    }
}

#[tokio::test]
async fn of_two_invitations_of_one_address_or_two_who_accept_one_at_once_one_wins() {
    let app = App::start().await;
    let owner = app.owner().await;
    for round in 0..4 {
        let form = json!({ "name": "Bruno", "email": format!("bruno{round}@vilaclara.com.br"), "role": "agent" });
        let (first, second) = tokio::join!(owner.post("/api/agents", form.clone()), owner.post("/api/agents", form));
        let (invited, late) = if first.status == 201 { (first, second) } else { (second, first) };
        assert_eq!(late.fields(), ["email:email_in_use"]);
        let link = invited.expect(201)["invitation"]["link"].as_str().unwrap().to_owned();
        let accept = json!({ "token": link.split_once('#').unwrap().1, "name": "Bruno", "password": PASSWORD });
        let (one, two) = (app.stranger(), app.stranger());
        let (first, second) = tokio::join!(
            one.post("/api/invitations/accept", accept.clone()),
            two.post("/api/invitations/accept", accept),
        );
        let (accepted, late) = if first.status == 200 { (first, second) } else { (second, first) };
        accepted.expect(200);
        assert_eq!(late.refused(404), "invitation_invalid");
    }
    assert_eq!(app.desk.store.reruns(), 0);
}

/// T-088: who has conversations is not removed, and the refusal says how many; who was invited by mistake is.
#[tokio::test]
async fn a_person_with_conversations_is_not_removed_and_one_without_is() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let bruno = format!("/api/agents/{}", desk.team[0].id().await);
    let conversation = desk.ask().await;
    desk.team[0].act(&conversation, "take").await.expect(200);
    desk.team[0].act(&conversation, "close").await.expect(200);
    let refused = desk.owner.delete(&bruno).await;
    assert_eq!(refused.body["error"]["detail"], json!({ "conversations": 1, "messages": 0, "tickets": 0 }));
    assert_eq!(refused.refused(409), "agent_in_use");
    let owner = format!("/api/agents/{}", desk.owner.id().await);
    assert_eq!(desk.owner.delete(&owner).await.refused(409), "not_yourself");
    let carla = desk.app.hire(&desk.owner, "Carla", "agent", json!([{ "id": desk.department }])).await;
    let path = format!("/api/agents/{}", carla.id().await);
    desk.owner.delete(&path).await.expect(204);
    assert_eq!(carla.get("/api/session").await.refused(401), "unauthenticated", "the sessions have ended");
    let listed = desk.owner.get("/api/agents").await.expect(200);
    assert!(listed["items"].as_array().unwrap().iter().all(|agent| agent["name"] != "Carla"));
    assert_eq!(desk.owner.delete(&path).await.refused(404), "not_found");
    // The address may be invited again.
    desk.app.hire(&desk.owner, "Carla", "agent", json!([])).await;
}
