//! Customers whom a site knows: the secret with which it signs them, and what it said of whoever began a conversation.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    for column in ["connections ADD COLUMN identity_secret text", "conversations ADD COLUMN given text"] {
        transaction.execute_unprepared(&format!("ALTER TABLE {column}")).await?;
    }
    Ok(())
}
