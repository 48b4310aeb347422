//! The single ratings, newest first: what each visitor said of which conversation.

use balcao_types::{AgentId, ConversationId, DepartmentId, rules::grades::Scale};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Rating, conditions::Wanted};
use crate::{
    access::Scope,
    contacts::ContactShown,
    error::Result,
    http::{Cursor, text_cursor},
    sql::Conditions,
};

/// How many ratings a page of the list holds.
const PAGE: usize = 50;

const SELECT: &str = "SELECT r.conversation_id, r.department_id, r.agent_id, r.lowest, r.highest, r.grade, r.comment, r.answered_at, \
    c.protocol, c.department_id AS place_id, c.assignee_id, c.contact_id, \
    ct.name AS contact_name, ct.email AS contact_email, ct.phone AS contact_phone, ct.number AS contact_number \
    FROM ratings r JOIN conversations c ON c.id = r.conversation_id JOIN contacts ct ON ct.id = c.contact_id";

/// Which of the ratings are asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub agent: Option<AgentId>,
    /// On the company's present range: those that its figures count there.
    pub grade: Option<(i64, Scale)>,
    pub with_comment: bool,
    /// Older ones than this.
    pub before: Option<Cursor>,
}

/// A rating in the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RatingRow {
    /// Its place in the list: `before` for the page that follows.
    pub id: String,
    pub conversation_id: ConversationId,
    pub protocol: String,
    pub contact: ContactShown,
    /// Where the conversation was when it was rated.
    pub department_id: DepartmentId,
    #[serde(flatten)]
    pub rating: Rating,
    /// Whether the conversation stands where one sees it: it may have been moved since.
    pub may_open: bool,
}

/// A page of the ratings that the person may see, newest first, and whether there are more. Of those that were skipped nothing is listed.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    wanted: &Wanted,
    filter: &Filter,
) -> Result<(Vec<RatingRow>, bool)> {
    let mut conditions = Conditions::of_ratings(scope, wanted);
    conditions.and(if filter.with_comment { "r.comment <> ''" } else { "(r.grade IS NOT NULL OR r.comment <> '')" });
    if let Some(agent) = filter.agent {
        let agent = conditions.bind(agent);
        conditions.and(&format!("r.agent_id = {agent}"));
    }
    if let Some((grade, scale)) = filter.grade {
        // As `Scale::nearest` has it.
        let (steps, above) = (conditions.bind(scale.steps()), conditions.bind(grade - scale.lowest));
        let range = "(r.highest - r.lowest)";
        conditions.and(&format!("(2 * (r.grade - r.lowest) * {steps} + {range}) / (2 * {range}) = {above}"));
    }
    if let Some(before) = filter.before {
        let (value, id) = (conditions.bind(before.value), conditions.bind(before.id));
        conditions.and(&format!("(r.answered_at, r.conversation_id) < ({value}, {id})"));
    }
    let tail = format!("ORDER BY r.answered_at DESC, r.conversation_id DESC LIMIT {}", PAGE + 1);
    let rows = conditions.rows(connection, SELECT, &tail).await?;
    let mut rows = rows.iter().map(|row| read(row, scope)).collect::<Result<Vec<_>>>()?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    Ok((rows, has_more))
}

fn read(row: &QueryResult, scope: &Scope) -> Result<RatingRow> {
    let conversation_id: ConversationId = row.try_get("", "conversation_id")?;
    let rating = Rating {
        agent_id: row.try_get("", "agent_id")?,
        lowest: row.try_get("", "lowest")?,
        highest: row.try_get("", "highest")?,
        grade: row.try_get("", "grade")?,
        comment: row.try_get("", "comment")?,
        answered_at: row.try_get("", "answered_at")?,
    };
    Ok(RatingRow {
        id: text_cursor(rating.answered_at.0, conversation_id.0),
        conversation_id,
        protocol: row.try_get("", "protocol")?,
        contact: ContactShown::of_row(row)?,
        department_id: row.try_get("", "department_id")?,
        may_open: scope.agent.sees_where(row.try_get("", "place_id")?, row.try_get("", "assignee_id")?),
        rating,
    })
}
