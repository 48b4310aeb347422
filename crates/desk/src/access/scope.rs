//! A scope: which workspace, and who asks. It comes from authentication only, and every query takes one.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use balcao_types::{
    Actor, AgentId, ConnectionId, ContactId, DepartmentId, ErrorCode, Permission, Role, SessionId, WorkspaceId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{http::SessionCookie, queries::scope_of_session};
use crate::{
    Desk,
    error::{Error, Result},
};

/// Which workspace, and who asks.
#[derive(Clone, Debug)]
pub struct Scope {
    pub workspace: WorkspaceId,
    pub who: Who,
}

/// Who asks.
#[derive(Clone, Debug)]
pub enum Who {
    Agent(Arc<AgentScope>),
    Visitor(VisitorScope),
}

/// A logged-in agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentScope {
    pub agent: AgentId,
    pub session: SessionId,
    pub name: String,
    pub role: Role,
    pub memberships: Vec<Membership>,
}

/// A department an agent belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Membership {
    pub id: DepartmentId,
    /// Whether the agent manages it.
    #[serde(default)]
    pub is_manager: bool,
}

/// A visitor with a valid ticket: one contact on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitorScope {
    pub connection: ConnectionId,
    pub contact: ContactId,
}

impl AgentScope {
    /// Whether conversations of the department concern this agent.
    pub fn sees(&self, department: DepartmentId) -> bool {
        self.role.is_administrator() || self.memberships.iter().any(|membership| membership.id == department)
    }

    /// Whether the agent may act on colleagues' conversations in the department (T-106).
    pub fn manages(&self, department: DepartmentId) -> bool {
        self.role.is_administrator()
            || (self.role.may(Permission::ConversationsCloseAny)
                && self.memberships.iter().any(|membership| membership.id == department && membership.is_manager))
    }

    /// The agent as the cause of something.
    pub fn actor(&self) -> Actor {
        Actor::agent(self.agent, self.name.clone())
    }

    /// The departments seen, or none when all are.
    pub fn seen_departments(&self) -> Option<Vec<DepartmentId>> {
        (!self.role.is_administrator()).then(|| self.memberships.iter().map(|membership| membership.id).collect())
    }
}

impl Scope {
    /// The agent who asks.
    ///
    /// # Errors
    /// 401 when a visitor asks.
    pub fn agent(&self) -> Result<&Arc<AgentScope>> {
        match &self.who {
            Who::Agent(agent) => Ok(agent),
            Who::Visitor(_) => Err(Error::refused(ErrorCode::Unauthenticated)),
        }
    }
}

impl FromRequestParts<Desk> for Scope {
    type Rejection = Error;

    /// The scope of the session cookie.
    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self> {
        if let Some(scope) = parts.extensions.get::<Self>() {
            return Ok(scope.clone());
        }
        let cookie = SessionCookie::from_headers(desk, &parts.headers);
        let token = cookie.0.ok_or(Error::refused(ErrorCode::Unauthenticated))?;
        let scope = scope_of_session(desk, &token).await?.ok_or(Error::refused(ErrorCode::Unauthenticated))?;
        parts.extensions.insert(scope.clone());
        Ok(scope)
    }
}
