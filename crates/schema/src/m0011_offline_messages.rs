//! Messages left while nobody was online, what was written about them by e-mail, and the files that they hold.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr,
    sea_query::{ConditionalStatement, Expr, ExprTrait, TableCreateStatement},
};

use crate::columns::{create, flag, id, index, number, optional_id, optional_text, optional_time, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    let indexes = vec![
        index("offline_messages", &["workspace_id", "sender_id", "client_id"]).unique().take(),
        index("offline_messages", &["workspace_id", "id"]),
        index("offline_messages", &["workspace_id", "state", "id"]),
        index("offline_messages", &["workspace_id", "department_id", "id"]),
        index("offline_entries", &["workspace_id", "message_id", "client_id"]).unique().take(),
        index("offline_entries", &["workspace_id", "message_id", "external_id"]).unique().take(),
    ];
    create(transaction, vec![messages(engine), entries(engine)], indexes).await?;
    for column in ["offline_message_id", "offline_entry_id"] {
        crate::columns::add(transaction, "files", optional_id(column)).await?;
    }
    let by_message = index("files", &["workspace_id", "offline_message_id"])
        .and_where(Expr::col("offline_message_id").is_not_null())
        .take();
    create(transaction, Vec::new(), vec![by_message]).await
}

fn messages(engine: DbBackend) -> TableCreateStatement {
    table(
        engine,
        "offline_messages",
        vec![
            id("workspace_id"),
            id("id"),
            // Counts the workspace's offline messages.
            number("number"),
            id("connection_id"),
            id("department_id"),
            // The visitor's contact, or the id it will have: what makes leaving one safe to repeat.
            id("sender_id"),
            id("client_id"),
            text("language"),
            text("name"),
            text("email"),
            // Name and e-mail as they are searched for.
            text("search_key"),
            text("text"),
            optional_text("page_url"),
            optional_text("page_title"),
            text("state"),
            // Who replied last, and whoever looked first.
            optional_id("answered_by"),
            optional_id("read_by"),
            optional_time("read_at"),
            optional_id("ticket_id"),
            time("created_at"),
            time("changed_at"),
        ],
        &["id"],
    )
}

fn entries(engine: DbBackend) -> TableCreateStatement {
    table(
        engine,
        "offline_entries",
        vec![
            id("workspace_id"),
            id("message_id"),
            id("id"),
            text("kind"),
            optional_id("agent_id"),
            text("name"),
            // Of an answer: from where it came.
            text("address"),
            text("text"),
            // Of an answer: with what it quotes, where that was left out.
            optional_text("whole"),
            // Of an answer: what the receiving server found about its sender, as JSON.
            optional_text("authentication"),
            // Of an answer: names of attachments that could not be kept, as JSON.
            optional_text("left_out"),
            flag("is_automatic", false),
            optional_id("client_id"),
            optional_id("mail_id"),
            // Of an answer: what makes taking it safe to repeat.
            optional_text("external_id"),
            time("at"),
        ],
        &["workspace_id", "message_id", "id"],
    )
}
