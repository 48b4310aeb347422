//! Two months at the sample company, up to this moment: when each conversation began, with whom, and how far it is.

use jiff::{Span, Timestamp, Zoned, civil::Weekday, tz::TimeZone};

use super::{
    company::{ANA, BRUNO, CAMILA, CARLOS, LUCIANA, Place, RAFAEL, TIME_ZONE},
    course::{Act, Beat, play},
    dice::Dice,
    fill::Words,
    people::{Person, Town},
    script::{Dialogue, From, PageKind, dialogues},
};

/// How far back the past goes.
pub const DAYS: i64 = 60;

/// What is closed was closed before this, in seconds before now; after it, only what is live goes on.
const QUIET: i64 = 20 * 60;

/// Who waits in the queue now: the dialogue, and since how many seconds.
pub const WAITING: [(&str, i64); 6] = [
    ("sem-conexao", 832),
    ("boleto-segunda-via", 655),
    ("upgrade-plano", 470),
    ("wifi-quarto", 318),
    ("trocar-titularidade", 171),
    ("cobertura-bairro", 64),
];

/// What is open now: the dialogue, who serves it, who wrote last, and how many seconds ago.
pub const OPEN: [(&str, usize, Last, i64); 10] = [
    ("visita-tecnica", RAFAEL, Last::Visitor, 42),
    ("configurar-repetidor", RAFAEL, Last::Visitor, 118),
    ("internet-lenta", BRUNO, Last::Agent, 75),
    ("reclamacao-atendimento", RAFAEL, Last::Agent, 260),
    ("contratar-plano", LUCIANA, Last::Visitor, 25),
    ("plano-empresa", CARLOS, Last::Visitor, 190),
    ("downgrade-plano", LUCIANA, Last::Agent, 340),
    ("cobranca-duplicada", CAMILA, Last::Visitor, 55),
    ("negociar-atraso", CAMILA, Last::Agent, 150),
    ("reajuste", ANA, Last::Visitor, 88),
];

/// Who waits longer than this, in seconds, writes again.
const LONG: i64 = 600;
const STILL_WAITING: &[&str] = &["Olá? Alguém pode me atender?", "Ainda estou aguardando", "Tem alguém aí?"];
const IN_A_HURRY: &[&str] =
    &["é meio urgente 🙏", "se puder ver agora eu agradeço", "desculpa a pressa, é que vou sair já já"];

/// Whose turn it was in an open conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    Visitor,
    Agent,
}

/// A conversation to be.
pub struct Planned {
    /// An index into the plan's people.
    pub person: usize,
    pub place: Place,
    pub page: PageKind,
    /// What the visitor's browser calls itself: an index into a list.
    pub browser: usize,
}

/// Everything that happens, in order of time.
pub struct Plan {
    /// When the company set itself up, in seconds since 1970.
    pub founded_at: i64,
    pub people: Vec<Person>,
    pub conversations: Vec<Planned>,
    /// The conversation each beat belongs to, as an index.
    pub beats: Vec<(usize, Beat)>,
}

impl Plan {
    /// Leaves the files of older messages out: a handful is enough to look at.
    pub fn keep_files_since(&mut self, earliest: i64) {
        for (_, beat) in self.beats.iter_mut().filter(|(_, beat)| beat.at < earliest) {
            beat.file = None;
        }
    }
}

/// Plans the sample's past as of `now`, in seconds since 1970. The same moment gives the same plan.
///
/// # Errors
/// When the dialogues cannot be read or the time is out of range.
pub fn plan(now: i64) -> Result<Plan, String> {
    let zone = TimeZone::get(TIME_ZONE).map_err(|error| error.to_string())?;
    let today = Timestamp::from_second(now).map_err(|error| error.to_string())?.to_zoned(zone);
    let first_day = today.date().saturating_sub(Span::new().days(DAYS + 1));
    let founded_at =
        first_day.at(7, 40, 0, 0).to_zoned(today.time_zone().clone()).map_err(|error| error.to_string())?;
    let mut planner = Planner {
        now,
        dialogues: dialogues()?,
        bag: Vec::new(),
        dice: Dice::new(2026),
        town: Town::default(),
        free_from: Vec::new(),
        plan: Plan {
            founded_at: founded_at.timestamp().as_second(),
            people: Vec::new(),
            conversations: Vec::new(),
            beats: Vec::new(),
        },
    };
    for back in (0..=DAYS).rev() {
        planner.day(&today, back)?;
    }
    planner.live(&today)?;
    let mut plan = planner.plan;
    // Stable: what happens in one second stays in its order.
    plan.beats.sort_by_key(|(_, beat)| beat.at);
    Ok(plan)
}

struct Planner {
    now: i64,
    dialogues: Vec<Dialogue>,
    /// Dialogues not used since the last shuffle, so that one does not soon come again.
    bag: Vec<usize>,
    dice: Dice,
    town: Town,
    /// When each person's last conversation ended.
    free_from: Vec<i64>,
    plan: Plan,
}

impl Planner {
    /// One working day's conversations. The company works from Monday to Saturday.
    fn day(&mut self, today: &Zoned, back: i64) -> Result<(), String> {
        let date = today.date().saturating_sub(Span::new().days(back));
        let (count, hours): (i64, &[i64]) = match date.weekday() {
            Weekday::Sunday => return Ok(()),
            Weekday::Saturday => (self.dice.between(3, 5), &[8, 9, 9, 10, 10, 11]),
            Weekday::Monday => (self.dice.between(7, 10), WEEKDAY_HOURS),
            _ => (self.dice.between(5, 8), WEEKDAY_HOURS),
        };
        let midnight = date.to_zoned(today.time_zone().clone()).map_err(|error| error.to_string())?;
        let mut openings: Vec<i64> = (0..count)
            .map(|_| self.dice.pick(hours).copied().unwrap_or(9) * 3_600 + self.dice.between(0, 3_540))
            .collect();
        openings.sort_unstable();
        for seconds in openings {
            let began = midnight.saturating_add(Span::new().seconds(seconds));
            self.past(&began);
        }
        Ok(())
    }

    /// A conversation that is over by now; left out when it would not be.
    fn past(&mut self, began: &Zoned) {
        let Some(dialogue) = self.next_dialogue() else { return };
        let at = began.timestamp().as_second();
        let known = self.returning(&dialogue, at);
        let person = known.unwrap_or_else(|| self.newcomer(dialogue.from));
        let Some(words) = self.words(person, began) else { return };
        let beats = play(&dialogue, &words, None, &mut self.dice);
        let ended = at + beats.last().map_or(0, |beat| beat.at);
        if ended > self.now - QUIET {
            return;
        }
        if let Some(free) = self.free_from.get_mut(person) {
            *free = ended;
        }
        self.add(person, &dialogue, beats, at);
    }

    fn next_dialogue(&mut self) -> Option<Dialogue> {
        if self.bag.is_empty() {
            self.bag = (0..self.dialogues.len()).collect();
            self.dice.shuffle(&mut self.bag);
        }
        self.dialogues.get(self.bag.pop()?).cloned()
    }

    /// Somebody who has been here before, in one of three cases.
    fn returning(&mut self, dialogue: &Dialogue, at: i64) -> Option<usize> {
        if !self.dice.chance(34) {
            return None;
        }
        let known: Vec<usize> = (0..self.plan.people.len())
            .filter(|index| {
                let is_free = self.free_from.get(*index).is_some_and(|free| free + 6 * 3_600 < at);
                is_free && self.plan.people.get(*index).is_some_and(|person| person.fits(dialogue.from))
            })
            .collect();
        self.dice.pick(&known).copied()
    }

    fn newcomer(&mut self, from: From) -> usize {
        let person = self.town.newcomer(from, &mut self.dice);
        self.plan.people.push(person);
        self.free_from.push(self.now);
        self.plan.people.len() - 1
    }

    fn words(&mut self, person: usize, at: &Zoned) -> Option<Words> {
        Some(Words::draw(self.plan.people.get(person)?, at, &mut self.dice))
    }

    fn add(&mut self, person: usize, dialogue: &Dialogue, beats: Vec<Beat>, began: i64) {
        let conversation = self.plan.conversations.len();
        let browser = usize::try_from(self.dice.between(0, 99)).unwrap_or(0);
        self.plan.conversations.push(Planned { person, place: dialogue.place, page: dialogue.page, browser });
        let beats = beats.into_iter().map(|beat| (conversation, Beat { at: began + beat.at, ..beat }));
        self.plan.beats.extend(beats);
    }

    /// What goes on at this moment.
    fn live(&mut self, now: &Zoned) -> Result<(), String> {
        for (id, waits) in WAITING {
            let dialogue = self.dialogue(id)?;
            let person = self.newcomer(dialogue.from);
            let Some(words) = self.words(person, now) else { continue };
            let mut beats = play(&dialogue, &words, None, &mut self.dice);
            beats.truncate(beats.iter().position(|beat| !matches!(beat.act, Act::Write(_))).unwrap_or(0));
            for (beat, latest) in beats.iter_mut().zip((0..).map(|index| waits - 50 + index * 20)) {
                beat.at = beat.at.min(latest.max(0));
            }
            if waits > LONG {
                beats.push(Beat {
                    at: waits - 190,
                    act: Act::Write(self.dice.word(STILL_WAITING).to_owned()),
                    file: None,
                });
            }
            self.add(person, &dialogue, beats, self.now - waits);
        }
        for (id, agent, last, ago) in OPEN {
            let dialogue = self.dialogue(id)?;
            let person = self.newcomer(dialogue.from);
            let Some(words) = self.words(person, now) else { continue };
            let mut beats = play(&dialogue, &words, Some(agent), &mut self.dice);
            self.cut(&mut beats, last);
            if let (Last::Visitor, true, Some(at)) = (last, self.dice.chance(50), beats.last().map(|beat| beat.at)) {
                beats.push(Beat { at: at + 14, act: Act::Write(self.dice.word(IN_A_HURRY).to_owned()), file: None });
            }
            let began = self.now - ago - beats.last().map_or(0, |beat| beat.at);
            self.add(person, &dialogue, beats, began);
        }
        Ok(())
    }

    fn dialogue(&self, id: &str) -> Result<Dialogue, String> {
        let found = self.dialogues.iter().find(|dialogue| dialogue.id == id);
        found.cloned().ok_or_else(|| format!("there is no dialogue {id}"))
    }

    /// Stops a course in the middle, where one side has just finished speaking.
    fn cut(&mut self, beats: &mut Vec<Beat>, last: Last) {
        let spoken: Vec<(usize, Option<Last>)> =
            beats.iter().enumerate().filter_map(|(index, beat)| Some((index, side(&beat.act)?))).collect();
        let taken = beats.iter().position(|beat| matches!(beat.act, Act::Reply(..))).unwrap_or(0);
        let turns: Vec<usize> = spoken
            .windows(2)
            .filter_map(|pair| match pair {
                [(index, side), (_, next)] => {
                    (*side == Some(last) && next != side && *index >= taken).then_some(*index)
                }
                _ => None,
            })
            .collect();
        let end = self.dice.pick(&turns).copied().unwrap_or(taken);
        beats.truncate(end + 1);
        if last == Last::Agent
            && let Some(at) = beats.last().map(|beat| beat.at)
        {
            beats.push(Beat { at, act: Act::Arrives, file: None });
        }
    }
}

const WEEKDAY_HOURS: &[i64] = &[8, 8, 9, 9, 9, 10, 10, 10, 10, 11, 11, 12, 13, 14, 14, 14, 15, 15, 15, 16, 16, 16];

/// Whose words an act is: none inside for what is nobody's turn, nothing at all for marks.
const fn side(act: &Act) -> Option<Option<Last>> {
    match act {
        Act::Write(_) => Some(Some(Last::Visitor)),
        Act::Reply(..) => Some(Some(Last::Agent)),
        Act::Take(_) | Act::Note(..) | Act::Return(_) | Act::Close(_) | Act::Leave => Some(None),
        Act::AgentReads(_) | Act::VisitorReads | Act::Arrives => None,
    }
}
