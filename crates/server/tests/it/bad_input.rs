//! What nobody should send: every wrong body, query, path, method, header and frame is refused with its name, and nothing breaks.

mod addresses;
mod bodies;
mod frames;
mod languages;

use reqwest::header;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Answer, App};

/// What is wrong with a refusal's shape, if anything: it must be ours, with a code and a sentence, and never a failure of the server.
pub fn shape(answer: &Answer) -> Option<String> {
    let status = answer.status.as_u16();
    if status >= 500 {
        return Some(format!("failed with {status}: {}", answer.text));
    }
    if status < 400 {
        return None;
    }
    let kind = answer.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
    let error = &answer.body["error"];
    let is_ours = kind.as_deref() == Some("application/json")
        && error["code"].is_string()
        && error["message"].as_str().is_some_and(|message| !message.is_empty() && !message.starts_with("error."))
        && error["request_id"].is_string();
    (!is_ours).then(|| format!("{status} is no error of ours: {kind:?} {}", answer.text))
}

/// The wrong fields as `field:code`.
pub fn fields(answer: &Answer) -> Vec<String> {
    let fields = answer.body["error"]["fields"].as_array().cloned().unwrap_or_default();
    fields
        .iter()
        .map(|fault| format!("{}:{}", fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect()
}

/// Sends a request exactly as it is written: clients tidy addresses and headers up.
pub async fn raw(app: &App, start: &str, headers: &[(&str, &[u8])]) -> Answer {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let mut request = format!("{start} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", app.address).into_bytes();
    for (name, value) in headers {
        request.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    request.extend(b"\r\n");
    stream.write_all(&request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut named = header::HeaderMap::new();
    for line in head.lines().skip(1) {
        let (name, value) = line.split_once(": ").unwrap();
        named.append(name.parse::<header::HeaderName>().unwrap(), value.parse().unwrap());
    }
    let body_value = serde_json::from_str(body).unwrap_or(Value::Null);
    Answer { status: status.try_into().unwrap(), headers: named, body: body_value, text: body.to_owned() }
}
