//! A JSON body: wrong types name their field, forbidden characters are refused alike on both engines, sizes are bounded.

use std::time::Duration;

use axum::{
    body::HttpBody,
    extract::{FromRequest, OptionalFromRequest, Request},
    http::header,
};
use balcao_types::{ErrorCode, rules::text::has_forbidden_character};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::strict::Strict;
use crate::{
    Desk,
    error::{Error, FieldError, Result},
};

/// The largest body of an ordinary operation, in bytes.
const BODY_MAX: usize = 128 * 1024;

/// How long the body of a request may take to arrive.
const BODY_WAIT: Duration = Duration::from_secs(60);

/// The largest document inside a body, in bytes of JSON. Settings that grow by one change after the other meet it too.
const DOCUMENT_MAX: usize = 64 * 1024;

/// How many forbidden characters are told at once.
const FORBIDDEN_MAX: usize = 8;

/// Reads a body whole and in good time.
///
/// # Errors
/// 413 when it is longer than `most` bytes, 400 when it does not end within a minute.
pub async fn whole_body(request: Request, most: usize) -> Result<Bytes> {
    tokio::time::timeout(BODY_WAIT, axum::body::to_bytes(request.into_body(), most))
        .await
        .map_err(|_unfinished| Error::refused(ErrorCode::Malformed))?
        .map_err(|_too_long| Error::refused(ErrorCode::TooLarge))
}

/// A JSON body of type `T`.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Desk> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _desk: &Desk) -> Result<Self> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = content_type.and_then(|value| value.split(';').next()).map(str::trim);
        if kind != Some("application/json") {
            return Err(Error::refused(ErrorCode::UnsupportedMediaType));
        }
        let bytes = whole_body(request, BODY_MAX).await?;
        let value: Value = serde_json::from_slice(&bytes).map_err(|_not_json| Error::refused(ErrorCode::Malformed))?;
        parse(value).map(Self)
    }
}

impl<T: DeserializeOwned> OptionalFromRequest<Desk> for Body<T> {
    type Rejection = Error;

    /// No body where none was sent.
    async fn from_request(request: Request, desk: &Desk) -> Result<Option<Self>> {
        let has_kind = request.headers().contains_key(header::CONTENT_TYPE);
        if !has_kind && request.body().is_end_stream() {
            return Ok(None);
        }
        <Self as FromRequest<Desk>>::from_request(request, desk).await.map(Some)
    }
}

/// Tells `null` (set to nothing) from absent (leave as it is): `#[serde(default, deserialize_with = "present")]` on an `Option<Option<T>>`.
///
/// # Errors
/// When the value is not a `T`.
pub fn present<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads a value as `T`, strictly: see [`Strict`].
///
/// # Errors
/// The field that has the wrong type, is missing, is too large, or holds a forbidden character.
pub fn parse<T: DeserializeOwned>(value: Value) -> Result<T> {
    let mut forbidden = Forbidden::default();
    forbidden.find(&value);
    if !forbidden.faults.is_empty() {
        return Err(Error::Fields(forbidden.faults));
    }
    refuse_large_documents(&value)?;
    serde_path_to_error::deserialize(Strict(value)).map_err(|error| {
        let message = error.inner().to_string();
        let place = dotted(error.path());
        let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        match missing {
            Some(field) => Error::field(&join(&place, field), ErrorCode::Required),
            None => Error::field(&place, ErrorCode::InvalidValue),
        }
    })
}

fn refuse_large_documents(value: &Value) -> Result<()> {
    for (name, field) in value.as_object().into_iter().flatten() {
        if field.is_object() && serde_json::to_vec(field)?.len() > DOCUMENT_MAX {
            return Err(Error::limited(name, ErrorCode::TooLong, DOCUMENT_MAX));
        }
    }
    Ok(())
}

/// A place in a body as every field is named: `departments.0.id`.
fn dotted(path: &Path) -> String {
    path.iter().fold(String::new(), |place, segment| match segment {
        Segment::Seq { index } => join(&place, &index.to_string()),
        Segment::Map { key } => join(&place, key),
        Segment::Enum { variant } => join(&place, variant),
        Segment::Unknown => place,
    })
}

/// Looks for forbidden characters. A place is put into words only where there is one.
#[derive(Default)]
struct Forbidden<'a> {
    place: Vec<Step<'a>>,
    faults: Vec<FieldError>,
}

enum Step<'a> {
    Item(usize),
    Field(&'a str),
}

impl<'a> Forbidden<'a> {
    fn find(&mut self, value: &'a Value) {
        match value {
            Value::String(text) if has_forbidden_character(text) => {
                let field = self.place.iter().fold(String::new(), |place, step| match step {
                    Step::Item(index) => join(&place, &index.to_string()),
                    Step::Field(name) => join(&place, name),
                });
                self.faults.push(FieldError::new(field, ErrorCode::InvalidCharacter));
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.find_in(Step::Item(index), item);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.find_in(Step::Field(name), field);
                }
            }
            _ => {}
        }
    }

    fn find_in(&mut self, step: Step<'a>, value: &'a Value) {
        if self.faults.len() < FORBIDDEN_MAX {
            self.place.push(step);
            self.find(value);
            self.place.pop();
        }
    }
}

fn join(parent: &str, field: &str) -> String {
    if parent.is_empty() { field.to_owned() } else { format!("{parent}.{field}") }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::{Error, parse};

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the shape matters here")]
    struct Form {
        name: String,
        inner: Inner,
        #[serde(default)]
        list: Vec<Inner>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only the shape matters here")]
    struct Inner {
        age: u8,
    }

    fn fault(value: serde_json::Value) -> String {
        match parse::<Form>(value) {
            Err(Error::Fields(faults)) => {
                faults.iter().map(|fault| format!("{}:{}", fault.field, fault.code)).collect()
            }
            _ => String::new(),
        }
    }

    #[test]
    fn a_wrong_field_is_named_with_its_path() {
        assert_eq!(fault(json!({"name": "a", "inner": {}})), "inner.age:required");
        assert_eq!(fault(json!({"name": "a", "inner": {"age": "x"}})), "inner.age:invalid_value");
        assert_eq!(fault(json!({"name": "a\u{0}", "inner": {"age": 1}})), "name:invalid_character");
        assert_eq!(fault(json!({"name": "a", "inner": {"age": 1}, "list": [{"age": 1}, {}]})), "list.1.age:required");
        assert_eq!(fault(json!(["a", {"age": 1}])), ":invalid_value");
        assert_eq!(fault(json!({"name": "a", "inner": [1]})), "inner:invalid_value");
        assert_eq!(fault(json!({"name": "a", "inner": {"age": 1}, "list": [[1]]})), "list.0:invalid_value");
    }

    #[test]
    fn a_document_may_not_be_large() {
        let whole = |size| json!({"name": "a", "inner": {"age": 1, "unknown": "x".repeat(size)}});
        assert_eq!(fault(whole(60_000)), "");
        assert_eq!(fault(whole(70_000)), "inner:too_long");
    }

    #[test]
    fn many_forbidden_characters_are_told_a_few_times() {
        let value = json!({"name": "a", "k": vec!["\u{0}"; 1_000]});
        let Err(Error::Fields(faults)) = parse::<Form>(value) else { panic!("taken") };
        assert_eq!(faults.len(), 8);
        assert_eq!(faults[7].field, "k.7");
    }
}
