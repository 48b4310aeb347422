//! Pictures: their size before anything is decoded, a limit on their pixels, and a smaller one for the timeline.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Seek},
    path::Path,
};

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgba, RgbaImage,
    codecs::jpeg::JpegEncoder,
    error::{LimitError, LimitErrorKind},
    imageops::FilterType,
    metadata::Orientation,
};

use super::{
    Inspected, Outcome, Refused,
    content::{self, Content},
    jpeg, png, webp,
};

/// The most pixels a picture may have: what phones make, and not what fills a machine's memory.
const PIXELS_MAX: u64 = 50_000_000;
/// The longest side.
const SIDE_MAX: u32 = 30_000;
/// The most memory that decoding may take, in bytes.
const MEMORY_MAX: u64 = 256 * 1024 * 1024;
/// In how many rounds a JPEG may be drawn. Programs make up to some twenty; each costs as much as the whole picture.
const SCANS_MAX: u32 = 32;
/// The longest side of a preview.
const PREVIEW: u32 = 640;
/// The quality of a preview.
const QUALITY: u8 = 80;
/// The quality of a picture that is shown for years.
const FINE: u8 = 90;

/// Looks at a picture: decodes it once, so that only what can be shown is taken.
pub fn look(path: &Path, mut found: Inspected) -> io::Result<Outcome> {
    let decoded = match decode(|| File::open(path), &found.media_type) {
        Ok(decoded) => decoded,
        Err(ImageError::Limits(_)) => return Ok(Outcome::Refused(Refused::TooManyPixels)),
        Err(ImageError::IoError(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
            // Decoders tell a broken file as a failure to read, too; a disk that fails is told by reading it again.
            io::copy(&mut std::fs::File::open(path)?, &mut io::sink())?;
            return Ok(Outcome::Refused(Refused::Mismatch));
        }
        Err(_) => return Ok(Outcome::Refused(Refused::Mismatch)),
    };
    let Decoded { picture, orientation } = decoded;
    let is_turned = matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    let (width, height) = (picture.width(), picture.height());
    let (width, height) = if is_turned { (height, width) } else { (width, height) };
    found.width = Some(width.into());
    found.height = Some(height.into());
    // A GIF's preview would not move.
    if found.media_type != "image/gif" && (width > PREVIEW || height > PREVIEW) {
        found.preview = preview(&picture, orientation);
    }
    drop(picture);
    match wipe(path, &found.media_type, orientation.to_exif()) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Outcome::Refused(Refused::Mismatch)),
        wiped => wiped.map(|()| Outcome::Taken(found)),
    }
}

/// Wipes what tells where, when and with what it was taken.
fn wipe(path: &Path, media_type: &str, orientation: u8) -> io::Result<()> {
    match media_type {
        "image/jpeg" => jpeg::wipe(path, orientation),
        "image/png" => png::wipe(path, orientation),
        "image/webp" => webp::wipe(path, orientation),
        _ => Ok(()),
    }
}

struct Decoded {
    picture: DynamicImage,
    orientation: Orientation,
}

fn decode<S: Read + Seek>(open: impl Fn() -> io::Result<S>, media_type: &str) -> Result<Decoded, ImageError> {
    match media_type {
        "image/png" => decode_from(Cursor::new(png::plain(open()?)?)),
        "image/jpeg" => {
            if let Some(frame) = jpeg::frame(open()?)?
                && (frame.memory() > MEMORY_MAX || frame.scans > SCANS_MAX)
            {
                return Err(too_much());
            }
            decode_from(BufReader::new(open()?))
        }
        _ => decode_from(BufReader::new(open()?)),
    }
}

fn too_much() -> ImageError {
    ImageError::Limits(LimitError::from_kind(LimitErrorKind::InsufficientMemory))
}

fn decode_from(source: impl BufRead + Seek) -> Result<Decoded, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    let mut reader = ImageReader::new(source).with_guessed_format()?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(too_much());
    }
    limits.reserve(decoder.total_bytes())?;
    // What cannot be read of it is as if it did not say.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok(Decoded { picture: DynamicImage::from_decoder(decoder)?, orientation })
}

/// A picture of which nothing is left but what is seen: decoded, turned the right way round, made small and written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Small {
    pub bytes: Vec<u8>,
    /// PNG where something of it is transparent, else JPEG.
    pub media_type: &'static str,
    pub width: u32,
    pub height: u32,
}

/// Makes a PNG, JPEG or WebP fit into a square.
///
/// # Errors
/// When it is none of them, or larger than anybody could show.
pub fn shrink(bytes: &[u8], side: u32) -> Result<Small, Refused> {
    let media_type = match content::recognise(bytes) {
        Content::Picture("image/gif") => return Err(Refused::Mismatch),
        Content::Picture(media_type) => media_type,
        Content::Program => return Err(Refused::Program),
        _ => return Err(Refused::Mismatch),
    };
    let Decoded { mut picture, orientation } =
        decode(|| Ok(Cursor::new(bytes)), media_type).map_err(|error| match error {
            ImageError::Limits(_) => Refused::TooManyPixels,
            _ => Refused::Mismatch,
        })?;
    if picture.width() > side || picture.height() > side {
        // First roughly, so that the fine way has little to do.
        picture = picture.thumbnail(2 * side, 2 * side).resize(side, side, FilterType::Lanczos3);
    }
    picture.apply_orientation(orientation);
    let is_clear = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    let mut out = Cursor::new(Vec::new());
    let written = if is_clear {
        picture.to_rgba8().write_to(&mut out, ImageFormat::Png)
    } else {
        picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, FINE))
    };
    written.map_err(|_not_written| Refused::Mismatch)?;
    let media_type = if is_clear { "image/png" } else { "image/jpeg" };
    Ok(Small { bytes: out.into_inner(), media_type, width: picture.width(), height: picture.height() })
}

/// A smaller picture, the right way round, on white where it was transparent.
fn preview(picture: &DynamicImage, orientation: Orientation) -> Option<Vec<u8>> {
    let mut small = picture.thumbnail(PREVIEW, PREVIEW);
    small.apply_orientation(orientation);
    let small = if small.color().has_alpha() {
        let mut ground = RgbaImage::from_pixel(small.width(), small.height(), Rgba([255, 255, 255, 255]));
        image::imageops::overlay(&mut ground, &small.to_rgba8(), 0, 0);
        DynamicImage::ImageRgba8(ground)
    } else {
        small
    };
    let mut bytes = Cursor::new(Vec::new());
    // Without a preview the picture itself is shown.
    small.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).ok()?;
    Some(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use image::{DynamicImage, ImageFormat, ImageReader, RgbImage};

    use super::{Inspected, Outcome, Refused, look, shrink};

    fn looked(bytes: &[u8], media_type: &str) -> (Outcome, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, bytes).unwrap();
        let found = Inspected { media_type: media_type.to_owned(), ..Inspected::default() };
        (look(&path, found).unwrap(), fs::read(&path).unwrap())
    }

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(picture).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    }

    /// An Exif segment with an orientation and a place.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"GPS 23.5505S 46.6333W");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..], b"GPS trailer"].concat()
    }

    #[test]
    fn a_large_picture_gets_a_preview_that_stands_upright_and_loses_its_place() {
        let sent = with_exif(&jpeg(1_600, 800), 6);
        let (outcome, kept) = looked(&sent, "image/jpeg");
        let Outcome::Taken(found) = outcome else { panic!("refused") };
        assert_eq!((found.width, found.height), (Some(800), Some(1_600)));
        let preview = image::load_from_memory(&found.preview.unwrap()).unwrap();
        assert_eq!((preview.width(), preview.height()), (320, 640));
        assert_eq!(kept.len(), sent.len());
        assert!(!kept.windows(3).any(|window| window == b"GPS"));
        // It still says how it is to be turned.
        let mut decoder =
            ImageReader::new(std::io::Cursor::new(&kept)).with_guessed_format().unwrap().into_decoder().unwrap();
        assert_eq!(image::ImageDecoder::orientation(&mut decoder).unwrap().to_exif(), 6);
        assert_eq!(image::load_from_memory(&kept).unwrap(), image::load_from_memory(&sent).unwrap());
    }

    /// D-046: what is kept of a logo is its pixels.
    #[test]
    fn a_picture_for_show_becomes_small_upright_and_plain() {
        let small = shrink(&with_exif(&jpeg(1_600, 800), 6), 512).unwrap();
        assert_eq!((small.media_type, small.width, small.height), ("image/jpeg", 256, 512));
        assert!(!small.bytes.windows(3).any(|window| window == b"GPS"));
        let shown = image::load_from_memory(&small.bytes).unwrap();
        assert_eq!((shown.width(), shown.height()), (256, 512));
        let clear = image::RgbaImage::from_pixel(40, 20, image::Rgba([10, 20, 30, 0]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        clear.write_to(&mut bytes, ImageFormat::Png).unwrap();
        let small = shrink(bytes.get_ref(), 512).unwrap();
        assert_eq!((small.media_type, small.width, small.height), ("image/png", 40, 20), "not made larger");
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Jpeg] {
            assert_eq!(shrink(&encoded(format), 512).unwrap().width, 20);
        }
        let vector: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
        for other in [vector, b"", &encoded(ImageFormat::Gif), &encoded(ImageFormat::Png)[..40]] {
            assert_eq!(shrink(other, 512), Err(Refused::Mismatch));
        }
        assert_eq!(shrink(b"\x7fELF\x02\x01", 512), Err(Refused::Program));
    }

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_fn(20, 10, |x, y| image::Rgb([(x * 9) as u8, (y * 9) as u8, 90]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn tiff(orientation: u8) -> Vec<u8> {
        [super::super::wiped::turning(orientation).as_slice(), b"GPS 23.5505S 46.6333W"].concat()
    }

    fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let named = [kind, content].concat();
        [&u32::try_from(content.len()).unwrap().to_be_bytes(), named.as_slice(), &crc(&named)].concat()
    }

    fn webp_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [name, &length, content, &[0][..content.len() % 2]].concat()
    }

    /// A PNG that says where it was taken in every way it can.
    fn telling_png(orientation: u8) -> Vec<u8> {
        let whole = encoded(ImageFormat::Png);
        let (begin, rest) = whole.split_at(33);
        let said = [
            png_chunk(b"eXIf", &tiff(orientation)),
            png_chunk(b"tEXt", b"Comment\0GPS here"),
            png_chunk(b"zTXt", b"Raw profile type exif\0\0GPS packed"),
            png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x>GPS</x>"),
            png_chunk(b"tIME", b"GPS\x01\x01\x01\x01"),
            png_chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]),
        ];
        [begin, &said.concat(), rest, b"GPS trailer"].concat()
    }

    fn telling_webp(orientation: u8) -> Vec<u8> {
        let whole = encoded(ImageFormat::WebP);
        let extended = webp_chunk(b"VP8X", &[0x0c, 0, 0, 0, 19, 0, 0, 9, 0, 0]);
        let (exif, xmp) = (webp_chunk(b"EXIF", &tiff(orientation)), webp_chunk(b"XMP ", b"<x>GPS</x>"));
        let body = [b"WEBP".as_slice(), &extended, &whole[12..], &exif, &xmp, &webp_chunk(b"mine", b"GPS")].concat();
        [b"RIFF".as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), &body, b"GPS trailer"].concat()
    }

    #[test]
    fn png_and_webp_lose_their_place_and_keep_how_they_are_turned() {
        for (media_type, telling) in
            [("image/png", telling_png as fn(u8) -> Vec<u8>), ("image/webp", telling_webp as fn(u8) -> Vec<u8>)]
        {
            for orientation in [1, 6] {
                let sent = telling(orientation);
                let (outcome, kept) = looked(&sent, media_type);
                let Outcome::Taken(found) = outcome else { panic!("{media_type} is refused") };
                let sides = if orientation == 6 { (Some(10), Some(20)) } else { (Some(20), Some(10)) };
                assert_eq!((found.width, found.height), sides, "{media_type}");
                assert_eq!(kept.len(), sent.len());
                assert!(!kept.windows(3).any(|window| window == b"GPS"), "{media_type} {orientation}");
                assert_eq!(image::load_from_memory(&kept).unwrap(), image::load_from_memory(&sent).unwrap());
                let reader = ImageReader::new(std::io::Cursor::new(&kept)).with_guessed_format().unwrap();
                let mut decoder = reader.into_decoder().unwrap();
                assert_eq!(image::ImageDecoder::orientation(&mut decoder).unwrap().to_exif(), orientation);
                assert_eq!(looked(&kept, media_type).1, kept, "doing it again changes nothing");
            }
        }
    }

    /// Wherever a file breaks off or lies about a length, its size stays and nothing panics.
    #[test]
    fn a_broken_png_or_webp_is_wiped_as_far_as_it_can_be_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        for (sent, wipe) in [
            (telling_png(6), super::png::wipe as fn(&std::path::Path, u8) -> std::io::Result<()>),
            (telling_webp(6), super::webp::wipe),
        ] {
            for length in (0..sent.len()).step_by(5) {
                fs::write(&path, &sent[..length]).unwrap();
                wipe(&path, 6).unwrap();
                assert_eq!(fs::read(&path).unwrap().len(), length);
            }
            for at in (4..sent.len() - 4).step_by(3) {
                let mut wrong = sent.clone();
                wrong[at..at + 4].fill(0xff);
                fs::write(&path, &wrong).unwrap();
                match wipe(&path, 6) {
                    Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {}
                    wiped => wiped.unwrap(),
                }
                assert_eq!(fs::read(&path).unwrap().len(), wrong.len());
            }
        }
    }

    /// Each place that is wiped costs some calls: a file of nothing but them would keep everybody else's pictures waiting.
    #[test]
    fn a_picture_with_more_beside_it_than_any_has_is_refused() {
        let png = encoded(ImageFormat::Png);
        let many = png_chunk(b"tEXt", b"").repeat(2_000);
        let webp = encoded(ImageFormat::WebP);
        let body = [&webp[8..], webp_chunk(b"mine", b"").repeat(2_000).as_slice()].concat();
        let jpeg = jpeg(20, 10);
        for (sent, media_type) in [
            ([&png[..33], many.as_slice(), &png[33..]].concat(), "image/png"),
            ([b"RIFF".as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat(), "image/webp"),
            ([&jpeg[..2], b"\xff\xfe\0\x03x".repeat(2_000).as_slice(), &jpeg[2..]].concat(), "image/jpeg"),
        ] {
            let (outcome, _) = looked(&sent, media_type);
            assert!(matches!(outcome, Outcome::Refused(Refused::Mismatch)), "{media_type}");
        }
    }

    #[test]
    fn what_is_broken_behind_the_picture_is_wiped_as_far_as_it_goes_and_the_size_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let whole = jpeg(20, 20);
        let open = &whole[..whole.len() - 2];
        for end in [b"\xff\xe1".as_slice(), b"\xff\xe1\x00", b"\xff\xe1\xff\xffGPS here", b"\xff"] {
            fs::write(&path, [open, end].concat()).unwrap();
            super::jpeg::wipe(&path, 6).unwrap();
            let kept = fs::read(&path).unwrap();
            assert_eq!(kept.len(), open.len() + end.len());
            assert!(kept.starts_with(open) && !kept.ends_with(b"here"));
        }
    }

    #[test]
    fn a_small_picture_needs_no_preview() {
        let (outcome, _) = looked(&jpeg(640, 10), "image/jpeg");
        assert!(matches!(outcome, Outcome::Taken(Inspected { preview: None, width: Some(640), .. })));
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused_before_it_does() {
        // 50,000 by 50,000 pixels in a few bytes: the header is all that is read.
        let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\x06\0\0\0".to_vec();
        bomb.extend(crc(&bomb[12..29]));
        bomb.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
        let (outcome, _) = looked(&bomb, "image/png");
        assert!(matches!(outcome, Outcome::Refused(Refused::TooManyPixels)));
        let (outcome, _) = looked(&jpeg(100, 100)[..300], "image/jpeg");
        assert!(matches!(outcome, Outcome::Refused(Refused::Mismatch)));
    }

    #[test]
    fn what_a_png_says_beside_its_picture_is_not_unpacked() {
        let mut bytes = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(RgbImage::new(20, 10)).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let whole = bytes.into_inner();
        // A colour profile that is no profile: a decoder that looked would complain or unpack it.
        let mut profile = b"\0\0\x03\xe8iCCP".to_vec();
        profile.extend([b'x'; 1_000]);
        profile.extend(crc(&profile[4..]));
        let sent = [&whole[..33], &profile, &whole[33..]].concat();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, &sent).unwrap();
        assert_eq!(super::png::plain(fs::File::open(&path).unwrap()).unwrap(), whole);
        let (outcome, _) = looked(&sent, "image/png");
        assert!(matches!(outcome, Outcome::Taken(Inspected { width: Some(20), height: Some(10), .. })));
    }

    #[test]
    fn a_jpeg_that_is_drawn_in_rounds_needs_room_for_them() {
        // A progressive frame of 7,000 by 7,000 pixels in three colours, and its rounds.
        let frame = |scans: usize, side: u16| {
            let [high, low] = side.to_be_bytes();
            let mut bytes = b"\xff\xd8\xff\xc2\0\x11\x08".to_vec();
            bytes.extend([high, low, high, low, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
            bytes.extend(b"\xff\xda\0\x08\x01\x01\0\0\0\0\x12\x34".repeat(scans));
            bytes.extend(b"\xff\xd9");
            bytes
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, frame(10, 4_000)).unwrap();
        let found = super::jpeg::frame(fs::File::open(&path).unwrap()).unwrap().unwrap();
        assert_eq!((found.memory(), found.scans), (4_000 * 4_000 * 3 * 3, 10));
        for bytes in [frame(10, 7_000), frame(33, 100)] {
            let (outcome, _) = looked(&bytes, "image/jpeg");
            assert!(matches!(outcome, Outcome::Refused(Refused::TooManyPixels)));
        }
        fs::write(&path, jpeg(300, 200)).unwrap();
        let found = super::jpeg::frame(fs::File::open(&path).unwrap()).unwrap().unwrap();
        assert_eq!((found.memory(), found.scans), (300 * 200 * 3, 1));
    }

    fn crc(bytes: &[u8]) -> [u8; 4] {
        let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
        });
        (!crc).to_be_bytes()
    }
}
