//! Letters as they travel (RFC 5322). Every part goes through a typed header: a line break in a name is text, never another header.

use std::time::{Duration, UNIX_EPOCH};

use balcao_types::{MailFault, Timestamp, rules::text::one_line};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Attachment, Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};

use super::Problem;

/// How many earlier mails a letter names.
const REFERENCES_MAX: usize = 20;
/// The longest name of a file, in characters.
const NAME_MAX: usize = 200;
/// The longest subject, in characters.
const SUBJECT_MAX: usize = 200;

/// Somebody who writes or is written to.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub address: String,
}

/// A file that goes with a letter.
#[derive(Clone, Debug)]
pub struct Attached {
    /// One line; what else it holds is encoded.
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// A letter in plain text, and files with it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// With its angle brackets.
    pub message_id: String,
    pub from: Person,
    pub to: Person,
    /// Where answers go, if elsewhere than to `from`.
    pub reply_to: Option<String>,
    pub subject: String,
    pub text: String,
    pub in_reply_to: Option<String>,
    /// The earlier mails of the thread, oldest first; those that are no message ids are left out.
    pub references: Vec<String>,
    pub attached: Vec<Attached>,
    /// Nobody has written it: nobody's absence is to answer it (RFC 3834).
    pub is_automatic: bool,
    pub at: Timestamp,
}

/// Whether a text is a message id that may stand in a header: `<…@…>`, printable ASCII without white space, of reasonable length.
pub fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|inner| {
        inner.len() <= 250
            && inner.split_once('@').is_some_and(|(left, right)| !left.is_empty() && !right.is_empty())
            && inner.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'))
    })
}

/// The letter's envelope and its bytes.
///
/// # Errors
/// When an address is none.
pub fn compose(letter: &Letter) -> Result<(Envelope, Vec<u8>), Problem> {
    let from = mailbox(&letter.from, MailFault::SenderRefused)?;
    let to = mailbox(&letter.to, MailFault::RecipientRefused)?;
    let seconds = u64::try_from(letter.at.0 / 1_000_000).unwrap_or(0);
    let mut building = Message::builder()
        .from(from.clone())
        .to(to.clone())
        .subject(one_line(&letter.subject, SUBJECT_MAX))
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(letter.message_id.clone()).filter(|id| is_message_id(id)));
    if let Some(address) = &letter.reply_to {
        let person = Person { name: letter.from.name.clone(), address: address.clone() };
        building = building.reply_to(mailbox(&person, MailFault::SenderRefused)?);
    }
    if let Some(id) = letter.in_reply_to.clone().filter(|id| is_message_id(id)) {
        building = building.in_reply_to(id);
    }
    let known: Vec<&str> = letter.references.iter().map(String::as_str).filter(|id| is_message_id(id)).collect();
    let known = known.get(known.len().saturating_sub(REFERENCES_MAX)..).unwrap_or_default();
    if !known.is_empty() {
        building = building.references(known.join(" "));
    }
    if letter.is_automatic {
        let (name, value) = (HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        building = building.raw_header(HeaderValue::new(name, value));
    }
    let failed = |error| Problem::lasting(MailFault::MessageRefused, error);
    let message = if letter.attached.is_empty() {
        building.header(ContentType::TEXT_PLAIN).body(letter.text.clone()).map_err(failed)?
    } else {
        building.multipart(with_files(letter)?).map_err(failed)?
    };
    let envelope = Envelope::new(Some(from.email), vec![to.email]).map_err(failed)?;
    Ok((envelope, message.formatted()))
}

/// The text, then the files as they are: nothing on their way reads them as text.
fn with_files(letter: &Letter) -> Result<MultiPart, Problem> {
    let mut parts = MultiPart::mixed().singlepart(SinglePart::plain(letter.text.clone()));
    for Attached { name, media_type, bytes } in &letter.attached {
        let of_any_kind = || ContentType::parse("application/octet-stream");
        let kind = ContentType::parse(media_type).or_else(|_unreadable| of_any_kind());
        let kind = kind.map_err(|error| Problem::lasting(MailFault::MessageRefused, error))?;
        let body = Body::new_with_encoding(bytes.clone(), ContentTransferEncoding::Base64)
            .map_err(|_bytes| Problem::lasting(MailFault::MessageRefused, ""))?;
        parts = parts.singlepart(Attachment::new(one_line(name, NAME_MAX)).body(body, kind));
    }
    Ok(parts)
}

fn mailbox(person: &Person, fault: MailFault) -> Result<Mailbox, Problem> {
    let address: Address = person.address.parse().map_err(|error| Problem::lasting(fault, error))?;
    let name = one_line(&person.name, 120).trim().to_owned();
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

#[cfg(test)]
mod tests {
    use balcao_types::Timestamp;

    use super::{Attached, Letter, Person, compose, is_message_id};

    fn letter() -> Letter {
        let person = |name: &str, address: &str| Person { name: name.to_owned(), address: address.to_owned() };
        Letter {
            message_id: "<a.b@loja.test>".to_owned(),
            from: person("Vila Clara", "suporte@loja.test"),
            to: person("Marina", "marina@exemplo.test"),
            reply_to: None,
            subject: "Sua mensagem".to_owned(),
            text: "Olá, ação.\n.\nFim".to_owned(),
            in_reply_to: None,
            references: Vec::new(),
            attached: Vec::new(),
            is_automatic: false,
            at: Timestamp(1_795_176_000_000_000),
        }
    }

    fn headers(letter: &Letter) -> String {
        let (_, bytes) = compose(letter).unwrap();
        String::from_utf8(bytes).unwrap().split_once("\r\n\r\n").unwrap().0.to_owned()
    }

    #[test]
    fn nothing_in_a_letter_becomes_a_header() {
        let evil = "x\r\nBcc: todos@exemplo.test\r\n\r\nolá";
        let mut one = letter();
        one.to.name = evil.to_owned();
        one.from.name = evil.to_owned();
        one.subject = evil.to_owned();
        one.in_reply_to = Some(evil.to_owned());
        one.message_id = evil.to_owned();
        one.references = vec![evil.to_owned(), "<b@c>".to_owned()];
        let headers = headers(&one);
        assert!(!headers.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{headers}");
        assert!(!headers.contains("In-Reply-To"));
        assert!(headers.contains("References: <b@c>"));
        for address in ["a@b.c\r\nBcc: d@e.f", "a b@c.d", "<a@b.c>", ""] {
            let mut one = letter();
            one.to.address = address.to_owned();
            assert!(compose(&one).is_err(), "{address:?}");
        }
    }

    #[test]
    fn a_thread_is_named_by_its_last_mails() {
        let mut one = letter();
        one.references = (0..40).map(|n| format!("<{n}@loja.test>")).collect();
        one.in_reply_to = Some("<39@loja.test>".to_owned());
        let headers = headers(&one).replace("\r\n ", " ");
        assert!(headers.contains("References: <20@loja.test> <21@loja.test>"), "{headers}");
        assert!(headers.contains("In-Reply-To: <39@loja.test>"));
        assert!(headers.contains("Message-ID: <a.b@loja.test>"));
    }

    #[test]
    fn files_go_with_the_text_as_they_are() {
        let mut one = letter();
        let file = |name: &str, media_type: &str, bytes: &[u8]| Attached {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            bytes: bytes.to_vec(),
        };
        one.attached = vec![
            file("segunda via ç.pdf", "application/pdf", b"%PDF-1.4\n\0\xff"),
            file("a\r\nBcc: x@y.z\r\n\r\n.txt", "nichts\r\nBcc: x@y.z", b"linha\n.\nfim"),
        ];
        let (_, bytes) = compose(&one).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("Content-Type: multipart/mixed"), "{text}");
        assert!(!text.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{text}");
        // What each was named and what it holds, whatever its bytes look like.
        assert!(text.contains("filename*0*=utf-8''segunda%20via%20%C3%A7.pdf"), "{text}");
        assert!(
            text.contains("Content-Type: application/pdf") && text.contains("Content-Type: application/octet-stream")
        );
        for bytes in ["JVBERi0xLjQKAP8=", "bGluaGEKLgpmaW0="] {
            assert!(text.contains(bytes), "{bytes} in {text}");
        }
    }

    #[test]
    fn message_ids_are_known_by_their_shape() {
        for good in ["<a@b>", "<CAF+x=_y@mail.exemplo.test>"] {
            assert!(is_message_id(good), "{good}");
        }
        for bad in ["a@b", "<a>", "<@b>", "<a@b> <c@d>", "<a\n@b>", "<ã@b>", ""] {
            assert!(!is_message_id(bad), "{bad:?}");
        }
    }
}
