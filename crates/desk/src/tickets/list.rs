//! The list of tickets, and how many of them want something.

use balcao_platform::store::dialect::like_pattern;
use balcao_types::{
    AgentId, ContactId, DepartmentId, TicketCategoryId, TicketId, TicketState, WorkspaceId, rules::text::folded,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, LikeExpr},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    queries::TicketRow,
    table::{Column, Entity},
};
use crate::{access::Scope, error::Result};

/// How many tickets a page of the list holds.
const PAGE: usize = 50;
/// What is left to do.
const UNFINISHED: [TicketState; 3] = [TicketState::New, TicketState::Open, TicketState::WaitingCustomer];

/// Which tickets are asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// None: what is left to do; of one contact, all.
    pub state: Option<TicketState>,
    pub department: Option<DepartmentId>,
    pub assignee: Option<AgentId>,
    /// Nobody's.
    pub is_unassigned: bool,
    pub category: Option<TicketCategoryId>,
    /// Without a category.
    pub is_uncategorized: bool,
    pub contact: Option<ContactId>,
    /// In title, name or e-mail; or the number.
    pub search: String,
    /// Older ones than this.
    pub before: Option<TicketId>,
}

/// How many tickets want something.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct TicketCounters {
    /// Nobody has seen to them yet.
    pub new: u64,
    /// Open with the person who asks.
    pub mine: u64,
}

/// A page of tickets, newest first, and whether there are more.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, scope: &Scope, wanted: &Wanted) -> Result<(Vec<TicketRow>, bool)> {
    let mut query = seen(scope);
    query = match (wanted.state, wanted.contact) {
        (Some(state), _) => query.filter(Column::State.eq(state)),
        (None, None) => query.filter(Column::State.is_in(UNFINISHED)),
        (None, Some(_)) => query,
    };
    if let Some(contact) = wanted.contact {
        query = query.filter(Column::ContactId.eq(contact));
    }
    if let Some(department) = wanted.department {
        query = query.filter(Column::DepartmentId.eq(department));
    }
    if wanted.is_unassigned {
        query = query.filter(Column::AssigneeId.is_null());
    } else if let Some(assignee) = wanted.assignee {
        query = query.filter(Column::AssigneeId.eq(assignee));
    }
    if wanted.is_uncategorized {
        query = query.filter(Column::CategoryId.is_null());
    } else if let Some(category) = wanted.category {
        query = query.filter(Column::CategoryId.eq(category));
    }
    if let Some(searched) = searched(&wanted.search) {
        query = query.filter(searched);
    }
    if let Some(before) = wanted.before {
        query = query.filter(Column::Id.lt(before));
    }
    let page = query.order_by_desc(Column::Id).limit(PAGE as u64 + 1);
    let mut rows: Vec<TicketRow> = page.into_partial_model().all(connection).await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    Ok((rows, has_more))
}

/// A contact's tickets, oldest first, whoever may see them.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_contact(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Vec<TicketRow>> {
    let theirs = Entity::find().filter(Column::WorkspaceId.eq(workspace)).filter(Column::ContactId.eq(contact));
    Ok(theirs.order_by_asc(Column::Id).into_partial_model().all(connection).await?)
}

/// The tickets of the departments that concern the person.
fn seen(scope: &Scope) -> Select<Entity> {
    let query = Entity::find().filter(Column::WorkspaceId.eq(scope.workspace));
    match scope.agent.seen_departments() {
        Some(departments) => query.filter(Column::DepartmentId.is_in(departments)),
        None => query,
    }
}

/// By words, and by the number where a number was typed, with or without the sign before it.
fn searched(search: &str) -> Option<Condition> {
    let words = folded(search);
    if words.is_empty() {
        return None;
    }
    let like = LikeExpr::new(like_pattern(&words)).escape('!');
    let condition = Condition::any().add(Expr::col(Column::SearchKey).like(like));
    Some(match words.trim_start_matches('#').parse::<i64>() {
        Ok(number) => condition.add(Column::Number.eq(number)),
        Err(_no_number) => condition,
    })
}

/// How many tickets want something.
///
/// # Errors
/// When the database cannot be read.
pub async fn counters(connection: &impl ConnectionTrait, scope: &Scope) -> Result<TicketCounters> {
    let mine = seen(scope).filter(Column::AssigneeId.eq(scope.agent.agent)).filter(Column::State.eq(TicketState::Open));
    Ok(TicketCounters {
        new: seen(scope).filter(Column::State.eq(TicketState::New)).count(connection).await?,
        mine: mine.count(connection).await?,
    })
}
