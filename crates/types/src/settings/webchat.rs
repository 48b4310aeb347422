//! What a webchat connection shows and does (D-005 to D-011, D-020 to D-029, D-040 to D-046, D-072).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Language, PictureId, rules::colours::text_on, text_enum::text_enum};

text_enum! {
    /// The side of the page on which the launcher stands.
    #[derive(Default)]
    Position { #[default] Right = "right", Left = "left" }
}

text_enum! {
    /// The widget's language: the visitor's own, or a fixed one.
    #[derive(Default)]
    WebchatLanguage {
        #[default]
        Auto = "auto",
        Portuguese = "pt-BR",
        English = "en",
        Spanish = "es",
    }
}

impl WebchatLanguage {
    /// The fixed language, or none for the visitor's own.
    pub const fn fixed(self) -> Option<Language> {
        match self {
            Self::Auto => None,
            Self::Portuguese => Some(Language::Portuguese),
            Self::English => Some(Language::English),
            Self::Spanish => Some(Language::Spanish),
        }
    }
}

text_enum! {
    /// What is drawn on the launcher, where there is no picture of the company's own (D-043).
    #[derive(Default)]
    LauncherIcon {
        #[default]
        Chat = "chat",
        Bubbles = "bubbles",
        Headset = "headset",
        Question = "question",
        Smile = "smile",
        Envelope = "envelope",
    }
}

/// How far the launcher stands from the window's edges when nothing else is said, and at most, in CSS pixels.
pub const OFFSET: u16 = 20;
pub const OFFSET_MAX: u16 = 300;
/// How large the open chat is when nothing else is said, and may be, in CSS pixels; it never leaves the window, and fills it on phones (T-063).
pub const WIDTH: u16 = 384;
pub const HEIGHT: u16 = 680;
pub const WIDTHS: RangeInclusive<u16> = 300..=640;
pub const HEIGHTS: RangeInclusive<u16> = 400..=1_000;

text_enum! {
    /// What becomes of what somebody writes while nobody is online (T-150).
    #[derive(Default)]
    WhenOffline {
        /// An offline message as soon as the company's mail is set up, until then a conversation that waits.
        #[default]
        Auto = "auto",
        /// A conversation that waits in the queue, and is answered in the chat.
        Conversation = "conversation",
        /// An offline message, answered by e-mail.
        Message = "message",
    }
}

impl WhenOffline {
    /// Whether offline messages are taken, by whether the company's mail is set up.
    pub const fn takes_messages(self, has_mail: bool) -> bool {
        match self {
            Self::Auto => has_mail,
            Self::Conversation => false,
            Self::Message => true,
        }
    }
}

text_enum! {
    /// When a browser solves a challenge before it begins a conversation or leaves a message: people do not notice, machines pay for each.
    #[derive(Default)]
    ChallengeWhen {
        Off = "off",
        /// While many begin from one network, or on the connection.
        #[default]
        Flooded = "flooded",
        Always = "always",
    }
}

/// A webchat connection's settings. Every field has a default, so that a new one needs no migration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct WebchatSettings {
    /// The name visitors see in the chat, 1 to 60 characters (D-005).
    pub plugin_name: String,
    /// The company's colour, `#RRGGBB` (D-041).
    pub colour: String,
    /// The text on it, `#RRGGBB`; empty: white or black, whichever can be read (D-042).
    pub text_colour: String,
    pub icon: LauncherIcon,
    /// On the launcher instead of the icon (D-043).
    pub icon_picture: Option<PictureId>,
    /// At the head of the chat (D-044).
    pub logo: Option<PictureId>,
    /// The same while nobody is online; none shows the same (T-065).
    pub offline_logo: Option<PictureId>,
    /// Of agents without a picture of their own (D-045).
    pub agent_picture: Option<PictureId>,
    pub position: Position,
    /// Distances of the launcher from the window's edges in CSS pixels, 0 to 300: it keeps clear of what else stands there.
    pub offset_side: u16,
    pub offset_bottom: u16,
    /// The size of the open chat in CSS pixels: 300 to 640 and 400 to 1,000 (T-063).
    pub width: u16,
    pub height: u16,
    /// Whether sites show nothing while nobody answers (T-022).
    pub hide_offline: bool,
    /// Greets the visitor at the top of the panel, up to 200 characters; empty shows the product's own greeting.
    pub greeting: String,
    /// Shown while nobody is online, up to 300 characters; empty shows the product's own sentence.
    pub offline_text: String,
    /// What becomes of what is written while nobody is online (T-150).
    pub when_offline: WhenOffline,
    /// Beside the closed launcher, up to 140 characters; empty shows no bubble (D-040).
    pub call_to_action: String,
    /// The same while nobody is online; empty shows the same (T-062).
    pub offline_call_to_action: String,
    /// Above the form, up to 200 characters; empty says the product's own (T-062).
    pub form_intro: String,
    /// The same while nobody is online (T-062).
    pub offline_form_intro: String,
    /// In the field for a message, up to 60 characters; empty says the product's own (T-062).
    pub placeholder: String,
    /// Whether the visitor's name is asked before the first message.
    pub ask_name: bool,
    /// Whether the visitor's e-mail address is asked before the first message.
    pub ask_email: bool,
    pub start_open_desktop: bool,
    pub start_open_mobile: bool,
    /// Whether the visitor has a control to end the conversation (D-022).
    pub visitor_may_close: bool,
    /// Whether visitors may send files.
    pub visitor_files: bool,
    /// Whether a returning visitor goes on where the conversation stopped (D-024).
    pub capture_visitor_data: bool,
    /// Domains on which the widget may appear, `*.example.com` for all below; empty allows any (D-072). At most 50.
    pub allowed_domains: Vec<String>,
    /// The small line with the product's name at the foot of the panel.
    pub show_branding: bool,
    /// A WhatsApp number visitors may use instead, with country code; empty for none (D-006).
    pub whatsapp: String,
    /// A Telegram name or number visitors may use instead; empty for none (D-007).
    pub telegram: String,
    pub language: WebchatLanguage,
    /// Whether who answers sees what the visitor is typing before it is sent; the visitor is told so.
    pub typing_preview: bool,
    /// Whether every visitor of a page with the chat is among those on the site, and not only who has opened it.
    pub watch_visitors: bool,
    /// When a new conversation, or a message left, has to come with a solved challenge.
    pub challenge: ChallengeWhen,
    /// A Google tag that is told what happens with the chat, never what is written; empty for none (D-009 to D-011).
    pub google_tag: String,
}

impl WebchatSettings {
    /// The pictures it shows, each with the name of its field.
    pub fn pictures(&self) -> impl Iterator<Item = (&'static str, PictureId)> {
        let fields = [
            ("icon_picture", self.icon_picture),
            ("logo", self.logo),
            ("offline_logo", self.offline_logo),
            ("agent_picture", self.agent_picture),
        ];
        fields.into_iter().filter_map(|(field, picture)| Some((field, picture?)))
    }

    /// The colour of the text on the company's colour.
    pub fn text_on_colour(&self) -> &str {
        if self.text_colour.is_empty() { text_on(&self.colour) } else { &self.text_colour }
    }
}

impl Default for WebchatSettings {
    fn default() -> Self {
        Self {
            plugin_name: String::new(),
            colour: "#1f6f5c".to_owned(),
            text_colour: String::new(),
            icon: LauncherIcon::Chat,
            icon_picture: None,
            logo: None,
            offline_logo: None,
            agent_picture: None,
            position: Position::Right,
            offset_side: OFFSET,
            offset_bottom: OFFSET,
            width: WIDTH,
            height: HEIGHT,
            hide_offline: false,
            greeting: String::new(),
            offline_text: String::new(),
            when_offline: WhenOffline::Auto,
            call_to_action: String::new(),
            offline_call_to_action: String::new(),
            form_intro: String::new(),
            offline_form_intro: String::new(),
            placeholder: String::new(),
            ask_name: true,
            ask_email: true,
            start_open_desktop: false,
            start_open_mobile: false,
            visitor_may_close: true,
            visitor_files: true,
            capture_visitor_data: true,
            allowed_domains: Vec::new(),
            show_branding: true,
            whatsapp: String::new(),
            telegram: String::new(),
            language: WebchatLanguage::Auto,
            typing_preview: false,
            watch_visitors: false,
            challenge: ChallengeWhen::Flooded,
            google_tag: String::new(),
        }
    }
}
