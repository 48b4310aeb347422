//! Presence: an agent is reachable while the chosen status says so and a node holding one of the agent's sockets keeps the lease.
//! The lease lives in the database, so that all nodes agree; a dead node's agents are offline two minutes later.

use std::collections::{HashMap, HashSet};

use balcao_platform::store::dialect;
use balcao_types::{
    AgentId, AgentStatus, DepartmentId, Event, StatusCause, StatusOnLogin, Timestamp, WorkspaceId,
    rules::care::may_have, settings::Pause,
};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use super::{queries::one_by_id, shift::hold_status, table};
use crate::{
    Desk, departments,
    error::Result,
    projects::{LEVEL_COLUMNS, level_of_row},
    shifts::{Plans, shift_of},
    tx::{Command, Tx},
};

/// For how long an agent counts as connected after the last sign of a socket (T-137).
pub const LEASE_SECONDS: i64 = 120;

/// Sets a status inside a command, which ends a pause. Setting the same one again tells nobody. A status chosen by hand holds for the lease's
/// length even before the console's socket is open.
///
/// # Errors
/// When the database fails.
pub async fn set_status(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    agent: AgentId,
    before: AgentStatus,
    after: AgentStatus,
) -> Result<()> {
    let now = tx.now();
    // The same status again goes on, unless the lease had run out meanwhile.
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE agents SET status_since = CASE WHEN status = $3 AND connected_until > $5 THEN status_since ELSE $5 END, \
         status = $3, connected_until = $4, shift_status = NULL, pause = NULL, pause_until = NULL WHERE workspace_id = $1 AND id = $2",
        [workspace.into(), agent.into(), after.into(), now.plus_seconds(LEASE_SECONDS).into(), now.into()],
    ))
    .await?;
    if after == AgentStatus::Online {
        // Also where the status was the same and only the lease had run out.
        tx.free_capacity(workspace);
    }
    if before == after {
        return Ok(());
    }
    tx.emit(workspace, Event::AgentStatusChanged { agent, before, after, cause: StatusCause::Person })
}

/// Steps away for something inside a command (T-139). Another pause than before begins anew; the same one goes on.
///
/// # Errors
/// When the database fails.
pub async fn begin_pause(tx: &mut Tx<'_>, model: &table::Model, pause: &Pause) -> Result<()> {
    let (workspace, agent, now) = (model.workspace_id, model.id, tx.now());
    let paused = model.effective_pause(now);
    if paused.as_ref().is_some_and(|paused| paused.name == pause.name) {
        return Ok(());
    }
    set_status(tx, workspace, agent, model.status, AgentStatus::Away).await?;
    let until = (pause.minutes > 0).then(|| now.plus_seconds(i64::from(pause.minutes) * 60));
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE agents SET pause = $3, pause_until = $4, status_since = $5 WHERE workspace_id = $1 AND id = $2",
        [workspace.into(), agent.into(), pause.name.clone().into(), until.into(), now.into()],
    ))
    .await?;
    if model.status == AgentStatus::Away {
        // Who was away already is away for something else.
        let (before, after) = (AgentStatus::Away, AgentStatus::Away);
        tx.emit(workspace, Event::AgentStatusChanged { agent, before, after, cause: StatusCause::Person })?;
    }
    Ok(())
}

/// Connects an agent who wants to be connected at every login (T-133), inside a command.
///
/// # Errors
/// When the database fails.
pub async fn apply_status_on_login(tx: &mut Tx<'_>, workspace: WorkspaceId, agent: AgentId) -> Result<()> {
    let Some(model) = tx.lock_row(one_by_id(workspace, agent)).await? else { return Ok(()) };
    if model.settings()?.status_on_login != StatusOnLogin::Online {
        return Ok(());
    }
    if shift_of(&**tx, workspace, agent, tx.now()).await?.is_open {
        return set_status(tx, workspace, agent, model.status, AgentStatus::Online).await;
    }
    hold_status(tx, workspace, agent, AgentStatus::Online).await
}

/// Renews the leases of agents whose sockets this node holds.
pub struct RenewLeases {
    pub agents: Vec<AgentId>,
}

impl Command for RenewLeases {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for chunk in self.agents.chunks(100) {
            renew(tx, chunk).await?;
        }
        Ok(())
    }
}

async fn renew(tx: &mut Tx<'_>, agents: &[AgentId]) -> Result<()> {
    let (engine, now) = (tx.get_database_backend(), tx.now());
    let ids = || agents.iter().map(|agent| sea_orm::Value::from(*agent));
    // Locked in the order of their ids, as everybody does it.
    let found = format!(
        "SELECT workspace_id, status, connected_until FROM agents WHERE id IN ({}) ORDER BY id{}",
        dialect::parameters(agents.len(), 0),
        dialect::for_update(engine)
    );
    for row in tx.query_all_raw(Statement::from_sql_and_values(engine, found, ids())).await? {
        let until: Option<Timestamp> = row.try_get("", "connected_until")?;
        let status: AgentStatus = row.try_get("", "status")?;
        if status == AgentStatus::Online && until.is_none_or(|until| until <= now) {
            // Somebody is back.
            tx.free_capacity(row.try_get("", "workspace_id")?);
        }
    }
    let sql = format!(
        "UPDATE agents SET status_since = CASE WHEN connected_until > $2 THEN status_since ELSE $2 END, \
         connected_until = $1 WHERE id IN ({})",
        dialect::parameters(agents.len(), 2)
    );
    let values = [now.plus_seconds(LEASE_SECONDS).into(), now.into()].into_iter().chain(ids());
    tx.execute_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
    Ok(())
}

/// Notes inside a command that distribution gave somebody a conversation.
///
/// # Errors
/// When the database fails.
pub async fn note_assigned(tx: &Tx<'_>, workspace: WorkspaceId, agent: AgentId, at: Timestamp) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE agents SET assigned_at = $3 WHERE workspace_id = $1 AND id = $2",
        [workspace.into(), agent.into(), at.into()],
    ))
    .await?;
    Ok(())
}

/// For what somebody has stepped away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Paused {
    /// The pause's name, as it was called then.
    pub name: String,
    /// Until when it was meant; none for as long as one likes.
    pub until: Option<Timestamp>,
}

impl Paused {
    /// Of what is stored: only who is away is on a pause.
    pub(super) fn of(status: AgentStatus, name: Option<String>, until: Option<Timestamp>) -> Option<Self> {
        name.filter(|_| status == AgentStatus::Away).map(|name| Self { name, until })
    }
}

/// Somebody's effective status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    pub status: AgentStatus,
    /// Since when; none for somebody who was never here.
    pub since: Option<Timestamp>,
    pub pause: Option<Paused>,
}

/// Hours that do not run, as visitors are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Closed {
    /// When they begin; none where that is not within about a year.
    pub reopens_at: Option<Timestamp>,
    /// The name of the exceptional day that is today.
    pub day: Option<String>,
}

/// Who is there, as visitors are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WhoIsThere {
    /// Somebody is.
    pub online: bool,
    /// While the hours do not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// The departments with somebody online, where the visitor chooses one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departments: Option<Vec<DepartmentId>>,
}

/// Who is reachable in a workspace, as of one look into the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PresenceBoard {
    /// Effective statuses of active agents.
    pub statuses: HashMap<AgentId, Presence>,
    /// Active departments that visitors may begin conversations in: those of projects whose chat is on.
    pub offered_departments: HashSet<DepartmentId>,
    /// Active departments that are in their hours and have an agent online who serves what visitors begin (X-005 without limits, A-026).
    pub online_departments: HashSet<DepartmentId>,
    /// The same for what was handed on: people of Level 2 count too.
    pub staffed_departments: HashSet<DepartmentId>,
    /// Active departments that somebody active serves, online or not.
    pub served_departments: HashSet<DepartmentId>,
    /// Active departments that are in their hours.
    pub open_departments: HashSet<DepartmentId>,
    /// Active departments that are not.
    pub closed_departments: HashMap<DepartmentId, Closed>,
}

impl PresenceBoard {
    /// Looks who is reachable.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn look(desk: &Desk, workspace: WorkspaceId) -> Result<Self> {
        let rows = desk
            .store
            .read()
            .query_all_raw(Statement::from_sql_and_values(
                desk.store.engine(),
                format!("SELECT a.id, a.role, {LEVEL_COLUMNS}, CASE WHEN a.connected_until > $2 THEN a.status ELSE 'offline' END AS status, \
                 CASE WHEN a.connected_until <= $2 THEN a.connected_until ELSE a.status_since END AS since, \
                 a.pause, a.pause_until, d.id AS department_id FROM agents a \
                 LEFT JOIN department_agents m ON m.workspace_id = a.workspace_id AND m.agent_id = a.id \
                 LEFT JOIN departments d ON d.id = m.department_id AND d.is_active \
                 WHERE a.workspace_id = $1 AND a.is_active"),
                [workspace.into(), desk.clock.now().into()],
            ))
            .await?;
        let mut board = Self::of_hours(desk, workspace).await?;
        for row in rows {
            let status: AgentStatus = row.try_get("", "status")?;
            let pause = Paused::of(status, row.try_get("", "pause")?, row.try_get("", "pause_until")?);
            let since = row.try_get("", "since")?;
            board.statuses.insert(row.try_get("", "id")?, Presence { status, since, pause });
            let role: balcao_types::Role = row.try_get("", "role")?;
            let serves = role.may(balcao_types::Permission::ConversationsReply);
            let department: Option<DepartmentId> = row.try_get("", "department_id")?;
            let Some(department) = department.filter(|_| serves) else { continue };
            let level = level_of_row(&row)?;
            if level.is_some() {
                board.served_departments.insert(department);
            }
            if status == AgentStatus::Online && board.open_departments.contains(&department) {
                if may_have(level, false) {
                    board.online_departments.insert(department);
                }
                if may_have(level, true) {
                    board.staffed_departments.insert(department);
                }
            }
        }
        Ok(board)
    }

    /// Which departments are in their hours, without anybody there yet.
    async fn of_hours(desk: &Desk, workspace: WorkspaceId) -> Result<Self> {
        let (read, now) = (desk.store.read(), desk.clock.now());
        let plans = Plans::load(read, workspace).await?;
        let mut board = Self::default();
        for (department, is_offered) in departments::active_ids(read, workspace).await? {
            if is_offered {
                board.offered_departments.insert(department);
            }
            let hours = plans.department(department, now);
            if hours.is_open {
                board.open_departments.insert(department);
            } else {
                let day = plans.of_department(department).day_name(now).map(str::to_owned);
                board.closed_departments.insert(department, Closed { reopens_at: hours.until, day });
            }
        }
        Ok(board)
    }

    /// That the department's hours do not run, or those of no department where none is fixed: then the first to begin is told.
    pub fn closed(&self, department: Option<DepartmentId>) -> Option<Closed> {
        let first = |closed: &&Closed| (closed.reopens_at.is_none(), closed.reopens_at, closed.day.clone());
        match department {
            Some(department) => self.closed_departments.get(&department).cloned(),
            None if self.offered_departments.is_disjoint(&self.open_departments) => {
                let offered = self.offered_departments.iter();
                offered.filter_map(|department| self.closed_departments.get(department)).min_by_key(first).cloned()
            }
            None => None,
        }
    }

    /// Whether somebody serves what visitors begin in the department, or in any that is offered when none is fixed.
    pub fn is_online(&self, department: Option<DepartmentId>) -> bool {
        match department {
            Some(department) => self.is_offered_online(department),
            None => self.offered_departments.iter().any(|department| self.is_offered_online(*department)),
        }
    }

    fn is_offered_online(&self, department: DepartmentId) -> bool {
        self.online_departments.contains(&department) && self.offered_departments.contains(&department)
    }

    /// Whether somebody is there for a conversation that waits in a department.
    fn is_staffed(&self, department: DepartmentId, is_handed_on: bool) -> bool {
        let there = if is_handed_on { &self.staffed_departments } else { &self.online_departments };
        there.contains(&department)
    }

    /// Whether who may answer is there: the one who has the conversation, or while nobody has it anybody of its department.
    pub fn is_attended(&self, assignee: Option<AgentId>, department: DepartmentId, is_handed_on: bool) -> bool {
        assignee.map_or_else(|| self.is_staffed(department, is_handed_on), |agent| self.is_agent_online(agent))
    }

    /// Whether whoever has the conversation has gone, and others of its department are there (T-112). Who is away for a moment has not gone.
    pub fn may_turn_to_others(&self, assignee: Option<AgentId>, department: DepartmentId, is_handed_on: bool) -> bool {
        let has_gone =
            |agent: AgentId| self.statuses.get(&agent).is_none_or(|presence| presence.status == AgentStatus::Offline);
        assignee.is_some_and(has_gone) && self.is_staffed(department, is_handed_on)
    }

    /// Whether somebody's own effective status is online.
    pub fn is_agent_online(&self, agent: AgentId) -> bool {
        self.statuses.get(&agent).is_some_and(|presence| presence.status == AgentStatus::Online)
    }

    /// What the visitors of a connection are told; none as its department lets them choose one.
    pub fn for_visitors(&self, fixed: Option<DepartmentId>) -> WhoIsThere {
        let online = self.online_departments.iter().copied();
        let mut departments: Vec<DepartmentId> =
            online.filter(|department| self.offered_departments.contains(department)).collect();
        departments.sort_unstable();
        let departments = fixed.is_none().then_some(departments);
        WhoIsThere { online: self.is_online(fixed), closed: self.closed(fixed), departments }
    }
}
