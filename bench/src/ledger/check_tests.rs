//! The checker must find each kind of fault in a made-up history, and nothing in a sound one.

use super::*;

fn start(number: u64) -> Line {
    Line::Start { id: format!("id{number}"), text: format!("text {number}") }
}

fn ok(number: u64, seq: u64) -> Line {
    Line::Ok { id: format!("id{number}"), conversation: "c".to_owned(), seq }
}

fn message(seq: u64, number: u64) -> Seen {
    Seen {
        conversation: "c".to_owned(),
        seq,
        kind: Kind::Message,
        from: "visitor".to_owned(),
        text: format!("text {number}"),
    }
}

/// Three messages sent, acknowledged, held, and shown to two readers.
fn sound() -> History {
    let entries = vec![message(1, 1), message(2, 2), message(3, 3)];
    History {
        ledgers: vec![("visitor".to_owned(), vec![start(1), ok(1, 1), start(2), start(3), ok(2, 2), ok(3, 3)])],
        seen: vec![("visitor".to_owned(), entries.clone()), ("agent".to_owned(), entries.clone())],
        also: vec![("visitor, read again".to_owned(), entries.clone())],
        truth: BTreeMap::from([("c".to_owned(), entries)]),
        faults: Vec::new(),
    }
}

fn violations(history: &History) -> Vec<Violation> {
    let mut found: Vec<Violation> = check(history).into_iter().map(|finding| finding.violation).collect();
    found.dedup();
    found
}

/// Puts other entries in place of the truth and of what everybody saw.
fn with_entries(entries: Vec<Seen>) -> History {
    let mut history = sound();
    history.seen = vec![("agent".to_owned(), entries.clone())];
    history.also.clear();
    history.truth = BTreeMap::from([("c".to_owned(), entries)]);
    history
}

#[test]
fn a_sound_history_has_no_findings() {
    assert_eq!(violations(&sound()), []);
}

#[test]
fn an_unknown_outcome_may_exist_or_not() {
    let mut history = sound();
    history.ledgers[0].1.extend([start(4), Line::Unknown { id: "id4".to_owned() }]);
    assert_eq!(violations(&history), []);
    history = with_entries(vec![message(1, 1), message(2, 2), message(3, 3), message(4, 4)]);
    history.ledgers[0].1.extend([start(4), Line::Unknown { id: "id4".to_owned() }]);
    assert_eq!(violations(&history), []);
}

#[test]
fn a_lost_message_is_found() {
    assert_eq!(violations(&with_entries(vec![message(1, 1), message(2, 2)])), [Violation::Lost]);
}

#[test]
fn a_doubled_message_is_found() {
    let doubled = with_entries(vec![message(1, 1), message(2, 2), message(3, 3), message(4, 3)]);
    assert_eq!(violations(&doubled), [Violation::Doubled]);
}

#[test]
fn a_message_that_nobody_sent_is_found() {
    let haunted = with_entries(vec![message(1, 1), message(2, 2), message(3, 3), message(4, 9)]);
    assert_eq!(violations(&haunted), [Violation::Phantom]);
}

#[test]
fn a_refused_message_that_was_stored_is_found() {
    let mut history = with_entries(vec![message(1, 1), message(2, 2), message(3, 3), message(4, 4)]);
    history.ledgers[0].1.extend([start(4), Line::Refused { id: "id4".to_owned(), code: "text_too_long".to_owned() }]);
    assert_eq!(violations(&history), [Violation::Phantom]);
}

#[test]
fn a_changed_order_is_found() {
    let mut history = with_entries(vec![message(1, 1), message(2, 3), message(3, 2)]);
    history.ledgers[0].1 = vec![start(1), start(2), start(3), ok(1, 1), ok(2, 3), ok(3, 2)];
    assert_eq!(violations(&history), [Violation::OutOfOrder]);
}

#[test]
fn a_gap_in_the_numbers_is_found() {
    let mut history = with_entries(vec![message(1, 1), message(2, 2), message(4, 3)]);
    history.ledgers[0].1.retain(|line| *line != ok(3, 3));
    assert_eq!(violations(&history), [Violation::Gap]);
}

#[test]
fn a_message_at_another_number_than_acknowledged_is_found() {
    let mut history = sound();
    history.ledgers[0].1.push(ok(3, 2));
    assert_eq!(violations(&history), [Violation::Moved]);
}

#[test]
fn readers_who_saw_different_things_are_found() {
    let mut history = sound();
    history.seen[1].1[2] = message(3, 2);
    assert_eq!(violations(&history), [Violation::Disagreement]);
    history = sound();
    history.also[0].1.push(message(4, 4));
    assert_eq!(violations(&history), [Violation::Disagreement]);
}

#[test]
fn a_reader_who_was_not_shown_everything_is_found() {
    let mut history = sound();
    history.seen[1].1.remove(1);
    assert_eq!(violations(&history), [Violation::Unseen]);
    history = sound();
    history.seen[0].1.clear();
    assert_eq!(violations(&history), [Violation::Unseen]);
}

#[test]
fn what_a_client_complains_about_is_found() {
    let mut history = sound();
    history.faults.push("a gap that resuming did not mend".to_owned());
    assert_eq!(violations(&history), [Violation::Protocol]);
}
