//! Operations on departments.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::{DepartmentDistribution, DepartmentId, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Department, all_departments,
    change::{AddDepartment, ChangeDepartment},
    department_by_id,
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    conversations,
    error::{Error, Result},
    http::{Body, ErrorAnswer},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().merge(super::import::router()).routes(routes!(list, add)).routes(routes!(change))
}

/// The departments of the workspace.
#[derive(Serialize, ToSchema)]
struct DepartmentsAnswer {
    items: Vec<Department>,
}

/// Every department, by name.
#[utoipa::path(get, path = "/departments", tag = "departments", responses((status = 200, body = DepartmentsAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn list(State(desk): State<Desk>, scope: Scope) -> Result<Json<DepartmentsAnswer>> {
    Ok(Json(DepartmentsAnswer { items: all_departments(desk.store.read(), scope.workspace).await? }))
}

/// A department to add.
#[derive(Deserialize, ToSchema)]
struct DepartmentAddForm {
    /// 1 to 80 characters, unlike any other's (T-081).
    name: String,
    /// What it is part of; left out, the default department's project.
    project_id: Option<ProjectId>,
    /// Who is given its new conversations (T-089); left out, as the company says.
    distribution: Option<DepartmentDistribution>,
}

/// Adds a department.
#[utoipa::path(post, path = "/departments", tag = "departments", request_body = DepartmentAddForm,
    responses((status = 201, body = Department), (status = 403, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("departments_manage"))))]
async fn add(
    State(desk): State<Desk>,
    may: Grant<ability::ManageDepartments>,
    Body(form): Body<DepartmentAddForm>,
) -> Result<(StatusCode, Json<Department>)> {
    let mut checks = Checks::default();
    let name = checks.required("name", &form.name, 80);
    checks.finish()?;
    let workspace = may.scope.workspace;
    let department =
        desk.write(AddDepartment { may, name, project: form.project_id, distribution: form.distribution }).await?;
    let added = department_by_id(desk.store.read(), workspace, department).await?.ok_or(Error::not_found())?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// Changes to a department. What is absent stays.
#[derive(Deserialize, ToSchema)]
struct DepartmentChangeForm {
    name: Option<String>,
    is_active: Option<bool>,
    /// Who is given its new conversations (T-089).
    distribution: Option<DepartmentDistribution>,
    /// What it is part of. What is under way in it goes on.
    project_id: Option<ProjectId>,
}

/// A department that was changed.
#[derive(Serialize, ToSchema)]
struct ChangedDepartment {
    #[serde(flatten)]
    department: Department,
    /// How many conversations wait in it now: an inactive one gets no new ones, but keeps these.
    waiting: i64,
}

/// Changes a department.
#[utoipa::path(patch, path = "/departments/{id}", tag = "departments", params(("id" = DepartmentId, Path)), request_body = DepartmentChangeForm,
    responses((status = 200, body = ChangedDepartment), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("departments_manage"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ManageDepartments>,
    Path(id): Path<String>,
    Body(form): Body<DepartmentChangeForm>,
) -> Result<Json<ChangedDepartment>> {
    let id: DepartmentId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    let mut checks = Checks::default();
    let name = form.name.map(|name| checks.required("name", &name, 80));
    checks.finish()?;
    let workspace = may.scope.workspace;
    let (is_active, distribution, project) = (form.is_active, form.distribution, form.project_id);
    desk.write(ChangeDepartment { may, department: id, name, is_active, distribution, project }).await?;
    let read = desk.store.read();
    let department = department_by_id(read, workspace, id).await?.ok_or(Error::not_found())?;
    let waiting = conversations::waiting_in(read, workspace, id).await?;
    Ok(Json(ChangedDepartment { department, waiting }))
}
