//! Where the widget was last loaded (D-088), noted once a minute at most.

use balcao_types::ConnectionId;
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    error::Result,
    tx::{Command, Tx},
};

/// Notes that the widget was loaded on a page.
pub struct Sighting {
    pub connection: ConnectionId,
    /// The page's origin, as the browser names it.
    pub page: String,
}

impl Command for Sighting {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now();
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE connections SET seen_at = $1, seen_page = $2 WHERE id = $3 AND (seen_at IS NULL OR seen_at < $4)",
            [now.into(), self.page.clone().into(), self.connection.into(), now.plus_seconds(-60).into()],
        ))
        .await?;
        Ok(())
    }
}
