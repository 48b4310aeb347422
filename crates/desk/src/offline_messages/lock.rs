//! Locking an offline message for a change, and checking again who may make it.

use balcao_types::{ErrorCode, Event, OfflineMessageId, WorkspaceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

use super::table;
use crate::{
    access::{Ability, Grant},
    error::{Error, Result},
    tx::Tx,
};

/// One offline message, to read or to lock.
pub(super) fn one(workspace: WorkspaceId, message: OfflineMessageId) -> Select<table::Entity> {
    table::Entity::find_by_id(message).filter(table::Column::WorkspaceId.eq(workspace))
}

/// Locks the message of a grant; it may stand elsewhere by now.
///
/// # Errors
/// 404 when it does not concern the agent any more.
pub(super) async fn lock<A: Ability<Subject = OfflineMessageId>>(tx: &Tx<'_>, may: &Grant<A>) -> Result<table::Model> {
    let model = tx.lock_row(one(may.scope.workspace, may.subject)).await?.ok_or(Error::not_found())?;
    if may.agent().sees(model.department_id) { Ok(model) } else { Err(Error::not_found()) }
}

/// Refuses what would write to somebody who is nobody any more, or about them.
///
/// # Errors
/// 409.
pub(super) fn refuse_erased(model: &table::Model) -> Result<()> {
    if model.erased_at.is_some() { Err(Error::refused(ErrorCode::DataErased)) } else { Ok(()) }
}

/// Tells that a message has changed.
///
/// # Errors
/// When the event cannot be encoded.
pub(super) fn tell_changed(tx: &mut Tx<'_>, model: &table::Model) -> Result<()> {
    let event = Event::OfflineMessageChanged { message: model.id, department: model.department_id };
    tx.emit(model.workspace_id, event)
}
