//! What the company tells visitors about their data, and for how long it keeps them.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Consent;

/// How many months may be set; 0 keeps for ever, or nothing.
pub const MONTHS: RangeInclusive<u32> = 0..=240;
/// The longest text of consent, in characters.
pub const CONSENT_TEXT_MAX: usize = 500;
/// The longest name and address of whoever answers for personal data, in characters.
pub const OFFICER_MAX: usize = 200;

/// A company's privacy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct PrivacySettings {
    /// Where the policy can be read, `https://…`; empty: nowhere.
    pub policy_url: String,
    /// Who answers for personal data, and how to reach them; up to 200 characters.
    pub officer: String,
    pub consent: Consent,
    /// What visitors are told or agree to, up to 500 characters; empty says the product's own sentence.
    pub consent_text: String,
    /// After how many months without anything new texts, files and names are erased; 0 never.
    pub retention_months: u32,
    /// For how many months what is erased by hand is kept apart; 0 not at all.
    pub sealed_months: u32,
}

impl PrivacySettings {
    /// The months with the names of their fields.
    pub const fn months(&self) -> [(&'static str, u32); 2] {
        [("retention_months", self.retention_months), ("sealed_months", self.sealed_months)]
    }
}
