//! "Ana is looking at this conversation": who has one on screen is whispered to those who have it on screen too. Nothing is stored;
//! it is said again every half minute, and silence ends it.

use std::sync::Arc;

use balcao_types::{ConversationId, Permission, Place};

use super::{
    readers::AgentReader,
    whisper::{Whisper, whisper},
};
use crate::{Desk, conversations, error::Result};

/// The reader looks at another conversation, or at none. Who only ever looks (a viewer) leaves no trace.
///
/// # Errors
/// When the database cannot be read.
pub async fn turn(desk: &Desk, reader: &AgentReader, to: Option<ConversationId>) -> Result<()> {
    leave(desk, reader);
    let Some(conversation) = to else { return Ok(()) };
    let Some(place) = visible(desk, reader, conversation).await? else { return Ok(()) };
    *reader.viewing.write() = Some(place);
    say(desk, reader, place, true, true);
    Ok(())
}

/// The reader looks no more: its socket has ended, or it has turned away.
pub fn leave(desk: &Desk, reader: &AgentReader) {
    let Some(place) = reader.viewing.write().take() else { return };
    let agent = reader.agent().0;
    let others = desk.live.readers.agents(reader.workspace);
    let still = others.iter().any(|other| {
        let is_same = other.socket != reader.socket && other.agent().0 == agent;
        is_same && other.viewing.read().is_some_and(|at| at.conversation == place.conversation)
    });
    if !still {
        say(desk, reader, place, false, false);
    }
}

/// Says again where everybody of this node looks. Where somebody may not look any more, it ends.
pub async fn say_again(desk: &Desk) {
    for reader in desk.live.readers.all_agents() {
        let Some(before) = *reader.viewing.read() else { continue };
        match visible(desk, &reader, before.conversation).await {
            Ok(Some(place)) => {
                *reader.viewing.write() = Some(place);
                say(desk, &reader, place, true, false);
            }
            Ok(None) => leave(desk, &reader),
            Err(error) => tracing::warn!(?error, "who looks where could not be said; the next round does"),
        }
    }
}

/// Somebody has begun to look: those of this node who look at the same conversation say so, for the newcomer.
pub fn answer(desk: &Desk, newcomer: u64, place: &Place, readers: &[Arc<AgentReader>]) {
    for reader in readers.iter().filter(|reader| reader.socket != newcomer) {
        let at = *reader.viewing.read();
        if at.is_some_and(|at| at.conversation == place.conversation) {
            say(desk, reader, *place, true, false);
        }
    }
}

fn say(desk: &Desk, reader: &AgentReader, place: Place, on: bool, is_new: bool) {
    let agent = reader.agent().0;
    whisper(desk, reader.workspace, &Whisper::Viewing { place, agent, on, is_new, socket: reader.socket });
}

/// Where a conversation stands, if the reader sees it and is one to answer: who only looks leaves no trace.
///
/// # Errors
/// When the database cannot be read.
pub async fn visible(desk: &Desk, reader: &AgentReader, conversation: ConversationId) -> Result<Option<Place>> {
    let place = conversations::place_of(desk.store.read(), reader.workspace, conversation).await?;
    let scope = reader.scope.read();
    Ok(place.filter(|place| scope.sees_place(place) && scope.role.may(Permission::ConversationsReply)))
}
