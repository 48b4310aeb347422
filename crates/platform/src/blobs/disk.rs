//! Files in a folder: `ab/<id>` by the id's last two digits, pieces in `incoming/<id>`. Everything is fsynced before it counts, its folder too.

use std::{
    fs::{self, File, OpenOptions},
    io,
    ops::Range,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncSeekExt},
    task::spawn_blocking,
};
use uuid::Uuid;

use super::{
    Assembled, Bytestream, Fault, Incoming, Part,
    incoming::{Copy, GoesTo},
};

/// How much is read at once.
const CHUNK: u64 = 64 * 1024;

/// A folder for files.
#[derive(Clone)]
pub struct Disk {
    folder: Arc<Path>,
}

impl Disk {
    /// Opens the folder, making it where it is not there.
    pub fn open(folder: &Path) -> io::Result<Self> {
        make_folder(&folder.join("incoming"))?;
        Ok(Self { folder: folder.into() })
    }

    fn place(&self, id: Uuid, part: Part) -> PathBuf {
        let name = id.simple().to_string();
        let shard = name.get(30..).unwrap_or_default().to_owned();
        let name = match part {
            Part::Whole => name,
            Part::Preview => format!("{name}.preview"),
        };
        self.folder.join(shard).join(name)
    }

    fn incoming(&self, id: Uuid) -> PathBuf {
        self.folder.join("incoming").join(id.simple().to_string())
    }

    pub async fn receive(&self, id: Uuid, offset: u64) -> Result<Incoming, Fault> {
        let path = self.incoming(id);
        let file = blocking(move || {
            // Only the first piece makes the file: where it is missing later, its beginning is lost.
            let is_new = offset == 0 && !path.exists();
            let file = OpenOptions::new().write(true).create(offset == 0).truncate(false).mode(0o600).open(&path)?;
            if is_new {
                sync_folder(&path)?;
            }
            if file.metadata()?.len() < offset {
                return Err(io::ErrorKind::NotFound.into());
            }
            Ok(file)
        })
        .await?;
        let mut file = tokio::fs::File::from_std(file);
        // Nothing is cut off behind: another piece may be there already.
        file.seek(io::SeekFrom::Start(offset)).await?;
        Ok(Incoming::new(file, offset, GoesTo::Place))
    }

    /// A local file for a piece that goes elsewhere.
    pub(super) async fn piece_file(&self) -> Result<(tokio::fs::File, Copy), Fault> {
        let path = self.copy_path();
        let copy = Copy(path.clone());
        let file = blocking(move || new_file(&path)).await?;
        Ok((tokio::fs::File::from_std(file), copy))
    }

    /// A name for a local copy.
    pub(super) fn copy_path(&self) -> PathBuf {
        self.folder.join("incoming").join(format!("{}.copy", Uuid::new_v4().simple()))
    }

    pub async fn assemble(&self, id: Uuid, size: u64) -> Result<Assembled, Fault> {
        let path = self.incoming(id);
        let is_whole = blocking({
            let path = path.clone();
            move || {
                let file = OpenOptions::new().write(true).open(&path)?;
                if file.metadata()?.len() < size {
                    return Ok(false);
                }
                // A piece that was broken off may have left something behind the end.
                file.set_len(size)?;
                file.sync_all()?;
                Ok(true)
            }
        })
        .await?;
        if is_whole { Ok(Assembled { path, is_copy: false }) } else { Err(Fault::Missing) }
    }

    pub async fn keep(&self, id: Uuid, assembled: &Assembled) -> Result<(), Fault> {
        let (from, to) = (assembled.path().to_owned(), self.place(id, Part::Whole));
        blocking(move || {
            OpenOptions::new().write(true).open(&from)?.sync_all()?;
            into_place(&to, |new| match fs::hard_link(&from, new) {
                Ok(()) => Ok(()),
                // Some file systems know no second name.
                Err(_) => fs::copy(&from, new).and_then(|_| File::open(new)?.sync_all()),
            })
        })
        .await
    }

    pub async fn keep_preview(&self, id: Uuid, picture: Vec<u8>) -> Result<(), Fault> {
        let to = self.place(id, Part::Preview);
        blocking(move || {
            into_place(&to, |new| {
                let mut file = new_file(new)?;
                io::Write::write_all(&mut file, &picture)?;
                file.sync_all()
            })
        })
        .await
    }

    pub async fn size(&self, id: Uuid, part: Part) -> Result<u64, Fault> {
        Ok(tokio::fs::metadata(self.place(id, part)).await?.len())
    }

    pub async fn read(&self, id: Uuid, part: Part, range: Range<u64>) -> Result<Bytestream, Fault> {
        let mut file = tokio::fs::File::open(self.place(id, part)).await?;
        file.seek(io::SeekFrom::Start(range.start)).await?;
        let left = range.end.saturating_sub(range.start);
        Ok(stream::try_unfold((file, left), |(mut file, left)| async move {
            if left == 0 {
                return Ok(None);
            }
            let mut chunk = Vec::with_capacity(usize::try_from(left.min(CHUNK)).unwrap_or(0));
            let read = (&mut file).take(left.min(CHUNK)).read_to_end(&mut chunk).await? as u64;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Ok(Some((Bytes::from(chunk), (file, left.saturating_sub(read)))))
        })
        .boxed())
    }

    pub async fn forget_pieces(&self, id: Uuid) -> Result<(), Fault> {
        let path = self.incoming(id);
        blocking(move || remove(&path)).await
    }

    pub async fn delete(&self, id: Uuid) -> Result<(), Fault> {
        let paths = [self.incoming(id), self.place(id, Part::Preview), self.place(id, Part::Whole)];
        blocking(move || paths.iter().try_for_each(|path| remove(path))).await
    }

    pub async fn sweep(&self, untouched: Duration) -> Result<(), Fault> {
        let folder = self.folder.join("incoming");
        blocking(move || {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                // One that has gone meanwhile needs no sweeping.
                let Ok(changed) = entry.metadata().and_then(|data| data.modified()) else { continue };
                if changed.elapsed().is_ok_and(|age| age > untouched) {
                    remove(&entry.path())?;
                }
            }
            Ok(())
        })
        .await
    }
}

/// Puts a file under its name in one step: `make` writes it under another one first.
fn into_place(to: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    if let Some(folder) = to.parent()
        && !folder.exists()
    {
        make_folder(folder)?;
        sync_folder(folder)?;
    }
    let new = to.with_extension("new");
    remove(&new)?;
    make(&new)?;
    fs::rename(&new, to)?;
    // Two names of one file leave the rename undone.
    remove(&new)?;
    sync_folder(to)
}

fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes a new name durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Fault> {
    match spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(Fault::Unavailable(error.to_string())),
    }
}
