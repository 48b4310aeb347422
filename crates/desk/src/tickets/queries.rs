//! Reads about one ticket.

use balcao_types::{
    AgentId, ContactId, DepartmentId, OfflineMessageId, TicketCategoryId, TicketChangeId, TicketField, TicketId,
    TicketPriority, TicketState, Timestamp,
};
use sea_orm::{ColumnTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;

use super::{change::one, changes_table, table};
use crate::{
    Desk,
    access::Scope,
    contacts::{self, ContactShown},
    conversations,
    error::{Error, Result},
    offline_messages::{self, OfflineMessageShown},
};

/// A ticket in a list (T-170).
#[derive(Clone, Debug, Serialize, ToSchema, DerivePartialModel)]
#[sea_orm(entity = "table::Entity")]
pub struct TicketRow {
    pub id: TicketId,
    /// Counts the company's tickets.
    pub number: i64,
    pub title: String,
    pub contact_id: ContactId,
    /// The customer, as named where the ticket comes from.
    pub name: String,
    pub email: String,
    pub department_id: DepartmentId,
    pub assignee_id: Option<AgentId>,
    pub state: TicketState,
    pub priority: TicketPriority,
    /// What it is about, by the company's own categories.
    pub category_id: Option<TicketCategoryId>,
    pub offline_message_id: OfflineMessageId,
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub changed_at: Timestamp,
    /// Since when nothing is left to do.
    pub closed_at: Option<Timestamp>,
}

/// A ticket with everything about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TicketShown {
    #[serde(flatten)]
    pub row: TicketRow,
    /// Who the customer is to the company.
    pub contact: Option<ContactShown>,
    /// What the customer wrote, and what was written about it since.
    pub message: OfflineMessageShown,
    /// What was changed, oldest first.
    pub changes: Vec<TicketChange>,
}

/// What was changed about a ticket, from what to what: a word of the field, an id, or the title.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TicketChange {
    pub id: TicketChangeId,
    pub field: TicketField,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Who did it; none is the program.
    pub agent_id: Option<AgentId>,
    pub at: Timestamp,
}

/// A ticket with everything about it.
///
/// # Errors
/// 404 when there is none.
pub async fn shown(desk: &Desk, scope: &Scope, ticket: TicketId) -> Result<TicketShown> {
    let (read, workspace) = (desk.store.read(), scope.workspace);
    let row: Option<TicketRow> = one(workspace, ticket).into_partial_model().one(read).await?;
    let row = row.ok_or(Error::not_found())?;
    let changes = changes_table::Entity::find()
        .filter(changes_table::Column::WorkspaceId.eq(workspace))
        .filter(changes_table::Column::TicketId.eq(ticket))
        .order_by_asc(changes_table::Column::Id)
        .all(read)
        .await?;
    // Anybody can write with anybody's address: what else is known of its owner is for administrators, and those who know them from a conversation.
    let is_known = scope.agent.managed_departments().is_none()
        || conversations::known_to(read, scope, &[row.contact_id]).await?.contains(&row.contact_id);
    let contact = if is_known { contacts::by_id(read, workspace, row.contact_id).await? } else { None };
    Ok(TicketShown {
        contact,
        message: offline_messages::shown(desk, workspace, row.offline_message_id).await?,
        row,
        changes: changes.into_iter().map(TicketChange::from).collect(),
    })
}

impl From<changes_table::Model> for TicketChange {
    fn from(model: changes_table::Model) -> Self {
        let changes_table::Model { id, field, before, after, agent_id, at, .. } = model;
        Self { id, field, before, after, agent_id, at }
    }
}
