//! The visitors' side: tickets, sending, resuming, marks. D-022 to D-029.

use balcao_desk::conversations::{Append, Appended, Author, InOrder};
use balcao_types::{AuthorKind, ContactId, MessageKind};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::support::{App, Socket, Visitor, client_id};

/// D-025, D-029
#[tokio::test]
async fn a_returning_visitor_goes_on_and_a_key_is_worth_nothing_elsewhere() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    assert_eq!(visitor.welcome["conversation"], json!(null));
    let conversation = visitor.open("Oi").await;
    let again = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    assert_eq!(again.welcome["conversation"]["id"], json!(conversation));
    assert_eq!(again.welcome["entries"][0]["text"], "Oi");
    let other = app.webchat(&owner, None, json!({})).await;
    let elsewhere = Visitor::return_with(&app, &other, Some(&visitor.key)).await;
    assert_eq!(elsewhere.welcome["conversation"], json!(null));
    assert!(visitor.key.len() >= 22);
}

/// D-028
#[tokio::test]
async fn the_form_is_asked_for_once() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "ask_name": true, "ask_email": true })).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let refused = visitor.say("Oi").await;
    assert_eq!(refused["code"], "validation_failed");
    let fields: Vec<_> =
        refused["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["form.name", "form.email"]);
    let frame = json!({ "t": "send", "id": client_id(), "text": "Oi", "form": { "name": "Marina", "email": "marina@exemplo.com.br" } });
    visitor.socket.send(frame).await;
    let conversation = visitor.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    assert_eq!(owner.conversation(&conversation).await["conversation"]["contact"]["email"], "marina@exemplo.com.br");
    owner.act(&conversation, "close").await.expect(200);
    assert_eq!(visitor.say("Voltei").await["t"], "ack");
}

/// C2, C5
#[tokio::test]
async fn the_same_id_and_text_is_one_message_and_another_text_is_refused() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let (first, second) = (client_id(), client_id());
    let opened = visitor.say_as(&first, "um").await;
    let next = visitor.say_as(&second, "dois").await;
    for (id, text, before) in [(&first, "um", &opened), (&second, "dois", &next)] {
        let again = visitor.say_as(id, text).await;
        assert_eq!((&again["seq"], &again["at"]), (&before["seq"], &before["at"]));
        assert_eq!(visitor.say_as(id, "outro").await["code"], "client_id_reused");
    }
    let conversation = opened["conversation"].as_str().unwrap();
    assert_eq!(owner.texts(conversation).await, ["um", "dois"]);
}

#[tokio::test]
async fn a_first_message_sent_from_two_tabs_at_once_opens_one_conversation() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut one = Visitor::arrive(&app, &site).await;
    let mut two = Visitor::return_with(&app, &site, Some(&one.key)).await;
    let (first, second) = tokio::join!(one.say("um"), two.say("dois"));
    assert_eq!(first["conversation"], second["conversation"]);
    let mut numbers = [first["seq"].as_i64().unwrap(), second["seq"].as_i64().unwrap()];
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2]);
}

/// C2
#[tokio::test]
async fn the_same_first_message_from_two_tabs_at_once_is_acknowledged_to_both() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    for _ in 0..8 {
        let mut one = Visitor::arrive(&app, &site).await;
        let mut two = Visitor::return_with(&app, &site, Some(&one.key)).await;
        let id = client_id();
        let (first, second) = tokio::join!(one.say_as(&id, "Oi"), two.say_as(&id, "Oi"));
        assert_eq!(first["t"], "ack", "{first}");
        assert_eq!(first, second);
        assert_eq!(first["seq"], 1);
    }
}

/// C3, C4
#[tokio::test]
async fn numbers_rise_without_a_gap_and_a_resume_brings_what_was_missed() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    owner.act(&conversation, "take").await.expect(200);
    owner
        .post(
            &format!("/api/conversations/{conversation}/messages"),
            json!({ "client_id": client_id(), "kind": "note", "text": "só entre nós" }),
        )
        .await
        .expect(201);
    owner.reply(&conversation, "olá").await.expect(201);
    let entries: Vec<_> = [visitor.socket.next("entry").await, visitor.socket.next("entry").await].into();
    let numbers: Vec<_> = entries.iter().map(|frame| frame["entry"]["seq"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [2, 3]);
    assert_eq!(entries[0]["entry"]["event"]["code"], "taken");
    let mut resumed = Socket::open(&visitor.base, "/api/visitor/socket", None).await.unwrap();
    resumed.send(json!({ "t": "hello", "ticket": visitor.ticket, "conversation": conversation, "since": 1 })).await;
    let welcome = resumed.next("welcome").await;
    assert_eq!(welcome["resumed"], true);
    assert!(!welcome.to_string().contains("só entre nós"));
    let texts: Vec<_> =
        welcome["entries"].as_array().unwrap().iter().map(|entry| entry["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["", "olá"]);
}

/// C4, C9
#[tokio::test]
async fn what_is_too_long_to_resume_begins_anew_with_the_newest() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    let long = "😀".repeat(10_000);
    for _ in 0..5 {
        owner.reply(&conversation, &long).await.expect(201);
    }
    let mut again = Socket::open(&visitor.base, "/api/visitor/socket", None).await.unwrap();
    again.send(json!({ "t": "hello", "ticket": visitor.ticket, "conversation": conversation, "since": 1 })).await;
    let welcome = again.next("welcome").await;
    let numbers: Vec<i64> =
        welcome["entries"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert_eq!((&welcome["resumed"], &welcome["earlier"]), (&json!(false), &json!(true)));
    assert_eq!(numbers, [5, 6, 7]);
}

/// D-027
#[tokio::test]
async fn a_late_message_reopens_for_the_same_agent_and_a_later_one_opens_anew() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    let _console = owner.socket().await;
    owner.go("online").await;
    owner.act(&conversation, "take").await.expect(200);
    owner.act(&conversation, "close").await.expect(200);
    app.clock.advance(60);
    assert_eq!(visitor.say("mais uma coisa").await["conversation"], json!(conversation));
    let shown = owner.conversation(&conversation).await;
    assert_eq!(shown["conversation"]["state"], "open");
    let said: Vec<_> =
        shown["messages"].as_array().unwrap().iter().filter_map(|line| line["event"]["code"].as_str()).collect();
    assert_eq!(said, ["taken", "closed", "reopened_by_visitor"]);
    owner.act(&conversation, "close").await.expect(200);
    app.clock.advance(11 * 60);
    let new = visitor.say("outro assunto").await;
    assert_ne!(new["conversation"], json!(conversation));
    assert_eq!(new["seq"], 1);
    assert_eq!(owner.conversation(&conversation).await["conversation"]["state"], "closed");
}

/// D-027
#[tokio::test]
async fn a_late_message_opens_anew_when_its_agent_may_no_longer_answer() {
    let app = App::start().await;
    let owner = app.owner().await;
    let department = app.department(&owner, "Suporte").await;
    let site = app.webchat(&owner, Some(&department), json!({})).await;
    let member = json!([{ "id": department }]);
    let bruno = app.hire(&owner, "Bruno", "agent", member.clone()).await;
    let _console = bruno.socket().await;
    let path = format!("/api/agents/{}", bruno.id().await);
    let mut visitor = Visitor::arrive(&app, &site).await;
    let changes =
        [json!({ "role": "viewer" }), json!({ "role": "agent", "departments": [] }), json!({ "departments": member })];
    for (change, is_same) in changes.into_iter().zip([false, false, true]) {
        owner.patch(&path, json!({ "role": "agent", "departments": [{ "id": department }] })).await.expect(200);
        bruno.go("online").await;
        let conversation = visitor.open("um").await;
        bruno.act(&conversation, "take").await.expect(200);
        bruno.act(&conversation, "close").await.expect(200);
        owner.patch(&path, change.clone()).await.expect(200);
        let late = visitor.say("mais uma coisa").await["conversation"].as_str().unwrap().to_owned();
        assert_eq!(late == conversation, is_same, "{change}");
        let state = if is_same { "open" } else { "queue" };
        assert_eq!(owner.conversation(&late).await["conversation"]["state"], state, "{change}");
        // The next round opens its own.
        owner.act(&late, "close").await.expect(200);
        app.clock.advance(11 * 60);
        bruno.socket().await;
    }
}

/// D-022, D-023
#[tokio::test]
async fn a_visitor_ends_the_conversation_where_the_connection_allows_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    for may in [false, true] {
        let site = app.webchat(&owner, None, json!({ "visitor_may_close": may })).await;
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = visitor.open("um").await;
        visitor.socket.send(json!({ "t": "close", "conversation": conversation })).await;
        if may {
            let entry = visitor.socket.next("entry").await;
            assert_eq!(entry["entry"]["event"]["code"], "closed_by_visitor");
        } else {
            assert_eq!(visitor.socket.next("refused").await["code"], "forbidden");
        }
        let state = if may { "closed" } else { "queue" };
        assert_eq!(owner.conversation(&conversation).await["conversation"]["state"], state);
    }
}

#[tokio::test]
async fn anothers_conversation_is_not_found_for_a_visitor() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut marina = Visitor::arrive(&app, &site).await;
    let conversation = marina.open("segredo").await;
    let mut eve = Visitor::arrive(&app, &site).await;
    eve.socket.send(json!({ "t": "close", "conversation": conversation })).await;
    assert_eq!(eve.socket.next("refused").await["code"], "not_found");
    eve.socket.send(json!({ "t": "marks", "conversation": conversation, "delivered": 1, "read": 1 })).await;
    eve.socket.send(json!({ "t": "hello", "ticket": eve.ticket, "conversation": conversation, "since": 0 })).await;
    let welcome = eve.socket.next("welcome").await;
    assert_eq!((&welcome["conversation"], &welcome["entries"]), (&json!(null), &json!([])));
    let request = app.stranger();
    let answer = request
        .send(
            request
                .request(reqwest::Method::GET, &format!("/api/visitor/entries?conversation={conversation}"))
                .bearer_auth(&eve.ticket),
        )
        .await;
    assert_eq!(answer.refused(404), "not_found");
}

#[tokio::test]
async fn each_of_a_visitors_conversations_names_the_one_before_it_where_it_begins() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (site, other) = (app.webchat(&owner, None, json!({})).await, app.webchat(&owner, None, json!({})).await);
    Visitor::arrive(&app, &other).await.open("de outro").await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    assert_eq!(visitor.welcome["previous"], json!(null));
    let mut opened = Vec::new();
    for texts in [vec!["a1"], (1..=60).map(|_| "b").collect(), vec!["c1"]] {
        let conversation = visitor.open(texts[0]).await;
        for text in &texts[1..] {
            visitor.say(text).await;
        }
        opened.push(conversation.clone());
        if texts[0] != "c1" {
            owner.act(&conversation, "close").await.expect(200);
            app.clock.advance(3600);
        }
    }
    let again = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    assert_eq!(
        (&again.welcome["conversation"]["id"], &again.welcome["previous"]),
        (&json!(opened[2]), &json!(opened[1]))
    );
    let page = async |asked: String| {
        let stranger = app.stranger();
        let path = format!("/api/visitor/entries?conversation={asked}");
        stranger.send(stranger.request(reqwest::Method::GET, &path).bearer_auth(&again.ticket)).await.expect(200)
    };
    let last = page(opened[1].clone()).await;
    assert_eq!((&last["earlier"], &last["previous"]), (&json!(true), &json!(null)), "its beginning is further up");
    let before = last["entries"][0]["seq"].as_i64().unwrap();
    let first = page(format!("{}&before={before}", opened[1])).await;
    assert_eq!((&first["earlier"], &first["previous"]), (&json!(false), &json!(opened[0])));
    let oldest = page(opened[0].clone()).await;
    assert_eq!((&oldest["previous"], &oldest["entries"][0]["text"]), (&json!(null), &json!("a1")));
    let protocols: Vec<_> =
        [&again.welcome, &first, &oldest].map(|part| part["conversation"]["protocol"].clone()).into();
    assert!(protocols.iter().all(|protocol| protocol.is_string()) && protocols[0] != protocols[1]);
}

#[tokio::test]
async fn without_a_socket_the_same_messages_are_sent_and_read() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let visitor = Visitor::arrive(&app, &site).await;
    let client = app.stranger();
    let send = |id: String, text: &'static str| {
        let request = client.request(reqwest::Method::POST, "/api/visitor/messages").bearer_auth(&visitor.ticket);
        client.send(request.json(&json!({ "id": id, "text": text })))
    };
    let id = client_id();
    let first = send(id.clone(), "um").await.expect(200);
    assert_eq!(send(id, "um").await.expect(200), first);
    send(client_id(), "dois").await.expect(200);
    let path = format!("/api/visitor/entries?conversation={}&after=1", first["conversation"].as_str().unwrap());
    let read = client.send(client.request(reqwest::Method::GET, &path).bearer_auth(&visitor.ticket)).await.expect(200);
    assert_eq!(read["entries"][0]["text"], "dois");
    assert_eq!(client.get(&path).await.refused(401), "unauthenticated");
    assert_eq!(send(client_id(), " ").await.fields(), ["text:required"]);
}

#[tokio::test]
async fn a_ticket_runs_out_after_ten_minutes_and_an_open_socket_stays() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    app.clock.advance(601);
    assert_eq!(visitor.say("ainda aqui").await["t"], "ack");
    let mut late = Socket::open(&visitor.base, "/api/visitor/socket", None).await.unwrap();
    late.send(json!({ "t": "hello", "ticket": visitor.ticket, "conversation": null, "since": 0 })).await;
    assert_eq!(late.close_code().await, 4401);
}

#[tokio::test]
async fn texts_that_cannot_be_kept_are_refused_by_name() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    for (text, code) in
        [("", "required"), (" \n ", "required"), ("a\u{0}b", "invalid_character"), (&"ã".repeat(10_001), "too_long")]
    {
        let refused = visitor.say(text).await;
        assert_eq!((&refused["t"], &refused["fields"][0]["code"]), (&json!("refused"), &json!(code)));
    }
    assert_eq!(visitor.say(&"ã".repeat(10_000)).await["t"], "ack");
}

/// Of several on their way, the first finds the conversation closed and somebody reopens it: those behind it must not be stored before it.
#[tokio::test]
async fn what_was_sent_behind_a_message_on_the_longer_way_waits_for_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("0").await;
    let workspace = owner.get("/api/session").await.expect(200)["workspace"]["id"].as_str().unwrap().parse().unwrap();
    let shown = owner.conversation(&conversation).await;
    let contact: ContactId = shown["conversation"]["contact"]["id"].as_str().unwrap().parse().unwrap();
    let order = InOrder::default();
    let send = |text: &str| {
        let append = Append {
            workspace,
            conversation: conversation.parse().unwrap(),
            author: Author { kind: AuthorKind::Visitor, id: contact.0, name: None },
            kind: MessageKind::Text,
            client_id: client_id().parse().unwrap(),
            text: text.into(),
            scope: None,
            file: None,
            origin: None,
            order: Some(order.clone()),
        };
        async { matches!(app.desk.store.fold(append).await.unwrap(), Appended::Stored { .. }) }
    };
    assert!(send("1").await);
    owner.act(&conversation, "close").await.expect(200);
    assert!(!send("2").await);
    owner.act(&conversation, "reopen").await.expect(200);
    assert!(!send("3").await);
    order.begin_again();
    assert!(send("3").await);
}

#[tokio::test]
async fn a_flood_is_limited_and_says_when_to_go_on() {
    let app =
        App::start_with(&[("BALCAO_LIMITS_MESSAGES_PER_MINUTE", "5"), ("BALCAO_LIMITS_LOGINS_PER_MINUTE", "100")])
            .await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    for number in 0..5 {
        assert_eq!(visitor.say(&format!("{number}")).await["t"], "ack");
    }
    let refused = visitor.say("demais").await;
    assert_eq!(refused["code"], "too_many_requests");
    assert!(refused["retry_after"].as_i64().unwrap() >= 1);
}

#[tokio::test]
async fn bad_frames_close_the_socket_with_their_own_codes() {
    use tokio_tungstenite::tungstenite::Message;
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let base = app.url("");
    let open = || async { Socket::open(&base, "/api/visitor/socket", None).await.unwrap() };
    let mut socket = open().await;
    socket.send_raw(Message::text("not json")).await;
    assert_eq!(socket.close_code().await, 4422);
    let mut socket = open().await;
    socket.send(json!({ "t": "ping" })).await;
    assert_eq!(socket.close_code().await, 4422);
    let mut socket = open().await;
    socket.send(json!({ "t": "hello", "ticket": "forged.ticket", "conversation": null })).await;
    assert_eq!(socket.close_code().await, 4401);
    let mut visitor = Visitor::arrive(&app, &site).await;
    visitor.socket.send_raw(Message::text("x".repeat(70_000))).await;
    assert_eq!(visitor.socket.close_code().await, 4413);
    let mut visitor = Visitor::arrive(&app, &site).await;
    visitor.socket.send(json!({ "t": "dance" })).await;
    assert_eq!(visitor.socket.next("refused").await["code"], "unknown_frame");
}

/// A stranger's refusal must not undo what others have written in the same transaction.
#[tokio::test]
async fn a_department_that_does_not_exist_is_refused_before_anything_is_written() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut sent = Vec::new();
    for number in 0..16 {
        let mut visitor = Visitor::arrive(&app, &site).await;
        let form = if number % 2 == 0 { json!({ "department": uuid::Uuid::new_v4() }) } else { json!({}) };
        sent.push(async move {
            visitor.socket.send(json!({ "t": "send", "id": client_id(), "text": "Oi", "form": form })).await;
            let answer = visitor.socket.find("an answer", |frame| frame["t"] == "ack" || frame["t"] == "refused").await;
            answer["fields"][0]["code"].as_str().map(str::to_owned)
        });
    }
    for (number, answer) in futures_util::future::join_all(sent).await.into_iter().enumerate() {
        assert_eq!(answer.as_deref(), (number % 2 == 0).then_some("department_unknown"));
    }
    assert_eq!(app.desk.store.reruns(), 0);
    let connection = app.config.store().connect().await.unwrap();
    let sql = "SELECT COUNT(*) FROM contacts".to_owned();
    let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
    let contacts: i64 = connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    assert_eq!(contacts, 8);
}
