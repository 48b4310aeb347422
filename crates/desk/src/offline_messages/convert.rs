//! A message goes on as a ticket: by the company's setting when it is left, or by hand (T-157, T-160).

use balcao_types::{AgentId, DepartmentId, OfflineMessageId, OfflineState, TicketId, TicketState, WorkspaceId};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
};

use super::{
    lock::{lock, one, refuse_erased, tell_changed},
    table,
};
use crate::{
    access::{Grant, ability},
    contacts::{self, ContactFacts},
    error::{Error, Result},
    tickets::{self, NewTicket},
    tx::{Command, Tx},
};

/// Makes a ticket of a message; one that is a ticket already stays the one it is.
pub struct Convert {
    pub may: Grant<ability::ReplyOffline>,
}

impl Command for Convert {
    type Answer = TicketId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TicketId> {
        let message = lock(tx, &self.may).await?;
        match message.ticket_id {
            Some(ticket) => Ok(ticket),
            None => {
                refuse_erased(&message)?;
                convert(tx, &message, Some(self.may.agent().agent)).await
            }
        }
    }
}

/// Makes a ticket of a message that is none yet. `by`: who wants it so; none is the company's setting.
///
/// # Errors
/// When the database fails.
pub(super) async fn convert(tx: &mut Tx<'_>, message: &table::Model, by: Option<AgentId>) -> Result<TicketId> {
    let state = match message.state {
        OfflineState::Answered => TicketState::WaitingCustomer,
        OfflineState::Failed => TicketState::Open,
        OfflineState::New | OfflineState::Read | OfflineState::Converted => TicketState::New,
    };
    let contact = match message.contact_id {
        Some(contact) => contact,
        None => {
            let facts =
                ContactFacts { name: Some(message.name.clone()), email: Some(message.email.clone()), phone: None };
            contacts::contact_by_email(tx, message.workspace_id, message.sender_id, &facts).await?
        }
    };
    let new = NewTicket {
        workspace: message.workspace_id,
        message: message.id,
        contact,
        name: message.name.clone(),
        email: message.email.clone(),
        text: message.text.clone(),
        department: message.department_id,
        state,
        by,
    };
    let ticket = tickets::open(tx, new).await?;
    let row = table::ActiveModel {
        id: Unchanged(message.id),
        state: Set(OfflineState::Converted),
        ticket_id: Set(Some(ticket)),
        contact_id: Set(Some(contact)),
        changed_at: Set(tx.now()),
        ..Default::default()
    };
    row.update(&**tx).await?;
    tell_changed(tx, message)?;
    Ok(ticket)
}

/// Keeps a ticket's message locked until the commit. Answers whether what it said was erased.
///
/// # Errors
/// 404 when there is none.
pub async fn hold(tx: &Tx<'_>, workspace: WorkspaceId, message: OfflineMessageId) -> Result<bool> {
    let model = tx.lock_row(one(workspace, message)).await?.ok_or(Error::not_found())?;
    Ok(model.erased_at.is_some())
}

/// A ticket's message, which is held, goes with it to another department.
///
/// # Errors
/// When the database fails.
pub async fn move_to(tx: &Tx<'_>, message: OfflineMessageId, department: DepartmentId) -> Result<()> {
    let row = table::ActiveModel { id: Unchanged(message), department_id: Set(department), ..Default::default() };
    row.update(&**tx).await?;
    Ok(())
}
