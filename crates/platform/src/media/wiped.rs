//! What the wiping of pictures shares: zeros in the place of what tells about the taking, and the little that is to stay.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
};

/// How many places a picture may have that are to be wiped. Cameras make some dozens; millions are no picture but a burden.
const TELLING_MAX: usize = 1_024;

/// Notes a place that is to be wiped.
///
/// # Errors
/// `InvalidData` when there are more than any picture has.
pub fn note<T>(places: &mut Vec<T>, place: T) -> io::Result<()> {
    if places.len() >= TELLING_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "more beside the picture than any has"));
    }
    places.push(place);
    Ok(())
}

/// Exif that says nothing but how the picture is turned (TIFF 6.0, tag 0x0112).
pub fn turning(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0]);
    tiff
}

/// Writes so many zeros where the file stands.
pub fn zeros(file: &mut File, count: u64) -> io::Result<()> {
    io::copy(&mut io::repeat(0).take(count), file).map(|_| ())
}

/// Writes `kept`, then zeros, over `count` bytes from a place, of which what is not there is left out.
pub fn overwrite(file: &mut File, (from, count): (u64, u64), kept: &[u8]) -> io::Result<()> {
    let count = count.min(file.metadata()?.len().saturating_sub(from));
    if count == 0 {
        return Ok(());
    }
    let kept = kept.get(..usize::try_from(count).unwrap_or(usize::MAX).min(kept.len())).unwrap_or_default();
    file.seek(SeekFrom::Start(from))?;
    file.write_all(kept)?;
    zeros(file, count - kept.len() as u64)
}

/// Reads as many bytes as an array has; none at the file's end.
pub fn next<const COUNT: usize>(reader: &mut impl Read) -> io::Result<Option<[u8; COUNT]>> {
    let mut bytes = [0; COUNT];
    match reader.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}
