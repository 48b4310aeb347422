//! Finding whose data is meant, by whatever the person says of themselves.

use balcao_platform::store::dialect::like_pattern;
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

/// Contacts whose name, e-mail or phone holds a text, or whose number or conversation's protocol it is; the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn found(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    search: &str,
) -> Result<Vec<ContactFound>> {
    let holds = contacts::holds("c.id", "$2");
    let sql = format!(
        "SELECT c.id, c.number, c.name, c.email, c.phone, c.created_at, \
         (SELECT COUNT(*) FROM conversations o WHERE o.workspace_id = $1 AND o.contact_id = c.id) AS conversations, \
         (SELECT COUNT(*) FROM conversations o WHERE o.workspace_id = $1 AND o.contact_id = c.id AND o.state <> 'closed') AS served, \
         (SELECT COUNT(*) FROM offline_messages m WHERE m.workspace_id = $1 AND m.sender_id = c.id) AS offline_messages, \
         (SELECT MAX(o.last_message_at) FROM conversations o WHERE o.workspace_id = $1 AND o.contact_id = c.id) AS last_at \
         FROM contacts c WHERE c.workspace_id = $1 AND ({holds} OR c.number = $3 OR c.id IN \
         (SELECT o.contact_id FROM conversations o WHERE o.workspace_id = $1 AND o.protocol = $4)) ORDER BY c.id DESC LIMIT {MOST}"
    );
    let trimmed = search.trim();
    let number: i64 = trimmed.trim_start_matches('#').parse().unwrap_or(0);
    let values = [workspace.into(), like_pattern(&folded(trimmed)).into(), number.into(), trimmed.to_owned().into()];
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, values))
        .await?;
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
                last_at: row.try_get("", "last_at")?,
            })
        })
        .collect()
}
