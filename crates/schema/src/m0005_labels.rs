//! Labels, and which conversations have them.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{create, flag, id, index, optional_id, optional_number, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    let tables = vec![
        table(
            engine,
            "labels",
            vec![
                id("id"),
                id("workspace_id"),
                text("name"),
                text("name_key"),
                text("colour"),
                flag("is_active", true),
                text("conditions"),
                time("created_at"),
            ],
            &["id"],
        ),
        // What was taken off stays as a row: who and when, and that a rule does not put it on again (T-211).
        table(
            engine,
            "conversation_labels",
            vec![
                id("workspace_id"),
                id("conversation_id"),
                id("label_id"),
                text("source"),
                optional_id("applied_by"),
                time("applied_at"),
                optional_id("removed_by"),
                optional_number("removed_at"),
            ],
            &["workspace_id", "conversation_id", "label_id"],
        ),
    ];
    let indexes = vec![
        index("labels", &["workspace_id", "name_key"]).unique().take(),
        index("conversation_labels", &["workspace_id", "label_id", "conversation_id", "removed_at"]),
    ];
    create(transaction, tables, indexes).await
}
