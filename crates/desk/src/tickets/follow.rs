//! What is written by e-mail moves a ticket on.

use balcao_types::{AgentId, Event, TicketId, TicketState, WorkspaceId};

use super::{
    change::{one, write},
    table,
};
use crate::{error::Result, tx::Tx};

/// What has become of the writing about a ticket.
#[derive(Clone, Copy, Debug)]
pub enum Written {
    /// Somebody of the company has replied.
    Reply(AgentId),
    /// The customer has answered.
    Answer,
    /// A reply did not reach the customer.
    NotArrived,
}

impl Written {
    /// Whose turn it is then, and who made it so. The company's it is also where the matter seemed to be over.
    const fn turn(self) -> (TicketState, Option<AgentId>) {
        match self {
            Self::Reply(by) => (TicketState::WaitingCustomer, Some(by)),
            Self::Answer | Self::NotArrived => (TicketState::Open, None),
        }
    }
}

/// Moves a ticket on after something was written about it.
///
/// # Errors
/// When the database fails.
pub async fn follow(tx: &mut Tx<'_>, workspace: WorkspaceId, ticket: TicketId, written: Written) -> Result<()> {
    let Some(model) = tx.lock_row(one(workspace, ticket)).await? else { return Ok(()) };
    let (state, by) = written.turn();
    if model.state == state {
        return tell_news(tx, &model);
    }
    let mut next = model.clone();
    next.state = state;
    write(tx, &model, next, by).await
}

/// What was written about a ticket is news, also where the ticket stands as it stood.
///
/// # Errors
/// When the event cannot be encoded.
pub(super) fn tell_news(tx: &mut Tx<'_>, model: &table::Model) -> Result<()> {
    let (ticket, department) = (model.id, model.department_id);
    tx.emit(model.workspace_id, Event::TicketChanged { ticket, before: department, department })
}
