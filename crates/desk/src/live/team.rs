//! What everybody has to do, told to every console when it changes: at once when conversations change hands, a little later when it is only
//! that visitors write or are read.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use balcao_types::{AgentId, WorkspaceId};
use parking_lot::Mutex;

use super::{frames::ToClient, paced::Paced, readers::AgentFrame};
use crate::{
    Desk,
    error::Result,
    routing::{Load, loads},
};

/// The least time between two looks.
const REST: Duration = Duration::from_secs(1);
/// The same where nothing but messages went back and forth.
const LONG_REST: Duration = Duration::from_secs(5);

/// Which teams have changed, and who has not been told anything yet.
#[derive(Default)]
pub struct ChangedTeams {
    paced: Paced<WorkspaceId>,
    greeted: Mutex<HashSet<(WorkspaceId, u64)>>,
}

impl ChangedTeams {
    /// Notes that conversations have changed hands, or people have changed.
    pub fn mark(&self, workspace: WorkspaceId) {
        self.paced.mark(workspace, REST);
    }

    /// Notes that messages were written or read.
    pub fn mark_messages(&self, workspace: WorkspaceId) {
        self.paced.mark(workspace, LONG_REST);
    }

    /// Has a console that has just greeted told everything.
    pub fn greet(&self, workspace: WorkspaceId, socket: u64) {
        self.greeted.lock().insert((workspace, socket));
        self.mark(workspace);
    }

    /// The consoles that greeted since the last time, those that have gone again too; asks once.
    fn greeted_of(&self, workspace: WorkspaceId) -> HashSet<u64> {
        self.greeted.lock().extract_if(|(of, _)| *of == workspace).map(|(_, socket)| socket).collect()
    }
}

/// Tells until it is dropped.
pub async fn send_teams_forever(desk: Desk) {
    let mut told: HashMap<WorkspaceId, HashMap<AgentId, Load>> = HashMap::new();
    loop {
        for workspace in desk.live.teams.paced.next().await {
            if let Err(error) = tell(&desk, workspace, told.entry(workspace).or_default()).await {
                tracing::warn!(?error, "the team could not be counted; the next round counts again");
                desk.live.teams.mark(workspace);
            }
        }
    }
}

async fn tell(desk: &Desk, workspace: WorkspaceId, told: &mut HashMap<AgentId, Load>) -> Result<()> {
    let readers = desk.live.readers.agents(workspace);
    if readers.is_empty() {
        told.clear();
        desk.live.teams.greeted_of(workspace);
        return Ok(());
    }
    let loads = loads(desk.store.read(), workspace).await?;
    let now: HashMap<AgentId, Load> = loads.iter().map(|load| (load.id, *load)).collect();
    // Who works here no more and has nothing left is told once more.
    let gone =
        told.values().filter(|load| !now.contains_key(&load.id)).map(|load| Load { open: 0, waiting: 0, ..*load });
    let changed: Vec<Load> =
        loads.iter().copied().filter(|load| told.get(&load.id) != Some(load)).chain(gone).collect();
    let all = ToClient::Team { agents: &loads }.text();
    let some = ToClient::Team { agents: &changed }.text();
    let greeted = desk.live.teams.greeted_of(workspace);
    for reader in readers.iter() {
        if greeted.contains(&reader.socket) {
            reader.send(AgentFrame::Plain(Arc::clone(&all)));
        } else if !changed.is_empty() {
            reader.send(AgentFrame::Plain(Arc::clone(&some)));
        }
    }
    *told = now;
    Ok(())
}
