//! Errors as answers: the body in the request's language, with the code, the fields and the request's id.

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use balcao_types::{ErrorCode, Language};
use serde::Serialize;
use utoipa::ToSchema;

use super::language::asked_language;
use crate::{
    error::{Error, FieldError},
    texts::{Catalogue, catalogue},
};

/// How much of a field's name is told, in characters. The names of unknown fields are as long as whoever asks likes.
const NAME_MAX: usize = 200;

/// Every answer that is not a success.
#[derive(Serialize, ToSchema)]
pub struct ErrorAnswer {
    pub error: ErrorBody,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
pub struct ErrorBody {
    pub code: ErrorCode,
    /// A sentence in the asked language.
    pub message: String,
    /// The wrong fields, when single fields are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldAnswer>,
    /// The id under which the server's log speaks of this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Facts for the client, such as who was faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<serde_json::Value>,
}

/// One wrong field.
#[derive(Serialize, ToSchema)]
pub struct FieldAnswer {
    pub field: String,
    pub code: ErrorCode,
    pub message: String,
    /// Facts that the sentence names, such as a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub params: Option<serde_json::Value>,
    /// What was typed there, cut, where it is a cell of a table. It is whatever somebody wrote: to be shown as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl FieldAnswer {
    /// A wrong field in the language of some texts.
    pub fn new(fault: &FieldError, texts: &Catalogue) -> Self {
        Self {
            field: fault.field.chars().take(NAME_MAX).collect(),
            code: fault.code,
            message: texts.field_error(fault),
            params: fault.params.clone(),
            value: fault.value.clone(),
        }
    }
}

impl ErrorBody {
    /// An error in a language.
    pub fn new(error: &Error, language: Language, request_id: Option<String>) -> Self {
        let texts = catalogue(language);
        let (fields, detail) = match error {
            Error::Fields(faults) => (faults.as_slice(), None),
            Error::Refused(refusal) => (&[][..], refusal.detail.clone()),
            Error::Failed(_) => (&[][..], None),
        };
        let fields = fields.iter().map(|fault| FieldAnswer::new(fault, texts)).collect();
        Self { code: error.code(), message: texts.error(error.code()), fields, request_id, detail }
    }
}

/// Turns the errors of inner layers into translated bodies; answers of the framework itself (404, 405, 413 …) become errors like ours.
pub async fn render_errors(request: Request, next: Next) -> Response {
    let language = asked_language(request.headers()).unwrap_or_default();
    let request_id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map(ToOwned::to_owned);
    let mut response = next.run(request).await;
    let error = response.extensions_mut().remove::<Error>().or_else(|| framework_error(&response));
    let Some(error) = error else { return response };
    let body = ErrorAnswer { error: ErrorBody::new(&error, language, request_id) };
    let mut answer = (error.status(), Json(body)).into_response();
    // What inner layers said about who may read the answer stays.
    for (name, value) in response.headers() {
        let is_about_reading = name.as_str().starts_with("access-control-") || name == header::VARY;
        if is_about_reading || name == header::CONTENT_SECURITY_POLICY {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Error::Refused(refusal) = &error
        && let Some(seconds) = refusal.retry_after
    {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// The error behind an answer that the framework made, recognised by its status and its lack of a JSON body.
fn framework_error(response: &Response) -> Option<Error> {
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if is_json {
        return None;
    }
    let code = match response.status() {
        StatusCode::BAD_REQUEST => ErrorCode::Malformed,
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMediaType,
        StatusCode::UNPROCESSABLE_ENTITY => ErrorCode::ValidationFailed,
        StatusCode::INTERNAL_SERVER_ERROR => ErrorCode::Internal,
        _ => return None,
    };
    Some(Error::refused(code))
}
