//! Checks on what people typed: collects every wrong field, so that a form is refused once with all its faults.

use std::ops::RangeInclusive;

use balcao_types::{
    ErrorCode,
    rules::{
        colours::{self, ENOUGH, contrast},
        placeholders::placeholders,
        text::{folded, has_forbidden_character, is_blank, leaves_its_line},
    },
    settings::{MESSAGE_MAX, MessageSettings, OFFSET_MAX, SIMULTANEOUS_LIMITS},
};
use serde_json::json;

use crate::error::{Error, FieldError, Result};

/// The wrong fields found so far.
#[derive(Default)]
pub struct Checks {
    faults: Vec<FieldError>,
}

impl Checks {
    /// Notes a wrong field.
    pub fn fault(&mut self, field: &str, code: ErrorCode) {
        self.faults.push(FieldError::new(field, code));
    }

    /// Notes a field with too much or too little in it.
    pub fn limited(&mut self, field: &str, code: ErrorCode, limit: usize) {
        self.faults.push(FieldError::limited(field, code, limit));
    }

    /// Notes what was found elsewhere.
    pub fn add(&mut self, fault: Option<FieldError>) {
        self.faults.extend(fault);
    }

    /// Notes a wrong field with the facts that its sentence names.
    pub fn fault_with(&mut self, field: &str, code: ErrorCode, params: serde_json::Value) {
        self.faults.push(FieldError::with(field, code, params));
    }

    /// One line without surrounding white space, between 1 and `max` characters, one of which can be seen.
    pub fn required(&mut self, field: &str, text: &str, max: usize) -> String {
        if is_blank(text) {
            self.fault(field, ErrorCode::Required);
        }
        self.line(field, text, max)
    }

    /// A cell of a table: one line at most, without characters that cannot be kept.
    pub fn cell(&mut self, field: &str, text: &str, max: usize) -> String {
        if has_forbidden_character(text) && !leaves_its_line(text.trim()) {
            self.fault(field, ErrorCode::InvalidCharacter);
        }
        self.line(field, text, max)
    }

    /// One line without surrounding white space, at most `max` characters.
    pub fn line(&mut self, field: &str, text: &str, max: usize) -> String {
        if leaves_its_line(text.trim()) {
            self.fault(field, ErrorCode::InvalidCharacter);
        }
        self.optional(field, text, max)
    }

    /// A text without surrounding white space, at most `max` characters.
    pub fn optional(&mut self, field: &str, text: &str, max: usize) -> String {
        let text = text.trim();
        if text.chars().count() > max {
            self.limited(field, ErrorCode::TooLong, max);
        }
        text.to_owned()
    }

    /// An e-mail address, trimmed; compared by [`email_key`].
    pub fn email(&mut self, field: &str, text: &str) -> String {
        let text = text.trim();
        if text.is_empty() {
            self.fault(field, ErrorCode::Required);
        } else if text.len() > 254 || !is_email(text) {
            self.fault(field, ErrorCode::EmailInvalid);
        }
        text.to_owned()
    }

    /// A new password: 10 to 200 characters, not one of the most common, not the person's own address.
    pub fn password(&mut self, field: &str, password: &str, email: &str) {
        let length = password.chars().count();
        if length < 10 {
            self.fault(field, ErrorCode::PasswordTooShort);
        } else if length > 200 {
            self.fault(field, ErrorCode::PasswordTooLong);
        } else if is_common(password, email) {
            self.fault(field, ErrorCode::PasswordTooCommon);
        }
    }

    /// How many conversations at once somebody may be given.
    pub fn limit(&mut self, field: &str, limit: Option<u32>) {
        if limit.is_some_and(|limit| !SIMULTANEOUS_LIMITS.contains(&limit)) {
            self.fault(field, ErrorCode::InvalidValue);
        }
    }

    /// A colour, in the form that is kept; empty where it is none.
    pub fn colour(&mut self, field: &str, typed: &str) -> String {
        colours::normalised(typed).unwrap_or_else(|| {
            self.fault(field, ErrorCode::ColourInvalid);
            String::new()
        })
    }

    /// That a text can be read on its ground (D-042).
    pub fn readable(&mut self, field: &str, ground: &str, text: &str) {
        let contrast = contrast(ground, text);
        if contrast < ENOUGH {
            // Rounded down: what is told as enough is enough.
            let ratio = (contrast * 10.0).floor() / 10.0;
            self.fault_with(field, ErrorCode::ContrastLow, json!({ "ratio": ratio }));
        }
    }

    /// How far the launcher stands from an edge.
    pub fn offset(&mut self, field: &str, offset: u16) {
        if offset > OFFSET_MAX {
            self.limited(field, ErrorCode::OffsetTooLarge, OFFSET_MAX.into());
        }
    }

    /// A width or a height, in pixels (T-063).
    pub fn size(&mut self, field: &str, size: u16, allowed: &RangeInclusive<u16>) {
        if !allowed.contains(&size) {
            let params = json!({ "least": allowed.start(), "most": allowed.end() });
            self.fault_with(field, ErrorCode::SizeInvalid, params);
        }
    }

    /// How many minutes may be set.
    pub fn minutes(&mut self, field: &str, minutes: u32, allowed: &RangeInclusive<u32>) {
        if !allowed.contains(&minutes) {
            let params = json!({ "least": allowed.start(), "most": allowed.end() });
            self.fault_with(field, ErrorCode::MinutesInvalid, params);
        }
    }

    /// What the chat says by itself, under `messages`: what stands in braces has to be known there.
    pub fn messages(&mut self, messages: &MessageSettings) {
        for (name, message, known) in messages.named() {
            let field = format!("messages.{name}");
            self.line(&field, message, MESSAGE_MAX);
            self.placeholders(&field, message, known);
        }
    }

    /// That what stands in a text's braces is known there.
    pub fn placeholders(&mut self, field: &str, text: &str, known: &[&str]) {
        if placeholders(text).any(|asked| !known.contains(&asked)) {
            let known: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
            self.fault_with(field, ErrorCode::PlaceholderUnknown, json!({ "known": known.join(", ") }));
        }
    }

    /// Whether something of a field was found to be wrong.
    pub fn concern(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    /// The wrong fields, for what is not refused as a whole.
    pub fn into_faults(self) -> Vec<FieldError> {
        self.faults
    }

    /// All fields together.
    ///
    /// # Errors
    /// The wrong fields, when there are any.
    pub fn finish(self) -> Result<()> {
        if self.faults.is_empty() { Ok(()) } else { Err(Error::Fields(self.faults)) }
    }
}

/// Whether a text is an e-mail address with a domain (RFC 5321, without quoted names and address literals).
pub fn is_email(text: &str) -> bool {
    let has_domain = text.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.') && !domain.ends_with('.'));
    has_domain
        && !leaves_its_line(text)
        && !text.contains(['"', '[', '<', ' '])
        && email_address::EmailAddress::is_valid(text)
}

/// The form under which addresses are compared.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

fn is_common(password: &str, email: &str) -> bool {
    const COMMON: &[&str] =
        &["1234567890", "0123456789", "qwertyuiop", "password12", "password123", "senha12345", "minhasenha"];
    let folded = folded(password);
    let first = folded.chars().next();
    let is_one_character = folded.chars().all(|c| Some(c) == first);
    is_one_character || folded == email_key(email) || COMMON.contains(&folded.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Checks, is_email};

    #[test]
    fn addresses_need_a_domain() {
        for good in ["ana@exemplo.com.br", "a.b+c@x.io"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["ana", "ana@", "ana@localhost", "a b@x.io", "\"a\"@x.io", "a@[127.0.0.1]", "<a@x.io>", "a\u{202e}b@x.io"]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn a_line_is_seen_and_stays_a_line() {
        let faults = |text: &str| {
            let mut checks = Checks::default();
            checks.required("name", text, 10);
            match checks.finish() {
                Err(super::Error::Fields(faults)) => faults.iter().map(|fault| fault.code.to_string()).collect(),
                _ => Vec::new(),
            }
        };
        assert_eq!(faults(" Ana\n"), [""; 0]);
        assert_eq!(faults("\u{200b}\u{feff}"), ["required"]);
        assert_eq!(faults("Ana\u{202e}anA"), ["invalid_character"]);
        assert_eq!(faults("Ana\r\nRui"), ["invalid_character"]);
    }

    #[test]
    fn every_wrong_field_is_told() {
        let mut checks = Checks::default();
        checks.required("name", "  ", 10);
        checks.email("email", "x");
        checks.password("password", "aaaaaaaaaaaa", "");
        assert!(matches!(checks.finish(), Err(super::Error::Fields(faults)) if faults.len() == 3));
    }
}
