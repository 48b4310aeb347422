//! Operations on departments.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::{AgentId, DepartmentDistribution, DepartmentId, ProjectId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Department, all_departments,
    change::{AddDepartment, ChangeDepartment},
    department_by_id,
    remove::RemoveDepartment,
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
    OpenApiRouter::new().merge(super::import::router()).routes(routes!(list, add)).routes(routes!(change, remove))
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
    /// Who comes first where conversations are given in order (Z-120): up to 1,000 people who work here, each once.
    order: Option<Vec<AgentId>>,
    /// What it is part of. What is under way in it goes on.
    project_id: Option<ProjectId>,
    /// With how many open conversations nobody is given one more of it: 1 to 100; `null` as the company and the person say (Z-128).
    #[serde(default, deserialize_with = "crate::http::present")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    simultaneous_limit: Option<Option<u32>>,
    /// Where what has waited too long goes; `null` nowhere (Z-122).
    #[serde(default, deserialize_with = "crate::http::present")]
    #[schema(value_type = Option<DepartmentId>)]
    overflow_department_id: Option<Option<DepartmentId>>,
    /// After how many minutes, 0 to 1,440; 0 never.
    overflow_minutes: Option<u32>,
    /// What its chat says by itself (T-083): a merge patch of the names that the company's messages have; empty as everywhere.
    #[schema(value_type = Option<Object>)]
    messages: Option<Map<String, Value>>,
    /// How its chat looks (T-061): a merge patch in which `null` is as the connection says.
    #[schema(value_type = Option<Object>)]
    looks: Option<Map<String, Value>>,
    /// What its people may do (Z-125): a merge patch.
    #[schema(value_type = Option<Object>)]
    switches: Option<Map<String, Value>>,
}

impl DepartmentChangeForm {
    /// The settings among it, as a merge patch.
    fn settings(&self) -> Result<Map<String, Value>> {
        let mut settings = Map::new();
        if let Some(distribution) = self.distribution {
            settings.insert("distribution".to_owned(), serde_json::to_value(distribution)?);
        }
        if let Some(order) = &self.order {
            settings.insert("order".to_owned(), serde_json::to_value(order)?);
        }
        if let Some(limit) = self.simultaneous_limit {
            settings.insert("simultaneous_limit".to_owned(), limit.into());
        }
        if let Some(minutes) = self.overflow_minutes {
            settings.insert("overflow_minutes".to_owned(), minutes.into());
        }
        for (name, part) in [("messages", &self.messages), ("looks", &self.looks), ("switches", &self.switches)] {
            if let Some(part) = part {
                settings.insert(name.to_owned(), Value::Object(part.clone()));
            }
        }
        Ok(settings)
    }
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
    let name = form.name.as_ref().map(|name| checks.required("name", name, 80));
    checks.finish()?;
    let (workspace, settings) = (may.scope.workspace, form.settings()?);
    let (is_active, project, overflow) = (form.is_active, form.project_id, form.overflow_department_id);
    desk.write(ChangeDepartment { may, department: id, name, is_active, project, overflow, settings }).await?;
    let read = desk.store.read();
    let department = department_by_id(read, workspace, id).await?.ok_or(Error::not_found())?;
    let waiting = conversations::waiting_in(read, workspace, id).await?;
    Ok(Json(ChangedDepartment { department, waiting }))
}

/// Removes a department that nothing is linked to (T-088): one with conversations, offline messages or connections is refused with how many.
#[utoipa::path(delete, path = "/departments/{id}", tag = "departments", params(("id" = DepartmentId, Path)),
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("departments_manage"))))]
async fn remove(
    State(desk): State<Desk>,
    may: Grant<ability::ManageDepartments>,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let department: DepartmentId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    desk.write(RemoveDepartment { may, department }).await?;
    Ok(StatusCode::NO_CONTENT)
}
