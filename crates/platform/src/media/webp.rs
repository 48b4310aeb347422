//! Wiping out of a WebP what tells where, when and with what it was taken (Exif, XMP, and whatever no picture needs). It is done in place: the
//! chunk becomes one that readers pass over, its content zeros, so that nothing moves and doing it again changes nothing.
//! <https://developers.google.com/speed/webp/docs/riff_container>

use std::{
    fs::{File, OpenOptions},
    io::{self, BufReader, Seek, SeekFrom, Write},
    path::Path,
};

use super::wiped::{next, note, overwrite, turning};

/// The chunks that make the picture, and its colours.
const KEPT: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// A chunk that nobody reads.
const NOTHING: &[u8; 4] = b"JUNK";
/// The marks in `VP8X` that say there is Exif, or XMP.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// A chunk: where its name stands, and how long its content is said to be.
struct Chunk {
    at: u64,
    name: [u8; 4],
    length: u64,
}

/// Wipes a WebP; `orientation` as Exif counts it.
///
/// # Errors
/// When it cannot be read or written; `InvalidData` when more stands beside the picture than any has.
pub fn wipe(path: &Path, orientation: u8) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let (chunks, end) = chunks(&file)?;
    let turned = turning(orientation);
    let mut has_exif = orientation == 1;
    let mut marks = None;
    for Chunk { at, name, length } in chunks {
        let content = (at + 8, length);
        if &name == b"VP8X" {
            marks = Some(at + 8);
        } else if &name == b"EXIF" && !has_exif && length >= turned.len() as u64 {
            has_exif = true;
            overwrite(&mut file, content, &turned)?;
        } else {
            file.seek(SeekFrom::Start(at))?;
            file.write_all(NOTHING)?;
            overwrite(&mut file, content, &[])?;
        }
    }
    if let Some(at) = marks {
        let keeps_exif = has_exif && orientation != 1;
        correct(&mut file, at, if keeps_exif { HAS_XMP } else { HAS_EXIF | HAS_XMP })?;
    }
    overwrite(&mut file, (end, u64::MAX), &[])?;
    file.sync_all()
}

/// Takes marks away.
fn correct(file: &mut File, at: u64, gone: u8) -> io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    if let Some([marks]) = next(file)? {
        file.seek(SeekFrom::Start(at))?;
        file.write_all(&[marks & !gone])?;
    }
    Ok(())
}

/// The chunks that something is to be done with, as far as they can be followed, and where the picture ends.
fn chunks(file: &File) -> io::Result<(Vec<Chunk>, u64)> {
    let mut reader = BufReader::new(file);
    reader.seek(SeekFrom::Start(4))?;
    let Some(size) = next(&mut reader)?.map(u32::from_le_bytes) else { return Ok((Vec::new(), u64::MAX)) };
    // What stands behind an odd end is its filling.
    let end = 8 + u64::from(size) + u64::from(size % 2);
    let (mut found, mut at) = (Vec::new(), 12);
    while at < end {
        reader.seek(SeekFrom::Start(at))?;
        let Some([a, b, c, d, length @ ..]) = next::<8>(&mut reader)? else { break };
        let length = u64::from(u32::from_le_bytes(length));
        let chunk = Chunk { at, name: [a, b, c, d], length };
        if KEPT.contains(&&chunk.name) && at + 8 + length > end {
            // Some readers go by the chunk alone: what is behind the end would be wiped out of the picture they show.
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the picture is longer than its file says"));
        }
        // What makes the picture may be many frames, and stays.
        if &chunk.name == b"VP8X" || !KEPT.contains(&&chunk.name) {
            note(&mut found, chunk)?;
        }
        at += 8 + length + length % 2;
    }
    Ok((found, end))
}
