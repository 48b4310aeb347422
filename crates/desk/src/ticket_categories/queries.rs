//! Reads about categories, and about which tickets have them.

use std::collections::HashSet;

use balcao_types::{ErrorCode, TicketCategoryId, WorkspaceId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QueryResult, Select,
    Statement,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::table;
use crate::{
    error::{Error, Result},
    tx::Tx,
};

/// Up to so many are counted.
const COUNTED_MAX: i64 = 10_000;
/// That a category was given to a ticket; an index has these alone.
const IN_A_STORY: &str = "field = 'category' AND after IS NOT NULL";

/// A category as people see it.
#[derive(Clone, Debug, Serialize, ToSchema, DerivePartialModel)]
#[sea_orm(entity = "table::Entity")]
pub struct TicketCategory {
    pub id: TicketCategoryId,
    pub name: String,
    /// Only active ones are chosen; tickets that have an inactive one keep it.
    pub is_active: bool,
}

/// How often a category is used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TicketCategoryUse {
    pub id: TicketCategoryId,
    /// How many tickets have it now; 10,000 stands for that many or more.
    pub tickets: i64,
    /// Whether it stands in no ticket's story: then it can be removed.
    pub is_removable: bool,
}

/// Every category, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<TicketCategory>> {
    let found = of_workspace(workspace).order_by_asc(table::Column::NameKey);
    Ok(found.into_partial_model().all(connection).await?)
}

/// One category.
///
/// # Errors
/// 404 when there is none.
pub async fn by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    category: TicketCategoryId,
) -> Result<TicketCategory> {
    one(workspace, category).into_partial_model().one(connection).await?.ok_or(Error::not_found())
}

/// The categories of a workspace.
pub(super) fn of_workspace(workspace: WorkspaceId) -> Select<table::Entity> {
    table::Entity::find().filter(table::Column::WorkspaceId.eq(workspace))
}

/// One category, to read or to lock.
pub(super) fn one(workspace: WorkspaceId, category: TicketCategoryId) -> Select<table::Entity> {
    of_workspace(workspace).filter(table::Column::Id.eq(category))
}

/// Keeps a category that a ticket is to have as it is until the commit.
///
/// # Errors
/// 422 on `category` when there is none, or an inactive one.
pub async fn lock_choosable(tx: &Tx<'_>, workspace: WorkspaceId, category: TicketCategoryId) -> Result<()> {
    let found = tx.lock_row(one(workspace, category)).await?;
    match found {
        Some(found) if found.is_active => Ok(()),
        _ => Err(Error::field("category", ErrorCode::CategoryUnknown)),
    }
}

/// How often each category is used.
///
/// # Errors
/// When the database cannot be read.
pub async fn uses(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<TicketCategoryUse>> {
    let engine = connection.get_database_backend();
    let sql = format!(
        "SELECT c.id, (SELECT COUNT(*) FROM (SELECT 1 FROM tickets t WHERE t.workspace_id = c.workspace_id \
         AND t.category_id = c.id LIMIT {COUNTED_MAX}) AS counted) AS tickets FROM ticket_categories c WHERE c.workspace_id = $1"
    );
    let counted = connection.query_all_raw(Statement::from_sql_and_values(engine, sql, [workspace.into()])).await?;
    let sql = format!("SELECT DISTINCT after FROM ticket_changes WHERE workspace_id = $1 AND {IN_A_STORY}");
    let told = connection.query_all_raw(Statement::from_sql_and_values(engine, sql, [workspace.into()])).await?;
    let told = told.iter().map(|row| row.try_get("", "after")).collect::<Result<HashSet<String>, _>>()?;
    let use_of = |row: &QueryResult| -> Result<TicketCategoryUse> {
        let (id, tickets): (TicketCategoryId, i64) = (row.try_get("", "id")?, row.try_get("", "tickets")?);
        Ok(TicketCategoryUse { id, tickets, is_removable: !told.contains(&id.to_string()) })
    };
    counted.iter().map(use_of).collect()
}

/// Whether any ticket has a category, or ever had it: whatever was given to one stands in its story.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_used(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    category: TicketCategoryId,
) -> Result<bool> {
    let sql = format!("SELECT 1 FROM ticket_changes WHERE workspace_id = $1 AND {IN_A_STORY} AND after = $2 LIMIT 1");
    let values = [workspace.into(), category.to_string().into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    Ok(connection.query_one_raw(statement).await?.is_some())
}
