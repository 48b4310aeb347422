//! Somebody who sends files, and small files to send.

use std::io::Cursor;

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{Answer, App, Client, Visitor, client_id};

/// An agent or a visitor with files.
pub struct Sender {
    client: Client,
    ticket: Option<String>,
}

/// What an address answered.
pub struct Fetched {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Fetched {
    /// A header's text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Sender {
    pub fn agent(client: &Client) -> Self {
        Self { client: client.clone(), ticket: None }
    }

    pub fn visitor(app: &App, visitor: &Visitor) -> Self {
        Self::with_ticket(app, &visitor.ticket)
    }

    pub fn with_ticket(app: &App, ticket: &str) -> Self {
        Self { client: app.stranger(), ticket: Some(ticket.to_owned()) }
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/{}files{rest}", if self.ticket.is_some() { "visitor/" } else { "" })
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = match &self.ticket {
            Some(ticket) => request.bearer_auth(ticket),
            None => request,
        };
        self.client.send(request).await
    }

    pub async fn begin_with(&self, form: &Value) -> Answer {
        self.send(self.client.request(Method::POST, &self.path("")).json(form)).await
    }

    pub async fn begin(&self, name: &str, kind: &str, size: usize) -> Answer {
        self.begin_with(&json!({ "client_id": client_id(), "name": name, "size": size, "kind": kind })).await
    }

    pub async fn piece(&self, id: &str, offset: usize, bytes: &[u8]) -> Answer {
        let request = self
            .client
            .request(Method::PATCH, &self.path(&format!("/{id}")))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header("upload-offset", offset)
            .body(bytes.to_vec());
        self.send(request).await
    }

    pub async fn show(&self, id: &str) -> Answer {
        self.send(self.client.request(Method::GET, &self.path(&format!("/{id}")))).await
    }

    pub async fn discard(&self, id: &str) -> Answer {
        self.send(self.client.request(Method::DELETE, &self.path(&format!("/{id}")))).await
    }

    /// A visitor's fresh addresses.
    pub async fn link(&self, id: &str) -> Answer {
        self.send(self.client.request(Method::GET, &self.path(&format!("/{id}/link")))).await
    }

    /// The last piece of a file, after all before it.
    pub async fn try_upload(&self, name: &str, kind: &str, bytes: &[u8]) -> Answer {
        let begun = self.begin(name, kind, bytes.len()).await.expect(201);
        let id = begun["id"].as_str().unwrap();
        let mut offset = 0;
        loop {
            let end = bytes.len().min(offset + 4 * 1024 * 1024);
            let answer = self.piece(id, offset, &bytes[offset..end]).await;
            if end == bytes.len() || answer.status != 200 {
                return answer;
            }
            offset = end;
        }
    }

    /// A stored file.
    pub async fn upload(&self, name: &str, kind: &str, bytes: &[u8]) -> Value {
        let stored = self.try_upload(name, kind, bytes).await.expect(200);
        assert_eq!(stored["state"], "stored", "{stored}");
        stored["file"].clone()
    }

    /// An agent's message with a file.
    pub async fn message(&self, conversation: &str, kind: &str, text: &str, file: &Value) -> Answer {
        let form = json!({ "client_id": client_id(), "kind": kind, "text": text, "file": file });
        self.client.post(&format!("/api/conversations/{conversation}/messages"), form).await
    }
}

/// Fetches an address without a cookie.
pub async fn fetch(app: &App, path: &Value, headers: &[(&str, &str)]) -> Fetched {
    fetch_as(app, Method::GET, path, headers).await
}

/// The same with another method.
pub async fn fetch_as(app: &App, method: Method, path: &Value, headers: &[(&str, &str)]) -> Fetched {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = http.request(method, app.url(path.as_str().expect("no address")));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    Fetched { status, headers, bytes: answer.bytes().await.unwrap().to_vec() }
}

/// A picture of a size.
pub fn picture(width: u32, height: u32, format: image::ImageFormat) -> Vec<u8> {
    let drawn = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 251) as u8, (y % 241) as u8, 80]));
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(drawn).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A recording of so many frames of 24 ms each (MPEG 1 layer III, 32 kbit/s, 48 kHz).
pub fn recording(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x14, 0xc0];
    frame.resize(96, 0);
    frame.repeat(frames)
}

/// Bytes that say nothing.
pub fn noise(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 7) as u8 | 1).collect()
}
