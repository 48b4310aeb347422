//! Rows of the lists and counters for everybody who is not on the conversation: sent together, each at most once a second.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use balcao_types::{ConversationId, WorkspaceId};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{
    frames::ToClient,
    readers::{AgentFrame, AgentReader},
};
use crate::{
    Desk,
    conversations::{ConversationRow, Tallies, rows_by_ids},
    error::Result,
};

/// The least time between two sendings of the same row.
const REST: Duration = Duration::from_secs(1);
/// The least time between two rounds.
const ROUND: Duration = Duration::from_millis(100);

/// What has changed and when it was last sent.
#[derive(Default)]
pub struct ChangedRows {
    pending: Mutex<HashSet<(WorkspaceId, ConversationId)>>,
    /// When each workspace was last counted, and whether it has to be again.
    counters: Mutex<HashMap<WorkspaceId, Recount>>,
    wake: Notify,
}

/// Whether a workspace's counters have to be computed, and when they last were.
#[derive(Default)]
struct Recount {
    is_due: bool,
    last: Option<Instant>,
}

impl ChangedRows {
    /// Notes that a conversation's row has changed.
    pub fn mark(&self, workspace: WorkspaceId, conversation: ConversationId) {
        if self.pending.lock().insert((workspace, conversation)) {
            self.wake.notify_one();
        }
    }

    /// Notes that how many wait and are open may have changed.
    pub fn count_again(&self, workspace: WorkspaceId) {
        self.counters.lock().entry(workspace).or_default().is_due = true;
        self.wake.notify_one();
    }
}

/// Sends changed rows and counters until it is dropped.
pub async fn send_rows_forever(desk: Desk) {
    let mut sent: HashMap<ConversationId, Instant> = HashMap::new();
    loop {
        desk.live.rows.wake.notified().await;
        loop {
            let has_more = round(&desk, &mut sent).await;
            tokio::time::sleep(ROUND).await;
            if !has_more {
                break;
            }
        }
        let now = Instant::now();
        sent.retain(|_, at| now.duration_since(*at) < REST);
    }
}

/// Sends what is due; answers whether some rows have to wait for their second.
async fn round(desk: &Desk, sent: &mut HashMap<ConversationId, Instant>) -> bool {
    let now = Instant::now();
    let mut due: HashMap<WorkspaceId, Vec<ConversationId>> = HashMap::new();
    let has_more = {
        let mut pending = desk.live.rows.pending.lock();
        pending.retain(|(workspace, conversation)| {
            let is_due = sent.get(conversation).is_none_or(|at| now.duration_since(*at) >= REST);
            if is_due {
                due.entry(*workspace).or_default().push(*conversation);
            }
            !is_due
        });
        !pending.is_empty()
    };
    for (workspace, conversations) in due {
        let readers = desk.live.readers.agents(workspace);
        if readers.is_empty() {
            continue;
        }
        for conversation in &conversations {
            sent.insert(*conversation, now);
        }
        match rows_by_ids(desk.store.read(), workspace, &conversations).await {
            Ok(rows) => readers.iter().for_each(|reader| send_rows(reader, &rows)),
            Err(error) => {
                tracing::warn!(?error, "changed rows could not be read; the next round tries again");
                desk.live.rows.pending.lock().extend(conversations.iter().map(|id| (workspace, *id)));
                desk.live.rows.wake.notify_one();
            }
        }
    }
    let (recount, has_more_counters) = due_counters(desk, now);
    for workspace in recount {
        if let Err(error) = send_counters(desk, workspace).await {
            tracing::warn!(?error, "conversations could not be counted; the next round counts again");
            desk.live.rows.count_again(workspace);
        }
    }
    has_more || has_more_counters
}

/// The workspaces to count now, each at most once a second, and whether others have to wait.
fn due_counters(desk: &Desk, now: Instant) -> (Vec<WorkspaceId>, bool) {
    let mut due = Vec::new();
    let mut has_more = false;
    for (workspace, recount) in desk.live.rows.counters.lock().iter_mut().filter(|(_, recount)| recount.is_due) {
        if recount.last.is_none_or(|last| now.duration_since(last) >= REST) {
            *recount = Recount { is_due: false, last: Some(now) };
            due.push(*workspace);
        } else {
            has_more = true;
        }
    }
    (due, has_more)
}

/// The rows a reader sees, in frames of at most 50. The reader's own conversations come as events already.
fn send_rows(reader: &AgentReader, rows: &[ConversationRow]) {
    let agent = reader.agent().0;
    let seen: Vec<&ConversationRow> =
        rows.iter().filter(|row| row.assignee_id != Some(agent) && reader.sees(row.department_id)).collect();
    for chunk in seen.chunks(50) {
        reader.send(AgentFrame::Plain(ToClient::Rows { rows: chunk.to_vec() }.text()));
    }
}

async fn send_counters(desk: &Desk, workspace: WorkspaceId) -> Result<()> {
    let readers = desk.live.readers.agents(workspace);
    if readers.is_empty() {
        return Ok(());
    }
    let tallies = Tallies::count(desk.store.read(), workspace).await?;
    for reader in readers.iter() {
        let scope = Arc::clone(&reader.scope.read());
        reader.send(AgentFrame::Plain(ToClient::Counters(tallies.seen_by(&scope)).text()));
    }
    Ok(())
}
