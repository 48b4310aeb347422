//! What was done with personal data, what visitors have agreed to, and what is erased already.

use sea_orm::{DatabaseTransaction, DbErr};

use crate::columns::{add, create, id, index, number, optional_id, optional_text, optional_time, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = sea_orm::ConnectionTrait::get_database_backend(transaction);
    for held in ["contacts", "conversations", "offline_messages"] {
        add(transaction, held, optional_time("erased_at")).await?;
    }
    let requests = table(
        engine,
        "privacy_requests",
        vec![
            id("workspace_id"),
            id("id"),
            text("deed"),
            id("contact_id"),
            number("contact_number"),
            optional_id("agent_id"),
            text("reason"),
            time("at"),
            // What was erased, as JSON, until then.
            optional_text("sealed"),
            optional_time("kept_until"),
        ],
        &["id"],
    );
    let consents = table(
        engine,
        "consents",
        vec![
            id("workspace_id"),
            id("id"),
            id("contact_id"),
            optional_id("conversation_id"),
            optional_id("offline_message_id"),
            text("consent"),
            text("text"),
            text("policy_url"),
            time("at"),
        ],
        &["id"],
    );
    let indexes = vec![
        index("privacy_requests", &["workspace_id", "id"]),
        index("consents", &["workspace_id", "contact_id", "id"]),
    ];
    create(transaction, vec![requests, consents], indexes).await
}
