//! What a copy says: what the visitor saw, in the order and the words in which they saw it, as plain text.

use balcao_types::{AuthorKind, Language, MessageKind, TimelineEvent, Timestamp};
use jiff::tz::TimeZone;

use crate::{
    conversations::{Message, Model, SystemLine},
    texts::{Catalogue, catalogue, moment},
    workspaces::Workspace,
};

/// How long a copy may be, in bytes: of a longer conversation the beginning is left out.
const TEXT_MAX: usize = 256 * 1024;

/// A conversation that is copied.
pub(super) struct Copied<'a> {
    pub company: &'a Workspace,
    pub language: Language,
    pub conversation: &'a Model,
    pub closed_at: Timestamp,
}

impl Copied<'_> {
    /// The whole mail.
    pub(super) fn text(&self, lines: &[Message]) -> String {
        let zone = self.company.zone();
        let when = |at| {
            let (day, time) = moment(self.language, &zone, at);
            format!("{day} {time}")
        };
        let intro = self.said("server.copy_mail.intro");
        let intro =
            intro.replace("{from}", &when(self.conversation.opened_at)).replace("{until}", &when(self.closed_at));
        let (parts, is_whole) = self.parts(lines, &zone);
        let shortened = (!is_whole).then(|| self.said("server.copy_mail.shortened"));
        let ends = [self.said("server.copy_mail.hello"), intro];
        let all: Vec<String> = ends
            .into_iter()
            .chain(shortened)
            .chain(parts)
            .chain(["-- ".to_owned() + "\n" + &self.said("server.copy_mail.why")])
            .collect();
        format!("{}\n", all.join("\n\n"))
    }

    fn texts(&self) -> &'static Catalogue {
        catalogue(self.language)
    }

    fn said(&self, key: &'static str) -> String {
        let text = self.texts().text(key);
        text.replace("{company}", &self.company.company)
            .replace("{protocol}", &self.conversation.protocol)
            .replace("{zone}", &self.company.time_zone)
    }

    /// The lines with the days above them, and whether they are all of them.
    fn parts(&self, lines: &[Message], zone: &TimeZone) -> (Vec<String>, bool) {
        let seen: Vec<(&Message, String)> = lines
            .iter()
            .enumerate()
            // Of what happens with nothing said in between, the last is enough, as in the chat.
            .filter(|(at, line)| !(is_event(line) && lines.get(at + 1).is_some_and(is_event)))
            .filter_map(|(_, line)| Some((line, self.line(line, zone)?)))
            .collect();
        let mut size = 0;
        let fitting = seen.iter().rev().take_while(|(_, text)| {
            size += text.len();
            size <= TEXT_MAX
        });
        let left_out = seen.len() - fitting.count();
        let (mut parts, mut today) = (Vec::new(), String::new());
        for (line, text) in seen.into_iter().skip(left_out) {
            let (day, _) = moment(self.language, zone, line.at);
            if day != today {
                parts.push(day.clone());
                today = day;
            }
            parts.push(text);
        }
        (parts, left_out == 0)
    }

    /// One line; none of what the visitor was not shown.
    fn line(&self, line: &Message, zone: &TimeZone) -> Option<String> {
        if line.kind == MessageKind::Note || line.seq.is_none() {
            return None;
        }
        let (_, time) = moment(self.language, zone, line.at);
        if is_event(line) {
            return self.event(line.event.as_ref()?).map(|said| format!("{time} · {said}"));
        }
        if line.kind == MessageKind::System {
            return Some(format!("{time} · {}", indented(&line.text)));
        }
        let name = match line.from {
            AuthorKind::Visitor => self.texts().text("widget.chat.you"),
            _ => line.name.as_deref().unwrap_or(&self.company.company),
        };
        let file = line
            .file
            .as_ref()
            .map(|file| self.texts().text("server.transcript.attached").replace("{name}", &file.name));
        let said = (!line.text.is_empty()).then(|| line.text.to_string());
        let body: Vec<String> = file.into_iter().chain(said).collect();
        Some(format!("{time} {name}:\n  {}", indented(&body.join("\n"))))
    }

    /// What happened, in the chat's own words; none where it says nothing of it.
    fn event(&self, event: &SystemLine) -> Option<String> {
        let code = event.code.as_str();
        let is_named = if event.code == TimelineEvent::Transferred { &event.target } else { &event.name }.is_some();
        let known = |key: String| {
            let text = self.texts().text(&key);
            (text != key).then(|| text.to_owned())
        };
        let text = if event.code == TimelineEvent::TakenBack && event.target.is_some() {
            known("widget.event.taken_back_to".to_owned())
        } else {
            let unnamed = (!is_named).then(|| known(format!("widget.event.{code}_unnamed"))).flatten();
            unnamed.or_else(|| known(format!("widget.event.{code}")))
        };
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        text.map(|text| text.replace("{name}", &part(&event.name)).replace("{target}", &part(&event.target)))
    }
}

/// A line that says what happened, not what somebody wrote.
fn is_event(line: &Message) -> bool {
    line.kind == MessageKind::System && line.text.is_empty()
}

/// What was written stands apart from what the copy says of it: nobody writes lines of the copy's own.
fn indented(text: &str) -> String {
    text.trim_end().replace('\n', "\n  ")
}
