//! Quick replies: texts that agents call by a shortcut.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{create, flag, id, index, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let columns = vec![
        id("id"),
        id("workspace_id"),
        text("shortcut"),
        text("shortcut_key"),
        text("text"),
        // JSON; empty for all.
        text("departments"),
        flag("is_active", true),
        time("created_at"),
    ];
    let replies = table(transaction.get_database_backend(), "quick_replies", columns, &["id"]);
    let indexes = vec![index("quick_replies", &["workspace_id", "shortcut_key"]).unique().take()];
    create(transaction, vec![replies], indexes).await
}
