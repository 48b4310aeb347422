//! A WebSocket client that waits for the frames a test wants.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};

/// An open socket.
pub struct Socket {
    stream: WebSocketStream<Box<dyn Wire>>,
}

/// What a socket travels on: plain or encrypted.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

impl Socket {
    /// Opens a socket from our own origin.
    pub async fn open(base: &str, path: &str, cookie: Option<&str>) -> Result<Self, tungstenite::Error> {
        Self::open_from(base, path, cookie, Some(base)).await
    }

    /// Opens a socket from an origin.
    pub async fn open_from(
        base: &str,
        path: &str,
        cookie: Option<&str>,
        origin: Option<&str>,
    ) -> Result<Self, tungstenite::Error> {
        let authority = base.split_once("://").map_or(base, |(_, authority)| authority);
        let wire = TcpStream::connect(authority).await?;
        wire.set_nodelay(true)?;
        let address = format!("{}{path}", base.replacen("http", "ws", 1));
        Self::open_over(Box::new(wire), &address, cookie, origin).await
    }

    /// Opens a socket on a connection that stands.
    pub async fn open_over(
        wire: Box<dyn Wire>,
        address: &str,
        cookie: Option<&str>,
        origin: Option<&str>,
    ) -> Result<Self, tungstenite::Error> {
        let mut request = address.into_client_request()?;
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        if let Some(cookie) = cookie {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        client_async(request, wire).await.map(|(stream, _)| Self { stream })
    }

    pub async fn send(&mut self, frame: Value) {
        self.stream.send(Message::text(frame.to_string())).await.unwrap();
    }

    pub async fn send_raw(&mut self, message: Message) {
        // A server that has closed already refuses it.
        let _ = self.stream.send(message).await;
    }

    /// The next frame, whatever it is; none when the socket has closed.
    pub async fn any(&mut self) -> Option<Value> {
        loop {
            let next =
                tokio::time::timeout(Duration::from_secs(10), self.stream.next()).await.expect("no frame in 10 s");
            match next? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next frame of a kind; others are passed over.
    pub async fn next(&mut self, kind: &str) -> Value {
        self.find(kind, |frame| frame["t"] == kind).await
    }

    /// The next frame that fits.
    pub async fn find(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.any().await.unwrap_or_else(|| panic!("the socket closed while {what} was awaited"));
            if fits(&frame) {
                return frame;
            }
        }
    }

    /// The next event of a kind.
    pub async fn event(&mut self, kind: &str) -> Value {
        self.find(kind, |frame| frame["t"] == "event" && frame["event"]["kind"] == kind).await
    }

    /// Everything that comes until a ping is answered: whatever was sent before has arrived by then.
    pub async fn drain(&mut self) -> Vec<Value> {
        self.send(serde_json::json!({ "t": "ping" })).await;
        let mut frames = Vec::new();
        loop {
            let frame = self.any().await.expect("the socket closed");
            if frame["t"] == "pong" {
                return frames;
            }
            frames.push(frame);
        }
    }

    /// The code with which the other side closes.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            let next =
                tokio::time::timeout(Duration::from_secs(15), self.stream.next()).await.expect("no close in 15 s");
            match next {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return 0,
                Some(Ok(_)) => {}
            }
        }
    }
}
