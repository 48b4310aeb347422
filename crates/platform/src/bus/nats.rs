//! The bus over NATS core: no JetStream, no key-value store. Subjects are built from ids only, never from anybody's text.

use std::time::Duration;

use async_nats::{Client, ConnectOptions, HeaderMap, connection::State};
use balcao_types::{NodeId, WorkspaceId};
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::broadcast;

use super::Hint;

/// Why the bus could not be joined.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot connect to NATS: {0}")]
    Connect(#[from] async_nats::ConnectError),
    #[error("cannot subscribe: {0}")]
    Subscribe(#[from] async_nats::SubscribeError),
}

const COMMITTED: &str = "balcao.committed.";
const WHISPER: &str = "balcao.whisper.";
const NODE_HEADER: &str = "Balcao-Node";

pub(super) struct Nats {
    client: Client,
    headers: HeaderMap,
}

impl Nats {
    pub async fn connect(node: NodeId, url: &str, local: broadcast::Sender<Hint>) -> Result<Self, Error> {
        let client = ConnectOptions::new()
            .name("balcao")
            .connection_timeout(Duration::from_secs(5))
            .max_reconnects(None)
            .connect(url)
            .await?;
        let mut headers = HeaderMap::new();
        headers.insert(NODE_HEADER, node.to_string());
        let mut messages = client.subscribe("balcao.>").await?;
        tokio::spawn(async move {
            let own = node.to_string();
            while let Some(message) = messages.next().await {
                let sender = message.headers.as_ref().and_then(|headers| headers.get(NODE_HEADER));
                if sender.is_some_and(|sender| sender.as_str() == own) {
                    continue;
                }
                if let Some(hint) = parse(message.subject.as_str(), message.payload) {
                    // Nobody listening is no error.
                    let _ = local.send(hint);
                }
            }
        });
        Ok(Self { client, headers })
    }

    pub async fn announce(&self, workspace: WorkspaceId, number: i64) {
        self.send(format!("{COMMITTED}{workspace}"), Bytes::from(number.to_string())).await;
    }

    pub async fn whisper(&self, workspace: WorkspaceId, body: Bytes) {
        self.send(format!("{WHISPER}{workspace}"), body).await;
    }

    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    async fn send(&self, subject: String, body: Bytes) {
        if let Err(error) = self.client.publish_with_headers(subject, self.headers.clone(), body).await {
            // A lost hint is made good by the look into the database once a second.
            tracing::debug!(%error, "a hint was not sent");
        }
    }
}

fn parse(subject: &str, body: Bytes) -> Option<Hint> {
    if let Some(workspace) = subject.strip_prefix(COMMITTED) {
        let number = std::str::from_utf8(&body).ok()?.parse().ok()?;
        return Some(Hint::Committed { workspace: workspace.parse().ok()?, number });
    }
    let workspace = subject.strip_prefix(WHISPER)?.parse().ok()?;
    Some(Hint::Whisper { workspace, body })
}
