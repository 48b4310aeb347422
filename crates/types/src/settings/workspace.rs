//! What holds for the whole company.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Distribution;

/// How many conversations at once a company may allow by distribution.
pub const SIMULTANEOUS_LIMITS: RangeInclusive<u32> = 1..=100;

/// A workspace's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct WorkspaceSettings {
    /// Minutes after closing in which a visitor's message reopens the conversation for the same agent, while that agent is online (D-027). 0 never.
    pub late_message_minutes: u32,
    /// Two letters of ISO 3166-1: whose calling code a phone number without one takes (D-006).
    pub country: String,
    /// Who is given new conversations, where the department says nothing else (T-089).
    pub distribution: Distribution,
    /// How many conversations at once distribution leaves somebody with, where nothing else is said of the person.
    pub simultaneous_limit: u32,
}

impl Default for WorkspaceSettings {
    fn default() -> Self {
        Self {
            late_message_minutes: 10,
            country: "BR".to_owned(),
            distribution: Distribution::Off,
            simultaneous_limit: 5,
        }
    }
}
