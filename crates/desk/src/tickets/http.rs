//! Operations on tickets, for agents.

use axum::{Json, extract::State};
use balcao_types::{AgentId, ContactId, DepartmentId, TicketCategoryId, TicketId, TicketPriority, TicketState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    change::{ChangeTicket, TicketChanges},
    list::{TicketCounters, Wanted, counters, list},
    queries::{TicketRow, TicketShown, shown},
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    error::Result,
    http::{Asked, Body, ErrorAnswer, present},
};

/// The longest title, in characters.
const TITLE_MAX: usize = 200;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(tickets)).routes(routes!(count)).routes(routes!(show, change))
}

/// Which tickets are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// What is left to do when absent; of one contact, all.
    state: Option<TicketState>,
    department: Option<DepartmentId>,
    assignee: Option<AgentId>,
    /// Nobody's, whatever `assignee` says.
    #[serde(default)]
    unassigned: bool,
    category: Option<TicketCategoryId>,
    /// Those without a category, whatever `category` says.
    #[serde(default)]
    uncategorized: bool,
    contact: Option<ContactId>,
    /// A part of title, name or e-mail, up to 200 characters; or the number.
    search: Option<String>,
    /// The tickets before this one, by its id.
    before: Option<TicketId>,
}

/// Tickets, newest first.
#[derive(Serialize, ToSchema)]
struct TicketsAnswer {
    items: Vec<TicketRow>,
    has_more: bool,
    counters: TicketCounters,
}

/// The tickets of one's departments, 50 at a time (T-170).
#[utoipa::path(get, path = "/tickets", tag = "tickets", params(ListParameters),
    responses((status = 200, body = TicketsAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn tickets(
    State(desk): State<Desk>,
    scope: Scope,
    Asked(asked): Asked<ListParameters>,
) -> Result<Json<TicketsAnswer>> {
    let mut checks = Checks::default();
    let search = checks.optional("search", asked.search.as_deref().unwrap_or(""), 200);
    checks.finish()?;
    let wanted = Wanted {
        state: asked.state,
        department: asked.department,
        assignee: asked.assignee,
        is_unassigned: asked.unassigned,
        category: asked.category,
        is_uncategorized: asked.uncategorized,
        contact: asked.contact,
        search,
        before: asked.before,
    };
    let read = desk.store.read();
    let (items, has_more) = list(read, &scope, &wanted).await?;
    let counters = counters(read, &scope).await?;
    Ok(Json(TicketsAnswer { items, has_more, counters }))
}

/// How many tickets want something.
#[utoipa::path(get, path = "/tickets/counters", tag = "tickets", operation_id = "count_tickets",
    responses((status = 200, body = TicketCounters)), extensions(("x-permission" = json!("session"))))]
async fn count(State(desk): State<Desk>, scope: Scope) -> Result<Json<TicketCounters>> {
    Ok(Json(counters(desk.store.read(), &scope).await?))
}

/// One ticket with what was written and changed.
#[utoipa::path(get, path = "/tickets/{id}", tag = "tickets", operation_id = "show_ticket",
    params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketShown), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_view"))))]
async fn show(State(desk): State<Desk>, may: Grant<ability::ViewTicket>) -> Result<Json<TicketShown>> {
    shown(&desk, &may.scope, may.subject).await.map(Json)
}

/// Changes to a ticket. What is absent stays.
#[derive(Deserialize, ToSchema)]
struct TicketForm {
    /// 1 to 200 characters.
    title: Option<String>,
    state: Option<TicketState>,
    priority: Option<TicketPriority>,
    /// Somebody who answers in the department; `null`: nobody.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<AgentId>)]
    assignee: Option<Option<AgentId>>,
    department: Option<DepartmentId>,
    /// An active one; `null`: none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<TicketCategoryId>)]
    category: Option<Option<TicketCategoryId>>,
}

/// Changes a ticket's title, state, priority or category, or hands it to others (T-170 to T-173).
#[utoipa::path(patch, path = "/tickets/{id}", tag = "tickets", operation_id = "change_ticket",
    params(("id" = TicketId, Path)), request_body = TicketForm,
    responses((status = 200, body = TicketShown), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ChangeTicket>,
    Body(form): Body<TicketForm>,
) -> Result<Json<TicketShown>> {
    let mut checks = Checks::default();
    let title = form.title.as_ref().map(|title| checks.required("title", title, TITLE_MAX));
    checks.finish()?;
    let (scope, ticket) = (may.scope.clone(), may.subject);
    let TicketForm { state, priority, assignee, department, category, .. } = form;
    let changes = TicketChanges { title, state, priority, assignee, department, category };
    desk.write(ChangeTicket { may, changes }).await?;
    shown(&desk, &scope, ticket).await.map(Json)
}
