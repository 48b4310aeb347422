//! What follows from what: one exhaustive match from event to jobs, called inside the transaction of the event.

use balcao_platform::store::NewJob;
use balcao_types::{Event, Timestamp, WorkspaceId};

use crate::maintenance;

/// The jobs an event asks for.
pub fn jobs(workspace: WorkspaceId, event: &Event, now: Timestamp) -> Vec<NewJob> {
    match event {
        // The first event of a workspace starts its upkeep; queuing it again changes nothing.
        Event::AgentAdded { .. } => vec![maintenance::first_sweep(workspace, now)],
        Event::MessageAdded { .. }
        | Event::ConversationOpened { .. }
        | Event::ConversationTaken { .. }
        | Event::ConversationReturned { .. }
        | Event::ConversationTransferred { .. }
        | Event::ConversationClosed { .. }
        | Event::ConversationReopened { .. }
        | Event::ContactChanged { .. }
        | Event::AgentChanged { .. }
        | Event::AgentStatusChanged { .. }
        | Event::AgentSessionsEnded { .. }
        | Event::DepartmentAdded { .. }
        | Event::DepartmentChanged { .. }
        | Event::ConnectionAdded { .. }
        | Event::ConnectionChanged { .. }
        | Event::ConnectionRemoved { .. }
        | Event::WorkspaceChanged => Vec::new(),
    }
}
