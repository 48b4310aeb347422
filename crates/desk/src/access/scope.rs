//! A scope: which workspace, and which agent asks. It comes from the session only. (Visitors have a ticket, which names one contact on one connection.)

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use balcao_types::{Actor, AgentId, DepartmentId, ErrorCode, Permission, Place, Role, SessionId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{http::SessionCookie, queries::scope_of_session};
use crate::{
    Desk,
    error::{Error, Result},
};

/// Which workspace, and which agent asks.
#[derive(Clone, Debug)]
pub struct Scope {
    pub workspace: WorkspaceId,
    pub agent: Arc<AgentScope>,
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

impl AgentScope {
    /// Whether conversations of the department concern this agent.
    pub fn sees(&self, department: DepartmentId) -> bool {
        self.role.is_administrator() || self.memberships.iter().any(|membership| membership.id == department)
    }

    /// Whether a conversation that stands there concerns this agent: one of a department that does, or the agent's own.
    pub fn sees_place(&self, place: &Place) -> bool {
        self.sees_where(place.department, place.assignee)
    }

    /// The same, where no place is at hand.
    pub fn sees_where(&self, department: DepartmentId, assignee: Option<AgentId>) -> bool {
        self.sees(department) || assignee == Some(self.agent)
    }

    /// Whether the agent may act on colleagues' conversations in the department (T-106).
    pub fn manages(&self, department: DepartmentId) -> bool {
        self.role.is_administrator()
            || (self.role.may(Permission::ConversationsCloseAny)
                && self.memberships.iter().any(|membership| membership.id == department && membership.is_manager))
    }

    /// The departments managed, or none when all are.
    pub fn managed_departments(&self) -> Option<Vec<DepartmentId>> {
        let own = self.memberships.iter().map(|membership| membership.id);
        (!self.role.is_administrator()).then(|| own.filter(|department| self.manages(*department)).collect())
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
