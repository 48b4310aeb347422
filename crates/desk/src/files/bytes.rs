//! A stored file's bytes as a whole, for what goes out with an e-mail.

use balcao_platform::blobs::{Fault, Part};
use futures_util::TryStreamExt;

use super::FileKept;
use crate::Desk;

/// Why a file's bytes cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The storage has none.
    Gone,
    /// The storage cannot be used now.
    Later,
}

impl Unread {
    /// Whether trying again may help.
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::Later)
    }
}

/// All bytes of a stored file.
///
/// # Errors
/// When the storage has none, or cannot be used now.
pub async fn bytes_of(desk: &Desk, file: &FileKept) -> Result<Vec<u8>, Unread> {
    let unread = |fault: Fault| {
        tracing::error!(file = %file.id, %fault, "a file for a mail could not be read");
        if matches!(fault, Fault::Missing) { Unread::Gone } else { Unread::Later }
    };
    let size = u64::try_from(file.size).unwrap_or(0);
    let chunks = desk.blobs.read(file.id.0, Part::Whole, 0..size).await.map_err(unread)?;
    let gathered = chunks.try_fold(Vec::new(), |mut bytes, chunk| async move {
        bytes.extend_from_slice(&chunk);
        Ok(bytes)
    });
    gathered.await.map_err(|error| unread(error.into()))
}
