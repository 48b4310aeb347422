//! The list as one person may see it: whoever is on a connection of their departments, and whose conversation they see.

use std::collections::HashSet;

use balcao_types::{
    AgentId, ConnectionId, ContactId, ConversationId, ConversationState, DepartmentId, Place, Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Guest;
use crate::{
    Desk,
    access::Scope,
    contacts::{self, ContactShown},
    conversations::{self, VisitedPage},
    error::Result,
};

/// How many are shown.
const SHOWN: usize = 100;
/// How many are looked up at once.
const STEP: usize = 128;
/// Of how many conversations that are under way it is looked who has them.
const UNDER_WAY_MAX: usize = 10_000;

/// A visitor on the site.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestShown {
    pub id: Uuid,
    pub connection_id: ConnectionId,
    /// Where the connection or the page has one; else the conversation's.
    pub department_id: Option<DepartmentId>,
    /// Whether the chat was opened in this visit.
    pub has_opened: bool,
    /// Whether they have written before this visit.
    pub is_returning: bool,
    /// Since when they are on the site.
    pub since: Timestamp,
    /// The page they are on, with since when.
    pub page: Option<VisitedPage>,
    /// How many pages of this visit are known, at most ten.
    pub pages: usize,
    /// Once they have written, for those who see a conversation of theirs.
    pub contact: Option<ContactShown>,
    /// What is under way with them.
    pub conversation: Option<UnderWay>,
}

/// A conversation that waits or is open.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct UnderWay {
    pub id: ConversationId,
    pub state: ConversationState,
    pub assignee_id: Option<AgentId>,
}

/// The visitors that the caller may see, who came last first, and how many there are; more than are shown are only counted.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(desk: &Desk, scope: &Scope, connection: Option<ConnectionId>) -> Result<(Vec<GuestShown>, usize)> {
    let (caller, read) = (&scope.agent, desk.store.read());
    let sees = |guest: &Guest| guest.department.is_none_or(|department| caller.sees(department));
    // Somebody may be on another department's connection, and in a conversation of one's own.
    let own = match caller.role.is_administrator() {
        true => HashSet::new(),
        false => conversations::under_way_seen(read, scope, UNDER_WAY_MAX).await?,
    };
    let is_own = |guest: &Guest| guest.contact.is_some_and(|contact| own.contains(&(contact, guest.connection)));
    let fits = |guest: &Guest| {
        connection.is_none_or(|connection| guest.connection == connection) && (sees(guest) || is_own(guest))
    };
    let (guests, mut count) = desk.live.on_site.list(scope.workspace, desk.clock.now(), fits);
    let mut shown = Vec::new();
    for some in guests.chunks(STEP) {
        if shown.len() >= SHOWN {
            break;
        }
        let ids: Vec<ContactId> = some.iter().filter_map(|guest| guest.contact).collect();
        let places = conversations::under_way_of(read, scope.workspace, &ids).await?;
        // Whom only other departments have served stays a visitor like any other.
        let known = conversations::known_to(read, scope, &ids).await?;
        let names = contacts::by_ids(read, scope.workspace, &known.into_iter().collect::<Vec<_>>()).await?;
        for guest in some {
            let place = guest.contact.and_then(|contact| places.get(&(contact, guest.connection)));
            // A conversation that is under way elsewhere says more than the connection.
            let is_seen = place.is_none_or(|place| caller.sees_place(place));
            count -= usize::from(!is_seen);
            if is_seen && shown.len() < SHOWN {
                let contact = guest.contact.and_then(|contact| names.get(&contact).cloned());
                shown.push(GuestShown::new(guest, contact, place));
            }
        }
    }
    Ok((shown, count))
}

impl GuestShown {
    fn new(guest: &Guest, contact: Option<ContactShown>, place: Option<&Place>) -> Self {
        Self {
            id: guest.id,
            connection_id: guest.connection,
            department_id: place.map(|place| place.department).or(guest.department),
            has_opened: guest.contact.is_some(),
            is_returning: guest.is_returning,
            since: guest.since,
            page: guest.pages.last().cloned(),
            pages: guest.pages.len(),
            contact,
            conversation: place.map(|place| UnderWay {
                id: place.conversation,
                state: place.state,
                assignee_id: place.assignee,
            }),
        }
    }
}
