//! The dialogues of the sample company, as they stand in `script/*.json`.

use serde::Deserialize;

use super::{company::Place, samples::Sample};

/// One course a conversation can take. Its texts have placeholders, see `fill.rs`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialogue {
    pub id: String,
    pub page: PageKind,
    pub from: From,
    pub ending: Ending,
    pub lines: Vec<Line>,
    #[serde(skip)]
    pub place: Place,
}

/// The part of the shop's page the visitor was looking at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageKind {
    Home,
    Plans,
    Coverage,
    Help,
}

/// Whom the dialogue suits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    Anyone,
    People,
    Companies,
}

/// Who ends the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    Agent,
    Visitor,
}

/// A line, in one of several wordings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub who: Speaker,
    #[serde(default)]
    pub say: Vec<String>,
    /// Said in some conversations only; neighbouring ones go together.
    #[serde(default)]
    pub maybe: bool,
    /// What is sent with it.
    #[serde(default)]
    pub file: Option<Sample>,
}

/// Whose line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    Visitor,
    Agent,
    /// An internal note.
    Note,
    /// The agent returns the conversation to the queue; a colleague goes on. Has no text.
    Returned,
}

const FILES: [(Place, &str); 4] = [
    (Place::Sales, include_str!("script/comercial.json")),
    (Place::Billing, include_str!("script/financeiro.json")),
    (Place::Support, include_str!("script/suporte.json")),
    (Place::FrontDesk, include_str!("script/atendimento.json")),
];

/// All dialogues.
///
/// # Errors
/// When a file is not readable, which a test prevents.
pub fn dialogues() -> Result<Vec<Dialogue>, String> {
    let mut all = Vec::new();
    for (place, text) in FILES {
        let read: Vec<Dialogue> =
            serde_json::from_str(text).map_err(|error| format!("the dialogues of {place:?}: {error}"))?;
        all.extend(read.into_iter().map(|dialogue| Dialogue { place, ..dialogue }));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Dialogue, Speaker, dialogues};
    use crate::demo::fill::PLACEHOLDERS;

    fn texts(dialogue: &Dialogue) -> impl Iterator<Item = (Speaker, &String)> {
        dialogue.lines.iter().flat_map(|line| line.say.iter().map(|text| (line.who, text)))
    }

    #[test]
    fn there_are_many_and_each_is_a_conversation() {
        let all = dialogues().unwrap();
        assert!(all.len() >= 30, "{}", all.len());
        assert_eq!(all.iter().map(|dialogue| &dialogue.id).collect::<HashSet<_>>().len(), all.len());
        for dialogue in &all {
            assert!((4..=20).contains(&dialogue.lines.len()), "{}", dialogue.id);
            assert_eq!(dialogue.lines[0].who, Speaker::Visitor, "{}", dialogue.id);
            assert!(!dialogue.lines[0].maybe, "{}", dialogue.id);
            let has_agent = dialogue.lines.iter().any(|line| line.who == Speaker::Agent && !line.maybe);
            assert!(has_agent, "{}", dialogue.id);
        }
    }

    #[test]
    fn no_line_is_empty() {
        for dialogue in dialogues().unwrap() {
            for line in &dialogue.lines {
                assert_eq!(line.say.is_empty(), line.who == Speaker::Returned, "{}", dialogue.id);
            }
            for (_, text) in texts(&dialogue) {
                assert!(!text.trim().is_empty() && text.trim() == text, "{}: {text:?}", dialogue.id);
            }
        }
    }

    #[test]
    fn every_placeholder_is_known() {
        for dialogue in dialogues().unwrap() {
            for (_, text) in texts(&dialogue) {
                for rest in text.split('{').skip(1) {
                    let (name, _) = rest.split_once('}').unwrap_or_else(|| panic!("{}: {text}", dialogue.id));
                    assert!(PLACEHOLDERS.contains(&name), "{}: {{{name}}}", dialogue.id);
                }
                assert_eq!(text.matches('{').count(), text.matches('}').count(), "{}: {text}", dialogue.id);
            }
        }
    }

    /// Somebody without a name can be spoken to only where the name can be left out, and only agents know it.
    #[test]
    fn the_name_stands_where_it_can_be_left_out() {
        for dialogue in dialogues().unwrap() {
            for (who, text) in texts(&dialogue).filter(|(_, text)| text.contains("{nome}")) {
                assert_eq!(who, Speaker::Agent, "{}: {text}", dialogue.id);
                let left = text.replace(", {nome}", "").replace("{nome}, ", "");
                assert!(!left.contains("{nome}"), "{}: {text}", dialogue.id);
            }
        }
    }
}
