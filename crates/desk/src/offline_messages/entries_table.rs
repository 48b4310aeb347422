//! What was written by e-mail about offline messages, by either side, in its order.

use balcao_types::{
    AgentId, ClientId, MailId, OfflineEntryId, OfflineEntryKind, OfflineMessageId, Timestamp, WorkspaceId,
};
use sea_orm::entity::prelude::*;

use crate::{access::AgentScope, tx::Tx};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "offline_entries")]
pub struct Model {
    pub workspace_id: WorkspaceId,
    pub message_id: OfflineMessageId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfflineEntryId,
    pub kind: OfflineEntryKind,
    /// Who replied.
    pub agent_id: Option<AgentId>,
    /// Of who wrote it, as it was then.
    pub name: String,
    /// Of an answer: from where it came. Of a corrected address: what it is now.
    pub address: String,
    pub text: String,
    /// Of an answer: with what it quotes, where that was left out.
    pub whole: Option<String>,
    /// Of an answer: what the receiving server found about its sender, as JSON.
    pub authentication: Option<String>,
    /// Of an answer: names of attachments that could not be kept, as JSON.
    pub left_out: Option<String>,
    /// Of an answer: whether a machine wrote it.
    pub is_automatic: bool,
    /// Of a corrected address: what it was.
    pub before: Option<String>,
    /// Makes replying safe to repeat.
    pub client_id: Option<ClientId>,
    /// The mail by which a reply goes out.
    pub mail_id: Option<MailId>,
    /// Of an answer: its message id, or its fingerprint where it has none that can be used. Makes taking it safe to repeat.
    pub external_id: Option<String>,
    pub at: Timestamp,
}

impl Model {
    /// An entry by which somebody of the company did something, with nothing that only some kinds have.
    pub fn by_agent(
        message: (WorkspaceId, OfflineMessageId),
        kind: OfflineEntryKind,
        agent: &AgentScope,
        tx: &Tx<'_>,
    ) -> Self {
        let (workspace_id, message_id) = message;
        Self {
            workspace_id,
            message_id,
            id: OfflineEntryId(tx.clock().new_id()),
            kind,
            agent_id: Some(agent.agent),
            name: agent.name.clone(),
            address: String::new(),
            text: String::new(),
            whole: None,
            authentication: None,
            left_out: None,
            is_automatic: false,
            before: None,
            client_id: None,
            mail_id: None,
            external_id: None,
            at: tx.now(),
        }
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert(self, tx: &Tx<'_>) -> Result<(), DbErr> {
        let row = ActiveModel::from(self).reset_all();
        Entity::insert(row).exec_without_returning(&**tx).await?;
        Ok(())
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
