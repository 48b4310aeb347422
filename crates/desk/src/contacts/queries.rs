//! Reads about contacts.

use balcao_types::{ContactId, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::table;
use crate::error::Result;

/// A contact as agents see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ContactShown {
    pub id: ContactId,
    /// None when the visitor gave none; `number` then names the contact.
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub number: i64,
}

impl From<table::Model> for ContactShown {
    fn from(model: table::Model) -> Self {
        Self { id: model.id, name: model.name, email: model.email, phone: model.phone, number: model.number }
    }
}

/// One contact.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Option<ContactShown>> {
    let model =
        table::Entity::find_by_id(contact).filter(table::Column::WorkspaceId.eq(workspace)).one(connection).await?;
    Ok(model.map(ContactShown::from))
}
