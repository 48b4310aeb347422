//! How long a recording is, where its own frames or header say so: MPEG audio and WAV.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use super::{DURATION_MAX, Inspected, Outcome, Refused};

/// Listens to a recording.
pub fn listen(path: &Path, mut found: Inspected) -> io::Result<Outcome> {
    let mut reader = BufReader::new(File::open(path)?);
    let duration = match found.media_type.as_str() {
        "audio/mpeg" => match ended(mpeg(&mut reader))? {
            // No frame at all: it only began like one.
            None => return Ok(Outcome::Refused(Refused::Mismatch)),
            duration => duration,
        },
        "audio/wav" => ended(wav(&mut reader))?,
        _ => None,
    };
    found.duration_ms = duration;
    Ok(Outcome::Taken(found))
}

/// A file that ends early says nothing more.
fn ended(found: io::Result<Option<i64>>) -> io::Result<Option<i64>> {
    match found {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        found => found,
    }
}

/// Bit rates of MPEG 1 layer III and of MPEG 2 and 2.5, in kbit/s (ISO/IEC 11172-3, 13818-3).
const RATES_1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// One frame of layer III.
struct Frame {
    bytes: i64,
    samples: u64,
    per_second: u64,
}

impl Frame {
    fn of(header: [u8; 4]) -> Option<Self> {
        let [first, second, third, _] = header;
        if first != 0xff || second & 0xe0 != 0xe0 || second & 0x06 != 0x02 {
            return None;
        }
        let version = (second >> 3) & 3;
        let (rates, samples) = match version {
            3 => (RATES_1, 1_152),
            0 | 2 => (RATES_2, 576),
            _ => return None,
        };
        let base = [44_100_u32, 48_000, 32_000].get(usize::from((third >> 2) & 3)).copied()?;
        let per_second = match version {
            3 => base,
            2 => base / 2,
            _ => base / 4,
        };
        let kilobits = rates.get(usize::from(third >> 4)).copied().filter(|rate| *rate > 0)?;
        let padding = u32::from((third >> 1) & 1);
        let bytes = samples / 8 * kilobits * 1_000 / per_second + padding;
        Some(Self { bytes: bytes.into(), samples: samples.into(), per_second: per_second.into() })
    }
}

/// Walks over the frames; none when there is not one.
fn mpeg(reader: &mut BufReader<File>) -> io::Result<Option<i64>> {
    let mut tag = [0; 10];
    reader.read_exact(&mut tag)?;
    let start = match tag {
        [b'I', b'D', b'3', _, _, _, a, b, c, d] => {
            10 + [a, b, c, d].iter().fold(0_u64, |size, byte| (size << 7) | u64::from(byte & 0x7f))
        }
        _ => 0,
    };
    reader.seek(SeekFrom::Start(start))?;
    let (mut samples, mut per_second) = (0_u64, 0_u64);
    let mut header = [0; 4];
    while reader.read_exact(&mut header).is_ok() {
        let Some(frame) = Frame::of(header) else { break };
        samples += frame.samples;
        per_second = frame.per_second;
        reader.seek_relative(frame.bytes - 4)?;
    }
    Ok((samples * 1_000).checked_div(per_second).and_then(|duration| i64::try_from(duration).ok()))
}

/// Reads the chunks `fmt ` and `data`.
fn wav(reader: &mut BufReader<File>) -> io::Result<Option<i64>> {
    let length = reader.get_ref().metadata()?.len();
    reader.seek(SeekFrom::Start(12))?;
    let mut per_second = 0_u64;
    loop {
        let mut chunk = [0; 8];
        reader.read_exact(&mut chunk)?;
        let [a, b, c, d, size @ ..] = chunk;
        let size = u64::from(u32::from_le_bytes(size));
        match &[a, b, c, d] {
            b"fmt " => {
                let mut format = [0; 16];
                reader.read_exact(&mut format)?;
                let [.., e, f, g, h, _, _, _, _] = format;
                per_second = u32::from_le_bytes([e, f, g, h]).into();
                reader.seek_relative(i64::try_from(size).unwrap_or(0) - 16)?;
            }
            b"data" => {
                // A recording that was written as it came does not know its size.
                let size = size.min(length.saturating_sub(reader.stream_position()?));
                let duration = (size * 1_000).checked_div(per_second).and_then(|duration| i64::try_from(duration).ok());
                return Ok(duration.filter(|duration| *duration <= DURATION_MAX));
            }
            _ => reader.seek_relative(i64::try_from(size + size % 2).unwrap_or(0))?,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Inspected, Outcome, listen};

    fn duration(bytes: &[u8], media_type: &str) -> Option<i64> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, bytes).unwrap();
        let found = Inspected { media_type: media_type.to_owned(), ..Inspected::default() };
        match listen(&path, found).unwrap() {
            Outcome::Taken(found) => found.duration_ms,
            Outcome::Refused(_) => Some(-1),
        }
    }

    #[test]
    fn frames_are_counted() {
        // MPEG 1 layer III, 32 kbit/s, 48 kHz: 96 bytes and 24 ms a frame.
        let mut frame = vec![0xff, 0xfb, 0x14, 0xc0];
        frame.resize(96, 0);
        assert_eq!(duration(&frame.repeat(50), "audio/mpeg"), Some(1_200));
        let tagged = [b"ID3\x04\0\0\0\0\0\x05hello".to_vec(), frame.repeat(10), b"TAG and the rest".to_vec()].concat();
        assert_eq!(duration(&tagged, "audio/mpeg"), Some(240));
        assert_eq!(duration(b"ID3\x04\0\0\0\0\0\x05hello", "audio/mpeg"), Some(-1));
    }

    #[test]
    fn a_header_says_how_long_it_is() {
        let header =
            b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\xff\xff\xff\xff";
        let wav = [header.to_vec(), vec![128; 4_000]].concat();
        assert_eq!(duration(&wav, "audio/wav"), Some(500));
        assert_eq!(duration(b"RIFF\0\0\0\0WAVE", "audio/wav"), None);
    }
}
