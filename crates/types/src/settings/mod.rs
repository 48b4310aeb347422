//! Settings: one JSON document per owner with typed, defaulted fields. Unknown keys survive an older binary.

mod agent;
mod chat;
mod department;
mod mail;
mod privacy;
mod webchat;
mod workspace;

pub use agent::AgentSettings;
pub use chat::{IDLE_MINUTES, IdleSettings, MESSAGE_MAX, MessageSettings, WARNING_MINUTES};
pub use department::{DepartmentLooks, DepartmentSettings, DepartmentSwitches, ORDER_MAX};
pub use mail::{ImapSettings, MailLogin, MailSecurity, MailSettings, OauthProvider, OauthSettings, SmtpSettings};
pub use privacy::{CONSENT_TEXT_MAX, MONTHS, OFFICER_MAX, PrivacySettings};
pub use webchat::{
    ChallengeWhen, HEIGHT, HEIGHTS, LauncherIcon, OFFSET, OFFSET_MAX, Position, WIDTH, WIDTHS, WebchatLanguage,
    WebchatSettings, WhenOffline,
};
pub use workspace::{
    FileLimits, GRADES, PAUSE_MINUTES, PAUSE_NAME_MAX, PAUSES_MAX, Pause, QUESTION_MAX, SIMULTANEOUS_LIMITS,
    SurveySettings, WorkspaceSettings,
};

/// Applies a merge patch (RFC 7396) to a stored document: `null` removes a key, so the default comes back.
pub fn merge(document: &mut serde_json::Value, patch: &serde_json::Value) {
    let serde_json::Value::Object(changes) = patch else {
        *document = patch.clone();
        return;
    };
    if !document.is_object() {
        *document = serde_json::Value::Object(serde_json::Map::new());
    }
    let serde_json::Value::Object(fields) = document else { return };
    for (key, change) in changes {
        if change.is_null() {
            fields.remove(key);
        } else {
            merge(fields.entry(key.clone()).or_insert(serde_json::Value::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_patch_changes_only_what_it_names_and_null_restores_the_default() {
        let mut document = json!({"a": 1, "b": {"c": 2}, "future": true});
        super::merge(&mut document, &json!({"a": null, "b": {"d": 3}}));
        assert_eq!(document, json!({"b": {"c": 2, "d": 3}, "future": true}));
    }
}
