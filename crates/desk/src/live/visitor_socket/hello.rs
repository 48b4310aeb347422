//! The greeting: the ticket says who it is, the answer brings what was missed.

use std::sync::Arc;

use balcao_types::{ConversationId, ErrorCode};

use super::{
    super::{
        frames::{ConversationShown, Entry, ToClient, VisitorMarks, close},
        readers::NewVisitor,
    },
    Session, Visitor,
};
use crate::{
    connections::Site,
    conversations::{self, Entries, Model},
    error::{Error, Result},
    visitors::{Ticket, open_site},
};

/// How many entries a resume brings at most; further behind, the last ones come instead.
const RESUME_MAX: i64 = 200;
/// How many entries a first look brings.
const FIRST: i64 = 50;

impl Session {
    /// Reads the ticket and answers with what the visitor has missed.
    pub(super) async fn hello(&mut self, ticket: &str, held: Option<ConversationId>, since: i64) -> Result<(), u16> {
        let now = self.desk.clock.now();
        let ticket = self.desk.tickets.verify(ticket, now).ok_or(close::SESSION_ENDED)?;
        let site = match open_site(&self.desk, &ticket).await {
            Ok(site) => site,
            Err(Error::Failed(_)) => return Err(close::GOING_AWAY),
            Err(error) if error.code() == ErrorCode::Unauthenticated => return Err(close::SESSION_ENDED),
            Err(_) => return Err(close::NOT_ALLOWED),
        };
        // Registered before anything is read, so that what happens meanwhile waits in the queue.
        self.join(ticket, site);
        match self.begin(held, since).await {
            Ok(frame) => self.send_all(vec![frame]).await,
            Err(error) => {
                tracing::error!(?error, "a visitor could not be welcomed");
                Err(close::GOING_AWAY)
            }
        }
    }

    fn join(&mut self, ticket: Ticket, site: Arc<Site>) {
        let is_same = self.visitor.as_ref().is_some_and(|visitor| visitor.reader.contact == ticket.contact);
        if let (true, Some(visitor)) = (is_same, &mut self.visitor) {
            visitor.ticket = ticket;
            visitor.site = site;
            return;
        }
        self.leave();
        let (reader, frames) = self.desk.live.readers.add_visitor(NewVisitor {
            workspace: site.workspace,
            connection: site.id,
            contact: ticket.contact,
            department: site.department,
            may_close: site.settings.visitor_may_close,
            end: Arc::clone(&self.end),
        });
        self.visitor = Some(Visitor { ticket, site, reader, frames });
    }

    pub(super) fn leave(&mut self) {
        self.stop_typing();
        self.step_off();
        if let Some(visitor) = self.visitor.take() {
            self.desk.live.readers.remove_visitor(&visitor.reader);
        }
    }

    /// Has the visitor stand among those on the site, and welcomes them.
    async fn begin(&mut self, held: Option<ConversationId>, since: i64) -> Result<Arc<str>> {
        let Some(visitor) = &self.visitor else { return Err(Error::refused(ErrorCode::Unauthenticated)) };
        let (site, contact) = (&visitor.site, visitor.ticket.contact);
        let found =
            conversations::visitor_conversation(self.desk.store.read(), site.workspace, site.id, contact).await?;
        self.stand(found.as_ref());
        self.welcome(found, held, since).await
    }

    async fn welcome(&mut self, found: Option<Model>, held: Option<ConversationId>, since: i64) -> Result<Arc<str>> {
        let Some(visitor) = &self.visitor else { return Err(Error::refused(ErrorCode::Unauthenticated)) };
        let site = &visitor.site;
        let read = self.desk.store.read();
        let board = self.desk.live.board(&self.desk, site.workspace).await?;
        let who = board.for_visitors(site.department);
        let Some(model) = found else {
            self.sequencer.start(None, 0);
            let marks = VisitorMarks::default();
            let welcome = ToClient::WelcomeVisitor {
                who,
                resumed: held.is_none(),
                conversation: None,
                entries: Vec::new(),
                earlier: false,
                marks,
                queue: None,
                previous: None,
            };
            return Ok(welcome.text());
        };
        let resumed =
            held == Some(model.id) && (0..=model.last_seq).contains(&since) && model.last_seq - since <= RESUME_MAX;
        let (which, limit) =
            if resumed { (Entries::After(since), RESUME_MAX) } else { (Entries::Before(i64::MAX), FIRST) };
        let (messages, earlier) = conversations::visitor_entries(read, site.workspace, model.id, which, limit).await?;
        // Too much to resume: what is there begins anew.
        let resumed = resumed && !earlier;
        let links = self.desk.links();
        let entries: Vec<Entry> = messages.iter().filter_map(|message| Entry::of(message, &links)).collect();
        let last = entries.last().map_or(if resumed { since } else { model.last_seq }, |entry| entry.seq);
        let marks = conversations::marks_of(read, site.workspace, model.id).await?.agent;
        self.sequencer.start(Some(model.id), last);
        let previous = conversations::previous_of_visitor(read, &model, &messages).await?;
        visitor.reader.note_answering(&model, &board);
        let conversation = Some(Box::new(ConversationShown::of(&model, site.settings.visitor_may_close, &board)));
        let marks = VisitorMarks { delivered: marks.delivered, read: marks.read };
        let queue = self.desk.live.queues.welcome(&self.desk, &model).await?;
        let welcome = ToClient::WelcomeVisitor { who, resumed, conversation, entries, earlier, marks, queue, previous };
        Ok(welcome.text())
    }
}
