//! Operations on visitors' files. A visitor never learns of a note's file.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Request, State},
    http::StatusCode,
};
use balcao_types::{AuthorKind, FileId};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    FileForm, FileKept, FileShown, FileUpload, Owner,
    http::{begun, discard_own, file_id, limits, piece},
    queries::{held, own_file},
    receive::receive,
};
use crate::{
    Desk,
    connections::Site,
    conversations,
    error::{Error, Result},
    http::{Body, ClientAddress, ErrorAnswer},
    visitors::{Ticket, count_request, open_site},
};

/// The operations of the visitors' side.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(begin)).routes(routes!(show, append, discard)).routes(routes!(fresh))
}

fn owner(ticket: &Ticket) -> Owner {
    Owner { workspace: ticket.workspace, kind: AuthorKind::Visitor, id: ticket.contact.0 }
}

/// Whether this visitor may send files now.
async fn admit(desk: &Desk, ticket: &Ticket) -> Result<Arc<Site>> {
    count_request(desk, ticket)?;
    let site = open_site(desk, ticket).await?;
    if site.settings.visitor_files { Ok(site) } else { Err(Error::forbidden()) }
}

/// Begins to send a file as the visitor. Its bytes follow in pieces; then a message may hold it.
#[utoipa::path(post, path = "/visitor/files", tag = "visitors", operation_id = "begin_file", request_body = FileForm,
    responses((status = 201, body = FileUpload), (status = 200, body = FileUpload, description = "begun before under the same client id"),
        (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer),
        (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn begin(
    State(desk): State<Desk>,
    ticket: Ticket,
    address: ClientAddress,
    Body(form): Body<FileForm>,
) -> Result<(StatusCode, Json<FileUpload>)> {
    admit(&desk, &ticket).await?;
    let limits = limits(&desk, ticket.workspace).await?;
    let begin = form.checked(owner(&ticket), limits, desk.config.largest_file_mb)?;
    let key = address.key();
    desk.limits.uploads.check(&key).map_err(Error::too_many)?;
    desk.limits.upload_megabytes.check_many(&key, begin.megabytes()).map_err(Error::too_many)?;
    let begin = begin.with_waiting_max(desk.config.waiting_bytes_per_visitor);
    Ok(begun(&desk, desk.write(begin).await?))
}

/// How far an own file has come in, after a break.
#[utoipa::path(get, path = "/visitor/files/{id}", tag = "visitors", operation_id = "show_file", params(("id" = FileId, Path)),
    responses((status = 200, body = FileUpload), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn show(State(desk): State<Desk>, ticket: Ticket, Path(id): Path<String>) -> Result<Json<FileUpload>> {
    admit(&desk, &ticket).await?;
    let file = own_file(desk.store.read(), &owner(&ticket), file_id(&id)?).await?;
    Ok(Json(FileUpload::of(&file, &desk.links())))
}

/// Sends a piece: 1 byte to 4 MiB. It is on disk when the answer comes. The one that completes the file has its content checked.
#[utoipa::path(patch, path = "/visitor/files/{id}", tag = "visitors", operation_id = "append_to_file",
    params(("id" = FileId, Path), ("Upload-Offset" = i64, Header, description = "where the piece begins: what `received` said")),
    request_body(content_type = "application/octet-stream", description = "the bytes"),
    responses((status = 200, body = FileUpload), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer, description = "`detail.received` says where to go on"), (status = 413, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer), (status = 503, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn append(
    State(desk): State<Desk>,
    ticket: Ticket,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<FileUpload>> {
    admit(&desk, &ticket).await?;
    let piece = piece(file_id(&id)?, request)?;
    receive(&desk, &owner(&ticket), piece).await.map(Json)
}

/// Deletes an own file that no message holds.
#[utoipa::path(delete, path = "/visitor/files/{id}", tag = "visitors", operation_id = "discard_file", params(("id" = FileId, Path)),
    responses((status = 204), (status = 401, body = ErrorAnswer), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 429, body = ErrorAnswer), (status = 503, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn discard(State(desk): State<Desk>, ticket: Ticket, Path(id): Path<String>) -> Result<StatusCode> {
    admit(&desk, &ticket).await?;
    discard_own(&desk, &owner(&ticket), file_id(&id)?).await
}

/// A file of one of the visitor's own entries, with fresh addresses.
#[utoipa::path(get, path = "/visitor/files/{id}/link", tag = "visitors", operation_id = "link_file", params(("id" = FileId, Path)),
    responses((status = 200, body = FileShown), (status = 401, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn fresh(State(desk): State<Desk>, ticket: Ticket, Path(id): Path<String>) -> Result<Json<FileShown>> {
    count_request(&desk, &ticket)?;
    open_site(&desk, &ticket).await?;
    let read = desk.store.read();
    let workspace = ticket.workspace;
    let found = held(read, workspace, file_id(&id)?).await?;
    let (file, conversation, position) = found.ok_or(Error::not_found())?;
    conversations::places_of_visitor(read, workspace, ticket.contact, conversation).await?.ok_or(Error::not_found())?;
    let lines = conversations::messages_at(read, workspace, &[(conversation, position)]).await?;
    // A note has no number for the visitor.
    if lines.first().is_none_or(|(_, line)| line.seq.is_none()) {
        return Err(Error::not_found());
    }
    Ok(Json(FileShown::of(&FileKept::from(&file), &desk.links())))
}
