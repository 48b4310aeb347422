//! Addresses of files: signed with the installation's key, good for half an hour to an hour, the same within each half hour so that a browser
//! keeps what it has.

use balcao_platform::media::percent_encoded;
use balcao_types::{FileId, Timestamp};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::shown::FileKept;
use crate::{Desk, visitors::TicketKey};

/// Addresses change this often, and hold for once to twice as long.
const STEP_SECONDS: i64 = 1_800;

/// What tells a file's address from everything else that the key signs; `~` stands in no ticket.
const MARK: &str = "f~";

/// How a file is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    InPlace,
    Preview,
    Download,
}

impl Show {
    const fn code(self) -> u8 {
        match self {
            Self::InPlace => 0,
            Self::Preview => 1,
            Self::Download => 2,
        }
    }

    const fn of(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::InPlace),
            1 => Some(Self::Preview),
            2 => Some(Self::Download),
            _ => None,
        }
    }
}

/// Makes addresses.
#[derive(Clone, Copy)]
pub struct Links<'a> {
    key: &'a TicketKey,
    now: Timestamp,
}

/// What an address stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub file: FileId,
    pub show: Show,
    pub expires_at: Timestamp,
}

impl Desk {
    /// Makes addresses of files that are good from now on.
    pub fn links(&self) -> Links<'_> {
        Links { key: &self.tickets, now: self.clock.now() }
    }
}

impl<'a> Links<'a> {
    #[cfg(test)]
    const fn new(key: &'a TicketKey, now: Timestamp) -> Self {
        Self { key, now }
    }

    /// The path of a file's address, from our own origin. The name at its end is for people.
    pub(super) fn sign(&self, file: &FileKept, show: Show) -> String {
        let mut content = [0_u8; 21];
        let step = self.now.0.div_euclid(STEP_SECONDS * 1_000_000) + 2;
        let [id @ .., a, b, c, d, code] = &mut content;
        id.copy_from_slice(file.id.0.as_bytes());
        [*a, *b, *c, *d] = u32::try_from(step).unwrap_or(0).to_be_bytes();
        *code = show.code();
        // The key was checked when it was loaded.
        let sealed = self.key.seal(&format!("{MARK}{}", URL_SAFE_NO_PAD.encode(content))).unwrap_or_default();
        format!("/files/{sealed}/{}", percent_encoded(&file.name))
    }

    /// What an address stands for; none when it is forged or has run out.
    pub(super) fn open(&self, sealed: &str) -> Option<Link> {
        let content = URL_SAFE_NO_PAD.decode(self.key.open(sealed)?.strip_prefix(MARK)?).ok()?;
        let [id @ .., a, b, c, d, code] = content.as_slice() else { return None };
        let step = i64::from(u32::from_be_bytes([*a, *b, *c, *d]));
        let link = Link {
            file: FileId(Uuid::from_slice(id).ok()?),
            show: Show::of(*code)?,
            expires_at: Timestamp(0).plus_seconds(step * STEP_SECONDS),
        };
        (link.expires_at > self.now).then_some(link)
    }
}

#[cfg(test)]
mod tests {
    use balcao_types::{FileId, FileKind, Timestamp};
    use uuid::Uuid;

    use super::{FileKept, Links, Show};
    use crate::visitors::TicketKey;

    fn file() -> FileKept {
        FileKept {
            id: FileId(Uuid::from_u128(7)),
            name: "nota fiscal/1.pdf".to_owned(),
            kind: FileKind::File,
            media_type: "application/pdf".to_owned(),
            size: 1,
            width: None,
            height: None,
            duration_ms: None,
            has_preview: false,
        }
    }

    #[test]
    fn an_address_is_stable_for_a_while_and_runs_out_within_the_hour() {
        let key = TicketKey::of("k");
        let at = |seconds| Links::new(&key, Timestamp(0).plus_seconds(seconds));
        let path = at(1_800).sign(&file(), Show::Preview);
        assert!(path.starts_with("/files/f~") && path.ends_with("/nota%20fiscal%2F1.pdf"), "{path}");
        assert_eq!(path, at(3_599).sign(&file(), Show::Preview));
        assert_ne!(path, at(3_600).sign(&file(), Show::Preview));
        let sealed = path.split('/').nth(2).unwrap();
        let link = at(5_399).open(sealed).unwrap();
        assert_eq!((link.file, link.show, link.expires_at.0), (file().id, Show::Preview, 5_400_000_000));
        assert_eq!(at(5_400).open(sealed), None);
    }

    #[test]
    fn an_altered_address_opens_nothing() {
        let (key, other) = (TicketKey::of("k"), TicketKey::of("other"));
        let links = Links::new(&key, Timestamp(0));
        let path = links.sign(&file(), Show::InPlace);
        let sealed = path.split('/').nth(2).unwrap();
        assert!(links.open(sealed).is_some());
        assert!(Links::new(&other, Timestamp(0)).open(sealed).is_none());
        for at in 0..sealed.len() {
            let mut altered: Vec<char> = sealed.chars().collect();
            altered[at] = if altered[at] == 'A' { 'Q' } else { 'A' };
            let altered: String = altered.into_iter().collect();
            assert!(links.open(&altered).is_none(), "{altered}");
        }
    }
}
