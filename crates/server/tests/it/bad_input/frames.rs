//! Frames: each kind with missing and wrong fields, floods, greetings twice and never, binary ones.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::support::{App, Client, Socket, Visitor, client_id};

/// What is no frame on either socket.
fn no_frames() -> Vec<String> {
    let deep = format!("{{\"t\":\"ping\",\"x\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let mut all: Vec<String> = [
        "",
        " ",
        "{",
        "ping",
        "null",
        "5",
        "[]",
        "\"ping\"",
        "{}",
        "{\"T\":\"ping\"}",
        "{\"t\":null}",
        "{\"t\":5}",
        "{\"t\":[\"ping\"]}",
        "[\"ping\"]",
        "[\"typing\",true]",
        "[\"hello\",null,[]]",
        "{\"t\":4}",
        "{\"t\":0,\"since\":null}",
        "{\"t\":{\"ping\":null}}",
        "{\"t\":\"ping\"}{}",
        "{\"t\":\"\\ud800\"}",
        "{\"t\":\"ping\",\"x\":1e400}",
    ]
    .map(str::to_owned)
    .into();
    all.push(deep);
    all
}

async fn agent_closes(owner: &Client, text: String) -> u16 {
    let mut socket = owner.silent_socket().await;
    socket.send(json!({ "t": "hello", "since": null })).await;
    socket.next("welcome").await;
    socket.send_raw(Message::text(text)).await;
    socket.close_code().await
}

#[tokio::test]
async fn a_frame_of_an_agent_with_wrong_fields_closes_the_socket() {
    let app = App::start().await;
    let owner = app.owner().await;
    let id = Uuid::new_v4();
    let wrong = [
        json!({ "t": "hello", "since": "120" }),
        json!({ "t": "hello", "since": 1.5 }),
        json!({ "t": "hello", "since": u64::MAX }),
        json!({ "t": "hello", "since": null, "watching": null }),
        json!({ "t": "hello", "since": null, "watching": ["x"] }),
        json!({ "t": "watch" }),
        json!({ "t": "watch", "conversations": id }),
        json!({ "t": "watch", "conversations": ["x"] }),
        json!({ "t": "typing" }),
        json!({ "t": "typing", "on": true }),
        json!({ "t": "typing", "conversation": "x\u{0}", "on": true }),
        json!({ "t": "typing", "conversation": id, "on": "yes" }),
        json!({ "t": "read" }),
        json!({ "t": "read", "conversation": id }),
        json!({ "t": "read", "conversation": id, "seq": "7" }),
        json!({ "t": "read", "conversation": id, "seq": 1e30 }),
    ];
    for text in wrong.iter().map(Value::to_string).chain(no_frames()) {
        assert_eq!(agent_closes(&owner, text.clone()).await, 4422, "{}", text.chars().take(80).collect::<String>());
    }
    owner.socket().await.drain().await;
}

#[tokio::test]
async fn a_frame_of_a_visitor_with_wrong_fields_closes_the_socket() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let known = Visitor::arrive(&app, &site).await;
    let (id, ticket) = (Uuid::new_v4(), known.ticket.clone());
    let wrong = [
        json!({ "t": "hello" }),
        json!({ "t": "hello", "ticket": null }),
        json!({ "t": "hello", "ticket": 5 }),
        json!({ "t": "hello", "ticket": ticket, "conversation": "x" }),
        json!({ "t": "hello", "ticket": ticket, "since": "1" }),
        json!({ "t": "hello", "ticket": ticket, "since": u64::MAX }),
        json!({ "t": "send" }),
        json!({ "t": "send", "id": id }),
        json!({ "t": "send", "text": "oi" }),
        json!({ "t": "send", "id": "1", "text": "oi" }),
        json!({ "t": "send", "id": id, "text": 5 }),
        json!({ "t": "send", "id": id, "text": null }),
        json!({ "t": "send", "id": id, "text": "oi", "form": "x" }),
        json!({ "t": "send", "id": id, "text": "oi", "form": { "name": 5 } }),
        json!({ "t": "send", "id": id, "text": "oi", "form": { "department": "x" } }),
        json!({ "t": "send", "id": id, "text": "oi", "page": "https://loja.com.br" }),
        json!({ "t": "send", "id": id, "text": "oi", "form": ["n", "e@x.io", null] }),
        json!({ "t": "send", "id": id, "text": "oi", "page": ["https://loja.com.br", "Loja"] }),
        json!({ "t": "typing" }),
        json!({ "t": "typing", "on": 1 }),
        json!({ "t": "marks" }),
        json!({ "t": "marks", "conversation": id, "delivered": "7" }),
        json!({ "t": "marks", "conversation": id, "read": 0.5 }),
        json!({ "t": "close" }),
        json!({ "t": "close", "conversation": 5 }),
        json!({ "t": "return" }),
        json!({ "t": "page" }),
        json!({ "t": "page", "url": 5 }),
    ];
    for text in wrong.iter().map(Value::to_string).chain(no_frames()) {
        let mut socket = greeted(&app, &known.ticket).await;
        socket.send_raw(Message::text(text.clone())).await;
        assert_eq!(socket.close_code().await, 4422, "{}", text.chars().take(80).collect::<String>());
    }
    let mut visitor = Visitor::return_with(&app, &site, Some(&known.key)).await;
    assert_eq!(visitor.say("ainda aqui").await["t"], "ack");
}

async fn greeted(app: &App, ticket: &str) -> Socket {
    let mut socket = Socket::open(&app.url(""), "/api/visitor/socket", None).await.unwrap();
    socket.send(json!({ "t": "hello", "ticket": ticket, "conversation": null, "since": 0 })).await;
    socket.next("welcome").await;
    socket
}

#[tokio::test]
async fn numbers_at_the_ends_of_their_range_and_unknown_fields_change_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("um").await;
    owner.act(&conversation, "take").await.expect(200);
    let mut console = owner.socket().await;
    for number in [i64::MIN, -1, 0, i64::MAX] {
        console.send(json!({ "t": "read", "conversation": conversation, "seq": number })).await;
        console.send(json!({ "t": "hello", "since": number, "unknown": [1] })).await;
        console.next("welcome").await;
        let marks = json!({ "t": "marks", "conversation": conversation, "delivered": number, "read": number });
        visitor.socket.send(marks).await;
        let hello = json!({ "t": "hello", "ticket": visitor.ticket, "conversation": conversation, "since": number });
        visitor.socket.send(hello).await;
        visitor.socket.next("welcome").await;
    }
    let many: Vec<String> = (0..1_000).map(|_| client_id()).collect();
    console.send(json!({ "t": "watch", "conversations": many })).await;
    console.drain().await;
    visitor.socket.drain().await;
    let marks = owner.conversation(&conversation).await["conversation"]["marks"].clone();
    assert_eq!(marks["visitor"], json!({ "delivered": 2, "read": 2 }));
    assert_eq!(marks["agent"]["read"], 2);
}

/// The form comes through the socket too; what one engine could not keep is refused by name on both.
#[tokio::test]
async fn a_form_with_texts_that_cannot_be_kept_is_refused_by_name() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    for (form, fault) in [
        (json!({ "name": "a\u{0}b" }), "form.name:invalid_character"),
        (json!({ "name": "a\u{1b}[31m" }), "form.name:invalid_character"),
        (json!({ "name": "x".repeat(121) }), "form.name:too_long"),
        (json!({ "email": "a\u{0}@exemplo.com.br" }), "form.email:email_invalid"),
        (json!({ "email": format!("{}@exemplo.com.br", "x".repeat(300)) }), "form.email:email_invalid"),
        (json!({ "department": Uuid::nil() }), "form.department:department_unknown"),
    ] {
        visitor.socket.send(json!({ "t": "send", "id": client_id(), "text": "oi", "form": form })).await;
        let refused = visitor.socket.next("refused").await;
        let field = &refused["fields"][0];
        let told = format!("{}:{}", field["field"].as_str().unwrap_or(""), field["code"].as_str().unwrap_or(""));
        assert_eq!(told, fault, "{refused}");
    }
    assert_eq!(visitor.say("agora sim").await["t"], "ack");
    assert_eq!(app.desk.store.reruns(), 0);
}

#[tokio::test]
async fn more_than_two_hundred_frames_in_ten_seconds_close_the_socket() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let visitor = Visitor::arrive(&app, &site).await;
    let id = Uuid::new_v4();
    for frame in [json!({ "t": "ping" }), json!({ "t": "read", "conversation": id, "seq": 1 }), json!({ "t": "dance" })]
    {
        let mut console = owner.socket().await;
        for _ in 0..200 {
            console.send_raw(Message::text(frame.to_string())).await;
        }
        assert_eq!(console.close_code().await, 4429, "{frame}");
    }
    for frame in [json!({ "t": "ping" }), json!({ "t": "typing", "on": true }), json!({ "t": "dance" })] {
        let mut socket = greeted(&app, &visitor.ticket).await;
        for _ in 0..200 {
            socket.send_raw(Message::text(frame.to_string())).await;
        }
        assert_eq!(socket.close_code().await, 4429, "{frame}");
    }
}

#[tokio::test]
async fn binary_frames_close_the_socket() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let visitor = Visitor::arrive(&app, &site).await;
    let hello = json!({ "t": "hello", "since": null }).to_string();
    for mut socket in [owner.socket().await, owner.silent_socket().await, greeted(&app, &visitor.ticket).await] {
        socket.send_raw(Message::binary(hello.clone().into_bytes())).await;
        assert_eq!(socket.close_code().await, 4422);
    }
}

#[tokio::test]
async fn an_agent_may_greet_again_on_the_same_socket() {
    let app = App::start().await;
    let owner = app.owner().await;
    let mut console = owner.socket().await;
    let first = app.department(&owner, "Suporte").await;
    let heard = console.event("department_added").await;
    assert_eq!(heard["event"]["department"]["id"], json!(first));
    console.send(json!({ "t": "hello", "since": heard["n"] })).await;
    assert_eq!(console.next("welcome").await["resumed"], true);
    let second = app.department(&owner, "Vendas").await;
    let heard = console.event("department_added").await;
    assert_eq!(heard["event"]["department"]["id"], json!(second));
}

#[tokio::test]
async fn a_socket_that_does_not_greet_is_closed_after_ten_seconds() {
    let app = App::start().await;
    let owner = app.owner().await;
    let mut console = owner.silent_socket().await;
    let mut panel = Socket::open(&app.url(""), "/api/visitor/socket", None).await.unwrap();
    // Being alive is no greeting.
    panel.send_raw(Message::Ping(Vec::new().into())).await;
    let codes = tokio::join!(console.close_code(), panel.close_code());
    assert_eq!(codes, (4408, 4408));
}
