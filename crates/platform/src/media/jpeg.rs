//! Wiping out of a JPEG what tells where, when and with what it was taken (Exif, XMP, IPTC, further pictures behind it). It is done in place:
//! what is wiped becomes zeros, so that nothing moves and doing it again changes nothing. Only how the picture is turned stays.

use std::{
    fs::OpenOptions,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use super::wiped::{next, note, overwrite, turning};

/// How much of a segment's content is looked at: the name of a colour profile.
const HEAD: usize = 11;

/// Wipes a JPEG; `orientation` as Exif counts it.
///
/// # Errors
/// When it cannot be read or written; `InvalidData` when more stands beside the picture than any has.
pub fn wipe(path: &Path, orientation: u8) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let mut telling = Vec::new();
    let end = walk(&file, |segment| match segment.is_telling() {
        true => note(&mut telling, (segment.from, segment.count)),
        false => Ok(()),
    })?;
    let length = file.metadata()?.len();
    let exif = [b"Exif\0\0".as_slice(), &turning(orientation)].concat();
    let mut has_exif = orientation == 1;
    for (from, count) in telling {
        let has_room = count.min(length.saturating_sub(from)) >= exif.len() as u64;
        let kept = if !has_exif && has_room { exif.as_slice() } else { &[] };
        has_exif |= !kept.is_empty();
        overwrite(&mut file, (from, count), kept)?;
    }
    if let Some(end) = end {
        overwrite(&mut file, (end, u64::MAX), &[])?;
    }
    file.sync_all()
}

/// What a JPEG is made of, as far as decoding it costs.
pub struct Frame {
    pixels: u64,
    colours: u64,
    is_progressive: bool,
    /// In how many rounds it is drawn.
    pub scans: u32,
}

impl Frame {
    /// The bytes that decoding takes: each value one, and two more where all rounds have to be over before anything is shown.
    pub const fn memory(&self) -> u64 {
        let each = if self.is_progressive { 3 } else { 1 };
        self.pixels.saturating_mul(self.colours).saturating_mul(each)
    }
}

/// Reads what decoding will cost, without decoding; none when it holds no picture (ITU-T T.81, B.2.2).
///
/// # Errors
/// When it cannot be read.
pub fn frame(source: impl Read + Seek) -> io::Result<Option<Frame>> {
    let mut found: Option<Frame> = None;
    walk(source, |segment| {
        match (segment.marker, segment.head.as_slice()) {
            (0xc4 | 0xc8 | 0xcc, _) => {}
            (0xc0..=0xcf, [_, height, low_height, width, low_width, colours, ..]) => {
                let side = |high: &u8, low: &u8| u64::from(u16::from_be_bytes([*high, *low]));
                found = Some(Frame {
                    pixels: side(height, low_height) * side(width, low_width),
                    colours: u64::from(*colours),
                    is_progressive: segment.marker % 4 == 2,
                    scans: 0,
                });
            }
            (0xda, _) => {
                if let Some(frame) = &mut found {
                    frame.scans += 1;
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

/// A marker with a length.
struct Segment {
    marker: u8,
    /// Where its content begins, and how long that is said to be.
    from: u64,
    count: u64,
    /// The content's first bytes, as many as there are.
    head: Vec<u8>,
}

impl Segment {
    /// Whether it tells about the taking: Exif and XMP (APP1), further pictures (APP2 `MPF`), makers' own (APP3 to APP12, APP15), IPTC (APP13),
    /// comments. Colours (APP2 `ICC_PROFILE`, APP14) and the frame (APP0) stay.
    fn is_telling(&self) -> bool {
        match self.marker {
            0xe1 | 0xe3..=0xed | 0xef | 0xfe => true,
            0xe2 => self.head != b"ICC_PROFILE",
            _ => false,
        }
    }
}

/// Goes through the segments (ITU-T T.81, B.1) and answers where the picture ends. What cannot be followed any more counts as its data.
fn walk(source: impl Read + Seek, mut each: impl FnMut(&Segment) -> io::Result<()>) -> io::Result<Option<u64>> {
    let mut reader = BufReader::with_capacity(64 * 1024, source);
    reader.seek(SeekFrom::Start(2))?;
    let mut is_within_data = false;
    while let Some(marker) = next_marker(&mut reader, is_within_data)? {
        match marker {
            0xd9 => return Ok(Some(reader.stream_position()?)),
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => {}
            _ => {
                let Some(length) = next(&mut reader)?.map(u16::from_be_bytes) else { return Ok(None) };
                let (count, from) = (u64::from(length).saturating_sub(2), reader.stream_position()?);
                let mut head = Vec::with_capacity(HEAD);
                reader.by_ref().take(count.min(HEAD as u64)).read_to_end(&mut head)?;
                each(&Segment { marker, from, count, head })?;
                reader.seek(SeekFrom::Start(from + count))?;
                is_within_data = marker == 0xda;
            }
        }
    }
    Ok(None)
}

/// The next marker; within a scan's data, stuffed bytes and restarts are passed over.
fn next_marker(reader: &mut impl BufRead, is_within_data: bool) -> io::Result<Option<u8>> {
    loop {
        // Data is passed over up to the next 0xff, a chunk of the buffer at a time.
        if skip_until_ff(reader)?.is_none() {
            return Ok(None);
        }
        let mut byte = [0xff];
        while byte == [0xff] {
            if reader.read(&mut byte)? == 0 {
                return Ok(None);
            }
        }
        match byte {
            [0x00] => {}
            [0xd0..=0xd7] if is_within_data => {}
            [marker] => return Ok(Some(marker)),
        }
    }
}

fn skip_until_ff(reader: &mut impl BufRead) -> io::Result<Option<()>> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        let length = buffer.len();
        match buffer.iter().position(|byte| *byte == 0xff) {
            Some(at) => {
                reader.consume(at + 1);
                return Ok(Some(()));
            }
            None => reader.consume(length),
        }
    }
}
