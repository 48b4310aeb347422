//! Where departments overflow to, when a conversation came into the queue it waits in, and through which queues it came by itself.

use sea_orm::{DatabaseTransaction, DbErr};

use crate::columns::{add, optional_id, optional_text, optional_time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    add(transaction, "departments", optional_id("overflow_department_id")).await?;
    add(transaction, "conversations", optional_time("came_at")).await?;
    // Ids as JSON; none where it went nowhere.
    add(transaction, "conversations", optional_text("overflowed")).await
}
