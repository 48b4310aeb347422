//! Departments.

use serde_json::json;

use crate::support::{App, Visitor, client_id};

#[tokio::test]
async fn names_are_unique_whatever_case_and_accents() {
    let app = App::start().await;
    let owner = app.owner().await;
    let id = app.department(&owner, "Expedição").await;
    for name in ["expedicao", " EXPEDIÇÃO "] {
        assert_eq!(owner.post("/api/departments", json!({ "name": name })).await.fields(), ["name:name_in_use"]);
    }
    let renamed = owner.patch(&format!("/api/departments/{id}"), json!({ "name": "Expedicao" })).await.expect(200);
    assert_eq!(renamed["name"], "Expedicao");
}

#[tokio::test]
async fn the_default_department_stays_active_and_others_may_rest() {
    let app = App::start().await;
    let owner = app.owner().await;
    let list = owner.get("/api/departments").await.expect(200);
    let default = list["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/departments/{default}");
    assert_eq!(owner.patch(&path, json!({ "is_active": false })).await.refused(409), "default_department");
    let other = app.department(&owner, "Financeiro").await;
    let rests = owner.patch(&format!("/api/departments/{other}"), json!({ "is_active": false })).await.expect(200);
    assert_eq!(rests["is_active"], false);
}

#[tokio::test]
async fn what_waits_in_a_department_is_told_when_it_is_changed() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = app.department(&owner, "Financeiro").await;
    let site = app.webchat(&owner, Some(&department), json!({})).await;
    let (mut one, mut other) = (Visitor::arrive(&app, &site).await, Visitor::arrive(&app, &site).await);
    one.open("Oi").await;
    let taken = other.open("Oi").await;
    owner.act(&taken, "take").await.expect(200);
    let path = format!("/api/departments/{department}");
    assert_eq!(owner.patch(&path, json!({ "is_active": false })).await.expect(200)["waiting"], 1);
}

#[tokio::test]
async fn an_unknown_department_is_not_found() {
    let app = App::start().await;
    let owner = app.owner().await;
    for id in [uuid::Uuid::new_v4().to_string(), "nonsense".to_owned()] {
        assert_eq!(
            owner.patch(&format!("/api/departments/{id}"), json!({ "name": "X" })).await.refused(404),
            "not_found"
        );
    }
}

#[tokio::test]
async fn of_two_who_give_one_name_at_once_one_is_refused() {
    let app = App::start().await;
    let owner = app.owner().await;
    for name in ["Um", "Dois", "Três", "Quatro"] {
        let add = || owner.post("/api/departments", json!({ "name": name }));
        let (first, second) = tokio::join!(add(), add());
        let (added, late) = if first.status == 201 { (first, second) } else { (second, first) };
        added.expect(201);
        assert_eq!(late.fields(), ["name:name_in_use"]);
    }
}

/// Whoever writes below a conversation that has ended means the people it was with, not the company's first department.
#[tokio::test]
async fn a_visitor_who_writes_on_reaches_the_department_of_the_last_conversation() {
    let app = App::start().await;
    let owner = app.owner().await;
    let finance = app.department(&owner, "Financeiro").await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let frame = json!({ "t": "send", "id": client_id(), "text": "O boleto", "form": { "department": finance } });
    visitor.socket.send(frame).await;
    let first = visitor.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    owner.act(&first, "take").await.expect(200);
    owner.act(&first, "close").await.expect(200);
    app.clock.advance(3_600);
    let second = visitor.open("Faltou a segunda página").await;
    assert_ne!(second, first);
    assert_eq!(owner.conversation(&second).await["conversation"]["department_id"], json!(finance));
    // One that takes nobody's conversations any more is as good as none.
    owner.act(&second, "take").await.expect(200);
    owner.act(&second, "close").await.expect(200);
    owner.patch(&format!("/api/departments/{finance}"), json!({ "is_active": false })).await.expect(200);
    app.clock.advance(3_600);
    let third = visitor.open("E agora?").await;
    assert_ne!(owner.conversation(&third).await["conversation"]["department_id"], json!(finance));
}
