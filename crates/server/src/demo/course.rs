//! One conversation from its first line to its end: who does what, so many seconds after it began.

use super::{
    company::{COLLEAGUES, team},
    dice::Dice,
    fill::{Voice, Words},
    samples::Sample,
    script::{Dialogue, Ending, Line, Speaker},
};

/// The longest that anybody waits for an agent, in seconds.
const WAIT_MAX: i64 = 11 * 60;

/// Something that happens in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// Seconds since the conversation began; in a plan, since 1970.
    pub at: i64,
    pub act: Act,
    /// What is sent with the words.
    pub file: Option<Sample>,
}

/// What happens. A number is the colleague who does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The visitor writes.
    Write(String),
    Take(usize),
    Reply(usize, String),
    Note(usize, String),
    Return(usize),
    Close(usize),
    /// The visitor ends the conversation.
    Leave,
    /// The agent has read what the visitor wrote.
    AgentReads(usize),
    /// The visitor has read everything.
    VisitorReads,
    /// Everything has arrived at the visitor's, unread.
    Arrives,
}

/// Plays a dialogue with an agent, or with one of the department when none is given.
pub fn play(dialogue: &Dialogue, words: &Words, agent: Option<usize>, dice: &mut Dice) -> Vec<Beat> {
    let agent = agent.or_else(|| dice.pick(team(dialogue.place)).copied()).unwrap_or(0);
    let mut course = Course {
        words,
        dice,
        agent,
        is_taken: false,
        was: None,
        now: 0,
        waits_until: 0,
        slowly: false,
        beats: Vec::new(),
    };
    course.waits_until = course.wait();
    for line in chosen(&dialogue.lines, course.dice) {
        course.line(line, dialogue);
    }
    course.end(dialogue.ending);
    course.beats
}

/// The lines that are said: neighbouring maybes together or not at all.
fn chosen<'a>(lines: &'a [Line], dice: &mut Dice) -> Vec<&'a Line> {
    let mut all = Vec::with_capacity(lines.len());
    for group in lines.chunk_by(|left, right| left.maybe == right.maybe) {
        if group.first().is_none_or(|line| !line.maybe) || dice.chance(55) {
            all.extend(group);
        }
    }
    all
}

struct Course<'a> {
    words: &'a Words,
    dice: &'a mut Dice,
    agent: usize,
    is_taken: bool,
    was: Option<Speaker>,
    now: i64,
    waits_until: i64,
    /// The agent went to look something up.
    slowly: bool,
    beats: Vec<Beat>,
}

impl Course<'_> {
    fn line(&mut self, line: &Line, dialogue: &Dialogue) {
        if line.who == Speaker::Returned {
            return self.hand_back(dialogue);
        }
        let Some(text) = self.dice.pick(&line.say) else { return };
        let voice = COLLEAGUES.get(self.agent).map_or(Voice { first_name: "", is_woman: false }, |colleague| Voice {
            first_name: colleague.first_name(),
            is_woman: colleague.is_woman,
        });
        match line.who {
            Speaker::Visitor => {
                let text = self.words.visitor(text, voice);
                self.visitor(text, line.file);
            }
            Speaker::Agent | Speaker::Note => {
                let text = self.words.agent(text, voice);
                self.agent(line.who, text, line.file);
            }
            Speaker::Returned => {}
        }
        self.was = Some(line.who);
    }

    fn visitor(&mut self, text: String, file: Option<Sample>) {
        if self.was.is_some() {
            self.now += self.pause(Speaker::Visitor, &text);
        }
        if self.is_taken && self.was != Some(Speaker::Visitor) {
            self.push(Act::VisitorReads);
        }
        self.send(Act::Write(text), file);
    }

    fn agent(&mut self, who: Speaker, text: String, file: Option<Sample>) {
        if !self.is_taken {
            self.now = self.waits_until.max(self.now + 6);
            self.push(Act::Take(self.agent));
            self.is_taken = true;
        }
        self.now += self.pause(who, &text);
        self.push(Act::AgentReads(self.agent));
        self.slowly = ["omento", "inutinho", "só um minuto"].iter().any(|sign| text.contains(sign));
        let act = if who == Speaker::Note { Act::Note(self.agent, text) } else { Act::Reply(self.agent, text) };
        self.send(act, file);
    }

    fn hand_back(&mut self, dialogue: &Dialogue) {
        if !self.is_taken {
            return;
        }
        self.now += self.dice.between(25, 80);
        self.push(Act::Return(self.agent));
        self.is_taken = false;
        let others: Vec<usize> = team(dialogue.place).iter().copied().filter(|other| *other != self.agent).collect();
        self.agent = self.dice.pick(&others).copied().unwrap_or(self.agent);
        self.waits_until = self.now + self.dice.between(40, 240);
    }

    fn end(&mut self, ending: Ending) {
        self.now += self.dice.between(15, 170);
        match ending {
            Ending::Visitor => {
                self.push(Act::VisitorReads);
                self.push(Act::Leave);
            }
            Ending::Agent => {
                self.push(Act::AgentReads(self.agent));
                let mark = if self.dice.chance(82) { Act::VisitorReads } else { Act::Arrives };
                self.push(mark);
                self.push(Act::Close(self.agent));
            }
        }
    }

    /// How long somebody takes for a line: reading, thinking, typing.
    fn pause(&mut self, who: Speaker, text: &str) -> i64 {
        let typing = i64::try_from(text.chars().count()).unwrap_or(0) / 5;
        let goes_on = self.was == Some(who);
        let thinking = if goes_on { self.dice.between(3, 14) } else { self.dice.between(9, 48) };
        let looking = if std::mem::take(&mut self.slowly) { self.dice.between(40, 210) } else { 0 };
        let distracted = if !goes_on && self.dice.chance(9) { self.dice.between(60, 330) } else { 0 };
        thinking + typing + looking + distracted
    }

    fn wait(&mut self) -> i64 {
        match self.dice.between(1, 100) {
            1..=62 => self.dice.between(14, 110),
            63..=90 => self.dice.between(110, 300),
            _ => self.dice.between(300, WAIT_MAX),
        }
    }

    fn push(&mut self, act: Act) {
        self.send(act, None);
    }

    fn send(&mut self, act: Act, file: Option<Sample>) {
        self.beats.push(Beat { at: self.now, act, file });
    }
}
