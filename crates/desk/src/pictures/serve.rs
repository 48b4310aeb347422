//! Pictures under their public addresses, for the company's sites as well as for our own pages.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use balcao_types::{ErrorCode, PictureId};
use sea_orm::EntityTrait;

use super::table;
use crate::{
    Desk,
    error::{Error, Result},
};

/// The addresses of pictures, outside `/api`.
pub fn pictures_router() -> Router<Desk> {
    Router::new().route("/pictures/{id}", get(serve))
}

/// Answers a picture. What it shows never changes under its id.
async fn serve(State(desk): State<Desk>, Path(id): Path<String>, headers: HeaderMap) -> Result<Response> {
    let id: PictureId = id.parse().map_err(|_not_an_id| Error::refused(ErrorCode::NotFound))?;
    let tag = format!("\"{}\"", id.0.simple());
    let is_known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) == Some(tag.as_str());
    let model = table::Entity::find_by_id(id).one(desk.store.read()).await?.ok_or(Error::not_found())?;
    let head = [
        (header::CONTENT_TYPE, model.media_type.as_str()),
        (header::ETAG, tag.as_str()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    Ok((head, model.bytes.clone()).into_response())
}
