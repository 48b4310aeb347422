//! Opening a conversation: protocol number, queue, and the event that tells everyone concerned.

use balcao_types::{
    Actor, ConnectionId, ContactId, ConversationId, ConversationState, DepartmentId, Event, ProjectId, Timestamp,
    WorkspaceId,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::{given::Given, row::Visit, table};
use crate::{contacts::next_value, error::Result, tx::Tx, workspaces::Workspace};

/// A conversation to open in the queue.
#[derive(Clone, Debug)]
pub struct NewConversation {
    pub workspace: WorkspaceId,
    pub project: ProjectId,
    pub department: DepartmentId,
    pub connection: ConnectionId,
    pub contact: ContactId,
    pub visit: Visit,
    pub given: Given,
}

/// Opens it inside a command. `company`: the workspace, which the caller has read.
///
/// # Errors
/// When the database fails.
pub async fn insert_conversation(
    tx: &mut Tx<'_>,
    new: &NewConversation,
    company: &Workspace,
    actor: Actor,
) -> Result<table::Model> {
    let now = tx.now();
    let protocol = next_protocol(tx, company, now).await?;
    let model = table::Model {
        id: ConversationId(tx.clock().new_id()),
        workspace_id: new.workspace,
        project_id: new.project,
        department_id: new.department,
        connection_id: new.connection,
        contact_id: new.contact,
        protocol,
        state: ConversationState::Queue,
        assignee_id: None,
        assignee_name: None,
        last_position: 0,
        last_seq: 0,
        unread: 0,
        last_message: None,
        last_message_at: now,
        waiting_since: None,
        read_seq: 0,
        opened_at: now,
        queued_at: Some(now),
        came_at: Some(now),
        overflowed: None,
        taken_at: None,
        closed_at: None,
        transferred_at: None,
        visit: Some(serde_json::to_string(&new.visit)?),
        given: new.given.stored()?,
        returned_by: None,
        closed_from: None,
        survey: None,
    };
    let mut row: table::ActiveModel = model.clone().into();
    row.id = Set(model.id);
    table::Entity::insert(row.reset_all()).exec_without_returning(&**tx).await?;
    tx.emit(new.workspace, Event::ConversationOpened { place: model.place(), actor })?;
    Ok(model)
}

/// The next protocol number: the day in the workspace's time zone, and a count from 1.
async fn next_protocol(tx: &Tx<'_>, company: &Workspace, now: Timestamp) -> Result<String> {
    let day = now.to_jiff().to_zoned(company.zone()).strftime("%Y%m%d").to_string();
    let count = next_value(tx, company.id, &format!("protocol:{day}")).await?;
    Ok(format!("{day}-{count:04}"))
}
