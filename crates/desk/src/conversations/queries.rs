//! Reads about conversations: rows, timelines, and the visitor's own view. The lists have a file of their own.

use std::collections::{HashMap, HashSet};

use balcao_types::{
    AgentId, ConnectionId, ContactId, ConversationId, ConversationState, DepartmentId, Place, WorkspaceId,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult, Statement, Value};

use super::{
    message::{MESSAGE_COLUMNS, Message},
    row::{ConversationRow, ROW_SELECT, read_rows},
};
use crate::{access::Scope, error::Result, sql::Conditions};

/// How many conversations wait in a department.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting_in(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
) -> Result<i64> {
    let mut conditions = Conditions::of_conversations(workspace);
    let department = conditions.bind(department);
    conditions.and(&format!("c.state = 'queue' AND c.department_id = {department}"));
    let rows = conditions.rows(connection, "SELECT COUNT(*) AS waiting FROM conversations c ", "").await?;
    rows.first().map_or(Ok(0), |row| Ok(row.try_get("", "waiting")?))
}

/// A department's queue in its order.
///
/// # Errors
/// When the database cannot be read.
pub async fn queue_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    department: DepartmentId,
) -> Result<Vec<ConversationId>> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT id FROM conversations WHERE workspace_id = $1 AND department_id = $2 AND state = 'queue' \
             ORDER BY queued_at, id",
            [workspace.into(), department.into()],
        ))
        .await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// How many conversations are open with somebody.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_with(connection: &impl ConnectionTrait, workspace: WorkspaceId, agent: AgentId) -> Result<i64> {
    let mut conditions = Conditions::of_conversations(workspace);
    let agent = conditions.bind(agent);
    conditions.and(&format!("c.state = 'open' AND c.assignee_id = {agent}"));
    let rows = conditions.rows(connection, "SELECT COUNT(*) AS open FROM conversations c ", "").await?;
    rows.first().map_or(Ok(0), |row| Ok(row.try_get("", "open")?))
}

/// One conversation as it is stored, whoever asks.
///
/// # Errors
/// When the database cannot be read.
pub async fn model_by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Option<super::Model>> {
    let found = super::table::Entity::find_by_id(conversation).filter(super::table::Column::WorkspaceId.eq(workspace));
    Ok(found.one(connection).await?)
}

/// One conversation's row, whoever asks: the caller has checked.
///
/// # Errors
/// When the database cannot be read.
pub async fn row_by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Option<ConversationRow>> {
    let rows = query_row(connection, workspace, conversation).await?;
    Ok(read_rows(connection, workspace, rows.as_slice()).await?.pop())
}

pub(super) async fn query_row(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Option<QueryResult>> {
    let mut conditions = Conditions::of_conversations(workspace);
    let id = conditions.bind(conversation);
    conditions.and(&format!("c.id = {id}"));
    Ok(conditions.rows(connection, ROW_SELECT, "").await?.into_iter().next())
}

/// The earlier conversations of a contact that the agent may see, newest first.
pub(super) async fn earlier(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    contact: ContactId,
    except: ConversationId,
) -> Result<Vec<ConversationRow>> {
    let mut conditions = Conditions::of_conversations(scope.workspace);
    let (contact, except) = (conditions.bind(contact), conditions.bind(except));
    conditions.and(&format!("c.contact_id = {contact} AND c.id <> {except}"));
    conditions.seen_by(&scope.agent);
    let rows = conditions.rows(connection, ROW_SELECT, "ORDER BY c.opened_at DESC, c.id DESC LIMIT 10").await?;
    read_rows(connection, scope.workspace, &rows).await
}

/// The last `limit` lines before a position (all when none), oldest first, and whether there are earlier ones.
///
/// # Errors
/// When the database cannot be read.
pub async fn messages_before(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
    before: Option<i64>,
    limit: i64,
) -> Result<(Vec<Message>, bool)> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            format!(
                "SELECT {MESSAGE_COLUMNS} FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND position < $3 \
                 ORDER BY position DESC LIMIT $4"
            ),
            [workspace.into(), conversation.into(), before.unwrap_or(i64::MAX).into(), (limit + 1).into()],
        ))
        .await?;
    newest_first_page(&rows, limit)
}

/// How many bytes of text one page holds, besides its first line.
const PAGE_TEXT_MAX: usize = 128 * 1024;

fn newest_first_page(rows: &[QueryResult], limit: i64) -> Result<(Vec<Message>, bool)> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut messages = Vec::with_capacity(rows.len().min(limit));
    let mut bytes = 0;
    for row in rows.iter().take(limit) {
        let message = Message::from_row(row)?;
        bytes += message.text.len();
        if bytes > PAGE_TEXT_MAX && !messages.is_empty() {
            break;
        }
        messages.push(message);
    }
    messages.reverse();
    let has_more = rows.len() > messages.len();
    Ok((messages, has_more))
}

/// Single lines by their places, for events of other nodes.
///
/// # Errors
/// When the database cannot be read.
pub async fn messages_at(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    places: &[(ConversationId, i64)],
) -> Result<Vec<(ConversationId, Message)>> {
    let mut found = Vec::with_capacity(places.len());
    for chunk in places.chunks(100) {
        let engine = connection.get_database_backend();
        let mut sql = format!(
            "SELECT conversation_id, {MESSAGE_COLUMNS} FROM messages WHERE (workspace_id, conversation_id, position) IN (VALUES "
        );
        balcao_platform::store::dialect::push_tuples(engine, &mut sql, 3, chunk.len());
        sql.push(')');
        let values: Vec<Value> = chunk
            .iter()
            .flat_map(|(conversation, position)| [workspace.into(), (*conversation).into(), (*position).into()])
            .collect();
        for row in connection.query_all_raw(Statement::from_sql_and_values(engine, sql, values)).await? {
            found.push((row.try_get("", "conversation_id")?, Message::from_row(&row)?));
        }
    }
    Ok(found)
}

/// The visitor's conversation on a connection: the one under way, else the last one.
///
/// # Errors
/// When the database cannot be read.
pub async fn visitor_conversation(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    site: ConnectionId,
    contact: ContactId,
) -> Result<Option<super::Model>> {
    use sea_orm::FromQueryResult;
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT * FROM conversations WHERE workspace_id = $1 AND connection_id = $2 AND contact_id = $3 \
             ORDER BY CASE WHEN state = 'closed' THEN 1 ELSE 0 END, opened_at DESC LIMIT 1",
            [workspace.into(), site.into(), contact.into()],
        ))
        .await?;
    Ok(row.map(|row| super::Model::from_query_result(&row, "")).transpose()?)
}

/// Where the conversations stand that are under way with contacts, by contact and connection.
///
/// # Errors
/// When the database cannot be read.
pub async fn under_way_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contacts: &[ContactId],
) -> Result<HashMap<(ContactId, ConnectionId), Place>> {
    let found = super::table::Entity::find()
        .filter(super::table::Column::WorkspaceId.eq(workspace))
        .filter(super::table::Column::ContactId.is_in(contacts.iter().copied()))
        .filter(super::table::Column::State.ne(ConversationState::Closed))
        .all(connection)
        .await?;
    Ok(found.iter().map(|model| ((model.contact_id, model.connection_id), model.place())).collect())
}

/// With whom conversations are under way that the person sees, by contact and connection: at most so many, the newest.
///
/// # Errors
/// When the database cannot be read.
pub async fn under_way_seen(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    most: usize,
) -> Result<HashSet<(ContactId, ConnectionId)>> {
    let mut conditions = Conditions::of_conversations(scope.workspace);
    conditions.and("c.state IN ('bot', 'queue', 'open')");
    conditions.seen_by(&scope.agent);
    let order = format!("ORDER BY c.opened_at DESC LIMIT {most}");
    let rows =
        conditions.rows(connection, "SELECT c.contact_id, c.connection_id FROM conversations c ", &order).await?;
    rows.iter().map(|row| Ok((row.try_get("", "contact_id")?, row.try_get("", "connection_id")?))).collect()
}

/// Which of these contacts the person knows from a conversation, over or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn known_to(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    contacts: &[ContactId],
) -> Result<HashSet<ContactId>> {
    if contacts.is_empty() {
        return Ok(HashSet::new());
    }
    let mut conditions = Conditions::of_conversations(scope.workspace);
    let ids = conditions.bind_all(contacts.to_vec());
    conditions.and(&format!("c.contact_id IN ({ids})"));
    conditions.seen_by(&scope.agent);
    let rows = conditions.rows(connection, "SELECT DISTINCT c.contact_id FROM conversations c ", "").await?;
    rows.iter().map(|row| Ok(row.try_get("", "contact_id")?)).collect()
}

/// One conversation, if it is the visitor's.
///
/// # Errors
/// When the database cannot be read.
pub async fn places_of_visitor(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
    conversation: ConversationId,
) -> Result<Option<super::Model>> {
    Ok(super::table::Entity::find_by_id(conversation)
        .filter(super::table::Column::WorkspaceId.eq(workspace))
        .filter(super::table::Column::ContactId.eq(contact))
        .one(connection)
        .await?)
}

/// The visitor's conversation before another one on the same connection, where these lines of that one begin with its first.
///
/// # Errors
/// When the database cannot be read.
pub async fn previous_of_visitor(
    connection: &impl ConnectionTrait,
    conversation: &super::Model,
    lines: &[Message],
) -> Result<Option<ConversationId>> {
    if lines.first().is_none_or(|first| first.seq != Some(1)) {
        return Ok(None);
    }
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT id FROM conversations WHERE workspace_id = $1 AND connection_id = $2 AND contact_id = $3 \
             AND (opened_at, id) < ($4, $5) ORDER BY opened_at DESC, id DESC LIMIT 1",
            [
                conversation.workspace_id.into(),
                conversation.connection_id.into(),
                conversation.contact_id.into(),
                conversation.opened_at.into(),
                conversation.id.into(),
            ],
        ))
        .await?;
    Ok(row.map(|row| row.try_get("", "id")).transpose()?)
}

/// Which of a conversation's lines a visitor wants.
#[derive(Clone, Copy, Debug)]
pub enum Entries {
    /// Everything after a number, at most so many; more means "too far behind".
    After(i64),
    /// The last ones before a number.
    Before(i64),
}

/// Lines the visitor may see, oldest first, and whether there are more on the far side.
///
/// # Errors
/// When the database cannot be read.
pub async fn visitor_entries(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
    which: Entries,
    limit: i64,
) -> Result<(Vec<Message>, bool)> {
    let (comparison, value) = match which {
        Entries::After(seq) => (">", seq),
        Entries::Before(seq) => ("<", seq),
    };
    // Within a conversation `seq` rises with `position`, so the newest rows are found from the end of the key.
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            format!(
                "SELECT {MESSAGE_COLUMNS} FROM messages WHERE workspace_id = $1 AND conversation_id = $2 \
                 AND seq IS NOT NULL AND seq {comparison} $3 ORDER BY position DESC LIMIT $4"
            ),
            [workspace.into(), conversation.into(), value.into(), (limit + 1).into()],
        ))
        .await?;
    newest_first_page(&rows, limit)
}

/// Where a conversation stands, whoever asks: the caller decides what follows.
///
/// # Errors
/// When the database cannot be read.
pub async fn place_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Option<balcao_types::Place>> {
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT contact_id, department_id, assignee_id, state FROM conversations WHERE id = $1 AND workspace_id = $2",
            [conversation.into(), workspace.into()],
        ))
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(balcao_types::Place {
        conversation,
        contact: row.try_get("", "contact_id")?,
        department: row.try_get("", "department_id")?,
        assignee: row.try_get("", "assignee_id")?,
        state: row.try_get("", "state")?,
    }))
}
