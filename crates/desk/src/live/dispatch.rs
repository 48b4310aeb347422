//! Brings events to this node's readers, in the order of their numbers: this process's commits directly, other nodes' from the table.

use std::{sync::Arc, time::Duration};

use balcao_platform::{bus::Hint, store::Committed};
use balcao_types::{Event, WorkspaceId};
use tokio::sync::{broadcast, mpsc};

use super::{Positions, deliver::deliver, readers::AgentFrame, whisper};
use crate::{Desk, LocalEvent, error::Result, workspaces};

/// How many events one look into the table reads.
const STEP: u64 = 500;

/// How often every workspace's last number is looked at, for a hint that was lost.
const LOOK: Duration = Duration::from_secs(1);

/// Where every workspace stands at the start: what was before is for clients that resume.
///
/// # Errors
/// When the database cannot be read.
pub async fn first_positions(desk: &Desk) -> Result<Positions> {
    let mut positions = Positions::new();
    for workspace in workspaces::active_workspaces(desk.store.read()).await? {
        let (last, _) = desk.store.numbers(workspace).await?;
        positions.insert(workspace, last);
        desk.live.mark_changed(workspace);
    }
    Ok(positions)
}

/// Dispatches until the store ends.
pub async fn dispatch_forever(desk: Desk, positions: Positions, mut committed: mpsc::Receiver<Committed>) {
    let mut dispatcher = Dispatcher { desk: desk.clone(), positions };
    let mut hints = desk.bus.listen();
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            next = committed.recv() => match next {
                Some(committed) => dispatcher.commit(committed).await,
                None => return,
            },
            hint = hints.recv() => match hint {
                Ok(Hint::Committed { workspace, number }) => dispatcher.reach(workspace, number).await,
                Ok(Hint::Whisper { workspace, body }) => whisper::hear(&desk, workspace, &body),
                Err(broadcast::error::RecvError::Lagged(_)) => dispatcher.look().await,
                Err(broadcast::error::RecvError::Closed) => return,
            },
            _ = look.tick() => dispatcher.look().await,
        }
    }
}

struct Dispatcher {
    desk: Desk,
    positions: Positions,
}

impl Dispatcher {
    /// A commit of this process. When other nodes' events lie between, the table is read up to here instead.
    async fn commit(&mut self, committed: Committed) {
        let workspace = committed.workspace;
        let position = self.positions.entry(workspace).or_insert(0);
        let (first, last) = match (committed.events.first(), committed.events.last()) {
            (Some(first), Some(last)) => (first.number, last.number),
            _ => return,
        };
        if first > *position + 1 {
            self.reach(workspace, last).await;
        } else {
            for event in committed.events {
                if event.number <= *position {
                    continue;
                }
                *position = event.number;
                let local = event.local.and_then(|local| local.downcast::<LocalEvent>().ok());
                if let Some(local) = local {
                    deliver(&self.desk, workspace, event.number, &local).await;
                }
            }
            self.desk.live.mark_changed(workspace);
        }
        self.desk.bus.announce(workspace, last);
    }

    /// Reads the table up to a number.
    async fn reach(&mut self, workspace: WorkspaceId, number: i64) {
        let mut position = self.positions.get(&workspace).copied().unwrap_or(0);
        while position < number {
            let events = match self.desk.store.events_after(workspace, position, STEP).await {
                Ok(events) => events,
                Err(error) => {
                    tracing::warn!(%error, "events could not be read; the next look goes on");
                    return;
                }
            };
            if events.is_empty() {
                return;
            }
            let mut all_understood = true;
            for stored in events {
                position = stored.number;
                match serde_json::from_str::<Event>(&stored.body) {
                    Ok(event) => {
                        let local = Arc::new(LocalEvent { event, message: None, origin: None });
                        deliver(&self.desk, workspace, stored.number, &local).await;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "an event is not understood by this release; the consoles fetch anew");
                        all_understood = false;
                    }
                }
            }
            // A newer release on another node: this one cannot say what it means, nor to whom. What it did is seen by fetching anew.
            if !all_understood {
                for reader in self.desk.live.readers.agents(workspace).iter() {
                    reader.send(AgentFrame::Snapshot { why: "too_far" });
                }
            }
            self.positions.insert(workspace, position);
            self.desk.live.mark_changed(workspace);
        }
    }

    /// Looks at every workspace's last number.
    async fn look(&mut self) {
        let workspaces = match workspaces::active_workspaces(self.desk.store.read()).await {
            Ok(workspaces) => workspaces,
            Err(error) => {
                tracing::warn!(?error, "the workspaces could not be read; the next look goes on");
                return;
            }
        };
        for workspace in workspaces {
            // Up to where the table has been read already, there is nothing to do.
            match self.desk.store.numbers(workspace).await {
                Ok((last, _)) => self.reach(workspace, last).await,
                Err(error) => tracing::warn!(%error, "a last number could not be read; the next look goes on"),
            }
        }
    }
}
