//! Finding whose data is meant, by whatever the person says of themselves.

use balcao_platform::store::dialect::{like_pattern, substring};
use balcao_types::{ContactId, Timestamp, WorkspaceId, rules::text::folded};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{contacts, error::Result};

/// How many contacts one search shows.
pub(super) const MOST: usize = 20;

/// A contact with what there is of them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContactFound {
    pub id: ContactId,
    pub number: i64,
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub created_at: Timestamp,
    pub conversations: i64,
    /// Whether one of them is running: it has to end before anything is erased.
    pub is_served: bool,
    pub offline_messages: i64,
    /// When something was last written.
    pub last_at: Option<Timestamp>,
}

/// Contacts whose name, e-mail or phone holds a text, also as it was left with an offline message, or whose number or conversation's protocol it is;
/// the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn found(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    search: &str,
) -> Result<Vec<ContactFound>> {
    let engine = connection.get_database_backend();
    let trimmed = search.trim();
    let text = folded(trimmed);
    let pattern = like_pattern(&text);
    let (by_contact, sought) = match substring(engine, &text) {
        Some(substring) => (contacts::matching(&substring, "$1", "$5"), substring.text),
        None => (
            "SELECT contact_id FROM contact_texts WHERE workspace_id = $1 AND text LIKE $5 ESCAPE '!'".to_owned(),
            pattern.clone(),
        ),
    };
    let sql = format!(
        "SELECT c.id, c.number, c.name, c.email, c.phone, c.created_at, \
         (SELECT COUNT(*) FROM conversations o WHERE o.workspace_id = $1 AND o.contact_id = c.id) AS conversations, \
         (SELECT COUNT(*) FROM conversations o WHERE o.workspace_id = $1 AND o.contact_id = c.id AND o.state <> 'closed') AS served, \
         (SELECT COUNT(*) FROM offline_messages m WHERE m.workspace_id = $1 AND m.contact_id = c.id) AS offline_messages, \
         (SELECT MAX(o.last_message_at) FROM conversations o WHERE o.workspace_id = $1 AND o.contact_id = c.id) AS written_at, \
         (SELECT MAX(m.changed_at) FROM offline_messages m WHERE m.workspace_id = $1 AND m.contact_id = c.id) AS left_at \
         FROM contacts c WHERE c.workspace_id = $1 AND c.id IN ({by_contact} \
         UNION SELECT n.id FROM contacts n WHERE n.workspace_id = $1 AND n.number = $3 \
         UNION SELECT o.contact_id FROM conversations o WHERE o.workspace_id = $1 AND o.protocol = $4 \
         UNION SELECT m.contact_id FROM offline_messages m WHERE m.workspace_id = $1 AND m.contact_id IS NOT NULL \
         AND m.search_key LIKE $2 ESCAPE '!') ORDER BY c.id DESC LIMIT {MOST}"
    );
    let number: i64 = trimmed.trim_start_matches('#').parse().unwrap_or(0);
    let values = [workspace.into(), pattern.into(), number.into(), trimmed.to_owned().into(), sought.into()];
    let rows = connection.query_all_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(ContactFound {
                id: row.try_get("", "id")?,
                number: row.try_get("", "number")?,
                name: row.try_get("", "name")?,
                email: row.try_get("", "email")?,
                phone: row.try_get("", "phone")?,
                created_at: row.try_get("", "created_at")?,
                conversations: row.try_get("", "conversations")?,
                is_served: row.try_get::<i64>("", "served")? > 0,
                offline_messages: row.try_get("", "offline_messages")?,
                last_at: row.try_get::<Option<Timestamp>>("", "written_at")?.max(row.try_get("", "left_at")?),
            })
        })
        .collect()
}
