//! Changing what holds for the whole company.

use balcao_types::{Distribution, Event, Language, settings::WorkspaceSettings};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::table;
use crate::{
    access::{Grant, ability},
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Changes the company's name, language, time zone, or how its conversations are distributed. What is absent stays.
pub struct ChangeWorkspace {
    pub may: Grant<ability::ManageWorkspace>,
    pub company: Option<String>,
    pub language: Option<Language>,
    pub time_zone: Option<String>,
    pub distribution: Option<Distribution>,
    pub simultaneous_limit: Option<u32>,
}

impl Command for ChangeWorkspace {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        // Settings are one document: of two who change them at once, the second sees what the first did.
        let model = tx.lock_row(table::Entity::find_by_id(workspace)).await?.ok_or(Error::not_found())?;
        let mut settings: WorkspaceSettings = serde_json::from_str(&model.settings)?;
        settings.distribution = self.distribution.unwrap_or(settings.distribution);
        settings.simultaneous_limit = self.simultaneous_limit.unwrap_or(settings.simultaneous_limit);
        let settings = serde_json::to_string(&settings)?;
        let has_new_settings =
            settings != model.settings && (self.distribution, self.simultaneous_limit) != (None, None);
        let mut row: table::ActiveModel = model.into();
        if let Some(company) = &self.company {
            row.company = Set(company.clone());
        }
        if let Some(language) = self.language {
            row.language = Set(language);
        }
        if let Some(time_zone) = &self.time_zone {
            row.time_zone = Set(time_zone.clone());
        }
        if has_new_settings {
            row.settings = Set(settings);
        }
        if row.is_changed() {
            row.update(&**tx).await?;
            tx.emit(workspace, Event::WorkspaceChanged)?;
        }
        Ok(())
    }
}
