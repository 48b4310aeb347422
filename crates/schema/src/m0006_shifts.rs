//! Hours of companies, departments and people, and who was disconnected by them.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{create, id, number, table, text};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let plans = table(
        transaction.get_database_backend(),
        "shift_plans",
        // The owner's id is the workspace's for the company.
        vec![id("workspace_id"), id("owner_id"), text("owner"), text("document"), number("version")],
        &["workspace_id", "owner_id"],
    );
    create(transaction, vec![plans], Vec::new()).await?;
    for column in ["shift_status text", "extended_until bigint"] {
        transaction.execute_unprepared(&format!("ALTER TABLE agents ADD COLUMN {column}")).await?;
    }
    Ok(())
}
