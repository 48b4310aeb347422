//! Beginning an upload: what is refused here costs nobody a byte.

use balcao_platform::media::{DURATION_MAX, clean_name, is_refused_name};
use balcao_types::{ClientId, ErrorCode, FileId, FileKind, FileState, settings::FileLimits};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    Owner,
    queries::{of_client, waiting_bytes},
    table::{ActiveModel, Column, Entity, Model},
};
use crate::{
    checks::Checks,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// A file to send.
#[derive(Deserialize, ToSchema)]
pub struct FileForm {
    /// Makes beginning safe to repeat: the same id, name and size get the same answer.
    client_id: ClientId,
    /// As the person knows it; its last part is kept.
    name: String,
    /// In bytes.
    size: i64,
    kind: FileKind,
    /// How long a recording is, where the sender knows; what the file itself says comes first.
    duration_ms: Option<i64>,
}

/// Begins an upload; answers it, and whether it had begun before.
pub struct Begin {
    owner: Owner,
    client_id: ClientId,
    name: String,
    size: i64,
    kind: FileKind,
    duration_ms: Option<i64>,
    /// How many bytes the owner may have announced without a message that holds them.
    waiting_max: Option<i64>,
}

impl FileForm {
    /// Checks what was announced; `largest` is the installation's limit in millions of bytes.
    ///
    /// # Errors
    /// 422 with every wrong field; the size's limit stands beside it.
    pub fn checked(self, owner: Owner, limits: FileLimits, largest: u32) -> Result<Begin> {
        let mut checks = Checks::default();
        let name = clean_name(&self.name);
        if name.is_empty() {
            checks.fault("name", ErrorCode::Required);
        } else if is_refused_name(&name) {
            checks.fault("name", ErrorCode::FileTypeRefused);
        }
        let megabytes = limits.megabytes(self.kind, largest);
        if self.size < 1 {
            checks.fault("size", ErrorCode::FileEmpty);
        } else if self.size > i64::from(megabytes) * 1_000_000 {
            checks.fault_with("size", ErrorCode::FileTooLarge, json!({ "limit_mb": megabytes }));
        }
        if self.duration_ms.is_some_and(|duration| !(0..=DURATION_MAX).contains(&duration)) {
            checks.fault("duration_ms", ErrorCode::InvalidValue);
        }
        checks.finish()?;
        let duration_ms = self.duration_ms.filter(|_| matches!(self.kind, FileKind::Audio | FileKind::Video));
        let (client_id, size, kind) = (self.client_id, self.size, self.kind);
        Ok(Begin { owner, client_id, name, size, kind, duration_ms, waiting_max: None })
    }
}

impl Begin {
    /// The size in millions of bytes, rounded up.
    pub fn megabytes(&self) -> u32 {
        u32::try_from(self.size.saturating_add(999_999) / 1_000_000).unwrap_or(u32::MAX)
    }

    /// With a limit on what the owner lets wait.
    #[must_use]
    pub const fn with_waiting_max(mut self, bytes: Option<i64>) -> Self {
        self.waiting_max = bytes;
        self
    }

    fn is_same(&self, model: &Model) -> Result<()> {
        let is_same = model.name == self.name
            && model.size == self.size
            && model.kind == self.kind
            && model.owner_kind == self.owner.kind
            && model.state != FileState::Dropped;
        if is_same { Ok(()) } else { Err(Error::refused(ErrorCode::ClientIdReused)) }
    }
}

impl Command for Begin {
    type Answer = (Model, bool);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(Model, bool)> {
        if let Some(earlier) = of_client(&**tx, &self.owner, self.client_id).await? {
            self.is_same(&earlier)?;
            return Ok((earlier, true));
        }
        if let Some(most) = self.waiting_max
            && waiting_bytes(&**tx, &self.owner).await? + self.size > most
        {
            return Err(Error::too_many(60));
        }
        let id = FileId(tx.clock().new_id());
        let row = ActiveModel {
            id: Set(id),
            workspace_id: Set(self.owner.workspace),
            owner_kind: Set(self.owner.kind),
            owner_id: Set(self.owner.id),
            client_id: Set(self.client_id),
            name: Set(self.name.clone()),
            kind: Set(self.kind),
            media_type: Set("application/octet-stream".to_owned()),
            size: Set(self.size),
            received: Set(0),
            state: Set(FileState::Receiving),
            width: Set(None),
            height: Set(None),
            duration_ms: Set(self.duration_ms),
            has_preview: Set(false),
            conversation_id: Set(None),
            position: Set(None),
            offline_message_id: Set(None),
            offline_entry_id: Set(None),
            created_at: Set(tx.now()),
        };
        let double =
            OnConflict::columns([Column::WorkspaceId, Column::OwnerId, Column::ClientId]).do_nothing().to_owned();
        Entity::insert(row).on_conflict(double).exec_without_returning(&**tx).await?;
        let model = of_client(&**tx, &self.owner, self.client_id).await?.ok_or(Error::not_found())?;
        self.is_same(&model)?;
        let is_repeat = model.id != id;
        Ok((model, is_repeat))
    }
}
