//! A visitor's messages on their way to the store and their acknowledgements back.

use std::{collections::VecDeque, sync::Arc};

use balcao_types::{AuthorKind, ClientId, ConversationId, FileId, MessageKind};
use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::mpsc;

use super::{
    super::frames::{ConversationShown, SendFrame, ToClient, close},
    Session, Visitor,
};
use crate::{
    conversations::{self, Append, Appended, Author, InOrder, Page, Received, check_said},
    error::{Error, Result},
    visitors::{VisitorMessage, count_message, receive, thanked},
};

/// How many messages of one visitor may be on their way to the store.
const IN_FLIGHT_MAX: usize = 64;

pub type Stored = (Box<Pending>, Result<Appended>);
pub type Opened = (ClientId, Result<Received>);

/// Messages on their way: those that just write on go to the store together; those that may open a conversation go one by one, in order.
#[derive(Default)]
pub struct Sends {
    pub writing_on: WritingOn,
    /// In the order of their arrival. They go on once nothing that came before them is on its way.
    waiting: VecDeque<Box<Pending>>,
    arrived: u64,
    pub opening: Option<BoxFuture<'static, Opened>>,
}

impl Sends {
    fn count(&self) -> usize {
        self.writing_on.count + self.waiting.len() + usize::from(self.opening.is_some())
    }

    /// Whether nothing waits, and nothing that waited is on its way.
    fn has_none_before(&self) -> bool {
        self.waiting.is_empty() && self.opening.is_none()
    }

    /// Has a message wait, behind those that arrived before it.
    fn wait(&mut self, pending: Box<Pending>) {
        let place = self.waiting.partition_point(|other| other.arrival < pending.arrival);
        self.waiting.insert(place, pending);
    }
}

/// Messages that the store has and has not answered yet. The channel is made with the first one: most visitors are silent.
#[derive(Default)]
pub struct WritingOn {
    channel: Option<(mpsc::UnboundedSender<Stored>, mpsc::UnboundedReceiver<Stored>)>,
    order: InOrder,
    count: usize,
}

impl WritingOn {
    fn sender(&mut self) -> mpsc::UnboundedSender<Stored> {
        self.channel.get_or_insert_with(mpsc::unbounded_channel).0.clone()
    }

    /// The next answer; never while there is none to come.
    pub async fn next(&mut self) -> Stored {
        let Some((_, answers)) = &mut self.channel else { return std::future::pending().await };
        // The channel stays open: its sender is kept beside it.
        let Some(stored) = answers.recv().await else { return std::future::pending().await };
        self.answered();
        stored
    }

    /// An answer that is there already.
    fn next_now(&mut self) -> Option<Stored> {
        let stored = self.channel.as_mut()?.1.try_recv().ok()?;
        self.answered();
        Some(stored)
    }

    fn answered(&mut self) {
        self.count -= 1;
        if self.count == 0 {
            self.order.begin_again();
        }
    }
}

/// A message on its way.
pub struct Pending {
    /// Counts the messages of the socket.
    arrival: u64,
    id: ClientId,
    text: Arc<str>,
    file: Option<FileId>,
    form: conversations::VisitorForm,
}

impl Session {
    /// A message: checked, limited, and on its way to the store. It is counted once: as a message, or as a frame when it is refused here.
    pub(super) async fn message(&mut self, frame: SendFrame) -> Result<(), u16> {
        let Some(visitor) = &self.visitor else { return Err(close::BAD_FRAME) };
        let id = frame.id;
        if let Err(error) = self.admit(visitor, &frame) {
            self.pace.count()?;
            return self.refuse(Some(id), &error).await;
        }
        if !frame.form.website.is_empty() {
            let Received { conversation, seq, at } = thanked(&self.desk);
            return self.send(ToClient::Ack { id, conversation, seq, at }).await;
        }
        if let Some(page) = frame.page.and_then(Page::checked) {
            let is_new = self.page.as_ref().is_none_or(|known| known.url != page.url);
            self.page = Some(page);
            if is_new && let Err(error) = Box::pin(self.page_changed()).await {
                tracing::warn!(?error, "a visitor's page was not noted; the next one is");
            }
        }
        self.sends.arrived += 1;
        let pending = Box::new(Pending {
            arrival: self.sends.arrived,
            id,
            text: frame.text.into(),
            file: frame.file,
            form: frame.form,
        });
        match self.sequencer.conversation() {
            Some(conversation) if pending.file.is_none() && self.sends.has_none_before() => {
                self.write_on(conversation, pending).await
            }
            _ => {
                self.sends.wait(pending);
                self.open_next();
                Ok(())
            }
        }
    }

    fn admit(&self, visitor: &Visitor, frame: &SendFrame) -> Result<()> {
        check_said("text", &frame.text, frame.file)?;
        if self.sends.count() >= IN_FLIGHT_MAX {
            return Err(Error::too_many(1));
        }
        count_message(&self.desk, &visitor.ticket)
    }

    async fn write_on(&mut self, conversation: ConversationId, pending: Box<Pending>) -> Result<(), u16> {
        let Some(visitor) = &self.visitor else { return Ok(()) };
        let append = Append {
            workspace: visitor.site.workspace,
            conversation,
            author: Author { kind: AuthorKind::Visitor, id: visitor.ticket.contact.0, name: None },
            kind: MessageKind::Text,
            client_id: pending.id,
            text: Arc::clone(&pending.text),
            file: None,
            origin: Some(visitor.reader.socket),
            order: Some(self.sends.writing_on.order.clone()),
            scope: None,
        };
        let id = pending.id;
        let to = self.sends.writing_on.sender();
        match self.desk.store.fold_to(append, pending, to).await {
            Ok(()) => {
                self.sends.writing_on.count += 1;
                Ok(())
            }
            Err(stopped) => self.refuse(Some(id), &stopped.into()).await,
        }
    }

    /// Starts the next message that may open a conversation, unless one before it is on its way.
    pub(super) fn open_next(&mut self) {
        if self.sends.writing_on.count > 0 {
            return;
        }
        let (Some(visitor), None) = (&self.visitor, &self.sends.opening) else { return };
        let Some(pending) = self.sends.waiting.pop_front() else { return };
        let (desk, site, ticket) = (self.desk.clone(), Arc::clone(&visitor.site), visitor.ticket.clone());
        let address = self.guest.address;
        let message = VisitorMessage {
            client_id: pending.id,
            text: pending.text,
            file: pending.file,
            form: pending.form,
            visit: self.visit(),
        };
        self.sends.opening =
            Some(async move { (message.client_id, receive(&desk, site, &ticket, address, message).await) }.boxed());
    }

    pub(super) async fn stored(&mut self, (pending, result): Stored) -> Result<(), u16> {
        let told = match result {
            Ok(appended) => match Received::of(&appended) {
                Some(received) => self.acknowledge(pending.id, received).await,
                None => {
                    self.sends.wait(pending);
                    Ok(())
                }
            },
            Err(error) => self.refuse(Some(pending.id), &error).await,
        };
        self.open_next();
        told
    }

    pub(super) async fn opened(&mut self, (id, result): Opened) -> Result<(), u16> {
        self.sends.opening = None;
        let told = match result {
            Ok(received) => {
                if self.sequencer.conversation() != Some(received.conversation) {
                    self.tell_conversation(received.conversation).await?;
                    self.sequencer.start(Some(received.conversation), received.seq - 1);
                }
                self.acknowledge(id, received).await
            }
            Err(error) => self.refuse(Some(id), &error).await,
        };
        self.open_next();
        told
    }

    async fn tell_conversation(&mut self, conversation: ConversationId) -> Result<(), u16> {
        let Some(visitor) = &self.visitor else { return Ok(()) };
        let (workspace, contact) = (visitor.site.workspace, visitor.ticket.contact);
        let found = conversations::places_of_visitor(self.desk.store.read(), workspace, contact, conversation).await;
        match (found, self.desk.live.board(&self.desk, workspace).await) {
            (Ok(Some(model)), Ok(board)) => {
                visitor.reader.note_answering(&model, &board);
                let shown = ConversationShown::of(&model, visitor.site.settings.visitor_may_close, &board);
                self.send(ToClient::Conversation { conversation: &shown }).await
            }
            // The message is stored; what could not be told now is told by the next hello.
            _ => Err(close::TOO_SLOW),
        }
    }

    async fn acknowledge(&mut self, id: ClientId, received: Received) -> Result<(), u16> {
        let Received { conversation, seq, at } = received;
        let frame = ToClient::Ack { id, conversation, seq, at }.text();
        let mut out = Vec::with_capacity(1);
        self.sequencer.acknowledge(conversation, seq, frame, &mut out);
        // More acknowledgements of the same commit are likely here: one flush for all.
        while let Some((pending, result)) = self.sends.writing_on.next_now() {
            let Some(more) = result.as_ref().ok().and_then(Received::of) else {
                self.send_all(std::mem::take(&mut out)).await?;
                Box::pin(self.stored((pending, result))).await?;
                continue;
            };
            let frame =
                ToClient::Ack { id: pending.id, conversation: more.conversation, seq: more.seq, at: more.at }.text();
            self.sequencer.acknowledge(more.conversation, more.seq, frame, &mut out);
        }
        self.send_all(out).await
    }
}

/// Resolves when the message that may open a conversation is through; never while there is none.
pub async fn opened(opening: &mut Option<BoxFuture<'static, Opened>>) -> Opened {
    match opening {
        Some(opening) => opening.await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use balcao_types::ClientId;
    use uuid::Uuid;

    use super::{Pending, Sends};

    #[test]
    fn what_comes_back_from_the_store_waits_where_it_arrived() {
        let mut sends = Sends::default();
        for arrival in [1, 4, 2, 3] {
            let id = ClientId(Uuid::from_u128(u128::from(arrival)));
            sends.wait(Box::new(Pending { arrival, id, text: "".into(), file: None, form: Default::default() }));
        }
        assert!(sends.waiting.iter().map(|pending| pending.arrival).eq(1..=4));
    }
}
