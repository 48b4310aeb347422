//! The operation by which a visitor rates.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::ConversationId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Rate;
use crate::{
    Desk,
    checks::Checks,
    error::{Error, Result},
    http::{Body, ErrorAnswer},
    visitors::{Ticket, count_request},
};

/// The longest comment, in characters.
const COMMENT_MAX: usize = 1_000;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(rate))
}

/// A rating.
#[derive(Deserialize, ToSchema)]
struct RatingForm {
    /// Within the range that was asked for; absent or null skips the survey.
    grade: Option<i64>,
    /// Up to 1,000 characters.
    #[serde(default)]
    comment: String,
}

/// Rates an own conversation that has ended, once; refused with `survey_over` where nothing is asked (any more) (T-181, T-183).
#[utoipa::path(put, path = "/visitor/conversations/{id}/rating", tag = "surveys", params(("id" = ConversationId, Path)),
    request_body = RatingForm,
    responses((status = 204), (status = 401, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn rate(
    State(desk): State<Desk>,
    ticket: Ticket,
    Path(id): Path<String>,
    Body(form): Body<RatingForm>,
) -> Result<StatusCode> {
    count_request(&desk, &ticket)?;
    let conversation: ConversationId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    let mut checks = Checks::default();
    let comment = checks.optional("comment", &form.comment, COMMENT_MAX);
    checks.finish()?;
    let (workspace, contact) = (ticket.workspace, ticket.contact);
    desk.write(Rate { workspace, contact, conversation, grade: form.grade, comment }).await?;
    Ok(StatusCode::NO_CONTENT)
}
