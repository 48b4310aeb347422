//! What of a PNG is decoded: its picture, and how it is turned. Texts and colour profiles are packed and may be a thousand times as long as the
//! file; nothing here needs them, so no decoder sees them.

use std::{
    fs::File,
    io::{self, BufReader, ErrorKind, Read},
    path::Path,
};

/// The chunks that make the picture (PNG, third edition, 11.2 and 11.3.1).
const KEPT: [&[u8; 4]; 5] = [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"];
/// How the picture is turned, never packed; longer ones hold more than that.
const EXIF: &[u8; 4] = b"eXIf";
const EXIF_MAX: u32 = 64 * 1024;

/// A PNG without what is not decoded. What is broken off ends where it does.
///
/// # Errors
/// When it cannot be read.
pub fn plain(path: &Path) -> io::Result<Vec<u8>> {
    let mut reader = BufReader::new(File::open(path)?);
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
