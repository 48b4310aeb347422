//! Tickets that are forged, tampered with, too old or somebody else's; cookies that are planted, ended or made up.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::support::{Answer, App, Client, PASSWORD, Socket, Visitor, client_id};

async fn entries(app: &App, ticket: &str, conversation: &str) -> Answer {
    let client = app.stranger();
    let path = format!("/api/visitor/entries?conversation={conversation}");
    client.send(client.request(Method::GET, &path).bearer_auth(ticket)).await
}

async fn say(app: &App, ticket: &str) -> Answer {
    let client = app.stranger();
    let request = client.request(Method::POST, "/api/visitor/messages").bearer_auth(ticket);
    client.send(request.json(&json!({ "id": client_id(), "text": "oi" }))).await
}

async fn greet(app: &App, ticket: &str, conversation: &str) -> Socket {
    let mut socket = Socket::open(&app.url(""), "/api/visitor/socket", None).await.unwrap();
    socket.send(json!({ "t": "hello", "ticket": ticket, "conversation": conversation, "since": 0 })).await;
    socket
}

/// A ticket that says something else under the same signature.
fn tampered(ticket: &str, field: &str, value: Value) -> String {
    let (body, signature) = ticket.split_once('.').unwrap();
    let mut said: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap();
    assert!(!said[field].is_null(), "a ticket says nothing of {field}");
    said[field] = value;
    format!("{}.{signature}", URL_SAFE_NO_PAD.encode(said.to_string()))
}

fn said(ticket: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(ticket.split_once('.').unwrap().0).unwrap()).unwrap()
}

#[tokio::test]
async fn a_ticket_that_is_not_ours_to_the_last_bit_opens_nothing() {
    let (app, elsewhere) = (App::start().await, App::start().await);
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut marina = Visitor::arrive(&app, &site).await;
    let conversation = marina.open("segredo").await;
    let eve = Visitor::arrive(&app, &site).await;
    let other_site = elsewhere.webchat(&elsewhere.owner().await, None, json!({})).await;
    let foreign = Visitor::arrive(&elsewhere, &other_site).await.ticket;
    let (hers, (body, signature)) = (said(&marina.ticket), eve.ticket.split_once('.').unwrap());
    let session = owner.cookie().split_once('=').unwrap().1.to_owned();
    let forged = [
        tampered(&eve.ticket, "contact", hers["contact"].clone()),
        tampered(&eve.ticket, "key", hers["key"].clone()),
        tampered(&eve.ticket, "expires_at", json!(i64::MAX)),
        tampered(&eve.ticket, "workspace", json!(uuid::Uuid::nil())),
        format!("{}.{signature}", marina.ticket.split_once('.').unwrap().0),
        format!("{body}."),
        format!(".{signature}"),
        format!("{body}.{}", &signature[..signature.len() - 2]),
        format!("{body}.{signature}.{signature}"),
        format!("{body}.{signature}="),
        format!(" {body}.{signature}x"),
        format!("{}.{signature}", body.to_uppercase()),
        String::from("."),
        "x".repeat(20_000),
        foreign,
        session,
        marina.key.clone(),
    ];
    for ticket in forged {
        assert_eq!(entries(&app, &ticket, &conversation).await.refused(401), "unauthenticated", "{ticket}");
        assert_eq!(say(&app, &ticket).await.refused(401), "unauthenticated", "{ticket}");
        assert_eq!(greet(&app, &ticket, &conversation).await.close_code().await, 4401, "{ticket}");
    }
    assert_eq!(owner.texts(&conversation).await, ["segredo"]);
}

#[tokio::test]
async fn a_ticket_that_has_run_out_opens_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("segredo").await;
    app.clock.advance(599);
    entries(&app, &visitor.ticket, &conversation).await.expect(200);
    app.clock.advance(1);
    assert_eq!(entries(&app, &visitor.ticket, &conversation).await.refused(401), "unauthenticated");
    assert_eq!(say(&app, &visitor.ticket).await.refused(401), "unauthenticated");
    assert_eq!(greet(&app, &visitor.ticket, &conversation).await.close_code().await, 4401);
}

#[tokio::test]
async fn a_ticket_of_one_connection_opens_no_conversation_of_another() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (site, other) = (app.webchat(&owner, None, json!({})).await, app.webchat(&owner, None, json!({})).await);
    let mut here = Visitor::arrive(&app, &site).await;
    let conversation = here.open("segredo").await;
    // The same key, even: it is another visitor there.
    let there = Visitor::return_with(&app, &other, Some(&here.key)).await;
    assert_eq!(entries(&app, &there.ticket, &conversation).await.refused(404), "not_found");
    let mut socket = greet(&app, &there.ticket, &conversation).await;
    let welcome = socket.next("welcome").await;
    assert_eq!((&welcome["conversation"], &welcome["entries"]), (&Value::Null, &json!([])));
    socket.send(json!({ "t": "close", "conversation": conversation })).await;
    assert_eq!(socket.next("refused").await["code"], "not_found");
    let sent = say(&app, &there.ticket).await.expect(200);
    assert_ne!(sent["conversation"], json!(conversation));
    assert_eq!(owner.texts(&conversation).await, ["segredo"]);
}

/// D-074
#[tokio::test]
async fn a_ticket_is_worth_nothing_once_its_connection_is_off_or_gone() {
    let app = App::start().await;
    let owner = app.owner().await;
    for is_removed in [false, true] {
        let site = app.webchat(&owner, None, json!({})).await;
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = visitor.open("oi").await;
        let path = format!("/api/connections/{}", site["id"].as_str().unwrap());
        if is_removed {
            owner.delete(&path).await.expect(204);
        } else {
            let request = owner.request(Method::PATCH, &path).header(header::IF_MATCH, "\"1\"");
            owner.send(request.json(&json!({ "is_enabled": false }))).await.expect(200);
        }
        assert_eq!(visitor.socket.close_code().await, 4403);
        assert_eq!(say(&app, &visitor.ticket).await.refused(404), "connection_unavailable");
        assert_eq!(entries(&app, &visitor.ticket, &conversation).await.refused(404), "connection_unavailable");
        assert_eq!(greet(&app, &visitor.ticket, &conversation).await.close_code().await, 4403);
    }
}

/// Asks who is logged in with a cookie written by hand.
async fn who(client: &Client, cookie: &str) -> Answer {
    let bare = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.request(Method::GET, "/api/session").build().unwrap();
    client.send(reqwest::RequestBuilder::from_parts(bare, request).header(header::COOKIE, cookie)).await
}

#[tokio::test]
async fn a_cookie_planted_before_the_login_is_replaced_and_stays_worthless() {
    let app = App::start().await;
    let owner = app.owner().await;
    let attackers = app.hire(&owner, "Eve", "viewer", json!([])).await.cookie();
    for planted in [format!("balcao_session={}", "A".repeat(43)), attackers] {
        let bare = reqwest::Client::builder().no_proxy().build().unwrap();
        let login = json!({ "email": "ana@vilaclara.com.br", "password": PASSWORD });
        let request = owner.request(Method::POST, "/api/session").json(&login).build().unwrap();
        let answer =
            owner.send(reqwest::RequestBuilder::from_parts(bare, request).header(header::COOKIE, &planted)).await;
        let set = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
        answer.expect(200);
        let given = set.split(';').next().unwrap().to_owned();
        assert_ne!(given, planted);
        assert!(
            set.contains("HttpOnly")
                && set.contains("SameSite=Lax")
                && set.contains("Path=/")
                && !set.contains("Domain"),
            "{set}"
        );
        assert_eq!(who(&owner, &given).await.expect(200)["email"], "ana@vilaclara.com.br");
        let planted = who(&owner, &planted).await;
        assert_ne!(planted.body["email"], "ana@vilaclara.com.br", "the planted cookie became the login");
    }
}

#[tokio::test]
async fn the_cookie_of_an_ended_session_opens_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let base = app.url("");
    let kept = owner.cookie();
    Socket::open(&base, "/api/socket", Some(&kept)).await.unwrap();
    owner.delete("/api/session").await.expect(204);
    assert_eq!(who(&owner, &kept).await.refused(401), "unauthenticated");
    assert!(Socket::open(&base, "/api/socket", Some(&kept)).await.is_err());
    let request = owner.request(Method::PATCH, "/api/me").header(header::COOKIE, &kept);
    assert_eq!(owner.send(request.json(&json!({ "name": "Eve" }))).await.refused(401), "unauthenticated");
}

#[tokio::test]
async fn a_cookie_that_is_made_up_opens_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let cookie = owner.cookie();
    let token = cookie.split("; ").find_map(|cookie| cookie.strip_prefix("balcao_session=")).unwrap();
    let swapped: String = token
        .chars()
        .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let garbage = [
        "x".to_owned(),
        swapped,
        token[1..].to_owned(),
        format!("{token}A"),
        format!("{token}%00"),
        "'OR'1'='1".to_owned(),
        "x".repeat(10_000),
    ];
    for value in garbage {
        assert_eq!(who(&owner, &format!("balcao_session={value}")).await.refused(401), "unauthenticated", "{value}");
    }
    for other in [
        format!("Balcao_Session={token}"),
        format!("__Host-balcao_session={token}"),
        token.to_owned(),
        ";;;=;".to_owned(),
        "balcao_session=".to_owned(),
    ] {
        who(&owner, &other).await.expect(204);
    }
    // A session opens nothing as a bearer, and a fingerprint, should it leak, is no secret.
    let bearer = app.stranger();
    let answer = bearer.send(bearer.request(Method::GET, "/api/session").bearer_auth(token)).await;
    answer.expect(204);
    let fingerprint = balcao_platform::secrets::fingerprint(token);
    assert_eq!(who(&owner, &format!("balcao_session={fingerprint}")).await.refused(401), "unauthenticated");
}

#[tokio::test]
async fn no_answer_tells_a_password_a_hash_or_a_session() {
    let app = App::start().await;
    let owner = app.owner().await;
    app.webchat(&owner, None, json!({})).await;
    app.hire(&owner, "Bruno", "agent", json!([])).await;
    let cookie = owner.cookie();
    let mut cookies = cookie.split("; ");
    let token = cookies.find_map(|cookie| cookie.strip_prefix("balcao_session=")).unwrap();
    for path in [
        "/api/session",
        "/api/agents",
        "/api/departments",
        "/api/connections",
        "/api/connections/badges",
        "/api/conversations?list=queue",
    ] {
        let text = owner.get(path).await.text;
        for secret in ["argon2", "password", "token_hash", PASSWORD, token] {
            assert!(!text.contains(secret), "{path} tells {secret}");
        }
    }
}
