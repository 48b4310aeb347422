//! The bus carries hints between parts and nodes: "workspace W has reached number N", and whispers that are never stored.
//! At most once is enough: the database is the only truth, and every node also looks there by itself once a second.

mod nats;

use std::sync::Arc;

use balcao_types::{NodeId, WorkspaceId};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::sync::broadcast;

/// How many hints may wait for a slow listener before it misses some.
const BACKLOG: usize = 4_096;

/// What is heard.
#[derive(Clone, Debug)]
pub enum Hint {
    /// Another node has committed events up to this number.
    Committed { workspace: WorkspaceId, number: i64 },
    /// A whisper, from this node or another.
    Whisper { workspace: WorkspaceId, body: Bytes },
}

/// Something that has to run beside the bus, with its name. It ends only when it cannot go on.
pub type BusTask = (&'static str, BoxFuture<'static, ()>);

/// The bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    node: NodeId,
    local: broadcast::Sender<Hint>,
    nats: Option<Arc<nats::Nats>>,
}

impl Bus {
    /// A bus inside this process only.
    pub fn local(node: NodeId) -> Self {
        Self { node, local: broadcast::channel(BACKLOG).0, nats: None }
    }

    /// A bus between nodes, and what has to run beside it as long as the program. It reconnects by itself; while it is away the nodes go on by
    /// reading the database.
    ///
    /// # Errors
    /// When the address cannot be parsed or the first connection cannot be made within 5 s.
    pub async fn nats(node: NodeId, url: &str) -> Result<(Self, Vec<BusTask>), nats::Error> {
        let local = broadcast::channel(BACKLOG).0;
        let (nats, tasks) = nats::Nats::connect(node, url, local.clone()).await?;
        Ok((Self { node, local, nats: Some(Arc::new(nats)) }, tasks))
    }

    /// This process's id on the bus.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// Whether there may be other nodes.
    pub fn has_others(&self) -> bool {
        self.nats.is_some()
    }

    /// Tells the other nodes how far a workspace has come. This node knows already. Never waits.
    pub fn announce(&self, workspace: WorkspaceId, number: i64) {
        if let Some(nats) = &self.nats {
            nats.announce(workspace, number);
        }
    }

    /// Whispers to every node, this one included. Never waits.
    pub fn whisper(&self, workspace: WorkspaceId, body: Bytes) {
        // Nobody listening is no error.
        let _ = self.local.send(Hint::Whisper { workspace, body: body.clone() });
        if let Some(nats) = &self.nats {
            nats.whisper(workspace, body);
        }
    }

    /// Hears everything from now on.
    pub fn listen(&self) -> broadcast::Receiver<Hint> {
        self.local.subscribe()
    }

    /// Whether the connection to the other nodes stands; always, when there are none.
    pub fn is_connected(&self) -> bool {
        self.nats.as_ref().is_none_or(|nats| nats.is_connected())
    }
}
