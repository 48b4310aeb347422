//! Floods: every public operation is limited by itself, for the address that floods and for nobody else; who lies about the address gains nothing.

use reqwest::{Method, header};
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{self, client::IntoClientRequest},
};

use crate::support::{Answer, App, PASSWORD, Visitor, client_id, until};

const LIMITS: [(&str, &str); 6] = [
    ("BALCAO_LIMITS_LOGINS_PER_MINUTE", "3"),
    ("BALCAO_LIMITS_TICKETS_PER_MINUTE", "4"),
    ("BALCAO_LIMITS_CONVERSATIONS_PER_HOUR", "3"),
    ("BALCAO_LIMITS_MESSAGES_PER_MINUTE", "5"),
    ("BALCAO_LIMITS_SOCKETS_PER_ADDRESS", "2"),
    ("BALCAO_LIMITS_VISITOR_REQUESTS_PER_MINUTE", "7"),
];

/// A program behind a proxy on this machine.
async fn behind_proxy() -> App {
    App::start_with(&[&LIMITS[..], &[("BALCAO_PROXIES_TRUSTED", "127.0.0.1,10.0.0.0/24")]].concat()).await
}

/// A request as the proxy passes it on.
async fn forwarded(app: &App, path: &str, body: &Value, addresses: &[&str], ticket: Option<&str>) -> Answer {
    let client = app.stranger();
    let mut request = client.request(Method::POST, path).json(body);
    for address in addresses {
        request = request.header("x-forwarded-for", *address);
    }
    if let Some(ticket) = ticket {
        request = request.bearer_auth(ticket);
    }
    client.send(request).await
}

#[track_caller]
fn is_limited(answer: Answer, what: &str) {
    let wait = answer.headers.get(header::RETRY_AFTER).map(|seconds| seconds.to_str().unwrap().parse::<u64>().unwrap());
    assert!(wait.is_some_and(|seconds| (1..=3_600).contains(&seconds)), "{what}: {wait:?} {}", answer.text);
    assert_eq!(answer.refused(429), "too_many_requests", "{what}");
}

#[tokio::test]
async fn logins_set_ups_and_invitations_are_limited_for_each_address() {
    let app = behind_proxy().await;
    let owner = app.owner().await;
    let login = json!({ "email": "ana@vilaclara.com.br", "password": "wrong password" });
    let claim = json!({ "token": "x", "company": "X", "language": "en", "time_zone": "Europe/Lisbon",
        "name": "Eve", "email": "eve@example.com", "password": PASSWORD });
    let accept = json!({ "token": "x", "name": "Eve", "password": PASSWORD });
    let operations = [
        ("/api/session", login, 401),
        ("/api/setup", claim, 409),
        ("/api/setup/open", json!({ "token": "x" }), 409),
        ("/api/invitations/open", json!({ "token": "x" }), 404),
        ("/api/invitations/accept", accept, 404),
    ];
    for (number, (path, body, status)) in operations.iter().enumerate() {
        let (flooding, other) = (format!("203.0.113.{number}"), format!("198.51.100.{number}"));
        for _ in 0..3 {
            forwarded(&app, path, body, &[&flooding], None).await.expect(*status);
        }
        is_limited(forwarded(&app, path, body, &[&flooding], None).await, path);
        forwarded(&app, path, body, &[&other], None).await.expect(*status);
    }
    // What one has used up is used up for its sisters, and for the right password.
    let right = json!({ "email": "ana@vilaclara.com.br", "password": PASSWORD });
    is_limited(forwarded(&app, "/api/session", &right, &["203.0.113.3"], None).await, "another operation");
    forwarded(&app, "/api/session", &right, &["198.51.100.77"], None).await.expect(200);
    owner.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn tickets_are_limited_for_each_address() {
    let app = behind_proxy().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let path = format!("/widgets/{}/ticket", site["code"].as_str().unwrap());
    for _ in 0..4 {
        forwarded(&app, &path, &json!({ "key": null }), &["203.0.113.1"], None).await.expect(200);
    }
    let refused = forwarded(&app, &path, &json!({ "key": null }), &["203.0.113.1"], None).await;
    // The host page has to see it.
    assert_eq!(refused.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN].to_str().unwrap(), app.config.public_url);
    is_limited(refused, "tickets");
    forwarded(&app, &path, &json!({ "key": null }), &["198.51.100.1"], None).await.expect(200);
}

#[tokio::test]
async fn new_conversations_are_limited_for_each_address_and_those_under_way_go_on() {
    let app = behind_proxy().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let ticket_path = format!("/widgets/{}/ticket", site["code"].as_str().unwrap());
    let mut tickets = Vec::new();
    for number in 0..5 {
        let address = format!("192.0.2.{number}");
        let answer = forwarded(&app, &ticket_path, &json!({ "key": null }), &[&address], None).await.expect(200);
        tickets.push(answer["ticket"].as_str().unwrap().to_owned());
    }
    let say = |ticket: String, address: &'static str| {
        let app = &app;
        async move {
            let body = json!({ "id": client_id(), "text": "oi" });
            forwarded(app, "/api/visitor/messages", &body, &[address], Some(&ticket)).await
        }
    };
    for ticket in &tickets[..3] {
        say(ticket.clone(), "203.0.113.1").await.expect(200);
    }
    is_limited(say(tickets[3].clone(), "203.0.113.1").await, "conversations");
    say(tickets[0].clone(), "203.0.113.1").await.expect(200);
    say(tickets[3].clone(), "198.51.100.1").await.expect(200);
    let listed = owner.get("/api/conversations?list=queue").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn messages_are_limited_for_each_visitor_wherever_they_come_from() {
    let app = behind_proxy().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let (marina, eve) = (Visitor::arrive(&app, &site).await, Visitor::arrive(&app, &site).await);
    let body = || json!({ "id": client_id(), "text": "oi" });
    for number in 0..5 {
        let address = format!("203.0.113.{number}");
        forwarded(&app, "/api/visitor/messages", &body(), &[&address], Some(&eve.ticket)).await.expect(200);
    }
    let answer = forwarded(&app, "/api/visitor/messages", &body(), &["203.0.113.9"], Some(&eve.ticket)).await;
    is_limited(answer, "messages");
    forwarded(&app, "/api/visitor/messages", &body(), &["203.0.113.9"], Some(&marina.ticket)).await.expect(200);
}

/// Opens a visitor's socket as the proxy passes it on; the answer when it does not open.
async fn socket(app: &App, address: &str) -> Result<impl Sized + use<>, tungstenite::http::Response<Option<Vec<u8>>>> {
    let mut request = app.url("/api/visitor/socket").replacen("http", "ws", 1).into_client_request().unwrap();
    request.headers_mut().insert("origin", app.url("").parse().unwrap());
    request.headers_mut().insert("x-forwarded-for", address.parse().unwrap());
    match connect_async(request).await {
        Ok((stream, _)) => Ok(stream),
        Err(tungstenite::Error::Http(answer)) => Err(*answer),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn sockets_are_limited_for_each_address_and_a_closed_one_makes_room() {
    let app = behind_proxy().await;
    let first = socket(&app, "203.0.113.1").await.unwrap();
    let _second = socket(&app, "203.0.113.1").await.unwrap();
    let Err(refused) = socket(&app, "203.0.113.1").await else { panic!("a third socket opened") };
    assert_eq!(refused.status().as_u16(), 429);
    assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    let body: Value = serde_json::from_slice(refused.body().as_deref().unwrap()).unwrap();
    assert_eq!(body["error"]["code"], "too_many_requests");
    let _other = socket(&app, "198.51.100.1").await.unwrap();
    drop(first);
    let _third = until("the seat", || async { socket(&app, "203.0.113.1").await.ok() }).await;
}

/// The address is the one the nearest proxy of ours saw; what stands before it was written by whoever asks.
#[tokio::test]
async fn an_address_is_what_the_trusted_proxy_says_and_nothing_before_it() {
    let app = behind_proxy().await;
    app.owner().await;
    let login = json!({ "email": "ana@vilaclara.com.br", "password": "wrong password" });
    let ways: [(&str, [&[&str]; 4]); 6] = [
        (
            "made up before it",
            [&["1.1.1.1, 203.0.113.1"], &["2.2.2.2,203.0.113.1"], &["x, y, 203.0.113.1"], &["203.0.113.1"]],
        ),
        (
            "with our proxies after it",
            [
                &["203.0.113.2, 127.0.0.1"],
                &["203.0.113.2, 10.0.0.7"],
                &["3.3.3.3, 203.0.113.2, 10.0.0.7, 127.0.0.1"],
                &["203.0.113.2"],
            ],
        ),
        (
            "in lines of their own",
            [
                &["1.1.1.1", "203.0.113.3"],
                &["2.2.2.2", "203.0.113.3"],
                &["3.3.3.3", "4.4.4.4", "203.0.113.3"],
                &["203.0.113.3"],
            ],
        ),
        ("of one IPv6 network", [&["2001:db8::1"], &["2001:db8::2"], &["2001:db8:0:0:ffff::3"], &["2001:db8::4"]]),
        (
            "in other words",
            [&["::ffff:203.0.113.5"], &["203.0.113.5:4711"], &["[::ffff:203.0.113.5]:4711"], &["203.0.113.5"]],
        ),
        // The proxy itself is limited then.
        ("that the proxy hides", [&["1.1.1.1, unknown"], &["2.2.2.2, _hidden"], &["3.3.3.3, "], &["4.4.4.4, unknown"]]),
    ];
    for (what, tries) in ways {
        let mut statuses = Vec::new();
        for addresses in tries {
            statuses.push(forwarded(&app, "/api/session", &login, addresses, None).await.status.as_u16());
        }
        // The set-up counted for the proxy's own address already.
        let expected = if what == "that the proxy hides" { [401, 401, 429, 429] } else { [401, 401, 401, 429] };
        assert_eq!(statuses, expected, "an address {what}");
    }
}

#[tokio::test]
async fn without_a_trusted_proxy_a_forwarded_address_means_nothing() {
    let app = App::start_with(&LIMITS).await;
    app.owner().await;
    let login = json!({ "email": "ana@vilaclara.com.br", "password": "wrong password" });
    for number in 0..2 {
        let address = format!("203.0.113.{number}");
        forwarded(&app, "/api/session", &login, &[&address], None).await.expect(401);
    }
    for number in 2..5 {
        let address = format!("203.0.113.{number}");
        is_limited(forwarded(&app, "/api/session", &login, &[&address], None).await, "a made-up address");
    }
    let mut open = Vec::new();
    for number in 0..2 {
        open.push(socket(&app, &format!("203.0.113.{number}")).await.unwrap());
    }
    assert!(socket(&app, "203.0.113.9").await.is_err());
}

/// Whoever sends faster than the store takes is told for each message; what was acknowledged is there once, in order.
#[tokio::test]
async fn a_flood_of_messages_is_answered_one_by_one_and_loses_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("0").await;
    let ids: Vec<String> = (0..150).map(|_| client_id()).collect();
    for (number, id) in ids.iter().enumerate() {
        visitor.socket.send(json!({ "t": "send", "id": id, "text": (number + 1).to_string() })).await;
    }
    let mut stored = vec!["0".to_owned()];
    let mut answered = std::collections::HashSet::new();
    while answered.len() < ids.len() {
        let frame = visitor.socket.find("an answer", |frame| frame["t"] == "ack" || frame["t"] == "refused").await;
        let number = ids.iter().position(|id| frame["id"] == json!(id)).unwrap() + 1;
        assert!(answered.insert(number), "{number} was answered twice");
        if frame["t"] == "ack" {
            stored.push(number.to_string());
        } else {
            assert_eq!((&frame["code"], &frame["retry_after"]), (&json!("too_many_requests"), &json!(1)));
        }
    }
    let shown = owner.get(&format!("/api/conversations/{conversation}/messages?limit=200")).await.expect(200);
    let texts: Vec<_> = shown["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(texts, stored);
}

#[tokio::test]
async fn refused_messages_are_counted_as_frames() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    // The greeting was the first of 200.
    for _ in 0..199 {
        assert_eq!(visitor.say(" ").await["t"], "refused");
    }
    visitor.socket.send(json!({ "t": "send", "id": client_id(), "text": " " })).await;
    assert_eq!(visitor.socket.close_code().await, 4429);
}

#[tokio::test]
async fn a_message_that_has_to_open_a_conversation_is_counted_once() {
    let app = behind_proxy().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    visitor.say("um").await;
    for text in ["dois", "três"] {
        let conversation = owner.get("/api/conversations?list=queue").await.expect(200)["items"][0]["id"].clone();
        owner.act(conversation.as_str().unwrap(), "close").await.expect(200);
        assert_eq!(visitor.say(text).await["t"], "ack");
    }
    for text in ["quatro", "cinco"] {
        assert_eq!(visitor.say(text).await["t"], "ack");
    }
    assert_eq!(visitor.say("seis").await["code"], "too_many_requests");
}

#[tokio::test]
async fn requests_of_a_visitor_are_limited_refused_ones_too() {
    let app = App::start_with(&LIMITS).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let (flooding, other) = (Visitor::arrive(&app, &site).await, Visitor::arrive(&app, &site).await);
    let stranger = app.stranger();
    let send = |visitor: &Visitor| {
        let empty = json!({ "id": client_id(), "text": "" });
        stranger.send(stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(&visitor.ticket).json(&empty))
    };
    for _ in 0..7 {
        send(&flooding).await.refused(422);
    }
    is_limited(send(&flooding).await, "messages");
    let entries = stranger.request(Method::GET, "/api/visitor/entries").bearer_auth(&flooding.ticket);
    is_limited(stranger.send(entries).await, "entries");
    send(&other).await.refused(422);
}
