//! Reads about labels, and about who has them.

use std::collections::HashMap;

use balcao_types::{
    AgentId, ConversationId, LabelColour, LabelId, LabelSource, Timestamp, WorkspaceId, rules::labels::LabelCondition,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Statement, Value};
use serde::Serialize;
use utoipa::ToSchema;

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

impl FromQueryResult for Label {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let conditions: String = row.try_get(prefix, "conditions")?;
        Ok(Self {
            id: row.try_get(prefix, "id")?,
            name: row.try_get(prefix, "name")?,
            colour: row.try_get(prefix, "colour")?,
            is_active: row.try_get(prefix, "is_active")?,
            conditions: serde_json::from_str(&conditions).map_err(|error| DbErr::Type(error.to_string()))?,
            conversations: row.try_get(prefix, "conversations")?,
        })
    }
}

fn select(condition: &str) -> String {
    format!(
        "SELECT l.id, l.name, l.colour, l.is_active, l.conditions, (SELECT COUNT(*) FROM (SELECT 1 FROM conversation_labels a \
         WHERE a.workspace_id = l.workspace_id AND a.label_id = l.id AND a.removed_at IS NULL LIMIT {COUNTED_MAX}) AS counted) \
         AS conversations FROM labels l WHERE l.workspace_id = $1 {condition} ORDER BY l.name_key, l.id"
    )
}

/// Every label, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_labels(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Label>> {
    let engine = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(engine, select(""), [workspace.into()]);
    Ok(Label::find_by_statement(statement).all(connection).await?)
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
    let engine = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(engine, select("AND l.id = $2"), [workspace.into(), label.into()]);
    Ok(Label::find_by_statement(statement).one(connection).await?)
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
        "SELECT COUNT(*) AS count FROM (SELECT 1 FROM conversation_labels WHERE workspace_id = $1 AND label_id = $2 LIMIT {}) AS some",
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
        "SELECT a.conversation_id FROM conversation_labels a WHERE a.workspace_id = {workspace} AND a.label_id = {label} \
         AND a.removed_at IS NULL"
    )
}

/// Whether one conversation has a label, as a condition; the parameters as for [`having`], then the conversation's id.
pub fn put_on_condition(workspace: &str, label: &str, conversation: &str) -> String {
    format!("EXISTS ({} AND a.conversation_id = {conversation})", having(workspace, label))
}
