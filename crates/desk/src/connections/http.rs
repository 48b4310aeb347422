//! Operations on connections.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use balcao_types::{Channel, ConnectionId, DepartmentId, ErrorCode, settings::WebchatSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Connection, ConnectionBadge, NewConnection, all_badges,
    identity::RenewIdentitySecret,
    queries::{all_models, one_by_id},
    save::{AddConnection, ChangeConnection, ConnectionChanges, RemoveConnection, clean},
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    error::{Error, Result},
    http::{Body, ErrorAnswer},
    workspaces,
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(badges))
        .routes(routes!(show, change, remove))
        .routes(routes!(identity_secret, renew_identity_secret))
}

/// The connections of the workspace.
#[derive(Serialize, ToSchema)]
struct ConnectionsAnswer {
    items: Vec<Connection>,
}

/// Every connection with its settings.
#[utoipa::path(get, path = "/connections", tag = "connections", responses((status = 200, body = ConnectionsAnswer), (status = 403, body = ErrorAnswer)),
    extensions(("x-permission" = json!("connections_manage"))))]
async fn list(State(desk): State<Desk>, may: Grant<ability::ManageConnections>) -> Result<Json<ConnectionsAnswer>> {
    let models = all_models(desk.store.read(), may.scope.workspace).await?;
    let items = models.into_iter().map(|model| Connection::new(&desk, model)).collect::<Result<_>>()?;
    Ok(Json(ConnectionsAnswer { items }))
}

/// The badges of the workspace's connections.
#[derive(Serialize, ToSchema)]
struct BadgesAnswer {
    items: Vec<ConnectionBadge>,
}

/// What every agent knows of the connections, removed ones too.
#[utoipa::path(get, path = "/connections/badges", tag = "connections", responses((status = 200, body = BadgesAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn badges(State(desk): State<Desk>, scope: Scope) -> Result<Json<BadgesAnswer>> {
    Ok(Json(BadgesAnswer { items: all_badges(desk.store.read(), scope.workspace).await? }))
}

/// A connection to add.
#[derive(Deserialize, ToSchema)]
struct ConnectionAddForm {
    channel: Channel,
    /// Internal, 1 to 80 characters (D-004).
    name: String,
    department_id: Option<DepartmentId>,
    #[serde(default = "crate::http::yes")]
    is_enabled: bool,
    settings: WebchatSettings,
}

/// Adds a connection.
#[utoipa::path(post, path = "/connections", tag = "connections", request_body = ConnectionAddForm,
    responses((status = 201, body = Connection), (status = 403, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("connections_manage"))))]
async fn add(
    State(desk): State<Desk>,
    may: Grant<ability::ManageConnections>,
    Body(form): Body<ConnectionAddForm>,
) -> Result<Response> {
    let country = workspaces::calling_code(desk.store.read(), may.scope.workspace).await?;
    let mut checks = Checks::default();
    let new = NewConnection {
        channel: form.channel,
        name: checks.required("name", &form.name, 80),
        department: form.department_id,
        is_enabled: form.is_enabled,
        settings: clean(form.settings, &WebchatSettings::default(), country, &mut checks),
    };
    checks.finish()?;
    let scope = may.scope.clone();
    let id = desk.write(AddConnection { may, new }).await?;
    answer(&desk, &scope, StatusCode::CREATED, id).await
}

/// One connection.
#[utoipa::path(get, path = "/connections/{id}", tag = "connections", params(("id" = ConnectionId, Path)),
    responses((status = 200, body = Connection), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("connections_manage"))))]
async fn show(
    State(desk): State<Desk>,
    may: Grant<ability::ManageConnections>,
    Path(id): Path<String>,
) -> Result<Response> {
    answer(&desk, &may.scope, StatusCode::OK, parse_id(&id)?).await
}

/// Changes to a connection. What is absent stays; `settings` is a merge patch in which `null` restores a default.
#[derive(Deserialize, ToSchema)]
struct ConnectionChangeForm {
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::http::present")]
    #[schema(value_type = Option<DepartmentId>)]
    department_id: Option<Option<DepartmentId>>,
    is_enabled: Option<bool>,
    #[schema(value_type = Option<Object>)]
    settings: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Changes a connection, if its version is still the one of `If-Match`.
#[utoipa::path(patch, path = "/connections/{id}", tag = "connections",
    params(("id" = ConnectionId, Path), ("If-Match" = String, Header, description = "the version in quotes")), request_body = ConnectionChangeForm,
    responses((status = 200, body = Connection), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 412, body = ErrorAnswer), (status = 422, body = ErrorAnswer), (status = 428, body = ErrorAnswer)),
    extensions(("x-permission" = json!("connections_manage"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ManageConnections>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Body(form): Body<ConnectionChangeForm>,
) -> Result<Response> {
    let connection = parse_id(&id)?;
    one_by_id(may.scope.workspace, connection).one(desk.store.read()).await?.ok_or(Error::not_found())?;
    let version = match headers.get(header::IF_MATCH).map(|value| value.to_str().unwrap_or("").trim_matches('"')) {
        None => return Err(Error::refused(ErrorCode::PreconditionRequired)),
        Some(text) => text.parse().map_err(|_not_a_version| Error::refused(ErrorCode::PreconditionFailed))?,
    };
    let mut checks = Checks::default();
    let changes = ConnectionChanges {
        name: form.name.map(|name| checks.required("name", &name, 80)),
        department: form.department_id,
        is_enabled: form.is_enabled,
        settings: form.settings.map(serde_json::Value::Object),
    };
    checks.finish()?;
    let scope = may.scope.clone();
    desk.write(ChangeConnection { may, connection, version, changes }).await?;
    answer(&desk, &scope, StatusCode::OK, connection).await
}

/// Removes a connection. Its conversations stay.
#[utoipa::path(delete, path = "/connections/{id}", tag = "connections", params(("id" = ConnectionId, Path)),
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("connections_manage"))))]
async fn remove(
    State(desk): State<Desk>,
    may: Grant<ability::ManageConnections>,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    desk.write(RemoveConnection { may, connection: parse_id(&id)? }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The secret with which a site signs who is logged in.
#[derive(Serialize, ToSchema)]
struct IdentitySecretAnswer {
    /// None until one was made.
    secret: Option<String>,
}

/// The secret with which the connection's sites sign who is logged in on them: the HMAC-SHA256 of a customer's id under it, in hex.
#[utoipa::path(get, path = "/connections/{id}/identity-secret", tag = "connections", params(("id" = ConnectionId, Path)),
    responses((status = 200, body = IdentitySecretAnswer), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("connections_manage"))))]
async fn identity_secret(
    State(desk): State<Desk>,
    may: Grant<ability::ManageConnections>,
    Path(id): Path<String>,
) -> Result<Response> {
    let model = one_by_id(may.scope.workspace, parse_id(&id)?).one(desk.store.read()).await?;
    let secret = model.ok_or(Error::not_found())?.identity_secret;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(IdentitySecretAnswer { secret })).into_response())
}

/// Makes a new secret; what was signed with the one before is not believed any more.
#[utoipa::path(post, path = "/connections/{id}/identity-secret", tag = "connections", params(("id" = ConnectionId, Path)),
    responses((status = 201, body = IdentitySecretAnswer), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("connections_manage"))))]
async fn renew_identity_secret(
    State(desk): State<Desk>,
    may: Grant<ability::ManageConnections>,
    Path(id): Path<String>,
) -> Result<Response> {
    let secret = Some(desk.write(RenewIdentitySecret { may, connection: parse_id(&id)? }).await?);
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(IdentitySecretAnswer { secret }))
        .into_response())
}

async fn answer(desk: &Desk, scope: &Scope, status: StatusCode, id: ConnectionId) -> Result<Response> {
    let model = one_by_id(scope.workspace, id).one(desk.store.read()).await?.ok_or(Error::not_found())?;
    let etag = format!("\"{}\"", model.version);
    Ok((status, [(header::ETAG, etag)], Json(Connection::new(desk, model)?)).into_response())
}

fn parse_id(id: &str) -> Result<ConnectionId> {
    id.parse().map_err(|_not_an_id| Error::not_found())
}
