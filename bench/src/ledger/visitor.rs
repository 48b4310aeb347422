//! A visitor who writes without pause over the socket, resumes after every break and repeats what was not acknowledged.

use super::book::{Book, Kind, Line, Seen};
use super::chance::Chance;
use super::clients::{QUIET, Scene, visitor_name};
use crate::load::wait_for;
use crate::wire::{Door, Frame, Wire};
use crate::{Result, clock};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::fs;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Messages that a visitor has open at most.
const WINDOW: usize = 4;

pub struct Visitor {
    scene: Rc<Scene>,
    chance: Chance,
    ledger: Book,
    seen: Book,
    name: String,
    key: Option<String>,
    conversation: Option<String>,
    last_seq: u64,
    unacked: VecDeque<(String, String)>,
    count: usize,
    is_resuming: bool,
    is_done_sending: bool,
}

impl Visitor {
    pub fn new(scene: Rc<Scene>, number: usize) -> Result<Self> {
        let name = visitor_name(number);
        Ok(Self {
            chance: Chance::new(scene.seed, number as u64),
            ledger: Book::ledger(&scene.folder, &name)?,
            seen: Book::seen(&scene.folder, &name)?,
            name,
            scene,
            key: None,
            conversation: None,
            last_seq: 0,
            unacked: VecDeque::new(),
            count: 0,
            is_resuming: false,
            is_done_sending: false,
        })
    }

    pub async fn run(mut self) -> Result<()> {
        loop {
            match self.connect().await {
                Ok(mut wire) => match self.talk(&mut wire).await {
                    Ok(()) => return Ok(()),
                    Err(error) => self.note_break(&*error)?,
                },
                Err(error) => self.note_break(&*error)?,
            }
            let scene = Rc::clone(&self.scene);
            scene.breathe(&mut self.chance).await;
        }
    }

    /// The server is killed on purpose, so a break says nothing; what it leaves open is written down.
    fn note_break(&mut self, error: &(dyn std::error::Error + 'static)) -> Result<()> {
        if error.is::<std::io::Error>() || error.is::<reqwest::Error>() {
            for (id, _) in &self.unacked {
                self.ledger.write(&Line::Unknown { id: id.clone() })?;
            }
            return Ok(());
        }
        eprintln!("{}: {error}", self.name);
        Ok(())
    }

    async fn connect(&mut self) -> Result<Wire> {
        let site = &self.scene.site;
        let (ticket, key) = site.ticket(&self.scene.company.code, self.key.as_deref()).await?;
        if self.key.is_none() {
            fs::write(self.scene.folder.join(format!("{}.key", self.name)), &key)?;
            self.key = Some(key);
        }
        let headers = vec![format!("Origin: {}", site.origin)];
        let door = Door {
            address: site.address,
            path: "/api/visitor/socket".to_owned(),
            headers,
            source: Ipv4Addr::LOCALHOST,
        };
        let mut wire = Wire::open(&door).await?;
        let hello = json!({"t": "hello", "ticket": ticket, "conversation": self.conversation, "since": self.last_seq});
        wire.say(&hello.to_string()).await?;
        let welcome = wait_for(&mut wire, &["welcome"]).await?;
        self.welcomed(&serde_json::from_slice(&welcome)?, &ticket).await?;
        for (id, text) in &self.unacked {
            wire.say(&self.send_frame(id, text)).await?;
        }
        Ok(wire)
    }

    async fn welcomed(&mut self, welcome: &Value, ticket: &str) -> Result<()> {
        let conversation = welcome.pointer("/conversation/id").and_then(Value::as_str);
        if welcome.get("resumed") != Some(&Value::Bool(true)) {
            self.last_seq = 0;
            self.conversation = conversation.map(str::to_owned);
        }
        let mut entries = entries(welcome);
        let mut has_earlier = self.last_seq == 0 && welcome.get("earlier") == Some(&Value::Bool(true));
        while has_earlier {
            let before = entries.first().and_then(|entry| entry.get("seq")?.as_u64()).unwrap_or(0);
            let conversation = self.conversation.as_deref().unwrap_or_default();
            let path = format!("/api/visitor/entries?conversation={conversation}&before={before}");
            let page = self.scene.site.as_visitor(&path, ticket).await?;
            has_earlier = page.get("earlier") == Some(&Value::Bool(true));
            entries.splice(..0, self::entries(&page));
        }
        for entry in entries {
            self.shown(&entry)?;
        }
        Ok(())
    }

    async fn talk(&mut self, wire: &mut Wire) -> Result<()> {
        let (mut next_send, mut heard) = (Instant::now(), Instant::now());
        loop {
            while let Some(frame) = wire.next() {
                match frame {
                    Frame::Text(text) => {
                        let frame: Value = serde_json::from_slice(text)?;
                        heard = Instant::now();
                        self.hear(&frame)?;
                    }
                    Frame::Close(_) => return Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()),
                    Frame::Ping(_) | Frame::Other => {}
                }
            }
            if self.is_resuming {
                // A gap: the plainest way to hello again is a new connection.
                self.is_resuming = false;
                return Err("a gap".into());
            }
            if self.scene.is_over() && self.unacked.is_empty() && !std::mem::replace(&mut self.is_done_sending, true) {
                self.scene.done_sending();
            }
            if self.scene.all_sent() && heard.elapsed() > QUIET {
                return Ok(());
            }
            if Instant::now() >= next_send && self.unacked.len() < WINDOW && !self.scene.is_over() {
                self.send_next(wire).await?;
                next_send = Instant::now() + Duration::from_millis(self.chance.between(5, 50));
            }
            let pause = next_send.saturating_duration_since(Instant::now()).max(Duration::from_millis(2));
            match tokio::time::timeout(pause.min(Duration::from_millis(50)), wire.fill()).await {
                Ok(filled) => filled?,
                Err(_nothing) => {}
            }
        }
    }

    async fn send_next(&mut self, wire: &Wire) -> Result<()> {
        let (id, number) = (self.chance.id(clock::unix_ms(clock::now_ns())), self.count);
        let text = format!("{} {number:06} \"ação\" <b>&amp;</b> 🧾 {}", self.name, self.chance.next());
        self.count += 1;
        self.ledger.write(&Line::Start { id: id.clone(), text: text.clone() })?;
        let frame = self.send_frame(&id, &text);
        self.unacked.push_back((id, text));
        Ok(wire.say(&frame).await?)
    }

    fn send_frame(&self, id: &str, text: &str) -> String {
        json!({"t": "send", "id": id, "text": text, "form": {"name": self.name, "email": format!("{}@bench.example", self.name)}}).to_string()
    }

    fn hear(&mut self, frame: &Value) -> Result<()> {
        let text = |name: &str| frame.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        match text("t").as_str() {
            "ack" => {
                let (id, conversation) = (text("id"), text("conversation"));
                let seq = frame.get("seq").and_then(Value::as_u64).unwrap_or(0);
                self.ledger.write(&Line::Ok { id: id.clone(), conversation: conversation.clone(), seq })?;
                self.acknowledged(&id, conversation, seq)?;
            }
            "refused" if frame.get("retry_after").is_none_or(Value::is_null) => {
                let id = text("id");
                eprintln!("{}: {frame}", self.name);
                self.ledger.write(&Line::Refused { id: id.clone(), code: text("code") })?;
                self.unacked.retain(|(waiting, _)| *waiting != id);
            }
            "refused" => return Err(format!("asked to come back later: {frame}").into()),
            "entry" => {
                let entry = frame.get("entry").cloned().unwrap_or_default();
                if entry.get("seq").and_then(Value::as_u64).is_some_and(|seq| seq > self.last_seq + 1) {
                    self.is_resuming = true;
                    return Ok(());
                }
                self.conversation = Some(text("conversation"));
                self.shown(&entry)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// An acknowledgement that is next in line stands for the visitor's own entry, which the server then need not send to this socket.
    fn acknowledged(&mut self, id: &str, conversation: String, seq: u64) -> Result<()> {
        let own = self.unacked.iter().position(|(waiting, _)| waiting == id).and_then(|at| self.unacked.remove(at));
        if self.conversation.as_ref() != Some(&conversation) {
            (self.conversation, self.last_seq) = (Some(conversation.clone()), 0);
        }
        if let Some((_, text)) = own
            && seq == self.last_seq + 1
        {
            self.seen.write(&Seen { conversation, seq, kind: Kind::Message, from: "visitor".to_owned(), text })?;
            self.last_seq = seq;
        }
        Ok(())
    }

    fn shown(&mut self, entry: &Value) -> Result<()> {
        let seen = seen(self.conversation.as_deref().unwrap_or_default(), entry);
        self.seen.write(&seen)?;
        self.last_seq = self.last_seq.max(seen.seq);
        Ok(())
    }
}

pub fn entries(answer: &Value) -> Vec<Value> {
    answer.get("entries").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// An entry in the visitor's shape.
pub fn seen(conversation: &str, entry: &Value) -> Seen {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Seen {
        conversation: conversation.to_owned(),
        seq: entry.get("seq").and_then(Value::as_u64).unwrap_or(0),
        kind: if text("kind") == "event" { Kind::Event } else { Kind::Message },
        from: text("from"),
        text: text("text"),
    }
}
