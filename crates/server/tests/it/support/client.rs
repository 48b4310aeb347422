//! A person with a browser: keeps cookies, sends JSON, reads answers.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{App, Socket};

/// Somebody who talks to the program over HTTP.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    jar: std::sync::Arc<reqwest::cookie::Jar>,
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Answer {
    /// The body, if the status is the expected one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.body
    }

    /// The code of an error, if the status is the expected one.
    #[track_caller]
    pub fn refused(self, status: u16) -> String {
        let body = self.expect(status);
        assert!(!body["error"]["message"].as_str().unwrap_or("").is_empty(), "an error without a sentence: {body}");
        body["error"]["code"].as_str().unwrap().to_owned()
    }

    /// The wrong fields as `field:code`, if the status is 422.
    #[track_caller]
    pub fn fields(self) -> Vec<String> {
        let body = self.expect(422);
        let fields = body["error"]["fields"].as_array().cloned().unwrap_or_default();
        fields
            .iter()
            .map(|field| format!("{}:{}", field["field"].as_str().unwrap(), field["code"].as_str().unwrap()))
            .collect()
    }
}

impl Client {
    pub fn new(app: &App) -> Self {
        let jar = std::sync::Arc::new(reqwest::cookie::Jar::default());
        let http = reqwest::Client::builder().cookie_provider(jar.clone()).no_proxy();
        let http = http.tls_certs_only(app.trusted.clone()).build().unwrap();
        Self { http, base: app.url(""), jar }
    }

    /// The same person at another node.
    pub fn at(&self, app: &App) -> Self {
        let cookie = self.cookie();
        let other = Self::new(app);
        let url = other.base.parse().unwrap();
        for one in cookie.split("; ") {
            other.jar.add_cookie_str(one, &url);
        }
        other
    }

    /// The cookies as a header.
    pub fn cookie(&self) -> String {
        use reqwest::cookie::CookieStore;
        let url = self.base.parse().unwrap();
        self.jar.cookies(&url).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).header(header::ORIGIN, &self.base)
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, body, text }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// The own id.
    pub async fn id(&self) -> String {
        self.get("/api/session").await.expect(200)["id"].as_str().unwrap().to_owned()
    }

    /// Sets the own status.
    pub async fn go(&self, status: &str) {
        self.put("/api/me/status", json!({ "status": status })).await.expect(200);
    }

    /// Opens the console's socket and greets.
    pub async fn socket(&self) -> Socket {
        let mut socket = self.silent_socket().await;
        socket.send(json!({ "t": "hello", "since": null })).await;
        socket.next("welcome").await;
        socket.next("snapshot").await;
        socket
    }

    /// Opens the console's socket without a word.
    pub async fn silent_socket(&self) -> Socket {
        Socket::open(&self.base, "/api/socket", Some(&self.cookie())).await.expect("the socket did not open")
    }

    /// Sends a reply.
    pub async fn reply(&self, conversation: &str, text: &str) -> Answer {
        let form = json!({ "client_id": super::client_id(), "kind": "reply", "text": text });
        self.post(&format!("/api/conversations/{conversation}/messages"), form).await
    }

    /// Does something to a conversation: take, close, return, reopen.
    pub async fn act(&self, conversation: &str, what: &str) -> Answer {
        self.post(&format!("/api/conversations/{conversation}/{what}"), json!({})).await
    }

    /// A conversation with its lines.
    pub async fn conversation(&self, conversation: &str) -> Value {
        self.get(&format!("/api/conversations/{conversation}")).await.expect(200)
    }

    /// The texts of a conversation's lines.
    pub async fn texts(&self, conversation: &str) -> Vec<String> {
        let shown = self.conversation(conversation).await;
        let lines = shown["messages"].as_array().unwrap();
        lines.iter().map(|line| line["text"].as_str().unwrap().to_owned()).filter(|text| !text.is_empty()).collect()
    }
}
