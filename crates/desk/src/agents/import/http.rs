//! The operation that imports people.

use axum::{Json, extract::State};
use balcao_types::{AgentId, Role};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    plan::{Planned, plan},
    run::{Done, ImportAgents},
};
use crate::{
    Desk,
    access::{Grant, Membership, ability},
    agents::http::InvitationAnswer,
    error::Result,
    http::{Asked, AskedLanguage, ErrorAnswer, FieldAnswer, Sheet},
    import::{ImportAction, ImportCounts, plan_mark, refuse_many, told},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(import))
}

/// Whether to look or to do, and whether to mail.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AgentImportQuery {
    /// True tells what would happen and changes nothing.
    dry_run: bool,
    /// The `plan` of the look that was agreed to. If the import would no longer do exactly that, nothing is done.
    plan: Option<String>,
    /// Whether who is invited gets the link by e-mail as well, where mail is set up; not when absent.
    #[serde(default)]
    by_mail: bool,
}

/// What an import of people does, or has done.
#[derive(Serialize, ToSchema)]
struct AgentImportAnswer {
    /// False for a look.
    is_done: bool,
    /// To be sent with the import itself: it does exactly this or nothing.
    plan: String,
    counts: ImportCounts,
    rows: Vec<AgentImportRow>,
}

/// One row of the file.
#[derive(Serialize, ToSchema)]
struct AgentImportRow {
    /// The line of the file on which it begins; the first is 1.
    line: u64,
    name: String,
    email: String,
    /// None where the cell is empty or no role.
    role: Option<Role>,
    /// None where the row names none: they stay as they are.
    departments: Option<Vec<Membership>>,
    action: ImportAction,
    /// Where somebody is changed: as they were before.
    was: Option<AgentBefore>,
    faults: Vec<FieldAnswer>,
    agent: Option<AgentId>,
    /// For who is new, after the import. It is shown once.
    invitation: Option<InvitationAnswer>,
}

/// What an import can change of somebody, before it does.
#[derive(Serialize, ToSchema)]
struct AgentBefore {
    name: String,
    role: Role,
    departments: Vec<Membership>,
}

impl AgentImportRow {
    fn new(planned: Planned, faults: Vec<FieldAnswer>) -> Self {
        let action = planned.action();
        let was = planned.was().cloned().map(|(name, role, departments)| AgentBefore { name, role, departments });
        let Planned { line, name, email, role, departments, .. } = planned;
        Self { line, name, email, role, departments, action, was, faults, agent: None, invitation: None }
    }

    fn done(desk: &Desk, done: Done) -> Self {
        let invitation = done.invitation.map(|invitation| InvitationAnswer::new(desk, invitation));
        Self { agent: Some(done.agent), invitation, ..Self::new(done.planned, Vec::new()) }
    }
}

/// Imports people from a table with the columns name, e-mail, role, departments and manages (in Portuguese, English or Spanish). Whoever has
/// one of the addresses already is changed, everybody else is invited. With an error in any row, or when it would no longer do what the look
/// said, nothing is imported. At most 2,000 rows and 1 MiB, of which 500 may change something.
#[utoipa::path(post, path = "/agents/import", tag = "agents", params(AgentImportQuery), request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = AgentImportAnswer), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
        (status = 413, body = ErrorAnswer), (status = 415, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("agents_manage"))))]
async fn import(
    State(desk): State<Desk>,
    may: Grant<ability::ManageAgents>,
    Asked(asked): Asked<AgentImportQuery>,
    AskedLanguage(language): AskedLanguage,
    sheet: Sheet,
) -> Result<Json<AgentImportAnswer>> {
    if !asked.dry_run {
        let agreed = asked.plan.clone();
        let done = desk.write(ImportAgents { may, sheet, agreed: asked.plan, by_mail: asked.by_mail }).await?;
        let rows: Vec<AgentImportRow> = done.into_iter().map(|done| AgentImportRow::done(&desk, done)).collect();
        let counts = ImportCounts::of(rows.iter().map(|row| row.action));
        return Ok(Json(AgentImportAnswer { is_done: true, plan: agreed.unwrap_or_default(), counts, rows }));
    }
    let rows = plan(desk.store.read(), &may.scope, &sheet, desk.clock.now()).await?;
    let counts = ImportCounts::of(rows.iter().map(Planned::action));
    refuse_many(&counts)?;
    let (plan, language) = (plan_mark(&rows)?, language.unwrap_or_default());
    let rows = rows
        .into_iter()
        .map(|row| {
            let faults = told(row.faults(), language);
            AgentImportRow::new(row, faults)
        })
        .collect();
    Ok(Json(AgentImportAnswer { is_done: false, plan, counts, rows }))
}
