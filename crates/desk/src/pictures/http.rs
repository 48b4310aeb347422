//! The operation by which a picture comes in.

use axum::{
    Json,
    extract::{FromRequest, Request, State},
    http::{StatusCode, header},
};
use balcao_platform::media::Refused;
use balcao_types::{ErrorCode, PictureId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::keep::KeepPicture;
use crate::{
    Desk,
    access::{Grant, ability},
    error::{Error, Result},
    http::{ErrorAnswer, whole_body},
};

/// The largest picture that is taken, in bytes.
const PICTURE_MAX: usize = 4 * 1024 * 1024;
/// The longest side of what is kept, in pixels.
const SIDE: u32 = 512;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(add))
}

/// A picture that is kept.
#[derive(Serialize, ToSchema)]
struct PictureAnswer {
    id: PictureId,
    /// Where everybody sees it.
    url: String,
    width: u32,
    height: u32,
}

/// The body of a request, whatever it says that it is.
struct PictureBytes(Vec<u8>);

impl FromRequest<Desk> for PictureBytes {
    type Rejection = Error;

    async fn from_request(request: Request, _desk: &Desk) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("image/")) {
            return Err(Error::refused(ErrorCode::UnsupportedMediaType));
        }
        let bytes = whole_body(request, PICTURE_MAX).await?;
        Ok(Self(bytes.into()))
    }
}

/// Keeps a picture for show: PNG, JPEG or WebP by its content, up to 4 MiB. It is made to fit into 512 by 512 pixels and written anew, so that
/// nothing else of the file stays. Until something that shows it is saved, it is kept for a day.
#[utoipa::path(post, path = "/pictures", tag = "pictures", request_body(content = Vec<u8>, content_type = "image/*"),
    responses((status = 201, body = PictureAnswer), (status = 403, body = ErrorAnswer), (status = 413, body = ErrorAnswer),
        (status = 415, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("connections_manage"))))]
async fn add(
    State(desk): State<Desk>,
    may: Grant<ability::ManageConnections>,
    PictureBytes(bytes): PictureBytes,
) -> Result<(StatusCode, Json<PictureAnswer>)> {
    if bytes.is_empty() {
        return Err(Error::field("picture", ErrorCode::Required));
    }
    let shrunk = desk.inspector.shrink(bytes, SIDE).await;
    let shrunk = shrunk.map_err(|error| Error::Failed(format!("a picture was not looked at: {error}")))?;
    let picture = shrunk.map_err(|why| match why {
        Refused::TooManyPixels => Error::field("picture", ErrorCode::PictureTooLarge),
        Refused::Mismatch | Refused::Program => Error::field("picture", ErrorCode::PictureInvalid),
    })?;
    let (width, height) = (picture.width, picture.height);
    let id = desk.write(KeepPicture { may, picture }).await?;
    let url = format!("{}/pictures/{id}", desk.config.public_url);
    Ok((StatusCode::CREATED, Json(PictureAnswer { id, url, width, height })))
}
