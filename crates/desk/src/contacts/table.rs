//! People on the other side.

use balcao_types::{ContactId, Timestamp, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub workspace_id: WorkspaceId,
    /// Counts the workspace's contacts: "Visitor 3071" until a name is known.
    pub number: i64,
    pub name: Option<String>,
    /// The name as it is searched for.
    pub name_key: String,
    pub email: Option<String>,
    /// The address as it is compared.
    pub email_key: Option<String>,
    pub phone: Option<String>,
    pub created_at: Timestamp,
    /// Since when nobody is known behind it.
    pub erased_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
