//! What the hours do to a person's status: they disconnect without taking the lease, hold what was chosen, and give it back.

use balcao_types::{AgentId, AgentStatus, ErrorCode, Event, StatusCause, Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use super::{presence::Paused, queries::one_by_id, table};
use crate::{
    error::{Error, Result},
    shifts::shift_of,
    tx::Tx,
};

/// Disconnects whoever is outside of the hours, whose row is locked (T-101, T-113). What is open with them stays theirs (T-104).
///
/// # Errors
/// When the database fails.
pub async fn end_shift(tx: &mut Tx<'_>, model: &table::Model) -> Result<()> {
    turn(tx, model, (AgentStatus::Offline, Some(model.status)), model.chosen_pause(), StatusCause::ShiftEnd).await
}

/// Gives back what the clock had taken (T-115), also the pause for which somebody was away (T-139), or forgets it where the company does not want that. It counts while the person is still
/// connected.
///
/// # Errors
/// When the database fails.
pub async fn begin_shift(tx: &mut Tx<'_>, model: &table::Model, is_restored: bool) -> Result<()> {
    let held = model.shift_status.filter(|_| is_restored);
    let after = held.unwrap_or(model.status);
    // A pause stood still since the clock disconnected the person: nobody overstays it by a night.
    let stood = model.status_since.map_or(0, |since| tx.now().seconds_since(since));
    let until = model.pause_until.map(|until| until.plus_seconds(stood));
    let pause = Paused::of(after, model.pause.clone(), until);
    turn(tx, model, (after, None), pause, StatusCause::ShiftStart).await
}

async fn turn(
    tx: &mut Tx<'_>,
    model: &table::Model,
    (after, held): (AgentStatus, Option<AgentStatus>),
    pause: Option<Paused>,
    cause: StatusCause,
) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE agents SET status = $3, shift_status = $4, status_since = CASE WHEN status = $3 THEN status_since ELSE $5 END, \
         pause = $6, pause_until = $7 WHERE workspace_id = $1 AND id = $2",
        [
            model.workspace_id.into(),
            model.id.into(),
            after.into(),
            held.into(),
            tx.now().into(),
            pause.as_ref().map(|pause| pause.name.clone()).into(),
            pause.and_then(|pause| pause.until).into(),
        ],
    ))
    .await?;
    if model.status == after {
        return Ok(());
    }
    let (agent, before) = (model.id, model.status);
    tx.emit(model.workspace_id, Event::AgentStatusChanged { agent, before, after, cause })
}

/// Keeps a status for when the hours begin, in place of the one that was held, and of its pause.
///
/// # Errors
/// When the database fails.
pub(super) async fn hold_status(tx: &Tx<'_>, workspace: WorkspaceId, agent: AgentId, held: AgentStatus) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE agents SET shift_status = $3, pause = NULL, pause_until = NULL WHERE workspace_id = $1 AND id = $2",
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

/// Nobody goes online by hand outside of the hours (T-114).
///
/// # Errors
/// 409 `outside_shift` with when the hours begin; when the database cannot be read.
pub(super) async fn refuse_outside_shift(tx: &Tx<'_>, model: &table::Model) -> Result<()> {
    let shift = shift_of(&**tx, model.workspace_id, model.id, tx.now()).await?;
    if shift.is_open {
        return Ok(());
    }
    Err(Error::refused_with(ErrorCode::OutsideShift, json!({ "begins_at": shift.until })))
}
