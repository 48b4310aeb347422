//! The team at a glance, and handing over what is open with somebody.

use axum::{
    Json,
    extract::{Path, State},
};
use balcao_types::{AgentId, AgentStatus, DepartmentId, ErrorCode, Permission, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Load, loads};
use crate::{
    Desk,
    access::Scope,
    agents::{PresenceBoard, everybody, one_by_id},
    conversations::{HandOver, HandOverTo, HandedOver, open_with},
    error::{Error, Result},
    http::{Body, ErrorAnswer},
    shifts::{Plans, ShiftNow, TeamHours, team_hours},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(team)).routes(routes!(hand_over))
}

/// The team.
#[derive(Serialize, ToSchema)]
struct TeamAnswer {
    items: Vec<TeamMember>,
    /// Who is not online although visitors wait for an answer.
    absent: Vec<AgentId>,
    /// The departments that are in hours somebody has set, without anybody online (T-115).
    unattended: Vec<DepartmentId>,
    /// When the hours of anybody change next; none where nobody has set any.
    changes_at: Option<Timestamp>,
}

/// One of the team.
#[derive(Serialize, ToSchema)]
struct TeamMember {
    agent_id: AgentId,
    /// The effective status.
    status: AgentStatus,
    /// Since when; none for somebody who was never here.
    since: Option<Timestamp>,
    /// Until when the person counts as connected without another sign.
    connected_until: Option<Timestamp>,
    /// How many conversations are open with the person.
    open: i64,
    /// How many of these wait for an answer.
    waiting: i64,
    /// Since when the one that waits longest does.
    waiting_since: Option<Timestamp>,
    /// With how many distribution gives no more.
    limit: u32,
    /// When distribution gave the person one last.
    last_assigned_at: Option<Timestamp>,
    /// Whether the caller may hand the person's conversations over: all of them, or those of the departments the caller manages.
    may_hand_over: bool,
    shift: ShiftNow,
    /// Whether the caller may let the person be online outside of the hours for a while (T-114).
    may_extend: bool,
}

/// Everybody who works here, and who does not any more but has conversations left: status and load (T-135).
#[utoipa::path(get, path = "/team", tag = "routing", responses((status = 200, body = TeamAnswer)),
    extensions(("x-permission" = json!("conversations_view"))))]
async fn team(State(desk): State<Desk>, scope: Scope) -> Result<Json<TeamAnswer>> {
    let (read, now) = (desk.store.read(), desk.clock.now());
    let people = everybody(scope.workspace).all(read).await?;
    let TeamHours { shifts, plans, changes_at } = team_hours(read, &scope, now).await?;
    let mut items = Vec::with_capacity(people.len());
    for Load { id, open, waiting, waiting_since, limit, assigned_at } in loads(read, scope.workspace).await? {
        let Some(model) = people.iter().find(|model| model.id == id) else { continue };
        let (shift, may_extend) = shifts.get(&id).cloned().unwrap_or_default();
        items.push(TeamMember {
            agent_id: id,
            status: model.effective_status(now),
            since: model.effective_since(now),
            connected_until: model.connected_until,
            open,
            waiting,
            waiting_since,
            limit,
            last_assigned_at: assigned_at,
            may_hand_over: may_hand_over(&scope, id),
            shift,
            may_extend,
        });
    }
    let is_absent = |member: &&TeamMember| member.status != AgentStatus::Online && member.waiting > 0;
    let absent = items.iter().filter(is_absent).map(|member| member.agent_id).collect();
    let unattended = unattended(&plans, &desk.live.board(&desk, scope.workspace).await?);
    Ok(Json(TeamAnswer { items, absent, unattended, changes_at }))
}

/// The departments in hours that somebody has set, with people who serve them and none of them online.
fn unattended(plans: &Plans, board: &PresenceBoard) -> Vec<DepartmentId> {
    let is_alone = |department: &DepartmentId| {
        board.open_departments.contains(department)
            && board.offered_departments.contains(department)
            && !board.is_online(Some(*department))
            && !plans.of_department(*department).is_always_open()
    };
    let mut alone: Vec<DepartmentId> = board.served_departments.iter().copied().filter(is_alone).collect();
    alone.sort_unstable();
    alone
}

/// Everybody may hand over what is their own; others' an administrator or whoever manages a department.
fn may_hand_over(scope: &Scope, agent: AgentId) -> bool {
    let caller = &scope.agent;
    let manages_something = caller.managed_departments().is_none_or(|departments| !departments.is_empty());
    agent == caller.agent || (caller.role.may(Permission::ConversationsCloseAny) && manages_something)
}

/// Where a person's open conversations go.
#[derive(Deserialize, ToSchema)]
struct HandOverForm {
    to: HandOverKind,
    /// The department, where they go to one.
    department: Option<DepartmentId>,
    /// The colleague, where they go to one.
    agent: Option<AgentId>,
}

/// Where a person's open conversations go.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum HandOverKind {
    /// Back to the queue each came from.
    Queue,
    /// To a department's queue.
    Department,
    /// To a colleague; what the colleague may not serve goes back to its queue.
    Agent,
}

/// How many conversations went where.
#[derive(Serialize, ToSchema)]
struct HandOverAnswer {
    /// Went where they were to go.
    moved: u64,
    /// Went back to their queues, because the colleague may not serve them.
    queued: u64,
}

/// Hands over what is open with a person: everything to an administrator or the person, to managers what is in the departments they manage.
/// Asking again moves what is left, so that repeating after a failure is safe.
#[utoipa::path(post, path = "/agents/{id}/hand_over", tag = "routing", params(("id" = AgentId, Path)), request_body = HandOverForm,
    responses((status = 200, body = HandOverAnswer), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn hand_over(
    State(desk): State<Desk>,
    scope: Scope,
    Path(id): Path<String>,
    Body(form): Body<HandOverForm>,
) -> Result<Json<HandOverAnswer>> {
    let from: AgentId = id.parse().map_err(|_not_an_id| Error::not_found())?;
    one_by_id(scope.workspace, from).one(desk.store.read()).await?.ok_or(Error::not_found())?;
    if !may_hand_over(&scope, from) {
        return Err(Error::forbidden());
    }
    let required = |field| Error::field(field, ErrorCode::Required);
    let to = match form.to {
        HandOverKind::Queue => HandOverTo::Queue,
        HandOverKind::Department => HandOverTo::Department(form.department.ok_or(required("department"))?),
        HandOverKind::Agent => HandOverTo::Agent(form.agent.ok_or(required("agent"))?),
    };
    let mut answer = HandOverAnswer { moved: 0, queued: 0 };
    // No more than there were: what distribution gives to somebody who is still there is not part of it.
    let mut left = open_with(desk.store.read(), scope.workspace, from).await?;
    // Once at least: a place that is not there is told where there is nothing to move, too.
    loop {
        let HandedOver { moved, queued } = desk.write(HandOver { scope: scope.clone(), from, to }).await?;
        answer.moved += moved;
        answer.queued += queued;
        left -= i64::try_from(moved + queued).unwrap_or(i64::MAX);
        if moved + queued == 0 || left <= 0 {
            return Ok(Json(answer));
        }
    }
}
