//! Wiping out of a JPEG what tells where, when and with what it was taken (Exif, XMP, IPTC, further pictures behind it). It is done in place:
//! what is wiped becomes zeros, so that nothing moves and doing it again changes nothing. Only how the picture is turned stays.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// What is to become zeros: from, and how many bytes.
struct Wiped {
    segments: Vec<(u64, u64)>,
    /// Where the picture ends.
    end: u64,
}

/// Wipes a JPEG; `orientation` as Exif counts it.
///
/// # Errors
/// When it cannot be read or written.
pub fn wipe(path: &Path, orientation: u8) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let Wiped { segments, end } = find(&file)?;
    let exif = exif_of(orientation);
    let mut has_exif = orientation == 1;
    for (from, count) in segments {
        let count = count.min(length.saturating_sub(from));
        file.seek(SeekFrom::Start(from))?;
        if !has_exif && count >= exif.len() as u64 {
            has_exif = true;
            file.write_all(&exif)?;
            zeros(&mut file, count - exif.len() as u64)?;
        } else {
            zeros(&mut file, count)?;
        }
    }
    file.seek(SeekFrom::Start(end.min(length)))?;
    zeros(&mut file, length.saturating_sub(end))?;
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
pub fn frame(path: &Path) -> io::Result<Option<Frame>> {
    let mut reader = BufReader::with_capacity(64 * 1024, File::open(path)?);
    reader.seek(SeekFrom::Start(2))?;
    let mut found: Option<Frame> = None;
    let mut is_within_data = false;
    while let Some(marker) = next_marker(&mut reader, is_within_data)? {
        if marker == 0xd9 {
            break;
        }
        if matches!(marker, 0x01 | 0xd0..=0xd8) {
            continue;
        }
        let mut head = [0; 8];
        let from = reader.stream_position()?;
        match reader.read_exact(&mut head) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            read => read?,
        }
        let [a, b, _, height, low_height, width, low_width, colours] = head;
        match marker {
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf => {
                let side = |high, low| u64::from(u16::from_be_bytes([high, low]));
                found = Some(Frame {
                    pixels: side(height, low_height) * side(width, low_width),
                    colours: colours.into(),
                    is_progressive: marker % 4 == 2,
                    scans: 0,
                });
            }
            0xda => {
                if let Some(frame) = &mut found {
                    frame.scans += 1;
                }
            }
            _ => {}
        }
        reader.seek(SeekFrom::Start(from + u64::from(u16::from_be_bytes([a, b]))))?;
        is_within_data = marker == 0xda;
    }
    Ok(found)
}

fn zeros(file: &mut File, count: u64) -> io::Result<()> {
    io::copy(&mut io::repeat(0).take(count), file).map(|_| ())
}

/// An Exif segment that says nothing but how the picture is turned (TIFF 6.0, tag 0x0112).
fn exif_of(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif
}

/// Reads the markers (ITU-T T.81, B.1). What cannot be followed any more counts as the picture's data.
fn find(file: &File) -> io::Result<Wiped> {
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    let mut found = Wiped { segments: Vec::new(), end: u64::MAX };
    reader.seek(SeekFrom::Start(2))?;
    let mut is_within_data = false;
    loop {
        let Some(marker) = next_marker(&mut reader, is_within_data)? else { return Ok(found) };
        match marker {
            // The end of the picture.
            0xd9 => {
                found.end = reader.stream_position()?;
                return Ok(found);
            }
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => {}
            _ => {
                let mut length = [0; 2];
                match reader.read_exact(&mut length) {
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(found),
                    read => read?,
                }
                let count = u64::from(u16::from_be_bytes(length)).saturating_sub(2);
                let from = reader.stream_position()?;
                if is_telling(marker, &mut reader)? {
                    found.segments.push((from, count));
                }
                reader.seek(SeekFrom::Start(from + count))?;
                is_within_data = marker == 0xda;
            }
        }
    }
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

/// Whether a segment tells about the taking: Exif and XMP (APP1), further pictures (APP2 `MPF`), makers' own (APP3 to APP12, APP15), IPTC
/// (APP13), comments. Colours (APP2 `ICC_PROFILE`, APP14) and the frame (APP0) stay.
fn is_telling(marker: u8, reader: &mut impl BufRead) -> io::Result<bool> {
    Ok(match marker {
        0xe1 | 0xe3..=0xed | 0xef | 0xfe => true,
        0xe2 => !reader.fill_buf()?.starts_with(b"ICC_PROFILE"),
        _ => false,
    })
}
