//! One visitor's socket: what comes in and goes out, in the conversation's own order.

mod acting;
mod hello;
mod sending;

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use balcao_types::{ClientId, ContactId, ErrorCode, Language, Place};
use futures_util::SinkExt;
use tokio::{sync::mpsc, time::Instant};

use super::{
    agent_socket::{BURST, FAREWELL, HELLO, Pace, SILENCE, code_of},
    frames::{FromVisitor, ToClient, close},
    readers::{End, VisitorFrame, VisitorReader},
    sequencer::Sequencer,
};
use crate::{
    Desk,
    connections::Site,
    conversations::Page,
    error::{Error, Result},
    http::ClientAddress,
    visitors::Ticket,
};
use sending::{Opened, Sends, Stored, opened};

/// Who has opened the socket, before the ticket says more.
pub struct Guest {
    pub address: ClientAddress,
    pub language: Language,
    pub user_agent: Option<String>,
    pub browser_language: Option<String>,
}

/// Serves the socket until either side ends it.
pub async fn run(desk: Desk, socket: WebSocket, guest: Guest) {
    let end = Arc::new(End::default());
    let mut session = Box::new(Session {
        end: Arc::clone(&end),
        desk,
        socket,
        guest,
        visitor: None,
        sequencer: Sequencer::default(),
        sends: Sends::default(),
        pace: Pace::default(),
        page: None,
        standing: None,
        typing: None,
        previews: Pace::default(),
        heard: None,
    });
    let code = tokio::select! {
        biased;
        code = end.told() => code,
        code = session.serve() => code,
    };
    session.leave();
    let frame = CloseFrame { code, reason: "".into() };
    let closing = session.socket.send(Message::Close(Some(frame)));
    // The other side may be gone already.
    let _ = tokio::time::timeout(FAREWELL, closing).await;
}

struct Session {
    end: Arc<End>,
    desk: Desk,
    socket: WebSocket,
    guest: Guest,
    visitor: Option<Visitor>,
    sequencer: Sequencer,
    sends: Sends,
    pace: Pace,
    page: Option<Page>,
    /// Under which this panel stands on the board of who is on the site.
    standing: Option<ContactId>,
    /// The conversation in which the visitor was last said to be typing.
    typing: Option<Place>,
    /// How often what is typed is shown.
    previews: Pace,
    /// When the greeted client was last heard.
    heard: Option<Instant>,
}

/// Who the visitor is, once a ticket has said so.
struct Visitor {
    ticket: Ticket,
    site: Arc<Site>,
    reader: Arc<VisitorReader>,
    frames: mpsc::Receiver<VisitorFrame>,
}

/// What happened next on the socket.
enum Step {
    Incoming(Option<Result<Message, axum::Error>>),
    Outgoing(Vec<VisitorFrame>),
    Stored(Stored),
    Opened(Opened),
    End(u16),
}

impl Session {
    /// Answers the close code.
    async fn serve(&mut self) -> u16 {
        let silence = tokio::time::sleep(HELLO);
        tokio::pin!(silence);
        loop {
            let step = tokio::select! {
                // Acknowledgements before the entries that came after them, so that numbers rise without a gap.
                biased;
                stored = self.sends.writing_on.next() => Step::Stored(stored),
                () = silence.as_mut() => match self.silent_until() {
                    Some(deadline) => {
                        silence.as_mut().reset(deadline);
                        continue;
                    }
                    None => Step::End(if self.visitor.is_some() { close::GOING_AWAY } else { close::NO_HELLO }),
                },
                incoming = self.socket.recv() => Step::Incoming(incoming),
                frames = next_frames(&mut self.visitor) => frames,
                opened = opened(&mut self.sends.opening) => Step::Opened(opened),
            };
            if let Err(code) = self.step(step).await {
                return code;
            }
        }
    }

    /// When the silence will have been too long; none when it is, or when no greeting came in time.
    fn silent_until(&self) -> Option<Instant> {
        let deadline = self.heard? + SILENCE;
        (deadline > Instant::now()).then_some(deadline)
    }

    /// The rare ways are boxed, so that a silent socket stays small.
    async fn step(&mut self, step: Step) -> Result<(), u16> {
        match step {
            Step::End(code) => Err(code),
            Step::Incoming(incoming) => self.incoming(incoming).await,
            Step::Outgoing(frames) => self.outgoing(frames).await,
            Step::Stored(stored) => self.stored(stored).await,
            Step::Opened(opened) => Box::pin(self.opened(opened)).await,
        }
    }

    async fn outgoing(&mut self, frames: Vec<VisitorFrame>) -> Result<(), u16> {
        let mut out = Vec::with_capacity(frames.len());
        for frame in frames {
            match frame {
                VisitorFrame::Entry { conversation, seq, text } => {
                    self.sequencer.entry(conversation, seq, text, &mut out);
                }
                VisitorFrame::Plain(text) => out.push(text),
            }
        }
        self.send_all(out).await
    }

    async fn send_all(&mut self, frames: Vec<Arc<str>>) -> Result<(), u16> {
        if frames.is_empty() {
            return Ok(());
        }
        for text in frames {
            self.socket.feed(Message::Text((&*text).into())).await.map_err(|_gone| close::NORMAL)?;
        }
        self.socket.flush().await.map_err(|_gone| close::NORMAL)
    }

    async fn send(&mut self, frame: ToClient<'_>) -> Result<(), u16> {
        self.send_all(vec![frame.text()]).await
    }

    async fn refuse(&mut self, id: Option<ClientId>, error: &Error) -> Result<(), u16> {
        if let Error::Failed(text) = error {
            tracing::error!(error = text, "a visitor's frame failed");
        }
        // The ticket is good for nobody any more: with a fresh one the client sends again what it has kept.
        if error.code() == ErrorCode::Unauthenticated {
            return Err(close::SESSION_ENDED);
        }
        self.send(ToClient::refused(id, error, self.guest.language)).await
    }

    async fn incoming(&mut self, incoming: Option<Result<Message, axum::Error>>) -> Result<(), u16> {
        let text = match incoming {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                self.heard = self.visitor.is_some().then(Instant::now);
                return Ok(());
            }
            Some(Ok(Message::Binary(_))) => return Err(close::BAD_FRAME),
            Some(Ok(Message::Close(_))) | None => return Err(close::NORMAL),
            Some(Err(error)) => return Err(code_of(&error)),
        };
        let frame = FromVisitor::read(&text).map_err(|_not_a_frame| close::BAD_FRAME)?;
        if let FromVisitor::Send(message) = frame {
            self.heard = self.visitor.is_some().then(Instant::now);
            return self.message(*message).await;
        }
        self.pace.count()?;
        Box::pin(self.act(frame)).await?;
        self.heard = self.visitor.is_some().then(Instant::now);
        Ok(())
    }

    async fn act(&mut self, frame: FromVisitor) -> Result<(), u16> {
        if let FromVisitor::Hello { ticket, conversation, since, language } = frame {
            let asked = language.and_then(|tag| Language::from_accept_language(&tag));
            self.guest.language = asked.unwrap_or(self.guest.language);
            return self.hello(&ticket, conversation, since).await;
        }
        if self.visitor.is_none() {
            return Err(close::BAD_FRAME);
        }
        let done = match frame {
            FromVisitor::Typing { on, text } => self.typing(on, text).await,
            FromVisitor::Marks { conversation, delivered, read } => self.marks(conversation, delivered, read).await,
            FromVisitor::Close { conversation } => self.close_conversation(conversation).await,
            FromVisitor::Return { conversation } => self.return_conversation(conversation).await,
            FromVisitor::Page(page) => {
                self.page = page.checked();
                self.page_changed().await
            }
            FromVisitor::Ping {} => return self.send(ToClient::Pong {}).await,
            FromVisitor::Hello { .. } | FromVisitor::Send(_) => Ok(()),
            FromVisitor::Unknown => Err(Error::refused(ErrorCode::UnknownFrame)),
        };
        match done {
            Ok(()) => Ok(()),
            Err(error) => self.refuse(None, &error).await,
        }
    }
}

async fn next_frames(visitor: &mut Option<Visitor>) -> Step {
    let Some(visitor) = visitor else { return std::future::pending().await };
    let mut frames = Vec::new();
    match visitor.frames.recv_many(&mut frames, BURST).await {
        0 => Step::End(close::TOO_SLOW),
        _ => Step::Outgoing(frames),
    }
}
