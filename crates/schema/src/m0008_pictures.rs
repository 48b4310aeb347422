//! Pictures for show: logos, launchers' icons, faces.

use sea_orm::{
    DatabaseTransaction, DbErr,
    sea_query::{ColumnDef, Table},
};

use crate::columns::{create, id, index, number, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut bytes = ColumnDef::new("bytes");
    bytes.blob().not_null();
    // With a row id of its own on SQLite: the bytes are long, and the keys are looked through by themselves.
    let mut pictures = Table::create();
    pictures.table("pictures");
    let columns = vec![
        id("id").primary_key().take(),
        id("workspace_id"),
        text("media_type"),
        number("width"),
        number("height"),
        bytes,
        time("used_at"),
    ];
    for mut column in columns {
        pictures.col(&mut column);
    }
    let by_use = index("pictures", &["workspace_id", "used_at"]);
    create(transaction, vec![pictures.take()], vec![by_use]).await
}
