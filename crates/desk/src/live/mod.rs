//! What happens live: who listens on this node, how events reach their screens and widgets in order, and what is only whispered.
//! The protocol is `docs/protocol.md`.

mod agent_socket;
mod answering;
mod deliver;
mod dispatch;
mod frames;
mod http;
mod paced;
mod presence;
mod queue;
mod readers;
mod replay;
mod rows;
mod sequencer;
mod sessions;
mod team;
mod viewing;
mod visitor_socket;
mod whisper;

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicBool, Ordering},
};

use balcao_platform::limits::Seats;
use balcao_types::{ConnectionId, Timestamp, WorkspaceId};
use dashmap::DashMap;
use parking_lot::Mutex;
use tokio::sync::Notify;

pub use dispatch::{dispatch_forever, first_positions};
pub use frames::{ConversationShown, Entry};
pub use http::router;
pub use paced::Paced;
pub use presence::watch_presence_forever;
pub use queue::send_places_forever;
pub use rows::send_rows_forever;
pub use sessions::check_sessions_forever;
pub use team::send_teams_forever;
pub use whisper::{tell_consoles, whisper_guests};

use crate::{Desk, agents::PresenceBoard, error::Result, on_site::Board};
use queue::Queues;
use readers::Readers;
use rows::ChangedRows;
use team::ChangedTeams;

/// How long a look at who is reachable is good for, in seconds, where nobody told of a change.
const BOARD_SECONDS: i64 = 2;

/// The live side's state on this node.
#[derive(Default)]
pub struct Live {
    readers: Readers,
    rows: ChangedRows,
    teams: ChangedTeams,
    /// Who is on the site.
    pub on_site: Board,
    /// The visitors who wait on this node, and their places.
    pub queues: Queues,
    boards: DashMap<WorkspaceId, (Timestamp, PresenceBoard)>,
    changed: Mutex<HashSet<WorkspaceId>>,
    sightings: DashMap<ConnectionId, Timestamp>,
    /// Visitors' sockets by address.
    seats: Seats,
    presence_changed: Notify,
    sessions_changed: Notify,
    is_draining: AtomicBool,
}

impl Live {
    /// Who is reachable, as of at most two seconds ago.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn board(&self, desk: &Desk, workspace: WorkspaceId) -> Result<PresenceBoard> {
        let now = desk.clock.now();
        if let Some(kept) = self.boards.get(&workspace)
            && now.seconds_since(kept.0) < BOARD_SECONDS
        {
            return Ok(kept.1.clone());
        }
        let board = PresenceBoard::look(desk, workspace).await?;
        self.boards.insert(workspace, (now, board.clone()));
        Ok(board)
    }

    /// The workspaces with events that followers behind the commit (the search index) have not looked at; asks once.
    pub fn recently_changed(&self) -> Vec<WorkspaceId> {
        self.changed.lock().drain().collect()
    }

    /// Notes that a workspace has new events.
    pub fn mark_changed(&self, workspace: WorkspaceId) {
        self.changed.lock().insert(workspace);
    }

    /// Whether a sighting of a widget is worth noting: once a minute for each connection.
    pub fn sighting_is_due(&self, connection: ConnectionId, now: Timestamp) -> bool {
        let mut is_due = true;
        self.sightings
            .entry(connection)
            .and_modify(|last| {
                is_due = now.seconds_since(*last) >= 60;
                if is_due {
                    *last = now;
                }
            })
            .or_insert(now);
        is_due
    }

    /// Tells every socket to go on elsewhere (C10). New ones are refused from now on.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
        for reader in self.readers.all_agents() {
            reader.close(frames::close::GOING_AWAY);
        }
        self.readers.for_all_visitors(|reader| {
            reader.close(frames::close::GOING_AWAY);
        });
    }

    /// Whether the node is shutting down.
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }

    /// How many sockets are open: agents', visitors'.
    pub fn open_sockets(&self) -> (usize, usize) {
        self.readers.counts()
    }
}

/// How far each workspace's events have been sent on this node.
pub type Positions = HashMap<WorkspaceId, i64>;
