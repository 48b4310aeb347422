//! Reads about connections: for administrators, for everybody's badges, and for the visitors' side.

use balcao_types::{
    Channel, ConnectionCode, ConnectionId, DepartmentId, PictureId, Timestamp, WorkspaceId, settings::WebchatSettings,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use serde::Serialize;
use utoipa::ToSchema;

use super::table;
use crate::{Desk, error::Result};

/// A connection as administrators see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Connection {
    pub id: ConnectionId,
    pub channel: Channel,
    /// The unique identification code (D-062): enough for a host system that asks for it alone (D-061).
    pub code: ConnectionCode,
    pub name: String,
    /// The department conversations go to; none lets the visitor choose.
    pub department_id: Option<DepartmentId>,
    pub is_enabled: bool,
    /// For `If-Match`.
    pub version: i64,
    pub settings: WebchatSettings,
    pub last_seen: Option<LastSeen>,
    pub install: Install,
    pub created_at: Timestamp,
}

/// Where and when the widget was last loaded (D-088).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LastSeen {
    pub at: Timestamp,
    pub page: String,
}

/// How to put the chat on a site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Install {
    /// HTML to paste before `</body>` (D-063).
    pub script: String,
    /// The address that opens the chat by itself.
    pub popup_url: String,
}

/// What every agent knows of a connection.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConnectionBadge {
    pub id: ConnectionId,
    pub name: String,
    pub channel: Channel,
    pub colour: String,
    pub is_enabled: bool,
}

/// A connection as the visitors' side needs it.
#[derive(Clone)]
pub struct Site {
    pub id: ConnectionId,
    pub workspace: WorkspaceId,
    pub code: ConnectionCode,
    pub department: Option<DepartmentId>,
    pub version: i64,
    pub settings: WebchatSettings,
    /// With which its pages sign who is logged in; none until somebody has asked for it.
    pub identity_secret: Option<String>,
}

impl Connection {
    pub(super) fn new(desk: &Desk, model: table::Model) -> Result<Self> {
        let base = &desk.config.public_url;
        let code = model.code;
        let script = format!(
            "<script>window.balcao = {{ id: \"{code}\" }};</script>\n<script async src=\"{base}/widgets/{code}.js\"></script>"
        );
        Ok(Self {
            id: model.id,
            channel: model.channel,
            code,
            name: model.name,
            department_id: model.department_id,
            is_enabled: model.is_enabled,
            version: model.version,
            settings: serde_json::from_str(&model.settings)?,
            last_seen: model.seen_at.zip(model.seen_page).map(|(at, page)| LastSeen { at, page }),
            install: Install { script, popup_url: format!("{base}/widgets/{code}") },
            created_at: model.created_at,
        })
    }
}

impl ConnectionBadge {
    fn new(model: table::Model) -> Result<Self> {
        let settings: WebchatSettings = serde_json::from_str(&model.settings)?;
        Ok(Self {
            id: model.id,
            name: model.name,
            channel: model.channel,
            colour: settings.colour,
            is_enabled: model.is_enabled && model.removed_at.is_none(),
        })
    }
}

pub(super) async fn all_models(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<table::Model>> {
    Ok(table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::RemovedAt.is_null())
        .order_by_asc(table::Column::Id)
        .all(connection)
        .await?)
}

/// One connection that was not removed, to read or to lock.
pub(super) fn one_by_id(workspace: WorkspaceId, id: ConnectionId) -> Select<table::Entity> {
    table::Entity::find_by_id(id)
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::RemovedAt.is_null())
}

/// The badges of all connections, removed ones too: old conversations still name them (Z-168).
///
/// # Errors
/// When the database cannot be read.
pub async fn all_badges(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<ConnectionBadge>> {
    let models = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .order_by_asc(table::Column::Id)
        .all(connection)
        .await?;
    models.into_iter().map(ConnectionBadge::new).collect()
}

/// One connection's badge.
///
/// # Errors
/// When the database cannot be read.
pub async fn badge_by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ConnectionId,
) -> Result<Option<ConnectionBadge>> {
    let model = table::Entity::find_by_id(id).filter(table::Column::WorkspaceId.eq(workspace)).one(connection).await?;
    model.map(ConnectionBadge::new).transpose()
}

/// The pictures that the connections show.
///
/// # Errors
/// When the database cannot be read.
pub async fn shown_pictures(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<PictureId>> {
    let mut shown = Vec::new();
    for model in all_models(connection, workspace).await? {
        let settings: WebchatSettings = serde_json::from_str(&model.settings)?;
        shown.extend(settings.pictures().map(|(_, picture)| picture));
    }
    Ok(shown)
}

/// Whether there is such a connection, switched off or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_there(connection: &impl ConnectionTrait, workspace: WorkspaceId, id: ConnectionId) -> Result<bool> {
    Ok(one_by_id(workspace, id).one(connection).await?.is_some())
}

/// The enabled connection with a code; none when it is unknown, switched off or removed.
///
/// # Errors
/// When the database cannot be read.
pub async fn site_by_code(connection: &impl ConnectionTrait, code: ConnectionCode) -> Result<Option<Site>> {
    site(connection, table::Column::Code.eq(code)).await
}

/// The enabled connection with an id.
///
/// # Errors
/// When the database cannot be read.
pub async fn site_by_id(connection: &impl ConnectionTrait, id: ConnectionId) -> Result<Option<Site>> {
    site(connection, table::Column::Id.eq(id)).await
}

async fn site(connection: &impl ConnectionTrait, which: sea_orm::sea_query::SimpleExpr) -> Result<Option<Site>> {
    let model = table::Entity::find()
        .filter(which)
        .filter(table::Column::IsEnabled.eq(true))
        .filter(table::Column::RemovedAt.is_null())
        .one(connection)
        .await?;
    let Some(model) = model else { return Ok(None) };
    Ok(Some(Site {
        id: model.id,
        workspace: model.workspace_id,
        code: model.code,
        department: model.department_id,
        version: model.version,
        settings: serde_json::from_str(&model.settings)?,
        identity_secret: model.identity_secret,
    }))
}
