//! The language a request asks for.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use balcao_types::Language;

/// The language of `Accept-Language`, if it names one of ours. The console sends the agent's own choice there.
#[derive(Clone, Copy, Debug)]
pub struct AskedLanguage(pub Option<Language>);

impl<S: Sync> FromRequestParts<S> for AskedLanguage {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(asked_language(&parts.headers)))
    }
}

/// The language asked for by a request's headers.
pub fn asked_language(headers: &HeaderMap) -> Option<Language> {
    Language::from_accept_language(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?)
}
