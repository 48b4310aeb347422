//! Operations on the categories of tickets.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::TicketCategoryId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    TicketCategory,
    change::{AddCategory, ChangeCategory, RemoveCategory},
    queries::{TicketCategoryUse, all, by_id, uses},
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    error::{Error, Result},
    http::{Body, ErrorAnswer},
};

/// The longest name, in characters.
const NAME_MAX: usize = 60;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(count_uses)).routes(routes!(change, remove))
}

/// The categories of the workspace.
#[derive(Serialize, ToSchema)]
struct TicketCategoriesAnswer {
    items: Vec<TicketCategory>,
}

/// Every category of tickets, by name, archived ones too (T-170).
#[utoipa::path(get, path = "/ticket-categories", tag = "tickets", operation_id = "list_ticket_categories",
    responses((status = 200, body = TicketCategoriesAnswer)), extensions(("x-permission" = json!("session"))))]
async fn list(State(desk): State<Desk>, scope: Scope) -> Result<Json<TicketCategoriesAnswer>> {
    Ok(Json(TicketCategoriesAnswer { items: all(desk.store.read(), scope.workspace).await? }))
}

/// How often the categories are used.
#[derive(Serialize, ToSchema)]
struct TicketCategoryUsesAnswer {
    items: Vec<TicketCategoryUse>,
}

/// How many tickets have each category, and which ones can be removed.
#[utoipa::path(get, path = "/ticket-categories/uses", tag = "tickets", operation_id = "count_ticket_category_uses",
    responses((status = 200, body = TicketCategoryUsesAnswer), (status = 403, body = ErrorAnswer)),
    extensions(("x-permission" = json!("labels_manage"))))]
async fn count_uses(
    State(desk): State<Desk>,
    may: Grant<ability::ManageTicketCategories>,
) -> Result<Json<TicketCategoryUsesAnswer>> {
    Ok(Json(TicketCategoryUsesAnswer { items: uses(desk.store.read(), may.scope.workspace).await? }))
}

/// A category to add.
#[derive(Deserialize, ToSchema)]
struct TicketCategoryAddForm {
    /// 1 to 60 characters, unlike any other's.
    name: String,
    #[serde(default = "crate::http::yes")]
    is_active: bool,
}

/// Adds a category.
#[utoipa::path(post, path = "/ticket-categories", tag = "tickets", operation_id = "add_ticket_category", request_body = TicketCategoryAddForm,
    responses((status = 201, body = TicketCategory), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("labels_manage"))))]
async fn add(
    State(desk): State<Desk>,
    may: Grant<ability::ManageTicketCategories>,
    Body(form): Body<TicketCategoryAddForm>,
) -> Result<(StatusCode, Json<TicketCategory>)> {
    let mut checks = Checks::default();
    let name = checks.required("name", &form.name, NAME_MAX);
    checks.finish()?;
    let workspace = may.scope.workspace;
    let category = desk.write(AddCategory { may, name, is_active: form.is_active }).await?;
    Ok((StatusCode::CREATED, Json(by_id(desk.store.read(), workspace, category).await?)))
}

/// Changes to a category. What is absent stays.
#[derive(Deserialize, ToSchema)]
struct TicketCategoryChangeForm {
    name: Option<String>,
    /// Archived ones stay where they are and are chosen no more.
    is_active: Option<bool>,
}

/// Renames a category, archives it or brings it back.
#[utoipa::path(patch, path = "/ticket-categories/{id}", tag = "tickets", operation_id = "change_ticket_category",
    params(("id" = TicketCategoryId, Path)), request_body = TicketCategoryChangeForm,
    responses((status = 200, body = TicketCategory), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("labels_manage"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ManageTicketCategories>,
    Path(id): Path<String>,
    Body(form): Body<TicketCategoryChangeForm>,
) -> Result<Json<TicketCategory>> {
    let category = category_id(&id)?;
    let mut checks = Checks::default();
    let name = form.name.map(|name| checks.required("name", &name, NAME_MAX));
    checks.finish()?;
    let workspace = may.scope.workspace;
    desk.write(ChangeCategory { may, category, name, is_active: form.is_active }).await?;
    by_id(desk.store.read(), workspace, category).await.map(Json)
}

/// Removes a category that no ticket has or ever had.
#[utoipa::path(delete, path = "/ticket-categories/{id}", tag = "tickets", operation_id = "remove_ticket_category",
    params(("id" = TicketCategoryId, Path)),
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("labels_manage"))))]
async fn remove(
    State(desk): State<Desk>,
    may: Grant<ability::ManageTicketCategories>,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    desk.write(RemoveCategory { may, category: category_id(&id)? }).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn category_id(text: &str) -> Result<TicketCategoryId> {
    text.parse().map_err(|_not_an_id| Error::not_found())
}
