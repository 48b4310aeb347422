//! Recognising what a file is from its first bytes.

use balcao_types::FileKind;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A picture that every browser shows and that is decoded here.
    Picture(&'static str),
    /// ISO media (MP4 and its relatives), with what it is called as a moving picture.
    Media(&'static str),
    /// Matroska or WebM.
    Matroska {
        is_web: bool,
    },
    Ogg {
        is_video: bool,
    },
    Sound(&'static str),
    /// Something that a system would run.
    Program,
    Other,
}

impl Content {
    /// The media type under which it is shown as this kind; none when it cannot be.
    pub const fn shown_as(self, kind: FileKind) -> Option<&'static str> {
        match (kind, self) {
            (FileKind::Image, Self::Picture(media_type)) | (FileKind::Audio, Self::Sound(media_type)) => {
                Some(media_type)
            }
            (FileKind::Video, Self::Media(media_type)) => Some(media_type),
            (FileKind::Video, Self::Matroska { is_web: true }) => Some("video/webm"),
            (FileKind::Video, Self::Matroska { is_web: false }) => Some("video/x-matroska"),
            (FileKind::Video, Self::Ogg { is_video: true }) => Some("video/ogg"),
            (FileKind::Audio, Self::Media(_)) => Some("audio/mp4"),
            (FileKind::Audio, Self::Matroska { is_web: true }) => Some("audio/webm"),
            (FileKind::Audio, Self::Ogg { is_video: false }) => Some("audio/ogg"),
            _ => None,
        }
    }
}

/// Recognises a file by its first bytes.
pub fn recognise(head: &[u8]) -> Content {
    match head {
        [0xff, 0xd8, 0xff, ..] => Content::Picture("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Content::Picture("image/png"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Content::Picture("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Content::Picture("image/webp"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Content::Sound("audio/wav"),
        [b'f', b'L', b'a', b'C', ..] => Content::Sound("audio/flac"),
        [b'#', b'!', b'A', b'M', b'R', b'\n' | b'-', ..] => Content::Sound("audio/amr"),
        [b'O', b'g', b'g', b'S', ..] => Content::Ogg { is_video: contains(head, b"\x80theora") },
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Content::Matroska { is_web: contains(head, b"webm") },
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => media(brand),
        // ADTS is told from MPEG audio by its layer, which is 0.
        [0xff, second, ..] if second & 0xf6 == 0xf0 => Content::Sound("audio/aac"),
        [b'I', b'D', b'3', ..] => Content::Sound("audio/mpeg"),
        [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x06 != 0 => Content::Sound("audio/mpeg"),
        _ if is_program(head) => Content::Program,
        _ => Content::Other,
    }
}

/// ISO media by its brand (ISO/IEC 14496-12, 4.3). Pictures in that coat (HEIC, AVIF) are ordinary files here.
fn media(brand: &[u8]) -> Content {
    match brand {
        [b'h', b'e', b'i' | b'v', ..] | [b'm', b'i', b'f', b'1', ..] | [b'm', b's', b'f', b'1', ..] => Content::Other,
        [b'a', b'v', b'i', b'f' | b's', ..] => Content::Other,
        [b'q', b't', ..] => Content::Media("video/quicktime"),
        [b'3', b'g', ..] => Content::Media("video/3gpp"),
        _ => Content::Media("video/mp4"),
    }
}

/// Whether a system would run it: Windows (with its NULs, which no text has), Linux, macOS, Java, Android, WebAssembly, scripts, shortcuts.
fn is_program(head: &[u8]) -> bool {
    let starts: [&[u8]; 11] = [
        b"\x7fELF",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"dex\n",
        b"\0asm",
        b"#!",
        b"\xef\xbb\xbf#!",
        b"L\0\0\0\x01\x14\x02\0",
    ];
    let is_windows = head.starts_with(b"MZ") && head.iter().take(512).any(|byte| *byte == 0);
    is_windows || starts.iter().any(|start| head.starts_with(start))
}

fn contains(head: &[u8], part: &[u8]) -> bool {
    head.windows(part.len()).any(|window| window == part)
}

/// The media type of a file that is only downloaded: for whoever shows a symbol beside its name.
pub fn ordinary_type(head: &[u8], name: &str) -> &'static str {
    if let Some(known) = infer::get(head) {
        return known.mime_type();
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "txt" | "log" | "md" => "text/plain",
        "csv" => "text/csv",
        "json" => "application/json",
        "xml" => "text/xml",
        "svg" => "image/svg+xml",
        "htm" | "html" => "text/html",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use balcao_types::FileKind;

    use super::recognise;

    #[test]
    fn what_can_be_shown_is_known_by_its_first_bytes() {
        let shown = |head: &[u8], kind| recognise(head).shown_as(kind);
        let mp4 = b"\0\0\0\x20ftypisom\0\0\x02\0";
        assert_eq!(shown(mp4, FileKind::Video), Some("video/mp4"));
        assert_eq!(shown(mp4, FileKind::Audio), Some("audio/mp4"));
        assert_eq!(shown(mp4, FileKind::Image), None);
        assert_eq!(shown(b"\0\0\0\x20ftypheic\0\0\0\0", FileKind::Video), None);
        assert_eq!(shown(b"\0\0\0\x14ftypqt  ", FileKind::Video), Some("video/quicktime"));
        assert_eq!(shown(b"\x1a\x45\xdf\xa3\x01\0\x42\x82\x84webm", FileKind::Audio), Some("audio/webm"));
        assert_eq!(shown(b"OggS\0\x02......OpusHead", FileKind::Audio), Some("audio/ogg"));
        assert_eq!(shown(b"OggS\0\x02......\x80theora", FileKind::Audio), None);
        assert_eq!(shown(b"\xff\xfb\x90\x64", FileKind::Audio), Some("audio/mpeg"));
        assert_eq!(shown(b"\xff\xf1\x50\x80", FileKind::Audio), Some("audio/aac"));
        assert_eq!(shown(b"#!AMR\n\x3c", FileKind::Audio), Some("audio/amr"));
        assert_eq!(shown(b"RIFF\0\0\0\0WAVEfmt ", FileKind::Audio), Some("audio/wav"));
    }
}
