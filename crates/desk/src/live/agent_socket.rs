//! One agent's socket: resume, events in the reader's own chain of numbers, whispers both ways.

use std::{sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use balcao_types::{AuthorKind, ConversationId, ErrorCode, Language, WorkspaceId};
use futures_util::SinkExt;
use tokio::{sync::mpsc, time::Instant};

use super::{
    frames::{FromAgent, ToClient, close},
    presence,
    readers::{AgentFrame, AgentReader, WATCHING_MAX},
    replay::{Replay, replay},
    viewing,
    whisper::{Whisper, whisper},
};
use crate::{
    Desk,
    access::AgentScope,
    conversations::{MoveMarks, Reader},
    error::{Error, Result},
};

/// How long a client may take for its first frame.
pub const HELLO: Duration = Duration::from_secs(10);
/// After this silence a socket is dropped; clients ping every 20 s.
pub const SILENCE: Duration = Duration::from_secs(70);
/// How long a client may take for the last frame, which says why the socket ends.
pub const FAREWELL: Duration = Duration::from_secs(4);
/// How many frames are sent before the socket is flushed.
pub const BURST: usize = 64;

/// Serves the socket until either side ends it.
pub async fn run(desk: Desk, socket: WebSocket, workspace: WorkspaceId, agent: Arc<AgentScope>, language: Language) {
    let (reader, frames) = desk.live.readers.add_agent(workspace, agent);
    presence::renew_leases(&desk).await;
    desk.live.presence_changed.notify_one();
    let mut session = Session {
        desk: desk.clone(),
        reader: Arc::clone(&reader),
        socket,
        language,
        last_sent: 0,
        greeted: false,
        heard: Instant::now(),
        pace: Pace::default(),
    };
    let code = tokio::select! {
        biased;
        code = reader.end.told() => code,
        code = session.serve(frames) => code,
    };
    session.close(code).await;
    desk.live.readers.remove_agent(&reader);
    viewing::leave(&desk, &reader);
}

struct Session {
    desk: Desk,
    reader: Arc<AgentReader>,
    socket: WebSocket,
    language: Language,
    /// The last event number sent to this reader.
    last_sent: i64,
    greeted: bool,
    heard: Instant,
    pace: Pace,
}

impl Session {
    /// Answers the close code.
    async fn serve(&mut self, mut frames: mpsc::Receiver<AgentFrame>) -> u16 {
        let silence = tokio::time::sleep(HELLO);
        tokio::pin!(silence);
        let mut batch = Vec::with_capacity(8);
        loop {
            let step = tokio::select! {
                () = silence.as_mut() => match self.silent_until() {
                    Some(deadline) => {
                        silence.as_mut().reset(deadline);
                        Ok(())
                    }
                    None => Err(if self.greeted { close::GOING_AWAY } else { close::NO_HELLO }),
                },
                incoming = self.socket.recv() => self.incoming(incoming).await,
                count = frames.recv_many(&mut batch, BURST), if self.greeted => {
                    if count == 0 { Err(close::TOO_SLOW) } else { self.outgoing(&mut batch).await }
                }
            };
            if let Err(code) = step {
                return code;
            }
        }
    }

    /// When the silence will have been too long; none when it is, or when no greeting came in time.
    fn silent_until(&self) -> Option<Instant> {
        let deadline = self.heard + SILENCE;
        (self.greeted && deadline > Instant::now()).then_some(deadline)
    }

    async fn outgoing(&mut self, batch: &mut Vec<AgentFrame>) -> Result<(), u16> {
        for frame in batch.drain(..) {
            match frame {
                AgentFrame::Event { number, body } => self.event(number, &body).await?,
                AgentFrame::Plain(text) => self.feed(&text).await?,
                AgentFrame::Snapshot { why } => {
                    let n = self.last_sent;
                    self.feed(&ToClient::Snapshot { n, why }.text()).await?;
                }
            }
        }
        self.socket.flush().await.map_err(|_gone| close::NORMAL)
    }

    /// An event in the reader's own chain. What the replay has sent already is left out.
    async fn event(&mut self, number: i64, body: &str) -> Result<(), u16> {
        if number <= self.last_sent {
            return Ok(());
        }
        let frame = format!(r#"{{"t":"event","n":{number},"prev":{},"event":{body}}}"#, self.last_sent);
        self.last_sent = number;
        self.feed(&frame).await
    }

    async fn feed(&mut self, text: &str) -> Result<(), u16> {
        self.socket.feed(Message::Text(text.into())).await.map_err(|_gone| close::NORMAL)
    }

    async fn send(&mut self, frame: ToClient<'_>) -> Result<(), u16> {
        self.feed(&frame.text()).await?;
        self.socket.flush().await.map_err(|_gone| close::NORMAL)
    }

    async fn incoming(&mut self, incoming: Option<Result<Message, axum::Error>>) -> Result<(), u16> {
        self.heard = Instant::now();
        let text = match incoming {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => return Err(close::BAD_FRAME),
            Some(Ok(Message::Close(_))) | None => return Err(close::NORMAL),
            Some(Err(error)) => return Err(code_of(&error)),
        };
        self.pace.count()?;
        let frame: FromAgent = serde_json::from_str(&text).map_err(|_not_a_frame| close::BAD_FRAME)?;
        if !self.greeted && !matches!(frame, FromAgent::Hello { .. }) {
            return Err(close::BAD_FRAME);
        }
        match self.act(frame).await {
            Ok(step) => step,
            Err(error) => {
                let language = self.language;
                self.send(ToClient::refused(None, &error, language)).await
            }
        }
    }

    async fn act(&mut self, frame: FromAgent) -> Result<Result<(), u16>> {
        match frame {
            FromAgent::Hello { since, watching } => {
                self.watch(watching);
                return self.greet(since).await;
            }
            FromAgent::Watch { conversations } => self.watch(conversations),
            FromAgent::Typing { conversation, on } => self.typing(conversation, on).await?,
            FromAgent::Viewing { conversation } => viewing::turn(&self.desk, &self.reader, conversation).await?,
            FromAgent::Read { conversation, seq } => self.read(conversation, seq).await?,
            FromAgent::Ping {} => return Ok(self.send(ToClient::Pong {}).await),
            FromAgent::Unknown => return Err(Error::refused(ErrorCode::UnknownFrame)),
        }
        Ok(Ok(()))
    }

    fn watch(&self, mut conversations: Vec<ConversationId>) {
        conversations.truncate(WATCHING_MAX);
        *self.reader.watching.write() = conversations;
    }

    async fn greet(&mut self, since: Option<i64>) -> Result<Result<(), u16>> {
        let replayed = match replay(&self.desk, &self.reader, since).await {
            Ok(replayed) => replayed,
            Err(error) => {
                tracing::error!(?error, "a console could not be told what it has missed");
                return Ok(Err(close::TOO_SLOW));
            }
        };
        self.greeted = true;
        Ok(self.tell_replay(replayed, since).await)
    }

    async fn tell_replay(&mut self, replayed: Replay, since: Option<i64>) -> Result<(), u16> {
        match replayed {
            Replay::Events { last, events } => {
                // The chain begins where the client stands: numbers that are not for this reader stay out of it.
                self.last_sent = since.unwrap_or(last);
                self.feed(&ToClient::WelcomeAgent { n: last, resumed: true }.text()).await?;
                for (number, body) in events {
                    self.event(number, &body).await?;
                }
            }
            Replay::Snapshot { last, why } => {
                self.last_sent = last;
                self.feed(&ToClient::WelcomeAgent { n: last, resumed: false }.text()).await?;
                self.feed(&ToClient::Snapshot { n: last, why }.text()).await?;
            }
        }
        self.desk.live.rows.count_again(self.reader.workspace);
        self.desk.live.teams.greet(self.reader.workspace, self.reader.socket);
        self.socket.flush().await.map_err(|_gone| close::NORMAL)
    }

    async fn typing(&mut self, conversation: ConversationId, on: bool) -> Result<()> {
        let Some(place) = viewing::visible(&self.desk, &self.reader, conversation).await? else { return Ok(()) };
        let name = Some(self.reader.scope.read().name.clone());
        let whispered =
            Whisper::Typing { place, from: AuthorKind::Agent, name, on, socket: Some(self.reader.socket), text: None };
        whisper(&self.desk, self.reader.workspace, &whispered);
        Ok(())
    }

    /// Moves the agents' side's mark; peeking at what is not one's own leaves none (P-028).
    async fn read(&mut self, conversation: ConversationId, seq: i64) -> Result<()> {
        let Some(place) = viewing::visible(&self.desk, &self.reader, conversation).await? else { return Ok(()) };
        let agent = self.reader.agent().0;
        if place.assignee != Some(agent) {
            return Ok(());
        }
        let workspace = self.reader.workspace;
        let moved = self.desk.write(MoveMarks {
            workspace,
            conversation,
            reader: Reader::Agent(agent),
            delivered: seq,
            read: seq,
        });
        if let Some(moved) = moved.await?.filter(|moved| moved.has_moved) {
            let whispered = Whisper::marks(place, &moved);
            whisper(&self.desk, workspace, &whispered);
        }
        Ok(())
    }

    async fn close(&mut self, code: u16) {
        let frame = CloseFrame { code, reason: "".into() };
        // The other side may be gone already.
        let _ = tokio::time::timeout(FAREWELL, self.socket.send(Message::Close(Some(frame)))).await;
    }
}

/// The close code of a broken read: too large a frame is told apart.
pub fn code_of(error: &axum::Error) -> u16 {
    let text = error.to_string();
    if text.contains("too long") || text.contains("too big") || text.contains("exceeds") || text.contains("Space limit")
    {
        close::TOO_LARGE
    } else {
        close::NORMAL
    }
}

/// How fast a client sends frames: at most 200 in 10 s.
pub struct Pace {
    since: Instant,
    count: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { since: Instant::now(), count: 0 }
    }
}

impl Pace {
    const WINDOW: Duration = Duration::from_secs(10);
    const MAX: u32 = 200;

    /// Counts a frame.
    ///
    /// # Errors
    /// The close code, when there were too many.
    pub fn count(&mut self) -> Result<(), u16> {
        self.count_at_most(Self::MAX)
    }

    /// The same with another limit.
    ///
    /// # Errors
    /// The close code, when there were too many.
    pub fn count_at_most(&mut self, most: u32) -> Result<(), u16> {
        let now = Instant::now();
        if now.duration_since(self.since) > Self::WINDOW {
            *self = Self { since: now, count: 0 };
        }
        self.count += 1;
        if self.count > most { Err(close::TOO_MANY) } else { Ok(()) }
    }
}
