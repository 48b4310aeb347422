//! What a file really is, by its content and not by what it is called: whether it may be sent, how it may be shown, and a smaller picture of it.

mod content;
mod jpeg;
mod names;
mod pictures;
mod png;
mod sound;
mod webp;
mod wiped;

use std::{fs::File, io, io::Read, path::Path, sync::Arc};

use balcao_types::{AuthorKind, FileKind};
use tokio::{sync::Semaphore, task::spawn_blocking};

pub use names::{attachment, clean_name, is_refused_name, percent_encoded};
pub use pictures::Small;

use content::Content;

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not of the kind it was sent as.
    Mismatch,
    /// It is a program or a script.
    Program,
    /// A picture with more pixels than anybody could show.
    TooManyPixels,
}

/// What was found out about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspected {
    pub media_type: String,
    /// As it is seen, turned the right way round.
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub duration_ms: Option<i64>,
    /// A smaller picture, as JPEG.
    pub preview: Option<Vec<u8>>,
}

/// How looking into a file ends.
#[derive(Debug)]
pub enum Outcome {
    Taken(Inspected),
    Refused(Refused),
}

/// The longest a recording or a film may say it plays, in milliseconds: a day.
pub const DURATION_MAX: i64 = 86_400_000;

/// The media type of previews.
pub const PREVIEW_TYPE: &str = "image/jpeg";

/// How much of a file tells what it is.
const HEAD: u64 = 8 * 1024;

/// Looks into files. Pictures are decoded one after the other, so that memory stays bounded; the team's do not wait for strangers'.
#[derive(Clone)]
pub struct Inspector {
    team: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

impl Default for Inspector {
    fn default() -> Self {
        Self { team: Arc::new(Semaphore::new(1)), strangers: Arc::new(Semaphore::new(1)) }
    }
}

impl Inspector {
    /// Looks into a file that was sent as `kind` by somebody. What tells where a JPEG, PNG or
    /// WebP was taken is wiped out of it, in its place, so that the size stays.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub async fn inspect(&self, path: &Path, name: &str, kind: FileKind, by: AuthorKind) -> io::Result<Outcome> {
        let lane = if by == AuthorKind::Agent { &self.team } else { &self.strangers };
        let turn = match kind {
            FileKind::Image => Some(Arc::clone(lane).acquire_owned().await.map_err(io::Error::other)?),
            _ => None,
        };
        let (path, name) = (path.to_owned(), name.to_owned());
        let looking = spawn_blocking(move || {
            // With the looking, not with who waits for it: who goes away does not make room for another one.
            let _turn = turn;
            inspect(&path, &name, kind)
        });
        looking.await.map_err(io::Error::other)?
    }

    /// Makes somebody's PNG, JPEG or WebP fit into a square of so many pixels, with nothing left of it but what is seen.
    ///
    /// # Errors
    /// When it cannot be done; inside, why it is not taken.
    pub async fn shrink(&self, bytes: Vec<u8>, side: u32) -> io::Result<Result<Small, Refused>> {
        let turn = Arc::clone(&self.team).acquire_owned().await.map_err(io::Error::other)?;
        let shrinking = spawn_blocking(move || {
            // With the work, not with who waits for it.
            let _turn = turn;
            pictures::shrink(&bytes, side)
        });
        shrinking.await.map_err(io::Error::other)
    }
}

fn inspect(path: &Path, name: &str, kind: FileKind) -> io::Result<Outcome> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    let content = content::recognise(&head);
    if content == Content::Program {
        return Ok(Outcome::Refused(Refused::Program));
    }
    if kind == FileKind::File {
        let media_type = content::ordinary_type(&head, name).to_owned();
        return Ok(Outcome::Taken(Inspected { media_type, ..Inspected::default() }));
    }
    let Some(media_type) = content.shown_as(kind) else { return Ok(Outcome::Refused(Refused::Mismatch)) };
    let found = Inspected { media_type: media_type.to_owned(), ..Inspected::default() };
    match kind {
        FileKind::Image => pictures::look(path, found),
        FileKind::Audio => sound::listen(path, found),
        FileKind::Video | FileKind::File => Ok(Outcome::Taken(found)),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use balcao_types::FileKind;

    use super::{Outcome, Refused, inspect};

    fn look(name: &str, bytes: &[u8], kind: FileKind) -> Outcome {
        let folder = tempfile::tempdir().unwrap();
        let path: PathBuf = folder.path().join("x");
        fs::write(&path, bytes).unwrap();
        inspect(&path, name, kind).unwrap()
    }

    fn refused(name: &str, bytes: &[u8], kind: FileKind) -> Option<Refused> {
        match look(name, bytes, kind) {
            Outcome::Refused(why) => Some(why),
            Outcome::Taken(_) => None,
        }
    }

    #[test]
    fn what_is_not_of_its_kind_is_refused() {
        let page = b"<!doctype html><script>alert(1)</script>";
        for kind in [FileKind::Image, FileKind::Video, FileKind::Audio] {
            assert_eq!(refused("a.png", page, kind), Some(Refused::Mismatch), "{kind}");
        }
        assert_eq!(refused("a.html", page, FileKind::File), None);
        let vector = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        assert_eq!(refused("a.svg", vector, FileKind::Image), Some(Refused::Mismatch));
        // A beginning that promises a picture is not enough.
        assert!(refused("a.gif", b"GIF89a<script>alert(1)</script>", FileKind::Image).is_some());
        assert_eq!(refused("a.gif", b"GIF89a\x01\0\x01\0<script>", FileKind::Image), Some(Refused::Mismatch));
        assert_eq!(refused("a.mp3", b"ID3<script>", FileKind::Audio), Some(Refused::Mismatch));
    }

    #[test]
    fn programs_are_refused_under_every_name() {
        let mut windows = b"MZ\x90\x00".to_vec();
        windows.resize(200, 0);
        let programs: [&[u8]; 6] = [
            &windows,
            b"\x7fELF\x02\x01",
            b"#!/bin/sh\nrm",
            b"\xcf\xfa\xed\xfe\x07",
            b"\xca\xfe\xba\xbe\0\0",
            b"\0asm\x01",
        ];
        for program in programs {
            for kind in FileKind::ALL {
                assert_eq!(refused("foto.jpg", program, *kind), Some(Refused::Program));
            }
        }
        assert_eq!(refused("nota.txt", b"MZ is a prefix of mine", FileKind::File), None);
    }
}
