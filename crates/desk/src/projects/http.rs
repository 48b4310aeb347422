//! Operations on projects and who serves them.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::{ErrorCode, ProjectId, SpecialistKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Project,
    change::{AddProject, ChangeProject},
    project_by_id,
    queries::all_projects,
    specialists::{AT_ONCE_MAX, AssociateSpecialists, Associated, EraseSpecialists},
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    error::{Error, Result},
    http::{Body, ErrorAnswer},
};

/// The longest name, in characters.
const NAME_MAX: usize = 80;

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change))
        .routes(routes!(associate))
        .routes(routes!(erase))
}

/// The projects of the workspace.
#[derive(Serialize, ToSchema)]
struct ProjectsAnswer {
    items: Vec<Project>,
}

/// Every project with who serves it, the first one first; removed ones too, since conversations were had in them.
#[utoipa::path(get, path = "/projects", tag = "projects", responses((status = 200, body = ProjectsAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn list(State(desk): State<Desk>, scope: Scope) -> Result<Json<ProjectsAnswer>> {
    Ok(Json(ProjectsAnswer { items: all_projects(desk.store.read(), scope.workspace).await? }))
}

/// A project to add.
#[derive(Deserialize, ToSchema)]
struct ProjectAddForm {
    /// 1 to 80 characters, unlike any other's.
    name: String,
}

/// Adds a project. Its chat is off until it is switched on.
#[utoipa::path(post, path = "/projects", tag = "projects", request_body = ProjectAddForm,
    responses((status = 201, body = Project), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn add(
    State(desk): State<Desk>,
    may: Grant<ability::ManageProjects>,
    Body(form): Body<ProjectAddForm>,
) -> Result<(StatusCode, Json<Project>)> {
    let mut checks = Checks::default();
    let name = checks.required("name", &form.name, NAME_MAX);
    checks.finish()?;
    let workspace = may.scope.workspace;
    let project = desk.write(AddProject { may, name }).await?;
    let added = project_by_id(desk.store.read(), workspace, project).await?.ok_or(Error::not_found())?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// Changes to a project. What is absent stays.
#[derive(Deserialize, ToSchema)]
struct ProjectChangeForm {
    name: Option<String>,
    /// Whether visitors may begin conversations in its departments. What is under way goes on.
    has_chat: Option<bool>,
    /// Whether only who is associated serves it; else who is not serves at Level 1.
    only_specialists: Option<bool>,
    /// Only where it has no departments; false brings it back.
    is_removed: Option<bool>,
}

/// Changes a project.
#[utoipa::path(patch, path = "/projects/{id}", tag = "projects", params(("id" = ProjectId, Path)), request_body = ProjectChangeForm,
    responses((status = 200, body = Project), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ManageProjects>,
    Path(id): Path<String>,
    Body(form): Body<ProjectChangeForm>,
) -> Result<Json<Project>> {
    let project: ProjectId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    let mut checks = Checks::default();
    let name = form.name.map(|name| checks.required("name", &name, NAME_MAX));
    checks.finish()?;
    let ProjectChangeForm { has_chat, only_specialists, is_removed, .. } = form;
    let scope = may.scope.clone();
    desk.write(ChangeProject { may, project, name, has_chat, only_specialists, is_removed }).await?;
    answer(&desk, &scope, project).await
}

async fn answer(desk: &Desk, scope: &Scope, project: ProjectId) -> Result<Json<Project>> {
    project_by_id(desk.store.read(), scope.workspace, project).await?.map(Json).ok_or(Error::not_found())
}

/// Who is to serve a project.
#[derive(Deserialize, ToSchema)]
struct AssociateForm {
    /// At most 500.
    specialists: Vec<Associated>,
    /// Whether only who is associated serves it from now on. With the first association it is so, unless this says otherwise.
    only_specialists: Option<bool>,
}

/// Associates people and groups with a project, each at a level. Who is associated already has the new level; the same again
/// changes nothing.
#[utoipa::path(post, path = "/projects/{id}/specialists", tag = "projects", params(("id" = ProjectId, Path)), request_body = AssociateForm,
    responses((status = 200, body = Project), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn associate(
    State(desk): State<Desk>,
    may: Grant<ability::ManageProjects>,
    Path(id): Path<String>,
    Body(form): Body<AssociateForm>,
) -> Result<Json<Project>> {
    let project: ProjectId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    refuse_many(form.specialists.len())?;
    let scope = may.scope.clone();
    let AssociateForm { specialists, only_specialists: only } = form;
    desk.write(AssociateSpecialists { may, project, specialists, only }).await?;
    answer(&desk, &scope, project).await
}

/// Somebody who is to serve a project no more.
#[derive(Deserialize, ToSchema)]
struct ErasedSpecialist {
    kind: SpecialistKind,
    id: Uuid,
}

/// Who is to serve a project no more.
#[derive(Deserialize, ToSchema)]
struct EraseForm {
    /// At most 500.
    specialists: Vec<ErasedSpecialist>,
}

/// Erases people and groups from a project. What is open with them stays so; who is not associated is passed over.
#[utoipa::path(post, path = "/projects/{id}/specialists/erase", tag = "projects", params(("id" = ProjectId, Path)), request_body = EraseForm,
    responses((status = 200, body = Project), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn erase(
    State(desk): State<Desk>,
    may: Grant<ability::ManageProjects>,
    Path(id): Path<String>,
    Body(form): Body<EraseForm>,
) -> Result<Json<Project>> {
    let project: ProjectId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    refuse_many(form.specialists.len())?;
    let scope = may.scope.clone();
    let specialists = form.specialists.into_iter().map(|one| (one.kind, one.id)).collect();
    desk.write(EraseSpecialists { may, project, specialists }).await?;
    answer(&desk, &scope, project).await
}

fn refuse_many(count: usize) -> Result<()> {
    if count > AT_ONCE_MAX { Err(Error::limited("specialists", ErrorCode::TooMany, AT_ONCE_MAX)) } else { Ok(()) }
}
