//! Reads about quick replies.

use balcao_types::{DepartmentId, Language, QuickReplyId, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::Serialize;
use utoipa::ToSchema;

use super::table;
use crate::{access::Scope, error::Result, texts::catalogue};

/// A quick reply as people see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuickReply {
    pub id: QuickReplyId,
    /// What is typed after a slash to call it.
    pub shortcut: String,
    /// What it becomes in the reply: `{customer_name}`, `{agent_name}`, `{department}`, `{protocol}`, `{company}`, `{greeting}` stand for what is
    /// known then (P-143).
    pub text: String,
    /// Whose people may use it; empty for everybody.
    pub departments: Vec<DepartmentId>,
    /// Only active ones are offered.
    pub is_active: bool,
}

/// What `{greeting}` says, by the time of day where the company is, in its language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Greetings {
    /// Until noon.
    pub morning: String,
    /// From noon until six in the evening.
    pub afternoon: String,
    pub evening: String,
}

impl Greetings {
    pub(super) fn in_language(language: Language) -> Self {
        let texts = catalogue(language);
        let text = |key: &str| texts.text(key).to_owned();
        Self {
            morning: text("server.greeting.morning"),
            afternoon: text("server.greeting.afternoon"),
            evening: text("server.greeting.evening"),
        }
    }
}

impl TryFrom<table::Model> for QuickReply {
    type Error = crate::error::Error;

    fn try_from(model: table::Model) -> Result<Self> {
        let departments = model.departments()?;
        let table::Model { id, shortcut, text, is_active, .. } = model;
        Ok(Self { id, shortcut, text, departments, is_active })
    }
}

/// Every quick reply, by shortcut.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_quick_replies(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<QuickReply>> {
    all(workspace).all(connection).await?.into_iter().map(QuickReply::try_from).collect()
}

/// Those that somebody may use: active, and for everybody or for a department that concerns them.
///
/// # Errors
/// When the database cannot be read.
pub async fn usable(connection: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<QuickReply>> {
    let active = all(scope.workspace).filter(table::Column::IsActive.eq(true));
    let mut found = Vec::new();
    for model in active.all(connection).await? {
        let reply = QuickReply::try_from(model)?;
        if reply.departments.is_empty() || reply.departments.iter().any(|department| scope.agent.sees(*department)) {
            found.push(reply);
        }
    }
    Ok(found)
}

/// One quick reply.
///
/// # Errors
/// When the database cannot be read.
pub async fn quick_reply_by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    reply: QuickReplyId,
) -> Result<Option<QuickReply>> {
    one_by_id(workspace, reply).one(connection).await?.map(QuickReply::try_from).transpose()
}

/// One quick reply, to read or to lock.
pub(super) fn one_by_id(workspace: WorkspaceId, reply: QuickReplyId) -> Select<table::Entity> {
    table::Entity::find_by_id(reply).filter(table::Column::WorkspaceId.eq(workspace))
}

/// Every one of a workspace, by shortcut.
pub(super) fn all(workspace: WorkspaceId) -> Select<table::Entity> {
    table::Entity::find().filter(table::Column::WorkspaceId.eq(workspace)).order_by_asc(table::Column::ShortcutKey)
}
