//! A file as a message keeps it, and as it is shown: with addresses that are good for a while.

use balcao_types::{FileId, FileKind, FileState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    links::{Links, Show},
    table,
};

/// A file as its message keeps it, as JSON. It holds no address: those run out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileKept {
    pub id: FileId,
    pub name: String,
    pub kind: FileKind,
    pub media_type: String,
    pub size: i64,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub duration_ms: Option<i64>,
    pub has_preview: bool,
}

impl From<&table::Model> for FileKept {
    fn from(model: &table::Model) -> Self {
        Self {
            id: model.id,
            name: model.name.clone(),
            kind: model.kind,
            media_type: model.media_type.clone(),
            size: model.size,
            width: model.width,
            height: model.height,
            duration_ms: model.duration_ms,
            has_preview: model.has_preview,
        }
    }
}

/// A file in a message. Its addresses need no cookie and are good for 30 to 60 minutes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FileShown {
    pub id: FileId,
    pub name: String,
    pub kind: FileKind,
    /// By its content.
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// In pixels, as it is seen.
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub duration_ms: Option<i64>,
    /// Shows pictures, sounds and films in place; downloads what is an ordinary file.
    pub url: String,
    /// A smaller picture, at most 640 pixels long, where the picture is larger.
    pub preview_url: Option<String>,
    /// Always downloads.
    pub download_url: String,
}

impl FileShown {
    /// A file with fresh addresses.
    pub fn of(kept: &FileKept, links: &Links<'_>) -> Self {
        Self {
            id: kept.id,
            name: kept.name.clone(),
            kind: kept.kind,
            media_type: kept.media_type.clone(),
            size: kept.size,
            width: kept.width,
            height: kept.height,
            duration_ms: kept.duration_ms,
            url: links.sign(kept, Show::InPlace),
            preview_url: kept.has_preview.then(|| links.sign(kept, Show::Preview)),
            download_url: links.sign(kept, Show::Download),
        }
    }
}

/// How far a file has come in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FileUpload {
    pub id: FileId,
    /// How many bytes are durable: where the next piece begins.
    pub received: i64,
    /// In bytes.
    pub size: i64,
    /// `receiving` or `stored`.
    pub state: FileState,
    /// Once it is stored.
    pub file: Option<FileShown>,
}

impl FileUpload {
    pub(super) fn of(model: &table::Model, links: &Links<'_>) -> Self {
        let is_stored = model.state == FileState::Stored;
        Self {
            id: model.id,
            received: model.received,
            size: model.size,
            state: model.state,
            file: is_stored.then(|| FileShown::of(&FileKept::from(model), links)),
        }
    }
}
