//! Transferring a conversation, and undoing its closing.

use serde_json::{Value, json};

use crate::support::{Answer, App, Client, QueueDesk, Visitor, client_id};

/// A desk without distribution: Bruno and Carla in one department, Davi in another, all online.
struct Desk {
    desk: QueueDesk,
    bruno: Client,
    carla: Client,
    davi: Client,
    sales: String,
}

impl Desk {
    async fn open() -> Self {
        let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
        let sales = desk.app.department(&desk.owner, "Vendas").await;
        let davi = desk.app.hire(&desk.owner, "Davi", "agent", json!([{ "id": sales }])).await;
        davi.go("online").await;
        let (bruno, carla) = (desk.team[0].clone(), desk.team[1].clone());
        Self { desk, bruno, carla, davi, sales }
    }

    /// A conversation that is Bruno's.
    async fn brunos(&self) -> String {
        let conversation = self.desk.ask().await;
        self.bruno.act(&conversation, "take").await.expect(200);
        conversation
    }
}

async fn transfer(who: &Client, conversation: &str, to: Value) -> Answer {
    who.post(&format!("/api/conversations/{conversation}/transfer"), to).await
}

/// P-067, P-069
#[tokio::test]
async fn a_transfer_to_a_colleague_leaves_ones_own_list_and_appears_in_the_others() {
    let at = Desk::open().await;
    let mut visitor = Visitor::arrive(&at.desk.app, &at.desk.site).await;
    let conversation = visitor.open("Oi").await;
    at.bruno.act(&conversation, "take").await.expect(200);
    let (mut old, mut new) = (at.bruno.socket().await, at.carla.socket().await);
    let to = json!({ "agent": at.carla.id().await, "note": "Cliente antigo, paga em dia" });
    let row = transfer(&at.bruno, &conversation, to).await.expect(200);
    assert_eq!((&row["state"], &row["assignee_id"]), (&json!("open"), &json!(at.carla.id().await)));
    for console in [&mut old, &mut new] {
        let event = console.event("conversation_transferred").await["event"].clone();
        assert_eq!(
            (&event["actor"]["name"], &event["conversation"]["assignee_id"]),
            (&json!("Bruno"), &row["assignee_id"])
        );
    }
    let told = visitor
        .socket
        .find("the transfer", |frame| frame["t"] == "entry" && frame["entry"]["event"]["code"] == "transferred")
        .await;
    let event = &told["entry"]["event"];
    assert_eq!((&event["name"], &event["target"]), (&json!("Bruno"), &json!("Carla")));
    let shown = visitor
        .socket
        .find("who answers", |frame| frame["t"] == "conversation" && frame["conversation"]["agent"]["name"] == "Carla")
        .await;
    assert_eq!(shown["conversation"]["state"], "open");
    // The note stands after the line about the transfer, and the visitor never sees it.
    let lines = at.carla.conversation(&conversation).await["messages"].as_array().unwrap().clone();
    let last: Vec<&Value> = lines.iter().rev().take(2).collect();
    assert_eq!((&last[0]["kind"], &last[0]["text"]), (&json!("note"), &json!("Cliente antigo, paga em dia")));
    assert_eq!(last[1]["event"]["code"], "transferred");
    at.carla.reply(&conversation, "Sou a Carla").await.expect(201);
    assert_eq!(at.bruno.reply(&conversation, "ainda eu").await.refused(409), "already_taken");
    let texts: Vec<Value> =
        Visitor::return_with(&at.desk.app, &at.desk.site, Some(&visitor.key)).await.welcome["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["text"].clone())
            .collect();
    assert!(!texts.contains(&json!("Cliente antigo, paga em dia")), "{texts:?}");
}

/// P-069: who may not see it any more loses it everywhere, at once and when resuming, and reads nothing that came later.
#[tokio::test]
async fn who_may_not_see_it_any_more_is_told_that_it_has_gone() {
    let at = Desk::open().await;
    let conversation = at.brunos().await;
    let (mut console, mut theirs) = (at.bruno.socket().await, at.davi.socket().await);
    let mut away = at.carla.silent_socket().await;
    away.send(json!({ "t": "hello", "since": null })).await;
    let since = away.next("snapshot").await["n"].clone();
    drop(away);
    let row = transfer(&at.bruno, &conversation, json!({ "department": at.sales })).await.expect(200);
    assert_eq!((&row["state"], &row["department_id"]), (&json!("queue"), &json!(at.sales)));
    let gone = console.next("event").await["event"].clone();
    let by = json!({ "kind": "agent", "id": at.bruno.id().await, "name": "Bruno" });
    assert_eq!(gone, json!({ "kind": "conversation_gone", "conversation": conversation, "actor": by }));
    assert_eq!(theirs.event("conversation_transferred").await["event"]["conversation"]["id"], json!(conversation));
    at.davi.reply(&conversation, "um segredo de vendas").await.expect(201);
    for person in [&at.bruno, &at.carla] {
        assert_eq!(person.get(&format!("/api/conversations/{conversation}")).await.refused(404), "not_found");
        assert_eq!(person.act(&conversation, "take").await.refused(404), "not_found");
    }
    let mut back = at.carla.silent_socket().await;
    back.send(json!({ "t": "hello", "since": since })).await;
    assert_eq!(back.next("welcome").await["resumed"], true);
    assert_eq!(back.next("event").await["event"]["kind"], "conversation_gone");
    let heard = [back.drain().await, console.drain().await].concat();
    assert!(!heard.iter().any(|frame| frame.to_string().contains("segredo")), "{heard:?}");
}

/// P-070: to somebody who is not there only after being told so.
#[tokio::test]
async fn to_an_offline_person_or_an_empty_department_only_when_confirmed() {
    let at = Desk::open().await;
    at.carla.go("away").await;
    let conversation = at.brunos().await;
    let carla = at.carla.id().await;
    let refused = transfer(&at.bruno, &conversation, json!({ "agent": carla })).await;
    assert_eq!(refused.body["error"]["detail"], json!({ "name": "Carla" }));
    assert_eq!(refused.refused(409), "transfer_offline");
    assert_eq!(at.desk.assignee(&conversation).await, Some(at.bruno.id().await), "nothing has changed");
    let row = transfer(&at.bruno, &conversation, json!({ "agent": carla, "confirmed": true })).await.expect(200);
    assert_eq!(row["assignee_id"], json!(carla));
    // Davi's lease runs out: nobody is online in his department.
    at.desk.app.clock.advance(121);
    let other = at.brunos().await;
    let refused = transfer(&at.bruno, &other, json!({ "department": at.sales })).await;
    assert_eq!(refused.body["error"]["detail"], json!({ "name": "Vendas" }));
    assert_eq!(refused.refused(409), "transfer_offline");
    let row = transfer(&at.bruno, &other, json!({ "department": at.sales, "confirmed": true })).await.expect(200);
    assert_eq!((&row["state"], &row["assignee_id"]), (&json!("queue"), &Value::Null));
}

/// a full person may be given one more, knowingly.
#[tokio::test]
async fn to_somebody_who_is_full_only_when_confirmed() {
    let at = Desk::open().await;
    at.desk.limit(1).await;
    let carla = at.carla.id().await;
    at.carla.act(&at.desk.ask().await, "take").await.expect(200);
    let conversation = at.brunos().await;
    let refused = transfer(&at.bruno, &conversation, json!({ "agent": carla })).await;
    assert_eq!(refused.body["error"]["detail"], json!({ "name": "Carla", "open": 1, "limit": 1 }));
    assert_eq!(refused.refused(409), "transfer_busy");
    transfer(&at.bruno, &conversation, json!({ "agent": carla, "confirmed": true })).await.expect(200);
    assert_eq!(at.desk.loads().await, [0, 2]);
}

/// Of two who send the last place's conversation at once, one is told that it is taken.
#[tokio::test]
async fn of_two_transfers_to_somebodys_last_place_one_is_told() {
    let at = Desk::open().await;
    at.desk.limit(1).await;
    let carla = at.carla.id().await;
    let (one, two) = (at.brunos().await, at.brunos().await);
    let to = json!({ "agent": carla });
    let (first, second) = tokio::join!(transfer(&at.bruno, &one, to.clone()), transfer(&at.bruno, &two, to));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

/// P-067, T-086
#[tokio::test]
async fn only_whoever_has_it_may_take_it_or_manages_it_transfers_it() {
    let at = Desk::open().await;
    let conversation = at.brunos().await;
    let carla = at.carla.id().await;
    let to_carla = json!({ "agent": carla });
    assert_eq!(transfer(&at.carla, &conversation, to_carla.clone()).await.refused(403), "forbidden");
    assert_eq!(transfer(&at.davi, &conversation, to_carla.clone()).await.refused(404), "not_found");
    let here = json!([{ "id": at.desk.department, "is_manager": true }]);
    let manager = at.desk.app.hire(&at.desk.owner, "Marta", "manager", here).await;
    transfer(&manager, &conversation, to_carla.clone()).await.expect(200);
    // What waits is anybody's who may take it.
    let waiting = at.desk.ask().await;
    transfer(&at.bruno, &waiting, to_carla).await.expect(200);
    assert_eq!(at.desk.assignee(&waiting).await, Some(carla));
}

#[tokio::test]
async fn a_transfer_names_somebody_who_may_serve_there_or_an_active_department() {
    let at = Desk::open().await;
    let conversation = at.brunos().await;
    let (owner, app) = (&at.desk.owner, &at.desk.app);
    let here = json!([{ "id": at.desk.department }]);
    let viewer = app.hire(owner, "Vera", "viewer", here.clone()).await.id().await;
    let gone = app.hire(owner, "Olga", "agent", here).await.id().await;
    owner.patch(&format!("/api/agents/{gone}"), json!({ "is_active": false })).await.expect(200);
    for agent in [viewer, gone, at.davi.id().await, client_id()] {
        let answer = transfer(&at.bruno, &conversation, json!({ "agent": agent, "confirmed": true })).await;
        assert_eq!(answer.fields(), ["agent:agent_unknown"]);
    }
    let resting = app.department(owner, "Antigo").await;
    owner.patch(&format!("/api/departments/{resting}"), json!({ "is_active": false })).await.expect(200);
    for department in [resting, client_id()] {
        let answer = transfer(&at.bruno, &conversation, json!({ "department": department, "confirmed": true })).await;
        assert_eq!(answer.fields(), ["department:department_unknown"]);
    }
    assert_eq!(transfer(&at.bruno, &conversation, json!({})).await.fields(), ["agent:required"]);
    let long = json!({ "department": at.sales, "note": "x".repeat(10_001) });
    assert_eq!(transfer(&at.bruno, &conversation, long).await.fields(), ["note:too_long"]);
    // An administrator serves everywhere, and with a department the person is asked about that one.
    let davi = json!({ "agent": at.davi.id().await, "department": at.sales });
    let row = transfer(&at.bruno, &conversation, davi).await.expect(200);
    assert_eq!((&row["department_id"], &row["assignee_id"]), (&json!(at.sales), &json!(at.davi.id().await)));
    transfer(&at.davi, &conversation, json!({ "agent": owner.id().await, "confirmed": true })).await.expect(200);
    owner.act(&conversation, "close").await.expect(200);
    let closed = transfer(owner, &conversation, json!({ "department": at.sales })).await;
    assert_eq!(closed.refused(409), "conversation_closed");
}

#[tokio::test]
async fn a_transfer_to_where_it_is_already_moves_nothing_and_keeps_its_note() {
    let at = Desk::open().await;
    let conversation = at.brunos().await;
    let before = at.bruno.conversation(&conversation).await;
    let own = json!({ "agent": at.bruno.id().await, "department": at.desk.department });
    transfer(&at.bruno, &conversation, own).await.expect(200);
    let after = at.bruno.conversation(&conversation).await;
    assert_eq!((&before["messages"], &before["as_of"]), (&after["messages"], &after["as_of"]));
    // A colleague was quicker: what was written for whoever has it now is not lost, and stands once.
    let note =
        json!({ "agent": at.bruno.id().await, "note": "Ligar hoje", "confirmed": true, "client_id": client_id() });
    for _ in 0..2 {
        transfer(&at.desk.owner, &conversation, note.clone()).await.expect(200);
    }
    let noted = at.bruno.conversation(&conversation).await["messages"].as_array().unwrap().clone();
    assert_eq!(noted.len(), after["messages"].as_array().unwrap().len() + 1);
    assert_eq!(noted.last().map(|line| (&line["kind"], &line["text"])), Some((&json!("note"), &json!("Ligar hoje"))));
    let waiting = at.desk.ask().await;
    let before = at.bruno.conversation(&waiting).await["as_of"].clone();
    transfer(&at.bruno, &waiting, json!({ "department": at.desk.department })).await.expect(200);
    assert_eq!(at.bruno.conversation(&waiting).await["as_of"], before);
}

/// An answer may be lost on its way; whoever asks again moves nothing twice and leaves the note once.
#[tokio::test]
async fn a_transfer_sent_again_changes_nothing_more() {
    let at = Desk::open().await;
    let conversation = at.brunos().await;
    let to = json!({ "agent": at.carla.id().await, "note": "Cliente antigo", "client_id": client_id() });
    let first = transfer(&at.bruno, &conversation, to.clone()).await.expect(200);
    let once = at.carla.conversation(&conversation).await;
    // It is Carla's by now, so a transfer under another id would be refused.
    let again = transfer(&at.bruno, &conversation, to).await.expect(200);
    assert_eq!(again, first);
    let twice = at.carla.conversation(&conversation).await;
    assert_eq!((&twice["messages"], &twice["as_of"]), (&once["messages"], &once["as_of"]));
    // Whoever waits in a queue is moved by anybody: there the repeat itself must be known.
    let waiting = at.desk.ask().await;
    let to = json!({ "department": at.sales, "note": "Quer comprar", "confirmed": true, "client_id": client_id() });
    transfer(&at.desk.owner, &waiting, to.clone()).await.expect(200);
    transfer(&at.desk.owner, &waiting, json!({ "department": at.desk.department, "confirmed": true }))
        .await
        .expect(200);
    let before = at.bruno.conversation(&waiting).await["as_of"].clone();
    let late = transfer(&at.desk.owner, &waiting, to).await.expect(200);
    assert_eq!(late["department_id"], json!(at.desk.department));
    assert_eq!(at.bruno.conversation(&waiting).await["as_of"], before);
}

/// What waits goes on waiting from when it began; whoever transferred it does not get it back at once.
#[tokio::test]
async fn a_transfer_to_a_department_is_distributed_there() {
    let at = Desk::open().await;
    at.desk
        .owner
        .patch(&format!("/api/departments/{}", at.sales), json!({ "distribution": "round_robin" }))
        .await
        .expect(200);
    let conversation = at.brunos().await;
    let row = transfer(&at.bruno, &conversation, json!({ "department": at.sales })).await.expect(200);
    assert_eq!((&row["state"], &row["assignee_id"]), (&json!("open"), &json!(at.davi.id().await)));
    let codes: Vec<Value> = at.davi.conversation(&conversation).await["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["kind"] == "system")
        .map(|line| line["event"]["code"].clone())
        .collect();
    assert_eq!(codes, ["taken", "transferred", "assigned"]);
    let waiting = at.desk.ask().await;
    let queued_at = at.bruno.conversation(&waiting).await["conversation"]["queued_at"].clone();
    at.davi.go("away").await;
    at.desk.app.clock.advance(30);
    let row = transfer(&at.bruno, &waiting, json!({ "department": at.sales, "confirmed": true })).await.expect(200);
    assert_eq!(row["queued_at"], queued_at);
}

/// The grant is checked before the message waits for its turn; what happened meanwhile is checked again when its turn has come.
#[tokio::test]
async fn whoever_lost_sight_of_a_conversation_adds_no_note_and_no_reply_to_it() {
    use balcao_desk::{
        access::{AgentScope, Membership},
        conversations::{Append, Appended, Author},
    };
    use balcao_types::{AuthorKind, MessageKind, Role, SessionId};
    let at = Desk::open().await;
    let conversation = at.brunos().await;
    let bruno: uuid::Uuid = at.bruno.id().await.parse().unwrap();
    let workspace = at.desk.owner.get("/api/session").await.expect(200)["workspace"]["id"].as_str().unwrap().to_owned();
    let scope = std::sync::Arc::new(AgentScope {
        agent: balcao_types::AgentId(bruno),
        session: SessionId(uuid::Uuid::nil()),
        name: "Bruno".to_owned(),
        role: Role::Agent,
        memberships: vec![Membership { id: at.desk.department.parse().unwrap(), is_manager: false }],
    });
    let append = |kind| Append {
        workspace: workspace.parse().unwrap(),
        conversation: conversation.parse().unwrap(),
        author: Author { kind: AuthorKind::Agent, id: bruno, name: Some("Bruno".to_owned()) },
        kind,
        client_id: client_id().parse().unwrap(),
        text: "tarde demais".into(),
        file: None,
        origin: None,
        order: None,
        scope: Some(std::sync::Arc::clone(&scope)),
    };
    let stored = at.desk.app.desk.store.fold(append(MessageKind::Note)).await.unwrap();
    assert!(matches!(stored, Appended::Stored { .. }));
    transfer(&at.bruno, &conversation, json!({ "department": at.sales })).await.expect(200);
    for kind in [MessageKind::Note, MessageKind::Text] {
        let late = at.desk.app.desk.store.fold(append(kind)).await.unwrap();
        assert!(matches!(late, Appended::LongerWay), "{kind}: the longer way asks the grant again");
    }
    // Through HTTP, with the transfer on its way at the same time: either before it, or not at all.
    let other = at.brunos().await;
    let path = format!("/api/conversations/{other}/messages");
    let notes = (0..12).map(|number| {
        let form = json!({ "client_id": client_id(), "kind": "note", "text": format!("nota {number}") });
        at.bruno.post(&path, form)
    });
    let (moved, answers) = tokio::join!(
        transfer(&at.bruno, &other, json!({ "department": at.sales })),
        futures_util::future::join_all(notes)
    );
    moved.expect(200);
    let lines = at.davi.conversation(&other).await["messages"].as_array().unwrap().clone();
    let moved_at = lines.iter().position(|line| line["event"]["code"] == "transferred").unwrap();
    assert!(lines[moved_at..].iter().all(|line| line["kind"] != "note"), "a note after the transfer");
    let kept = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(lines.iter().filter(|line| line["kind"] == "note").count(), kept);
    assert!(answers.iter().all(|answer| [201, 404].contains(&answer.status.as_u16())));
    // A note to what waits takes nothing over.
    let waiting = at.desk.ask().await;
    let form = json!({ "client_id": client_id(), "kind": "note", "text": "vou ver" });
    at.bruno.post(&format!("/api/conversations/{waiting}/messages"), form).await.expect(201);
    assert_eq!(at.desk.assignee(&waiting).await, None);
}

/// Whoever moved it by mistake has it as it was, though it is a colleague's by now or in a department one does not see.
#[tokio::test]
async fn whoever_transferred_takes_it_back_as_it_was() {
    let at = Desk::open().await;
    let conversation = at.brunos().await;
    let taken_at = at.bruno.conversation(&conversation).await["conversation"]["taken_at"].clone();
    let mine = |row: &Value| (row["state"].clone(), row["assignee_id"].clone(), row["department_id"].clone());
    let as_before = (json!("open"), json!(at.bruno.id().await), json!(at.desk.department));
    at.desk.app.clock.advance(5);
    // To a colleague, who has only looked and noted.
    transfer(&at.bruno, &conversation, json!({ "agent": at.carla.id().await })).await.expect(200);
    let note = json!({ "client_id": client_id(), "kind": "note", "text": "vou ver" });
    at.carla.post(&format!("/api/conversations/{conversation}/messages"), note).await.expect(201);
    let mut console = at.carla.socket().await;
    let row = at.bruno.act(&conversation, "take_back").await.expect(200);
    assert_eq!((mine(&row), &row["taken_at"]), (as_before.clone(), &taken_at));
    let told = console.event("conversation_taken_back").await["event"].clone();
    assert_eq!(told["conversation"]["assignee_id"], json!(at.bruno.id().await));
    // Once more changes nothing.
    let before = at.bruno.conversation(&conversation).await["as_of"].clone();
    at.bruno.act(&conversation, "take_back").await.expect(200);
    assert_eq!(at.bruno.conversation(&conversation).await["as_of"], before);
    // To where one does not see it.
    transfer(&at.bruno, &conversation, json!({ "department": at.sales })).await.expect(200);
    assert_eq!(at.bruno.act(&conversation, "take").await.refused(404), "not_found");
    assert_eq!(at.carla.act(&conversation, "take_back").await.refused(404), "not_found");
    assert_eq!(at.davi.act(&conversation, "take_back").await.refused(403), "forbidden");
    let row = at.bruno.act(&conversation, "take_back").await.expect(200);
    assert_eq!(mine(&row), as_before);
    // Back from the queue.
    at.bruno.act(&conversation, "return").await.expect(200);
    let row = at.bruno.act(&conversation, "take_back").await.expect(200);
    assert_eq!((mine(&row), &row["taken_at"], &row["queued_at"]), (as_before, &taken_at, &Value::Null));
    // What waited has its place in the queue again.
    let waiting = at.desk.ask().await;
    let queued_at = at.bruno.conversation(&waiting).await["conversation"]["queued_at"].clone();
    at.desk.app.clock.advance(5);
    transfer(&at.bruno, &waiting, json!({ "agent": at.carla.id().await })).await.expect(200);
    let row = at.bruno.act(&waiting, "take_back").await.expect(200);
    assert_eq!((&row["state"], &row["assignee_id"], &row["queued_at"]), (&json!("queue"), &Value::Null, &queued_at));
    // A colleague's, moved by who manages, is the colleague's again.
    let here = json!([{ "id": at.desk.department, "is_manager": true }]);
    let manager = at.desk.app.hire(&at.desk.owner, "Marta", "manager", here).await;
    transfer(&manager, &conversation, json!({ "agent": at.carla.id().await })).await.expect(200);
    for _ in 0..2 {
        // A double click changes nothing more.
        let row = manager.act(&conversation, "take_back").await.expect(200);
        assert_eq!(row["assignee_id"], json!(at.bruno.id().await));
    }
    // What somebody took over goes back to whoever had it, or to its place in the queue.
    transfer(&manager, &conversation, json!({ "agent": manager.id().await })).await.expect(200);
    let row = manager.act(&conversation, "take_back").await.expect(200);
    assert_eq!(row["assignee_id"], json!(at.bruno.id().await));
    let waiting = at.desk.ask().await;
    let queued_at = manager.conversation(&waiting).await["conversation"]["queued_at"].clone();
    transfer(&manager, &waiting, json!({ "agent": manager.id().await })).await.expect(200);
    for _ in 0..2 {
        let row = manager.act(&waiting, "take_back").await.expect(200);
        assert_eq!((&row["state"], &row["queued_at"]), (&json!("queue"), &queued_at));
    }
}

/// What somebody has taken or answered stays with them, and so does what was moved more than a minute ago.
#[tokio::test]
async fn what_was_taken_answered_or_closed_meanwhile_is_not_taken_back() {
    let at = Desk::open().await;
    let refused = |answer: Answer, name: &str| {
        assert_eq!(answer.body["error"]["detail"], json!({ "agent_name": name }));
        assert_eq!(answer.refused(409), "already_taken");
    };
    let to_carla = json!({ "agent": at.carla.id().await });
    let answered = at.brunos().await;
    transfer(&at.bruno, &answered, to_carla.clone()).await.expect(200);
    at.carla.reply(&answered, "Sou a Carla").await.expect(201);
    refused(at.bruno.act(&answered, "take_back").await, "Carla");
    // Taken where one does not see it: the name is told all the same.
    let taken = at.brunos().await;
    transfer(&at.bruno, &taken, json!({ "department": at.sales })).await.expect(200);
    at.davi.act(&taken, "take").await.expect(200);
    refused(at.bruno.act(&taken, "take_back").await, "Davi");
    let replied = at.brunos().await;
    at.bruno.act(&replied, "return").await.expect(200);
    at.carla.reply(&replied, "Sou a Carla").await.expect(201);
    refused(at.bruno.act(&replied, "take_back").await, "Carla");
    // Handed on.
    let passed = at.brunos().await;
    transfer(&at.bruno, &passed, to_carla.clone()).await.expect(200);
    transfer(&at.carla, &passed, json!({ "agent": at.desk.owner.id().await, "confirmed": true })).await.expect(200);
    refused(at.bruno.act(&passed, "take_back").await, "Ana Souza");
    at.carla.act(&passed, "take_back").await.expect(200);
    let closed = at.brunos().await;
    transfer(&at.bruno, &closed, to_carla.clone()).await.expect(200);
    at.carla.act(&closed, "close").await.expect(200);
    assert_eq!(at.bruno.act(&closed, "take_back").await.refused(409), "conversation_closed");
    // And what was closed is reopened as ever.
    let path = format!("/api/conversations/{closed}/reopen");
    let row = at.carla.post(&path, json!({ "restore": true })).await.expect(200);
    assert_eq!(row["assignee_id"], json!(at.carla.id().await));
    assert_eq!(at.bruno.act(&closed, "take_back").await.status, 409, "it was closed and reopened since");
    let late = at.brunos().await;
    transfer(&at.bruno, &late, to_carla).await.expect(200);
    at.desk.app.clock.advance(60);
    assert_eq!(at.bruno.act(&late, "take_back").await.refused(409), "take_back_expired");
    // Nobody has moved what only waits.
    assert_eq!(at.bruno.act(&at.desk.ask().await, "take_back").await.refused(403), "forbidden");
}

/// Who has lost the department meanwhile puts nothing back into it and reads nothing of it, also by asking again.
#[tokio::test]
async fn whoever_lost_the_department_takes_nothing_back() {
    let at = Desk::open().await;
    let owner = &at.desk.owner;
    let support = at.desk.department.clone();
    let path = format!("/api/agents/{}", at.bruno.id().await);
    let moves_to = async |department: &str| {
        let form = json!({ "departments": [{ "id": department, "is_manager": false }] });
        owner.send(owner.request(reqwest::Method::PATCH, &path).json(&form)).await.expect(200);
    };
    let [before, after] = [at.brunos().await, at.brunos().await];
    at.bruno.act(&after, "return").await.expect(200);
    at.bruno.act(&after, "take_back").await.expect(200);
    at.bruno.act(&after, "return").await.expect(200);
    moves_to(&at.sales).await;
    at.bruno.act(&before, "return").await.expect(200);
    for conversation in [&before, &after] {
        assert_eq!(at.bruno.act(conversation, "take_back").await.refused(404), "not_found");
        assert_eq!(owner.conversation(conversation).await["conversation"]["state"], "queue");
    }
    // Taken back while it was still seen, and asked for again.
    moves_to(&support).await;
    at.bruno.act(&before, "take").await.expect(200);
    transfer(&at.bruno, &before, json!({ "agent": at.carla.id().await })).await.expect(200);
    at.bruno.act(&before, "take_back").await.expect(200);
    at.bruno.act(&before, "return").await.expect(200);
    at.bruno.act(&before, "take_back").await.expect(200);
    transfer(owner, &before, json!({ "agent": at.carla.id().await })).await.expect(200);
    moves_to(&at.sales).await;
    at.bruno.act(&before, "take_back").await.refused(404);
}

/// An answer has read what was said before it: taking back leaves nothing of that unread.
#[tokio::test]
async fn what_was_answered_stays_read_when_a_move_is_taken_back() {
    let at = Desk::open().await;
    let conversation = at.brunos().await;
    at.bruno.reply(&conversation, "Respondo sem ter aberto").await.expect(201);
    let shown = async || at.desk.owner.conversation(&conversation).await["conversation"].clone();
    assert_eq!(shown().await["read_seq"], shown().await["last_seq"]);
    at.bruno.act(&conversation, "return").await.expect(200);
    let row = at.bruno.act(&conversation, "take_back").await.expect(200);
    assert_eq!((&row["unread"], &row["waiting_since"]), (&json!(0), &Value::Null));
}

/// Of one who takes it back and one who takes it at the same moment exactly one has it, and the other is told who.
#[tokio::test]
async fn of_taking_back_and_taking_at_once_exactly_one_wins() {
    let at = Desk::open().await;
    for _ in 0..8 {
        let conversation = at.brunos().await;
        at.bruno.act(&conversation, "return").await.expect(200);
        let (back, taken) = tokio::join!(at.bruno.act(&conversation, "take_back"), at.carla.act(&conversation, "take"));
        let winner = at.desk.assignee(&conversation).await.unwrap();
        let (lost, name) = match (back.status.as_u16(), taken.status.as_u16()) {
            (200, 409) => (taken, "Bruno"),
            (409, 200) => (back, "Carla"),
            both => panic!("{both:?}"),
        };
        assert_eq!(lost.body["error"]["detail"], json!({ "agent_name": name }));
        assert_eq!(winner == at.bruno.id().await, name == "Bruno");
        at.desk.owner.act(&conversation, "close").await.expect(200);
    }
}

/// Where distribution gave it to somebody in the same moment, that is part of what is taken back.
#[tokio::test]
async fn what_distribution_gave_away_in_the_same_moment_is_taken_back_too() {
    let desk = QueueDesk::open("round_robin", &["Bruno", "Carla"]).await;
    let conversation = desk.ask().await;
    let first = desk.given(&conversation).await;
    let mut team = desk.team.clone();
    if team[0].id().await != first {
        team.reverse();
    }
    let row = team[0].act(&conversation, "return").await.expect(200);
    assert_eq!(row["assignee_id"], json!(team[1].id().await));
    let row = team[0].act(&conversation, "take_back").await.expect(200);
    assert_eq!((&row["state"], &row["assignee_id"]), (&json!("open"), &json!(first)));
}

/// P-113: undoing a closing restores what was: the place in the queue, or the colleague.
#[tokio::test]
async fn undoing_a_closing_restores_the_queue_or_the_colleague() {
    let at = Desk::open().await;
    let first = at.desk.ask().await;
    at.desk.app.clock.advance(10);
    at.desk.ask().await;
    let queued_at = at.bruno.conversation(&first).await["conversation"]["queued_at"].clone();
    at.bruno.act(&first, "close").await.expect(200);
    at.desk.app.clock.advance(20);
    let path = format!("/api/conversations/{first}/reopen");
    let row = at.bruno.post(&path, json!({ "restore": true })).await.expect(200);
    assert_eq!((&row["state"], &row["queued_at"], &row["unread"]), (&json!("queue"), &queued_at, &json!(1)));
    // Named as the queue, it has the place too.
    at.bruno.act(&first, "close").await.expect(200);
    let row = at.bruno.post(&path, json!({ "to": "queue" })).await.expect(200);
    assert_eq!((&row["state"], &row["queued_at"]), (&json!("queue"), &queued_at));
    // A manager closes Bruno's, and has it back with Bruno.
    let here = json!([{ "id": at.desk.department, "is_manager": true }]);
    let manager = at.desk.app.hire(&at.desk.owner, "Marta", "manager", here).await;
    let conversation = at.brunos().await;
    manager.act(&conversation, "close").await.expect(200);
    let path = format!("/api/conversations/{conversation}/reopen");
    assert_eq!(at.bruno.post(&path, json!({ "restore": true })).await.refused(403), "forbidden");
    let row = manager.post(&path, json!({ "restore": true })).await.expect(200);
    assert_eq!((&row["state"], &row["assignee_id"]), (&json!("open"), &json!(at.bruno.id().await)));
    // After a minute it is reopened like any other.
    manager.act(&conversation, "close").await.expect(200);
    at.desk.app.clock.advance(60);
    assert_eq!(manager.post(&path, json!({ "restore": true })).await.refused(409), "undo_expired");
    let row = manager.post(&path, json!({ "to": "queue" })).await.expect(200);
    assert_eq!((&row["state"], &row["assignee_id"]), (&json!("queue"), &Value::Null));
    assert_ne!(row["queued_at"], queued_at);
    manager.act(&conversation, "close").await.expect(200);
    let request = manager.request(reqwest::Method::POST, &path);
    assert_eq!(
        manager.send(request).await.expect(200)["assignee_id"],
        json!(manager.id().await),
        "without a body: one's own"
    );
}

/// What is reopened to the queue is distributed like anything that waits.
#[tokio::test]
async fn what_is_reopened_to_the_queue_is_distributed() {
    let desk = QueueDesk::open_at(App::start().await, "round_robin", &["Bruno"]).await;
    let conversation = desk.ask().await;
    desk.given(&conversation).await;
    desk.owner.act(&conversation, "close").await.expect(200);
    desk.app.clock.advance(61);
    desk.team[0].go("online").await;
    let path = format!("/api/conversations/{conversation}/reopen");
    desk.owner.post(&path, json!({ "to": "queue" })).await.expect(200);
    // Bruno had it last, and nobody else is there: he gets it when it has waited for a minute.
    assert_eq!(desk.assignee(&conversation).await, None);
    desk.app.clock.advance(61);
    desk.team[0].go("online").await;
    assert_eq!(desk.given(&conversation).await, desk.team[0].id().await);
}

/// P-009: what a colleague has read and nobody has answered is unread again for whoever is given the conversation, by whichever way.
#[tokio::test]
async fn what_nobody_has_answered_is_unread_for_whoever_is_given_it() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    let [bruno, carla] = &desk.team[..] else { panic!("two people") };
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    bruno.reply(&conversation, "Olá").await.expect(201);
    visitor.say("Uma pergunta").await;
    visitor.say("E outra").await;
    let read = async |who: &Client| {
        let last = who.conversation(&conversation).await["conversation"]["last_seq"].as_i64().unwrap();
        let mut console = who.socket().await;
        console.send(json!({ "t": "read", "conversation": conversation, "seq": last })).await;
        let marks = console.find("the mark", |frame| frame["t"] == "marks" && frame["read_seq"] == json!(last)).await;
        assert_eq!(marks["unread"], 0);
        marks["agent"]["read"].as_i64().unwrap()
    };
    let unread = async || desk.owner.conversation(&conversation).await["conversation"]["unread"].clone();
    let seen = read(bruno).await;
    transfer(bruno, &conversation, json!({ "agent": carla.id().await })).await.expect(200);
    assert_eq!(unread().await, 2);
    // What the visitor was told stays: a read mark never goes back. What Bruno still had on its way moves nothing.
    let shown = desk.owner.conversation(&conversation).await["conversation"].clone();
    assert_eq!(shown["marks"]["agent"]["read"], seen);
    let mut late = bruno.socket().await;
    late.send(json!({ "t": "read", "conversation": conversation, "seq": 99 })).await;
    late.drain().await;
    assert_eq!(unread().await, 2);
    read(carla).await;
    carla.act(&conversation, "return").await.expect(200);
    assert_eq!(unread().await, 2, "in the queue");
    bruno.act(&conversation, "take").await.expect(200);
    bruno.reply(&conversation, "Respondo já").await.expect(201);
    transfer(bruno, &conversation, json!({ "agent": carla.id().await })).await.expect(200);
    assert_eq!(unread().await, 0, "answered");
}
