//! What becomes of the tickets of somebody who does not serve any more: nobody's, so that others see them.

use balcao_types::{AgentId, WorkspaceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    change::{serves, write},
    table::{Column, Entity, Model},
};
use crate::{error::Result, tx::Tx};

/// Gives up, for a person, the tickets that are not over and stand where the person does not serve.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &mut Tx<'_>, workspace: WorkspaceId, agent: AgentId) -> Result<()> {
    let assigned = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(Column::AssigneeId.eq(agent))
        .order_by_asc(Column::Id);
    for model in tx.lock_rows(assigned).await? {
        if model.state.is_over() || serves(tx, workspace, agent, model.department_id).await? {
            continue;
        }
        let next = Model { assignee_id: None, ..model.clone() };
        write(tx, &model, next, None).await?;
    }
    Ok(())
}
