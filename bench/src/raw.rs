//! The raw ceiling: the smallest honest program that stores a message and then says so. axum sockets, one store thread,
//! SQLite (WAL, synchronous=FULL): take what is queued, commit once, acknowledge and deliver. No sessions, rules or counters.

use crate::{Result, clock, flags::Flags};
use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path as Segment, State};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use futures_util::SinkExt as _;
use rusqlite::{Connection, params};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const BATCH: usize = 256;
const SOCKET_BUFFER: usize = 4096;

type Outbox = UnboundedSender<Utf8Bytes>;

enum Job {
    Agent { number: u32, outbox: Outbox },
    Append { conversation: u32, id: String, text: String, outbox: Outbox },
}

#[derive(Deserialize)]
struct Send<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

pub fn serve(flags: &Flags) -> Result<()> {
    let (address, agents) = (flags.need("listen")?.to_owned(), flags.number("agents", 10)?);
    let database = Path::new(flags.need("data")?).join("raw.db");
    let (jobs, queue) = unbounded_channel();
    let store = Store::open(&database, agents)?;
    std::thread::spawn(move || store.run(queue));
    let checkpoints = Connection::open(&database)?;
    std::thread::spawn(move || checkpoint_every_second(&checkpoints));
    let router = Router::new()
        .route("/visitor/{number}", get(visitor))
        .route("/agent/{number}", get(agent))
        .route("/api/version", get(async || "{}"))
        .with_state(jobs);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        let listener = listener.tap_io(|stream| {
            // A socket without it still works, only slower; the figures would show it.
            stream.set_nodelay(true).unwrap_or_default();
        });
        Ok(axum::serve(listener, router).await?)
    })
}

async fn visitor(
    Segment(conversation): Segment<u32>,
    State(jobs): State<UnboundedSender<Job>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    small(upgrade).on_upgrade(move |socket| async move {
        let (outbox, inbox) = unbounded_channel();
        talk(socket, inbox, |text| {
            let Ok(Send { id, text }) = serde_json::from_str(text) else { return };
            let job =
                Job::Append { conversation, id: id.into_owned(), text: text.into_owned(), outbox: outbox.clone() };
            // The store only ends with the process.
            jobs.send(job).unwrap_or_default();
        })
        .await;
    })
}

async fn agent(
    Segment(number): Segment<u32>,
    State(jobs): State<UnboundedSender<Job>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    small(upgrade).on_upgrade(move |socket| async move {
        let (outbox, inbox) = unbounded_channel();
        jobs.send(Job::Agent { number, outbox }).unwrap_or_default();
        talk(socket, inbox, |_text| {}).await;
    })
}

fn small(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.read_buffer_size(SOCKET_BUFFER).write_buffer_size(SOCKET_BUFFER)
}

/// Reads until the peer leaves; writes all that waits, then flushes once.
async fn talk(mut socket: WebSocket, mut inbox: UnboundedReceiver<Utf8Bytes>, mut heard: impl FnMut(&str)) {
    let mut waiting = Vec::new();
    loop {
        tokio::select! {
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => heard(&text),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
            _ = inbox.recv_many(&mut waiting, BATCH) => {
                for text in waiting.drain(..) {
                    if socket.feed(Message::Text(text)).await.is_err() { return }
                }
                if socket.flush().await.is_err() { return }
            }
        }
    }
}

struct Store {
    connection: Connection,
    last_seq: HashMap<u32, i64>,
    agents: u32,
    desks: HashMap<u32, Outbox>,
}

impl Store {
    fn open(path: &Path, agents: u32) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;
             CREATE TABLE IF NOT EXISTS message (conversation INTEGER, seq INTEGER, client_id TEXT, text TEXT, at INTEGER);
             CREATE UNIQUE INDEX IF NOT EXISTS message_seq ON message (conversation, seq);",
        )?;
        let mut last_seq = HashMap::new();
        let mut query = connection.prepare("SELECT conversation, max(seq) FROM message GROUP BY conversation")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            last_seq.insert(row.get(0)?, row.get(1)?);
        }
        drop(rows);
        drop(query);
        Ok(Self { connection, last_seq, agents, desks: HashMap::new() })
    }

    fn run(mut self, mut queue: UnboundedReceiver<Job>) {
        let mut batch = Vec::with_capacity(BATCH);
        while queue.blocking_recv_many(&mut batch, BATCH) > 0 {
            if let Err(error) = self.commit(&mut batch) {
                // What is not on disk must not be acknowledged: the end.
                eprintln!("the store failed: {error}");
                std::process::exit(1);
            }
        }
    }

    fn commit(&mut self, batch: &mut Vec<Job>) -> rusqlite::Result<()> {
        let mut stored = Vec::with_capacity(batch.len());
        let at = clock::unix_ms(clock::now_ns()) as i64 * 1000;
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut insert = transaction.prepare_cached("INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for job in batch.drain(..) {
            match job {
                Job::Agent { number, outbox } => {
                    self.desks.insert(number, outbox);
                }
                Job::Append { conversation, id, text, outbox } => {
                    let seq = self.last_seq.entry(conversation).or_default();
                    *seq += 1;
                    insert.execute(params![conversation, *seq, id, text, at])?;
                    stored.push((conversation, *seq, id, text, outbox));
                }
            }
        }
        drop(insert);
        transaction.commit()?;
        for (conversation, seq, id, text, outbox) in stored {
            // A peer that has left needs no answer.
            outbox
                .send(format!(r#"{{"t":"ack","id":"{id}","conversation":{conversation},"seq":{seq}}}"#).into())
                .unwrap_or_default();
            if let Some(desk) = self.desks.get(&(conversation % self.agents)) {
                desk.send(delivery(conversation, seq, &text).into()).unwrap_or_default();
            }
        }
        Ok(())
    }
}

/// The load generator's texts need no escapes, so none are made.
fn delivery(conversation: u32, seq: i64, text: &str) -> String {
    format!(
        r#"{{"t":"event","n":{seq},"event":{{"kind":"message_added","conversation":{conversation},"message":{{"seq":{seq},"text":"{text}"}}}}}}"#
    )
}

fn checkpoint_every_second(connection: &Connection) {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        // Busy is no failure: the next one comes in a second.
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_row| Ok(())).unwrap_or_default();
    }
}
