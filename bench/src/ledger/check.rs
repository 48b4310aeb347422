//! Compares what clients were told and shown with what the server finally holds. Pure: files and sockets are elsewhere.

use super::book::{Kind, Line, Seen};
use std::collections::{BTreeMap, HashMap};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Violation {
    /// Acknowledged, and not there.
    Lost,
    /// There more than once.
    Doubled,
    /// There, and never sent (or refused).
    Phantom,
    /// One sender's messages stand in another order than they were sent in.
    OutOfOrder,
    /// A conversation's numbers are not 1, 2, 3 …
    Gap,
    /// There, under another number or in another conversation than was acknowledged.
    Moved,
    /// Two readers saw different things under one number.
    Disagreement,
    /// A reader was never shown an entry of a conversation that it follows.
    Unseen,
    /// A client found the protocol's own promises broken.
    Protocol,
}

pub struct Finding {
    pub violation: Violation,
    pub what: String,
}

/// Everything that is known when all is over.
#[derive(Default)]
pub struct History {
    /// Each sender's ledger, in the order of its lines.
    pub ledgers: Vec<(String, Vec<Line>)>,
    /// What each reader was shown while it happened.
    pub seen: Vec<(String, Vec<Seen>)>,
    /// The conversations as the owner reads them in the end, in the order of the answer.
    pub truth: BTreeMap<String, Vec<Seen>>,
    /// The same as others read them in the end.
    pub also: Vec<(String, Vec<Seen>)>,
    /// What clients complained about.
    pub faults: Vec<String>,
}

type Places<'a> = HashMap<&'a str, Vec<(&'a str, u64)>>;

#[derive(Default)]
struct Fate<'a> {
    text: &'a str,
    oks: Vec<(&'a str, u64)>,
    is_refused: bool,
}

pub fn check(history: &History) -> Vec<Finding> {
    let complaints = history.faults.iter().map(|fault| Finding { violation: Violation::Protocol, what: fault.clone() });
    let mut findings: Vec<Finding> = complaints.collect();
    let mut places: Places<'_> = HashMap::new();
    for (conversation, entries) in &history.truth {
        check_numbers(conversation, entries, &mut findings);
        for entry in entries.iter().filter(|entry| entry.kind == Kind::Message) {
            places.entry(&entry.text).or_default().push((conversation, entry.seq));
        }
    }
    let mut sent: HashMap<&str, bool> = HashMap::new();
    for (sender, lines) in &history.ledgers {
        let fates = fates(lines);
        check_fates(sender, &fates, &places, &mut findings);
        check_order(sender, &fates, &places, &mut findings);
        sent.extend(fates.iter().map(|fate| (fate.text, fate.is_refused && fate.oks.is_empty())));
    }
    for (text, at) in &places {
        if sent.get(text).is_none_or(|is_refused| *is_refused) {
            report(&mut findings, Violation::Phantom, format!("\"{text}\" at {at:?}"));
        }
    }
    for (reader, seen) in history.seen.iter().chain(&history.also) {
        let own = history.ledgers.iter().find(|(sender, _)| sender == reader);
        let wrote_in = own.map(|(_, lines)| wrote_in(lines)).unwrap_or_default();
        check_reader((reader, wrote_in), seen, &history.truth, &mut findings);
    }
    findings.sort_by_key(|finding| finding.violation);
    findings
}

fn report(findings: &mut Vec<Finding>, violation: Violation, what: String) {
    findings.push(Finding { violation, what });
}

fn check_numbers(conversation: &str, entries: &[Seen], findings: &mut Vec<Finding>) {
    for (expected, entry) in (1..).zip(entries) {
        if entry.seq != expected {
            report(findings, Violation::Gap, format!("{conversation}: {} stands where {expected} should", entry.seq));
            return;
        }
    }
}

/// What became of each message, in the order of the first attempts.
fn fates(lines: &[Line]) -> Vec<Fate<'_>> {
    let mut fates: Vec<Fate<'_>> = Vec::new();
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    for line in lines {
        match line {
            Line::Start { id, text } => {
                by_id.insert(id, fates.len());
                fates.push(Fate { text, ..Fate::default() });
            }
            Line::Ok { id, conversation, seq } => {
                if let Some(fate) = by_id.get(id.as_str()).and_then(|at| fates.get_mut(*at)) {
                    fate.oks.push((conversation, *seq));
                }
            }
            Line::Refused { id, .. } => {
                if let Some(fate) = by_id.get(id.as_str()).and_then(|at| fates.get_mut(*at)) {
                    fate.is_refused = true;
                }
            }
            Line::Unknown { .. } => {}
        }
    }
    fates
}

fn check_fates(sender: &str, fates: &[Fate<'_>], places: &Places<'_>, findings: &mut Vec<Finding>) {
    for fate in fates {
        let found = places.get(fate.text).map(Vec::as_slice).unwrap_or_default();
        if found.is_empty() && !fate.oks.is_empty() {
            report(findings, Violation::Lost, format!("{sender}: \"{}\", acknowledged at {:?}", fate.text, fate.oks));
        }
        if found.len() > 1 {
            report(findings, Violation::Doubled, format!("{sender}: \"{}\" at {found:?}", fate.text));
        }
        if let Some(wrong) = fate.oks.iter().find(|ok| !found.is_empty() && !found.contains(ok)) {
            report(
                findings,
                Violation::Moved,
                format!("{sender}: \"{}\", acknowledged at {wrong:?}, is at {found:?}", fate.text),
            );
        }
    }
}

fn check_order(sender: &str, fates: &[Fate<'_>], places: &Places<'_>, findings: &mut Vec<Finding>) {
    let mut last: HashMap<&str, u64> = HashMap::new();
    for fate in fates {
        let Some((conversation, seq)) = places.get(fate.text).and_then(|found| found.first()) else { continue };
        let before = last.insert(conversation, *seq).unwrap_or(0);
        if *seq < before {
            report(
                findings,
                Violation::OutOfOrder,
                format!("{sender}: \"{}\" at {seq}, sent after what is at {before}", fate.text),
            );
        }
    }
}

/// The conversations in which a sender's messages were acknowledged.
fn wrote_in(lines: &[Line]) -> Vec<&str> {
    let places = lines.iter().filter_map(|line| match line {
        Line::Ok { conversation, .. } => Some(conversation.as_str()),
        _ => None,
    });
    places.collect()
}

/// A reader may hear a thing twice, but never two things under one number, and in the end it has heard everything.
fn check_reader(
    (reader, wrote_in): (&str, Vec<&str>),
    seen: &[Seen],
    truth: &BTreeMap<String, Vec<Seen>>,
    findings: &mut Vec<Finding>,
) {
    let mut heard: BTreeMap<&str, BTreeMap<u64, &Seen>> = BTreeMap::new();
    heard.extend(wrote_in.into_iter().map(|conversation| (conversation, BTreeMap::new())));
    for entry in seen {
        heard.entry(&entry.conversation).or_default().insert(entry.seq, entry);
        let held = truth.get(&entry.conversation).and_then(|entries| entries.iter().find(|held| held.seq == entry.seq));
        let agrees = held.is_some_and(|held| {
            held.kind == entry.kind
                && (held.kind == Kind::Event || (held.from == entry.from && held.text == entry.text))
        });
        if !agrees {
            report(findings, Violation::Disagreement, format!("{reader} saw {entry:?}, the server holds {held:?}"));
        }
    }
    for (conversation, entries) in heard {
        let all = truth.get(conversation).map(Vec::as_slice).unwrap_or_default();
        let missing: Vec<u64> = all.iter().map(|entry| entry.seq).filter(|seq| !entries.contains_key(seq)).collect();
        if !missing.is_empty() {
            report(findings, Violation::Unseen, format!("{reader} in {conversation}: {missing:?}"));
        }
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
