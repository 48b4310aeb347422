//! What stands for a name is called the same in all that the chat says: `{customer_name}` and `{agent_name}`.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

pub async fn up(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    for table in ["workspaces", "departments"] {
        let sql = format!(
            "UPDATE {table} SET settings = replace(replace(settings, '{{agent}}', '{{agent_name}}'), '{{name}}', '{{customer_name}}') \
             WHERE settings LIKE '%{{agent}}%' OR settings LIKE '%{{name}}%'"
        );
        transaction.execute_unprepared(&sql).await?;
    }
    Ok(())
}
