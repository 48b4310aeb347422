//! The labels of a workspace. Which conversations have them is written by hand-made statements in this folder.

use balcao_types::{LabelColour, LabelId, Timestamp, WorkspaceId, rules::labels::LabelCondition};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "labels")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LabelId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    pub colour: LabelColour,
    /// Only active ones are put on conversations; on those that have an inactive one it stays.
    pub is_active: bool,
    /// By which it is put on new conversations: `LabelCondition`s as JSON.
    pub conditions: String,
    pub created_at: Timestamp,
}

impl Model {
    /// By which it is put on new conversations. A condition of a newer release, which this one does not know, never holds: it is left out.
    ///
    /// # Errors
    /// When the stored document is no list.
    pub fn conditions(&self) -> Result<Vec<LabelCondition>, serde_json::Error> {
        let stored: Vec<serde_json::Value> = serde_json::from_str(&self.conditions)?;
        Ok(stored.into_iter().filter_map(|condition| serde_json::from_value(condition).ok()).collect())
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
