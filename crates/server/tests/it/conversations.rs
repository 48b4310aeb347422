//! Conversations at the desk: lists, taking, replying, notes, closing, searching.

use serde_json::{Value, json};

use crate::support::{App, Client, QueueDesk, Visitor, client_id, until};

/// P-026, P-027
#[tokio::test]
async fn of_two_who_take_at_once_exactly_one_wins_and_the_other_is_told_who() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await;
    for _ in 0..5 {
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = visitor.open("Oi").await;
        let (one, two) = tokio::join!(owner.act(&conversation, "take"), bruno.act(&conversation, "take"));
        let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
        let winner = won.expect(200)["assignee_id"].clone();
        let refusal = lost.expect(409);
        assert_eq!(refusal["error"]["code"], "already_taken");
        let name = refusal["error"]["detail"]["agent_name"].as_str().unwrap();
        assert_eq!(name == "Bruno", winner == json!(bruno.id().await));
    }
}

/// P-029
#[tokio::test]
async fn replying_to_a_waiting_conversation_takes_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    let sent = owner.reply(&conversation, "Olá").await.expect(201);
    assert_eq!((sent["seq"].as_i64(), sent["name"].as_str()), (Some(3), Some("Ana Souza")));
    let shown = owner.conversation(&conversation).await;
    assert_eq!(shown["conversation"]["state"], "open");
    assert_eq!(shown["conversation"]["assignee_id"], json!(owner.id().await));
    assert_eq!(shown["messages"][1]["event"]["code"], "taken");
}

/// C2
#[tokio::test]
async fn a_repeated_reply_gets_the_first_answer() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    let path = format!("/api/conversations/{conversation}/messages");
    for text in ["primeira", "segunda"] {
        let form = json!({ "client_id": client_id(), "kind": "reply", "text": text });
        let first = owner.post(&path, form.clone()).await.expect(201);
        assert_eq!(owner.post(&path, form.clone()).await.expect(200), first);
        let mut other = form;
        other["text"] = json!("outra");
        assert_eq!(owner.post(&path, other).await.refused(409), "client_id_reused");
    }
    assert_eq!(owner.texts(&conversation).await, ["Oi", "primeira", "segunda"]);
}

/// T-106, T-107
#[tokio::test]
async fn a_colleagues_conversation_is_closed_by_managers_only() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = app.department(&owner, "Suporte").await;
    let site = app.webchat(&owner, Some(&department), json!({})).await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await;
    let carla = app.hire(&owner, "Carla", "agent", json!([{ "id": department }])).await;
    let marta = app.hire(&owner, "Marta", "manager", json!([{ "id": department, "is_manager": true }])).await;
    let other = app.department(&owner, "Vendas").await;
    let elsewhere = json!([{ "id": department }, { "id": other, "is_manager": true }]);
    let olga = app.hire(&owner, "Olga", "manager", elsewhere).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    bruno.act(&conversation, "take").await.expect(200);
    for other in [&carla, &olga] {
        assert_eq!(other.act(&conversation, "close").await.refused(403), "forbidden");
        assert_eq!(other.act(&conversation, "return").await.refused(403), "forbidden");
        assert_eq!(other.reply(&conversation, "x").await.refused(409), "already_taken");
    }
    marta.reply(&conversation, "Sou a gerente").await.expect(201);
    marta.act(&conversation, "close").await.expect(200);
    bruno.act(&conversation, "close").await.expect(200);
    let shown = owner.conversation(&conversation).await;
    let closings =
        shown["messages"].as_array().unwrap().iter().filter(|line| line["event"]["code"] == "closed").count();
    assert_eq!(closings, 1, "closing twice tells nobody");
}

#[tokio::test]
async fn returning_and_reopening_move_it_between_the_lists() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    let list = |name: &'static str| {
        let owner = owner.clone();
        async move {
            owner.get(&format!("/api/conversations?list={name}")).await.expect(200)["items"].as_array().unwrap().len()
        }
    };
    assert_eq!((list("queue").await, list("open").await, list("closed").await), (1, 0, 0));
    owner.act(&conversation, "take").await.expect(200);
    assert_eq!((list("queue").await, list("open").await, list("closed").await), (0, 1, 0));
    owner.act(&conversation, "return").await.expect(200);
    assert_eq!((list("queue").await, list("open").await, list("closed").await), (1, 0, 0));
    owner.act(&conversation, "close").await.expect(200);
    assert_eq!((list("queue").await, list("open").await, list("closed").await), (0, 0, 1));
    assert_eq!(owner.reply(&conversation, "x").await.refused(409), "conversation_closed");
    let reopened = owner.act(&conversation, "reopen").await.expect(200);
    assert_eq!((reopened["state"].as_str(), reopened["assignee_id"].clone()), (Some("open"), json!(owner.id().await)));
}

#[tokio::test]
async fn reopening_is_refused_while_another_one_is_under_way() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let first = visitor.open("Oi").await;
    owner.act(&first, "close").await.expect(200);
    app.clock.advance(3_600);
    let second = visitor.open("De novo").await;
    assert_ne!(first, second);
    assert_eq!(owner.act(&first, "reopen").await.refused(409), "conflict");
}

/// X-016, P-005, P-010
#[tokio::test]
async fn lists_are_searched_and_paged_by_key() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut ids = Vec::new();
    for name in ["João Ávila", "Maria", "Pedro 100%"] {
        let mut visitor = Visitor::arrive(&app, &site).await;
        let frame = json!({ "t": "send", "id": client_id(), "text": "Oi", "form": { "name": name, "email": format!("{}@Exemplo.com.br", ids.len()) } });
        visitor.socket.send(frame).await;
        ids.push(visitor.socket.next("ack").await["conversation"].clone());
        app.clock.advance(60);
    }
    let page = owner.get("/api/conversations?list=queue&limit=2").await.expect(200);
    assert_eq!(page["counters"]["queue"], 3);
    let first: Vec<_> = page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(first, ids[..2]);
    assert_eq!(page["items"][0]["protocol"], "20261120-0001");
    let next = page["next"].as_str().unwrap();
    let page = owner.get(&format!("/api/conversations?list=queue&limit=2&after={next}")).await.expect(200);
    assert_eq!((page["items"][0]["id"].clone(), page["next"].clone()), (ids[2].clone(), json!(null)));
    for (search, found) in [
        ("avila", 1),
        ("1120-0002", 1),
        ("0003", 1),
        ("1@exemplo", 1),
        ("JOAO", 1),
        ("100%25", 1),
        ("%25", 1),
        ("_", 0),
        ("zzz", 0),
        ("", 3),
    ] {
        let page = owner.get(&format!("/api/conversations?list=queue&search={search}")).await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{search}");
    }
    for wrong in
        ["list=none", "list=queue&after=x", "list=queue&limit=a", "list=queue&agent=x", "list=queue&search=%00", "x=1"]
    {
        owner.get(&format!("/api/conversations?{wrong}")).await.expect(422);
    }
}

/// P-005, P-006, P-007, P-012
#[tokio::test]
async fn a_search_that_takes_many_pages_shows_every_match_once_and_nobody_elses() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (sales, other) = (app.department(&owner, "Vendas").await, app.department(&owner, "Outro").await);
    let bia = app.hire(&owner, "Bia", "agent", json!([{ "id": sales }])).await;
    let site = app.webchat(&owner, Some(&sales), json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let frame = json!({ "t": "send", "id": client_id(), "text": "Oi", "form": { "name": "Paula Reis", "email": "p@exemplo.com.br" } });
    visitor.socket.send(frame).await;
    let id = visitor.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    owner.act(&id, "close").await.expect(200);
    years_of(&app, &id, 5_000, &[&sales, &other]).await;
    // "ul" is too short for the index: the list is walked. "paula" is one contact: its conversations are read.
    for search in ["ul", "paula", "0777"] {
        let (all, of_sales, of_bia) = (
            found(&owner, &format!("list=closed&search={search}")).await,
            found(&owner, &format!("list=closed&search={search}&department={sales}")).await,
            found(&bia, &format!("list=closed&search={search}")).await,
        );
        let expected = if search == "0777" { (1, 0, 0) } else { (5_001, 2_501, 2_501) };
        assert_eq!((all, of_sales, of_bia), expected, "{search}");
    }
}

/// How many conversations all pages of a list hold, each once.
async fn found(client: &Client, list: &str) -> usize {
    let mut seen = std::collections::HashSet::new();
    let mut after = String::new();
    loop {
        let page = client.get(&format!("/api/conversations?{list}&limit=100&after={after}")).await.expect(200);
        for row in page["items"].as_array().unwrap() {
            assert!(seen.insert(row["id"].clone()), "{} twice", row["protocol"]);
        }
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => return seen.len(),
        }
    }
}

/// Copies of a closed conversation, one a minute into the past, in turns in the departments.
async fn years_of(app: &App, conversation: &str, count: u32, departments: &[&str]) {
    use sea_orm::{ConnectionTrait, Statement, Value};
    let connection = app.config.store().connect().await.unwrap();
    let id = |text: &str| Value::from(text.parse::<uuid::Uuid>().unwrap());
    for number in 0..count {
        let department = departments[number as usize % departments.len()];
        let sql = "INSERT INTO conversations (id, workspace_id, project_id, department_id, connection_id, contact_id, protocol, state, \
             last_position, last_seq, unread, last_message_at, opened_at, closed_at) \
             SELECT $1, workspace_id, project_id, $2, connection_id, contact_id, $3, state, 0, 0, 0, last_message_at - $4, opened_at - $4, \
             closed_at - $4 FROM conversations WHERE id = $5";
        let values = [
            Value::from(uuid::Uuid::new_v4()),
            id(department),
            format!("20200101-{number:04}").into(),
            (i64::from(number + 1) * 60_000_000).into(),
            id(conversation),
        ];
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        connection.execute_raw(statement).await.unwrap();
    }
}

#[tokio::test]
async fn earlier_lines_are_paged_and_earlier_conversations_shown() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let first = visitor.open("0").await;
    for number in 1..60 {
        visitor.say(&number.to_string()).await;
    }
    let shown = owner.conversation(&first).await;
    assert_eq!((shown["messages"].as_array().unwrap().len(), shown["has_earlier"].clone()), (50, json!(true)));
    let before = shown["messages"][0]["position"].as_i64().unwrap();
    let earlier = owner.get(&format!("/api/conversations/{first}/messages?before={before}")).await.expect(200);
    assert_eq!((earlier["items"].as_array().unwrap().len(), earlier["has_earlier"].clone()), (10, json!(false)));
    owner.act(&first, "close").await.expect(200);
    app.clock.advance(3_600);
    let second = visitor.open("De novo").await;
    let shown = owner.conversation(&second).await;
    assert_eq!(shown["conversation"]["earlier"][0]["id"], json!(first));
}

#[tokio::test]
async fn words_are_found_within_a_second_whatever_case_and_accents_and_only_where_one_may_look() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = app.department(&owner, "Financeiro").await;
    let site = app.webchat(&owner, Some(&department), json!({})).await;
    let stranger = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Meu boleto não chegou à caixa").await;
    let found = until("the index", || async {
        let found = owner.get("/api/messages/search?q=BOLETO%20nao").await.expect(200);
        found["items"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!(found["conversation"]["id"], json!(conversation));
    assert_eq!(stranger.get("/api/messages/search?q=boleto").await.expect(200)["items"], json!([]));
    for odd in ["%22", "a%22%20OR%20b", "NEAR(", "*", "%27%20%26%20%7C"] {
        owner.get(&format!("/api/messages/search?q={odd}")).await.expect(200);
    }
}

/// A frequent word and a rare one are found in different ways where the database does not know which is which; the answers are alike.
#[tokio::test]
async fn frequent_words_and_rare_ones_are_found_newest_first_and_only_where_one_may_look() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = app.department(&owner, "Financeiro").await;
    let site = app.webchat(&owner, Some(&department), json!({})).await;
    let stranger = app.hire(&owner, "Bruno", "agent", json!([])).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    visitor.open("boleto 0 protetor").await;
    for number in 1..60 {
        visitor.say(&format!("boleto {number}")).await;
    }
    let asking = &owner;
    let search = |words: &'static str| async move {
        let found = asking.get(&format!("/api/messages/search?q={words}")).await.expect(200);
        let items = found["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["message"]["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    until("the index", || async { search("59").await.pop() }).await;
    let newest: Vec<String> = (10..60).rev().map(|number| format!("boleto {number}")).collect();
    assert_eq!(search("bole").await, newest);
    assert_eq!(search("protetor").await, ["boleto 0 protetor"]);
    assert_eq!(search("protetor%20boleto").await, ["boleto 0 protetor"]);
    for words in ["bole", "protetor"] {
        let found = stranger.get(&format!("/api/messages/search?q={words}")).await.expect(200);
        assert_eq!(found["items"], json!([]), "{words}");
    }
}

#[tokio::test]
async fn script_in_every_field_is_kept_as_text() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let evil = "<script>alert(1)</script>";
    let frame = json!({ "t": "send", "id": client_id(), "text": evil, "form": { "name": evil },
        "page": { "url": format!("https://loja.com.br/{evil}"), "title": evil } });
    visitor.socket.send(frame).await;
    let conversation = visitor.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    let shown = owner.conversation(&conversation).await;
    assert_eq!(shown["conversation"]["contact"]["name"], evil);
    assert_eq!(shown["conversation"]["page"]["title"], evil);
    assert_eq!(shown["messages"][0]["text"], evil);
    let mut odd = Visitor::arrive(&app, &site).await;
    let frame =
        json!({ "t": "send", "id": client_id(), "text": "x", "page": { "url": "javascript:alert(1)", "title": "x" } });
    odd.socket.send(frame).await;
    let conversation = odd.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    assert_eq!(owner.conversation(&conversation).await["conversation"]["page"], json!(null));
}

#[tokio::test]
async fn a_conversation_reopened_while_its_visitor_writes_leaves_one_under_way() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    owner.go("away").await;
    for _ in 0..6 {
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = visitor.open("Oi").await;
        owner.act(&conversation, "close").await.expect(200);
        let (reopened, written) = tokio::join!(owner.act(&conversation, "reopen"), visitor.say("Voltei"));
        assert_eq!(written["t"], "ack", "{written}");
        let is_same = written["conversation"] == json!(conversation);
        assert_eq!(reopened.status.as_u16(), if is_same { 200 } else { 409 }, "{}", reopened.text);
    }
}

/// P-009: the visitor waits from the first message that nobody has answered, and the list shows who has waited longest.
#[tokio::test]
async fn a_visitor_waits_from_the_first_unanswered_message_on() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let bruno = &desk.team[0];
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let patient = visitor.open("Oi").await;
    let since = async |id: &str| desk.owner.conversation(id).await["conversation"]["waiting_since"].clone();
    let first = since(&patient).await;
    assert!(first.is_string());
    desk.app.clock.advance(30);
    visitor.say("Alguém?").await;
    bruno.act(&patient, "take").await.expect(200);
    let note = json!({ "client_id": client_id(), "kind": "note", "text": "vou ver" });
    bruno.post(&format!("/api/conversations/{patient}/messages"), note).await.expect(201);
    assert_eq!(since(&patient).await, first, "neither another message nor a note answers");
    desk.app.clock.advance(30);
    let other = desk.ask().await;
    bruno.act(&other, "take").await.expect(200);
    let answered = desk.ask().await;
    bruno.reply(&answered, "Olá").await.expect(201);
    assert_eq!(since(&answered).await, Value::Null);
    let waiting = async |more: &str| {
        let page = bruno.get(&format!("/api/conversations?list=open&waiting=true{more}")).await.expect(200);
        let ids = page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
        (ids.collect::<Vec<_>>(), page["next"].as_str().map(str::to_owned))
    };
    let longest_first = [patient.as_str(), other.as_str()];
    assert_eq!(waiting("").await.0, longest_first);
    let (one, next) = waiting("&limit=1").await;
    assert_eq!(one, longest_first[..1]);
    assert_eq!(waiting(&format!("&limit=1&after={}", next.unwrap())).await.0, longest_first[1..]);
    // Closing ends the waiting; undoing it restores that too.
    bruno.act(&patient, "close").await.expect(200);
    assert_eq!(since(&patient).await, Value::Null);
    bruno.post(&format!("/api/conversations/{patient}/reopen"), json!({ "restore": true })).await.expect(200);
    assert_eq!(since(&patient).await, first);
    bruno.reply(&patient, "Pronto").await.expect(201);
    assert_eq!(waiting("").await.0, [other]);
}

/// P-012: the closed ones by when they were closed, whatever was said last where; nothing is written in them.
#[tokio::test]
async fn closed_conversations_come_newest_first_a_page_at_a_time_and_are_only_read() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let bruno = &desk.team[0];
    let mut opened = Vec::new();
    for _ in 0..3 {
        opened.push(desk.ask().await);
        desk.app.clock.advance(1);
    }
    for index in [1, 2, 0] {
        bruno.act(&opened[index], "close").await.expect(200);
        desk.app.clock.advance(1);
    }
    let page = async |more: &str| {
        let page = bruno.get(&format!("/api/conversations?list=closed&limit=2{more}")).await.expect(200);
        let ids = page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
        (ids.collect::<Vec<_>>(), page["next"].as_str().map(str::to_owned))
    };
    let (first, next) = page("").await;
    assert_eq!(first, [opened[0].as_str(), opened[2].as_str()]);
    let (second, next) = page(&format!("&after={}", next.unwrap())).await;
    assert_eq!((second.as_slice(), next), (&opened[1..2], None));
    assert_eq!(bruno.reply(&opened[0], "Oi").await.refused(409), "conversation_closed");
}
