//! What follows from what: exhaustive matches from event to jobs and to room for waiting conversations, called inside the transaction of the event.

use balcao_platform::store::NewJob;
use balcao_types::{AgentStatus, Event, Timestamp, WorkspaceId};

use crate::{conversations, labels, maintenance, shifts};

/// The jobs an event asks for.
pub fn jobs(workspace: WorkspaceId, event: &Event, now: Timestamp) -> Vec<NewJob> {
    match event {
        // The first event of a workspace starts its upkeep; queuing it again changes nothing.
        Event::AgentAdded { .. } => vec![maintenance::first_sweep(workspace, now)],
        Event::LabelRemoved { label } => vec![labels::sweep_label_job(workspace, *label, now)],
        // Whose hours are in force, or whom they concern, may be different from now on.
        Event::HoursChanged { .. } | Event::AgentChanged { .. } => vec![shifts::apply_job(workspace, now)],
        // The same, and it may overflow from now on.
        Event::DepartmentChanged { .. } => {
            vec![shifts::apply_job(workspace, now), conversations::overflow_job(workspace, now)]
        }
        // Silence may have limits from now on.
        Event::WorkspaceChanged => vec![shifts::apply_job(workspace, now), conversations::idle_job(workspace, now)],
        Event::MessageAdded { .. }
        | Event::ConversationOpened { .. }
        | Event::ConversationTaken { .. }
        | Event::ConversationReturned { .. }
        | Event::ConversationTransferred { .. }
        | Event::ConversationTakenBack { .. }
        | Event::ConversationClosed { .. }
        | Event::ConversationReopened { .. }
        | Event::ConversationLabelled { .. }
        | Event::ConversationRated { .. }
        | Event::ContactChanged { .. }
        | Event::ContactErased { .. }
        | Event::AgentStatusChanged { .. }
        | Event::AgentSessionsEnded { .. }
        | Event::DepartmentAdded { .. }
        | Event::DepartmentRemoved { .. }
        | Event::AgentRemoved { .. }
        | Event::ProjectAdded { .. }
        | Event::ProjectChanged { .. }
        | Event::ConnectionAdded { .. }
        | Event::ConnectionChanged { .. }
        | Event::ConnectionRemoved { .. }
        | Event::LabelAdded { .. }
        | Event::LabelChanged { .. }
        | Event::QuickRepliesChanged
        | Event::OfflineMessageAdded { .. }
        | Event::OfflineMessageChanged { .. }
        | Event::TicketAdded { .. }
        | Event::TicketChanged { .. }
        | Event::TicketCategoriesChanged
        // Who changes how mail is fetched queues the job, with the version that it is for.
        | Event::MailChanged => Vec::new(),
    }
}

/// Whether somebody may have room for a waiting conversation after it, or may be given one for the first time. The queue is drained then, where
/// conversations are distributed.
pub fn frees_capacity(event: &Event) -> bool {
    match event {
        Event::ConversationReturned { before, .. }
        | Event::ConversationTransferred { before, .. }
        | Event::ConversationTakenBack { before, .. }
        | Event::ConversationClosed { before, .. } => before.assignee.is_some(),
        Event::AgentStatusChanged { after, .. } => *after == AgentStatus::Online,
        Event::AgentChanged { .. }
        | Event::DepartmentChanged { .. }
        | Event::ProjectChanged { .. }
        | Event::WorkspaceChanged => true,
        // A reopened conversation fills a place, and one that waits again is given away with the change itself.
        Event::ConversationOpened { .. }
        | Event::ConversationTaken { .. }
        | Event::ConversationReopened { .. }
        | Event::ConversationLabelled { .. }
        | Event::ConversationRated { .. }
        | Event::MessageAdded { .. }
        | Event::ContactChanged { .. }
        | Event::ContactErased { .. }
        | Event::AgentAdded { .. }
        | Event::AgentSessionsEnded { .. }
        | Event::DepartmentAdded { .. }
        | Event::DepartmentRemoved { .. }
        | Event::AgentRemoved { .. }
        | Event::ProjectAdded { .. }
        | Event::ConnectionAdded { .. }
        | Event::ConnectionChanged { .. }
        | Event::ConnectionRemoved { .. }
        | Event::LabelAdded { .. }
        | Event::LabelChanged { .. }
        | Event::LabelRemoved { .. }
        | Event::QuickRepliesChanged
        | Event::OfflineMessageAdded { .. }
        | Event::OfflineMessageChanged { .. }
        | Event::TicketAdded { .. }
        | Event::TicketChanged { .. }
        | Event::TicketCategoriesChanged
        | Event::MailChanged
        // What follows from it is found out by its job.
        | Event::HoursChanged { .. } => false,
    }
}
