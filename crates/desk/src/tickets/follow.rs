//! What is written by e-mail moves a ticket on.

use balcao_types::{AgentId, Event, TicketId, TicketState, WorkspaceId};

use super::change::{one, write};
use crate::{error::Result, tx::Tx};

/// Somebody of the company has replied: it is the customer's turn.
///
/// # Errors
/// When the database fails.
pub async fn replied(tx: &mut Tx<'_>, workspace: WorkspaceId, ticket: TicketId, by: AgentId) -> Result<()> {
    turn(tx, (workspace, ticket), TicketState::WaitingCustomer, Some(by)).await
}

/// The customer has answered: it is the company's turn, also where the matter seemed to be over.
///
/// # Errors
/// When the database fails.
pub async fn answered(tx: &mut Tx<'_>, workspace: WorkspaceId, ticket: TicketId) -> Result<()> {
    turn(tx, (workspace, ticket), TicketState::Open, None).await
}

/// A reply did not reach the customer: somebody has to do something about it.
///
/// # Errors
/// When the database fails.
pub async fn reply_failed(tx: &mut Tx<'_>, workspace: WorkspaceId, ticket: TicketId) -> Result<()> {
    turn(tx, (workspace, ticket), TicketState::Open, None).await
}

async fn turn(
    tx: &mut Tx<'_>,
    (workspace, ticket): (WorkspaceId, TicketId),
    state: TicketState,
    by: Option<AgentId>,
) -> Result<()> {
    let Some(model) = tx.lock_row(one(workspace, ticket)).await? else { return Ok(()) };
    if model.state == state {
        // What was written is news all the same.
        let department = model.department_id;
        return tx.emit(workspace, Event::TicketChanged { ticket, before: department, department });
    }
    let mut next = model.clone();
    next.state = state;
    write(tx, &model, next, by).await
}
