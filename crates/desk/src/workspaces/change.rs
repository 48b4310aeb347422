//! Changing what holds for the whole company.

use balcao_types::{
    ErrorCode, Event, Language,
    settings::{WorkspaceSettings, merge},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use super::table;
use crate::{
    access::{Grant, ability},
    checks::Checks,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// The longest time in which a late message reopens, in minutes: a week.
const LATE_MESSAGE_MAX: u32 = 7 * 24 * 60;

/// Changes the company's name, language, time zone or settings.
pub struct ChangeWorkspace {
    pub may: Grant<ability::ManageWorkspace>,
    pub changes: WorkspaceChanges,
    /// The installation's limit on files, in millions of bytes.
    pub largest_mb: u32,
}

/// What is changed. What is absent stays.
pub struct WorkspaceChanges {
    pub company: Option<String>,
    pub language: Option<Language>,
    pub time_zone: Option<String>,
    /// A merge patch.
    pub settings: Option<Value>,
}

impl Command for ChangeWorkspace {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let model = tx.lock_row(table::Entity::find_by_id(workspace)).await?.ok_or(Error::not_found())?;
        let before = model.settings.clone();
        let mut row: table::ActiveModel = model.into();
        if let Some(company) = &self.changes.company {
            row.company = Set(company.clone());
        }
        if let Some(language) = self.changes.language {
            row.language = Set(language);
        }
        if let Some(time_zone) = &self.changes.time_zone {
            row.time_zone = Set(time_zone.clone());
        }
        if let Some(patch) = &self.changes.settings {
            row.settings = Set(self.settings(&before, patch)?);
        }
        if row.is_changed() {
            row.update(&**tx).await?;
            tx.emit(workspace, Event::WorkspaceChanged)?;
        }
        Ok(())
    }
}

impl ChangeWorkspace {
    /// The whole document with the patch, checked. Keys of a newer release survive in it.
    fn settings(&self, before: &str, patch: &Value) -> Result<String> {
        let mut document: Value = serde_json::from_str(before)?;
        merge(&mut document, patch);
        let Wrapped { settings } = crate::http::parse(json!({ "settings": document }))?;
        let mut checks = Checks::default();
        if settings.late_message_minutes > LATE_MESSAGE_MAX {
            checks.fault("settings.late_message_minutes", ErrorCode::InvalidValue);
        }
        for (name, megabytes) in settings.files.named() {
            if !(1..=self.largest_mb).contains(&megabytes) {
                let field = format!("settings.files.{name}");
                checks.fault_with(&field, ErrorCode::FileLimitInvalid, json!({ "largest_mb": self.largest_mb }));
            }
        }
        checks.finish()?;
        Ok(document.to_string())
    }
}

#[derive(serde::Deserialize)]
struct Wrapped {
    settings: WorkspaceSettings,
}
