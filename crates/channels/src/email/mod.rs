//! E-mails as they arrive (RFC 5322, MIME), translated into what concerns a thread: who wrote, what, in answer to what. Nothing in a mail is
//! believed here: who reads it decides what it proves.

mod authentication;
mod bounce;
mod head;
mod quotes;

pub use authentication::Findings;
pub use bounce::Bounce;
pub use head::Head;
pub use quotes::without_quotes;

use balcao_types::rules::text::{has_forbidden_character, one_line};
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// The longest text that is kept of a mail, in characters.
const TEXT_MAX: usize = 100_000;
/// The most attachments that are kept of a mail.
const ATTACHMENTS_MAX: usize = 20;

/// A mail, translated.
#[derive(Clone, Debug)]
pub struct Email {
    pub head: Head,
    /// As it was meant by who wrote it: without what it quotes.
    pub text: String,
    /// With what it quotes, where that was left out.
    pub whole: Option<String>,
    pub attachments: Vec<Attachment>,
    /// Names of attachments beyond those that are kept.
    pub left_out: Vec<String>,
    /// What receiving servers claim to have found about the sender, the nearest first.
    pub findings: Vec<Findings>,
    pub bounce: Option<Bounce>,
}

/// A file that came with a mail.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// As its sender called it; one line, perhaps empty.
    pub name: String,
    /// By its sender's word: `image/png`.
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Translates a whole mail; none where there is nothing of a mail in it.
pub fn parse(raw: &[u8]) -> Option<Email> {
    let message = MessageParser::default().parse(raw)?;
    let whole = text_of(&message);
    let text = without_quotes(&whole);
    let (attachments, left_out) = attachments_of(&message);
    Some(Email {
        head: Head::of(&message),
        whole: (text != whole).then_some(whole),
        text,
        attachments,
        left_out,
        findings: authentication::of(&message),
        bounce: bounce::of(&message),
    })
}

/// Translates a mail's header alone.
pub fn parse_head(raw: &[u8]) -> Option<Head> {
    MessageParser::default().parse_headers(raw).map(|message| Head::of(&message))
}

/// All text of a mail; HTML without its tags where there is nothing else.
fn text_of(message: &Message<'_>) -> String {
    let bodies = (0..message.text_body_count()).filter_map(|at| message.body_text(at));
    let all = bodies.collect::<Vec<_>>().join("\n");
    let all = all.replace("\r\n", "\n").replace('\r', "\n").replace('\u{a0}', " ");
    let kept: String =
        all.chars().filter(|c| !has_forbidden_character(c.encode_utf8(&mut [0; 4]))).take(TEXT_MAX).collect();
    collapsed(&kept)
}

/// Without more than one empty line in a row, and without white space at ends of lines.
fn collapsed(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        let is_second = line.is_empty() && lines.last().is_none_or(|last| last.is_empty());
        if !is_second {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

fn attachments_of(message: &Message<'_>) -> (Vec<Attachment>, Vec<String>) {
    let mut kept = Vec::new();
    let mut left_out = Vec::new();
    for part in message.attachments() {
        let name = one_line(part.attachment_name().unwrap_or(""), 200);
        if part.is_empty() || is_part_of_the_text(part) {
            continue;
        }
        if kept.len() < ATTACHMENTS_MAX {
            kept.push(Attachment { name, media_type: media_type(part), bytes: part.contents().to_vec() });
        } else {
            left_out.push(name);
        }
    }
    (kept, left_out)
}

/// An alternative of the text that its author never attached.
fn is_part_of_the_text(part: &MessagePart<'_>) -> bool {
    part.attachment_name().is_none() && matches!(part.body, PartType::Text(_) | PartType::Html(_))
}

fn media_type(part: &MessagePart<'_>) -> String {
    let kind = part.content_type().map(|kind| (kind.ctype(), kind.subtype().unwrap_or("octet-stream")));
    let (kind, subtype) = kind.unwrap_or(("application", "octet-stream"));
    one_line(&format!("{kind}/{subtype}"), 100).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_head};

    #[test]
    fn an_answer_is_translated_with_what_came_along() {
        let raw = concat!(
            "From: =?utf-8?Q?Marina_=C3=87=C3=A3o?= <marina@exemplo.test>\r\nTo: Loja <suporte+abc@loja.test>\r\n",
            "Subject: Re: oi\r\nMessage-ID: <m1@exemplo.test>\r\nIn-Reply-To: <a.b@loja.test>\r\n",
            "References: <z@loja.test>\r\n <a.b@loja.test>\r\nMIME-Version: 1.0\r\n",
            "Content-Type: multipart/mixed; boundary=X\r\n\r\n",
            "--X\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
            "Ol=E1, chegou!\r\n\r\nEm seg., 30 de nov. de 2026, Loja <suporte@loja.test> escreveu:\r\n> Oi\r\n",
            "--X\r\nContent-Type: image/png; name=\"foto.png\"\r\nContent-Disposition: attachment; filename=\"foto.png\"\r\n",
            "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--X--\r\n",
        );
        let email = parse(raw.as_bytes()).unwrap();
        assert_eq!(email.text, "Olá, chegou!");
        assert!(email.whole.unwrap().ends_with("> Oi"));
        assert_eq!((email.head.name.as_str(), email.head.address.as_str()), ("Marina Ção", "marina@exemplo.test"));
        assert_eq!(email.head.message_id.as_deref(), Some("<m1@exemplo.test>"));
        for mark in ["<a.b@loja.test>", "<z@loja.test>", "suporte+abc@loja.test"] {
            assert!(email.head.marks.iter().any(|one| one == mark), "{mark} in {:?}", email.head.marks);
        }
        assert_eq!(email.attachments.len(), 1);
        assert_eq!(
            (email.attachments[0].name.as_str(), email.attachments[0].media_type.as_str()),
            ("foto.png", "image/png")
        );
        assert!(!email.head.is_automatic && email.bounce.is_none());
        let head = parse_head(raw.split_once("\r\n\r\n").unwrap().0.as_bytes()).unwrap();
        assert_eq!(head.marks, email.head.marks);
    }

    #[test]
    fn html_becomes_text_in_which_nothing_runs() {
        let raw = "From: a@b.c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
            <style>p{}</style><script>alert(1)</script><p>Bom <b>dia</b>,<br>tudo &lt;bem&gt;?</p><img src=x onerror=alert(2)>";
        let email = parse(raw.as_bytes()).unwrap();
        assert_eq!(email.text.trim(), "Bom dia,\ntudo <bem>?");
    }

    #[test]
    fn what_is_no_mail_does_no_harm() {
        for raw in [
            &b""[..],
            b"\0\0\0",
            b"\xff\xfe",
            b"From: \r\n\r\n\x00\x1b[31m",
            b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        ] {
            if let Some(email) = parse(raw) {
                assert!(!email.text.contains(['\0', '\u{1b}']));
            }
            let _ = parse_head(raw);
        }
    }
}
