//! Tickets, and what was changed about them.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait,
    sea_query::{ConditionalStatement, Expr},
};

use crate::columns::{create, id, index, number, optional_id, optional_text, optional_time, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    let tickets = table(
        engine,
        "tickets",
        vec![
            id("workspace_id"),
            id("id"),
            // Counts the workspace's tickets.
            number("number"),
            text("title"),
            // Title, name and e-mail as they are searched for.
            text("search_key"),
            id("contact_id"),
            text("name"),
            text("email"),
            id("department_id"),
            optional_id("assignee_id"),
            text("state"),
            text("priority"),
            id("offline_message_id"),
            time("created_at"),
            time("changed_at"),
            optional_time("closed_at"),
        ],
        &["id"],
    );
    let changes = table(
        engine,
        "ticket_changes",
        vec![
            id("workspace_id"),
            id("ticket_id"),
            id("id"),
            text("field"),
            optional_text("before"),
            optional_text("after"),
            optional_id("agent_id"),
            time("at"),
        ],
        &["workspace_id", "ticket_id", "id"],
    );
    let indexes = vec![
        index("tickets", &["workspace_id", "offline_message_id"]).unique().take(),
        index("tickets", &["workspace_id", "state", "id"]),
        index("tickets", &["workspace_id", "department_id", "id"]),
        index("tickets", &["workspace_id", "contact_id", "id"]),
        index("tickets", &["workspace_id", "number"]),
        // By which the customer of a ticket is found (T-161).
        index("contacts", &["workspace_id", "email", "id"]).and_where(Expr::col("email").is_not_null()).take(),
    ];
    create(transaction, vec![tickets, changes], indexes).await
}
