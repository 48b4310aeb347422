//! The load generator: visitors who write, agents who read, visitors who are silent; closed loops and open ones.

mod lane;
mod outgoing;
mod pacer;
mod target;

pub use target::{Target, wait_for};

use crate::sums::{Figures, Tally, quantile_ms};
use crate::{Result, clock, machine};
use futures_util::future::try_join_all;
use futures_util::stream::{self, TryStreamExt as _};
use lane::{Hand, Plan};
use pacer::Pacer;
use std::time::Duration;

const LANES: usize = 2;
/// Sockets that one lane opens at the same time.
const OPENING: usize = 8;
const SECOND: u64 = 1_000_000_000;

/// How long to run before counting, and how long to count.
#[derive(Clone, Copy)]
pub struct Span {
    pub warm_s: u64,
    pub count_s: u64,
}

pub struct Fleet {
    lanes: Vec<Hand>,
    agents: usize,
    server: u32,
    silent: usize,
}

impl Fleet {
    /// Opens the visitors' conversations, has agents take them, then opens the agents' sockets.
    pub async fn seat(target: &Target, server: u32, visitors: usize) -> Result<Self> {
        let lanes = (0..LANES).map(|_| Hand::start(target.clone())).collect::<Result<Vec<_>>>()?;
        let fleet = Self { lanes, agents: target.agents(), server, silent: 0 };
        fleet
            .on_every_lane(visitors, 0, |lane, number| async move {
                let wire = lane.target.open_visitor(&lane.site, number).await?;
                lane.seat_visitor(wire, number);
                Ok(())
            })
            .await?;
        fleet
            .on_every_lane(fleet.agents, 0, |lane, number| async move {
                let wire = lane.target.open_agent(number, None).await?;
                lane.seat_agent(wire, number);
                Ok(())
            })
            .await?;
        Ok(fleet)
    }

    /// Brings the number of silent visitors up to `count`.
    pub async fn silent(&mut self, count: usize) -> Result<()> {
        let from = std::mem::replace(&mut self.silent, count);
        self.on_every_lane(count, from, |lane, number| async move {
            let wire = lane.target.open_silent(&lane.site, number).await?;
            tokio::task::spawn_local(async move {
                let _ended = lane::keep_silent(wire).await;
                lane.tally.borrow_mut().visitors_dropped += 1;
            });
            Ok(())
        })
        .await
    }

    /// Shares the numbers `from..to` among the lanes.
    async fn on_every_lane<F, W>(&self, to: usize, from: usize, work: W) -> Result<()>
    where
        F: Future<Output = Result<()>> + 'static,
        W: Fn(std::rc::Rc<lane::Lane>, usize) -> F + Send + Clone + 'static,
    {
        try_join_all(self.lanes.iter().enumerate().map(|(index, hand)| {
            let work = work.clone();
            hand.ask(move |lane| async move {
                let numbers = stream::iter((from..to).filter(move |number| number % LANES == index).map(Ok));
                numbers.try_for_each_concurrent(OPENING, |number| work(std::rc::Rc::clone(&lane), number)).await
            })
        }))
        .await?;
        Ok(())
    }

    /// Every visitor keeps `window` messages open.
    pub async fn flat(&self, name: &str, window: usize, span: Span) -> Result<Figures> {
        let plan = self.begin(span, true).await?;
        try_join_all(self.lanes.iter().map(|hand| hand.ask(move |lane| async move { lane.kick(window).await })))
            .await?;
        self.figures(name, plan).await
    }

    /// `rate` messages a second in all, sent when they are due whatever has been answered.
    pub async fn open(&self, name: &str, rate: u64, span: Span) -> Result<Figures> {
        let plan = self.begin(span, false).await?;
        let streams =
            try_join_all(self.lanes.iter().map(|hand| hand.ask(|lane| async move { Ok(lane.streams()) }))).await?;
        let pacer = Pacer::new(streams.into_iter().flatten().collect(), rate);
        let pacing = std::thread::spawn(move || pacer.run(plan.count_to));
        let mut figures = self.figures(name, plan).await?;
        let paced = pacing.join().map_err(|_panic| "the pacer failed")?;
        figures.insert(format!("{name}.pacer_late_p99_ms"), quantile_ms(&paced.late, 0.99));
        figures.insert(format!("{name}.not_sent"), paced.blocked as f64);
        Ok(figures)
    }

    async fn begin(&self, span: Span, is_loop: bool) -> Result<Plan> {
        let count_from = clock::now_ns() + span.warm_s * SECOND;
        let count_to = count_from + span.count_s * SECOND;
        let plan = Plan { count_from, count_to, loop_until: if is_loop { count_to } else { 0 } };
        try_join_all(self.lanes.iter().map(|hand| {
            hand.ask(move |lane| async move {
                lane.plan.set(plan);
                lane.tally.take();
                Ok(())
            })
        }))
        .await?;
        Ok(plan)
    }

    async fn figures(&self, name: &str, plan: Plan) -> Result<Figures> {
        clock::wait_until(plan.count_from).await;
        let (begun, before, database_before) =
            (clock::now_ns(), machine::cpu_us(self.server)?, machine::postgres_cpu_us());
        clock::wait_until(plan.count_to).await;
        let (ended, after, database_after) =
            (clock::now_ns(), machine::cpu_us(self.server)?, machine::postgres_cpu_us());
        let tally = self.settle().await?;
        let seconds = (plan.count_to - plan.count_from) as f64 / SECOND as f64;
        let drift = (ended - begun) as f64 / (plan.count_to - plan.count_from) as f64;
        let per_message = |us: u64| us as f64 / drift / (tally.acked as f64).max(1.0);
        let figures = [
            ("acked_per_s", tally.acked as f64 / seconds),
            ("delivered_per_s", tally.delivered as f64 / seconds),
            ("ack_p50_ms", quantile_ms(&tally.ack, 0.5)),
            ("ack_p95_ms", quantile_ms(&tally.ack, 0.95)),
            ("ack_p99_ms", quantile_ms(&tally.ack, 0.99)),
            ("screen_p50_ms", quantile_ms(&tally.screen, 0.5)),
            ("screen_p95_ms", quantile_ms(&tally.screen, 0.95)),
            ("screen_p99_ms", quantile_ms(&tally.screen, 0.99)),
            ("cpu_us_per_message", per_message(after - before)),
            ("postgres_cpu_us_per_message", per_message(database_after.saturating_sub(database_before))),
            ("refused", tally.refused as f64),
            ("not_shown", tally.all_acked as f64 - tally.all_delivered as f64),
            ("visitors_dropped", tally.visitors_dropped as f64),
            ("agents_dropped", tally.agents_dropped as f64),
        ];
        Ok(figures.into_iter().map(|(figure, value)| (format!("{name}.{figure}"), value)).collect())
    }

    /// Waits until nothing has come in for 300 ms (at most 10 s), then adds up what the lanes saw.
    async fn settle(&self) -> Result<Tally> {
        let mut last = (0, 0);
        for _ in 0..33 {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let tally = self.tally().await?;
            let now = (tally.all_acked, tally.all_delivered);
            if now == last {
                return Ok(tally);
            }
            last = now;
        }
        self.tally().await
    }

    async fn tally(&self) -> Result<Tally> {
        let tallies =
            try_join_all(self.lanes.iter().map(|hand| hand.ask(|lane| async move { Ok(lane.tally.borrow().clone()) })))
                .await?;
        let mut sum = Tally::default();
        for tally in &tallies {
            sum.add(tally);
        }
        Ok(sum)
    }
}
