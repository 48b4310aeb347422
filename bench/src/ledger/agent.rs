//! An agent who takes conversations and answers by REST without pause, while a socket shows what happens.

use super::book::{Book, Kind, Line, Seen};
use super::chance::Chance;
use super::clients::{QUIET, Scene, visitor_name};
use crate::load::wait_for;
use crate::site::Site;
use crate::wire::{Door, Frame, Wire};
use crate::{Result, clock};
use reqwest::Method;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::spawn_local;

pub struct Agent {
    scene: Rc<Scene>,
    number: usize,
    name: String,
    chance: RefCell<Chance>,
    cookie: RefCell<String>,
    ledger: RefCell<Book>,
    seen: RefCell<Book>,
    conversations: RefCell<Vec<String>>,
    faults: RefCell<Book>,
}

/// Where the agent's stream of numbered events stands.
#[derive(Default)]
struct Stream {
    /// The last number held.
    last: Option<u64>,
    /// The number of the last welcome: up to there everything is sent again, beyond it what was not sent was for others.
    complete: u64,
    /// The gap that made the agent resume.
    gap: Option<u64>,
}

impl Agent {
    pub fn new(scene: Rc<Scene>, number: usize) -> Result<Self> {
        let name = format!("agent-{number}");
        let login = scene.company.agents.get(number).ok_or("too few agents")?;
        Ok(Self {
            chance: RefCell::new(Chance::new(scene.seed, 1000 + number as u64)),
            cookie: RefCell::new(login.cookie.clone()),
            ledger: RefCell::new(Book::ledger(&scene.folder, &name)?),
            seen: RefCell::new(Book::seen(&scene.folder, &name)?),
            conversations: RefCell::default(),
            faults: RefCell::new(Book::faults(&scene.folder, &name)?),
            name,
            number,
            scene,
        })
    }

    pub async fn run(self, visitors: usize) -> Result<()> {
        let agent = Rc::new(self);
        let watcher = Rc::clone(&agent);
        let watching = spawn_local(async move { watcher.watch().await });
        agent.work(visitors).await?;
        agent.scene.done_sending();
        watching.await?
    }

    async fn breathe(&self) {
        let pause = self.chance.borrow_mut().between(15, 60);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }

    async fn work(&self, visitors: usize) -> Result<()> {
        let mine: Vec<String> =
            (0..visitors).filter(|number| number % self.scene.agents == self.number).map(visitor_name).collect();
        while !self.scene.is_over() {
            if self.conversations.borrow().len() < mine.len()
                && let Err(error) = self.take(&mine).await
            {
                self.note(&*error);
            }
            let chosen = {
                let conversations = self.conversations.borrow();
                let at = self.chance.borrow_mut().next() as usize % conversations.len().max(1);
                conversations.get(at).cloned()
            };
            if let Some(conversation) = chosen {
                self.reply(&conversation).await?;
            }
            self.breathe().await;
        }
        Ok(())
    }

    /// Takes the conversations of this agent's visitors, and finds those that an unanswered request has taken already.
    async fn take(&self, mine: &[String]) -> Result<()> {
        let cookie = self.cookie.borrow().clone();
        let site = &self.scene.site;
        for id in self.listed("/api/conversations?list=queue&limit=100", mine).await? {
            site.expect(Method::POST, &format!("/api/conversations/{id}/take"), &cookie, Some(json!({}))).await?;
        }
        for id in self.listed("/api/conversations?list=open&agent=me&limit=100", mine).await? {
            if !self.conversations.borrow().contains(&id) {
                self.show(&id).await?;
                self.conversations.borrow_mut().push(id);
            }
        }
        Ok(())
    }

    async fn listed(&self, path: &str, mine: &[String]) -> Result<Vec<String>> {
        let cookie = self.cookie.borrow().clone();
        let list = self.scene.site.expect(Method::GET, path, &cookie, None).await?.body;
        let rows = list.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let wanted = rows.iter().filter(|row| {
            row.pointer("/contact/name").and_then(Value::as_str).is_some_and(|name| mine.iter().any(|own| own == name))
        });
        Ok(wanted.filter_map(|row| row.get("id")?.as_str().map(str::to_owned)).collect())
    }

    /// Opens a conversation as the console does: reads all that is there.
    async fn show(&self, id: &str) -> Result<()> {
        let cookie = self.cookie.borrow().clone();
        for entry in read_conversation(&self.scene.site, &cookie, id).await? {
            self.seen.borrow_mut().write(&entry)?;
        }
        Ok(())
    }

    /// Sends one reply, again and again until the outcome is known.
    async fn reply(&self, conversation: &str) -> Result<()> {
        let (id, salt) = {
            let mut chance = self.chance.borrow_mut();
            (chance.id(clock::unix_ms(clock::now_ns())), chance.next())
        };
        let text = format!("{} answers: já verifico, só um momento {salt}", self.name);
        self.ledger.borrow_mut().write(&Line::Start { id: id.clone(), text: text.clone() })?;
        let path = format!("/api/conversations/{conversation}/messages");
        loop {
            let cookie = self.cookie.borrow().clone();
            let body = json!({"client_id": id, "kind": "reply", "text": text});
            let line = match self.scene.site.send(Method::POST, &path, &cookie, Some(body)).await {
                Ok(answer) if (200..300).contains(&answer.status) => {
                    let seq = answer.body.get("seq").and_then(Value::as_u64).unwrap_or(0);
                    Line::Ok { id: id.clone(), conversation: conversation.to_owned(), seq }
                }
                Ok(answer) if matches!(answer.status, 400 | 403 | 404 | 409 | 413 | 422) => {
                    eprintln!("{}: {} {}", self.name, answer.status, answer.body);
                    let code =
                        answer.body.pointer("/error/code").and_then(Value::as_str).unwrap_or_default().to_owned();
                    Line::Refused { id: id.clone(), code }
                }
                Ok(answer) if answer.status == 401 => {
                    self.log_in().await;
                    Line::Unknown { id: id.clone() }
                }
                Ok(_) | Err(_) => Line::Unknown { id: id.clone() },
            };
            self.ledger.borrow_mut().write(&line)?;
            if !matches!(line, Line::Unknown { .. }) {
                return Ok(());
            }
            self.breathe().await;
        }
    }

    async fn log_in(&self) {
        let Some(login) = self.scene.company.agents.get(self.number) else { return };
        eprintln!("{}: the session was lost", self.name);
        match self.scene.site.log_in(&login.email).await {
            Ok(cookie) => {
                self.cookie.replace(cookie);
            }
            Err(error) => self.note(&*error),
        }
    }

    /// Breaks are wanted; everything else is worth a line.
    fn note(&self, error: &(dyn std::error::Error + 'static)) {
        if !error.is::<std::io::Error>() && !error.is::<reqwest::Error>() {
            eprintln!("{}: {error}", self.name);
        }
    }

    async fn watch(&self) -> Result<()> {
        let mut stream = Stream::default();
        loop {
            match self.watch_once(&mut stream).await {
                Ok(()) => return Ok(()),
                Err(error) => self.note(&*error),
            }
            self.breathe().await;
        }
    }

    async fn watch_once(&self, stream: &mut Stream) -> Result<()> {
        let site = &self.scene.site;
        let headers = vec![format!("Origin: {}", site.origin), format!("Cookie: {}", self.cookie.borrow())];
        let door = Door { address: site.address, path: "/api/socket".to_owned(), headers, source: Ipv4Addr::LOCALHOST };
        let mut wire = Wire::open(&door).await?;
        wire.say(&json!({"t": "hello", "since": stream.last, "watching": []}).to_string()).await?;
        let first = wait_for(&mut wire, &["welcome", "snapshot"]).await?;
        self.hear(&serde_json::from_slice(&first)?, stream).await?;
        let mut heard = Instant::now();
        loop {
            let mut frames: Vec<Value> = Vec::new();
            while let Some(frame) = wire.next() {
                match frame {
                    Frame::Text(text) => frames.push(serde_json::from_slice(text)?),
                    Frame::Close(_) => return Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()),
                    Frame::Ping(_) | Frame::Other => {}
                }
            }
            for frame in &frames {
                heard = Instant::now();
                self.hear(frame, stream).await?;
            }
            if self.scene.all_sent() && heard.elapsed() > QUIET {
                return Ok(());
            }
            if let Ok(filled) = tokio::time::timeout(Duration::from_millis(50), wire.fill()).await {
                filled?;
            }
        }
    }

    async fn hear(&self, frame: &Value, stream: &mut Stream) -> Result<()> {
        let n = frame.get("n").and_then(Value::as_u64);
        match frame.get("t").and_then(Value::as_str) {
            Some("welcome") => stream.complete = n.unwrap_or(0),
            Some("snapshot") => {
                let conversations = self.conversations.borrow().clone();
                for id in conversations {
                    self.show(&id).await?;
                }
                stream.last = n;
                stream.complete = n.unwrap_or(0);
            }
            Some("event") if n > stream.last => {
                self.check_chain(frame, n.unwrap_or(0), stream)?;
                self.seen_in(frame)?;
                stream.last = n;
            }
            _ => {}
        }
        Ok(())
    }

    /// A gap is mended by resuming; one that is still there afterwards would keep a client in a circle for ever.
    fn check_chain(&self, frame: &Value, n: u64, stream: &mut Stream) -> Result<()> {
        let prev = frame.get("prev").and_then(Value::as_u64).unwrap_or(0);
        let last = stream.last.unwrap_or(0);
        let known = if n > stream.complete { last.max(stream.complete) } else { last };
        if prev <= known {
            return Ok(());
        }
        if stream.gap.replace(n) == Some(n) {
            let fault = format!("{}: after resuming with since={last}, event n={n} still names prev={prev}", self.name);
            return self.faults.borrow_mut().write(&fault);
        }
        Err(format!("a gap: {prev} comes before {n}, and {last} is held").into())
    }

    fn seen_in(&self, frame: &Value) -> Result<()> {
        let Some(event) = frame.get("event") else { return Ok(()) };
        if event.get("kind").and_then(Value::as_str) != Some("message_added") {
            return Ok(());
        }
        let conversation = event.get("conversation").and_then(Value::as_str).unwrap_or_default();
        match event.get("message").and_then(|message| seen(conversation, message)) {
            Some(entry) => self.seen.borrow_mut().write(&entry),
            None => Ok(()),
        }
    }
}

/// A message in the agents' shape; a note is nothing that visitors see.
fn seen(conversation: &str, message: &Value) -> Option<Seen> {
    let text = |name: &str| message.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let kind = match text("kind").as_str() {
        "note" => return None,
        "system" => Kind::Event,
        _ => Kind::Message,
    };
    let seq = message.get("seq").and_then(Value::as_u64)?;
    Some(Seen { conversation: conversation.to_owned(), seq, kind, from: text("from"), text: text("text") })
}

/// All of a conversation, page by page, in the order of the server's answer.
pub async fn read_conversation(site: &Site, cookie: &str, id: &str) -> Result<Vec<Seen>> {
    let first = site.expect(Method::GET, &format!("/api/conversations/{id}"), cookie, None).await?.body;
    let messages = |page: &Value, name: &str| page.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let (mut all, mut page) = (messages(&first, "messages"), first);
    while page.get("has_earlier") == Some(&Value::Bool(true)) {
        let before = all.first().and_then(|message| message.get("position")?.as_u64()).unwrap_or(0);
        let path = format!("/api/conversations/{id}/messages?before={before}&limit=100");
        page = site.expect(Method::GET, &path, cookie, None).await?.body;
        let earlier = messages(&page, "items");
        if earlier.is_empty() {
            return Err(format!("an empty page before {before} that has earlier ones").into());
        }
        all.splice(..0, earlier);
    }
    Ok(all.iter().filter_map(|message| seen(id, message)).collect())
}
