//! What the chat says by itself, and what silence does to it, in all projects.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many minutes of silence may be set, up to thirty days; 0 never does anything (Z-121).
pub const IDLE_MINUTES: RangeInclusive<u32> = 0..=43_200;
/// How many minutes may lie between a warning and the end.
pub const WARNING_MINUTES: RangeInclusive<u32> = 1..=1_440;
/// The longest message, in characters.
pub const MESSAGE_MAX: usize = 300;

/// What silence does in an open conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct IdleSettings {
    /// Minutes without a word of a visitor who was answered, after which they are warned; 0 never.
    pub visitor_minutes: u32,
    /// Minutes without an answer to a visitor who waits, after which whoever has the conversation is reminded; 0 never.
    pub agent_minutes: u32,
    /// Minutes after that in which nothing happens, and the visitor's conversation is closed, or the agent's goes back to the queue.
    pub warning_minutes: u32,
}

impl Default for IdleSettings {
    fn default() -> Self {
        Self { visitor_minutes: 0, agent_minutes: 0, warning_minutes: 5 }
    }
}

impl IdleSettings {
    /// Whether silence does anything.
    pub const fn is_on(&self) -> bool {
        self.visitor_minutes > 0 || self.agent_minutes > 0
    }

    /// The limits with the names of their fields and what may be set.
    pub const fn named(&self) -> [(&'static str, u32, RangeInclusive<u32>); 3] {
        [
            ("visitor_minutes", self.visitor_minutes, IDLE_MINUTES),
            ("agent_minutes", self.agent_minutes, IDLE_MINUTES),
            ("warning_minutes", self.warning_minutes, WARNING_MINUTES),
        ]
    }
}

/// What the chat says by itself, in all of it or in a department, where a connection says nothing else; empty says the product's own text, in the
/// visitor's language.
/// `{…}` stands for what is known at that moment, by the names in [`MessageSettings::named`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MessageSettings {
    /// At the top of the chat before a conversation: `{customer_name}` of a visitor who is known, `{company}`.
    pub welcome: String,
    /// Written into a conversation that begins to wait: `{position}` in the queue, `{ahead}` how many are before it, `{department}`, `{protocol}`,
    /// `{company}`; empty writes nothing (Z-123).
    pub queued: String,
    /// While it waits, said anew with each change: `{position}` in the queue, `{ahead}` how many are before it, `{company}` (Z-123).
    pub waiting: String,
    /// Written when somebody has taken it or was given it: `{customer_name}`, `{agent_name}`, `{department}`, `{protocol}`, `{company}`; empty
    /// writes nothing (T-083).
    pub initial: String,
    /// While nobody is online: `{company}`.
    pub offline: String,
    /// When it was transferred: `{agent_name}` who did it, `{target}` to whom or where, `{company}`.
    pub transferred: String,
    /// When an agent has closed it: `{agent_name}`, `{company}`.
    pub closing: String,
    /// When the visitor has been silent: `{agent_name}`, `{minutes}` until the end, `{company}`.
    pub idle_warning: String,
}

impl MessageSettings {
    /// The messages with the names of their fields and of what may stand in them.
    pub fn named(&self) -> [(&'static str, &str, &'static [&'static str]); 8] {
        [
            ("welcome", &self.welcome, &["customer_name", "company"]),
            ("queued", &self.queued, &["position", "ahead", "department", "protocol", "company"]),
            ("waiting", &self.waiting, &["position", "ahead", "company"]),
            ("initial", &self.initial, &["customer_name", "agent_name", "department", "protocol", "company"]),
            ("offline", &self.offline, &["company"]),
            ("transferred", &self.transferred, &["agent_name", "target", "company"]),
            ("closing", &self.closing, &["agent_name", "company"]),
            ("idle_warning", &self.idle_warning, &["agent_name", "minutes", "company"]),
        ]
    }
    /// These, and the general ones where nothing is said here.
    #[must_use]
    pub fn over(&self, general: &Self) -> Self {
        let chosen = |own: &String, general: &String| if own.is_empty() { general.clone() } else { own.clone() };
        Self {
            welcome: chosen(&self.welcome, &general.welcome),
            queued: chosen(&self.queued, &general.queued),
            waiting: chosen(&self.waiting, &general.waiting),
            initial: chosen(&self.initial, &general.initial),
            offline: chosen(&self.offline, &general.offline),
            transferred: chosen(&self.transferred, &general.transferred),
            closing: chosen(&self.closing, &general.closing),
            idle_warning: chosen(&self.idle_warning, &general.idle_warning),
        }
    }
}
