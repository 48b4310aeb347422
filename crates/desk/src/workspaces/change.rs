//! Changing what holds for the whole company.

use balcao_types::{Event, Language, settings::merge};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::table;
use crate::{
    access::{Grant, ability},
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Changes the company's name, language, time zone or country. What is absent stays.
pub struct ChangeWorkspace {
    pub may: Grant<ability::ManageWorkspace>,
    pub company: Option<String>,
    pub language: Option<Language>,
    pub time_zone: Option<String>,
    pub country: Option<String>,
}

impl Command for ChangeWorkspace {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let model = table::Entity::find_by_id(workspace).one(&**tx).await?.ok_or(Error::not_found())?;
        let mut settings: serde_json::Value = serde_json::from_str(&model.settings)?;
        let mut row: table::ActiveModel = model.into();
        if let Some(country) = &self.country {
            merge(&mut settings, &serde_json::json!({ "country": country }));
            row.settings = Set(settings.to_string());
        }
        if let Some(company) = &self.company {
            row.company = Set(company.clone());
        }
        if let Some(language) = self.language {
            row.language = Set(language);
        }
        if let Some(time_zone) = &self.time_zone {
            row.time_zone = Set(time_zone.clone());
        }
        if row.is_changed() {
            row.update(&**tx).await?;
            tx.emit(workspace, Event::WorkspaceChanged)?;
        }
        Ok(())
    }
}
