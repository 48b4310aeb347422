//! A visitor with the widget's panel open.

use reqwest::header;
use serde_json::{Value, json};

use super::{App, Socket, client_id};

/// A visitor on a website.
pub struct Visitor {
    pub base: String,
    pub key: String,
    pub ticket: String,
    pub socket: Socket,
    pub welcome: Value,
}

impl Visitor {
    /// Somebody new.
    pub async fn arrive(app: &App, connection: &Value) -> Self {
        Self::return_with(app, connection, None).await
    }

    /// Somebody with a key from an earlier visit.
    pub async fn return_with(app: &App, connection: &Value, key: Option<&str>) -> Self {
        let base = app.url("");
        let code = connection["code"].as_str().unwrap().to_owned();
        let (ticket, key) = ticket(app, &code, key).await;
        let mut socket = Socket::open(&base, "/api/visitor/socket", None).await.unwrap();
        socket.send(json!({ "t": "hello", "ticket": ticket, "conversation": null, "since": 0 })).await;
        let welcome = socket.next("welcome").await;
        Self { base, key, ticket, socket, welcome }
    }

    /// A ticket for who has a key, without a socket.
    pub async fn ticket_with(app: &App, connection: &Value, key: &str) -> String {
        ticket(app, connection["code"].as_str().unwrap(), Some(key)).await.0
    }

    /// A ticket for somebody new.
    pub async fn ticket_of(app: &App, connection: &Value) -> String {
        ticket(app, connection["code"].as_str().unwrap(), None).await.0
    }

    /// Sends a message and answers its acknowledgement.
    pub async fn say(&mut self, text: &str) -> Value {
        self.say_as(&client_id(), text).await
    }

    /// The same with a client id.
    pub async fn say_as(&mut self, id: &str, text: &str) -> Value {
        self.socket.send(json!({ "t": "send", "id": id, "text": text })).await;
        let id = id.to_owned();
        self.socket
            .find("ack", move |frame| (frame["t"] == "ack" || frame["t"] == "refused") && frame["id"] == id)
            .await
    }

    /// Sends the first message and answers the conversation's id.
    pub async fn open(&mut self, text: &str) -> String {
        self.say(text).await["conversation"].as_str().expect("not stored").to_owned()
    }
}

/// A ticket and its key.
async fn ticket(app: &App, code: &str, key: Option<&str>) -> (String, String) {
    let base = app.url("");
    let answer = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only(app.trusted.clone())
        .build()
        .unwrap()
        .post(format!("{base}/widgets/{code}/ticket"))
        .header(header::ORIGIN, &base)
        .json(&json!({ "key": key }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    (body["ticket"].as_str().unwrap().to_owned(), body["key"].as_str().unwrap().to_owned())
}
