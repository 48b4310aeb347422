//! What the hours do to a person's status: they disconnect without taking the lease, hold what was chosen, and give it back.

use balcao_types::{AgentId, AgentStatus, ErrorCode, Event, StatusCause, Timestamp, WorkspaceId, rules::hours::Now};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use super::{
    queries::{memberships_of, one_by_id},
    table,
};
use crate::{
    departments,
    error::{Error, Result},
    shifts::Plans,
    tx::Tx,
};

/// Disconnects whoever is outside of the hours (T-101, T-113). What is open with them stays theirs (T-104).
///
/// # Errors
/// When the database fails.
pub async fn end_shift(tx: &mut Tx<'_>, workspace: WorkspaceId, agent: AgentId) -> Result<()> {
    let Some(model) = tx.lock_row(one_by_id(workspace, agent)).await? else { return Ok(()) };
    if model.status == AgentStatus::Offline {
        return Ok(());
    }
    turn(tx, &model, (AgentStatus::Offline, Some(model.status)), StatusCause::ShiftEnd).await
}

/// Gives back what the clock had taken (T-115). It counts while the person is still connected.
///
/// # Errors
/// When the database fails.
pub async fn begin_shift(tx: &mut Tx<'_>, workspace: WorkspaceId, agent: AgentId) -> Result<()> {
    let Some(model) = tx.lock_row(one_by_id(workspace, agent)).await? else { return Ok(()) };
    let Some(held) = model.shift_status else { return Ok(()) };
    turn(tx, &model, (held, None), StatusCause::ShiftStart).await
}

async fn turn(
    tx: &mut Tx<'_>,
    model: &table::Model,
    (after, held): (AgentStatus, Option<AgentStatus>),
    cause: StatusCause,
) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE agents SET status = $2, shift_status = $3, status_since = $4 WHERE id = $1",
        [model.id.into(), after.into(), held.into(), tx.now().into()],
    ))
    .await?;
    if model.status == after {
        return Ok(());
    }
    let (agent, before) = (model.id, model.status);
    tx.emit(model.workspace_id, Event::AgentStatusChanged { agent, before, after, cause })
}

/// Keeps a status for when the hours begin.
///
/// # Errors
/// When the database fails.
pub(super) async fn hold_status(tx: &Tx<'_>, workspace: WorkspaceId, agent: AgentId, held: AgentStatus) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE agents SET shift_status = $3 WHERE workspace_id = $1 AND id = $2",
        [workspace.into(), agent.into(), held.into()],
    ))
    .await?;
    Ok(())
}

/// Notes until when somebody may be online outside of the hours.
///
/// # Errors
/// 404 for a stranger.
pub async fn set_extension(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    agent: AgentId,
    until: Option<Timestamp>,
) -> Result<()> {
    tx.lock_row(one_by_id(workspace, agent)).await?.ok_or(Error::not_found())?;
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE agents SET extended_until = $3 WHERE workspace_id = $1 AND id = $2",
        [workspace.into(), agent.into(), until.into()],
    ))
    .await?;
    tx.emit(workspace, Event::AgentChanged { agent })
}

/// Whether the hours have the person, and until when.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn shift_of(connection: &impl ConnectionTrait, model: &table::Model, at: Timestamp) -> Result<Now> {
    let plans = Plans::load(connection, model.workspace_id).await?;
    if plans.is_empty() {
        return Ok(Now { is_open: true, until: None });
    }
    let active = departments::active_ids(connection, model.workspace_id).await?;
    let own = memberships_of(connection, model.workspace_id, model.id).await?;
    let own: Vec<_> = own.into_iter().map(|membership| membership.id).filter(|id| active.contains(id)).collect();
    Ok(plans.agent(model.id, &own, at))
}

pub(super) async fn is_in_shift(tx: &Tx<'_>, model: &table::Model) -> Result<bool> {
    let is_extended = model.extended_until.is_some_and(|until| until > tx.now());
    Ok(is_extended || shift_of(&**tx, model, tx.now()).await?.is_open)
}

/// Nobody goes online by hand outside of the hours (T-114).
///
/// # Errors
/// 409 `outside_shift` with when the hours begin; when the database cannot be read.
pub(super) async fn refuse_outside_shift(tx: &Tx<'_>, model: &table::Model) -> Result<()> {
    if is_in_shift(tx, model).await? {
        return Ok(());
    }
    let begins = shift_of(&**tx, model, tx.now()).await?.until;
    Err(Error::refused_with(ErrorCode::OutsideShift, json!({ "begins_at": begins })))
}
