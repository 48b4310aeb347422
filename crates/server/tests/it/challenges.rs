//! Against automatic messages: the field that nobody sees, challenges and what becomes of whoever cannot solve them. T-162 and the chat's own.

use balcao_platform::secrets::fingerprint;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Visitor, client_id};

fn solve(challenge: &str, bits: u64) -> String {
    let is_solved = |proof: &String| {
        let first = u64::from_str_radix(&fingerprint(proof)[..16], 16).unwrap();
        u64::from(first.leading_zeros()) >= bits
    };
    (0..10_000_000).map(|number| format!("{challenge},{number}")).find(is_solved).unwrap()
}

fn solved(detail: &Value) -> String {
    solve(detail["challenge"].as_str().unwrap(), detail["bits"].as_u64().unwrap())
}

async fn post(app: &App, path: &str, ticket: &str, body: Value) -> Answer {
    let stranger = app.stranger();
    let request = stranger.request(Method::POST, path).bearer_auth(ticket).json(&body);
    stranger.send(request).await
}

/// Says something without a socket.
async fn say(app: &App, ticket: &str, id: &str, form: Value) -> Answer {
    post(app, "/api/visitor/messages", ticket, json!({ "id": id, "text": "Oi", "form": form })).await
}

async fn leave(app: &App, ticket: &str, id: &str, proof: Option<&str>) -> Answer {
    let form = json!({ "id": id, "name": "Marina", "email": "m@exemplo.test", "text": "Oi", "proof": proof });
    post(app, "/api/visitor/offline-messages", ticket, form).await
}

async fn given(app: &App, ticket: &str) -> Value {
    post(app, "/api/visitor/challenge", ticket, json!({})).await.expect(200)
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert_eq!(answer.body["error"]["code"], code, "{}", answer.text);
    assert!(!answer.body["error"]["message"].as_str().unwrap().is_empty());
    answer.body["error"]["detail"].clone()
}

/// Nobody gets through without a proof any more.
const STRICT: [(&str, &str); 2] = [("BALCAO_LIMITS_ENABLED", "false"), ("BALCAO_LIMITS_UNPROVEN_PER_HOUR", "1")];

/// T-162: machines that fill in everything are answered like people, by either way, and nothing is kept.
#[tokio::test]
async fn whoever_fills_in_what_nobody_sees_is_thanked_and_not_heard() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut robot = Visitor::arrive(&app, &site).await;
    let form = json!({ "website": "https://spam.test" });
    robot.socket.send(json!({ "t": "send", "id": client_id(), "text": "Compre já", "form": form })).await;
    let told = robot.socket.next("ack").await;
    assert_eq!(told["seq"], 1);
    let answer = say(&app, &robot.ticket, &client_id(), form).await.expect(200);
    assert_ne!(answer["conversation"], told["conversation"]);
    assert_eq!(owner.get("/api/conversations?list=queue").await.expect(200)["items"], json!([]));
    // It was no wrong note for a person on the same socket.
    robot.open("Sou gente").await;
    assert_eq!(owner.get("/api/conversations?list=queue").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

/// T-162: a challenge solved while the form is filled in is good once; whoever brings none gets through for a while, then by solving or waiting.
#[tokio::test]
async fn where_a_challenge_is_always_asked_a_proof_is_good_for_one_conversation() {
    let app = App::start_with(&STRICT).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "challenge": "always" })).await;
    let mut first = Visitor::arrive(&app, &site).await;
    let challenge = given(&app, &first.ticket).await;
    let proof = solved(&challenge);
    first.socket.send(json!({ "t": "send", "id": client_id(), "text": "Oi", "form": { "proof": proof } })).await;
    let conversation = first.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    // What is under way asks for nothing.
    first.say("Tem alguém?").await;
    owner.act(&conversation, "close").await.expect(200);
    app.clock.advance(3_600);
    let again = Visitor::return_with(&app, &site, Some(&first.key)).await;
    let detail =
        refused(&say(&app, &again.ticket, &client_id(), json!({ "proof": proof })).await, 422, "proof_expired");
    let proof = solved(&detail);
    let id = client_id();
    let opened = say(&app, &again.ticket, &id, json!({ "proof": proof })).await.expect(200);
    // The same message once more is the same, whatever it brings.
    let repeated = say(&app, &again.ticket, &id, json!({ "proof": proof })).await.expect(200);
    assert_eq!(opened, repeated);
    owner.act(opened["conversation"].as_str().unwrap(), "close").await.expect(200);
    app.clock.advance(60);
    let used = say(&app, &again.ticket, &client_id(), json!({ "proof": proof })).await;
    let detail = refused(&used, 422, "proof_used");
    say(&app, &again.ticket, &client_id(), json!({ "proof": solved(&detail) })).await.expect(200);
}

/// T-162: who cannot solve anything is not shut out, only slower; the socket and the way without one say the same.
#[tokio::test]
async fn who_brings_no_proof_gets_through_more_slowly() {
    let app = App::start_with(&STRICT).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "challenge": "always" })).await;
    Visitor::arrive(&app, &site).await.open("Sem conta").await;
    let mut second = Visitor::arrive(&app, &site).await;
    let told = second.say("Oi").await;
    assert_eq!((&told["t"], &told["code"]), (&json!("refused"), &json!("challenge_needed")));
    assert!(told["retry_after"].as_u64().is_some_and(|seconds| (1..=3_600).contains(&seconds)));
    let plain = say(&app, &second.ticket, &client_id(), json!({})).await;
    assert!(plain.headers.contains_key("retry-after"));
    refused(&plain, 429, "challenge_needed");
    // Its challenge lies beside, for whoever can.
    let proof = solved(&told["detail"]);
    second.socket.send(json!({ "t": "send", "id": client_id(), "text": "Oi", "form": { "proof": proof } })).await;
    second.socket.next("ack").await;
}

/// T-162
#[tokio::test]
async fn what_is_no_proof_is_refused_with_a_fresh_challenge() {
    let app = App::start_with(&STRICT).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "challenge": "always" })).await;
    let one = Visitor::arrive(&app, &site).await;
    let other = Visitor::arrive(&app, &site).await;
    let stolen = solved(&given(&app, &other.ticket).await);
    let challenge = given(&app, &one.ticket).await["challenge"].as_str().unwrap().to_owned();
    let easier = challenge.replacen(":14:", ":1:", 1);
    for wrong in [
        "",
        ",",
        "x",
        &challenge,
        &format!("{challenge},x"),
        &solve(&easier, 1),
        &stolen,
        &"9".repeat(9_000),
        "é,\u{202e}",
    ] {
        let answer = say(&app, &one.ticket, &client_id(), json!({ "proof": wrong })).await;
        let detail = refused(&answer, 422, "proof_invalid");
        assert_ne!(detail["challenge"], challenge);
    }
    let ticket = format!("{},1", one.ticket);
    refused(&say(&app, &one.ticket, &client_id(), json!({ "proof": ticket })).await, 422, "proof_invalid");
}

/// T-150, T-162: the same for messages left, and only what is new is asked for.
#[tokio::test]
async fn messages_left_ask_for_the_same() {
    let app = App::start_with(&STRICT).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "challenge": "always" })).await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    leave(&app, &ticket, &client_id(), None).await.expect(201);
    let detail = refused(&leave(&app, &ticket, &client_id(), None).await, 429, "challenge_needed");
    let (id, proof) = (client_id(), solved(&detail));
    leave(&app, &ticket, &id, Some(&proof)).await.expect(201);
    leave(&app, &ticket, &id, Some(&proof)).await.expect(201);
    let detail = refused(&leave(&app, &ticket, &client_id(), Some(&proof)).await, 422, "proof_used");
    leave(&app, &ticket, &client_id(), Some(&solved(&detail))).await.expect(201);
    let listed = owner.get("/api/offline-messages").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
}

/// T-162: by itself, where many come from one network or on one connection, harder while more come; and it ends.
#[tokio::test]
async fn a_flood_asks_for_challenges_that_rise_with_it_and_fall_after_it() {
    let variables = [
        ("BALCAO_LIMITS_CHALLENGE_AFTER_PER_NETWORK", "2"),
        ("BALCAO_LIMITS_UNPROVEN_PER_HOUR", "1"),
        ("BALCAO_LIMITS_CONVERSATIONS_PER_HOUR", "100"),
    ];
    let app = App::start_with(&variables).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let off = app.webchat(&owner, None, json!({ "challenge": "off" })).await;
    let watcher = Visitor::ticket_of(&app, &site).await;
    assert_eq!(given(&app, &watcher).await["challenge"], Value::Null);
    for _ in 0..3 {
        Visitor::arrive(&app, &site).await.open("Oi").await;
    }
    let asked = given(&app, &watcher).await;
    let bits = asked["bits"].as_u64().unwrap();
    let mut next = Visitor::arrive(&app, &site).await;
    assert_eq!(next.say("Oi").await["code"], "challenge_needed");
    for _ in 0..2 {
        let ticket = Visitor::ticket_of(&app, &site).await;
        let proof = solved(&given(&app, &ticket).await);
        say(&app, &ticket, &client_id(), json!({ "proof": proof })).await.expect(200);
    }
    assert!(given(&app, &watcher).await["bits"].as_u64().unwrap() > bits);
    // Elsewhere nobody asks.
    Visitor::arrive(&app, &off).await.open("Oi").await;
    app.clock.advance(3_600);
    let calm = Visitor::ticket_of(&app, &site).await;
    assert_eq!(given(&app, &calm).await["challenge"], Value::Null);
    say(&app, &calm, &client_id(), json!({})).await.expect(200);
}

/// T-162: many behind one address who forget a field have begun nothing.
#[tokio::test]
async fn what_is_refused_is_no_flood() {
    let variables =
        [("BALCAO_LIMITS_CHALLENGE_AFTER_PER_NETWORK", "2"), ("BALCAO_LIMITS_CONVERSATIONS_PER_HOUR", "100")];
    let app = App::start_with(&variables).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "ask_email": true })).await;
    let watcher = Visitor::ticket_of(&app, &site).await;
    for _ in 0..6 {
        let ticket = Visitor::ticket_of(&app, &site).await;
        let wrong = say(&app, &ticket, &client_id(), json!({ "email": "ninguém" })).await;
        assert_eq!(wrong.fields(), ["form.email:email_invalid"]);
    }
    assert_eq!(given(&app, &watcher).await["challenge"], Value::Null);
    for _ in 0..2 {
        let ticket = Visitor::ticket_of(&app, &site).await;
        say(&app, &ticket, &client_id(), json!({ "email": "m@exemplo.test" })).await.expect(200);
    }
    assert_ne!(given(&app, &watcher).await["challenge"], Value::Null);
}

/// T-162: an agent's reply, and what a page says of its visitor, are not asked for anything.
#[tokio::test]
async fn agents_are_not_asked() {
    let app = App::start_with(&STRICT).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "challenge": "always" })).await;
    let conversation = Visitor::arrive(&app, &site).await.open("Oi").await;
    for number in 0..3 {
        owner.reply(&conversation, &format!("Resposta {number}")).await.expect(201);
    }
}
