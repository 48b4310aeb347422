//! Departments.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, QueueDesk, Sender, Visitor, client_id, picture, recording};

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

/// The last line of a conversation with this code: its text, as the visitor was told.
async fn told(desk: &QueueDesk, conversation: &str, code: &str) -> Option<Value> {
    let shown = desk.owner.conversation(conversation).await;
    let line = shown["messages"].as_array()?.iter().rev().find(|line| line["event"]["code"] == code)?;
    Some(line["event"]["target"].clone())
}

/// T-083, X-022: when an agent takes the conversation the visitor is told what the department says, else what the company does.
#[tokio::test]
async fn the_initial_message_is_the_departments_else_the_companys_with_what_is_known_filled_in() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let silent = visitor.open("Oi").await;
    desk.team[0].act(&silent, "take").await.expect(200);
    assert_eq!(told(&desk, &silent, "initial").await, None, "nobody has written any");
    desk.team[0].act(&silent, "return").await.expect(200);
    let general = json!({ "initial": "Olá, {customer_name}! {agent_name}, da {company}." });
    desk.owner.patch("/api/workspace", json!({ "messages": general })).await.expect(200);
    desk.team[0].act(&silent, "take").await.expect(200);
    let is_said = |frame: &Value| frame["entry"]["from"] == "system" && frame["entry"]["kind"] == "message";
    let entry = visitor.socket.find("the message", is_said).await["entry"].clone();
    let name = desk.owner.conversation(&silent).await["contact"]["name"].clone();
    let expected = match name.as_str() {
        Some(name) => format!("Olá, {name}! Bruno, da Vila Clara."),
        None => "Olá! Bruno, da Vila Clara.".to_owned(),
    };
    assert_eq!(entry["text"], expected);
    let path = format!("/api/departments/{}", desk.department);
    let own = json!({ "messages": { "initial": "{department}, protocolo {protocol}" } });
    desk.owner.patch(&path, own).await.expect(200);
    // Also where distribution gives it.
    desk.owner.patch(&path, json!({ "distribution": "round_robin" })).await.expect(200);
    let given = desk.ask().await;
    desk.given(&given).await;
    let protocol = desk.owner.conversation(&given).await["conversation"]["protocol"].clone();
    let expected = format!("Suporte, protocolo {}", protocol.as_str().unwrap());
    assert_eq!(told(&desk, &given, "initial").await, Some(json!(expected)));
    // It answers nothing: the visitor still waits.
    assert_ne!(desk.owner.conversation(&given).await["conversation"]["waiting_since"], json!(null));
    desk.owner.patch(&path, json!({ "messages": { "initial": null } })).await.expect(200);
    let wrong = json!({ "messages": { "initial": "{nome}", "queued": "{agent_name}" } });
    let mut faults = desk.owner.patch(&path, wrong).await.fields();
    faults.sort();
    assert_eq!(faults, ["messages.initial:placeholder_unknown", "messages.queued:placeholder_unknown"]);
}

/// Z-123: who begins to wait is told how many are before, in the department's words.
#[tokio::test]
async fn who_begins_to_wait_is_told_the_place_in_the_queue() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let path = format!("/api/departments/{}", desk.department);
    let own = json!({ "messages": { "queued": "{ahead} antes de você, {position}º em {department}" } });
    desk.owner.patch(&path, own).await.expect(200);
    let first = desk.ask().await;
    assert_eq!(told(&desk, &first, "queued").await, Some(json!("0 antes de você, 1º em Suporte")));
    desk.app.clock.advance(1);
    let second = desk.ask().await;
    assert_eq!(told(&desk, &second, "queued").await, Some(json!("1 antes de você, 2º em Suporte")));
    // Who is given to somebody at once does not wait.
    desk.owner.patch(&path, json!({ "distribution": "least_busy" })).await.expect(200);
    desk.until_waiting(0).await;
    let third = desk.ask().await;
    desk.given(&third).await;
    assert_eq!(told(&desk, &third, "queued").await, None);
}

/// T-082: an inactive department is offered neither to visitors nor in transfers.
#[tokio::test]
async fn an_inactive_department_is_offered_nowhere() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let finance = desk.app.department(&desk.owner, "Financeiro").await;
    let site = desk.app.webchat(&desk.owner, None, json!({})).await;
    let status = format!("/widgets/{}/status", site["code"].as_str().unwrap());
    let offered = async || {
        let answer = desk.app.stranger().get(&status).await.expect(200);
        let departments = answer["departments"].as_array().unwrap().clone();
        departments.iter().any(|department| department["id"] == json!(finance))
    };
    assert!(offered().await);
    desk.owner.patch(&format!("/api/departments/{finance}"), json!({ "is_active": false })).await.expect(200);
    assert!(!offered().await);
    let conversation = desk.ask().await;
    let to = json!({ "department": finance, "client_id": client_id(), "confirmed": true });
    let refused = desk.owner.post(&format!("/api/conversations/{conversation}/transfer"), to).await;
    assert_eq!(refused.fields(), ["department:department_unknown"]);
}

/// T-081
#[tokio::test]
async fn a_department_has_a_name() {
    let app = App::start().await;
    let owner = app.owner().await;
    let id = app.department(&owner, "Financeiro").await;
    for name in ["", "  ", "\u{200b}"] {
        assert_eq!(owner.post("/api/departments", json!({ "name": name })).await.fields(), ["name:required"]);
        let path = format!("/api/departments/{id}");
        assert_eq!(owner.patch(&path, json!({ "name": name })).await.fields(), ["name:required"]);
    }
}

/// Z-125: what a department does not let its people do is refused with its reason; whoever manages it may.
#[tokio::test]
async fn what_a_department_switches_off_is_for_its_managers() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let bruno = &desk.team[0];
    let path = format!("/api/departments/{}", desk.department);
    let switches = async |switches: Value| {
        desk.owner.patch(&path, json!({ "switches": switches })).await.expect(200);
    };
    let conversation = desk.ask().await;
    switches(json!({ "may_serve_offline": false })).await;
    bruno.go("offline").await;
    assert_eq!(bruno.act(&conversation, "take").await.refused(409), "not_online");
    assert_eq!(bruno.reply(&conversation, "Oi").await.refused(409), "not_online");
    bruno.go("online").await;
    bruno.act(&conversation, "take").await.expect(200);
    switches(json!({ "may_close": false, "may_send_files": false })).await;
    assert_eq!(bruno.act(&conversation, "close").await.refused(403), "closing_switched_off");
    let sender = Sender::agent(bruno);
    let picture = sender.upload("a.png", "image", &picture(9, 9, image::ImageFormat::Png)).await;
    let refused = sender.message(&conversation, "reply", "", &picture["id"]).await;
    assert_eq!(refused.refused(403), "files_switched_off");
    sender.message(&conversation, "note", "", &picture["id"]).await.expect(201);
    switches(json!({ "may_send_files": true, "may_send_voice": false })).await;
    let voice = sender.upload("a.mp3", "audio", &recording(20)).await;
    assert_eq!(sender.message(&conversation, "reply", "", &voice["id"]).await.refused(403), "voice_switched_off");
    // Whoever manages everything closes it.
    desk.owner.act(&conversation, "close").await.expect(200);
}

/// T-088: what something is linked to is not removed, and the refusal says what.
#[tokio::test]
async fn a_department_with_conversations_is_not_removed_and_one_without_is() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let path = format!("/api/departments/{}", desk.department);
    desk.ask().await;
    let refused = desk.owner.delete(&path).await;
    assert_eq!(refused.body["error"]["detail"], json!({ "conversations": 1, "messages": 0, "connections": 1 }));
    assert_eq!(refused.refused(409), "department_in_use");
    let list = desk.owner.get("/api/departments").await.expect(200);
    let default = list["items"].as_array().unwrap().iter().find(|one| one["is_default"] == json!(true)).unwrap();
    let refused = desk.owner.delete(&format!("/api/departments/{}", default["id"].as_str().unwrap())).await;
    assert_eq!(refused.refused(409), "default_department");
    let empty = desk.app.department(&desk.owner, "Financeiro").await;
    let carla = desk.app.hire(&desk.owner, "Carla", "agent", json!([{ "id": empty }])).await;
    let overflow = json!({ "overflow_department_id": empty, "overflow_minutes": 5 });
    desk.owner.patch(&path, overflow).await.expect(200);
    let mut console = desk.owner.socket().await;
    desk.owner.delete(&format!("/api/departments/{empty}")).await.expect(204);
    let gone = console.find("that it is gone", |frame| frame["event"]["kind"] == "department_removed").await;
    assert_eq!(gone["event"]["department"], json!(empty));
    assert_eq!(desk.owner.delete(&format!("/api/departments/{empty}")).await.refused(404), "not_found");
    assert_eq!(carla.get("/api/session").await.expect(200)["departments"], json!([]));
    let list = desk.owner.get("/api/departments").await.expect(200);
    let own = list["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(desk.department)).unwrap();
    assert_eq!(own["overflow_department_id"], json!(null), "nothing overflows into it any more");
}

/// T-088: what is written while a department is removed is either in it, and keeps it, or finds it gone.
#[tokio::test]
async fn nothing_is_written_into_a_department_that_is_being_removed() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    for round in 0..12 {
        let department = app.department(&owner, &format!("Breve {round}")).await;
        let ticket = Visitor::ticket_of(&app, &site).await;
        let stranger = app.stranger();
        let write = async {
            let said = json!({ "id": client_id(), "text": "Oi", "form": { "department": department } });
            let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(&ticket).json(&said);
            stranger.send(request).await
        };
        let path = format!("/api/departments/{department}");
        let (written, removed) = tokio::join!(write, owner.delete(&path));
        match (written.status.as_u16(), removed.status.as_u16()) {
            (200, 409) => assert_eq!(removed.refused(409), "department_in_use", "round {round}"),
            (422, 204) => assert_eq!(written.fields(), ["form.department:department_unknown"], "round {round}"),
            both => panic!("round {round}: {both:?} {} {}", written.body, removed.body),
        }
    }
}
