//! Changing a ticket: where it stands, how urgent it is, who sees to it (T-171 to T-173).

use balcao_types::{
    AgentId, DepartmentId, ErrorCode, Event, TicketCategoryId, TicketChangeId, TicketField, TicketId, TicketPriority,
    TicketState, WorkspaceId,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter, Select,
};

use super::{changes_table, open::search_key, table};
use crate::{
    access::{Grant, ability},
    agents, departments,
    error::{Error, Result},
    offline_messages, ticket_categories,
    tx::{Command, Tx},
};

/// One ticket, to read or to lock.
pub(super) fn one(workspace: WorkspaceId, ticket: TicketId) -> Select<table::Entity> {
    table::Entity::find_by_id(ticket).filter(table::Column::WorkspaceId.eq(workspace))
}

/// What is changed. What is absent stays.
#[derive(Default)]
pub struct TicketChanges {
    pub title: Option<String>,
    pub state: Option<TicketState>,
    pub priority: Option<TicketPriority>,
    /// None: nobody.
    pub assignee: Option<Option<AgentId>>,
    pub department: Option<DepartmentId>,
    /// None: without one.
    pub category: Option<Option<TicketCategoryId>>,
}

impl TicketChanges {
    /// Whether they would write of somebody who was erased, or take their ticket up again.
    fn revives(&self) -> bool {
        self.title.is_some() || self.state.is_some_and(|state| !state.is_over())
    }
}

/// Changes a ticket. One that goes to a department where its agent does not serve is nobody's there.
pub struct ChangeTicket {
    pub may: Grant<ability::ChangeTicket>,
    pub changes: TicketChanges,
}

impl Command for ChangeTicket {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, ticket) = (self.may.scope.workspace, self.may.subject);
        // The message is locked before its ticket everywhere.
        let found = one(workspace, ticket).one(&**tx).await?.ok_or(Error::not_found())?;
        let is_erased = offline_messages::hold(tx, workspace, found.offline_message_id).await?;
        let model = tx.lock_row(one(workspace, ticket)).await?.ok_or(Error::not_found())?;
        if !self.may.agent().sees(model.department_id) {
            return Err(Error::not_found());
        }
        if is_erased && self.changes.revives() {
            return Err(Error::refused(ErrorCode::DataErased));
        }
        let next = self.next(tx, &model).await?;
        if next.department_id != model.department_id {
            offline_messages::move_to(tx, model.offline_message_id, next.department_id).await?;
        }
        write(tx, &model, next, Some(self.may.agent().agent)).await
    }
}

impl ChangeTicket {
    /// The ticket as it will stand.
    async fn next(&self, tx: &Tx<'_>, model: &table::Model) -> Result<table::Model> {
        let changes = &self.changes;
        let mut next = model.clone();
        if let Some(title) = &changes.title {
            next.title.clone_from(title);
        }
        if let Some(department) = changes.department.filter(|department| *department != model.department_id) {
            departments::hold_active_department(tx, model.workspace_id, department)
                .await?
                .ok_or(Error::field("department", ErrorCode::DepartmentUnknown))?;
            next.department_id = department;
        }
        next.priority = changes.priority.unwrap_or(next.priority);
        if let Some(category) = changes.category.filter(|category| *category != model.category_id) {
            if let Some(category) = category {
                ticket_categories::lock_choosable(tx, model.workspace_id, category).await?;
            }
            next.category_id = category;
        }
        if let Some(assignee) = changes.assignee {
            next.assignee_id = assignee;
        }
        if let Some(assignee) = next.assignee_id
            && (next.assignee_id, next.department_id) != (model.assignee_id, model.department_id)
            && !serves(tx, model.workspace_id, assignee, next.department_id).await?
        {
            if changes.assignee.is_some() {
                return Err(Error::field("assignee", ErrorCode::AgentUnknown));
            }
            next.assignee_id = None;
        }
        // Whoever it is given to has something to do.
        let is_begun = model.state == TicketState::New && next.assignee_id.is_some() && model.assignee_id.is_none();
        next.state = changes.state.unwrap_or(if is_begun { TicketState::Open } else { model.state });
        Ok(next)
    }
}

/// Whether somebody answers in a department. The person's row stays locked: nobody is deactivated meanwhile.
pub(super) async fn serves(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    agent: AgentId,
    department: DepartmentId,
) -> Result<bool> {
    tx.lock_row(agents::one_by_id(workspace, agent)).await?;
    let found = agents::agent_by_id(&**tx, workspace, agent, tx.now()).await?;
    Ok(found.is_some_and(|found| found.serves(department)))
}

/// Writes what differs, each difference with who made it, and tells of it. Nothing differs: nothing happens.
///
/// # Errors
/// When the database fails.
pub(super) async fn write(
    tx: &mut Tx<'_>,
    before: &table::Model,
    next: table::Model,
    by: Option<AgentId>,
) -> Result<()> {
    let differences = differences(before, &next);
    if differences.is_empty() {
        return Ok(());
    }
    let closed_at = match (before.state.is_over(), next.state.is_over()) {
        (false, true) => Some(tx.now()),
        (true, true) => before.closed_at,
        (_, false) => None,
    };
    let row = table::ActiveModel {
        id: Unchanged(before.id),
        search_key: Set(search_key(&next.title, &next.name, &next.email)),
        title: Set(next.title),
        department_id: Set(next.department_id),
        assignee_id: Set(next.assignee_id),
        state: Set(next.state),
        priority: Set(next.priority),
        category_id: Set(next.category_id),
        changed_at: Set(tx.now()),
        closed_at: Set(closed_at),
        ..Default::default()
    };
    row.update(&**tx).await?;
    for difference in differences {
        note_change(tx, before, by, difference).await?;
    }
    let event =
        Event::TicketChanged { ticket: before.id, before: before.department_id, department: next.department_id };
    tx.emit(before.workspace_id, event)
}

/// What was changed, from what and to what.
type Difference = (TicketField, Option<String>, Option<String>);

fn differences(before: &table::Model, next: &table::Model) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut differs = |field, from: Option<String>, to: Option<String>| {
        if from != to {
            differences.push((field, from, to));
        }
    };
    differs(TicketField::Title, Some(before.title.clone()), Some(next.title.clone()));
    let departments = (before.department_id.to_string(), next.department_id.to_string());
    differs(TicketField::Department, Some(departments.0), Some(departments.1));
    let name = |agent: AgentId| agent.to_string();
    differs(TicketField::Assignee, before.assignee_id.map(name), next.assignee_id.map(name));
    let category = |category: TicketCategoryId| category.to_string();
    differs(TicketField::Category, before.category_id.map(category), next.category_id.map(category));
    differs(TicketField::Priority, Some(before.priority.to_string()), Some(next.priority.to_string()));
    differs(TicketField::State, Some(before.state.to_string()), Some(next.state.to_string()));
    differences
}

/// Keeps what was changed by whom.
///
/// # Errors
/// When the database fails.
pub(super) async fn note_change(
    tx: &Tx<'_>,
    ticket: &table::Model,
    by: Option<AgentId>,
    (field, before, after): Difference,
) -> Result<()> {
    let row = changes_table::ActiveModel {
        workspace_id: Set(ticket.workspace_id),
        ticket_id: Set(ticket.id),
        id: Set(TicketChangeId(tx.clock().new_id())),
        field: Set(field),
        before: Set(before),
        after: Set(after),
        agent_id: Set(by),
        at: Set(tx.now()),
    };
    changes_table::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}
