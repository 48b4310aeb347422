//! A piece of a file: on the disk before it is counted, counted before it is answered.

use std::time::Duration;

use axum::body::Body;
use balcao_platform::blobs::{Fault, Incoming};
use balcao_types::{ErrorCode, FileId, FileState};
use futures_util::StreamExt;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use super::{FileUpload, Owner, drop::drop_upload, finish::finish, queries::own_file, table::Model, turns::Turn};
use crate::{
    Desk,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// The largest piece, in bytes.
const PIECE_MAX: u64 = 4 * 1024 * 1024;

/// How long a piece may take to arrive.
const BODY_WAIT: Duration = Duration::from_secs(60);

/// A piece as it is sent.
pub struct Piece {
    pub file: FileId,
    /// Where it begins in the file.
    pub offset: i64,
    pub body: Body,
}

/// Takes a piece. The one that completes the file also has it looked into and stored.
///
/// # Errors
/// 409 with what was received when the piece begins elsewhere, 413 and 422 when it is too long, 422 when the whole file is not what it was sent
/// as, 503 when the storage cannot be used now.
pub async fn receive(desk: &Desk, owner: &Owner, piece: Piece) -> Result<FileUpload> {
    // A stranger does not even disturb whoever is at it.
    own_file(desk.store.read(), owner, piece.file).await?;
    let turn = desk.uploads.take(piece.file).await;
    let model = own_file(desk.store.read(), owner, piece.file).await?;
    if model.state != FileState::Receiving || model.received != piece.offset {
        return Err(elsewhere(model.received));
    }
    let left = u64::try_from(model.size - model.received).unwrap_or(0);
    let offset = u64::try_from(model.received).unwrap_or(0);
    let incoming = match desk.blobs.receive(model.id.0, offset).await {
        // What came before is lost; the sender begins anew.
        Err(Fault::Missing) => {
            drop_upload(desk, &model).await?;
            return Err(Error::not_found());
        }
        incoming => incoming.map_err(|fault| storage_failed(&fault))?,
    };
    let incoming = tokio::time::timeout(BODY_WAIT, take(incoming, piece.body, left, &turn))
        .await
        .map_err(|_unfinished| Error::refused(ErrorCode::Malformed))??;
    let length = incoming.length();
    incoming.commit().await.map_err(|fault| storage_failed(&fault))?;
    if length < left {
        let received = model.received + i64::try_from(length).unwrap_or(0);
        desk.write(MoveOn { file: model.id, from: model.received, to: received }).await?;
        return Ok(FileUpload::of(&Model { received, ..model }, &desk.links()));
    }
    // A sender who goes away now does not break off what is under way.
    let (finishing, file) = (desk.clone(), model);
    let finished = tokio::spawn(async move {
        let finished = finish(&finishing, &file).await;
        drop(turn);
        finished
    });
    let stored = finished.await.map_err(|error| Error::Failed(error.to_string()))??;
    Ok(FileUpload::of(&stored, &desk.links()))
}

/// Writes what comes, chunk by chunk.
async fn take(mut incoming: Incoming, body: Body, left: u64, turn: &Turn) -> Result<Incoming> {
    let mut chunks = body.into_data_stream();
    loop {
        let chunk = tokio::select! {
            chunk = chunks.next() => chunk,
            // The same sender again, who will go on: nothing final.
            () = turn.wanted() => return Err(Error::too_many(1)),
        };
        let Some(chunk) = chunk else { break };
        let chunk = chunk.map_err(|_broken_off| Error::refused(ErrorCode::Malformed))?;
        let length = incoming.length() + chunk.len() as u64;
        if length > PIECE_MAX {
            return Err(Error::refused(ErrorCode::TooLarge));
        }
        if length > left {
            return Err(Error::field("body", ErrorCode::InvalidValue));
        }
        incoming.write(&chunk).await.map_err(|fault| storage_failed(&fault))?;
    }
    if incoming.length() == 0 { Err(Error::field("body", ErrorCode::Required)) } else { Ok(incoming) }
}

/// The refusal of a piece that does not begin where the last one ended.
fn elsewhere(received: i64) -> Error {
    Error::refused_with(ErrorCode::UploadOffset, json!({ "received": received }))
}

/// The storage is away: nothing was counted, and the sender is to try again.
pub(super) fn storage_failed(fault: &Fault) -> Error {
    tracing::error!(%fault, "the storage for files failed; the sender tries again");
    Error::unavailable(5)
}

/// Counts a piece, unless another one was counted meanwhile.
struct MoveOn {
    file: FileId,
    from: i64,
    to: i64,
}

impl Command for MoveOn {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let moved = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "UPDATE files SET received = $3 WHERE id = $1 AND received = $2 AND state = 'receiving'",
                [self.file.into(), self.from.into(), self.to.into()],
            ))
            .await?;
        if moved.rows_affected() == 1 { Ok(()) } else { Err(elsewhere(self.from)) }
    }
}
