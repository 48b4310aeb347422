//! Watches who is reachable: renews the leases of agents connected here, and tells consoles and panels what has changed.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use balcao_types::{AgentId, DepartmentId, WorkspaceId};

use super::{
    frames::{AgentPresence, ToClient},
    readers::{AgentFrame, VisitorFrame},
    viewing,
};
use crate::{
    Desk,
    agents::{PresenceBoard, RenewLeases},
    on_site, routing, shifts,
};

/// How often leases that have run out are looked for.
const LOOK: Duration = Duration::from_secs(2);
/// How many looks lie between two renewals of the leases (30 s; a lease lasts 120 s).
const LOOKS_PER_RENEWAL: u32 = 15;

/// Watches until it is dropped.
pub async fn watch_presence_forever(desk: Desk) {
    let mut looks = 0;
    let mut every = tokio::time::interval(LOOK);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut told = HashMap::new();
    loop {
        tokio::select! {
            () = desk.live.presence_changed.notified() => {}
            _ = every.tick() => looks += 1,
        }
        if looks >= LOOKS_PER_RENEWAL {
            looks = 0;
            renew_leases(&desk).await;
            viewing::say_again(&desk).await;
            on_site::renew(&desk);
            desk.limits.forget_idle();
            desk.floods.forget_idle(desk.clock.now());
            look_at_hours(&desk).await;
            look_at_queues(&desk).await;
        }
        for workspace in watched(&desk) {
            look(&desk, workspace, &mut told).await;
        }
        // Against what each panel was told, not against the look before: a panel may have come in between.
        desk.live.readers.for_all_visitors(|reader| {
            if let Some(board) = told.get(&reader.workspace) {
                reader.tell_answering(board);
            }
        });
    }
}

/// Renews the leases of the agents whose consoles are open here.
pub async fn renew_leases(desk: &Desk) {
    let agents: BTreeSet<AgentId> = desk.live.readers.all_agents().iter().map(|reader| reader.agent().0).collect();
    if agents.is_empty() {
        return;
    }
    if let Err(error) = desk.write(RenewLeases { agents: agents.into_iter().collect() }).await {
        tracing::warn!(?error, "leases were not renewed; the next round tries again");
    }
}

/// Whoever is outside of the hours is disconnected by its job; this look is for one that was missed.
async fn look_at_hours(desk: &Desk) {
    for workspace in watched(desk) {
        if let Err(error) = shifts::look_again(desk, workspace).await {
            tracing::warn!(?error, "the hours could not be looked at; the next round looks again");
        }
    }
}

/// What waits is given away by the change that makes room; this look is for one that nobody foresaw.
async fn look_at_queues(desk: &Desk) {
    for workspace in watched(desk) {
        if let Err(error) = routing::look_again(desk, workspace).await {
            tracing::warn!(?error, "the queue could not be looked at; the next round looks again");
        }
    }
}

fn watched(desk: &Desk) -> HashSet<WorkspaceId> {
    let mut workspaces: HashSet<WorkspaceId> =
        desk.live.readers.all_agents().iter().map(|reader| reader.workspace).collect();
    desk.live.readers.for_all_visitors(|reader| {
        workspaces.insert(reader.workspace);
    });
    workspaces
}

/// `told`: what consoles and panels were told last. Not the kept boards, which every reader refreshes.
async fn look(desk: &Desk, workspace: WorkspaceId, told: &mut HashMap<WorkspaceId, PresenceBoard>) {
    let now = desk.clock.now();
    let after = match PresenceBoard::look(desk, workspace).await {
        Ok(board) => board,
        Err(error) => {
            tracing::warn!(?error, "presence could not be read; the next look goes on");
            return;
        }
    };
    desk.live.boards.insert(workspace, (now, after.clone()));
    let before = told.insert(workspace, after.clone());
    if before.as_ref() == Some(&after) {
        return;
    }
    tell_visitors(desk, workspace, before.as_ref(), &after);
    tell_agents(desk, workspace, &before.unwrap_or_default(), &after);
}

fn tell_agents(desk: &Desk, workspace: WorkspaceId, before: &PresenceBoard, after: &PresenceBoard) {
    let agents: Vec<AgentPresence> = after
        .statuses
        .iter()
        .filter(|(id, presence)| before.statuses.get(id) != Some(presence))
        .map(|(id, presence)| AgentPresence {
            id: *id,
            status: presence.status,
            since: presence.since,
            pause: presence.pause.clone(),
        })
        .collect();
    if agents.is_empty() {
        return;
    }
    let frame = ToClient::Presence { agents }.text();
    for reader in desk.live.readers.agents(workspace).iter() {
        reader.send(AgentFrame::Plain(Arc::clone(&frame)));
    }
}

/// `before`: none for the first look, since panels may have been told something between the last and this one.
fn tell_visitors(desk: &Desk, workspace: WorkspaceId, before: Option<&PresenceBoard>, after: &PresenceBoard) {
    // What each connection's department makes of it, if that is news (T-132).
    let mut frames: HashMap<Option<DepartmentId>, Option<Arc<str>>> = HashMap::new();
    let news = |department| {
        let who = after.for_visitors(department);
        before.is_none_or(|before| before.for_visitors(department) != who).then(|| ToClient::Status { who }.text())
    };
    desk.live.readers.for_all_visitors(|reader| {
        if reader.workspace != workspace {
            return;
        }
        let frame = frames.entry(reader.department).or_insert_with(|| news(reader.department));
        if let Some(frame) = frame {
            reader.send(VisitorFrame::Plain(Arc::clone(frame)));
        }
    });
}
