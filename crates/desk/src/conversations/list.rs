//! The three lists: which conversations, in which order, a page at a time. Built to answer at once with a million of them: the ids of a page are
//! found by an index that has the list's own order, and only those rows are read whole.

use std::cmp::Ordering;

use balcao_types::{AgentId, ConversationId, ConversationList, DepartmentId, LabelId, WorkspaceId};
use sea_orm::{ConnectionTrait, QueryResult};

use super::{
    list_search::Sought,
    row::{ConversationRow, ROW_SELECT, read_rows},
};
use crate::{
    access::Scope,
    error::Result,
    http::{Cursor, text_cursor},
    sql::Conditions,
};

/// What a list is asked for.
pub struct ListQuery {
    pub list: ConversationList,
    pub agent: Option<AgentId>,
    pub department: Option<DepartmentId>,
    /// Only those in which the visitor waits for an answer, whoever has waited longest first; the queue is that as it is.
    pub only_waiting: bool,
    pub label: Option<LabelId>,
    /// Part of a contact's name, e-mail or phone, whatever case and accents, or of the protocol number.
    pub search: Option<String>,
    pub after: Option<Cursor>,
    pub limit: i64,
}

/// A page of a list.
pub struct ListPage {
    pub rows: Vec<ConversationRow>,
    /// Where to go on. A page of a search may hold fewer rows than asked for and still have a next one.
    pub next: Option<String>,
}

/// A place in a list: the id and its sorting value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub id: ConversationId,
    pub at: i64,
}

impl Key {
    pub(super) fn from_row(row: &QueryResult) -> Result<Self> {
        Ok(Self { id: row.try_get("", "id")?, at: row.try_get("", "at")? })
    }
}

/// How a list is ordered.
#[derive(Clone, Copy)]
pub(super) struct Order {
    pub column: &'static str,
    pub is_ascending: bool,
}

impl Order {
    pub(super) const fn of(query: &ListQuery) -> Self {
        match query.list {
            ConversationList::Open if query.only_waiting => Self { column: "c.waiting_since", is_ascending: true },
            ConversationList::Queue => Self { column: "c.queued_at", is_ascending: true },
            ConversationList::Open => Self { column: "c.last_message_at", is_ascending: false },
            ConversationList::Closed => Self { column: "c.closed_at", is_ascending: false },
        }
    }

    pub(super) const fn direction(self) -> &'static str {
        if self.is_ascending { "ASC" } else { "DESC" }
    }

    /// Which of two stands first.
    fn compare(self, one: Key, other: Key) -> Ordering {
        let rising = (one.at, one.id.0).cmp(&(other.at, other.id.0));
        if self.is_ascending { rising } else { rising.reverse() }
    }
}

/// What one index gives for a page: rows it found in the list's order, and up to where it looked, if there is more behind.
pub(super) struct Part {
    pub keys: Vec<Key>,
    pub end: Option<Key>,
}

/// A page of a list: the queue oldest first, the open ones by their last message, the closed ones newest first (P-001 to P-012).
///
/// # Errors
/// When the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, scope: &Scope, query: &ListQuery) -> Result<ListPage> {
    if query.only_waiting && query.list == ConversationList::Closed {
        // Closing ends the waiting.
        return Ok(ListPage { rows: Vec::new(), next: None });
    }
    let found = match Sought::by(query) {
        None => {
            let mut found = Vec::new();
            for conditions in parts(scope, query) {
                found.push(first_of(connection, conditions, query, "").await?);
            }
            found
        }
        Some(sought) => sought.parts(connection, scope, query).await?,
    };
    let (keys, next) = merged(found, Order::of(query), query.limit);
    let rows = rows_of(connection, scope, &keys).await?;
    Ok(ListPage { rows, next: next.map(|key| text_cursor(key.at, key.id.0)) })
}

/// The first rows in the list's order. `unordered`: `+` where the order shall not be read from an index, since few rows are left to sort.
pub(super) async fn first_of(
    connection: &impl ConnectionTrait,
    conditions: Conditions,
    query: &ListQuery,
    unordered: &str,
) -> Result<Part> {
    let Order { column, .. } = Order::of(query);
    let direction = Order::of(query).direction();
    let select = format!("SELECT c.id, {column} AS at FROM conversations c ");
    let most = query.limit + 1;
    let tail = format!("ORDER BY {unordered}{column} {direction}, c.id {direction} LIMIT {most}");
    let rows = conditions.rows(connection, &select, &tail).await?;
    let keys = rows.iter().map(Key::from_row).collect::<Result<Vec<_>>>()?;
    let is_full = i64::try_from(keys.len()).is_ok_and(|count| count == most);
    Ok(Part { end: keys.last().copied().filter(|_| is_full), keys })
}

/// A page put together from its parts, and the key to go on from: what lies behind the end of a part that has more is not known yet.
fn merged(parts: Vec<Part>, order: Order, limit: i64) -> (Vec<Key>, Option<Key>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let end = parts.iter().filter_map(|part| part.end).min_by(|one, other| order.compare(*one, *other));
    let mut keys: Vec<Key> = parts.into_iter().flat_map(|part| part.keys).collect();
    keys.sort_by(|one, other| order.compare(*one, *other));
    keys.dedup();
    if let Some(end) = end {
        keys.retain(|key| order.compare(*key, end).is_le());
    }
    if keys.len() > limit {
        keys.truncate(limit);
        return (keys.clone(), keys.last().copied());
    }
    (keys, end)
}

/// What the agent sees of the list, in parts that an index with the list's order stands behind: one, or one for each department and one's own.
pub(super) fn parts(scope: &Scope, query: &ListQuery) -> Vec<Conditions> {
    let agent = &scope.agent;
    let departments = match (query.agent, query.department, agent.seen_departments()) {
        (Some(_), ..) => return vec![whole(scope, query)],
        (None, None, None) => return vec![filters(scope, query)],
        (None, None, Some(seen)) => seen,
        (None, Some(asked), _) if agent.sees(asked) => vec![asked],
        // Another's department: of it one sees what is one's own.
        (None, Some(asked), _) => {
            let mut conditions = filters(scope, query);
            conditions.of_agent(agent.agent);
            conditions.in_department(asked);
            return vec![conditions];
        }
    };
    let mut parts: Vec<Conditions> = departments
        .into_iter()
        .map(|department| {
            let mut conditions = filters(scope, query);
            conditions.in_department(department);
            conditions
        })
        .collect();
    if query.department.is_none() {
        let mut own = filters(scope, query);
        own.of_agent(agent.agent);
        parts.push(own);
    }
    parts
}

/// What the agent sees of the list, in one piece.
pub(super) fn whole(scope: &Scope, query: &ListQuery) -> Conditions {
    let agent = &scope.agent;
    let mut conditions = filters(scope, query);
    if let Some(asked) = query.agent {
        conditions.of_agent(asked);
    }
    if query.agent != Some(agent.agent) {
        conditions.seen_by(agent);
    }
    if let Some(department) = query.department {
        conditions.in_department(department);
    }
    conditions
}

/// What holds for every row of the list, from the cursor on.
fn filters(scope: &Scope, query: &ListQuery) -> Conditions {
    let order = Order::of(query);
    let mut conditions = Conditions::of_conversations(scope.workspace);
    conditions.and(match query.list {
        ConversationList::Queue => "c.state = 'queue'",
        ConversationList::Open => "c.state = 'open'",
        ConversationList::Closed => "c.state = 'closed'",
    });
    if query.only_waiting && query.list != ConversationList::Queue {
        conditions.and("c.waiting_since IS NOT NULL");
    }
    if let Some(after) = query.after {
        let comparison = if order.is_ascending { ">" } else { "<" };
        let (value, id) = (conditions.bind(after.value), conditions.bind(after.id));
        conditions.and(&format!("({}, c.id) {comparison} ({value}, {id})", order.column));
    }
    conditions
}

/// The rows of the keys, in their order.
async fn rows_of(connection: &impl ConnectionTrait, scope: &Scope, keys: &[Key]) -> Result<Vec<ConversationRow>> {
    let ids: Vec<ConversationId> = keys.iter().map(|key| key.id).collect();
    let mut rows = rows_by_ids(connection, scope.workspace, &ids).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    // Between the two reads a conversation may have left what the agent sees.
    rows.retain(|row| scope.agent.sees_where(row.department_id, row.assignee_id));
    Ok(rows)
}

/// Several rows, whoever asks: the caller has checked.
///
/// # Errors
/// When the database cannot be read.
pub async fn rows_by_ids(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversations: &[ConversationId],
) -> Result<Vec<ConversationRow>> {
    let mut rows = Vec::with_capacity(conversations.len());
    for chunk in conversations.chunks(100) {
        let mut conditions = Conditions::of_conversations(workspace);
        let ids = conditions.bind_all(chunk.to_vec());
        conditions.and(&format!("c.id IN ({ids})"));
        let found = conditions.rows(connection, ROW_SELECT, "").await?;
        rows.extend(read_rows(connection, workspace, &found).await?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use balcao_types::ConversationId;
    use uuid::Uuid;

    use super::{Key, Order, Part, merged};

    const NEWEST_FIRST: Order = Order { column: "", is_ascending: false };

    fn key(at: i64) -> Key {
        Key { id: ConversationId(Uuid::from_u128(at.unsigned_abs().into())), at }
    }

    fn part(keys: &[i64], end: Option<i64>) -> Part {
        Part { keys: keys.iter().map(|at| key(*at)).collect(), end: end.map(key) }
    }

    fn times(keys: &[Key]) -> Vec<i64> {
        keys.iter().map(|key| key.at).collect()
    }

    #[test]
    fn what_stands_in_two_parts_is_one_row() {
        let (keys, next) = merged(vec![part(&[9, 5], None), part(&[7, 5], None)], NEWEST_FIRST, 10);
        assert_eq!((times(&keys), next), (vec![9, 7, 5], None));
    }

    #[test]
    fn behind_the_end_of_a_part_nothing_is_known() {
        // The second part has looked as far as 6 only: 3 may not be shown before what it has at 5 and 4.
        let (keys, next) = merged(vec![part(&[9, 3], None), part(&[7], Some(6))], NEWEST_FIRST, 10);
        assert_eq!((times(&keys), next), (vec![9, 7], Some(key(6))));
    }

    #[test]
    fn a_full_page_goes_on_from_its_last_row() {
        let (keys, next) = merged(vec![part(&[9, 8, 7], Some(7)), part(&[6], None)], NEWEST_FIRST, 2);
        assert_eq!((times(&keys), next), (vec![9, 8], Some(key(8))));
        let (keys, next) = merged(vec![part(&[9, 8], None)], NEWEST_FIRST, 2);
        assert_eq!((times(&keys), next), (vec![9, 8], None));
    }
}
