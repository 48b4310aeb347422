//! What changes on the board goes to the other nodes as whispers and to the consoles as a word to look again.

use std::{sync::Arc, time::Duration};

use balcao_types::{NodeId, WorkspaceId};

use super::Guest;
use crate::{Desk, live};

/// The least time between two words to the consoles.
const REST: Duration = Duration::from_secs(2);
/// How many visitors one whisper names.
const TOLD_AT_ONCE: usize = 64;

/// Somebody has come, gone, or turned to another page.
pub fn tell(desk: &Desk, workspace: WorkspaceId, guest: Guest) {
    desk.live.on_site.changed.mark(workspace, REST);
    if desk.bus.has_others() {
        live::whisper_guests(desk, workspace, vec![guest]);
    }
}

/// What a node said; this one's own word comes back and is passed over.
pub fn hear(desk: &Desk, workspace: WorkspaceId, node: NodeId, guests: Vec<Guest>) {
    if node == desk.bus.node() {
        return;
    }
    desk.live.on_site.hear(workspace, node, guests, desk.clock.now());
    desk.live.on_site.changed.mark(workspace, REST);
}

/// Says again who is here, and forgets who was not heard of.
pub fn renew(desk: &Desk) {
    let now = desk.clock.now();
    for workspace in desk.live.on_site.forget(now) {
        desk.live.on_site.changed.mark(workspace, REST);
    }
    if !desk.bus.has_others() {
        return;
    }
    for (workspace, guests) in desk.live.on_site.own(desk.bus.node(), now) {
        for some in guests.chunks(TOLD_AT_ONCE) {
            live::whisper_guests(desk, workspace, some.to_vec());
        }
    }
}

/// Tells consoles to look again until it is dropped.
pub async fn tell_forever(desk: Desk) {
    let frame: Arc<str> = Arc::from(r#"{"t":"visitors"}"#);
    loop {
        for workspace in desk.live.on_site.changed.next().await {
            live::tell_consoles(&desk, workspace, &frame);
        }
    }
}
