//! Keeps a visitor's frames in order. Acknowledgements come straight from the store, entries through the dispatcher; on the wire the numbers of a
//! conversation rise without a gap, and an entry that its own acknowledgement has announced is not sent again.

use std::{collections::BTreeMap, sync::Arc};

use balcao_types::ConversationId;

/// The order of one socket's frames.
#[derive(Default)]
pub struct Sequencer {
    conversation: Option<ConversationId>,
    last: i64,
    held: BTreeMap<i64, Arc<str>>,
}

impl Sequencer {
    /// Starts at a number the client holds, in a conversation or none.
    pub fn start(&mut self, conversation: Option<ConversationId>, last: i64) {
        self.conversation = conversation;
        self.last = last;
        self.held.clear();
    }

    /// The conversation whose numbers are kept.
    pub fn conversation(&self) -> Option<ConversationId> {
        self.conversation
    }

    /// An acknowledgement: goes out when its number's turn has come, at once when it is a repeat of an old one.
    pub fn acknowledge(&mut self, conversation: ConversationId, seq: i64, frame: Arc<str>, out: &mut Vec<Arc<str>>) {
        self.follow(conversation, seq);
        if self.conversation != Some(conversation) || seq <= self.last {
            out.push(frame);
        } else if seq == self.last + 1 {
            self.send(seq, frame, out);
        } else {
            self.held.insert(seq, frame);
        }
    }

    /// An entry: dropped when it is behind, replaced by the acknowledgement that waits for this number.
    pub fn entry(&mut self, conversation: ConversationId, seq: i64, frame: Arc<str>, out: &mut Vec<Arc<str>>) {
        self.follow(conversation, seq);
        if self.conversation != Some(conversation) || seq <= self.last {
            return;
        }
        let frame = self.held.remove(&seq).unwrap_or(frame);
        self.send(seq, frame, out);
    }

    fn send(&mut self, seq: i64, frame: Arc<str>, out: &mut Vec<Arc<str>>) {
        out.push(frame);
        self.last = seq;
        while let Some(next) = self.held.remove(&(self.last + 1)) {
            out.push(next);
            self.last += 1;
        }
    }

    /// A new conversation's first number begins a new count.
    fn follow(&mut self, conversation: ConversationId, seq: i64) {
        if self.conversation != Some(conversation) && (seq == 1 || self.conversation.is_none()) {
            self.start(Some(conversation), seq - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use balcao_types::ConversationId;
    use uuid::Uuid;

    use super::Sequencer;

    const ONE: ConversationId = ConversationId(Uuid::from_u128(1));
    const TWO: ConversationId = ConversationId(Uuid::from_u128(2));

    fn run(steps: &[(&str, ConversationId, i64)]) -> Vec<String> {
        let mut sequencer = Sequencer::default();
        sequencer.start(Some(ONE), 0);
        let mut out: Vec<Arc<str>> = Vec::new();
        for (what, conversation, seq) in steps {
            let frame: Arc<str> = format!("{what}{seq}").into();
            match *what {
                "ack" => sequencer.acknowledge(*conversation, *seq, frame, &mut out),
                _ => sequencer.entry(*conversation, *seq, frame, &mut out),
            }
        }
        out.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_acknowledged_entry_is_not_sent_again() {
        assert_eq!(run(&[("ack", ONE, 1), ("entry", ONE, 1), ("entry", ONE, 2)]), ["ack1", "entry2"]);
    }

    #[test]
    fn an_acknowledgement_waits_for_the_entry_before_it() {
        assert_eq!(run(&[("ack", ONE, 2), ("entry", ONE, 1), ("entry", ONE, 2)]), ["entry1", "ack2"]);
        assert_eq!(
            run(&[("ack", ONE, 3), ("entry", ONE, 1), ("entry", ONE, 2), ("entry", ONE, 3)]),
            ["entry1", "entry2", "ack3"]
        );
    }

    #[test]
    fn an_old_acknowledgement_is_repeated_and_an_old_entry_is_not() {
        assert_eq!(run(&[("entry", ONE, 1), ("ack", ONE, 1), ("entry", ONE, 1)]), ["entry1", "ack1"]);
    }

    #[test]
    fn a_new_conversation_counts_from_one() {
        assert_eq!(run(&[("entry", ONE, 1), ("entry", TWO, 1), ("entry", TWO, 2)]), ["entry1", "entry1", "entry2"]);
    }
}
