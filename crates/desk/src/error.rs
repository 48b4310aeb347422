//! The product's one error: every refusal has a code, which is its translation key, and every failure is logged where it becomes an answer.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use balcao_platform::store::Failure;
use balcao_types::ErrorCode;
use sea_orm::DbErr;
use serde::Serialize;

/// A result of the product.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Clone, Debug)]
pub enum Error {
    /// A refusal as a whole.
    Refused(Refusal),
    /// Fields that are wrong or missing (422).
    Fields(Vec<FieldError>),
    /// The store or the database failed; the text is for the log only.
    Failed(String),
}

/// A refusal with what a client may want to know about it.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub code: ErrorCode,
    /// Facts for the client, such as who was faster.
    pub detail: Option<serde_json::Value>,
    /// Whole seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
}

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's path in the body: `settings.colour`.
    pub field: String,
    pub code: ErrorCode,
    /// Facts that its sentence names, such as `limit`: how much is allowed, for codes that name it ([`ErrorCode::names_limit`]).
    pub params: Option<serde_json::Value>,
    /// What was typed there, cut, where whoever is told does not see it: a cell of a table.
    pub value: Option<String>,
}

impl FieldError {
    /// A wrong field whose code says everything.
    pub fn new(field: impl Into<String>, code: ErrorCode) -> Self {
        let field = field.into();
        debug_assert!(!code.names_limit(), "{code} on {field} does not say how much is allowed");
        Self { field, code, params: None, value: None }
    }

    /// A wrong field with how much is allowed: characters of a text, items of a list.
    pub fn limited(field: impl Into<String>, code: ErrorCode, limit: usize) -> Self {
        Self::with(field, code, serde_json::json!({ "limit": limit }))
    }

    /// A wrong field with the facts that its sentence names.
    pub fn with(field: impl Into<String>, code: ErrorCode, params: serde_json::Value) -> Self {
        Self { field: field.into(), code, params: Some(params), value: None }
    }
}

impl Error {
    /// A refusal with nothing to add.
    pub const fn refused(code: ErrorCode) -> Self {
        Self::Refused(Refusal { code, detail: None, retry_after: None })
    }

    /// A refusal with facts for the client.
    pub const fn refused_with(code: ErrorCode, detail: serde_json::Value) -> Self {
        Self::Refused(Refusal { code, detail: Some(detail), retry_after: None })
    }

    /// Too many; try again after so many seconds.
    pub const fn too_many(retry_after: u64) -> Self {
        Self::Refused(Refusal { code: ErrorCode::TooManyRequests, detail: None, retry_after: Some(retry_after) })
    }

    /// What is needed is away; try again after so many seconds.
    pub const fn unavailable(retry_after: u64) -> Self {
        Self::Refused(Refusal { code: ErrorCode::Unavailable, detail: None, retry_after: Some(retry_after) })
    }

    /// One wrong field.
    pub fn field(field: &str, code: ErrorCode) -> Self {
        Self::Fields(vec![FieldError::new(field, code)])
    }

    /// One wrong field, with how much is allowed.
    pub fn limited(field: &str, code: ErrorCode, limit: usize) -> Self {
        Self::Fields(vec![FieldError::limited(field, code, limit)])
    }

    /// What does not exist for whoever asks.
    pub const fn not_found() -> Self {
        Self::refused(ErrorCode::NotFound)
    }

    /// What is known but not allowed.
    pub const fn forbidden() -> Self {
        Self::refused(ErrorCode::Forbidden)
    }

    /// The code of the whole.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(refusal) => refusal.code,
            Self::Fields(_) => ErrorCode::ValidationFailed,
            Self::Failed(_) => ErrorCode::Unavailable,
        }
    }

    /// The HTTP status of the whole.
    pub const fn status(&self) -> StatusCode {
        status(self.code())
    }
}

const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Malformed => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthenticated | ErrorCode::WrongLogin => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden
        | ErrorCode::OriginNotAllowed
        | ErrorCode::SetupLinkInvalid
        | ErrorCode::ChatOff
        | ErrorCode::ClosingSwitchedOff
        | ErrorCode::FilesSwitchedOff
        | ErrorCode::VoiceSwitchedOff => StatusCode::FORBIDDEN,
        ErrorCode::NotFound | ErrorCode::InvitationInvalid | ErrorCode::ConnectionUnavailable => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        _ if is_conflict(code) => StatusCode::CONFLICT,
        ErrorCode::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        ErrorCode::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::TooManyRequests | ErrorCode::ChallengeNeeded => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Whether it is the present state that stands in the way.
const fn is_conflict(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Conflict
            | ErrorCode::AlreadyTaken
            | ErrorCode::ConversationClosed
            | ErrorCode::DataErased
            | ErrorCode::ClientIdReused
            | ErrorCode::UploadOffset
            | ErrorCode::AlreadySetUp
            | ErrorCode::ImportChanged
            | ErrorCode::LastOwner
            | ErrorCode::NotYourself
            | ErrorCode::DefaultDepartment
            | ErrorCode::DefaultProject
            | ErrorCode::ProjectInUse
            | ErrorCode::DepartmentInUse
            | ErrorCode::AgentInUse
            | ErrorCode::ProjectsFull
            | ErrorCode::SecondLevel
            | ErrorCode::NotASpecialist
            | ErrorCode::TransferOffline
            | ErrorCode::TransferBusy
            | ErrorCode::OutsideShift
            | ErrorCode::NotOnline
            | ErrorCode::AgentIsThere
            | ErrorCode::NobodyThere
            | ErrorCode::SurveyOver
            | ErrorCode::CopyUnavailable
            | ErrorCode::CopiesEnough
            | ErrorCode::UndoExpired
            | ErrorCode::LabelUnknown
            | ErrorCode::LabelsEnough
            | ErrorCode::LabelsFull
            | ErrorCode::CategoryInUse
            | ErrorCode::CategoriesFull
            | ErrorCode::QuickRepliesFull
            | ErrorCode::MailNotSetUp
            | ErrorCode::MailNotFailed
            | ErrorCode::OauthNotSetUp
            | ErrorCode::ConsentUnknown
            | ErrorCode::ConsentTooShort
            | ErrorCode::ContactServed
            | ErrorCode::TakeBackExpired
    )
}

impl From<DbErr> for Error {
    #[track_caller]
    fn from(error: DbErr) -> Self {
        Self::Failed(format!("{error} ({})", std::panic::Location::caller()))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.to_string())
    }
}

impl From<serde_json::Error> for Error {
    #[track_caller]
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(format!("{error} ({})", std::panic::Location::caller()))
    }
}

impl IntoResponse for Error {
    /// The bare status with the error beside it; `http::errors` renders the body in the request's language.
    fn into_response(self) -> Response {
        if let Self::Failed(text) = &self {
            tracing::error!(error = text, "a request failed");
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
