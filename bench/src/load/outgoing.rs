//! A visitor's next message, prepared so that sending one is writing two numbers into a frame.
//! Both the client id and the text carry the moment of sending; so neither end needs a table.

use crate::clock;
use crate::wire::{find, text_frame};

const TEXT_LENGTH: usize = 120;
const DIGITS: usize = 18;
/// Stands before the moment in a text, and nowhere else in any frame.
const MARK: u8 = b'~';

pub struct Outgoing {
    frame: Vec<u8>,
    id_at: usize,
    moment_at: usize,
    last: u64,
}

impl Outgoing {
    pub fn new(visitor: usize) -> Self {
        let filler: String = "o pedido 4711 ainda não chegou; "
            .chars()
            .filter(char::is_ascii)
            .cycle()
            .take(TEXT_LENGTH - DIGITS - 2)
            .collect();
        // A UUIDv7: unix milliseconds, then the visitor, then nanoseconds of the run.
        let id = format!("000000000000-7{:03x}-8{:03x}-000000000000", visitor & 0xfff, (visitor >> 12) & 0xfff);
        let (front, rest) = id.split_at(8);
        let payload = format!(r#"{{"t":"send","id":"{front}-{rest}","text":"~{} {filler}"}}"#, "0".repeat(DIGITS));
        let frame = text_frame(payload.as_bytes());
        let id_at = find(&frame, br#""id":""#).map_or(0, |at| at + 6);
        let moment_at = find(&frame, &[MARK]).map_or(0, |at| at + 1);
        Self { frame, id_at, moment_at, last: 0 }
    }

    /// The frame for a message sent at `ns`; later by a nanosecond where that would repeat the last one.
    pub fn stamp(&mut self, ns: u64) -> &[u8] {
        let ns = ns.max(self.last + 1);
        self.last = ns;
        let ms = clock::unix_ms(ns);
        self.hex(0, 8, ms >> 16);
        self.hex(9, 4, ms & 0xffff);
        self.hex(24, 12, ns);
        let mut rest = ns;
        for digit in self.frame.iter_mut().skip(self.moment_at).take(DIGITS).rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        &self.frame
    }

    fn hex(&mut self, offset: usize, length: usize, value: u64) {
        let mut rest = value;
        for digit in self.frame.iter_mut().skip(self.id_at + offset).take(length).rev() {
            let low = (rest & 15) as u8;
            *digit = if low < 10 { b'0' + low } else { b'a' + low - 10 };
            rest >>= 4;
        }
    }
}

/// The moment of sending, from an acknowledgement.
pub fn moment_in_ack(text: &[u8]) -> Option<u64> {
    let id = text.get(find(text, br#""id":""#)? + 6..)?.get(24..36)?;
    u64::from_str_radix(std::str::from_utf8(id).ok()?, 16).ok()
}

/// The moment of sending, from a frame that carries the text.
pub fn moment_in_text(frame: &[u8]) -> Option<u64> {
    let from = frame.iter().position(|byte| *byte == MARK)? + 1;
    std::str::from_utf8(frame.get(from..from + DIGITS)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_travels_in_id_and_text() {
        let mut outgoing = Outgoing::new(5000);
        let frame = outgoing.stamp(123_456_789_012).to_vec();
        assert_eq!(moment_in_ack(&frame), Some(123_456_789_012));
        assert_eq!(moment_in_text(&frame), Some(123_456_789_012));
        let repeated = outgoing.stamp(123_456_789_012).to_vec();
        assert_eq!(moment_in_ack(&repeated), Some(123_456_789_013));
    }

    #[test]
    fn the_text_has_its_length_and_the_id_its_shape() {
        let frame = Outgoing::new(5000).stamp(1).to_vec();
        let json: serde_json::Value = serde_json::from_slice(&frame[8..]).unwrap();
        assert_eq!(json["text"].as_str().unwrap().len(), TEXT_LENGTH);
        let id = json["id"].as_str().unwrap();
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(id[14..].starts_with('7'));
    }
}
