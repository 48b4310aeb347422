//! What holds for one department: who gets its conversations, what it says and how its chat looks where that is not as the rest (T-061, X-022).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LauncherIcon, MessageSettings, Position, WebchatSettings};
use crate::{
    AgentId, DepartmentDistribution, PictureId,
    rules::colours::{ENOUGH, contrast},
};

/// The most people a department's order names.
pub const ORDER_MAX: usize = 1_000;

/// A department's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DepartmentSettings {
    /// Who is given its new conversations (T-089).
    pub distribution: DepartmentDistribution,
    /// Who comes first where conversations are given in order (Z-120), up to 1,000 people. Who belongs to it and is not named comes after them;
    /// who is named and has left is passed over.
    pub order: Vec<AgentId>,
    /// With how many open conversations nobody is given one more of this department; none: as the company and the person say. The strictest
    /// counts (Z-128).
    pub simultaneous_limit: Option<u32>,
    /// After how many minutes in its queue a conversation goes to the department that stands beside it; 0 never (Z-122).
    pub overflow_minutes: u32,
    /// What its chat says by itself; what is empty is as everywhere (T-083).
    pub messages: MessageSettings,
    /// How its chat looks; what is not there is as its connection says (T-061).
    pub looks: DepartmentLooks,
    /// What its people may do (Z-125).
    pub switches: DepartmentSwitches,
}

/// What the people of a department may do (Z-125). Whoever manages it may anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DepartmentSwitches {
    /// Whether they may close conversations.
    pub may_close: bool,
    /// Whether they may take and answer conversations while they are not online.
    pub may_serve_offline: bool,
    /// Whether they may send files.
    pub may_send_files: bool,
    /// Whether they may send voice messages.
    pub may_send_voice: bool,
}

impl Default for DepartmentSwitches {
    fn default() -> Self {
        Self { may_close: true, may_serve_offline: true, may_send_files: true, may_send_voice: true }
    }
}

/// How a department's chat looks, item by item: what is not there is as the connection says. The names are those of [`WebchatSettings`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DepartmentLooks {
    /// The name visitors see in the chat, 1 to 60 characters.
    pub plugin_name: Option<String>,
    /// `#RRGGBB`.
    pub colour: Option<String>,
    /// `#RRGGBB`; where it cannot be read on the colour, white or black stands in its place.
    pub text_colour: Option<String>,
    pub icon: Option<LauncherIcon>,
    pub icon_picture: Option<PictureId>,
    /// The department's own logo, where none is said for being online or offline (T-065).
    pub logo: Option<PictureId>,
    /// At the head of the chat while somebody is online (T-065).
    pub online_logo: Option<PictureId>,
    /// The same while nobody is (T-065).
    pub offline_logo: Option<PictureId>,
    pub agent_picture: Option<PictureId>,
    pub position: Option<Position>,
    pub offset_side: Option<u16>,
    pub offset_bottom: Option<u16>,
    pub width: Option<u16>,
    pub height: Option<u16>,
    pub call_to_action: Option<String>,
    pub offline_call_to_action: Option<String>,
    pub form_intro: Option<String>,
    pub offline_form_intro: Option<String>,
    pub placeholder: Option<String>,
}

impl DepartmentLooks {
    /// The pictures it shows, each with the name of its field.
    pub fn pictures(&self) -> impl Iterator<Item = (&'static str, PictureId)> {
        let fields = [
            ("icon_picture", self.icon_picture),
            ("logo", self.logo),
            ("online_logo", self.online_logo),
            ("offline_logo", self.offline_logo),
            ("agent_picture", self.agent_picture),
        ];
        fields.into_iter().filter_map(|(field, picture)| Some((field, picture?)))
    }

    /// Whether it changes what stands on a page before the chat is opened.
    pub const fn changes_launcher(&self) -> bool {
        self.colour.is_some()
            || self.text_colour.is_some()
            || self.icon.is_some()
            || self.icon_picture.is_some()
            || self.position.is_some()
            || self.offset_side.is_some()
            || self.offset_bottom.is_some()
            || self.width.is_some()
            || self.height.is_some()
            || self.call_to_action.is_some()
            || self.offline_call_to_action.is_some()
    }

    /// The connection's settings with what the department says in their place, item by item.
    pub fn over(&self, general: &WebchatSettings) -> WebchatSettings {
        let mut worn = general.clone();
        put(&mut worn.plugin_name, self.plugin_name.as_ref());
        if let Some(colour) = &self.colour {
            worn.colour.clone_from(colour);
            // What can be read on the connection's colour need not be on this one.
            worn.text_colour.clear();
        }
        let ink = self.text_colour.as_ref().filter(|ink| contrast(ink, &worn.colour) >= ENOUGH);
        put(&mut worn.text_colour, ink);
        if let Some(icon) = self.icon {
            (worn.icon, worn.icon_picture) = (icon, None);
        }
        worn.icon_picture = self.icon_picture.or(worn.icon_picture);
        worn.logo = self.online_logo.or(self.logo).or(worn.logo);
        worn.offline_logo = self.offline_logo.or(self.logo).or(worn.offline_logo);
        worn.agent_picture = self.agent_picture.or(worn.agent_picture);
        put(&mut worn.position, self.position.as_ref());
        put(&mut worn.offset_side, self.offset_side.as_ref());
        put(&mut worn.offset_bottom, self.offset_bottom.as_ref());
        put(&mut worn.width, self.width.as_ref());
        put(&mut worn.height, self.height.as_ref());
        put(&mut worn.call_to_action, self.call_to_action.as_ref());
        put(&mut worn.offline_call_to_action, self.offline_call_to_action.as_ref());
        put(&mut worn.form_intro, self.form_intro.as_ref());
        put(&mut worn.offline_form_intro, self.offline_form_intro.as_ref());
        put(&mut worn.placeholder, self.placeholder.as_ref());
        worn
    }
}

fn put<T: Clone>(place: &mut T, own: Option<&T>) {
    if let Some(own) = own {
        place.clone_from(own);
    }
}

impl DepartmentSettings {
    /// A connection as the department wears it. What the department says comes before what the connection does.
    pub fn over(&self, general: &WebchatSettings) -> WebchatSettings {
        let mut worn = self.looks.over(general);
        if !self.messages.welcome.is_empty() {
            worn.greeting.clear();
        }
        if !self.messages.offline.is_empty() {
            worn.offline_text.clear();
        }
        worn
    }
}

#[cfg(test)]
mod tests {
    use super::{DepartmentLooks, DepartmentSettings};
    use crate::{
        PictureId,
        rules::colours::{ENOUGH, contrast},
        settings::{LauncherIcon, MessageSettings, WebchatSettings},
    };

    fn picture(number: u128) -> PictureId {
        PictureId(uuid::Uuid::from_u128(number))
    }

    /// T-061, T-066: a department without looks of its own changes nothing; each item overrides for itself.
    #[test]
    fn what_a_department_does_not_say_is_as_its_connection_says() {
        let general = WebchatSettings { plugin_name: "Loja".to_owned(), width: 420, ..WebchatSettings::default() };
        assert_eq!(DepartmentLooks::default().over(&general), general);
        let looks = DepartmentLooks { width: Some(360), ..DepartmentLooks::default() };
        assert_eq!(looks.over(&general), WebchatSettings { width: 360, ..general });
    }

    /// T-060: whatever two colours meet, the text can be read.
    #[test]
    fn the_text_can_be_read_on_whatever_colour_it_comes_to_stand_on() {
        let colours = ["#ffffff", "#000000", "#1f6f5c", "#ffcc00", "#777777"];
        let choices = || colours.map(|colour| Some(colour.to_owned())).into_iter().chain([None]);
        for general in colours {
            for colour in choices() {
                for text_colour in choices() {
                    let looks = DepartmentLooks { colour: colour.clone(), text_colour, ..DepartmentLooks::default() };
                    let general = WebchatSettings { colour: general.to_owned(), ..WebchatSettings::default() };
                    let worn = looks.over(&general);
                    assert!(contrast(worn.text_on_colour(), &worn.colour) >= ENOUGH, "{looks:?}");
                }
            }
        }
    }

    /// T-065
    #[test]
    fn logos_are_the_departments_for_its_state_else_its_own_else_the_connections() {
        let general =
            WebchatSettings { logo: Some(picture(1)), offline_logo: Some(picture(2)), ..WebchatSettings::default() };
        let logos = |looks: DepartmentLooks| {
            let worn = looks.over(&general);
            (worn.logo, worn.offline_logo)
        };
        assert_eq!(logos(DepartmentLooks::default()), (Some(picture(1)), Some(picture(2))));
        let own = DepartmentLooks { logo: Some(picture(3)), ..DepartmentLooks::default() };
        assert_eq!(logos(own.clone()), (Some(picture(3)), Some(picture(3))));
        let both = DepartmentLooks { online_logo: Some(picture(4)), offline_logo: Some(picture(5)), ..own };
        assert_eq!(logos(both), (Some(picture(4)), Some(picture(5))));
    }

    #[test]
    fn an_icon_of_its_own_is_not_hidden_by_the_connections_picture() {
        let general = WebchatSettings { icon_picture: Some(picture(1)), ..WebchatSettings::default() };
        let looks = DepartmentLooks { icon: Some(LauncherIcon::Smile), ..DepartmentLooks::default() };
        let worn = looks.over(&general);
        assert_eq!((worn.icon, worn.icon_picture), (LauncherIcon::Smile, None));
    }

    /// for greetings the department's, else the connection's.
    #[test]
    fn what_a_department_says_comes_before_what_its_connection_does() {
        let general = WebchatSettings {
            greeting: "Oi da loja".to_owned(),
            offline_text: "Ninguém".to_owned(),
            ..WebchatSettings::default()
        };
        assert_eq!(DepartmentSettings::default().over(&general), general);
        let messages = MessageSettings { welcome: "Oi do financeiro".to_owned(), ..MessageSettings::default() };
        let worn = DepartmentSettings { messages, ..DepartmentSettings::default() }.over(&general);
        assert_eq!((worn.greeting.as_str(), worn.offline_text.as_str()), ("", "Ninguém"));
    }
}
