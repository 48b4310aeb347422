//! A file that has come in whole: looked into, stored, written down, in this order. Whatever breaks off in between is done again with the
//! last piece.

use balcao_platform::{
    blobs::Fault,
    media::{Inspected, Outcome, Refused},
};
use balcao_types::{ErrorCode, FileId, FileKind, FileState};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};

use super::{
    drop::drop_unfinished,
    receive::storage_failed,
    table::{Entity, Model},
};
use crate::{
    Desk,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Looks into a file and stores it.
///
/// # Errors
/// 422 when it is not what it was sent as; the upload is gone then. 503 when the storage cannot be used now.
pub async fn finish(desk: &Desk, file: &Model) -> Result<Model> {
    let size = u64::try_from(file.size).unwrap_or(0);
    let assembled = match desk.blobs.assemble(file.id.0, size).await {
        // Another node may have stored it and forgotten its pieces.
        Err(Fault::Missing) => return ended_elsewhere(desk, file).await,
        assembled => assembled.map_err(|fault| storage_failed(&fault))?,
    };
    let looked = desk.inspector.inspect(assembled.path(), &file.name, file.kind, file.owner_kind).await;
    let found = match looked.map_err(|error| storage_failed(&error.into()))? {
        Outcome::Taken(found) => found,
        Outcome::Refused(why) => {
            drop_unfinished(desk, file).await?;
            return Err(Error::field("file", code_of(why)));
        }
    };
    desk.blobs.keep(file.id.0, &assembled).await.map_err(|fault| storage_failed(&fault))?;
    drop(assembled);
    let stored = stored_as(file, &found);
    if let Some(preview) = found.preview {
        desk.blobs.keep_preview(file.id.0, preview).await.map_err(|fault| storage_failed(&fault))?;
    }
    if !desk.write(Store { file: stored.clone() }).await? {
        return ended_elsewhere(desk, file).await;
    }
    if let Err(fault) = desk.blobs.forget_pieces(file.id.0).await {
        tracing::warn!(%fault, "the pieces of a stored file stay until the sweep");
    }
    Ok(stored)
}

/// What became of a file that is not coming in any more: stored by another node, which took the last piece at the same time, or deleted.
async fn ended_elsewhere(desk: &Desk, file: &Model) -> Result<Model> {
    let now = Entity::find_by_id(file.id).one(desk.store.read()).await?;
    match now {
        Some(stored) if stored.state == FileState::Stored => return Ok(stored),
        Some(receiving) if receiving.state == FileState::Receiving => drop_unfinished(desk, file).await?,
        // It was deleted meanwhile: nothing of it stays.
        _ => delete_blobs(desk, file.id).await,
    }
    Err(Error::not_found())
}

const fn code_of(why: Refused) -> ErrorCode {
    match why {
        Refused::Mismatch => ErrorCode::FileTypeMismatch,
        Refused::Program => ErrorCode::FileTypeRefused,
        Refused::TooManyPixels => ErrorCode::PictureTooLarge,
    }
}

fn stored_as(file: &Model, found: &Inspected) -> Model {
    Model {
        media_type: found.media_type.clone(),
        received: file.size,
        state: FileState::Stored,
        width: found.width,
        height: found.height,
        duration_ms: found.duration_ms.or(file.duration_ms.filter(|_| file.kind != FileKind::Image)),
        has_preview: found.preview.is_some(),
        ..file.clone()
    }
}

async fn delete_blobs(desk: &Desk, file: FileId) {
    if let Err(fault) = desk.blobs.delete(file.0).await {
        tracing::error!(%fault, %file, "the bytes of a deleted file stay in the storage");
    }
}

/// Writes down that a file is stored; answers whether it was still coming in.
struct Store {
    file: Model,
}

impl Command for Store {
    type Answer = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let file = &self.file;
        let written = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "UPDATE files SET state = 'stored', received = size, media_type = $2, width = $3, height = $4, \
                 duration_ms = $5, has_preview = $6 WHERE id = $1 AND state = 'receiving'",
                [
                    file.id.into(),
                    file.media_type.clone().into(),
                    file.width.into(),
                    file.height.into(),
                    file.duration_ms.into(),
                    file.has_preview.into(),
                ],
            ))
            .await?;
        Ok(written.rows_affected() == 1)
    }
}
