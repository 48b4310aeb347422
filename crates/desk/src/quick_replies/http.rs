//! Operations on quick replies.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::{DepartmentId, ErrorCode, QuickReplyId, WorkspaceId, rules::text::is_blank};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    QuickReply,
    change::{AddQuickReply, ChangeQuickReply, NewQuickReply, RemoveQuickReply},
    queries::{Greetings, all_quick_replies, quick_reply_by_id, usable},
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    departments,
    error::{Error, Result},
    http::{Body, ErrorAnswer},
    workspaces,
};

/// The longest shortcut, in characters.
const SHORTCUT_MAX: usize = 30;
/// The longest text, in characters.
const TEXT_MAX: usize = 5_000;
/// What stands for something in a text (P-143).
const KNOWN: [&str; 6] = ["customer_name", "agent_name", "department", "protocol", "company", "greeting"];

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(list_usable)).routes(routes!(change, remove))
}

/// The quick replies of the workspace.
#[derive(Serialize, ToSchema)]
struct QuickRepliesAnswer {
    items: Vec<QuickReply>,
}

/// Every quick reply, by shortcut, inactive ones too.
#[utoipa::path(get, path = "/quick-replies", tag = "quick_replies",
    responses((status = 200, body = QuickRepliesAnswer), (status = 403, body = ErrorAnswer)),
    extensions(("x-permission" = json!("quick_replies_manage"))))]
async fn list(State(desk): State<Desk>, may: Grant<ability::ManageQuickReplies>) -> Result<Json<QuickRepliesAnswer>> {
    Ok(Json(QuickRepliesAnswer { items: all_quick_replies(desk.store.read(), may.scope.workspace).await? }))
}

/// What somebody may reply with.
#[derive(Serialize, ToSchema)]
struct UsableQuickRepliesAnswer {
    items: Vec<QuickReply>,
    greetings: Greetings,
}

/// The quick replies that the caller may use, by shortcut: active, and for everybody or for a department that concerns the caller.
#[utoipa::path(get, path = "/quick-replies/usable", tag = "quick_replies",
    responses((status = 200, body = UsableQuickRepliesAnswer)), extensions(("x-permission" = json!("session"))))]
async fn list_usable(State(desk): State<Desk>, scope: Scope) -> Result<Json<UsableQuickRepliesAnswer>> {
    let read = desk.store.read();
    let workspace = workspaces::by_id(read, scope.workspace).await?.ok_or(Error::not_found())?;
    let greetings = Greetings::in_language(workspace.language);
    Ok(Json(UsableQuickRepliesAnswer { items: usable(read, &scope).await?, greetings }))
}

/// A quick reply to add.
#[derive(Deserialize, ToSchema)]
struct QuickReplyAddForm {
    /// 1 to 30 characters without spaces, unlike any other's; a slash before it is left out.
    shortcut: String,
    /// 1 to 5,000 characters. In braces: `customer_name`, `agent_name`, `department`, `protocol`, `company`, `greeting`.
    text: String,
    /// Whose people may use it; empty for everybody.
    #[serde(default)]
    departments: Vec<DepartmentId>,
    #[serde(default = "crate::http::yes")]
    is_active: bool,
}

/// Adds a quick reply.
#[utoipa::path(post, path = "/quick-replies", tag = "quick_replies", request_body = QuickReplyAddForm,
    responses((status = 201, body = QuickReply), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("quick_replies_manage"))))]
async fn add(
    State(desk): State<Desk>,
    may: Grant<ability::ManageQuickReplies>,
    Body(form): Body<QuickReplyAddForm>,
) -> Result<(StatusCode, Json<QuickReply>)> {
    let (workspace, read) = (may.scope.workspace, desk.store.read());
    let mut checks = Checks::default();
    let shortcut = checked_shortcut(&mut checks, &form.shortcut);
    let text = checked_text(&mut checks, &form.text);
    check_departments(&mut checks, &form.departments, read, workspace).await?;
    checks.finish()?;
    let new = NewQuickReply { shortcut, text, departments: form.departments, is_active: form.is_active };
    let reply = desk.write(AddQuickReply { may, new }).await?;
    let added = quick_reply_by_id(read, workspace, reply).await?.ok_or(Error::not_found())?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// Changes to a quick reply. What is absent stays.
#[derive(Deserialize, ToSchema)]
struct QuickReplyChangeForm {
    shortcut: Option<String>,
    text: Option<String>,
    /// In the place of those it has.
    departments: Option<Vec<DepartmentId>>,
    is_active: Option<bool>,
}

/// Changes a quick reply.
#[utoipa::path(patch, path = "/quick-replies/{id}", tag = "quick_replies", params(("id" = QuickReplyId, Path)),
    request_body = QuickReplyChangeForm,
    responses((status = 200, body = QuickReply), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("quick_replies_manage"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ManageQuickReplies>,
    Path(id): Path<String>,
    Body(form): Body<QuickReplyChangeForm>,
) -> Result<Json<QuickReply>> {
    let reply: QuickReplyId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    let (workspace, read) = (may.scope.workspace, desk.store.read());
    let mut checks = Checks::default();
    let shortcut = form.shortcut.map(|shortcut| checked_shortcut(&mut checks, &shortcut));
    let text = form.text.map(|text| checked_text(&mut checks, &text));
    if let Some(departments) = &form.departments {
        check_departments(&mut checks, departments, read, workspace).await?;
    }
    checks.finish()?;
    let (departments, is_active) = (form.departments, form.is_active);
    desk.write(ChangeQuickReply { may, reply, shortcut, text, departments, is_active }).await?;
    quick_reply_by_id(read, workspace, reply).await?.map(Json).ok_or(Error::not_found())
}

/// Removes a quick reply.
#[utoipa::path(delete, path = "/quick-replies/{id}", tag = "quick_replies", params(("id" = QuickReplyId, Path)),
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("quick_replies_manage"))))]
async fn remove(
    State(desk): State<Desk>,
    may: Grant<ability::ManageQuickReplies>,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let reply: QuickReplyId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    desk.write(RemoveQuickReply { may, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A shortcut without the slash that people type before it.
fn checked_shortcut(checks: &mut Checks, typed: &str) -> String {
    let typed = typed.trim();
    let shortcut = checks.required("shortcut", typed.strip_prefix('/').unwrap_or(typed), SHORTCUT_MAX);
    if shortcut.contains(char::is_whitespace) {
        checks.fault("shortcut", ErrorCode::ShortcutWithSpaces);
    } else if shortcut.contains('/') {
        checks.fault("shortcut", ErrorCode::InvalidCharacter);
    }
    shortcut
}

fn checked_text(checks: &mut Checks, typed: &str) -> String {
    if is_blank(typed) {
        checks.fault("text", ErrorCode::Required);
    }
    let text = checks.optional("text", typed, TEXT_MAX);
    checks.placeholders("text", &text, &KNOWN);
    text
}

async fn check_departments(
    checks: &mut Checks,
    chosen: &[DepartmentId],
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<()> {
    let known = departments::names(connection, workspace).await?;
    if chosen.iter().any(|department| !known.contains_key(department)) {
        checks.fault("departments", ErrorCode::DepartmentUnknown);
    }
    Ok(())
}
