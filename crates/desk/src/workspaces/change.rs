//! Changing what holds for the whole company.

use balcao_types::{Event, Language};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::table;
use crate::{
    access::{Grant, ability},
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Changes the company's name, language or time zone. What is absent stays.
pub struct ChangeWorkspace {
    pub may: Grant<ability::ManageWorkspace>,
    pub company: Option<String>,
    pub language: Option<Language>,
    pub time_zone: Option<String>,
}

impl Command for ChangeWorkspace {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let model = table::Entity::find_by_id(workspace).one(&**tx).await?.ok_or(Error::not_found())?;
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
        if row.is_changed() {
            row.update(&**tx).await?;
            tx.emit(workspace, Event::WorkspaceChanged)?;
        }
        Ok(())
    }
}
