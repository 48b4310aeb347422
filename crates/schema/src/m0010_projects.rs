//! Projects with their chat switch, groups that serve them at a level, and which conversations were handed on.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait,
    sea_query::{ConditionalStatement, Expr},
};

use crate::columns::{add, create, flag, id, index, number, optional_number, table};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    add(transaction, "projects", flag("has_chat", false)).await?;
    add(transaction, "projects", flag("only_specialists", false)).await?;
    add(transaction, "projects", optional_number("removed_at")).await?;
    // What is running goes on: only later projects begin without the chat.
    transaction.execute_unprepared("UPDATE projects SET has_chat = TRUE").await?;
    // A group is a department, with whoever belongs to it at the moment.
    let groups = table(
        engine,
        "project_groups",
        vec![id("workspace_id"), id("project_id"), id("department_id"), number("level")],
        &["workspace_id", "project_id", "department_id"],
    );
    // When a specialist handed it on to others for the first time.
    add(transaction, "conversations", optional_number("transferred_at")).await?;
    // A department's queue as Level 2 has it.
    let columns = ["workspace_id", "department_id", "queued_at", "id", "transferred_at"];
    let handed_on = index("conversations", &columns)
        .name("ix_conversations_handed_on")
        .and_where(Expr::col("state").eq("queue"))
        .and_where(Expr::col("transferred_at").is_not_null())
        .take();
    create(transaction, vec![groups], vec![handed_on]).await
}
