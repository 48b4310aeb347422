//! What SQLite's planner believes about the tables. Without it, it takes any equality for a narrow one, and a workspace, whose every row has the
//! same id, for ten rows: with a million conversations some reads then walked all of them. Gathering (`ANALYZE`) would read whole tables and give
//! plans that differ from one installation to the next, so the figures are assumed: those of a company with years behind it.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement, TransactionTrait,
};

/// Rows of the tables that grow with every conversation.
const MANY: i64 = 1_000_000;
/// Rows of those of them that wait for something: what is unfinished stands in indexes of its own.
const UNFINISHED: i64 = 10_000;
/// Rows of the others.
const FEW: i64 = 100;

const GROWING: [&str; 14] = [
    "contacts",
    "contact_identities",
    "contact_texts",
    "conversation_copies",
    "conversation_labels",
    "conversations",
    "events",
    "files",
    "mails",
    "marks",
    "messages",
    "offline_entries",
    "offline_messages",
    "ratings",
];

/// Tells SQLite the figures for all indexes that there are; PostgreSQL gathers its own.
pub async fn assume(database: &DatabaseConnection) -> Result<(), DbErr> {
    if database.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    // Makes the table; there is nothing in the schema's own table to gather.
    database.execute_unprepared("ANALYZE sqlite_schema").await?;
    let transaction = database.begin().await?;
    for index in indexes(&transaction).await? {
        for statement in [
            "DELETE FROM sqlite_stat1 WHERE tbl = $1 AND idx = $2",
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)",
        ] {
            let values = [index.table.clone().into(), index.name.clone().into(), index.figures().into()];
            let values = values.into_iter().take(statement.matches('$').count());
            transaction.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, statement, values)).await?;
        }
    }
    transaction.commit().await
}

/// An index as SQLite describes it.
struct Index {
    table: String,
    name: String,
    is_partial: bool,
    columns: Vec<String>,
}

/// Every index of our tables with its columns, in their order. The key of a table without row ids goes by the table's name.
async fn indexes(transaction: &DatabaseTransaction) -> Result<Vec<Index>, DbErr> {
    let rows = transaction
        .query_all_raw(Statement::from_string(
            DbBackend::Sqlite,
            "SELECT t.name AS tbl, CASE i.origin WHEN 'pk' THEN t.name ELSE i.name END AS idx, i.partial, coalesce(c.name, '') AS col \
             FROM sqlite_schema t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.sql NOT LIKE 'CREATE VIRTUAL%' \
             ORDER BY t.name, i.name, c.seqno",
        ))
        .await?;
    let mut found: Vec<Index> = Vec::new();
    for row in rows {
        let (name, column): (String, String) = (row.try_get("", "idx")?, row.try_get("", "col")?);
        match found.last_mut().filter(|last| last.name == name) {
            Some(index) => index.columns.push(column),
            None => found.push(Index {
                table: row.try_get("", "tbl")?,
                name,
                is_partial: row.try_get::<i64>("", "partial")? != 0,
                columns: vec![column],
            }),
        }
    }
    Ok(found)
}

impl Index {
    /// `"1000000 1000000 4 1"`: the rows, then how many share the first column's value, the first two columns', and so on.
    fn figures(&self) -> String {
        let all = self.rows();
        let mut shared = all;
        let mut figures = vec![all.to_string()];
        for column in &self.columns {
            shared = shared.min(sharing(column, all));
            figures.push(shared.max(1).to_string());
        }
        figures.join(" ")
    }

    fn rows(&self) -> i64 {
        let is_of_closed = self.columns.iter().any(|column| column == "closed_at" || column == "position");
        match GROWING.contains(&self.table.as_str()) {
            false => FEW,
            // Few of those that wait were handed on.
            true if self.columns.iter().any(|column| column == "transferred_at") => UNFINISHED / 10,
            true if self.is_partial && !is_of_closed => UNFINISHED,
            true => MANY,
        }
    }
}

/// How many rows have the same value in a column.
fn sharing(column: &str, all: i64) -> i64 {
    match column {
        "workspace_id" | "state" => all,
        "department_id" | "label_id" | "connection_id" | "project_id" | "kind" | "owner_kind" => all / 10,
        "assignee_id" | "agent_id" => all / 50,
        "conversation_id" => 10,
        "contact_id" | "owner_id" => 4,
        // A protocol number's count: one of each day.
        "" => 1_000,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::Index;

    fn figures(table: &str, is_partial: bool, columns: &[&str]) -> String {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Index { table: table.to_owned(), name: String::new(), is_partial, columns }.figures()
    }

    #[test]
    fn a_workspace_is_no_narrow_choice() {
        assert_eq!(
            figures("conversations", false, &["workspace_id", "contact_id", "opened_at"]),
            "1000000 1000000 4 1"
        );
        assert_eq!(figures("conversations", true, &["workspace_id", "queued_at"]), "10000 10000 1");
        assert_eq!(figures("departments", false, &["workspace_id", "name_key"]), "100 100 1");
    }
}
