//! What holds for the whole company.

use serde::{Deserialize, Serialize};

/// A workspace's settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkspaceSettings {
    /// Minutes after closing in which a visitor's message reopens the conversation for the same agent, while that agent is online (D-027). 0 never.
    pub late_message_minutes: u32,
    /// Two letters of ISO 3166-1: whose calling code a phone number without one takes (D-006).
    pub country: String,
}

impl Default for WorkspaceSettings {
    fn default() -> Self {
        Self { late_message_minutes: 10, country: "BR".to_owned() }
    }
}
