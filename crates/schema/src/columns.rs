//! Shorthands for the columns that many tables share, so that a migration reads as a list of names.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr,
    sea_query::{ColumnDef, Index, IndexCreateStatement, Table, TableCreateStatement},
};

/// A required id.
pub fn id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// An id that may be absent.
pub fn optional_id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().null().take()
}

/// A required text.
pub fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// A text that may be absent.
pub fn optional_text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// A required whole number, 0 unless given.
pub fn number(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().default(0).take()
}

/// A whole number that may be absent.
pub fn optional_number(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().take()
}

/// A required time, microseconds UTC.
pub fn time(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// A time that may be absent.
pub fn optional_time(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().take()
}

/// A yes or no with its default.
pub fn flag(name: &'static str, default: bool) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().default(default).take()
}

/// A table with its columns and primary key. On SQLite the rows lie in the order of the key (`WITHOUT ROWID`): the keys are what is read by.
pub fn table(
    engine: DbBackend,
    name: &'static str,
    columns: Vec<ColumnDef>,
    key: &[&'static str],
) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for mut column in columns {
        table.col(&mut column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary);
    if engine == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}

/// An index named after its table and columns.
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.table(table).name(format!("ix_{table}_{}", columns.join("_")));
    for column in columns {
        index.col(*column);
    }
    index
}

/// Adds a column to a table that is there.
pub async fn add(transaction: &DatabaseTransaction, table: &'static str, mut column: ColumnDef) -> Result<(), DbErr> {
    transaction.execute(Table::alter().table(table).add_column(&mut column)).await?;
    Ok(())
}

/// Runs the statements that make a schema.
pub async fn create(
    transaction: &DatabaseTransaction,
    tables: Vec<TableCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    for table in &tables {
        transaction.execute(table).await?;
    }
    for index in &indexes {
        transaction.execute(index).await?;
    }
    Ok(())
}
