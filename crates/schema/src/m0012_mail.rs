//! How companies send and fetch mail, how far their mailboxes are read, and what goes out.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{create, id, index, number, optional_number, optional_text, optional_time, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    let accounts = table(
        engine,
        "mail_accounts",
        vec![
            id("workspace_id"),
            text("document"),
            optional_text("smtp_password"),
            optional_text("imap_password"),
            number("version"),
        ],
        &["workspace_id"],
    );
    let mailboxes = table(
        engine,
        "mailboxes",
        vec![
            id("workspace_id"),
            // Which mailbox it was.
            text("place"),
            optional_number("uid_validity"),
            number("last_uid"),
            optional_time("fetched_at"),
            optional_text("fault"),
            text("detail"),
        ],
        &["workspace_id"],
    );
    let mails = table(
        engine,
        "mails",
        vec![
            id("workspace_id"),
            id("id"),
            id("offline_message_id"),
            // With its angle brackets.
            text("message_id"),
            text("to_name"),
            text("to_address"),
            text("from_name"),
            text("subject"),
            text("text"),
            optional_text("in_reply_to"),
            // Message ids with spaces between.
            text("thread"),
            optional_text("reply_to"),
            text("state"),
            number("attempts"),
            optional_text("fault"),
            text("detail"),
            time("created_at"),
            optional_time("sent_at"),
        ],
        &["id"],
    );
    let indexes = vec![
        index("mails", &["workspace_id", "message_id"]).unique().take(),
        index("mails", &["workspace_id", "offline_message_id"]),
        index("mails", &["workspace_id", "state"]),
    ];
    create(transaction, vec![accounts, mailboxes, mails], indexes).await
}
