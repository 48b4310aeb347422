//! Changing what holds for the whole company.

use std::collections::HashSet;

use axum::http::Uri;
use balcao_types::{
    ErrorCode, Event, Language,
    rules::text::folded,
    settings::{
        CONSENT_TEXT_MAX, MONTHS, OFFICER_MAX, PAUSE_MINUTES, PAUSE_NAME_MAX, PAUSES_MAX, Pause, PrivacySettings,
        QUESTION_MAX, WorkspaceSettings, merge,
    },
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

/// The longest address of a page, in characters.
const URL_MAX: usize = 500;

/// Changes the company's name, language, time zone or settings.
pub struct ChangeWorkspace {
    pub may: Grant<ability::ManageWorkspace>,
    pub changes: WorkspaceChanges,
    /// The installation's limit on files, in millions of bytes.
    pub largest_mb: u32,
}

/// What is changed. What is absent stays.
#[derive(Default)]
pub struct WorkspaceChanges {
    pub company: Option<String>,
    pub language: Option<Language>,
    pub time_zone: Option<String>,
    /// A merge patch; empty: nothing.
    pub settings: serde_json::Map<String, Value>,
}

impl Command for ChangeWorkspace {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        // Settings are one document: of two who change them at once, the second sees what the first did.
        let model = tx.lock_row(table::Entity::find_by_id(workspace)).await?.ok_or(Error::not_found())?;
        let settings = self.settings(&model.settings)?;
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
        if let Some(settings) = settings {
            row.settings = Set(settings);
        }
        if row.is_changed() {
            row.update(&**tx).await?;
            tx.emit(workspace, Event::WorkspaceChanged)?;
        }
        Ok(())
    }
}

impl ChangeWorkspace {
    /// The whole document with the patch, if there is one. Keys of a newer release survive in it.
    fn settings(&self, before: &str) -> Result<Option<String>> {
        if self.changes.settings.is_empty() {
            return Ok(None);
        }
        let mut document: Value = serde_json::from_str(before)?;
        merge(&mut document, &Value::Object(self.changes.settings.clone()));
        let settings: WorkspaceSettings = crate::http::parse(document.clone())?;
        let mut checks = Checks::default();
        for (name, megabytes) in settings.files.named() {
            if !(1..=self.largest_mb).contains(&megabytes) {
                let field = format!("files.{name}");
                checks.fault_with(&field, ErrorCode::FileLimitInvalid, json!({ "largest_mb": self.largest_mb }));
            }
        }
        if !settings.survey.is_range() {
            checks.fault("survey.highest", ErrorCode::GradesInvalid);
        }
        checks.line("survey.question", &settings.survey.question, QUESTION_MAX);
        check_chat(&mut checks, &settings);
        check_pauses(&mut checks, &settings.pauses);
        check_privacy(&mut checks, &settings.privacy);
        checks.finish()?;
        Ok(Some(document.to_string()))
    }
}

/// What people step away for: each under a name of its own.
fn check_pauses(checks: &mut Checks, pauses: &[Pause]) {
    if pauses.len() > PAUSES_MAX {
        checks.limited("pauses", ErrorCode::TooMany, PAUSES_MAX);
        return;
    }
    let mut names = HashSet::new();
    for (index, pause) in pauses.iter().enumerate() {
        let field = |name: &str| format!("pauses.{index}.{name}");
        let name = checks.required(&field("name"), &pause.name, PAUSE_NAME_MAX);
        if !names.insert(folded(&name)) && !name.is_empty() {
            checks.fault(&field("name"), ErrorCode::NameInUse);
        }
        checks.minutes(&field("minutes"), pause.minutes, &PAUSE_MINUTES);
    }
}

/// What is said about privacy, and for how long anything is kept.
fn check_privacy(checks: &mut Checks, privacy: &PrivacySettings) {
    checks.line("privacy.officer", &privacy.officer, OFFICER_MAX);
    checks.line("privacy.consent_text", &privacy.consent_text, CONSENT_TEXT_MAX);
    checks.line("privacy.policy_url", &privacy.policy_url, URL_MAX);
    let is_address = privacy.policy_url.parse::<Uri>().is_ok_and(|address| {
        matches!(address.scheme_str(), Some("http" | "https")) && address.host().is_some_and(|host| !host.is_empty())
    });
    if !privacy.policy_url.is_empty() && !is_address {
        checks.fault("privacy.policy_url", ErrorCode::AddressInvalid);
    }
    for (name, months) in privacy.months() {
        if !MONTHS.contains(&months) {
            let params = json!({ "least": MONTHS.start(), "most": MONTHS.end() });
            checks.fault_with(&format!("privacy.{name}"), ErrorCode::MonthsInvalid, params);
        }
    }
}

/// What the chat says by itself, and what silence does.
fn check_chat(checks: &mut Checks, settings: &WorkspaceSettings) {
    for (name, minutes, allowed) in settings.idle.named() {
        checks.minutes(&format!("idle.{name}"), minutes, &allowed);
    }
    checks.messages(&settings.messages);
}
