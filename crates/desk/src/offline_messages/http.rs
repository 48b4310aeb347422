//! Operations on offline messages, for agents.

use axum::{
    Json,
    extract::{Path, State},
};
use balcao_types::{
    ClientId, ContactId, DepartmentId, ErrorCode, FileId, OfflineMessageId, OfflineState,
    rules::text::{MESSAGE_MAX, is_blank},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    convert::Convert,
    list::{OfflineCounters, Wanted, counters, list},
    queries::{OfflineMessageRow, OfflineMessageShown, shown},
    read::MarkRead,
    readdress::Readdress,
    reply::{Reply, RetryReply},
    visitor_http::checked_files,
    visitor_router,
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    error::{Error, Result},
    http::{Asked, Body, ErrorAnswer},
    mail,
    tickets::{self, TicketShown},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(messages))
        .routes(routes!(count))
        .routes(routes!(show, readdress))
        .routes(routes!(mark_read))
        .routes(routes!(reply))
        .routes(routes!(retry_reply))
        .routes(routes!(to_ticket))
        .merge(visitor_router())
}

/// Which messages are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    /// All but those that go on as tickets when absent.
    state: Option<OfflineState>,
    department: Option<DepartmentId>,
    /// What one contact has left.
    contact: Option<ContactId>,
    /// A part of the customer's name or e-mail, up to 200 characters.
    search: Option<String>,
    /// The messages before this one, by its id.
    before: Option<OfflineMessageId>,
}

/// Offline messages, newest first.
#[derive(Serialize, ToSchema)]
struct OfflineMessagesAnswer {
    items: Vec<OfflineMessageRow>,
    has_more: bool,
    counters: OfflineCounters,
    /// Whether replies can be sent: the company's mail is set up.
    can_reply: bool,
}

/// The offline messages of one's departments, 50 at a time (T-151, T-154).
#[utoipa::path(get, path = "/offline-messages", tag = "offline_messages", params(ListParameters),
    responses((status = 200, body = OfflineMessagesAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn messages(
    State(desk): State<Desk>,
    scope: Scope,
    Asked(asked): Asked<ListParameters>,
) -> Result<Json<OfflineMessagesAnswer>> {
    let mut checks = Checks::default();
    let search = checks.optional("search", asked.search.as_deref().unwrap_or(""), 200);
    checks.finish()?;
    let ListParameters { state, department, contact, before, .. } = asked;
    let wanted = Wanted { state, department, contact, search, before };
    let read = desk.store.read();
    let (items, has_more) = list(read, &scope, &wanted).await?;
    let counters = counters(read, &scope).await?;
    let can_reply = mail::sends(read, scope.workspace).await?;
    Ok(Json(OfflineMessagesAnswer { items, has_more, counters, can_reply }))
}

/// How many offline messages of one's departments want to be looked at.
#[utoipa::path(get, path = "/offline-messages/counters", tag = "offline_messages", operation_id = "count_offline_messages",
    responses((status = 200, body = OfflineCounters)), extensions(("x-permission" = json!("session"))))]
async fn count(State(desk): State<Desk>, scope: Scope) -> Result<Json<OfflineCounters>> {
    Ok(Json(counters(desk.store.read(), &scope).await?))
}

/// One offline message with its replies, in their order (T-152, T-155).
#[utoipa::path(get, path = "/offline-messages/{id}", tag = "offline_messages", operation_id = "show_offline_message",
    params(("id" = OfflineMessageId, Path)),
    responses((status = 200, body = OfflineMessageShown), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_view"))))]
async fn show(State(desk): State<Desk>, may: Grant<ability::ViewOffline>) -> Result<Json<OfflineMessageShown>> {
    shown(&desk, may.scope.workspace, may.subject).await.map(Json)
}

/// Says that what the customer wrote last has been looked at.
#[utoipa::path(put, path = "/offline-messages/{id}/read", tag = "offline_messages", params(("id" = OfflineMessageId, Path)),
    responses((status = 200, body = OfflineMessageShown), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn mark_read(State(desk): State<Desk>, may: Grant<ability::ReplyOffline>) -> Result<Json<OfflineMessageShown>> {
    let (workspace, message) = (may.scope.workspace, may.subject);
    desk.write(MarkRead { may }).await?;
    shown(&desk, workspace, message).await.map(Json)
}

/// A reply.
#[derive(Deserialize, ToSchema)]
struct OfflineReplyForm {
    /// Makes sending safe to repeat.
    client_id: ClientId,
    /// 1 to 10,000 characters.
    text: String,
    /// Own files that are stored and in no message yet, at most 10 and 15 MB together: they go with it.
    #[serde(default)]
    files: Vec<FileId>,
}

/// The address to which replies go.
#[derive(Deserialize, ToSchema)]
struct OfflineAddressForm {
    email: String,
}

/// Corrects the customer's address. Replies go to the new one, those that came back when they are sent again; what it was stands among the
/// entries.
#[utoipa::path(patch, path = "/offline-messages/{id}", tag = "offline_messages", operation_id = "readdress_offline_message",
    params(("id" = OfflineMessageId, Path)), request_body = OfflineAddressForm,
    responses((status = 200, body = OfflineMessageShown), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn readdress(
    State(desk): State<Desk>,
    may: Grant<ability::ReplyOffline>,
    Body(form): Body<OfflineAddressForm>,
) -> Result<Json<OfflineMessageShown>> {
    let (workspace, message) = (may.scope.workspace, may.subject);
    let mut checks = Checks::default();
    let email = checks.email("email", &form.email);
    checks.finish()?;
    desk.write(Readdress { may, email }).await?;
    shown(&desk, workspace, message).await.map(Json)
}

/// Replies by e-mail to the address that the customer left (T-152). The mail is on its way when this is answered.
#[utoipa::path(post, path = "/offline-messages/{id}/replies", tag = "offline_messages", operation_id = "reply_offline_message",
    params(("id" = OfflineMessageId, Path)), request_body = OfflineReplyForm,
    responses((status = 200, body = OfflineMessageShown), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn reply(
    State(desk): State<Desk>,
    may: Grant<ability::ReplyOffline>,
    Body(form): Body<OfflineReplyForm>,
) -> Result<Json<OfflineMessageShown>> {
    let (workspace, message) = (may.scope.workspace, may.subject);
    let mut checks = Checks::default();
    let text = checks.optional("text", &form.text, MESSAGE_MAX);
    if is_blank(&text) {
        checks.fault("text", ErrorCode::Required);
    }
    let files = checked_files(&mut checks, form.files);
    checks.finish()?;
    let mark = mail::mark_of(&desk.tickets, message)?;
    desk.write(Reply { may, client_id: form.client_id, text, files, mark }).await?;
    shown(&desk, workspace, message).await.map(Json)
}

/// Sends a reply that failed once more (T-156).
#[utoipa::path(post, path = "/offline-messages/{id}/replies/{reply}/retry", tag = "offline_messages",
    params(("id" = OfflineMessageId, Path), ("reply" = balcao_types::OfflineEntryId, Path)),
    responses((status = 200, body = OfflineMessageShown), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn retry_reply(
    State(desk): State<Desk>,
    may: Grant<ability::ReplyOffline>,
    Path((_message, entry)): Path<(String, String)>,
) -> Result<Json<OfflineMessageShown>> {
    let (workspace, message) = (may.scope.workspace, may.subject);
    let entry = entry.parse().map_err(|_not_an_id| Error::not_found())?;
    desk.write(RetryReply { may, entry }).await?;
    shown(&desk, workspace, message).await.map(Json)
}

/// Makes a ticket of a message (T-160). One that is a ticket already is answered as the one it is.
#[utoipa::path(post, path = "/offline-messages/{id}/ticket", tag = "offline_messages", operation_id = "convert_offline_message",
    params(("id" = OfflineMessageId, Path)),
    responses((status = 200, body = TicketShown), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn to_ticket(State(desk): State<Desk>, may: Grant<ability::ReplyOffline>) -> Result<Json<TicketShown>> {
    let scope = may.scope.clone();
    let ticket = desk.write(Convert { may }).await?;
    tickets::shown(&desk, &scope, ticket).await.map(Json)
}
