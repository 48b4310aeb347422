//! Loading a conversation for a change: the row stays locked until the commit, and the grant is checked again on what it is now.

use balcao_types::{ContactId, ConversationId, WorkspaceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::table;
use crate::{
    access::{Ability, Grant},
    error::{Error, Result},
    tx::Tx,
};

impl Tx<'_> {
    /// Loads and locks the conversation of a grant.
    ///
    /// # Errors
    /// 404 when the agent no longer sees it, 403 when the role no longer may.
    pub async fn lock<A: Ability<Subject = ConversationId>>(&self, may: &Grant<A>) -> Result<table::Model> {
        let model = self.lock_conversation(may.scope.workspace, may.subject).await?.ok_or(Error::not_found())?;
        let agent = may.agent();
        if !agent.sees(model.department_id) && model.assignee_id != Some(agent.agent) {
            return Err(Error::not_found());
        }
        if agent.role.may(A::PERMISSION) { Ok(model) } else { Err(Error::forbidden()) }
    }

    /// Loads and locks a conversation by its id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lock_conversation(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
    ) -> Result<Option<table::Model>> {
        let row = table::Entity::find_by_id(conversation).filter(table::Column::WorkspaceId.eq(workspace));
        self.lock_row(row).await
    }

    /// Loads and locks a visitor's own conversation.
    ///
    /// # Errors
    /// 404 for anybody else's.
    pub async fn lock_visitors_conversation(
        &self,
        (workspace, contact): (WorkspaceId, ContactId),
        conversation: ConversationId,
    ) -> Result<table::Model> {
        let found = self.lock_conversation(workspace, conversation).await?;
        found.filter(|found| found.contact_id == contact).ok_or(Error::not_found())
    }

    /// Writes a conversation's changed fields.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_conversation(&self, row: table::ActiveModel) -> Result<()> {
        table::Entity::update(row).exec(&**self).await?;
        Ok(())
    }
}
