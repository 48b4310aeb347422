//! What a person chooses for the own console.

use serde::{Deserialize, Serialize};

use crate::{Language, StatusOnLogin, Theme};

/// An agent's own settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentSettings {
    /// The console's language; none follows the browser.
    pub language: Option<Language>,
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// Whether logging in also connects (T-133).
    pub status_on_login: StatusOnLogin,
    /// A short tone on new conversations and messages.
    pub sound: bool,
    /// A desktop notice while the tab is in the background.
    pub notify: bool,
    /// How many conversations distribution leaves the person with at once; none as the company says (T-089).
    pub simultaneous_limit: Option<u32>,
}

impl Default for AgentSettings {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::System,
            status_on_login: StatusOnLogin::Offline,
            sound: true,
            notify: true,
            simultaneous_limit: None,
        }
    }
}
