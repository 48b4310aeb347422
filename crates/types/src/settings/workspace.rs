//! What holds for the whole company.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{IdleSettings, MessageSettings, PrivacySettings};
use crate::{Distribution, FileKind};

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
    /// After how many minutes without an answer a visitor's wait is called too long, to whoever has the conversation and to whoever manages;
    /// 0 never (Z-124).
    pub late_minutes: u32,
    /// How large files may be.
    pub files: FileLimits,
    /// What visitors are asked when a conversation ends (T-180).
    pub survey: SurveySettings,
    /// Whether visitors may have a copy of a conversation that has ended by e-mail, where mail is set up.
    pub copy_by_mail: bool,
    /// What silence does in an open conversation.
    pub idle: IdleSettings,
    /// What the chat says by itself.
    pub messages: MessageSettings,
    /// What visitors are told about their data, and for how long it is kept.
    pub privacy: PrivacySettings,
    /// Whether what customers leave while nobody is online becomes a ticket at once (T-157).
    pub offline_tickets: bool,
    /// Whether whoever was disconnected at the end of a shift has the status back with the next one (T-115).
    pub restore_status: bool,
    /// For what people step away (T-139).
    pub pauses: Vec<Pause>,
}

impl Default for WorkspaceSettings {
    fn default() -> Self {
        Self {
            late_message_minutes: 10,
            country: "BR".to_owned(),
            distribution: Distribution::Off,
            simultaneous_limit: 5,
            late_minutes: 10,
            files: FileLimits::default(),
            survey: SurveySettings::default(),
            copy_by_mail: false,
            idle: IdleSettings::default(),
            messages: MessageSettings::default(),
            privacy: PrivacySettings::default(),
            offline_tickets: false,
            restore_status: true,
            pauses: Vec::new(),
        }
    }
}

/// The most kinds of pauses, and the longest name of one, in characters.
pub const PAUSES_MAX: usize = 20;
pub const PAUSE_NAME_MAX: usize = 40;
/// How long a pause may be said to last, in minutes.
pub const PAUSE_MINUTES: RangeInclusive<u32> = 0..=480;

/// A kind of pause (T-139).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pause {
    /// Unlike any other's.
    pub name: String,
    /// For how long it is meant; 0 for as long as one likes.
    #[serde(default)]
    pub minutes: u32,
    /// Only active ones are offered.
    #[serde(default = "yes")]
    pub is_active: bool,
}

const fn yes() -> bool {
    true
}

/// The grades a survey may have.
pub const GRADES: RangeInclusive<u32> = 0..=10;
/// The longest question, in characters.
pub const QUESTION_MAX: usize = 200;

/// The satisfaction survey (T-180, T-182).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SurveySettings {
    /// Whether visitors are asked when a conversation ends.
    pub is_on: bool,
    /// The lowest grade, from 0.
    pub lowest: u32,
    /// The highest grade, up to 10.
    pub highest: u32,
    /// Up to 200 characters; empty asks the product's own question.
    pub question: String,
    /// Whether who has gone without answering is asked once more by e-mail, where the address is known and mail is set up.
    pub by_mail: bool,
}

impl Default for SurveySettings {
    fn default() -> Self {
        Self { is_on: false, lowest: 1, highest: 5, question: String::new(), by_mail: false }
    }
}

impl SurveySettings {
    /// Whether the grades are a range within the allowed ones.
    pub fn is_range(&self) -> bool {
        self.lowest < self.highest && GRADES.contains(&self.lowest) && GRADES.contains(&self.highest)
    }
}

/// How large a file of each kind may be, in millions of bytes (P-122).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct FileLimits {
    pub image_mb: u32,
    pub video_mb: u32,
    pub audio_mb: u32,
    pub file_mb: u32,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self { image_mb: 10, video_mb: 50, audio_mb: 16, file_mb: 50 }
    }
}

impl FileLimits {
    /// The limit of a kind, in millions of bytes; never more than the installation allows.
    pub const fn megabytes(self, kind: FileKind, largest: u32) -> u32 {
        let limit = match kind {
            FileKind::Image => self.image_mb,
            FileKind::Video => self.video_mb,
            FileKind::Audio => self.audio_mb,
            FileKind::File => self.file_mb,
        };
        if limit < largest { limit } else { largest }
    }

    /// The limits with the names of their fields.
    pub const fn named(self) -> [(&'static str, u32); 4] {
        [
            ("image_mb", self.image_mb),
            ("video_mb", self.video_mb),
            ("audio_mb", self.audio_mb),
            ("file_mb", self.file_mb),
        ]
    }
}
