//! Statements about short lists of ids, and conditions that are put together.

use balcao_platform::store::dialect::{for_update, parameters};
use balcao_types::{Timestamp, WorkspaceId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, TryGetable, Value};

use crate::{error::Result, tx::Tx};

/// Runs a statement about some of a workspace's rows: `$1` is the workspace, `{ids}` stands for the list. Nothing happens for none.
///
/// # Errors
/// When the database fails.
pub async fn for_ids<I: Copy + Into<Value>>(tx: &Tx<'_>, workspace: WorkspaceId, ids: &[I], sql: &str) -> Result<()> {
    if !ids.is_empty() {
        tx.execute_raw(about(tx, vec![workspace.into()], ids, sql)).await?;
    }
    Ok(())
}

/// The rows of a `SELECT` that is written the same way; none for none.
///
/// # Errors
/// When the database fails.
pub async fn rows_of<I: Copy + Into<Value>>(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    ids: &[I],
    sql: &str,
) -> Result<Vec<QueryResult>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(tx.query_all_raw(about(tx, vec![workspace.into()], ids, sql)).await?)
}

/// The statement, with the ids after the other values.
fn about<I: Copy + Into<Value>>(tx: &Tx<'_>, mut values: Vec<Value>, ids: &[I], sql: &str) -> Statement {
    let sql = sql.replace("{ids}", &parameters(ids.len(), values.len()));
    values.extend(ids.iter().map(|id| (*id).into()));
    Statement::from_sql_and_values(tx.get_database_backend(), sql, values)
}

/// A `WHERE` in the making, with its values numbered as they are added.
pub struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// About a workspace's rows of a table, by what the statement calls it.
    pub fn of(workspace: WorkspaceId, table: &str) -> Self {
        Self { sql: format!("WHERE {table}.workspace_id = $1"), values: vec![workspace.into()] }
    }

    /// Adds a value; answers the parameter it stands under.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Adds values; answers their parameters as a list.
    pub fn bind_all<V: Into<Value>>(&mut self, values: Vec<V>) -> String {
        let places = parameters(values.len(), self.values.len());
        self.values.extend(values.into_iter().map(Into::into));
        places
    }

    /// Adds a condition.
    pub fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// The conditions' text, for a select within another one.
    pub fn text(&self) -> &str {
        &self.sql
    }

    /// The rows of a `SELECT` up to here, with what stands behind the conditions.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn rows(self, connection: &impl ConnectionTrait, select: &str, tail: &str) -> Result<Vec<QueryResult>> {
        let sql = format!("{select} {} {tail}", self.sql);
        self.run(connection, sql).await
    }

    /// The rows of a statement that holds [`Self::text`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn run(self, connection: &impl ConnectionTrait, sql: String) -> Result<Vec<QueryResult>> {
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, self.values);
        Ok(connection.query_all_raw(statement).await?)
    }
}

/// Which rows of a table have been kept long enough: looked for by readers, since that may take a while, and asked again once they are locked.
pub struct Outlived {
    pub table: &'static str,
    /// `$1` is the workspace, `$2` the time before which they have to be over.
    pub condition: &'static str,
    /// By which column the oldest come first.
    pub order: &'static str,
}

impl Outlived {
    /// Some of them, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn found<I: TryGetable>(
        &self,
        connection: &impl ConnectionTrait,
        (workspace, before): (WorkspaceId, Timestamp),
        most: i64,
    ) -> Result<Vec<I>> {
        let Self { table, condition, order } = self;
        let sql = format!("SELECT id FROM {table} WHERE workspace_id = $1 AND {condition} ORDER BY {order} LIMIT $3");
        let values = [workspace.into(), before.into(), most.into()];
        let rows = connection
            .query_all_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, values))
            .await?;
        rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }

    /// Locks rows that were found, and answers those of which it still holds: somebody may have written meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lock<I: Copy + Into<Value> + TryGetable>(
        &self,
        tx: &Tx<'_>,
        (workspace, before): (WorkspaceId, Timestamp),
        found: &[I],
    ) -> Result<Vec<I>> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let Self { table, condition, .. } = self;
        let lock = for_update(tx.get_database_backend());
        let sql = format!("SELECT id FROM {table} WHERE workspace_id = $1 AND id IN ({{ids}}) ORDER BY id{lock}");
        tx.query_all_raw(about(tx, vec![workspace.into()], found, &sql)).await?;
        let sql =
            format!("SELECT id FROM {table} WHERE workspace_id = $1 AND {condition} AND id IN ({{ids}}) ORDER BY id");
        let rows = tx.query_all_raw(about(tx, vec![workspace.into(), before.into()], found, &sql)).await?;
        rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }
}
