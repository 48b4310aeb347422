//! Departments from a table: a look at what would happen with each row, and then exactly that, whole or not at all.

use std::collections::{HashMap, hash_map::Entry};

use axum::{Json, extract::State};
use balcao_types::{DepartmentId, ErrorCode, Event, WorkspaceId, rules::text::folded};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    change::{insert_department, lock_names},
    table,
};
use crate::{
    Desk,
    access::{Grant, ability},
    checks::Checks,
    error::{Error, FieldError, Result},
    http::{Asked, AskedLanguage, ErrorAnswer, FieldAnswer, Row, Sheet},
    import::{
        ImportAction, ImportCounts, ImportQuery, at_line, beside_values, plan_mark, refuse_many, refuse_otherwise,
        repeated, told, yes_or_no,
    },
    tx::{Command, Tx},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(import))
}

/// One row and what becomes of it.
#[derive(Clone, Debug, Serialize)]
struct Planned {
    line: u64,
    name: String,
    is_active: Option<bool>,
    action: ImportAction,
    /// The department there is, with its name and whether it is active now.
    present: Option<(DepartmentId, String, bool)>,
    faults: Vec<FieldError>,
}

/// Plans every row of a file: the same function for the look and, under the lock, for the import itself.
async fn plan(connection: &impl ConnectionTrait, workspace: WorkspaceId, sheet: &Sheet) -> Result<Vec<Planned>> {
    let name = sheet.column(&["nome", "name", "nombre", "departamento", "department", "setor"]);
    if name.is_none() {
        return Err(Error::field("name", ErrorCode::ColumnMissing));
    }
    let active = sheet.column(&["ativo", "active", "activo", "situacao", "status"]);
    let models =
        table::Entity::find().filter(table::Column::WorkspaceId.eq(workspace)).all(connection).await?.into_iter();
    let present: HashMap<String, table::Model> = models.map(|model| (model.name_key.clone(), model)).collect();
    let mut seen = HashMap::new();
    Ok(sheet.rows.iter().map(|row| planned(row, (name, active), &present, &mut seen)).collect())
}

/// One row with all that is wrong with it. `seen` has the line of each name so far.
fn planned(
    row: &Row,
    (name_column, active_column): (Option<usize>, Option<usize>),
    present: &HashMap<String, table::Model>,
    seen: &mut HashMap<String, u64>,
) -> Planned {
    let mut checks = Checks::default();
    let name = checks.cell("name", row.cell(name_column), 80);
    if name.is_empty() {
        checks.fault("name", ErrorCode::Required);
    } else {
        match seen.entry(folded(&name)) {
            Entry::Occupied(first) => checks.add(Some(repeated("name", *first.get()))),
            Entry::Vacant(first) => _ = first.insert(row.line),
        }
    }
    let is_active = yes_or_no("active", row.cell(active_column)).unwrap_or_else(|fault| {
        checks.add(Some(fault));
        None
    });
    let model = present.get(&folded(&name));
    if is_active == Some(false) && model.is_some_and(|model| model.is_default) {
        checks.fault("active", ErrorCode::DefaultDepartment);
    }
    let column = |field: &str| if field == "active" { active_column } else { name_column };
    let faults = beside_values(checks.into_faults(), |field| row.cell(column(field)));
    let action = match model {
        _ if !faults.is_empty() => ImportAction::Error,
        None => ImportAction::Create,
        Some(model) if model.name == name && is_active.is_none_or(|is_active| is_active == model.is_active) => {
            ImportAction::Unchanged
        }
        Some(_) => ImportAction::Update,
    };
    let present = model.map(|model| (model.id, model.name.clone(), model.is_active));
    Planned { line: row.line, name, is_active, action, present, faults }
}

/// Imports departments, if that is still what `agreed` stands for.
struct ImportDepartments {
    may: Grant<ability::ManageDepartments>,
    sheet: Sheet,
    agreed: Option<String>,
}

impl Command for ImportDepartments {
    type Answer = Vec<(Planned, DepartmentId)>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<(Planned, DepartmentId)>> {
        let workspace = self.may.scope.workspace;
        let project = lock_names(tx, workspace).await?;
        let rows = plan(&**tx, workspace, &self.sheet).await?;
        let counts = ImportCounts::of(rows.iter().map(|row| row.action));
        let faults = rows.iter().flat_map(|row| at_line(row.line, &row.faults)).collect();
        refuse_otherwise(&counts, faults, &plan_mark(&rows)?, self.agreed.as_deref())?;
        let mut done = Vec::with_capacity(rows.len());
        for row in rows {
            let department = match row.present {
                None => {
                    let department = insert_department(tx, workspace, project, &row.name, false).await?;
                    if row.is_active == Some(false) {
                        change(tx, workspace, department, &row).await?;
                    }
                    department
                }
                Some((department, ..)) => {
                    if row.action == ImportAction::Update {
                        change(tx, workspace, department, &row).await?;
                    }
                    department
                }
            };
            done.push((row, department));
        }
        Ok(done)
    }
}

/// Writes what a row says of a department that is there.
async fn change(tx: &mut Tx<'_>, workspace: WorkspaceId, department: DepartmentId, row: &Planned) -> Result<()> {
    let own = table::Entity::find_by_id(department).filter(table::Column::WorkspaceId.eq(workspace));
    let model = tx.lock_row(own).await?.ok_or(Error::not_found())?;
    let is_active = row.is_active.unwrap_or(model.is_active);
    let mut changed: table::ActiveModel = model.into();
    changed.name = Set(row.name.clone());
    changed.is_active = Set(is_active);
    changed.update(&**tx).await?;
    tx.emit(workspace, Event::DepartmentChanged { department })
}

/// What an import of departments does, or has done.
#[derive(Serialize, ToSchema)]
struct DepartmentImportAnswer {
    /// False for a look.
    is_done: bool,
    /// To be sent with the import itself: it does exactly this or nothing.
    plan: String,
    counts: ImportCounts,
    rows: Vec<DepartmentImportRow>,
}

/// One row of the file.
#[derive(Serialize, ToSchema)]
struct DepartmentImportRow {
    /// The line of the file on which it begins; the first is 1.
    line: u64,
    name: String,
    /// None where the cell is empty: it stays as it is, and a new one is active.
    is_active: Option<bool>,
    action: ImportAction,
    /// Where one is changed: as it was before.
    was: Option<DepartmentBefore>,
    faults: Vec<FieldAnswer>,
    department: Option<DepartmentId>,
}

/// What an import can change of a department, before it does.
#[derive(Serialize, ToSchema)]
struct DepartmentBefore {
    name: String,
    is_active: bool,
}

/// Imports departments from a table with the columns name and active (in Portuguese, English or Spanish). With an error in any row, or when it
/// would no longer do what the look said, nothing is imported. At most 2,000 rows and 1 MiB, of which 500 may change something.
#[utoipa::path(post, path = "/departments/import", tag = "departments", params(ImportQuery), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = DepartmentImportAnswer), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
        (status = 413, body = ErrorAnswer), (status = 415, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("departments_manage"))))]
async fn import(
    State(desk): State<Desk>,
    may: Grant<ability::ManageDepartments>,
    Asked(asked): Asked<ImportQuery>,
    AskedLanguage(language): AskedLanguage,
    sheet: Sheet,
) -> Result<Json<DepartmentImportAnswer>> {
    let is_done = !asked.dry_run;
    let (plan, rows) = if is_done {
        let agreed = asked.plan.clone().unwrap_or_default();
        let done = desk.write(ImportDepartments { may, sheet, agreed: asked.plan }).await?;
        (agreed, done.into_iter().map(|(row, department)| (row, Some(department))).collect::<Vec<_>>())
    } else {
        let rows = plan(desk.store.read(), may.scope.workspace, &sheet).await?;
        let present = |row: &Planned| row.present.as_ref().map(|(department, ..)| *department);
        (plan_mark(&rows)?, rows.into_iter().map(|row| (row.clone(), present(&row))).collect())
    };
    let counts = ImportCounts::of(rows.iter().map(|(row, _)| row.action));
    refuse_many(&counts)?;
    let language = language.unwrap_or_default();
    let rows = rows
        .into_iter()
        .map(|(row, department)| {
            let Planned { line, name, is_active, action, faults, present } = row;
            let present = present.filter(|_| action == ImportAction::Update);
            let was = present.map(|(_, name, is_active)| DepartmentBefore { name, is_active });
            DepartmentImportRow { line, name, is_active, action, was, faults: told(&faults, language), department }
        })
        .collect();
    Ok(Json(DepartmentImportAnswer { is_done, plan, counts, rows }))
}
