//! Noting where the visitor is now.

use balcao_types::{ConversationId, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};

use super::row::Visit;
use crate::{
    error::Result,
    tx::{Command, Tx},
};

/// Notes the page a visitor has gone to, while their conversation is running and holds anything of them. Answers whether it does.
pub struct NoteVisit {
    pub workspace: WorkspaceId,
    pub conversation: ConversationId,
    pub visit: Visit,
}

impl Command for NoteVisit {
    type Answer = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let noted = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "UPDATE conversations SET visit = $1 WHERE id = $2 AND workspace_id = $3 \
             AND state <> 'closed' AND erased_at IS NULL",
                [serde_json::to_string(&self.visit)?.into(), self.conversation.into(), self.workspace.into()],
            ))
            .await?;
        Ok(noted.rows_affected() > 0)
    }
}
