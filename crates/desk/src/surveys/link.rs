//! The link by which somebody answers without the chat: it says which conversation, is signed, and is good as long as the survey is (T-183).

use balcao_types::{ConversationId, WorkspaceId};

use crate::{
    Desk,
    access::Scope,
    conversations::{self, ConversationRow},
    error::Result,
    workspaces,
};

/// What stands before the ids in the signed text. The colon tells it from a ticket.
const PLACE: &str = "survey:";

/// The address where a conversation is rated. What it carries is behind `#`, so that no server writes it down.
///
/// # Errors
/// When it cannot be signed.
pub(super) fn link(desk: &Desk, workspace: WorkspaceId, conversation: ConversationId) -> Result<String> {
    let token = desk.tickets.seal(&format!("{PLACE}{workspace}:{conversation}"))?;
    Ok(format!("{}/survey#{token}", desk.config.public_url))
}

/// The same for who manages the department of a conversation that has ended and may still be rated; none for everybody else, and where nothing
/// is asked (any more).
///
/// # Errors
/// When the database cannot be read.
pub async fn link_for(desk: &Desk, scope: &Scope, row: &ConversationRow) -> Result<Option<String>> {
    let read = desk.store.read();
    if !row.state.is_closed() || !scope.agent.manages(row.department_id) {
        return Ok(None);
    }
    let Some(model) = conversations::model_by_id(read, scope.workspace, row.id).await? else { return Ok(None) };
    let Some(company) = workspaces::by_id(read, scope.workspace).await? else { return Ok(None) };
    let asked = model.survey()?.filter(|asked| asked.is_open(&company.settings.survey, desk.clock.now()));
    asked.map(|_open| link(desk, scope.workspace, row.id)).transpose()
}

/// Which conversation a link's token is for; none where it is not ours.
pub(super) fn opened(desk: &Desk, token: &str) -> Option<(WorkspaceId, ConversationId)> {
    let (workspace, conversation) = desk.tickets.open(token)?.strip_prefix(PLACE)?.split_once(':')?;
    Some((workspace.parse().ok()?, conversation.parse().ok()?))
}
