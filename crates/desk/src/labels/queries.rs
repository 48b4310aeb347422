//! Reads about labels, and about who has them.

use std::collections::HashMap;

use balcao_types::{
    AgentId, ConversationId, LabelColour, LabelId, LabelSource, Timestamp, WorkspaceId, rules::labels::LabelCondition,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, Statement, Value};
use serde::Serialize;
use utoipa::ToSchema;

use super::table;
use crate::error::Result;

/// Up to so many are counted.
const COUNTED_MAX: i64 = 10_000;

/// A label as people see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Label {
    pub id: LabelId,
    pub name: String,
    pub colour: LabelColour,
    /// Only active ones are put on conversations; where an inactive one is, it stays.
    pub is_active: bool,
    /// By which new conversations get it; any is enough, and none is never (T-205, T-210).
    pub conditions: Vec<LabelCondition>,
}

/// How often a label is used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LabelUse {
    pub id: LabelId,
    /// On how many conversations it is; 10,000 stands for that many or more.
    pub conversations: i64,
}

/// A label on a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AppliedLabel {
    pub id: LabelId,
    pub source: LabelSource,
    /// Who put it on; none for a rule.
    pub by: Option<AgentId>,
    pub at: Timestamp,
}

impl TryFrom<table::Model> for Label {
    type Error = crate::error::Error;

    fn try_from(model: table::Model) -> Result<Self> {
        let conditions = model.conditions()?;
        let table::Model { id, name, colour, is_active, .. } = model;
        Ok(Self { id, name, colour, is_active, conditions })
    }
}

/// Every label, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_labels(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Label>> {
    let found = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .order_by_asc(table::Column::NameKey)
        .order_by_asc(table::Column::Id);
    found.all(connection).await?.into_iter().map(Label::try_from).collect()
}

/// One label.
///
/// # Errors
/// When the database cannot be read.
pub async fn label_by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    label: LabelId,
) -> Result<Option<Label>> {
    one_by_id(workspace, label).one(connection).await?.map(Label::try_from).transpose()
}

/// One label, to read or to lock.
pub(super) fn one_by_id(workspace: WorkspaceId, label: LabelId) -> Select<table::Entity> {
    table::Entity::find_by_id(label).filter(table::Column::WorkspaceId.eq(workspace))
}

/// How often each label is used.
///
/// # Errors
/// When the database cannot be read.
pub async fn uses(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<LabelUse>> {
    let sql = format!(
        "SELECT l.id, (SELECT COUNT(*) FROM (SELECT 1 FROM conversation_labels a WHERE a.workspace_id = l.workspace_id \
         AND a.label_id = l.id AND a.removed_at IS NULL LIMIT {COUNTED_MAX}) AS counted) AS conversations \
         FROM labels l WHERE l.workspace_id = $1"
    );
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, [workspace.into()]);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok(LabelUse { id: row.try_get("", "id")?, conversations: row.try_get("", "conversations")? }))
        .collect()
}

/// The labels of conversations, each in the order in which they were put on.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_conversations(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversations: &[ConversationId],
) -> Result<HashMap<ConversationId, Vec<AppliedLabel>>> {
    let mut found: HashMap<ConversationId, Vec<AppliedLabel>> = HashMap::new();
    for chunk in conversations.chunks(100) {
        let mut values: Vec<Value> = vec![workspace.into()];
        values.extend(chunk.iter().map(|id| Value::from(*id)));
        let places: Vec<String> = (2..=values.len()).map(|place| format!("${place}")).collect();
        // A removed label is gone at once, though its rows are swept later.
        let sql = format!(
            "SELECT a.conversation_id, a.label_id, a.source, a.applied_by, a.applied_at FROM conversation_labels a \
             JOIN labels l ON l.id = a.label_id WHERE a.workspace_id = $1 AND a.conversation_id IN ({}) \
             AND a.removed_at IS NULL ORDER BY a.applied_at, l.name_key",
            places.join(", ")
        );
        let engine = connection.get_database_backend();
        for row in connection.query_all_raw(Statement::from_sql_and_values(engine, sql, values)).await? {
            let label = AppliedLabel {
                id: row.try_get("", "label_id")?,
                source: row.try_get("", "source")?,
                by: row.try_get("", "applied_by")?,
                at: row.try_get("", "applied_at")?,
            };
            found.entry(row.try_get("", "conversation_id")?).or_default().push(label);
        }
    }
    Ok(found)
}

/// What labels are called, in the order given.
///
/// # Errors
/// When the database cannot be read.
pub async fn names_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    applied: &[AppliedLabel],
) -> Result<Vec<String>> {
    if applied.is_empty() {
        return Ok(Vec::new());
    }
    let mut names: HashMap<LabelId, String> =
        all_labels(connection, workspace).await?.into_iter().map(|label| (label.id, label.name)).collect();
    Ok(applied.iter().filter_map(|applied| names.remove(&applied.id)).collect())
}

/// Whether at most so many conversations have a label.
///
/// # Errors
/// When the database cannot be read.
pub async fn are_few(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    label: LabelId,
    most: i64,
) -> Result<bool> {
    let sql = format!(
        "SELECT COUNT(*) AS count FROM (SELECT 1 FROM conversation_labels WHERE workspace_id = $1 AND label_id = $2 LIMIT {}) AS counted",
        most + 1
    );
    let engine = connection.get_database_backend();
    let row =
        connection.query_one_raw(Statement::from_sql_and_values(engine, sql, [workspace.into(), label.into()])).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get::<i64>("", "count"))? <= most)
}

/// A select of the conversations that have a label; the workspace and the label stand under these parameters.
pub fn having(workspace: &str, label: &str) -> String {
    format!(
        "SELECT a.conversation_id FROM conversation_labels a JOIN labels l ON l.id = a.label_id \
         WHERE a.workspace_id = {workspace} AND a.label_id = {label} AND a.removed_at IS NULL"
    )
}

/// Whether one conversation has a label, as a condition; the parameters as for [`having`], then the conversation's id.
pub fn put_on_condition(workspace: &str, label: &str, conversation: &str) -> String {
    format!("EXISTS ({} AND a.conversation_id = {conversation})", having(workspace, label))
}
