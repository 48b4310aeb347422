//! Which challenges were solved and used, until they would run out anyway: each is good for one conversation or message.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::columns::{create, id, index, table, text, time};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let engine = transaction.get_database_backend();
    let columns = vec![id("workspace_id"), text("mark"), time("expires_at")];
    let spent = table(engine, "spent_challenges", columns, &["workspace_id", "mark"]);
    create(transaction, vec![spent], vec![index("spent_challenges", &["workspace_id", "expires_at"])]).await
}
