//! What the program mails of its own accord: links of invitations, and copies of conversations for their visitors.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{create, id, index, optional_text, optional_time, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    let links = table(
        engine,
        "invitation_links",
        vec![
            // The fingerprint of what the link carries.
            text("token_hash"),
            id("workspace_id"),
            // Whose invitation it opens.
            id("agent_id"),
            time("expires_at"),
        ],
        &["token_hash"],
    );
    let copies = table(
        engine,
        "conversation_copies",
        vec![
            id("workspace_id"),
            id("id"),
            id("conversation_id"),
            // Which of its ends: after another one there may be another copy.
            time("closed_at"),
            id("contact_id"),
            // Where to; none once it is done.
            optional_text("address"),
            // The fingerprint of the address, by which copies are counted.
            text("address_key"),
            time("asked_at"),
            optional_time("sent_at"),
        ],
        &["workspace_id", "id"],
    );
    let indexes = vec![
        index("invitation_links", &["workspace_id", "agent_id"]),
        index("invitation_links", &["workspace_id", "expires_at"]),
        index("conversation_copies", &["workspace_id", "conversation_id", "closed_at", "address_key"])
            // The whole name would be too long for PostgreSQL.
            .name("ix_conversation_copies_once")
            .unique()
            .take(),
        index("conversation_copies", &["workspace_id", "address_key", "asked_at"]),
        index("conversation_copies", &["workspace_id", "contact_id", "asked_at"]),
    ];
    create(transaction, vec![links, copies], indexes).await
}
