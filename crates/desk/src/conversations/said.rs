//! What the chat says by itself in a conversation: with what is known filled in, in the visitor's language where it is the product's own text.

use balcao_types::{
    Language, TimelineEvent,
    rules::placeholders::{has, without},
};
use sea_orm::{ConnectionTrait, Statement};

use super::{
    message::SystemLine,
    row::Visit,
    table,
    timeline::{Line, add_line},
};
use crate::{
    contacts,
    departments::{Spoken, spoken_in},
    error::Result,
    tx::Tx,
};

/// The language of the visitor's browser, else the company's.
pub fn visitors_language(conversation: &table::Model, company: Language) -> Language {
    let visit: Option<Visit> = conversation.visit.as_deref().and_then(|visit| serde_json::from_str(visit).ok());
    let tag = visit.and_then(|visit| visit.language);
    tag.and_then(|tag| Language::from_accept_language(&tag)).unwrap_or(company)
}

/// A line whose text the visitor reads as it is.
pub(super) fn said_line(tx: &Tx<'_>, conversation: &table::Model, event: SystemLine, text: String) -> Line {
    Line { text: text.into(), ..Line::system(tx, conversation, event) }
}

/// Says what its department, or else the company, has said when somebody has taken a conversation (T-083); nothing where neither has.
///
/// # Errors
/// When the database fails.
pub(super) async fn say_initial(tx: &mut Tx<'_>, conversation: &mut table::Model) -> Result<()> {
    let workspace = conversation.workspace_id;
    let spoken = spoken_in(&**tx, workspace, conversation.department_id).await?;
    let initial = spoken.messages.initial.as_str();
    if initial.is_empty() {
        return Ok(());
    }
    let known = if has(initial, "customer_name") {
        contacts::by_id(&**tx, workspace, conversation.contact_id).await?.and_then(|contact| contact.name)
    } else {
        None
    };
    let text = match &known {
        Some(name) => initial.replace("{customer_name}", name),
        None => without(initial, "customer_name"),
    };
    let agent = conversation.assignee_name.clone();
    let text = filled(&text, conversation, &spoken).replace("{agent_name}", agent.as_deref().unwrap_or(""));
    let event = SystemLine { code: TimelineEvent::Initial, name: agent, target: Some(text.clone()) };
    let line = said_line(tx, conversation, event, text);
    add_line(tx, conversation, line).await.map(drop)
}

/// Says what its department, or else the company, has said when a conversation begins to wait (Z-123); nothing where neither has.
///
/// # Errors
/// When the database fails.
pub(super) async fn say_queued(tx: &mut Tx<'_>, conversation: &mut table::Model) -> Result<()> {
    let spoken = spoken_in(&**tx, conversation.workspace_id, conversation.department_id).await?;
    let queued = spoken.messages.queued.as_str();
    if queued.is_empty() {
        return Ok(());
    }
    let ahead = ahead_of(tx, conversation).await?;
    let text = filled(queued, conversation, &spoken)
        .replace("{position}", &(ahead + 1).to_string())
        .replace("{ahead}", &ahead.to_string());
    let event = SystemLine { code: TimelineEvent::Queued, name: None, target: Some(text.clone()) };
    let line = said_line(tx, conversation, event, text);
    add_line(tx, conversation, line).await.map(drop)
}

fn filled(text: &str, conversation: &table::Model, spoken: &Spoken) -> String {
    text.replace("{department}", &spoken.department)
        .replace("{protocol}", &conversation.protocol)
        .replace("{company}", &spoken.company)
}

/// How many wait before it.
async fn ahead_of(tx: &Tx<'_>, conversation: &table::Model) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS ahead FROM conversations WHERE workspace_id = $1 AND department_id = $2 AND state = 'queue' \
               AND (queued_at < $3 OR (queued_at = $3 AND id < $4))";
    let values = [
        conversation.workspace_id.into(),
        conversation.department_id.into(),
        conversation.queued_at.into(),
        conversation.id.into(),
    ];
    let row = tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(row.map(|row| row.try_get("", "ahead")).transpose()?.unwrap_or(0))
}
