//! The operation by which a customer leaves a message.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use balcao_types::{
    ClientId, DepartmentId, ErrorCode, FileId,
    rules::text::{MESSAGE_MAX, is_blank},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::leave::Leave;
use crate::{
    Desk,
    challenges::{admit, again, begun},
    checks::Checks,
    conversations::Page,
    error::{Error, Result},
    http::{AskedLanguage, Body, ClientAddress, ErrorAnswer},
    visitors::{Ticket, count_request, open_site},
    workspaces,
};

/// The most files in one message.
const FILES_MAX: usize = 10;

/// Files in the order in which they are locked, each once; none where there are too many.
pub(super) fn checked_files(checks: &mut Checks, mut files: Vec<FileId>) -> Vec<FileId> {
    files.sort_unstable();
    files.dedup();
    if files.len() > FILES_MAX {
        checks.limited("files", ErrorCode::TooMany, FILES_MAX);
        files.clear();
    }
    files
}

/// The visitors' operation.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(leave))
}

/// A message that is answered by e-mail.
#[derive(Deserialize, ToSchema)]
struct OfflineMessageForm {
    /// Makes sending safe to repeat.
    id: ClientId,
    /// 1 to 120 characters.
    name: String,
    /// Where the answer goes.
    email: String,
    /// Where the visitor chooses; absent takes the connection's or the default.
    department: Option<DepartmentId>,
    /// 1 to 10,000 characters.
    text: String,
    /// Own files that are stored and in no message yet, at most 10.
    #[serde(default)]
    files: Vec<FileId>,
    page: Option<Page>,
    /// Anything: agrees to what the company asks.
    consent: Option<String>,
    /// Nobody sees this field; what fills it in is no person (T-162).
    #[serde(default)]
    website: String,
    /// A solved challenge, where one is needed.
    proof: Option<String>,
}

/// That it is kept.
#[derive(Serialize, ToSchema)]
struct OfflineMessageLeft {
    is_kept: bool,
}

/// Leaves a message that is answered by e-mail, while nobody is online (T-150).
#[utoipa::path(post, path = "/visitor/offline-messages", tag = "offline_messages", request_body = OfflineMessageForm,
    responses((status = 201, body = OfflineMessageLeft), (status = 401, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn leave(
    State(desk): State<Desk>,
    ticket: Ticket,
    address: ClientAddress,
    language: AskedLanguage,
    Body(form): Body<OfflineMessageForm>,
) -> Result<(StatusCode, Json<OfflineMessageLeft>)> {
    count_request(&desk, &ticket)?;
    let site = open_site(&desk, &ticket).await?;
    let mut checks = Checks::default();
    let name = checks.required("name", &form.name, 120);
    let email = checks.email("email", &form.email);
    let text = checks.optional("text", &form.text, MESSAGE_MAX);
    if is_blank(&text) {
        checks.fault("text", ErrorCode::Required);
    }
    let files = checked_files(&mut checks, form.files);
    if !files.is_empty() && !site.settings.visitor_files {
        checks.fault("files", ErrorCode::FileUnknown);
    }
    checks.finish()?;
    let left = (StatusCode::CREATED, Json(OfflineMessageLeft { is_kept: true }));
    if !form.website.is_empty() {
        // It learns nothing from the answer.
        return Ok(left);
    }
    let admitted = admit(&desk, &site, &ticket, address, form.proof.as_deref())?;
    desk.limits.offline_messages.check(&address.key()).map_err(Error::too_many)?;
    desk.limits.connection_offline_messages.check(&site.id.to_string()).map_err(Error::too_many)?;
    let language = match site.settings.language.fixed().or(language.0) {
        Some(language) => language,
        None => workspaces::by_id(desk.store.read(), site.workspace).await?.ok_or(Error::not_found())?.language,
    };
    let command = Leave {
        site: Arc::clone(&site),
        sender: ticket.contact,
        client_id: form.id,
        language,
        name,
        email,
        department: form.department,
        text,
        files,
        page: form.page.and_then(Page::checked),
        has_consent: form.consent.is_some_and(|consent| !is_blank(&consent)),
        admitted,
    };
    desk.write(command).await.map_err(|error| again(&desk, &site, &ticket, address, error))?;
    begun(&desk, &site, address);
    Ok(left)
}
