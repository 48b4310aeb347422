//! Resuming an agent's stream: what was missed, in order, for this reader; or the advice to take a snapshot.

use std::{collections::HashMap, sync::Arc};

use balcao_types::{ConversationId, Event};

use super::{deliver::body, readers::AgentReader};
use crate::{
    Desk,
    conversations::{Message, messages_at},
    error::Result,
};

/// How many events are replayed at most; after a longer absence a snapshot is cheaper.
const REPLAY_MAX: u64 = 1_000;

/// What a reader has to do.
pub enum Replay {
    /// Apply these: (number, body).
    Events { last: i64, events: Vec<(i64, Arc<str>)> },
    /// Fetch again what is on screen; `why` as in the protocol.
    Snapshot { last: i64, why: &'static str },
}

/// What a reader has missed since a number.
///
/// # Errors
/// When the database cannot be read.
pub async fn replay(desk: &Desk, reader: &AgentReader, since: Option<i64>) -> Result<Replay> {
    let (newest, oldest) = desk.store.numbers(reader.workspace).await?;
    let Some(since) = since else { return Ok(Replay::Snapshot { last: newest, why: "first" }) };
    // A number from the future belongs to another database.
    if since > newest || since < oldest || u64::try_from(newest - since).unwrap_or(u64::MAX) > REPLAY_MAX {
        return Ok(Replay::Snapshot { last: newest, why: "too_far" });
    }
    let mut heard = Vec::new();
    let mut last = since;
    for stored in desk.store.events_after(reader.workspace, since, REPLAY_MAX).await? {
        last = stored.number;
        // An event of a newer release on another node: what it means is seen by fetching anew.
        let Ok(event) = serde_json::from_str::<Event>(&stored.body) else {
            return Ok(Replay::Snapshot { last: newest, why: "too_far" });
        };
        if reader.hears(&event.audience()) {
            heard.push((stored.number, event));
        }
    }
    let messages = messages_of(desk, reader, &heard).await?;
    let mut events = Vec::with_capacity(heard.len());
    for (number, event) in heard {
        let message = match &event {
            Event::MessageAdded { place, position, .. } => messages.get(&(place.conversation, *position)),
            _ => None,
        };
        if let Some(body) = body(desk, reader.workspace, &event, message).await? {
            events.push((number, body.of(reader)));
        }
    }
    Ok(Replay::Events { last, events })
}

async fn messages_of(
    desk: &Desk,
    reader: &AgentReader,
    heard: &[(i64, Event)],
) -> Result<HashMap<(ConversationId, i64), Message>> {
    let places: Vec<(ConversationId, i64)> = heard
        .iter()
        .filter_map(|(_, event)| match event {
            Event::MessageAdded { place, position, .. } => Some((place.conversation, *position)),
            _ => None,
        })
        .collect();
    let found = messages_at(desk.store.read(), reader.workspace, &places).await?;
    Ok(found.into_iter().map(|(conversation, message)| ((conversation, message.position), message)).collect())
}
