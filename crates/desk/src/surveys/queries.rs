//! Reads about ratings.

use std::collections::HashMap;

use balcao_types::{AgentId, ConversationId, Timestamp, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::table;
use crate::error::Result;

/// What a visitor said of a conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Rating {
    /// Whose it is: whoever answered last.
    pub agent_id: Option<AgentId>,
    /// The range that was asked for.
    pub lowest: i64,
    pub highest: i64,
    /// None where it was skipped.
    pub grade: Option<i64>,
    pub comment: String,
    pub answered_at: Timestamp,
}

/// The rating of a conversation, if there is one.
///
/// # Errors
/// When the database cannot be read.
pub async fn rating_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Option<Rating>> {
    let found = table::Entity::find_by_id((workspace, conversation)).one(connection).await?;
    Ok(found.map(|model| Rating {
        agent_id: model.agent_id,
        lowest: model.lowest,
        highest: model.highest,
        grade: model.grade,
        comment: model.comment,
        answered_at: model.answered_at,
    }))
}

/// A grade as the lists show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Grade {
    pub grade: i64,
    /// The best one that was asked for.
    pub highest: i64,
}

/// The grades of conversations; of what was skipped or not answered there is none.
///
/// # Errors
/// When the database cannot be read.
pub async fn grades_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversations: &[ConversationId],
) -> Result<HashMap<ConversationId, Grade>> {
    let mut found = HashMap::new();
    for chunk in conversations.chunks(500) {
        let rated = table::Entity::find()
            .filter(table::Column::WorkspaceId.eq(workspace))
            .filter(table::Column::ConversationId.is_in(chunk.iter().copied()));
        for model in rated.all(connection).await? {
            let Some(grade) = model.grade else { continue };
            found.insert(model.conversation_id, Grade { grade, highest: model.highest });
        }
    }
    Ok(found)
}
