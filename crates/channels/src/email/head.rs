//! A mail's header: who wrote, in answer to what, and whether a machine did.

use balcao_types::rules::text::one_line;
use mail_parser::{HeaderName, HeaderValue, Message, MimeHeaders};

/// The most texts that are looked through for a mark.
const MARKS_MAX: usize = 200;

/// What a mail's header says. All of it is its sender's word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// As the sender calls itself; one line, perhaps empty.
    pub name: String,
    /// Perhaps empty.
    pub address: String,
    /// With its angle brackets.
    pub message_id: Option<String>,
    /// Message ids that it answers and addresses it went to, where a mark of ours may stand.
    pub marks: Vec<String>,
    /// Whether a machine wrote it (RFC 3834), or it went to many.
    pub is_automatic: bool,
    /// Whether it tells what became of another mail (RFC 3464).
    pub is_report: bool,
}

impl Head {
    pub(super) fn of(message: &Message<'_>) -> Self {
        let from = message.from().and_then(|from| from.first());
        let ids = |value: &HeaderValue<'_>| -> Vec<String> {
            value.as_text_list().unwrap_or_default().iter().map(|id| format!("<{id}>")).collect()
        };
        let mut marks = ids(message.in_reply_to());
        // Of a long thread the last ones are ours as likely as the first.
        marks.extend(ids(message.references()).into_iter().rev());
        let to = message.all_to().chain(message.all_cc()).flat_map(|list| list.iter());
        marks.extend(to.filter_map(|one| one.address()).map(|address| one_line(address, 320)));
        for name in ["Delivered-To", "X-Original-To", "Envelope-To"] {
            marks.extend(raw(message, name).map(|value| one_line(value.trim(), 320)));
        }
        marks.truncate(MARKS_MAX);
        Self {
            name: one_line(from.and_then(|from| from.name()).unwrap_or(""), 120).trim().to_owned(),
            address: one_line(from.and_then(|from| from.address()).unwrap_or(""), 320).trim().to_owned(),
            message_id: message.message_id().map(|id| format!("<{id}>")),
            marks,
            is_automatic: is_automatic(message),
            is_report: is_report(message),
        }
    }
}

/// The values of a header as they stand.
pub(super) fn raw<'m>(message: &'m Message<'_>, name: &str) -> impl Iterator<Item = &'m str> {
    let name = name.to_owned();
    message.headers_raw().filter(move |(other, _)| other.eq_ignore_ascii_case(&name)).map(|(_, value)| value)
}

fn is_automatic(message: &Message<'_>) -> bool {
    let says =
        |name: &str, is: fn(&str) -> bool| raw(message, name).any(|value| is(&value.trim().to_ascii_lowercase()));
    says("Auto-Submitted", |value| !value.starts_with("no"))
        || says("Precedence", |value| matches!(value, "bulk" | "junk" | "list" | "auto_reply"))
        || says("X-Auto-Response-Suppress", |value| !value.is_empty())
        || ["X-Autoreply", "X-Autorespond"].iter().any(|name| raw(message, name).next().is_some())
        || message.header(HeaderName::ListId).is_some()
}

pub(super) fn is_report(message: &Message<'_>) -> bool {
    message.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
            && kind.attribute("report-type").is_some_and(|about| about.eq_ignore_ascii_case("delivery-status"))
    })
}
