//! A visitor's rating, or the word that there will be none.

use balcao_types::{Actor, ContactId, ConversationId, ErrorCode, Event, WorkspaceId};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::table;
use crate::{
    conversations,
    error::{Error, Result},
    tx::{Command, Tx},
    workspaces,
};

/// Rates a closed conversation, once (T-183). The same answer again changes nothing.
pub struct Rate {
    pub workspace: WorkspaceId,
    pub contact: ContactId,
    pub conversation: ConversationId,
    /// None skips it.
    pub grade: Option<i64>,
    /// Checked; empty where nothing was written.
    pub comment: String,
}

impl Command for Rate {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let visitor = (self.workspace, self.contact);
        let mut conversation = tx.lock_visitors_conversation(visitor, self.conversation).await?;
        let company = workspaces::by_id(&**tx, self.workspace).await?.ok_or(Error::not_found())?;
        let asked = conversation.survey()?.filter(|asked| asked.is_open(&company.settings.survey, tx.now()));
        let Some(asked) = asked else { return self.refuse_other(tx).await };
        if self.grade.is_some_and(|grade| !(asked.shown.lowest..=asked.shown.highest).contains(&grade)) {
            return Err(Error::field("grade", ErrorCode::InvalidValue));
        }
        let row = table::ActiveModel {
            workspace_id: Set(self.workspace),
            conversation_id: Set(self.conversation),
            department_id: Set(conversation.department_id),
            agent_id: Set(Some(asked.agent)),
            others: Set(serde_json::to_string(&asked.others)?),
            lowest: Set(asked.shown.lowest),
            highest: Set(asked.shown.highest),
            grade: Set(self.grade),
            comment: Set(self.comment.clone()),
            answered_at: Set(tx.now()),
        };
        table::Entity::insert(row).exec_without_returning(&**tx).await?;
        conversations::end_survey(tx, &mut conversation).await?;
        tx.emit(self.workspace, Event::ConversationRated { place: conversation.place(), actor: Actor::visitor() })
    }
}

impl Rate {
    /// Nothing is asked (any more): fine where this very answer is there, as after a lost acknowledgement.
    async fn refuse_other(&self, tx: &Tx<'_>) -> Result<()> {
        let kept = table::Entity::find_by_id((self.workspace, self.conversation)).one(&**tx).await?;
        let is_same = kept.is_some_and(|kept| kept.grade == self.grade && kept.comment == self.comment);
        if is_same { Ok(()) } else { Err(Error::refused(ErrorCode::SurveyOver)) }
    }
}
