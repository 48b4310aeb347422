//! The list of offline messages, and how many of them want to be looked at.

use balcao_platform::store::dialect::like_pattern;
use balcao_types::{ContactId, DepartmentId, OfflineMessageId, OfflineState, WorkspaceId, rules::text::folded};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Statement, Value,
    sea_query::{Expr, LikeExpr},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    queries::OfflineMessageRow,
    table::{Column, Entity, Model},
};
use crate::{access::Scope, error::Result};

/// How many messages a page of the list holds.
const PAGE: usize = 50;

/// Which messages are asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub state: Option<OfflineState>,
    pub department: Option<DepartmentId>,
    pub contact: Option<ContactId>,
    /// In name or e-mail.
    pub search: String,
    /// Older ones than this.
    pub before: Option<OfflineMessageId>,
}

/// How many messages want to be looked at.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct OfflineCounters {
    /// Nobody has looked at what the customer wrote last.
    pub new: i64,
    /// The last reply did not reach the customer.
    pub failed: i64,
}

/// A page of messages, newest first, and whether there are more. Those that go on as tickets are found among themselves only (T-158).
///
/// # Errors
/// When the database cannot be read.
pub async fn list(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<(Vec<OfflineMessageRow>, bool)> {
    let state = match wanted.state {
        Some(state) => Column::State.eq(state),
        None => Column::State.ne(OfflineState::Converted),
    };
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(scope.workspace)).filter(state);
    if let Some(seen) = scope.agent.seen_departments() {
        query = query.filter(Column::DepartmentId.is_in(seen));
    }
    if let Some(department) = wanted.department {
        query = query.filter(Column::DepartmentId.eq(department));
    }
    if let Some(contact) = wanted.contact {
        query = query.filter(Column::ContactId.eq(contact));
    }
    let words = folded(&wanted.search);
    if !words.is_empty() {
        let pattern = LikeExpr::new(like_pattern(&words)).escape('!');
        query = query.filter(Expr::col(Column::SearchKey).like(pattern));
    }
    if let Some(before) = wanted.before {
        query = query.filter(Column::Id.lt(before));
    }
    let mut models: Vec<Model> = query.order_by_desc(Column::Id).limit(PAGE as u64 + 1).all(connection).await?;
    let has_more = models.len() > PAGE;
    models.truncate(PAGE);
    Ok((models.iter().map(OfflineMessageRow::from).collect(), has_more))
}

/// How many messages of the departments seen want to be looked at.
///
/// # Errors
/// When the database cannot be read.
pub async fn counters(connection: &impl ConnectionTrait, scope: &Scope) -> Result<OfflineCounters> {
    Ok(OfflineCounters {
        new: count(connection, scope, OfflineState::New).await?,
        failed: count(connection, scope, OfflineState::Failed).await?,
    })
}

async fn count(connection: &impl ConnectionTrait, scope: &Scope, state: OfflineState) -> Result<i64> {
    let workspace: WorkspaceId = scope.workspace;
    let mut values: Vec<Value> = vec![workspace.into(), state.into()];
    let mut departments = String::new();
    if let Some(seen) = scope.agent.seen_departments() {
        if seen.is_empty() {
            return Ok(0);
        }
        let places = balcao_platform::store::dialect::parameters(seen.len(), values.len());
        departments = format!(" AND department_id IN ({places})");
        values.extend(seen.into_iter().map(Value::from));
    }
    let sql =
        format!("SELECT COUNT(*) AS count FROM offline_messages WHERE workspace_id = $1 AND state = $2{departments}");
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, values))
        .await?;
    row.map_or(Ok(0), |row| Ok(row.try_get("", "count")?))
}
