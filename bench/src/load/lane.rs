//! One thread of the load generator: its own runtime, its share of the visitors and agents, no locks.

use super::outgoing::{Outgoing, moment_in_ack, moment_in_text};
use super::target::{Target, kind};
use crate::sums::Tally;
use crate::wire::{Frame, Wire, find};
use crate::{Result, clock, runtime, site::Site};
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};

/// What the readers do with what they hear, all in `clock` nanoseconds.
#[derive(Clone, Copy, Default)]
pub struct Plan {
    pub count_from: u64,
    pub count_to: u64,
    /// Until then every acknowledgement is answered with the next message.
    pub loop_until: u64,
}

pub struct Seat {
    outgoing: RefCell<Outgoing>,
    stream: Arc<TcpStream>,
}

pub struct Lane {
    pub target: Target,
    pub site: Site,
    pub plan: Cell<Plan>,
    pub tally: RefCell<Tally>,
    pub seats: RefCell<Vec<Rc<Seat>>>,
}

type Job = Box<dyn FnOnce(Rc<Lane>) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// Reaches a lane from outside its thread.
pub struct Hand(mpsc::UnboundedSender<Job>);

impl Hand {
    pub fn start(target: Target) -> Result<Self> {
        let (sender, mut jobs) = mpsc::unbounded_channel::<Job>();
        let (runtime, site) = (runtime()?, Site::new(target.address())?);
        std::thread::spawn(move || {
            let lane =
                Lane { target, site, plan: Cell::default(), tally: RefCell::default(), seats: RefCell::default() };
            let lane = Rc::new(lane);
            LocalSet::new().block_on(&runtime, async {
                while let Some(job) = jobs.recv().await {
                    spawn_local(job(Rc::clone(&lane)));
                }
            });
        });
        Ok(Self(sender))
    }

    pub async fn ask<A, F, W>(&self, work: W) -> Result<A>
    where
        A: Send + 'static,
        F: Future<Output = Result<A>> + 'static,
        W: FnOnce(Rc<Lane>) -> F + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let job: Job = Box::new(move |lane| {
            Box::pin(async move {
                // The asker may have given up; then nobody minds.
                sender.send(work(lane).await).unwrap_or(());
            })
        });
        self.0.send(job).map_err(|_gone| "a lane of the load generator has ended")?;
        answer.await?
    }
}

impl Lane {
    pub fn seat_visitor(self: &Rc<Self>, wire: Wire, number: usize) {
        let seat = Rc::new(Seat { outgoing: RefCell::new(Outgoing::new(number)), stream: wire.stream() });
        self.seats.borrow_mut().push(Rc::clone(&seat));
        let lane = Rc::clone(self);
        spawn_local(async move {
            // However it ends, it should not have.
            let _ended = lane.attend_visitor(wire, &seat).await;
            lane.tally.borrow_mut().visitors_dropped += 1;
        });
    }

    pub fn streams(&self) -> Vec<Arc<TcpStream>> {
        self.seats.borrow().iter().map(|seat| Arc::clone(&seat.stream)).collect()
    }

    /// Gives every visitor `window` open messages.
    pub async fn kick(&self, window: usize) -> Result<()> {
        let seats = self.seats.borrow().clone();
        for seat in seats {
            let frames = next_frames(&seat, window);
            // A fresh socket takes a few kilobytes at once.
            seat.stream.writable().await?;
            seat.stream.try_write(&frames)?;
        }
        Ok(())
    }

    async fn attend_visitor(&self, mut wire: Wire, seat: &Seat) -> Result<()> {
        loop {
            wire.fill().await?;
            let now = clock::now_ns();
            let (mut answered, mut ping) = (0, None);
            while let Some(frame) = wire.next() {
                match frame {
                    Frame::Text(text) => answered += self.hear_visitor(text, now),
                    Frame::Ping(payload) => ping = Some(payload.to_vec()),
                    Frame::Close(code) => return Err(format!("closed with {code}").into()),
                    Frame::Other => {}
                }
            }
            if answered > 0 && now < self.plan.get().loop_until {
                let frames = next_frames(seat, answered);
                wire.write(&frames).await?;
            }
            if let Some(payload) = ping {
                wire.pong(&payload).await?;
            }
        }
    }

    /// How many of the visitor's messages this frame has settled.
    fn hear_visitor(&self, text: &[u8], now: u64) -> usize {
        let mut tally = self.tally.borrow_mut();
        match kind(text) {
            b"ack" => {
                let (plan, sent) = (self.plan.get(), moment_in_ack(text).unwrap_or(now));
                tally.all_acked += 1;
                tally.acked += u64::from((plan.count_from..plan.count_to).contains(&now));
                if (plan.count_from..plan.count_to).contains(&sent) {
                    tally.ack.saturating_record((now.saturating_sub(sent)) / 1000);
                }
                1
            }
            b"refused" => {
                tally.refused += 1;
                1
            }
            _ => 0,
        }
    }

    pub fn seat_agent(self: &Rc<Self>, wire: Wire, number: usize) {
        let lane = Rc::clone(self);
        spawn_local(async move {
            let (mut wire, mut last) = (wire, None);
            loop {
                let _ended = lane.attend_agent(wire, &mut last).await;
                lane.tally.borrow_mut().agents_dropped += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
                match lane.target.open_agent(number, last).await {
                    Ok(again) => wire = again,
                    Err(_gone) => return,
                }
            }
        });
    }

    async fn attend_agent(&self, mut wire: Wire, last: &mut Option<u64>) -> Result<()> {
        loop {
            wire.fill().await?;
            let now = clock::now_ns();
            let mut ping = None;
            while let Some(frame) = wire.next() {
                match frame {
                    Frame::Text(text) => self.hear_agent(text, now, last),
                    Frame::Ping(payload) => ping = Some(payload.to_vec()),
                    Frame::Close(code) => return Err(format!("closed with {code}").into()),
                    Frame::Other => {}
                }
            }
            if let Some(payload) = ping {
                wire.pong(&payload).await?;
            }
        }
    }

    fn hear_agent(&self, text: &[u8], now: u64, last: &mut Option<u64>) {
        if kind(text) != b"event" {
            return;
        }
        *last = number_after(text, br#""n":"#).or(*last);
        if find(text, br#""kind":"message_added""#).is_none() {
            return;
        }
        let Some(sent) = moment_in_text(text) else { return };
        let (plan, mut tally) = (self.plan.get(), self.tally.borrow_mut());
        tally.all_delivered += 1;
        tally.delivered += u64::from((plan.count_from..plan.count_to).contains(&now));
        if (plan.count_from..plan.count_to).contains(&sent) {
            tally.screen.saturating_record((now.saturating_sub(sent)) / 1000);
        }
    }
}

fn next_frames(seat: &Seat, count: usize) -> Vec<u8> {
    let (mut outgoing, mut frames) = (seat.outgoing.borrow_mut(), Vec::with_capacity(count * 220));
    for _ in 0..count {
        frames.extend_from_slice(outgoing.stamp(clock::now_ns()));
    }
    frames
}

fn number_after(text: &[u8], key: &[u8]) -> Option<u64> {
    let rest = text.get(find(text, key)? + key.len()..)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// Keeps a silent visitor's socket as a browser would: a ping after 20 s without a word.
pub async fn keep_silent(mut wire: Wire) -> Result<()> {
    loop {
        match tokio::time::timeout(Duration::from_secs(20), wire.fill()).await {
            Err(_quiet) => wire.say(r#"{"t":"ping"}"#).await?,
            Ok(filled) => filled?,
        }
        let mut ping = None;
        while let Some(frame) = wire.next() {
            match frame {
                Frame::Ping(payload) => ping = Some(payload.to_vec()),
                Frame::Close(code) => return Err(format!("closed with {code}").into()),
                Frame::Text(_) | Frame::Other => {}
            }
        }
        if let Some(payload) = ping {
            wire.pong(&payload).await?;
        }
    }
}
