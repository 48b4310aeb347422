//! What follows from silence in an open conversation: a warning, and after it the end.

use crate::{Timestamp, settings::IdleSettings};

/// Whose turn it is in an open conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The visitor has been answered.
    Visitor,
    /// The visitor waits for an answer since then.
    Agent { waiting_since: Timestamp },
}

/// What stands last in the timeline: of the agents' side and the program alone, where it is the agent's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastLine {
    pub at: Timestamp,
    /// Whether it is the warning of whose turn it is.
    pub is_warning: bool,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Warning,
    /// The visitor's conversation is closed; the agent's goes back to the queue.
    End,
}

/// What is due now, if anything. Whatever happens after a warning makes it void, since it stands last no more.
pub fn due(turn: Turn, last: LastLine, limits: &IdleSettings, now: Timestamp) -> Option<Due> {
    let (minutes, since) = match turn {
        Turn::Visitor => (limits.visitor_minutes, last.at),
        Turn::Agent { waiting_since } => (limits.agent_minutes, last.at.max(waiting_since)),
    };
    let has_passed = |minutes: u32| now.seconds_since(since) >= 60 * i64::from(minutes);
    match (minutes, last.is_warning) {
        (0, _) => None,
        (_, true) => has_passed(limits.warning_minutes).then_some(Due::End),
        (minutes, false) => has_passed(minutes).then_some(Due::Warning),
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, LastLine, Turn, due};
    use crate::{Timestamp, settings::IdleSettings};

    const LIMITS: IdleSettings = IdleSettings { visitor_minutes: 10, agent_minutes: 5, warning_minutes: 2 };

    const fn minute(minutes: i64) -> Timestamp {
        Timestamp(minutes * 60_000_000)
    }

    fn line(at: i64, is_warning: bool) -> LastLine {
        LastLine { at: minute(at), is_warning }
    }

    #[test]
    fn a_visitor_is_warned_after_the_limit_and_gone_after_the_warning() {
        for now in 0..30 {
            let expected = (now >= 10).then_some(Due::Warning);
            assert_eq!(due(Turn::Visitor, line(0, false), &LIMITS, minute(now)), expected, "minute {now}");
            let expected = (now >= 12).then_some(Due::End);
            assert_eq!(due(Turn::Visitor, line(10, true), &LIMITS, minute(now)), expected, "minute {now}");
        }
    }

    #[test]
    fn an_agent_has_the_limit_from_the_question_or_from_what_was_last_done() {
        let asked = Turn::Agent { waiting_since: minute(20) };
        assert_eq!(due(asked, line(0, false), &LIMITS, minute(24)), None, "asked four minutes ago");
        assert_eq!(due(asked, line(0, false), &LIMITS, minute(25)), Some(Due::Warning));
        assert_eq!(due(asked, line(23, false), &LIMITS, minute(27)), None, "a note four minutes ago, or taken then");
        assert_eq!(due(asked, line(25, true), &LIMITS, minute(26)), None);
        assert_eq!(due(asked, line(25, true), &LIMITS, minute(27)), Some(Due::End));
    }

    #[test]
    fn nothing_is_due_where_nothing_is_set_and_never_an_end_without_a_warning() {
        let turns = [Turn::Visitor, Turn::Agent { waiting_since: minute(0) }];
        for turn in turns {
            for now in [0, 1, 10, 1_000_000] {
                for is_warning in [false, true] {
                    assert_eq!(due(turn, line(0, is_warning), &IdleSettings::default(), minute(now)), None);
                }
                assert_ne!(due(turn, line(0, false), &LIMITS, minute(now)), Some(Due::End));
                assert_ne!(due(turn, line(0, true), &LIMITS, minute(now)), Some(Due::Warning));
            }
        }
    }
}
