//! The team at a glance, and handing over what is open with somebody.

use serde_json::{Value, json};

use crate::support::{App, Client, QueueDesk, Visitor, client_id, until};

async fn member(who: &Client, id: &str) -> Value {
    let team = who.get("/api/team").await.expect(200);
    let found = team["items"].as_array().unwrap().iter().find(|item| item["agent_id"] == json!(id)).cloned();
    found.unwrap_or_else(|| panic!("{id} is not in {team}"))
}

/// T-135
#[tokio::test]
async fn the_team_shows_everybodys_status_since_when_and_load() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    let bruno = desk.team[0].id().await;
    let since = member(&desk.owner, &bruno).await["since"].clone();
    let waits = desk.ask().await;
    let answered = desk.ask().await;
    for conversation in [&waits, &answered] {
        desk.team[0].act(conversation, "take").await.expect(200);
    }
    desk.team[0].reply(&answered, "Olá").await.expect(201);
    desk.app.clock.advance(60);
    desk.team[0].go("online").await;
    let shown = member(&desk.team[1], &bruno).await;
    assert_eq!((&shown["status"], &shown["open"], &shown["waiting"]), (&json!("online"), &json!(2), &json!(1)));
    assert_eq!((&shown["limit"], &shown["last_assigned_at"]), (&json!(5), &Value::Null));
    assert_eq!(shown["since"], since, "the same status again goes on");
    desk.team[0].go("away").await;
    assert_ne!(member(&desk.team[1], &bruno).await["since"], since);
    desk.owner.patch("/api/workspace", json!({ "distribution": "round_robin" })).await.expect(200);
    desk.given(&desk.ask().await).await;
    let carla = member(&desk.owner, &desk.team[1].id().await).await;
    assert!(carla["last_assigned_at"].is_string());
    // Who belongs to no department and never came is there too.
    let new = desk.app.hire(&desk.owner, "Eva", "viewer", json!([])).await.id().await;
    assert_eq!(member(&desk.team[1], &new).await["status"], "offline");
}

/// T-137: who has not been heard of is offline and absent as soon as visitors wait; nothing is taken from them.
#[tokio::test]
async fn who_is_gone_while_visitors_wait_is_named_as_absent() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let bruno = desk.team[0].id().await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    desk.team[0].reply(&conversation, "Olá").await.expect(201);
    desk.app.clock.advance(121);
    let team = desk.owner.get("/api/team").await.expect(200);
    assert_eq!(team["absent"], json!([]), "the visitor has an answer");
    let gone = member(&desk.owner, &bruno).await;
    assert_eq!((&gone["status"], &gone["since"]), (&json!("offline"), &gone["connected_until"]));
    visitor.say("Ainda está aí?").await;
    assert_eq!(desk.owner.get("/api/team").await.expect(200)["absent"], json!([bruno]));
    assert_eq!(desk.assignee(&conversation).await, Some(bruno));
    desk.team[0].go("online").await;
    assert_eq!(desk.owner.get("/api/team").await.expect(200)["absent"], json!([]));
}

#[tokio::test]
async fn an_open_console_hears_the_teams_load_after_its_greeting_and_when_it_changes() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    let bruno = desk.team[0].id().await;
    let mut console = desk.team[1].socket().await;
    let all = console.next("team").await["agents"].clone();
    assert_eq!(all.as_array().unwrap().len(), 3);
    let load = |open: i64, waiting: i64| {
        let bruno = bruno.clone();
        move |frame: &Value| {
            let found =
                frame["agents"].as_array().and_then(|agents| agents.iter().find(|agent| agent["id"] == json!(bruno)));
            found.is_some_and(|agent| agent["open"] == open && agent["waiting"] == waiting && agent["limit"] == 5)
        }
    };
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    desk.team[0].act(&conversation, "take").await.expect(200);
    console.find("one open", load(1, 1)).await;
    desk.team[0].reply(&conversation, "Olá").await.expect(201);
    console.find("answered", load(1, 0)).await;
    visitor.say("De novo").await;
    console.find("waiting again", load(1, 1)).await;
    desk.team[0].act(&conversation, "close").await.expect(200);
    console.find("none open", load(0, 0)).await;
    desk.owner.patch("/api/workspace", json!({ "simultaneous_limit": 9 })).await.expect(200);
    console.find("the new limit", |frame| frame["t"] == "team" && frame["agents"][0]["limit"] == 9).await;
}

/// T-136, T-137: consoles are told since when.
#[tokio::test]
async fn presence_says_since_when() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let mut console = desk.owner.socket().await;
    desk.team[0].go("away").await;
    let bruno = desk.team[0].id().await;
    let told = console
        .find("the status", |frame| {
            frame["t"] == "presence"
                && frame["agents"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|agent| agent["id"] == json!(bruno) && agent["status"] == "away")
        })
        .await;
    let agent = told["agents"].as_array().unwrap().iter().find(|agent| agent["id"] == json!(bruno)).unwrap().clone();
    assert_eq!(agent["since"], member(&desk.owner, &bruno).await["since"]);
}

/// Everything that is open with somebody goes in one action, however much it is; the visitors and the timelines hear of it.
#[tokio::test]
async fn handing_over_moves_every_open_conversation() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    let (bruno, carla) = (desk.team[0].id().await, desk.team[1].id().await);
    let mut conversations = Vec::new();
    for batch in 0..9 {
        let asked = futures_util::future::join_all((0..50).map(|_| desk.ask())).await;
        let taken = futures_util::future::join_all(asked.iter().map(|one| desk.team[0].act(one, "take"))).await;
        assert!(taken.iter().all(|answer| answer.status == 200), "batch {batch}");
        conversations.extend(asked);
    }
    let path = format!("/api/agents/{bruno}/hand_over");
    let moved = desk.owner.post(&path, json!({ "to": "agent", "agent": carla })).await.expect(200);
    assert_eq!(moved, json!({ "moved": 450, "queued": 0 }));
    assert_eq!(desk.loads().await, [0, 450]);
    assert_eq!(desk.owner.post(&path, json!({ "to": "agent", "agent": carla })).await.expect(200)["moved"], 0);
    let lines = desk.owner.conversation(&conversations[449]).await["messages"].clone();
    assert_eq!((&lines[2]["event"]["code"], &lines[2]["event"]["target"]), (&json!("transferred"), &json!("Carla")));
    assert_eq!(desk.app.desk.store.reruns(), 0);
}

#[tokio::test]
async fn what_a_colleague_may_not_serve_goes_to_its_queue_when_handed_over() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    let sales = desk.app.department(&desk.owner, "Vendas").await;
    let site = desk.app.webchat(&desk.owner, Some(&sales), json!({})).await;
    let bruno = desk.team[0].id().await;
    let both = json!([{ "id": desk.department }, { "id": sales }]);
    desk.owner.patch(&format!("/api/agents/{bruno}"), json!({ "departments": both })).await.expect(200);
    let here = desk.ask().await;
    let there = crate::support::ask(&desk.app, &site).await;
    for conversation in [&here, &there] {
        desk.team[0].act(conversation, "take").await.expect(200);
    }
    let path = format!("/api/agents/{bruno}/hand_over");
    let to_carla = json!({ "to": "agent", "agent": desk.team[1].id().await });
    assert_eq!(desk.team[0].post(&path, to_carla).await.expect(200), json!({ "moved": 1, "queued": 1 }));
    assert_eq!(desk.assignee(&here).await, Some(desk.team[1].id().await));
    assert_eq!(desk.owner.conversation(&there).await["conversation"]["state"], "queue");
    // Department and queue as goals; the person's own department keeps what is in it.
    desk.team[0].act(&there, "take").await.expect(200);
    let to_sales = json!({ "to": "department", "department": desk.department });
    assert_eq!(desk.team[0].post(&path, to_sales).await.expect(200), json!({ "moved": 1, "queued": 0 }));
    let shown = desk.owner.conversation(&there).await["conversation"].clone();
    assert_eq!((&shown["state"], &shown["department_id"]), (&json!("queue"), &json!(desk.department)));
}

/// T-086
#[tokio::test]
async fn a_manager_hands_over_what_is_in_the_managed_departments_only() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let sales = desk.app.department(&desk.owner, "Vendas").await;
    let site = desk.app.webchat(&desk.owner, Some(&sales), json!({})).await;
    let bruno = desk.team[0].id().await;
    let both = json!([{ "id": desk.department }, { "id": sales }]);
    desk.owner.patch(&format!("/api/agents/{bruno}"), json!({ "departments": both })).await.expect(200);
    let (ours, theirs) = (desk.ask().await, crate::support::ask(&desk.app, &site).await);
    for conversation in [&ours, &theirs] {
        desk.team[0].act(conversation, "take").await.expect(200);
    }
    let managed = json!([{ "id": desk.department, "is_manager": true }]);
    let manager = desk.app.hire(&desk.owner, "Marta", "manager", managed).await;
    assert_eq!(member(&manager, &bruno).await["may_hand_over"], true);
    let path = format!("/api/agents/{bruno}/hand_over");
    assert_eq!(manager.post(&path, json!({ "to": "queue" })).await.expect(200), json!({ "moved": 1, "queued": 0 }));
    assert_eq!(desk.assignee(&ours).await, None);
    assert_eq!(desk.assignee(&theirs).await, Some(bruno.clone()));
    let colleague = desk.app.hire(&desk.owner, "Eva", "agent", both).await;
    assert_eq!(member(&colleague, &bruno).await["may_hand_over"], false);
    assert_eq!(colleague.post(&path, json!({ "to": "queue" })).await.refused(403), "forbidden");
    assert_eq!(
        colleague.post(&format!("/api/agents/{}/hand_over", client_id()), json!({ "to": "queue" })).await.refused(404),
        "not_found"
    );
    for (form, fault) in [
        (json!({ "to": "agent" }), "agent:required"),
        (json!({ "to": "department" }), "department:required"),
        (json!({ "to": "agent", "agent": bruno }), "agent:agent_unknown"),
        (json!({ "to": "agent", "agent": client_id() }), "agent:agent_unknown"),
        (json!({ "to": "department", "department": client_id() }), "department:department_unknown"),
    ] {
        assert_eq!(desk.owner.post(&path, form).await.fields(), [fault]);
    }
}

/// Who leaves keeps nothing silently: the answer says how much is open, and it is handed over and distributed.
#[tokio::test]
async fn deactivating_says_what_is_open_and_handing_over_gives_it_to_the_others() {
    let desk = QueueDesk::open_at(App::start().await, "off", &["Bruno", "Carla", "Davi"]).await;
    let bruno = desk.team[0].id().await;
    for _ in 0..4 {
        desk.team[0].act(&desk.ask().await, "take").await.expect(200);
    }
    let change = json!({ "is_active": false });
    let changed = desk.owner.patch(&format!("/api/agents/{bruno}"), change).await.expect(200);
    assert_eq!(changed["open"], 4);
    assert_eq!(member(&desk.owner, &bruno).await["open"], 4, "still in the team while something is left");
    desk.owner.patch("/api/workspace", json!({ "distribution": "least_busy" })).await.expect(200);
    let path = format!("/api/agents/{bruno}/hand_over");
    assert_eq!(desk.owner.post(&path, json!({ "to": "queue" })).await.expect(200)["moved"], 4);
    let loads = || async {
        let team = desk.owner.get("/api/team").await.expect(200);
        let open: i64 = team["items"].as_array().unwrap().iter().map(|item| item["open"].as_i64().unwrap()).sum();
        let is_gone = team["items"].as_array().unwrap().iter().all(|item| item["agent_id"] != json!(bruno));
        (open == 4 && is_gone).then_some(())
    };
    until("the others have them", loads).await;
}

/// Z-124: since when the one that waits longest does is told, so that consoles can say when that is too long; the limit is the company's.
#[tokio::test]
async fn the_team_says_since_when_somebody_waits_and_the_company_says_how_long_is_too_long() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let bruno = desk.team[0].id().await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let first = visitor.open("Oi").await;
    desk.team[0].act(&first, "take").await.expect(200);
    let since = desk.owner.conversation(&first).await["conversation"]["waiting_since"].clone();
    desk.app.clock.advance(60);
    let second = desk.ask().await;
    desk.team[0].act(&second, "take").await.expect(200);
    assert_eq!(member(&desk.owner, &bruno).await["waiting_since"], since);
    assert_ne!(since, json!(null));
    for conversation in [&first, &second] {
        desk.team[0].reply(conversation, "Olá").await.expect(201);
    }
    assert_eq!(member(&desk.owner, &bruno).await["waiting_since"], json!(null));
    assert_eq!(desk.owner.get("/api/session").await.expect(200)["workspace"]["late_minutes"], 10);
    let changed = desk.owner.patch("/api/workspace", json!({ "late_minutes": 3 })).await.expect(200);
    assert_eq!(changed["late_minutes"], 3);
    let wrong = desk.owner.patch("/api/workspace", json!({ "late_minutes": 43_201 })).await;
    assert_eq!(wrong.fields(), ["late_minutes:minutes_invalid"]);
}

/// T-139, X-005: who is on a pause is away, for what and until when, gets nothing, and is back by choosing to be.
#[tokio::test]
async fn a_pause_says_for_what_somebody_is_away_and_until_when() {
    let desk = QueueDesk::open("round_robin", &["Bruno", "Carla"]).await;
    let (owner, bruno, carla) = (&desk.owner, &desk.team[0], &desk.team[1]);
    let id = bruno.id().await;
    let (_bruno, mut console) = (bruno.socket().await, carla.socket().await);
    owner.go("offline").await;
    carla.go("offline").await;
    bruno.go("online").await;
    let begin = async |pause: &str| bruno.put("/api/me/status", json!({ "status": "away", "pause": pause })).await;
    // The company begins with two.
    let me = begin("Almoço").await.expect(200);
    let noon = me["pause"]["until"].clone();
    assert_eq!((&me["status"], &me["pause"]["name"], noon.is_string()), (&json!("away"), &json!("Almoço"), true));
    let of_bruno = |frame: &Value| frame["t"] == "presence" && frame["agents"][0]["pause"]["name"] == "Almoço";
    let told = console.find("the pause", of_bruno).await;
    assert_eq!(told["agents"][0]["pause"]["until"], noon);
    let shown = async || {
        let people = carla.get("/api/agents").await.expect(200);
        people["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(id)).unwrap()["pause"].clone()
    };
    assert_eq!(shown().await["name"], "Almoço");
    // Nothing is given to whoever is on one.
    let waits = desk.ask().await;
    assert_eq!(owner.conversation(&waits).await["conversation"]["state"], "queue");
    // The same again goes on, another one begins anew, and being away for nothing in particular ends it.
    desk.app.clock.advance(60);
    assert_eq!(begin("Almoço").await.expect(200)["pause"]["until"], noon);
    assert_ne!(begin("Intervalo").await.expect(200)["pause"]["until"], noon);
    console
        .find("the other one", |frame| frame["t"] == "presence" && frame["agents"][0]["pause"]["name"] == "Intervalo")
        .await;
    bruno.go("away").await;
    assert_eq!(shown().await, Value::Null);
    for wrong in [json!({ "status": "away", "pause": "Férias" }), json!({ "status": "online", "pause": "Almoço" })] {
        assert_eq!(bruno.put("/api/me/status", wrong).await.fields(), ["pause:pause_unknown"]);
    }
    begin("Intervalo").await.expect(200);
    bruno.go("online").await;
    assert_eq!(shown().await, Value::Null);
    desk.given(&waits).await;
}

/// T-139: a company has pauses of its own, each under one name; what is inactive is offered to nobody.
#[tokio::test]
async fn pauses_are_the_companys() {
    let app = App::start().await;
    let owner = app.owner().await;
    let change = async |pauses: Value| owner.patch("/api/workspace", json!({ "pauses": pauses })).await;
    let pause = |name: &str, minutes: u32| json!({ "name": name, "minutes": minutes });
    assert_eq!(change(json!([pause("Café", 10), pause(" CAFE ", 0)])).await.fields(), ["pauses.1.name:name_in_use"]);
    assert_eq!(change(json!([pause(" ", 10)])).await.fields(), ["pauses.0.name:required"]);
    assert_eq!(change(json!([pause("Café", 481)])).await.fields(), ["pauses.0.minutes:minutes_invalid"]);
    let many: Vec<Value> = (0..21).map(|number| pause(&format!("P{number}"), 0)).collect();
    assert_eq!(change(json!(many)).await.fields(), ["pauses:too_many"]);
    let changed =
        change(json!([pause("Café", 0), { "name": "Reunião", "minutes": 30, "is_active": false }])).await.expect(200);
    assert_eq!(changed["pauses"][0], json!({ "name": "Café", "minutes": 0, "is_active": true }));
    let begin = async |name: &str| owner.put("/api/me/status", json!({ "status": "away", "pause": name })).await;
    assert_eq!(begin("Café").await.expect(200)["pause"], json!({ "name": "Café", "until": null }));
    assert_eq!(begin("Reunião").await.fields(), ["pause:pause_unknown"]);
}
