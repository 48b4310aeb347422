//! A query string: wrong or missing parameters are fields like any other.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use balcao_types::{ErrorCode, rules::text::has_forbidden_character};
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// What a request asks for in its query string.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        if let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            && let Some((name, _)) =
                pairs.iter().find(|(name, value)| has_forbidden_character(name) || has_forbidden_character(value))
        {
            let name: String = name.chars().filter(|c| !c.is_control()).collect();
            return Err(Error::field(&name, ErrorCode::InvalidCharacter));
        }
        let Query(asked) = Query::<T>::try_from_uri(&parts.uri).map_err(|rejection| fault(&rejection.body_text()))?;
        Ok(Self(asked))
    }
}

/// The field behind the framework's message: `…: missing field `list``, `…: duplicate field `list`` or `…: limit: invalid digit`.
fn fault(message: &str) -> Error {
    let named = |words: &str| message.split(words).nth(1).and_then(|rest| rest.split('`').next());
    if let Some(field) = named("missing field `") {
        return Error::field(field, ErrorCode::Required);
    }
    if let Some(field) = named("duplicate field `") {
        return Error::field(field, ErrorCode::InvalidValue);
    }
    Error::field(message.split(": ").nth(1).unwrap_or(""), ErrorCode::InvalidValue)
}
