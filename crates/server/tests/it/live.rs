//! What happens live: events in order, resuming, whispers, presence, and an orderly end.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{App, QueueDesk, Socket, Visitor, client_id, until};

/// C4
#[tokio::test]
async fn an_agent_resumes_with_exactly_what_was_missed() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut console = owner.socket().await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    let opened = console.event("conversation_opened").await;
    assert_eq!(opened["event"]["conversation"]["id"], json!(conversation));
    owner.act(&conversation, "take").await.expect(200);
    let taken = console.event("conversation_taken").await;
    visitor.say("dois").await;
    let added = console.event("message_added").await;
    assert_eq!((&added["event"]["message"]["text"], &added["event"]["unread"]), (&json!("dois"), &json!(2)));
    assert!(added["prev"].as_i64().unwrap() >= taken["n"].as_i64().unwrap());
    drop(console);
    visitor.say("três").await;
    visitor.say("quatro").await;
    let mut again = owner.silent_socket().await;
    again.send(json!({ "t": "hello", "since": added["n"] })).await;
    assert_eq!(again.next("welcome").await["resumed"], true);
    let (third, fourth) = (again.event("message_added").await, again.event("message_added").await);
    let texts = [&third, &fourth].map(|frame| frame["event"]["message"]["text"].clone());
    assert_eq!(texts, [json!("três"), json!("quatro")]);
    assert_eq!(fourth["prev"], third["n"]);
    visitor.say("cinco").await;
    assert_eq!(again.event("message_added").await["event"]["message"]["text"], "cinco");
}

#[tokio::test]
async fn who_is_too_far_behind_or_from_another_time_takes_a_snapshot() {
    let app = App::start().await;
    let owner = app.owner().await;
    for since in [json!(-1), json!(1_000_000)] {
        let mut console = owner.silent_socket().await;
        console.send(json!({ "t": "hello", "since": since })).await;
        assert_eq!(console.next("welcome").await["resumed"], false);
        assert_eq!(console.next("snapshot").await["why"], "too_far");
    }
}

#[tokio::test]
async fn only_who_may_see_a_department_hears_of_its_conversations() {
    let app = App::start().await;
    let owner = app.owner().await;
    let finance = app.department(&owner, "Financeiro").await;
    let site = app.webchat(&owner, Some(&finance), json!({})).await;
    let outsider = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let insider = app.hire(&owner, "Carla", "agent", json!([{ "id": finance }])).await;
    let (mut out, mut inside) = (outsider.socket().await, insider.socket().await);
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("segredo do cliente").await;
    out.send(json!({ "t": "watch", "conversations": [conversation] })).await;
    out.send(json!({ "t": "typing", "conversation": conversation, "on": true })).await;
    inside.event("conversation_opened").await;
    inside.next("rows").await;
    visitor.say("outro segredo").await;
    visitor.say("mais um").await;
    let heard: Vec<Value> = out.drain().await;
    assert!(!heard.iter().any(|frame| frame.to_string().contains(&conversation)), "{heard:?}");
    assert_eq!(outsider.get(&format!("/api/conversations/{conversation}")).await.refused(404), "not_found");
}

#[tokio::test]
async fn only_who_serves_a_contact_hears_of_its_name() {
    let app = App::start().await;
    let owner = app.owner().await;
    let finance = app.department(&owner, "Financeiro").await;
    let site = app.webchat(&owner, Some(&finance), json!({ "ask_name": false, "ask_email": false })).await;
    let outsider = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let insider = app.hire(&owner, "Carla", "agent", json!([{ "id": finance }])).await;
    let (mut out, mut inside) = (outsider.socket().await, insider.socket().await);
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    owner.act(&conversation, "close").await.expect(200);
    let form = json!({ "name": "Marina Segredo", "email": "marina@example.com" });
    visitor.socket.send(json!({ "t": "send", "id": client_id(), "text": "sou eu", "form": form })).await;
    let event = inside.event("contact_changed").await;
    assert_eq!(event["event"]["contact"]["name"], "Marina Segredo");
    assert!(!out.drain().await.iter().any(|frame| frame.to_string().contains("Segredo")));
}

#[tokio::test]
async fn a_changed_membership_changes_what_an_open_console_hears() {
    let app = App::start().await;
    let owner = app.owner().await;
    let finance = app.department(&owner, "Financeiro").await;
    let site = app.webchat(&owner, Some(&finance), json!({})).await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let mut console = bruno.socket().await;
    let path = format!("/api/agents/{}", bruno.id().await);
    owner.patch(&path, json!({ "departments": [{ "id": finance }] })).await.expect(200);
    assert_eq!(console.next("snapshot").await["why"], "audience_changed");
    Visitor::arrive(&app, &site).await.open("Oi").await;
    console.event("conversation_opened").await;
    owner.patch(&path, json!({ "departments": [] })).await.expect(200);
    console.next("snapshot").await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let unseen = visitor.open("Oi").await;
    visitor.say("de novo").await;
    assert!(!console.drain().await.iter().any(|frame| frame.to_string().contains(&unseen)));
}

/// P-028
#[tokio::test]
async fn marks_move_forward_and_peeking_leaves_none() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    owner.act(&conversation, "take").await.expect(200);
    let (mut console, mut peeking) = (owner.socket().await, bruno.socket().await);
    peeking.send(json!({ "t": "read", "conversation": conversation, "seq": 1 })).await;
    peeking.drain().await;
    assert_eq!(owner.conversation(&conversation).await["conversation"]["marks"]["agent"]["read"], 0);
    console.send(json!({ "t": "read", "conversation": conversation, "seq": 99 })).await;
    assert_eq!(visitor.socket.next("marks").await["read"], 2);
    assert_eq!(owner.conversation(&conversation).await["conversation"]["unread"], 0);
    owner.reply(&conversation, "olá").await.expect(201);
    visitor.socket.send(json!({ "t": "marks", "conversation": conversation, "delivered": 3, "read": 2 })).await;
    let marks =
        console.find("visitor's marks", |frame| frame["t"] == "marks" && frame["visitor"]["delivered"] == 3).await;
    assert_eq!(marks["visitor"]["read"], 2);
    visitor.socket.send(json!({ "t": "marks", "conversation": conversation, "delivered": 1, "read": 1 })).await;
    visitor.socket.drain().await;
    let kept = owner.conversation(&conversation).await["conversation"]["marks"]["visitor"].clone();
    assert_eq!(kept, json!({ "delivered": 3, "read": 2 }));
}

#[tokio::test]
async fn typing_is_whispered_both_ways() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    owner.act(&conversation, "take").await.expect(200);
    let mut console = owner.socket().await;
    visitor.socket.send(json!({ "t": "typing", "on": true })).await;
    let typing = console.next("typing").await;
    assert_eq!((&typing["from"], &typing["on"]), (&json!("visitor"), &json!(true)));
    console.send(json!({ "t": "typing", "conversation": conversation, "on": true })).await;
    assert_eq!(visitor.socket.next("typing").await["name"], "Ana Souza");
}

#[tokio::test]
async fn the_visitors_page_is_whispered_to_who_has_the_conversation_open() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    let bruno = app.hire(&owner, "Bruno", "administrator", json!([])).await;
    let (mut watching, mut elsewhere) = (owner.socket().await, bruno.socket().await);
    watching.send(json!({ "t": "watch", "conversations": [conversation] })).await;
    watching.drain().await;
    let page = json!({ "url": "https://loja.com.br/planos", "title": "Planos" });
    let mut frame = page.clone();
    frame["t"] = json!("page");
    visitor.socket.send(frame).await;
    let told = watching.next("page").await;
    assert_eq!((&told["conversation"], &told["page"]), (&json!(conversation), &page));
    assert_eq!(owner.conversation(&conversation).await["conversation"]["page"], page);
    assert!(elsewhere.drain().await.iter().all(|frame| frame["t"] != "page"));
}

/// T-130, T-131, T-136
#[tokio::test]
async fn the_widget_learns_at_once_when_the_last_agent_leaves_and_the_first_comes() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let _console = owner.socket().await;
    owner.go("online").await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    owner.go("away").await;
    visitor.socket.find("offline", |frame| frame["t"] == "status" && frame["online"] == false).await;
    owner.go("online").await;
    visitor.socket.find("online", |frame| frame["t"] == "status" && frame["online"] == true).await;
}

/// T-132, T-136
#[tokio::test]
async fn a_visitor_who_chooses_a_department_is_told_of_each_as_people_come_and_go() {
    let app = App::start().await;
    let owner = app.owner().await;
    let orders = app.department(&owner, "Encomendas").await;
    let first = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": orders }])).await;
    let site = app.webchat(&owner, None, json!({})).await;
    let fixed = app.webchat(&owner, Some(&orders), json!({})).await;
    let _consoles = (owner.socket().await, bruno.socket().await);
    owner.go("online").await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let named = |frame: &Value, ids: &[&Value]| {
        let told = frame["departments"].as_array().expect("departments");
        told.len() == ids.len() && ids.iter().all(|id| told.contains(id))
    };
    let is_known = named(&visitor.welcome, &[&first]);
    let orders = json!(orders);
    bruno.go("online").await;
    let both = |frame: &Value| frame["t"] == "status" && named(frame, &[&first, &orders]);
    assert_eq!(visitor.socket.find("both", both).await["online"], true);
    assert!(is_known, "{}", visitor.welcome);
    owner.go("away").await;
    let one = |frame: &Value| frame["t"] == "status" && named(frame, &[&orders]);
    assert_eq!(visitor.socket.find("one", one).await["online"], true);
    // Where the department is fixed there is nothing to choose.
    let elsewhere = Visitor::arrive(&app, &fixed).await;
    assert!(elsewhere.welcome.get("departments").is_none());
}

fn is_answering(online: bool) -> impl Fn(&Value) -> bool {
    move |frame| frame["t"] == "attended" && frame["online"] == json!(online)
}

#[tokio::test]
async fn the_visitor_is_told_whether_the_very_agent_who_answers_is_online() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await;
    let site = app.webchat(&owner, None, json!({})).await;
    let _owners = owner.socket().await;
    let console = bruno.socket().await;
    owner.go("online").await;
    bruno.go("online").await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    bruno.act(&conversation, "take").await.expect(200);
    let is_taken = |frame: &Value| frame["t"] == "conversation" && frame["conversation"]["agent"]["name"] == "Bruno";
    visitor.socket.find("who answers", is_taken).await;
    for status in ["away", "offline"] {
        bruno.go(status).await;
        let told = visitor.socket.find(status, is_answering(false)).await;
        assert_eq!(told["conversation"], json!(conversation));
        bruno.go("online").await;
        visitor.socket.find("back", is_answering(true)).await;
    }

    // A console that is gone: nobody says so, the lease runs out.
    drop(console);
    until("the console is gone", || async { (app.desk.live.open_sockets().0 == 1).then_some(()) }).await;
    app.clock.advance(121);
    visitor.socket.find("the lease has run out", is_answering(false)).await;
    let again = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    let agent = |conversation: &Value| (conversation["agent"]["name"].clone(), conversation["attended"].clone());
    assert_eq!(agent(&again.welcome["conversation"]), (json!("Bruno"), json!(false)));
    let stranger = app.stranger();
    let asked = stranger.request(reqwest::Method::GET, "/api/visitor/entries").bearer_auth(&again.ticket);
    assert_eq!(agent(&stranger.send(asked).await.expect(200)["conversation"]), (json!("Bruno"), json!(false)));
    let _back = bruno.socket().await;
    visitor.socket.find("back again", is_answering(true)).await;

    // Back in the queue it is no single person's status, as long as somebody of the department is there.
    owner.act(&conversation, "return").await.expect(200);
    visitor.socket.find("nobody", |frame| frame["conversation"]["agent"].is_null()).await;
    visitor.socket.drain().await;
    let mut watching = owner.socket().await;
    let id = bruno.id().await;
    for status in ["away", "online"] {
        bruno.go(status).await;
        let is_told = |frame: &Value| {
            let agents = frame["agents"].as_array().into_iter().flatten();
            frame["t"] == "presence"
                && agents.into_iter().any(|agent| agent["id"] == json!(id) && agent["status"] == status)
        };
        // Panels are told in the same look, after the consoles: with the second one the first has ended.
        watching.find(status, is_told).await;
    }
    assert!(visitor.socket.drain().await.iter().all(|frame| frame["t"] != "attended"));
}

/// T-131: who waits for a department without anybody online is told so, whoever else of the company is there.
#[tokio::test]
async fn who_waits_is_told_whether_somebody_of_the_department_is_there() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    let (owner, bruno) = (&desk.owner, &desk.team[0]);
    let empty = desk.app.department(owner, "Financeiro").await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Segunda via").await;
    visitor.socket.find("waits", |frame| frame["conversation"]["attended"] == true).await;
    let _console = bruno.socket().await;
    let path = format!("/api/conversations/{conversation}/transfer");
    let there = json!({ "department": empty, "confirmed": true, "client_id": client_id() });
    owner.post(&path, there).await.expect(200);
    visitor.socket.find("nobody there", |frame| frame["conversation"]["attended"] == false).await;
    // Somebody begins to serve there, and goes.
    let here = json!({ "departments": [{ "id": empty, "is_manager": false }] });
    let path = format!("/api/agents/{}", bruno.id().await);
    owner.send(owner.request(reqwest::Method::PATCH, &path).json(&here)).await.expect(200);
    visitor.socket.find("somebody there", is_answering(true)).await;
    bruno.go("away").await;
    let told = visitor.socket.find("nobody there any more", is_answering(false)).await;
    assert_eq!(told["conversation"], json!(conversation));
}

#[tokio::test]
async fn colleagues_see_statuses_change() {
    let app = App::start().await;
    let owner = app.owner().await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let id = bruno.id().await;
    let mut console = owner.socket().await;
    bruno.go("online").await;
    let is_online = |frame: &Value| {
        frame["t"] == "presence"
            && frame["agents"]
                .as_array()
                .unwrap()
                .iter()
                .any(|agent| agent["id"] == json!(id) && agent["status"] == "online")
    };
    console.find("presence", is_online).await;
}

#[tokio::test]
async fn rows_reach_colleagues_and_counters_everyone_concerned() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let mut colleague = bruno.socket().await;
    let conversation = visitor.open("um").await;
    colleague.find("counters", |frame| frame["t"] == "counters" && frame["queue"] == 1).await;
    owner.act(&conversation, "take").await.expect(200);
    colleague.find("counters", |frame| frame["t"] == "counters" && frame["open"] == 1 && frame["mine"] == 0).await;
    visitor.say("dois").await;
    let is_new = |frame: &Value| frame["t"] == "rows" && frame["rows"][0]["last_message"]["text"] == "dois";
    colleague.find("the row", is_new).await;
}

/// C10
#[tokio::test]
async fn a_shutdown_sends_sockets_elsewhere_and_keeps_what_was_acknowledged() {
    let mut app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    let mut console = owner.socket().await;
    app.restart().await;
    assert_eq!(visitor.socket.close_code().await, 1001);
    assert_eq!(console.close_code().await, 1001);
    let owner = owner.at(&app);
    assert_eq!(owner.texts(&conversation).await, ["um"]);
    let again = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    assert_eq!(again.welcome["entries"][0]["text"], "um");
}

/// C9
#[tokio::test]
async fn a_reader_who_does_not_keep_up_is_cut_off_and_costs_nobody_anything() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    owner.act(&conversation, "take").await.expect(200);
    // A console that greets and then reads nothing.
    let mut silent = owner.silent_socket().await;
    silent.send(json!({ "t": "hello", "since": null })).await;
    let long = "x".repeat(9_000);
    for _ in 0..900 {
        visitor.socket.send(json!({ "t": "send", "id": client_id(), "text": long })).await;
        visitor.socket.next("ack").await;
    }
    until("the end of the silent console", || async { (app.desk.live.open_sockets().0 == 0).then_some(()) }).await;
}

#[tokio::test]
async fn an_event_of_a_newer_release_makes_open_consoles_fetch_anew() {
    let app = App::start().await;
    let owner = app.owner().await;
    let mut console = owner.socket().await;
    // What another node would write.
    let connection = app.config.store().connect().await.unwrap();
    let sql = "BEGIN; UPDATE workspaces SET last_number = last_number + 1; \
               INSERT INTO events (workspace_id, number, at, kind, body) \
               SELECT id, last_number, 0, 'dance_begun', '{\"kind\":\"dance_begun\"}' FROM workspaces; COMMIT";
    connection.execute_unprepared(sql).await.unwrap();
    console.next("snapshot").await;
    owner.patch("/api/workspace", json!({ "company": "Vila Nova" })).await.expect(200);
    console.event("workspace_changed").await;
}

/// P-067: who looks at the same conversation is seen by those who look at it too, and by nobody else.
#[tokio::test]
async fn who_looks_at_a_conversation_is_told_to_those_who_look_at_it_too() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let site = app.webchat(&owner, None, json!({})).await;
    let conversation = Visitor::arrive(&app, &site).await.open("um").await;
    let serves = json!([{ "id": department }]);
    let bruno = app.hire(&owner, "Bruno", "agent", serves.clone()).await;
    let carla = app.hire(&owner, "Carla", "viewer", serves).await;
    let [mut ana, mut bruno_sees, mut carla_sees] = [owner.socket().await, bruno.socket().await, carla.socket().await];
    let look = async |console: &mut Socket, at: Option<&str>| {
        console.send(json!({ "t": "watch", "conversations": Vec::from_iter(at) })).await;
        console.send(json!({ "t": "viewing", "conversation": at })).await;
    };
    look(&mut ana, Some(&conversation)).await;
    ana.drain().await;
    look(&mut bruno_sees, Some(&conversation)).await;
    let told = ana.next("viewing").await;
    assert_eq!((&told["agent"], &told["on"]), (&json!(bruno.id().await), &json!(true)));
    // The newcomer learns who was there before.
    assert_eq!(bruno_sees.next("viewing").await["agent"], json!(owner.id().await));
    // Who only ever looks leaves no trace.
    look(&mut carla_sees, Some(&conversation)).await;
    assert!(!ana.drain().await.iter().any(|frame| frame["t"] == "viewing"));
    look(&mut bruno_sees, None).await;
    assert_eq!(ana.next("viewing").await["on"], false);
    look(&mut bruno_sees, Some(&conversation)).await;
    assert_eq!(ana.next("viewing").await["on"], true);
    drop(bruno_sees);
    assert_eq!(ana.next("viewing").await["on"], false);
}

#[tokio::test]
async fn nobody_is_seen_looking_at_what_they_may_not_see() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let conversation = Visitor::arrive(&app, &site).await.open("um").await;
    let stranger = app.hire(&owner, "Davi", "agent", json!([])).await;
    let (mut ana, mut davi) = (owner.socket().await, stranger.socket().await);
    ana.send(json!({ "t": "watch", "conversations": [conversation] })).await;
    ana.send(json!({ "t": "viewing", "conversation": conversation })).await;
    ana.drain().await;
    davi.send(json!({ "t": "watch", "conversations": [conversation] })).await;
    davi.send(json!({ "t": "viewing", "conversation": conversation })).await;
    assert!(!davi.drain().await.iter().any(|frame| frame["t"] == "viewing"));
    assert!(!ana.drain().await.iter().any(|frame| frame["t"] == "viewing"));
}
