//! What was done with personal data so far.

use balcao_types::{AgentId, PrivacyDeed, PrivacyRequestId, Role, Timestamp, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    keep::{Deed, keep},
    table,
};
use crate::{
    access::Scope,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// How many the list shows.
const MOST: u64 = 100;

/// Something that was done with somebody's personal data.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PrivacyRequest {
    pub id: PrivacyRequestId,
    pub deed: PrivacyDeed,
    /// The contact's number.
    pub contact_number: i64,
    /// Who did it; none is the program.
    pub agent_id: Option<AgentId>,
    pub reason: String,
    pub at: Timestamp,
    /// Until when what was erased is kept apart.
    pub kept_until: Option<Timestamp>,
}

/// What was done last, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn requests(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<PrivacyRequest>> {
    let models = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .order_by_desc(table::Column::Id)
        .limit(MOST)
        .all(connection)
        .await?;
    Ok(models
        .into_iter()
        .map(|model| PrivacyRequest {
            id: model.id,
            deed: model.deed,
            contact_number: model.contact_number,
            agent_id: model.agent_id,
            reason: model.reason,
            at: model.at,
            kept_until: model.kept_until,
        })
        .collect())
}

/// Opens a sealed copy: owners only, and kept that they did.
pub struct OpenSealed {
    pub scope: Scope,
    pub request: PrivacyRequestId,
}

impl Command for OpenSealed {
    type Answer = String;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<String> {
        if self.scope.agent.role != Role::Owner {
            return Err(Error::forbidden());
        }
        let workspace = self.scope.workspace;
        let found = table::Entity::find_by_id(self.request)
            .filter(table::Column::WorkspaceId.eq(workspace))
            .one(&**tx)
            .await?
            .ok_or(Error::not_found())?;
        let sealed = found.sealed.ok_or(Error::not_found())?;
        let deed = Deed {
            workspace,
            deed: PrivacyDeed::Opened,
            contact: found.contact_id,
            number: found.contact_number,
            by: Some(self.scope.agent.agent),
            reason: String::new(),
            sealed: None,
        };
        keep(tx, deed).await?;
        Ok(sealed)
    }
}
