//! Handing over everything that is open with somebody, in one action: to the queues, to a department, or to a colleague.

use std::collections::HashMap;

use balcao_types::{
    AgentId, ClientId, ConversationState, DepartmentId, ErrorCode, WorkspaceId,
    rules::care::{CareLevel, may_have},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    moving::Assignee,
    return_to_queue::give_back,
    table,
    transfer::{Target, transfer},
};
use crate::{
    access::Scope,
    agents::{self, Agent},
    departments,
    error::{Error, Result},
    projects,
    tx::{Command, Tx},
};

/// How many conversations one command moves, so that no command is long.
const STEP: u64 = 100;

/// Where they go.
#[derive(Clone, Copy, Debug)]
pub enum HandOverTo {
    /// Back to the queue each came from.
    Queue,
    Department(DepartmentId),
    /// To a colleague; what the colleague may not serve goes back to its queue.
    Agent(AgentId),
}

/// Moves some of a person's open conversations; to be repeated until it moves none. What was moved stays moved, so that repeating is safe.
#[derive(Clone)]
pub struct HandOver {
    pub scope: Scope,
    pub from: AgentId,
    pub to: HandOverTo,
}

/// How many conversations went where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandedOver {
    /// Went where they were to go.
    pub moved: u64,
    /// Went back to their queues, because the colleague may not serve them.
    pub queued: u64,
}

/// Where each goes, looked up once.
enum Destination {
    Queue,
    Department(departments::Model),
    Agent(Box<Agent>),
}

impl Command for HandOver {
    type Answer = HandedOver;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<HandedOver> {
        let workspace = self.scope.workspace;
        let conversations = self.some(tx, workspace).await?;
        if let HandOverTo::Agent(agent) = self.to {
            // Whoever gives somebody a conversation holds that person's row: distribution counts these too (decision 9).
            tx.lock_row(agents::one_by_id(workspace, agent)).await?;
        }
        let destination = self.destination(tx, workspace).await?;
        let mut levels = Levels::new(workspace);
        let mut done = HandedOver::default();
        for mut conversation in conversations {
            let target = match &destination {
                Destination::Queue => None,
                Destination::Department(department) => Some(Target {
                    department: Some(department).filter(|one| one.id != conversation.department_id).cloned(),
                    assignee: None,
                }),
                Destination::Agent(agent) if agent.serves(conversation.department_id) => {
                    let assignee = Assignee { id: agent.id, name: agent.name.clone() };
                    Some(Target { department: None, assignee: Some(assignee) })
                }
                Destination::Agent(_) => None,
            };
            let target = self.allowed(tx, &mut conversation, target, &mut levels).await?;
            let is_as_asked = target.is_some() || matches!(destination, Destination::Queue);
            match target {
                Some(target) => {
                    let line = ClientId(tx.clock().new_id());
                    transfer(tx, &mut conversation, target, (&self.scope.agent, line)).await?;
                }
                None => give_back(tx, &mut conversation, &self.scope.agent).await?,
            }
            *(if is_as_asked { &mut done.moved } else { &mut done.queued }) += 1;
        }
        Ok(done)
    }
}

/// The levels of people in departments, each looked up once.
struct Levels {
    workspace: WorkspaceId,
    known: HashMap<(DepartmentId, AgentId), Option<CareLevel>>,
}

impl Levels {
    fn new(workspace: WorkspaceId) -> Self {
        Self { workspace, known: HashMap::new() }
    }

    async fn of(&mut self, tx: &Tx<'_>, department: DepartmentId, agent: AgentId) -> Result<Option<CareLevel>> {
        if let Some(level) = self.known.get(&(department, agent)) {
            return Ok(*level);
        }
        let level = projects::level_in(&**tx, self.workspace, department, agent).await?;
        self.known.insert((department, agent), level);
        Ok(level)
    }
}

impl HandOver {
    /// The target, if the colleague's level may have the conversation; what goes on to others counts as handed on.
    async fn allowed(
        &self,
        tx: &Tx<'_>,
        conversation: &mut table::Model,
        target: Option<Target>,
        levels: &mut Levels,
    ) -> Result<Option<Target>> {
        let Some(target) = target else { return Ok(None) };
        let agent = &self.scope.agent;
        let by = levels.of(tx, conversation.department_id, agent.agent).await?;
        let there = match &target.department {
            Some(department) if target.assignee.is_none() => levels.of(tx, department.id, agent.agent).await?,
            _ => None,
        };
        let hands_on = target.hands_on(conversation, agent, (by, there));
        if let Some(assignee) = &target.assignee {
            let level = levels.of(tx, conversation.department_id, assignee.id).await?;
            if !may_have(level, hands_on || conversation.is_handed_on()) {
                return Ok(None);
            }
        }
        if hands_on {
            conversation.hand_on(tx.now());
        }
        Ok(Some(target))
    }

    async fn destination(&self, tx: &Tx<'_>, workspace: WorkspaceId) -> Result<Destination> {
        Ok(match self.to {
            HandOverTo::Queue => Destination::Queue,
            HandOverTo::Department(department) => {
                let found = departments::hold_active_department(tx, workspace, department).await?;
                Destination::Department(found.ok_or(Error::field("department", ErrorCode::DepartmentUnknown))?)
            }
            HandOverTo::Agent(agent) => {
                let found = agents::agent_by_id(&**tx, workspace, agent, tx.now()).await?;
                let found = found.filter(|found| found.may_serve() && found.id != self.from);
                Destination::Agent(Box::new(found.ok_or(Error::field("agent", ErrorCode::AgentUnknown))?))
            }
        })
    }

    /// Some of the person's open conversations that the caller may move, locked in the order of their ids.
    async fn some(&self, tx: &Tx<'_>, workspace: WorkspaceId) -> Result<Vec<table::Model>> {
        let agent = &self.scope.agent;
        let mut found = table::Entity::find()
            .filter(table::Column::WorkspaceId.eq(workspace))
            .filter(table::Column::AssigneeId.eq(self.from))
            .filter(table::Column::State.eq(ConversationState::Open))
            .order_by_asc(table::Column::Id)
            .limit(STEP);
        if let (true, Some(departments)) = (self.from != agent.agent, agent.managed_departments()) {
            found = found.filter(table::Column::DepartmentId.is_in(departments));
        }
        tx.lock_rows(found).await
    }
}
