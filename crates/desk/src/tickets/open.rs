//! A ticket begins.

use balcao_types::{
    AgentId, ContactId, DepartmentId, Event, OfflineMessageId, TicketField, TicketId, TicketPriority, TicketState,
    WorkspaceId,
    rules::text::{excerpt, folded},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{change::note_change, table};
use crate::{contacts::next_value, error::Result, tx::Tx};

/// What a ticket begins with.
pub struct NewTicket {
    pub workspace: WorkspaceId,
    pub message: OfflineMessageId,
    /// The customer.
    pub contact: ContactId,
    pub name: String,
    pub email: String,
    pub text: String,
    pub department: DepartmentId,
    pub state: TicketState,
    /// Who made it one; none where the company's setting did.
    pub by: Option<AgentId>,
}

/// Opens a ticket inside a command.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &mut Tx<'_>, new: NewTicket) -> Result<TicketId> {
    let workspace = new.workspace;
    let id = TicketId(tx.clock().new_id());
    let number = next_value(tx, workspace, "ticket").await?;
    let title = excerpt(&new.text);
    let row = table::ActiveModel {
        workspace_id: Set(workspace),
        id: Set(id),
        number: Set(number),
        search_key: Set(search_key(&title, &new.name, &new.email)),
        title: Set(title),
        contact_id: Set(new.contact),
        name: Set(new.name),
        email: Set(new.email),
        department_id: Set(new.department),
        assignee_id: Set(None),
        state: Set(new.state),
        priority: Set(TicketPriority::default()),
        category_id: Set(None),
        offline_message_id: Set(new.message),
        created_at: Set(tx.now()),
        changed_at: Set(tx.now()),
        closed_at: Set(None),
    };
    let model = row.insert(&**tx).await?;
    note_change(tx, &model, new.by, (TicketField::Created, None, None)).await?;
    tx.emit(workspace, Event::TicketAdded { ticket: id, department: new.department })?;
    Ok(id)
}

/// What a ticket is found by.
pub(super) fn search_key(title: &str, name: &str, email: &str) -> String {
    folded(&format!("{title} {name} {email}"))
}
