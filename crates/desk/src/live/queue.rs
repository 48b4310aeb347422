//! The place in the queue, told to the visitors who wait on this node when it changes. It is counted, never kept.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use balcao_types::{ConnectionId, ContactId, ConversationId, ConversationState, DepartmentId, Place, WorkspaceId};
use dashmap::DashMap;

use super::{frames::ToClient, paced::Paced, readers::VisitorFrame};
use crate::{
    Desk,
    conversations::{Model, queue_of},
    error::Result,
};

/// The least time between two looks at a department's queue.
const REST: Duration = Duration::from_secs(1);

/// A department's queue: each conversation's place, counted from 1.
type Places = Arc<HashMap<ConversationId, i64>>;

/// Who waits on this node.
#[derive(Default)]
pub struct Queues {
    waiting: DashMap<ConversationId, Waiting>,
    paced: Paced<(WorkspaceId, DepartmentId)>,
    kept: DashMap<(WorkspaceId, DepartmentId), (Instant, Places)>,
}

/// A visitor who waits here.
struct Waiting {
    workspace: WorkspaceId,
    department: DepartmentId,
    connection: ConnectionId,
    contact: ContactId,
    /// The place told last.
    told: Option<i64>,
}

impl Queues {
    /// Notes that a queue is different where one of the places is in it.
    pub fn mark(&self, workspace: WorkspaceId, places: &[&Place]) {
        for place in places.iter().filter(|place| place.state == ConversationState::Queue) {
            self.paced.mark((workspace, place.department), REST);
        }
    }

    /// Notes whether a visitor who is connected here waits, and the place that is told with it.
    fn note(&self, conversation: &Model, told: Option<i64>) {
        if conversation.state != ConversationState::Queue {
            self.waiting.remove(&conversation.id);
            return;
        }
        let (workspace, department) = (conversation.workspace_id, conversation.department_id);
        let waiting = Waiting {
            workspace,
            department,
            connection: conversation.connection_id,
            contact: conversation.contact_id,
            told,
        };
        self.waiting.insert(conversation.id, waiting);
        self.paced.mark((workspace, department), REST);
    }

    /// Notes a conversation that has changed, and whose visitor is connected here: the place is told anew.
    pub fn changed(&self, conversation: &Model) {
        self.note(conversation, None);
    }

    /// The places of a queue as of at most a second ago.
    async fn places(&self, desk: &Desk, key: (WorkspaceId, DepartmentId)) -> Result<Places> {
        if let Some(kept) = self.kept.get(&key)
            && kept.0.elapsed() < REST
        {
            return Ok(Arc::clone(&kept.1));
        }
        self.look(desk, key).await
    }

    /// Counts a queue.
    async fn look(&self, desk: &Desk, key: (WorkspaceId, DepartmentId)) -> Result<Places> {
        let ids = queue_of(desk.store.read(), key.0, key.1).await?;
        let places: Places = Arc::new(ids.into_iter().zip(1..).collect());
        self.kept.insert(key, (Instant::now(), Arc::clone(&places)));
        Ok(places)
    }

    /// A conversation's place; none while it does not wait, or began to so recently that nobody has counted again. A visitor on a socket is told
    /// of it then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn place_of(&self, desk: &Desk, conversation: &Model) -> Result<Option<i64>> {
        if conversation.state != ConversationState::Queue {
            return Ok(None);
        }
        let places = self.places(desk, (conversation.workspace_id, conversation.department_id)).await?;
        Ok(places.get(&conversation.id).copied())
    }

    /// The same for a visitor who has just connected here, and is told of every change from now on.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn welcome(&self, desk: &Desk, conversation: &Model) -> Result<Option<i64>> {
        let place = self.place_of(desk, conversation).await?;
        self.note(conversation, place);
        Ok(place)
    }
}

/// Tells until it is dropped.
pub async fn send_places_forever(desk: Desk) {
    loop {
        for key in desk.live.queues.paced.next().await {
            if let Err(error) = tell(&desk, key).await {
                tracing::warn!(?error, "a queue could not be counted; the next round counts again");
                desk.live.queues.paced.mark(key, REST);
            }
        }
    }
}

async fn tell(desk: &Desk, key: (WorkspaceId, DepartmentId)) -> Result<()> {
    let queues = &desk.live.queues;
    let is_in = |waiting: &Waiting| (waiting.workspace, waiting.department) == key;
    queues.waiting.retain(|_, waiting| !is_in(waiting) || desk.live.readers.has_visitor(waiting.contact));
    if !queues.waiting.iter().any(|waiting| is_in(&waiting)) {
        queues.kept.remove(&key);
        return Ok(());
    }
    let places = queues.look(desk, key).await?;
    let mut changed = Vec::new();
    for mut waiting in queues.waiting.iter_mut().filter(|waiting| is_in(waiting)) {
        let place = places.get(waiting.key()).copied();
        if waiting.told != place {
            waiting.told = place;
            changed.extend(place.map(|place| (*waiting.key(), waiting.connection, waiting.contact, place)));
        }
    }
    for (conversation, connection, contact, position) in changed {
        let frame = ToClient::Queue { conversation, position }.text();
        desk.live.readers.for_visitors(contact, |reader| {
            if reader.connection == connection {
                reader.send(VisitorFrame::Plain(Arc::clone(&frame)));
            }
        });
    }
    Ok(())
}
