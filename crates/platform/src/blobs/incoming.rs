//! A piece on its way in: written to the disk as it comes, so that a slow sender costs no memory.

use std::path::PathBuf;

use tokio::{fs::File, io::AsyncWriteExt};
use uuid::Uuid;

use super::{Fault, s3::S3};

/// A piece that is coming in. Dropped before `commit`, it has never been.
pub struct Incoming {
    file: File,
    offset: u64,
    length: u64,
    goes_to: GoesTo,
}

/// Where a piece goes once it is whole.
pub(super) enum GoesTo {
    /// It is in its place already.
    Place,
    /// Into the bucket, from a local copy.
    Bucket { s3: Box<S3>, id: Uuid, copy: Copy },
}

/// A local copy that goes with this value.
pub(super) struct Copy(pub PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        // What cannot be deleted now is swept later.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Incoming {
    pub(super) const fn new(file: File, offset: u64, goes_to: GoesTo) -> Self {
        Self { file, offset, length: 0, goes_to }
    }

    /// How many bytes have come.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Takes some bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.file.write_all(bytes).await?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Makes the piece durable: it survives the loss of the process and of power.
    ///
    /// # Errors
    /// When it cannot be; the sender is to try again.
    pub async fn commit(mut self) -> Result<(), Fault> {
        self.file.flush().await?;
        match self.goes_to {
            GoesTo::Place => Ok(self.file.sync_data().await?),
            GoesTo::Bucket { s3, id, copy } => {
                drop(self.file);
                s3.put_piece(id, self.offset, self.length, &copy.0).await
            }
        }
    }
}
