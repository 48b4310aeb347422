//! Operations on labels, and on the labels of a conversation.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::{
    ConnectionId, ConversationId, ErrorCode, LabelColour, LabelId, WorkspaceId,
    rules::labels::{CONDITIONS_MAX, ConditionFault, LabelCondition, LabelField, LabelOperator},
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Label, TakeLabelOff,
    apply::PutLabelOn,
    change::{AddLabel, ChangeLabel, NewLabel, RemoveLabel},
    label_by_id,
    queries::{LabelUse, all_labels, uses},
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    connections,
    conversations::{ConversationRow, answer},
    departments,
    error::{Error, Result},
    http::{Body, ErrorAnswer},
};

/// The longest name, in characters.
const NAME_MAX: usize = 40;
/// The longest name of what a page said, in characters: no longer one is kept.
const CONDITION_NAME_MAX: usize = 40;
/// The longest value of a condition, in characters.
const VALUE_MAX: usize = 200;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(count_uses))
        .routes(routes!(change, remove))
        .routes(routes!(put_label_on, take_label_off))
}

/// The labels of the workspace.
#[derive(Serialize, ToSchema)]
struct LabelsAnswer {
    items: Vec<Label>,
}

/// Every label, by name, inactive ones too.
#[utoipa::path(get, path = "/labels", tag = "labels", responses((status = 200, body = LabelsAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn list(State(desk): State<Desk>, scope: Scope) -> Result<Json<LabelsAnswer>> {
    Ok(Json(LabelsAnswer { items: all_labels(desk.store.read(), scope.workspace).await? }))
}

/// How often the labels are used.
#[derive(Serialize, ToSchema)]
struct LabelUsesAnswer {
    items: Vec<LabelUse>,
}

/// On how many conversations each label is.
#[utoipa::path(get, path = "/labels/uses", tag = "labels", responses((status = 200, body = LabelUsesAnswer), (status = 403, body = ErrorAnswer)),
    extensions(("x-permission" = json!("labels_manage"))))]
async fn count_uses(State(desk): State<Desk>, may: Grant<ability::ManageLabels>) -> Result<Json<LabelUsesAnswer>> {
    Ok(Json(LabelUsesAnswer { items: uses(desk.store.read(), may.scope.workspace).await? }))
}

/// A label to add.
#[derive(Deserialize, ToSchema)]
struct LabelAddForm {
    /// 1 to 40 characters, unlike any other's (T-209).
    name: String,
    colour: LabelColour,
    #[serde(default = "crate::http::yes")]
    is_active: bool,
    /// At most 20; any of them is enough for a new conversation to get the label.
    #[serde(default)]
    conditions: Vec<LabelCondition>,
}

/// Adds a label.
#[utoipa::path(post, path = "/labels", tag = "labels", request_body = LabelAddForm,
    responses((status = 201, body = Label), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("labels_manage"))))]
async fn add(
    State(desk): State<Desk>,
    may: Grant<ability::ManageLabels>,
    Body(form): Body<LabelAddForm>,
) -> Result<(StatusCode, Json<Label>)> {
    let (workspace, read) = (may.scope.workspace, desk.store.read());
    let mut checks = Checks::default();
    let name = checks.required("name", &form.name, NAME_MAX);
    let conditions = checked(&mut checks, form.conditions, read, workspace).await?;
    checks.finish()?;
    let new = NewLabel { name, colour: form.colour, is_active: form.is_active, conditions };
    let label = desk.write(AddLabel { may, new }).await?;
    let added = label_by_id(read, workspace, label).await?.ok_or(Error::not_found())?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// Changes to a label. What is absent stays.
#[derive(Deserialize, ToSchema)]
struct LabelChangeForm {
    name: Option<String>,
    colour: Option<LabelColour>,
    is_active: Option<bool>,
    /// In the place of those it has.
    conditions: Option<Vec<LabelCondition>>,
}

/// Changes a label. Conversations that have it, or would have got it, stay as they are (T-207).
#[utoipa::path(patch, path = "/labels/{id}", tag = "labels", params(("id" = LabelId, Path)), request_body = LabelChangeForm,
    responses((status = 200, body = Label), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("labels_manage"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ManageLabels>,
    Path(id): Path<String>,
    Body(form): Body<LabelChangeForm>,
) -> Result<Json<Label>> {
    let label: LabelId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    let (workspace, read) = (may.scope.workspace, desk.store.read());
    let mut checks = Checks::default();
    let name = form.name.map(|name| checks.required("name", &name, NAME_MAX));
    let conditions = match form.conditions {
        Some(conditions) => Some(checked(&mut checks, conditions, read, workspace).await?),
        None => None,
    };
    checks.finish()?;
    let (colour, is_active) = (form.colour, form.is_active);
    desk.write(ChangeLabel { may, label, name, colour, is_active, conditions }).await?;
    label_by_id(read, workspace, label).await?.map(Json).ok_or(Error::not_found())
}

/// Removes a label, also from the conversations that have it (T-212).
#[utoipa::path(delete, path = "/labels/{id}", tag = "labels", params(("id" = LabelId, Path)),
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("labels_manage"))))]
async fn remove(
    State(desk): State<Desk>,
    may: Grant<ability::ManageLabels>,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let label: LabelId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    desk.write(RemoveLabel { may, label }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Checks conditions, each under its own field's name.
async fn checked(
    checks: &mut Checks,
    conditions: Vec<LabelCondition>,
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<Vec<LabelCondition>> {
    if conditions.len() > CONDITIONS_MAX {
        checks.limited("conditions", ErrorCode::TooMany, CONDITIONS_MAX);
        return Ok(Vec::new());
    }
    let departments = departments::names(connection, workspace).await?;
    let mut kept = Vec::with_capacity(conditions.len());
    for (index, condition) in conditions.into_iter().enumerate() {
        let field = |name: &str| format!("conditions.{index}.{name}");
        let value = match condition.operator {
            LabelOperator::IsEmpty => String::new(),
            _ => checks.required(&field("value"), &condition.value, VALUE_MAX),
        };
        let name = match condition.field {
            LabelField::Custom => checks.required(&field("name"), &condition.name, CONDITION_NAME_MAX),
            _ => String::new(),
        };
        let mut condition = LabelCondition { value, name, ..condition };
        if condition.field == LabelField::Connection
            && let Ok(id) = condition.value.parse::<ConnectionId>()
        {
            // However it was written: it is compared with this.
            condition.value = id.to_string();
        }
        let is_given = !condition.value.is_empty() || condition.operator == LabelOperator::IsEmpty;
        match condition.fault() {
            Some(ConditionFault::Operator) => checks.fault(&field("operator"), ErrorCode::InvalidValue),
            Some(ConditionFault::Value) if is_given => checks.fault(&field("value"), ErrorCode::InvalidValue),
            _ => {}
        }
        let unknown = match condition.field {
            LabelField::Department if !departments.keys().any(|id| id.to_string() == condition.value) => {
                Some(ErrorCode::DepartmentUnknown)
            }
            LabelField::Connection if !is_connection(connection, workspace, &condition.value).await? => {
                Some(ErrorCode::ConnectionUnknown)
            }
            _ => None,
        };
        if let Some(code) = unknown.filter(|_| !condition.value.is_empty()) {
            checks.fault(&field("value"), code);
        }
        kept.push(condition);
    }
    Ok(kept)
}

async fn is_connection(connection: &impl ConnectionTrait, workspace: WorkspaceId, id: &str) -> Result<bool> {
    let Ok(id) = id.parse() else { return Ok(false) };
    connections::is_there(connection, workspace, id).await
}

/// Puts a label on a conversation, whatever its state. One it has already changes nothing.
#[utoipa::path(put, path = "/conversations/{id}/labels/{label}", tag = "labels",
    params(("id" = ConversationId, Path), ("label" = LabelId, Path)),
    responses((status = 200, body = ConversationRow), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn put_label_on(
    State(desk): State<Desk>,
    may: Grant<ability::Label>,
    Path((_id, label)): Path<(String, String)>,
) -> Result<Json<ConversationRow>> {
    let label: LabelId = label.parse().map_err(|_not_an_id| Error::not_found())?;
    desk.write(PutLabelOn { may: may.clone(), label }).await?;
    answer(&desk, &may.scope, may.subject).await
}

/// Takes a label off a conversation. One it has not changes nothing.
#[utoipa::path(delete, path = "/conversations/{id}/labels/{label}", tag = "labels",
    params(("id" = ConversationId, Path), ("label" = LabelId, Path)),
    responses((status = 200, body = ConversationRow), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn take_label_off(
    State(desk): State<Desk>,
    may: Grant<ability::Label>,
    Path((_id, label)): Path<(String, String)>,
) -> Result<Json<ConversationRow>> {
    let label: LabelId = label.parse().map_err(|_not_an_id| Error::not_found())?;
    desk.write(TakeLabelOff { may: may.clone(), label }).await?;
    answer(&desk, &may.scope, may.subject).await
}
