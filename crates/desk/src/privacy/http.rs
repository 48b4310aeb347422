//! Operations on personal data, for administrators.

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use balcao_types::{ContactId, PrivacyDeed, PrivacyRequestId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    erase::EraseContact,
    export::{For, NoteExport, export},
    found::{ContactFound, found},
    requests::{OpenSealed, PrivacyRequest, Wanted, requests},
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    error::{Error, Result},
    files,
    http::{Asked, Body, ErrorAnswer},
};

/// The longest reason, in characters.
const REASON_MAX: usize = 300;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(give_out))
        .routes(routes!(erase))
        .routes(routes!(list))
        .routes(routes!(open_sealed))
}

/// Whose data is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchParameters {
    /// A part of name, e-mail or phone, the contact's number, or a protocol number; 1 to 200 characters.
    search: String,
}

/// Contacts that may be meant.
#[derive(Serialize, ToSchema)]
struct ContactsFound {
    items: Vec<ContactFound>,
    /// Whether there may be more than are shown.
    has_more: bool,
}

/// Finds whose data is meant, the newest first, at most 20.
#[utoipa::path(get, path = "/privacy/contacts", tag = "privacy", operation_id = "find_contacts", params(SearchParameters),
    responses((status = 200, body = ContactsFound), (status = 403, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn search(
    State(desk): State<Desk>,
    may: Grant<ability::ManageWorkspace>,
    Asked(asked): Asked<SearchParameters>,
) -> Result<Json<ContactsFound>> {
    let mut checks = Checks::default();
    let search = checks.required("search", &asked.search, 200);
    checks.finish()?;
    let items = found(desk.store.read(), may.scope.workspace, &search).await?;
    let has_more = items.len() == super::found::MOST;
    Ok(Json(ContactsFound { items, has_more }))
}

/// A document to save.
fn document(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}.json\"");
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text).into_response()
}

/// Everything that is known of a contact, without the company's notes, as one document; that it was given out is kept.
#[utoipa::path(post, path = "/privacy/contacts/{id}/export", tag = "privacy", operation_id = "export_contact",
    params(("id" = ContactId, Path)),
    responses((status = 200, content_type = "application/json", body = Object), (status = 403, body = ErrorAnswer),
        (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn give_out(State(desk): State<Desk>, may: Grant<ability::ManagePrivacy>) -> Result<Response> {
    let (workspace, contact) = (may.scope.workspace, may.subject);
    let known = export(desk.store.read(), &desk, (workspace, contact), For::Person).await?;
    desk.write(NoteExport { may }).await?;
    Ok(document("contact", serde_json::to_string_pretty(&known)?))
}

/// Why somebody is erased.
#[derive(Deserialize, ToSchema)]
struct ErasureForm {
    /// Who asked for it and when, up to 300 characters.
    #[serde(default)]
    reason: String,
}

/// Erases who a contact is and what was written: names, addresses, texts, files. What the company has to keep is kept apart for as many months as
/// its settings say, for owners. It cannot be taken back.
#[utoipa::path(post, path = "/privacy/contacts/{id}/erase", tag = "privacy", operation_id = "erase_contact",
    params(("id" = ContactId, Path)), request_body = ErasureForm,
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn erase(
    State(desk): State<Desk>,
    may: Grant<ability::ManagePrivacy>,
    Body(form): Body<ErasureForm>,
) -> Result<StatusCode> {
    let mut checks = Checks::default();
    let reason = checks.optional("reason", &form.reason, REASON_MAX);
    checks.finish()?;
    let workspace = may.scope.workspace;
    desk.write(EraseContact { desk: desk.clone(), may, reason }).await?;
    // Bytes that cannot be deleted now are deleted by the next sweep.
    if let Err(error) = files::sweep(&desk, workspace).await {
        tracing::warn!(?error, "files of an erased contact are left for the next sweep");
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What was done with personal data.
#[derive(Serialize, ToSchema)]
struct PrivacyRequestsAnswer {
    items: Vec<PrivacyRequest>,
    has_more: bool,
}

/// Which of what was done is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RequestsParameters {
    deed: Option<PrivacyDeed>,
    /// Those alone of which a sealed copy is kept.
    #[serde(default)]
    sealed: bool,
    /// What was done before this one, by its id.
    before: Option<PrivacyRequestId>,
}

/// What was done with personal data, the newest first, 50 at a time.
#[utoipa::path(get, path = "/privacy/requests", tag = "privacy", operation_id = "list_privacy_requests", params(RequestsParameters),
    responses((status = 200, body = PrivacyRequestsAnswer), (status = 403, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn list(
    State(desk): State<Desk>,
    may: Grant<ability::ManageWorkspace>,
    Asked(asked): Asked<RequestsParameters>,
) -> Result<Json<PrivacyRequestsAnswer>> {
    let wanted = Wanted { deed: asked.deed, is_sealed: asked.sealed, before: asked.before };
    let (items, has_more) = requests(desk.store.read(), may.scope.workspace, wanted).await?;
    Ok(Json(PrivacyRequestsAnswer { items, has_more }))
}

/// What is kept apart of somebody who was erased; owners only, and kept that they looked.
#[utoipa::path(post, path = "/privacy/requests/{id}/open", tag = "privacy", operation_id = "open_sealed",
    params(("id" = PrivacyRequestId, Path)),
    responses((status = 200, content_type = "application/json", body = Object), (status = 403, body = ErrorAnswer),
        (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("owner"))))]
async fn open_sealed(State(desk): State<Desk>, scope: Scope, Path(id): Path<String>) -> Result<Response> {
    let request: PrivacyRequestId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    let text = desk.write(OpenSealed { scope, request }).await?;
    Ok(document("sealed", text))
}
