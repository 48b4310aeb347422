//! For what somebody has stepped away, and until when that was meant.

use sea_orm::{DatabaseTransaction, DbErr};

use crate::columns::{add, optional_text, optional_time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    add(transaction, "agents", optional_text("pause")).await?;
    add(transaction, "agents", optional_time("pause_until")).await
}
