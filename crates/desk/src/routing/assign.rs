//! Giving a waiting conversation to whoever is next (T-089), in the transaction in which it begins to wait.

use balcao_types::{AgentId, ConversationState, Distribution, Timestamp, rules::routing};
use sea_orm::{ConnectionTrait, Statement};

use super::{Rule, candidates::candidates, drain};
use crate::{
    agents,
    conversations::{self, Assignee},
    error::{Error, Result},
    tx::Tx,
};

/// For how long distribution does not give a conversation back to who had it last.
const REST_SECONDS: i64 = 60;

/// How giving a conversation away ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// Somebody has it.
    Given,
    /// Nobody has room: it waits.
    Nobody,
    /// While it was looked at, somebody else was faster: to be looked at again.
    Overtaken,
}

/// Gives a conversation that has just begun to wait, and is locked, to whoever is next; where older ones wait, they come first. With
/// distribution off it reads nothing.
///
/// # Errors
/// When the database fails.
pub async fn assign(tx: &mut Tx<'_>, conversation: &mut conversations::Model, rule: &Rule) -> Result<()> {
    if !rule.is_on() {
        return Ok(());
    }
    let workspace = conversation.workspace_id;
    let (department, now) = (conversation.department_id, tx.now());
    let ready = candidates(&**tx, workspace, department, conversation.is_handed_on(), (now, rule)).await?;
    if ready.iter().any(routing::Candidate::has_room) {
        let is_first = is_first(tx, conversation).await?;
        if !is_first || give(tx, conversation, rule).await? == Assigned::Overtaken {
            tx.free_capacity(workspace);
        }
    }
    if conversation.state == ConversationState::Queue && barred(conversation, now).is_some() {
        // From then on it may go back to who had it last.
        tx.enqueue(drain::later_job(conversation, now.plus_seconds(REST_SECONDS)));
    }
    Ok(())
}

/// Who does not get it now: whoever had it last, until it has waited for a while.
fn barred(conversation: &conversations::Model, now: Timestamp) -> Option<AgentId> {
    let since = conversation.queued_at?;
    conversation.returned_by.filter(|_| since > rested(now))
}

/// What has waited since then may go to anybody.
pub(super) const fn rested(now: Timestamp) -> Timestamp {
    now.plus_seconds(-REST_SECONDS)
}

/// Whether nobody in the department has waited longer.
async fn is_first(tx: &Tx<'_>, conversation: &conversations::Model) -> Result<bool> {
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "SELECT id FROM conversations WHERE workspace_id = $1 AND department_id = $2 AND state = 'queue' \
             ORDER BY queued_at, id LIMIT 1",
            [conversation.workspace_id.into(), conversation.department_id.into()],
        ))
        .await?;
    let Some(row) = row else { return Ok(true) };
    Ok(row.try_get::<balcao_types::ConversationId>("", "id")? == conversation.id)
}

/// Gives a conversation that waits and is locked to whoever is next. Who that is, is asked again with the person's row locked: whoever gives
/// holds it until the commit, so that nobody gets more than the limit or out of turn, on whichever node. At most one person is locked here, so
/// that two who give never wait for each other.
pub(super) async fn give(tx: &mut Tx<'_>, conversation: &mut conversations::Model, rule: &Rule) -> Result<Assigned> {
    let (workspace, department, now) = (conversation.workspace_id, conversation.department_id, tx.now());
    let barred = barred(conversation, now);
    let is_handed_on = conversation.is_handed_on();
    let draw = tx.clock().new_id().as_u64_pair().1;
    let look = async |tx: &Tx<'_>| -> Result<Vec<routing::Candidate>> {
        let mut ready = candidates(&**tx, workspace, department, is_handed_on, (now, rule)).await?;
        ready.retain(|candidate| Some(candidate.agent) != barred);
        ready.sort_unstable_by_key(|candidate| candidate.agent);
        Ok(ready)
    };
    let Some(first) = routing::choose(rule.distribution, &look(tx).await?, draw) else { return Ok(Assigned::Nobody) };
    let person = tx.lock_row(agents::one_by_id(workspace, first.agent)).await?.ok_or(Error::not_found())?;
    let ready = look(tx).await?;
    let still = match rule.distribution {
        Distribution::Random => ready.iter().any(|candidate| candidate.agent == person.id && candidate.has_room()),
        _ => routing::choose(rule.distribution, &ready, draw).is_some_and(|chosen| chosen.agent == person.id),
    };
    if !still {
        return Ok(Assigned::Overtaken);
    }
    agents::note_assigned(tx, workspace, person.id, routing::assigned_now(&ready, now)).await?;
    conversations::assign_to(tx, conversation, Assignee { id: person.id, name: person.name }).await?;
    Ok(Assigned::Given)
}
