//! One statement over many rows, inside a transaction. SQLite runs it natively on the writer's thread, row by row with one prepared statement;
//! PostgreSQL takes many rows in one statement, because there a statement is a journey.

use std::{borrow::Cow, str::FromStr};

use balcao_types::Timestamp;
use rusqlite::types::{ToSqlOutput, ValueRef};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement, TryGetable, Value};
use uuid::Uuid;

use super::{Failure, dialect};

/// A statement over rows of `columns` parameters each. Both texts mean the same; every one is tested on both engines.
pub struct Many {
    /// For one row, with plain `?`.
    pub one: &'static str,
    /// For many rows: what stands before and after `(…), (…)`.
    pub around: (&'static str, &'static str),
    pub columns: usize,
}

/// A parameter.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    Integer(Option<i64>),
    Text(Option<Cow<'a, str>>),
    Id(Uuid),
    OptionalId(Option<Uuid>),
}

impl<'a> Cell<'a> {
    /// A text that is borrowed for the statement.
    pub fn text(text: &'a str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }

    /// A text that may be missing.
    pub fn optional_text(text: Option<&'a str>) -> Self {
        Self::Text(text.map(Cow::Borrowed))
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Integer(number) => (*number).into(),
            Self::Text(text) => text.as_deref().map(str::to_owned).into(),
            Self::Id(id) => (*id).into(),
            Self::OptionalId(id) => (*id).into(),
        }
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<Timestamp> for Cell<'_> {
    fn from(time: Timestamp) -> Self {
        Self::Integer(Some(time.0))
    }
}

impl From<Uuid> for Cell<'_> {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl rusqlite::ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Integer(number) => number.map_or(ValueRef::Null, ValueRef::Integer),
            Self::Text(text) => text.as_deref().map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())),
            Self::Id(id) => ValueRef::Blob(id.as_bytes()),
            Self::OptionalId(id) => id.as_ref().map_or(ValueRef::Null, |id| ValueRef::Blob(id.as_bytes())),
        }))
    }
}

/// A row that was read; columns are counted from 0.
pub enum Row<'a> {
    Native(&'a rusqlite::Row<'a>),
    Pooled(&'a QueryResult),
}

impl Row<'_> {
    /// A column's value.
    ///
    /// # Errors
    /// When the column is not of this type.
    pub fn get<T: TryGetable + rusqlite::types::FromSql>(&self, column: usize) -> Result<T, Failure> {
        match self {
            Self::Native(row) => Ok(row.get(column)?),
            Self::Pooled(row) => Ok(row.try_get_by_index(column)?),
        }
    }

    /// A column that holds one of an enum's words.
    ///
    /// # Errors
    /// When it holds none of them.
    pub fn word<T: FromStr>(&self, column: usize) -> Result<T, Failure> {
        let word: String = self.get(column)?;
        word.parse().map_err(|_unknown| Failure::Statement(format!("the word {word} is unknown")))
    }
}

/// Where statements over many rows run.
#[derive(Clone, Copy)]
pub(super) enum Rows<'a> {
    Native(&'a rusqlite::Connection),
    Pooled(&'a DatabaseTransaction),
}

impl Rows<'_> {
    /// Runs it for all rows: `cells` holds them one after the other.
    pub async fn execute(self, many: &Many, cells: &[Cell<'_>]) -> Result<(), Failure> {
        match self {
            Self::Native(connection) => {
                let mut statement = connection.prepare_cached(many.one)?;
                for row in cells.chunks_exact(many.columns) {
                    statement.execute(rusqlite::params_from_iter(row))?;
                }
            }
            Self::Pooled(transaction) => {
                for statement in statements(transaction, many, cells) {
                    transaction.execute_raw(statement).await?;
                }
            }
        }
        Ok(())
    }

    /// Runs it for all rows and reads what it answers.
    pub async fn query<T>(
        self,
        many: &Many,
        cells: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let mut found = Vec::new();
        match self {
            Self::Native(connection) => {
                let mut statement = connection.prepare_cached(many.one)?;
                for parameters in cells.chunks_exact(many.columns) {
                    let mut rows = statement.query(rusqlite::params_from_iter(parameters))?;
                    while let Some(row) = rows.next()? {
                        found.push(read(&Row::Native(row))?);
                    }
                }
            }
            Self::Pooled(transaction) => {
                for statement in statements(transaction, many, cells) {
                    for row in transaction.query_all_raw(statement).await? {
                        found.push(read(&Row::Pooled(&row))?);
                    }
                }
            }
        }
        Ok(found)
    }
}

fn statements(transaction: &DatabaseTransaction, many: &Many, cells: &[Cell<'_>]) -> Vec<Statement> {
    let engine = transaction.get_database_backend();
    let mut rest = cells;
    let mut statements = Vec::new();
    while !rest.is_empty() {
        let rows = dialect::chunk_size(rest.len() / many.columns);
        let (now, later) = rest.split_at(rows * many.columns);
        rest = later;
        let (head, tail) = many.around;
        let sql = dialect::insert_sql(engine, head, many.columns, rows, tail);
        statements.push(Statement::from_sql_and_values(engine, sql, now.iter().map(Cell::to_value)));
    }
    statements
}
