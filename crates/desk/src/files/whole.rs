//! Files that the program itself brings whole: the sample company's, and those that came by mail. Their bytes are stored first; the row follows in the command that puts them
//! into a message, since before it there is nobody whose they could be. Their ids are the caller's, the same at each attempt: what a crash in
//! between has left is written over by the next one.

use balcao_platform::media::{Outcome, clean_name, is_refused_name};
use balcao_types::{AuthorKind, ClientId, FileId, FileKind, FileState};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    Owner,
    receive::storage_failed,
    table::{ActiveModel, Entity},
};
use crate::{
    Desk,
    error::{Error, Result},
    tx::Tx,
};

/// A file whose bytes are in the storage and that has no row yet.
#[derive(Clone, Debug)]
pub struct Whole {
    id: FileId,
    name: String,
    kind: FileKind,
    size: i64,
    media_type: String,
    width: Option<i64>,
    height: Option<i64>,
    duration_ms: Option<i64>,
    has_preview: bool,
}

impl Whole {
    /// Looks into bytes and stores them under an id; doing it again replaces them.
    ///
    /// # Errors
    /// When they are not of this kind, or the storage cannot be used.
    pub async fn store(desk: &Desk, id: FileId, (name, kind): (&str, FileKind), bytes: &[u8]) -> Result<Self> {
        let stored = Self::try_store(desk, id, (name, kind, AuthorKind::Agent), bytes).await?;
        stored.ok_or_else(|| Error::Failed(format!("{name} is no {kind}")))
    }

    /// The same for what somebody else has brought; none where it is not of this kind, or of one that nobody may send.
    ///
    /// # Errors
    /// When the storage cannot be used.
    pub async fn try_store(
        desk: &Desk,
        id: FileId,
        (name, kind, author): (&str, FileKind, AuthorKind),
        bytes: &[u8],
    ) -> Result<Option<Self>> {
        if is_refused_name(name) {
            return Ok(None);
        }
        let blobs = &desk.blobs;
        let failed = |fault| storage_failed(&fault);
        let mut incoming = blobs.receive(id.0, 0).await.map_err(failed)?;
        incoming.write(bytes).await.map_err(failed)?;
        incoming.commit().await.map_err(failed)?;
        let assembled = blobs.assemble(id.0, bytes.len() as u64).await.map_err(failed)?;
        let looked = desk.inspector.inspect(assembled.path(), name, kind, author).await;
        let Outcome::Taken(found) = looked.map_err(|error| storage_failed(&error.into()))? else {
            blobs.delete(id.0).await.map_err(failed)?;
            return Ok(None);
        };
        blobs.keep(id.0, &assembled).await.map_err(failed)?;
        let has_preview = found.preview.is_some();
        if let Some(preview) = found.preview {
            blobs.keep_preview(id.0, preview).await.map_err(failed)?;
        }
        blobs.forget_pieces(id.0).await.map_err(failed)?;
        Ok(Some(Self {
            id,
            name: clean_name(name),
            kind,
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            media_type: found.media_type,
            width: found.width,
            height: found.height,
            duration_ms: found.duration_ms,
            has_preview,
        }))
    }

    /// Makes it somebody's, inside the command whose message is to hold it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert(&self, tx: &Tx<'_>, owner: &Owner) -> Result<FileId> {
        let row = ActiveModel {
            id: Set(self.id),
            workspace_id: Set(owner.workspace),
            owner_kind: Set(owner.kind),
            owner_id: Set(owner.id),
            client_id: Set(ClientId(tx.clock().new_id())),
            name: Set(self.name.clone()),
            kind: Set(self.kind),
            media_type: Set(self.media_type.clone()),
            size: Set(self.size),
            received: Set(self.size),
            state: Set(FileState::Stored),
            width: Set(self.width),
            height: Set(self.height),
            duration_ms: Set(self.duration_ms),
            has_preview: Set(self.has_preview),
            conversation_id: Set(None),
            position: Set(None),
            offline_message_id: Set(None),
            offline_entry_id: Set(None),
            created_at: Set(tx.now()),
        };
        Entity::insert(row).exec_without_returning(&**tx).await?;
        Ok(self.id)
    }
}
