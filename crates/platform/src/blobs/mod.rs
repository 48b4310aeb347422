//! Where the bytes of files lie: a folder on the disk, or a bucket of an S3-compatible storage. What they are called there comes from ids alone.
//!
//! A file comes in pieces, each durable before anybody is told so. Once the last one is in, `assemble` makes a local copy to look into, `keep`
//! makes it the stored file, and only after that was written down are the pieces forgotten. So whatever breaks off can be done again.

mod disk;
mod incoming;
mod s3;

use std::{
    io,
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream::BoxStream;
use uuid::Uuid;

pub use incoming::Incoming;

use crate::config::Config;
use disk::Disk;
use s3::S3;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The bytes are not there (any more): trying again does not help.
    #[error("the bytes are missing")]
    Missing,
    /// The storage cannot be used now.
    #[error("the storage failed: {0}")]
    Unavailable(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Missing } else { Self::Unavailable(error.to_string()) }
    }
}

/// Which bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    /// The smaller picture.
    Preview,
}

/// What is read of a file, piece by piece.
pub type Bytestream = BoxStream<'static, io::Result<Bytes>>;

/// The storage of an installation. Cheap to clone.
#[derive(Clone)]
pub enum Blobs {
    Disk(Disk),
    S3(Box<S3>),
}

impl Blobs {
    /// Opens the configured storage.
    ///
    /// # Errors
    /// A sentence for the person who started the program.
    pub fn open(config: &Config) -> Result<Self, String> {
        let folder = config.files_folder();
        let disk = Disk::open(&folder)
            .map_err(|error| format!("storage.folder: {} cannot be used: {error}", folder.display()))?;
        if config.storage.is_s3() {
            let s3 = S3::open(&config.storage, disk).map_err(|error| format!("storage: {error}"))?;
            return Ok(Self::S3(Box::new(s3)));
        }
        Ok(Self::Disk(disk))
    }

    /// Looks whether the storage answers, and says clearly in the log when it does not: the program starts all the same.
    pub async fn look(&self) {
        if let Self::S3(s3) = self {
            match s3.look().await {
                Ok(()) => tracing::info!(bucket = s3.bucket(), "files lie in the bucket"),
                Err(fault) => tracing::error!(
                    bucket = s3.bucket(),
                    %fault,
                    "the bucket cannot be used: check the keys under [storage]. Files cannot be sent or shown until then"
                ),
            }
        }
    }

    /// Begins to take a piece that stands at `offset` in its file.
    ///
    /// # Errors
    /// When the storage cannot be used.
    pub async fn receive(&self, id: Uuid, offset: u64) -> Result<Incoming, Fault> {
        match self {
            Self::Disk(disk) => disk.receive(id, offset).await,
            Self::S3(s3) => s3.receive(id, offset).await,
        }
    }

    /// A local copy of the first `size` bytes that came in, to look into and to change.
    ///
    /// # Errors
    /// [`Fault::Missing`] when not all of them are there.
    pub async fn assemble(&self, id: Uuid, size: u64) -> Result<Assembled, Fault> {
        match self {
            Self::Disk(disk) => disk.assemble(id, size).await,
            Self::S3(s3) => s3.assemble(id, size).await,
        }
    }

    /// Stores an assembled file for good. Doing it again replaces it.
    ///
    /// # Errors
    /// When the storage cannot be used.
    pub async fn keep(&self, id: Uuid, assembled: &Assembled) -> Result<(), Fault> {
        match self {
            Self::Disk(disk) => disk.keep(id, assembled).await,
            Self::S3(s3) => s3.keep(id, assembled).await,
        }
    }

    /// Stores the smaller picture of a file.
    ///
    /// # Errors
    /// When the storage cannot be used.
    pub async fn keep_preview(&self, id: Uuid, picture: Vec<u8>) -> Result<(), Fault> {
        match self {
            Self::Disk(disk) => disk.keep_preview(id, picture).await,
            Self::S3(s3) => s3.keep_preview(id, picture).await,
        }
    }

    /// How many bytes a stored part has.
    ///
    /// # Errors
    /// [`Fault::Missing`] when it is not there.
    pub async fn size(&self, id: Uuid, part: Part) -> Result<u64, Fault> {
        match self {
            Self::Disk(disk) => disk.size(id, part).await,
            Self::S3(s3) => s3.size(id, part).await,
        }
    }

    /// Reads some bytes of a stored part.
    ///
    /// # Errors
    /// [`Fault::Missing`] when it is not there.
    pub async fn read(&self, id: Uuid, part: Part, range: Range<u64>) -> Result<Bytestream, Fault> {
        match self {
            Self::Disk(disk) => disk.read(id, part, range).await,
            Self::S3(s3) => s3.read(id, part, range).await,
        }
    }

    /// Forgets the pieces a file came in.
    ///
    /// # Errors
    /// When the storage cannot be used; the sweep forgets them later.
    pub async fn forget_pieces(&self, id: Uuid) -> Result<(), Fault> {
        match self {
            Self::Disk(disk) => disk.forget_pieces(id).await,
            Self::S3(s3) => s3.forget_pieces(id).await,
        }
    }

    /// Deletes a file with all that belongs to it. What is gone already is no fault.
    ///
    /// # Errors
    /// When the storage cannot be used.
    pub async fn delete(&self, id: Uuid) -> Result<(), Fault> {
        match self {
            Self::Disk(disk) => disk.delete(id).await,
            Self::S3(s3) => s3.delete(id).await,
        }
    }

    /// Deletes what a crash left lying about: pieces and local copies that nobody has touched for so long.
    ///
    /// # Errors
    /// When the storage cannot be used.
    pub async fn sweep(&self, untouched: Duration) -> Result<(), Fault> {
        match self {
            Self::Disk(disk) => disk.sweep(untouched).await,
            Self::S3(s3) => s3.sweep(untouched).await,
        }
    }
}

/// A file that has come in whole, on this machine's disk.
pub struct Assembled {
    path: PathBuf,
    /// Whether it goes with this value.
    is_copy: bool,
}

impl Assembled {
    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Assembled {
    fn drop(&mut self) {
        if self.is_copy {
            // What cannot be deleted now is swept later.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
