//! What was done with personal data so far.

use balcao_types::{AgentId, PrivacyDeed, PrivacyRequestId, Role, Timestamp, WorkspaceId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
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

/// How many a page of the list holds.
const PAGE: usize = 50;

/// Which of them are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub deed: Option<PrivacyDeed>,
    /// Those alone of which a sealed copy is kept.
    pub is_sealed: bool,
    /// Earlier ones than this.
    pub before: Option<PrivacyRequestId>,
}

/// Something that was done with somebody's personal data.
#[derive(Clone, Debug, Serialize, FromQueryResult, ToSchema)]
pub struct PrivacyRequest {
    pub id: PrivacyRequestId,
    pub deed: PrivacyDeed,
    /// The contact's number.
    pub contact_number: i64,
    /// Who did it; none is the program.
    pub agent_id: Option<AgentId>,
    pub reason: String,
    pub at: Timestamp,
    /// Until when what was erased is kept apart; none where nothing is, or not any more.
    pub kept_until: Option<Timestamp>,
}

/// A page of what was done, the newest first, and whether there is more.
///
/// # Errors
/// When the database cannot be read.
pub async fn requests(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    wanted: Wanted,
) -> Result<(Vec<PrivacyRequest>, bool)> {
    let mut query = table::Entity::find().filter(table::Column::WorkspaceId.eq(workspace));
    if let Some(deed) = wanted.deed {
        query = query.filter(table::Column::Deed.eq(deed));
    }
    if wanted.is_sealed {
        query = query.filter(table::Column::Sealed.is_not_null());
    }
    if let Some(before) = wanted.before {
        query = query.filter(table::Column::Id.lt(before));
    }
    // Without the sealed copies, which may be large.
    let mut models: Vec<PrivacyRequest> = query
        .select_only()
        .columns([
            table::Column::Id,
            table::Column::Deed,
            table::Column::ContactNumber,
            table::Column::AgentId,
            table::Column::Reason,
            table::Column::At,
        ])
        .column_as(Expr::cust("CASE WHEN sealed IS NULL THEN NULL ELSE kept_until END"), "kept_until")
        .order_by_desc(table::Column::Id)
        .limit(PAGE as u64 + 1)
        .into_model()
        .all(connection)
        .await?;
    let has_more = models.len() > PAGE;
    models.truncate(PAGE);
    Ok((models, has_more))
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
