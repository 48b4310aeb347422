//! Asking for a rating, inside the command that closes a conversation.

use balcao_types::{AgentId, AuthorKind, MessageKind, Timestamp, settings::SurveySettings};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{by_mail::ask_by_mail_job, table};
use crate::{
    conversations,
    error::{Error, Result},
    tx::Tx,
    workspaces,
};

/// For how long it may be answered (T-183).
const DAYS: i64 = 7;

/// What is asked, as it lies with the closed conversation until it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    #[serde(flatten)]
    pub shown: SurveyShown,
    /// Whose the rating will be (T-185).
    pub agent: AgentId,
    /// Who else had answered, in their order.
    pub others: Vec<AgentId>,
}

impl Asked {
    /// Whether it may still be answered: while the company asks at all, until it runs out (T-181, T-183).
    pub fn is_open(&self, survey: &SurveySettings, now: Timestamp) -> bool {
        survey.is_on && now < self.shown.expires_at
    }
}

/// What is asked, as the visitor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SurveyShown {
    /// Empty: the product's own question.
    pub question: String,
    /// The lowest grade.
    pub lowest: i64,
    /// The highest grade.
    pub highest: i64,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

/// What to ask the visitor of a conversation that is being closed; nothing where surveys are off, nobody has
/// answered (T-186), or it was rated.
///
/// # Errors
/// When the database fails.
pub async fn ask(tx: &mut Tx<'_>, conversation: &conversations::Model) -> Result<Option<Asked>> {
    let company = workspaces::by_id(&**tx, conversation.workspace_id).await?.ok_or(Error::not_found())?;
    let survey = company.settings.survey;
    if !survey.is_on || is_rated(tx, conversation).await? {
        return Ok(None);
    }
    let mut others = who_answered(tx, conversation).await?;
    let Some(agent) = others.pop() else { return Ok(None) };
    let expires_at = tx.now().plus_seconds(DAYS * 86_400);
    if survey.by_mail {
        let job = ask_by_mail_job(conversation.workspace_id, conversation.id, tx.now())?;
        tx.enqueue(job);
    }
    let shown = SurveyShown {
        question: survey.question,
        lowest: survey.lowest.into(),
        highest: survey.highest.into(),
        expires_at,
    };
    Ok(Some(Asked { shown, agent, others }))
}

async fn is_rated(tx: &Tx<'_>, conversation: &conversations::Model) -> Result<bool> {
    let found = table::Entity::find_by_id((conversation.workspace_id, conversation.id)).one(&**tx).await?;
    Ok(found.is_some())
}

/// The agents who have written to the visitor, in the order of their last words.
async fn who_answered(tx: &Tx<'_>, conversation: &conversations::Model) -> Result<Vec<AgentId>> {
    let rows = tx
        .query_all_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "SELECT author_id FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND author_kind = $3 AND kind = $4 \
             GROUP BY author_id ORDER BY MAX(position)",
            [
                conversation.workspace_id.into(),
                conversation.id.into(),
                AuthorKind::Agent.as_str().into(),
                MessageKind::Text.as_str().into(),
            ],
        ))
        .await?;
    rows.iter().map(|row| Ok(row.try_get("", "author_id")?)).collect()
}
