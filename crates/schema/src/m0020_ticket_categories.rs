//! By what companies sort their tickets, and which address of a customer was corrected.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait,
    sea_query::{ConditionalStatement, Expr},
};

use crate::columns::{add, create, flag, id, index, optional_id, optional_text, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    let columns =
        vec![id("workspace_id"), id("id"), text("name"), text("name_key"), flag("is_active", true), time("created_at")];
    let categories = table(engine, "ticket_categories", columns, &["id"]);
    add(transaction, "tickets", optional_id("category_id")).await?;
    // Of a corrected address: the one before it.
    add(transaction, "offline_entries", optional_text("before")).await?;
    let indexes = vec![
        index("ticket_categories", &["workspace_id", "name_key"]).unique().take(),
        index("tickets", &["workspace_id", "category_id", "id"]),
        // Whether a category is in any ticket's story.
        index("ticket_changes", &["workspace_id", "after"])
            .and_where(Expr::col("field").eq("category").and(Expr::col("after").is_not_null()))
            .take(),
    ];
    create(transaction, vec![categories], indexes).await
}
