//! The desk around the conversation: files, and what the distribution of new conversations goes by.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait,
    sea_query::{ConditionalStatement, Expr},
};

use crate::columns::{
    add, create, flag, id, index, number, optional_id, optional_number, optional_text, table, text, time,
};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    let files = table(
        engine,
        "files",
        vec![
            id("id"),
            id("workspace_id"),
            text("owner_kind"),
            id("owner_id"),
            id("client_id"),
            text("name"),
            text("kind"),
            text("media_type"),
            number("size"),
            number("received"),
            text("state"),
            optional_number("width"),
            optional_number("height"),
            optional_number("duration_ms"),
            flag("has_preview", false),
            optional_id("conversation_id"),
            optional_number("position"),
            time("created_at"),
        ],
        &["id"],
    );
    let indexes = vec![
        // Beginning an upload is safe to repeat.
        index("files", &["workspace_id", "owner_id", "client_id"]).unique().take(),
        // What no message holds is swept.
        index("files", &["workspace_id", "created_at"]).and_where(Expr::col("conversation_id").is_null()).take(),
        index("files", &["workspace_id", "conversation_id", "position"])
            .and_where(Expr::col("conversation_id").is_not_null())
            .take(),
    ];
    create(transaction, vec![files], indexes).await?;
    // The message's file as the timeline shows it, as JSON.
    add(transaction, "messages", optional_text("file")).await?;
    // When the agent was last given a conversation by distribution; taking one by hand does not count (T-089).
    add(transaction, "agents", optional_number("assigned_at")).await?;
    // Since when the agent has the status that was chosen.
    add(transaction, "agents", optional_number("status_since")).await?;
    // Who had it before it went back to the queue: distribution does not give it to them again at once.
    add(transaction, "conversations", optional_id("returned_by")).await?;
    // As it was before it was closed, and who closed it, as JSON: what undoing restores.
    add(transaction, "conversations", optional_text("closed_from")).await?;
    // A department's queue in its order: who is next, and which place a visitor has.
    let queue = index("conversations", &["workspace_id", "department_id", "queued_at", "id"])
        .and_where(Expr::col("state").eq("queue"))
        .take();
    create(transaction, Vec::new(), vec![queue]).await
}
