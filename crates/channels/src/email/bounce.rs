//! What mail servers tell of a mail that could not be delivered (RFC 3464).

use balcao_types::rules::text::one_line;
use mail_parser::{Message, MimeHeaders};

use super::head::is_report;

/// A mail came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The message id of the mail that came back, with its angle brackets.
    pub of: Option<String>,
    /// Whether it was given up; else it is late, and tried again there.
    pub is_final: bool,
    /// The server's words.
    pub reason: String,
}

pub(super) fn of(message: &Message<'_>) -> Option<Bounce> {
    if !is_report(message) {
        return None;
    }
    let status = message.parts.iter().find(|part| part.is_content_type("message", "delivery-status"))?;
    let status = String::from_utf8_lossy(status.contents()).into_owned();
    let field = |name: &str| field_of(&status, name);
    let action = field("Action")?.to_ascii_lowercase();
    let words = field("Diagnostic-Code").or_else(|| field("Status")).unwrap_or_default();
    let words = words.split_once(';').map_or(words.clone(), |(_, words)| words.trim().to_owned());
    Some(Bounce { of: original(message), is_final: action == "failed", reason: one_line(&words, 300) })
}

/// The message id of the mail that is told of: as a whole mail, or its header alone.
fn original(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| {
        if let Some(inner) = part.message() {
            return inner.message_id().map(|id| format!("<{id}>"));
        }
        let is_header = part.is_content_type("text", "rfc822-headers");
        is_header.then(|| field_of(&String::from_utf8_lossy(part.contents()), "Message-ID")).flatten()
    })
}

/// A field among lines of fields, unfolded.
fn field_of(text: &str, name: &str) -> Option<String> {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    unfolded.lines().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field.trim().eq_ignore_ascii_case(name).then(|| value.split_whitespace().collect::<Vec<_>>().join(" "))
    })
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    fn report(action: &str, original: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mail.loja.test\r\nTo: suporte@loja.test\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"X\"\r\n\r\n\
             --X\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n\
             --X\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.loja.test\r\n\r\n\
             Final-Recipient: rfc822; x@fora.test\r\nAction: {action}\r\nStatus: 5.1.1\r\n\
             Diagnostic-Code: smtp; 550 5.1.1\r\n  nobody has this name\r\n\r\n{original}--X--\r\n"
        )
    }

    #[test]
    fn a_bounce_says_which_mail_came_back_and_why() {
        let whole =
            "--X\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <a.b@loja.test>\r\nSubject: oi\r\n\r\noi\r\n";
        let header = "--X\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: oi\r\nMessage-Id: <a.b@loja.test>\r\n";
        for original in [whole, header] {
            let bounce = parse(report("failed", original).as_bytes()).unwrap().bounce.unwrap();
            assert_eq!(bounce.of.as_deref(), Some("<a.b@loja.test>"), "{original}");
            assert!(bounce.is_final);
            assert_eq!(bounce.reason, "550 5.1.1 nobody has this name");
        }
        let late = parse(report("delayed", whole).as_bytes()).unwrap();
        assert!(!late.bounce.unwrap().is_final && late.head.is_automatic && late.head.is_report);
    }
}
