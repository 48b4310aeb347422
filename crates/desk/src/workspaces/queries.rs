//! Reads about workspaces.

use balcao_types::{Language, WorkspaceId, rules::phone, settings::WorkspaceSettings};
use jiff::tz::TimeZone;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect, Select};
use serde::Serialize;
use utoipa::ToSchema;

use super::table;
use crate::error::Result;

/// A workspace as its people see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub company: String,
    pub language: Language,
    /// An IANA name such as `America/Sao_Paulo`.
    pub time_zone: String,
    #[serde(flatten)]
    pub settings: WorkspaceSettings,
}

impl Workspace {
    /// By whose clocks its times are written.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// One workspace's row, to lock.
pub fn one_by_id(workspace: WorkspaceId) -> Select<table::Entity> {
    table::Entity::find_by_id(workspace)
}

/// One workspace.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Option<Workspace>> {
    let Some(model) = table::Entity::find_by_id(workspace).one(connection).await? else { return Ok(None) };
    let settings = serde_json::from_str(&model.settings)?;
    Ok(Some(Workspace {
        id: model.id,
        company: model.company,
        language: model.language,
        time_zone: model.time_zone,
        settings,
    }))
}

/// The calling code of numbers that have none: the company's country's.
///
/// # Errors
/// When the database cannot be read.
pub async fn calling_code(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<&'static str> {
    let country = by_id(connection, workspace).await?.map(|workspace| workspace.settings.country);
    Ok(country.and_then(|country| phone::calling_code(&country)).unwrap_or(phone::DEFAULT_CALLING_CODE))
}

/// Whether the installation has been claimed.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_set_up(connection: &impl ConnectionTrait) -> Result<bool> {
    Ok(table::Entity::find().one(connection).await?.is_some())
}

/// Every workspace of the installation.
///
/// # Errors
/// When the database cannot be read.
pub async fn active_workspaces(connection: &impl ConnectionTrait) -> Result<Vec<WorkspaceId>> {
    Ok(table::Entity::find().select_only().column(table::Column::Id).into_tuple().all(connection).await?)
}
