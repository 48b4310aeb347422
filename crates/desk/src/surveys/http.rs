//! The operations by which a visitor rates: in the chat, and by a link. Those by which people read it are merged in.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::{ConversationId, ErrorCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Rate, SurveyShown, figures_http::figures_router, link::opened};
use crate::{
    Desk,
    checks::Checks,
    conversations,
    error::{Error, Result},
    http::{Body, ClientAddress, ErrorAnswer},
    visitors::{Ticket, count_request},
    workspaces,
};

/// The longest comment, in characters.
const COMMENT_MAX: usize = 1_000;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(rate)).routes(routes!(open)).routes(routes!(answer)).merge(figures_router())
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

/// What a link carries.
#[derive(Deserialize, ToSchema)]
struct SurveyToken {
    token: String,
}

/// What is asked by a link.
#[derive(Serialize, ToSchema)]
struct SurveyByLink {
    company: String,
    /// Of the conversation.
    protocol: String,
    #[serde(flatten)]
    survey: SurveyShown,
}

/// Shows what is asked to whoever holds its link; refused with `survey_over` where it was answered or nothing is asked any more (T-183).
#[utoipa::path(post, path = "/surveys/open", tag = "surveys", request_body = SurveyToken,
    responses((status = 200, body = SurveyByLink), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("public"))))]
async fn open(
    State(desk): State<Desk>,
    address: ClientAddress,
    Body(form): Body<SurveyToken>,
) -> Result<Json<SurveyByLink>> {
    desk.limits.visitor_requests.check(&address.key()).map_err(Error::too_many)?;
    let read = desk.store.read();
    let (workspace, conversation) = opened(&desk, &form.token).ok_or(Error::not_found())?;
    let company = workspaces::by_id(read, workspace).await?.ok_or(Error::not_found())?;
    let model = conversations::model_by_id(read, workspace, conversation).await?.ok_or(Error::not_found())?;
    let asked = model.survey()?.filter(|asked| asked.is_open(&company.settings.survey, desk.clock.now()));
    let survey = asked.ok_or(Error::refused(ErrorCode::SurveyOver))?.shown;
    Ok(Json(SurveyByLink { company: company.company, protocol: model.protocol, survey }))
}

/// A rating by a link.
#[derive(Deserialize, ToSchema)]
struct SurveyAnswerForm {
    token: String,
    /// Within the range that was asked for.
    grade: i64,
    /// Up to 1,000 characters.
    #[serde(default)]
    comment: String,
}

/// Rates by a link, once, as in the chat.
#[utoipa::path(post, path = "/surveys/answer", tag = "surveys", request_body = SurveyAnswerForm,
    responses((status = 204), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("public"))))]
async fn answer(
    State(desk): State<Desk>,
    address: ClientAddress,
    Body(form): Body<SurveyAnswerForm>,
) -> Result<StatusCode> {
    desk.limits.visitor_requests.check(&address.key()).map_err(Error::too_many)?;
    let mut checks = Checks::default();
    let comment = checks.optional("comment", &form.comment, COMMENT_MAX);
    checks.finish()?;
    let (workspace, conversation) = opened(&desk, &form.token).ok_or(Error::not_found())?;
    let place = conversations::place_of(desk.store.read(), workspace, conversation).await?.ok_or(Error::not_found())?;
    let grade = Some(form.grade);
    desk.write(Rate { workspace, contact: place.contact, conversation, grade, comment }).await?;
    Ok(StatusCode::NO_CONTENT)
}
