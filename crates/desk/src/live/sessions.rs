//! Checks every 5 s, and at once when told, that the sessions behind open consoles still hold.

use std::{collections::HashSet, time::Duration};

use balcao_types::SessionId;

use super::frames::close;
use crate::{Desk, access::ended_sessions};

/// How often sessions are checked when nobody told of an end.
const LOOK: Duration = Duration::from_secs(5);

/// Checks until it is dropped.
pub async fn check_sessions_forever(desk: Desk) {
    loop {
        tokio::select! {
            () = desk.live.sessions_changed.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
        let readers = desk.live.readers.all_agents();
        let sessions: HashSet<SessionId> = readers.iter().map(|reader| reader.agent().1).collect();
        if sessions.is_empty() {
            continue;
        }
        match ended_sessions(&desk, &sessions.into_iter().collect::<Vec<_>>()).await {
            Ok(ended) => {
                for reader in readers.iter().filter(|reader| ended.contains(&reader.agent().1)) {
                    reader.close(close::SESSION_ENDED);
                }
            }
            Err(error) => tracing::warn!(?error, "sessions could not be checked; the next look goes on"),
        }
    }
}
