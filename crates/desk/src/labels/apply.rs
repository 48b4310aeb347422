//! Putting labels on conversations and taking them off: by hand, and by the rules when a conversation begins.

use balcao_types::{
    Actor, AgentId, ErrorCode, Event, LabelId, LabelSource,
    rules::labels::{self, LabelFacts},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};

use super::{queries::one_by_id, table};
use crate::{
    access::{Grant, ability},
    conversations,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// The most labels of one conversation.
const ON_ONE_MAX: usize = 20;

/// Puts a label on a conversation. Doing it twice changes nothing and tells nobody.
pub struct PutLabelOn {
    pub may: Grant<ability::Label>,
    pub label: LabelId,
}

impl Command for PutLabelOn {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let conversation = tx.lock(&self.may).await?;
        let agent = self.may.agent();
        put_on(tx, &conversation, self.label, (agent.agent, agent.actor())).await
    }
}

/// Puts a label on a locked conversation by hand, inside a command.
///
/// # Errors
/// 409 `label_unknown` for one that is unknown or not active, `labels_enough` when the conversation has twenty.
pub async fn put_on(
    tx: &mut Tx<'_>,
    conversation: &conversations::Model,
    label: LabelId,
    (agent, actor): (AgentId, Actor),
) -> Result<()> {
    let workspace = conversation.workspace_id;
    let unknown = Error::refused(ErrorCode::LabelUnknown);
    // Shared: it is not removed before this is written.
    let Some(known) = one_by_id(workspace, label).lock_shared().one(&**tx).await? else { return Err(unknown) };
    let on = count_on(tx, conversation, label).await?;
    if on.has_it {
        return Ok(());
    }
    if !known.is_active {
        return Err(unknown);
    }
    if on.count >= ON_ONE_MAX {
        return Err(Error::refused(ErrorCode::LabelsEnough));
    }
    insert(tx, conversation, label, (LabelSource::Agent, Some(agent))).await?;
    tx.emit(workspace, Event::ConversationLabelled { place: conversation.place(), actor })
}

/// Puts on a conversation that has just begun, with its first message, what its rules say (T-203 to T-207).
///
/// # Errors
/// When the database fails.
pub async fn apply_rules(tx: &Tx<'_>, conversation: &conversations::Model, facts: &LabelFacts<'_>) -> Result<()> {
    let active = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(conversation.workspace_id))
        .filter(table::Column::IsActive.eq(true))
        .filter(table::Column::Conditions.ne("[]"))
        .order_by_asc(table::Column::Id)
        .all(&**tx)
        .await?;
    let facts = facts.folded();
    let mut left = ON_ONE_MAX;
    for label in active {
        if left > 0 && labels::applies(&label.conditions()?, &facts) {
            insert(tx, conversation, label.id, (LabelSource::Rule, None)).await?;
            left -= 1;
        }
    }
    Ok(())
}

async fn insert(
    tx: &Tx<'_>,
    conversation: &conversations::Model,
    label: LabelId,
    (source, by): (LabelSource, Option<AgentId>),
) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO conversation_labels (workspace_id, conversation_id, label_id, source, applied_by, applied_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, conversation_id, label_id) \
         DO UPDATE SET source = excluded.source, applied_by = excluded.applied_by, applied_at = excluded.applied_at, \
         removed_by = NULL, removed_at = NULL",
        [
            conversation.workspace_id.into(),
            conversation.id.into(),
            label.into(),
            source.into(),
            by.into(),
            tx.now().into(),
        ],
    ))
    .await?;
    Ok(())
}

/// How many labels a conversation has, and whether one of them is this.
struct On {
    count: usize,
    has_it: bool,
}

async fn count_on(tx: &Tx<'_>, conversation: &conversations::Model, label: LabelId) -> Result<On> {
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "SELECT COUNT(*) AS count, COUNT(CASE WHEN a.label_id = $3 THEN 1 END) AS same FROM conversation_labels a \
             JOIN labels l ON l.id = a.label_id \
             WHERE a.workspace_id = $1 AND a.conversation_id = $2 AND a.removed_at IS NULL",
            [conversation.workspace_id.into(), conversation.id.into(), label.into()],
        ))
        .await?;
    let Some(row) = row else { return Ok(On { count: 0, has_it: false }) };
    let count = row.try_get::<i64>("", "count")?;
    Ok(On { count: usize::try_from(count).unwrap_or(usize::MAX), has_it: row.try_get::<i64>("", "same")? > 0 })
}

/// Takes a label off a conversation. One that it has not changes nothing and tells nobody.
pub struct TakeLabelOff {
    pub may: Grant<ability::Label>,
    pub label: LabelId,
}

impl Command for TakeLabelOff {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let conversation = tx.lock(&self.may).await?;
        let agent = self.may.agent();
        let taken = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "UPDATE conversation_labels SET removed_by = $4, removed_at = $5 \
                 WHERE workspace_id = $1 AND conversation_id = $2 AND label_id = $3 AND removed_at IS NULL",
                [
                    conversation.workspace_id.into(),
                    conversation.id.into(),
                    self.label.into(),
                    agent.agent.into(),
                    tx.now().into(),
                ],
            ))
            .await?;
        if taken.rows_affected() == 0 {
            return Ok(());
        }
        let event = Event::ConversationLabelled { place: conversation.place(), actor: agent.actor() };
        tx.emit(conversation.workspace_id, event)
    }
}
