//! Operations on agents' files, and fresh addresses for a file of a conversation.

use axum::{
    Json,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
};
use balcao_types::{AuthorKind, ConversationId, ErrorCode, FileId, settings::FileLimits};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    FileForm, FileKept, FileShown, FileUpload, Owner, Piece,
    drop::drop_upload,
    queries::{held, own_file},
    receive::receive,
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    error::{Error, Result},
    http::{Body, ErrorAnswer},
    workspaces,
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(begin)).routes(routes!(show, append, discard)).routes(routes!(fresh))
}

fn owner(scope: &Scope) -> Owner {
    Owner { workspace: scope.workspace, kind: AuthorKind::Agent, id: scope.agent.agent.0 }
}

/// Begins to send a file. Its bytes follow in pieces; then a message may hold it (P-120).
#[utoipa::path(post, path = "/files", tag = "files", request_body = FileForm,
    responses((status = 201, body = FileUpload), (status = 200, body = FileUpload, description = "begun before under the same client id"),
        (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn begin(
    State(desk): State<Desk>,
    may: Grant<ability::SendFiles>,
    Body(form): Body<FileForm>,
) -> Result<(StatusCode, Json<FileUpload>)> {
    let limits = limits(&desk, may.scope.workspace).await?;
    let begin = form.checked(owner(&may.scope), limits, desk.config.largest_file_mb)?;
    Ok(begun(&desk, desk.write(begin).await?))
}

/// The answer to a beginning.
pub(super) fn begun(desk: &Desk, (file, is_repeat): (super::table::Model, bool)) -> (StatusCode, Json<FileUpload>) {
    let status = if is_repeat { StatusCode::OK } else { StatusCode::CREATED };
    (status, Json(FileUpload::of(&file, &desk.links())))
}

/// A workspace's limits on files.
pub(super) async fn limits(desk: &Desk, workspace: balcao_types::WorkspaceId) -> Result<FileLimits> {
    let workspace = workspaces::by_id(desk.store.read(), workspace).await?;
    Ok(workspace.map_or(FileLimits::default(), |workspace| workspace.settings.files))
}

/// How far an own file has come in, after a break.
#[utoipa::path(get, path = "/files/{id}", tag = "files", params(("id" = FileId, Path)),
    responses((status = 200, body = FileUpload), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn show(
    State(desk): State<Desk>,
    may: Grant<ability::SendFiles>,
    Path(id): Path<String>,
) -> Result<Json<FileUpload>> {
    let file = own_file(desk.store.read(), &owner(&may.scope), file_id(&id)?).await?;
    Ok(Json(FileUpload::of(&file, &desk.links())))
}

/// Sends a piece: 1 byte to 4 MiB. It is on disk when the answer comes. The one that completes the file has its content checked (P-121).
#[utoipa::path(patch, path = "/files/{id}", tag = "files",
    params(("id" = FileId, Path), ("Upload-Offset" = i64, Header, description = "where the piece begins: what `received` said")),
    request_body(content_type = "application/octet-stream", description = "the bytes"),
    responses((status = 200, body = FileUpload), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer, description = "`detail.received` says where to go on"), (status = 413, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer), (status = 503, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn append(
    State(desk): State<Desk>,
    may: Grant<ability::SendFiles>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<FileUpload>> {
    let piece = piece(file_id(&id)?, request)?;
    receive(&desk, &owner(&may.scope), piece).await.map(Json)
}

/// Deletes an own file that no message holds.
#[utoipa::path(delete, path = "/files/{id}", tag = "files", params(("id" = FileId, Path)),
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 503, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn discard(
    State(desk): State<Desk>,
    may: Grant<ability::SendFiles>,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    discard_own(&desk, &owner(&may.scope), file_id(&id)?).await
}

/// Deletes an owner's file that no message holds.
pub(super) async fn discard_own(desk: &Desk, owner: &Owner, id: FileId) -> Result<StatusCode> {
    let file = own_file(desk.store.read(), owner, id).await?;
    let _turn = desk.uploads.take(id).await;
    drop_upload(desk, &file).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A conversation's file with fresh addresses.
#[utoipa::path(get, path = "/conversations/{id}/files/{file}", tag = "files",
    params(("id" = ConversationId, Path), ("file" = FileId, Path)),
    responses((status = 200, body = FileShown), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_view"))))]
async fn fresh(
    State(desk): State<Desk>,
    may: Grant<ability::View>,
    Path((_conversation, file)): Path<(String, String)>,
) -> Result<Json<FileShown>> {
    let found = held(desk.store.read(), may.scope.workspace, file_id(&file)?).await?;
    let (file, ..) = found.filter(|(_, conversation, _)| *conversation == may.subject).ok_or(Error::not_found())?;
    Ok(Json(FileShown::of(&FileKept::from(&file), &desk.links())))
}

/// A file's id in a path.
pub(super) fn file_id(text: &str) -> Result<FileId> {
    text.parse().map_err(|_not_an_id| Error::not_found())
}

/// A piece in a request.
///
/// # Errors
/// 415 for another type, 422 for a header that is missing or no number.
pub(super) fn piece(file: FileId, request: Request) -> Result<Piece> {
    let headers = request.headers();
    if text(headers, header::CONTENT_TYPE.as_str()) != Some("application/octet-stream") {
        return Err(Error::refused(ErrorCode::UnsupportedMediaType));
    }
    let offset = text(headers, "upload-offset").ok_or(Error::field("Upload-Offset", ErrorCode::Required))?;
    let offset = offset.parse().map_err(|_no_number| Error::field("Upload-Offset", ErrorCode::InvalidValue))?;
    Ok(Piece { file, offset, body: request.into_body() })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
