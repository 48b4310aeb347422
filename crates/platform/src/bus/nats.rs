//! The bus over NATS core: no JetStream, no key-value store. Subjects are built from ids only, never from anybody's text.

use std::time::Duration;

use async_nats::{Client, ConnectOptions, HeaderMap, Subscriber, connection::State};
use balcao_types::{NodeId, WorkspaceId};
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::{broadcast, mpsc};

use super::{BusTask, Hint};

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

/// How many hints may wait for the connection. More are dropped: what they say is in the database.
const WAITING_MAX: usize = 1_024;

pub(super) struct Nats {
    client: Client,
    outgoing: mpsc::Sender<Outgoing>,
}

struct Outgoing {
    subject: String,
    body: Bytes,
}

impl Nats {
    /// Connects; nothing is heard or said until the tasks run.
    pub async fn connect(
        node: NodeId,
        url: &str,
        local: broadcast::Sender<Hint>,
    ) -> Result<(Self, Vec<BusTask>), Error> {
        let client = ConnectOptions::new()
            .name("balcao")
            .connection_timeout(Duration::from_secs(5))
            .max_reconnects(None)
            .connect(url)
            .await?;
        let mut headers = HeaderMap::new();
        headers.insert(NODE_HEADER, node.to_string());
        let heard = client.subscribe("balcao.>").await?;
        let (outgoing, waiting) = mpsc::channel(WAITING_MAX);
        let speaking = publish_all(client.clone(), headers, waiting);
        let tasks: Vec<BusTask> =
            vec![("bus, hearing", Box::pin(hear_all(node, heard, local))), ("bus, speaking", Box::pin(speaking))];
        Ok((Self { client, outgoing }, tasks))
    }

    pub fn announce(&self, workspace: WorkspaceId, number: i64) {
        self.send(format!("{COMMITTED}{workspace}"), Bytes::from(number.to_string()));
    }

    pub fn whisper(&self, workspace: WorkspaceId, body: Bytes) {
        self.send(format!("{WHISPER}{workspace}"), body);
    }

    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Never waits: whoever tells of a commit must not hang on the network.
    fn send(&self, subject: String, body: Bytes) {
        if self.outgoing.try_send(Outgoing { subject, body }).is_err() {
            metrics::counter!("balcao_bus_dropped_total").increment(1);
        }
    }
}

/// Passes on what other nodes say.
async fn hear_all(node: NodeId, mut messages: Subscriber, local: broadcast::Sender<Hint>) {
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
}

/// Hands hints to the connection, which takes them only while it stands (or has room). A lost hint is made good by the look into the database
/// once a second.
async fn publish_all(client: Client, headers: HeaderMap, mut waiting: mpsc::Receiver<Outgoing>) {
    while let Some(Outgoing { subject, body }) = waiting.recv().await {
        if let Err(error) = client.publish_with_headers(subject, headers.clone(), body).await {
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
