//! Open-loop sending from a thread of its own, since a runtime's timer counts in milliseconds. A message carries the moment at which
//! it was due, not the one at which it was sent: lateness of server and generator alike is part of the measurement.

use super::outgoing::Outgoing;
use crate::clock;
use crate::sums::micros;
use hdrhistogram::Histogram;
use std::sync::Arc;
use tokio::net::TcpStream;

pub struct Pacer {
    visitors: Vec<(Arc<TcpStream>, Outgoing)>,
    step_ns: u64,
}

pub struct Paced {
    pub late: Histogram<u64>,
    /// Messages that a full socket did not take.
    pub blocked: u64,
}

impl Pacer {
    pub fn new(streams: Vec<Arc<TcpStream>>, rate: u64) -> Self {
        let visitors = streams.into_iter().enumerate().map(|(number, stream)| (stream, Outgoing::new(number)));
        Self { visitors: visitors.collect(), step_ns: 1_000_000_000 / rate }
    }

    pub fn run(mut self, until: u64) -> Paced {
        let mut paced = Paced { late: micros(), blocked: 0 };
        let (mut due, visitors) = (clock::now_ns(), self.visitors.len());
        for turn in 0_usize.. {
            due += self.step_ns;
            if due >= until {
                break;
            }
            clock::sleep_until(due);
            paced.late.saturating_record((clock::now_ns() - due.min(clock::now_ns())) / 1000);
            let Some((stream, outgoing)) = self.visitors.get_mut(turn % visitors) else { break };
            let frame = outgoing.stamp(due);
            // Half a frame in a full socket would spoil the stream, but a socket with room takes 200 bytes whole.
            if stream.try_write(frame).ok() != Some(frame.len()) {
                paced.blocked += 1;
            }
        }
        paced
    }
}
