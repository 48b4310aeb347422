//! What of a PNG is decoded: its picture, and how it is turned. Texts and colour profiles are packed and may be a thousand times as long as the
//! file; nothing here needs them, so no decoder sees them. And wiping out of it what tells where, when and with what it was taken.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write},
    path::Path,
};

use super::wiped::{next, note, overwrite, turning};

/// The chunks that make the picture (PNG, third edition, 11.2 and 11.3.1).
const KEPT: [&[u8; 4]; 5] = [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"];
/// How the picture is turned, never packed; longer ones hold more than that.
const EXIF: &[u8; 4] = b"eXIf";
const EXIF_MAX: u32 = 64 * 1024;
/// What says how the picture's colours and sides are meant, and what makes it move (11.3.2 to 11.3.6, without texts and times).
const SHOWN: [&[u8; 4]; 14] = [
    b"cHRM", b"cICP", b"gAMA", b"iCCP", b"mDCV", b"cLLI", b"sBIT", b"sRGB", b"bKGD", b"hIST", b"pHYs", b"acTL",
    b"fcTL", b"fdAT",
];
/// A private chunk that says nothing: readers pass over it.
const NOTHING: &[u8; 4] = b"voId";

/// A PNG without what is not decoded. What is broken off ends where it does.
///
/// # Errors
/// When it cannot be read.
pub fn plain(source: impl Read + Seek) -> io::Result<Vec<u8>> {
    let mut reader = BufReader::new(source);
    let mut out = vec![0; 8];
    reader.read_exact(&mut out)?;
    loop {
        let mut head = [0; 8];
        match reader.read_exact(&mut head) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(out),
            read => read?,
        }
        let [a, b, c, d, kind @ ..] = head;
        let length = u32::from_be_bytes([a, b, c, d]);
        // The checksum follows the data.
        let whole = u64::from(length) + 4;
        if KEPT.contains(&&kind) || (&kind == EXIF && length <= EXIF_MAX) {
            out.extend(head);
            reader.by_ref().take(whole).read_to_end(&mut out)?;
        } else {
            reader.seek_relative(i64::try_from(whole).map_err(io::Error::other)?)?;
        }
        if &kind == b"IEND" {
            return Ok(out);
        }
    }
}

/// Wipes a PNG in place; `orientation` as Exif counts it. Texts (XMP among them), Exif, times and whatever else no picture needs become a chunk
/// that says nothing, with zeros for content, so that nothing moves and doing it again changes nothing. Only how it is turned stays.
///
/// # Errors
/// When it cannot be read or written; `InvalidData` when more stands beside the picture than any has.
pub fn wipe(path: &Path, orientation: u8) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let (telling, end) = telling(&file)?;
    let turned = turning(orientation);
    let mut has_exif = orientation == 1;
    for Telling { at, kind, count } in telling {
        let keeps = &kind == EXIF && !has_exif && count >= turned.len() as u64;
        has_exif |= keeps;
        let begin = if keeps { [EXIF, turned.as_slice()].concat() } else { NOTHING.to_vec() };
        overwrite(&mut file, (at + 4, 4 + count), &begin)?;
        if at + 12 + count <= length {
            file.write_all(&checksum(&begin, 4 + count))?;
        }
    }
    if let Some(end) = end {
        overwrite(&mut file, (end, u64::MAX), &[])?;
    }
    file.sync_all()
}

/// A chunk that no picture needs: where it begins, and how long its content is said to be.
struct Telling {
    at: u64,
    kind: [u8; 4],
    count: u64,
}

/// What is to be wiped, as far as the chunks can be followed, and where the picture ends.
fn telling(file: &File) -> io::Result<(Vec<Telling>, Option<u64>)> {
    let mut reader = BufReader::new(file);
    let (mut found, mut at) = (Vec::new(), 8);
    reader.seek(SeekFrom::Start(at))?;
    while let Some([a, b, c, d, kind @ ..]) = next::<8>(&mut reader)? {
        let count = u64::from(u32::from_be_bytes([a, b, c, d]));
        if !is_needed(&kind) {
            note(&mut found, Telling { at, kind, count })?;
        }
        // The checksum follows the data.
        at += 12 + count;
        if &kind == b"IEND" {
            return Ok((found, Some(at)));
        }
        reader.seek_relative(i64::try_from(count + 4).map_err(io::Error::other)?)?;
    }
    Ok((found, None))
}

/// Whether the picture needs a chunk, or says that it does.
fn is_needed(kind: &[u8; 4]) -> bool {
    let [first, ..] = kind;
    first.is_ascii_uppercase() || KEPT.contains(&kind) || SHOWN.contains(&kind)
}

/// The checksum of a chunk that begins with some bytes and holds zeros behind them (PNG, third edition, annex D).
fn checksum(begin: &[u8], count: u64) -> [u8; 4] {
    let zeros = count.saturating_sub(begin.len() as u64);
    let mut sum = u32::MAX;
    let mut add = |byte: u8| {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
    };
    begin.iter().for_each(|byte| add(*byte));
    (0..zeros).for_each(|_| add(0));
    (!sum).to_be_bytes()
}
