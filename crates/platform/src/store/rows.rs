//! One statement over many rows, inside a transaction. SQLite runs it natively on the writer's thread, row by row with one prepared statement;
//! PostgreSQL takes the rows as one array for each column, because there a statement is a journey, and so its text is always the same.

use std::{borrow::Cow, str::FromStr};

use balcao_types::Timestamp;
use rusqlite::types::{ToSqlOutput, ValueRef};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement, TryGetable, Value};
use sqlx::{Arguments, Postgres, postgres::PgArguments};
use uuid::Uuid;

use super::Failure;

/// A statement over rows of some parameters each. Both texts mean the same; every one is tested on both engines.
pub struct Many {
    /// For one row, with `?` for each parameter: SQLite, and PostgreSQL's commands.
    one: Cow<'static, str>,
    /// For many rows on PostgreSQL: `$1`, `$2`, … are arrays.
    many: Cow<'static, str>,
    parameters: usize,
}

impl Many {
    /// A statement that is written out twice.
    pub const fn of(parameters: usize, one: &'static str, many: &'static str) -> Self {
        Self { one: Cow::Borrowed(one), many: Cow::Borrowed(many), parameters }
    }

    /// `INSERT` into these columns; `tail` is what follows, such as ` ON CONFLICT DO NOTHING`.
    pub fn insert(table: &str, columns: &[&str], tail: &str) -> Self {
        let into = format!("INSERT INTO {table} ({})", columns.join(", "));
        Self {
            one: format!("{into} VALUES ({}){tail}", vec!["?"; columns.len()].join(", ")).into(),
            many: format!("{into} SELECT * FROM unnest({}){tail}", arrays(columns.len())).into(),
            parameters: columns.len(),
        }
    }

    /// `SELECT` of the rows that have these keys. PostgreSQL locks them in the order of the first key where `is_locking` says so.
    pub fn select(table: &str, columns: &[&str], keys: &[&str], is_locking: bool) -> Self {
        let columns = columns.join(", ");
        let condition: Vec<String> = keys.iter().map(|key| format!("{key} = ?")).collect();
        let locking = match keys.first() {
            Some(first) if is_locking => format!(" ORDER BY {first} FOR UPDATE OF {table}"),
            _ => String::new(),
        };
        let names = keys.join(", ");
        Self {
            one: format!("SELECT {columns} FROM {table} WHERE {}", condition.join(" AND ")).into(),
            many: format!(
                "SELECT {columns} FROM unnest({}) AS asked ({names}) JOIN {table} USING ({names}){locking}",
                arrays(keys.len())
            )
            .into(),
            parameters: keys.len(),
        }
    }

    /// The text for one row.
    pub(super) fn text(&self) -> &str {
        &self.one
    }

    /// The text for one row as PostgreSQL wants it.
    fn numbered(&self) -> String {
        let mut sql = String::with_capacity(self.one.len() + 2 * self.parameters);
        for (before, part) in self.one.split('?').enumerate() {
            if before > 0 {
                sql.push('$');
                sql.push_str(&before.to_string());
            }
            sql.push_str(part);
        }
        sql
    }

    /// The arrays of the columns; `cells` holds one row after the other.
    fn arguments(&self, cells: &[Cell<'_>]) -> Result<PgArguments, Failure> {
        let mut arguments = PgArguments::default();
        for column in 0..self.parameters {
            let cells = || cells.iter().skip(column).step_by(self.parameters);
            let added = match cells().next() {
                Some(Cell::Integer(_)) => arguments.add(cells().map(Cell::integer).collect::<Vec<_>>()),
                Some(Cell::Text(_)) => arguments.add(cells().map(Cell::as_text).collect::<Vec<_>>()),
                Some(Cell::Id(_)) => arguments.add(cells().map(Cell::id).collect::<Vec<_>>()),
                None => Ok(()),
            };
            added.map_err(|error| Failure::Statement(format!("a parameter cannot be sent: {error}")))?;
        }
        Ok(arguments)
    }
}

/// `$1, $2, …`.
fn arrays(count: usize) -> String {
    (1..=count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// A parameter. All of a column are of one kind.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    Integer(Option<i64>),
    Text(Option<Cow<'a, str>>),
    Id(Option<Uuid>),
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

    const fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => *number,
            _ => None,
        }
    }

    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => text.as_deref(),
            _ => None,
        }
    }

    const fn id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => *id,
            _ => None,
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Integer(number) => (*number).into(),
            Self::Text(text) => text.as_deref().map(str::to_owned).into(),
            Self::Id(id) => (*id).into(),
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
        Self::Id(Some(id))
    }
}

impl From<Option<Uuid>> for Cell<'_> {
    fn from(id: Option<Uuid>) -> Self {
        Self::Id(id)
    }
}

impl rusqlite::ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Integer(number) => number.map_or(ValueRef::Null, ValueRef::Integer),
            Self::Text(text) => text.as_deref().map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())),
            Self::Id(id) => id.as_ref().map_or(ValueRef::Null, |id| ValueRef::Blob(id.as_bytes())),
        }))
    }
}

/// A row that was read; columns are counted from 0.
pub enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a sqlx::postgres::PgRow),
    Pooled(&'a QueryResult),
}

/// What a column can be read as.
pub trait Readable:
    rusqlite::types::FromSql + TryGetable + for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>
{
}

impl<T> Readable for T where
    T: rusqlite::types::FromSql + TryGetable + for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>
{
}

impl Row<'_> {
    /// A column's value.
    ///
    /// # Errors
    /// When the column is not of this type.
    pub fn get<T: Readable>(&self, column: usize) -> Result<T, Failure> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(sqlx::Row::try_get(*row, column)?),
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
pub(super) enum Rows<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut sqlx::PgConnection),
    /// A command's transaction, on either engine, row by row.
    Pooled(&'a DatabaseTransaction),
}

impl Rows<'_> {
    /// Runs it for all rows: `cells` holds them one after the other.
    pub async fn execute(&mut self, many: &'static Many, cells: &[Cell<'_>]) -> Result<(), Failure> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&many.one)?;
                for row in cells.chunks_exact(many.parameters) {
                    statement.execute(rusqlite::params_from_iter(row))?;
                }
            }
            Self::Postgres(connection) if !cells.is_empty() => {
                sqlx::query_with(&*many.many, many.arguments(cells)?).execute(&mut **connection).await?;
            }
            Self::Postgres(_) => {}
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
        &mut self,
        many: &'static Many,
        cells: &[Cell<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let mut found = Vec::new();
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&many.one)?;
                for parameters in cells.chunks_exact(many.parameters) {
                    let mut rows = statement.query(rusqlite::params_from_iter(parameters))?;
                    while let Some(row) = rows.next()? {
                        found.push(read(&Row::Sqlite(row))?);
                    }
                }
            }
            Self::Postgres(connection) if !cells.is_empty() => {
                let query = sqlx::query_with(&*many.many, many.arguments(cells)?);
                for row in query.fetch_all(&mut **connection).await? {
                    found.push(read(&Row::Postgres(&row))?);
                }
            }
            Self::Postgres(_) => {}
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

fn statements(
    transaction: &DatabaseTransaction,
    many: &'static Many,
    cells: &[Cell<'_>],
) -> impl Iterator<Item = Statement> {
    let engine = transaction.get_database_backend();
    let sql = many.numbered();
    cells
        .chunks_exact(many.parameters)
        .map(move |row| Statement::from_sql_and_values(engine, sql.clone(), row.iter().map(Cell::to_value)))
}

#[cfg(test)]
mod tests {
    use super::Many;

    #[test]
    fn a_statement_is_written_for_one_row_and_for_many() {
        let insert = Many::insert("jobs", &["id", "kind"], " ON CONFLICT DO NOTHING");
        assert_eq!(insert.one, "INSERT INTO jobs (id, kind) VALUES (?, ?) ON CONFLICT DO NOTHING");
        assert_eq!(insert.many, "INSERT INTO jobs (id, kind) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING");
        assert_eq!(insert.numbered(), "INSERT INTO jobs (id, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        let select = Many::select("jobs", &["id", "kind"], &["id"], true);
        assert_eq!(select.one, "SELECT id, kind FROM jobs WHERE id = ?");
        assert_eq!(
            select.many,
            "SELECT id, kind FROM unnest($1) AS asked (id) JOIN jobs USING (id) ORDER BY id FOR UPDATE OF jobs"
        );
    }
}
