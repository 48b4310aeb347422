//! What a visitor does besides sending messages: typing, marks, ending the conversation, going to another page.

use std::sync::Arc;

use balcao_types::{
    AuthorKind, ConversationId, Place, Timestamp,
    rules::text::{has_forbidden_character, is_blank},
};

use super::{
    super::whisper::{Whisper, whisper},
    Session,
};
use crate::{
    connections::Site,
    conversations::{self, CloseByVisitor, Model, MoveMarks, Reader, ReturnByVisitor, Visit},
    error::{Error, Result},
    on_site::{self, Arrival},
    visitors::open_site,
};

/// How much of what is typed is shown, in characters.
const PREVIEW_LENGTH: usize = 1_000;
/// How often, in ten seconds.
const PREVIEWS_MAX: u32 = 30;
/// A silence of so many seconds lies between two visits.
const VISIT_SECONDS: i64 = 1_800;

impl Session {
    pub(super) async fn typing(&mut self, on: bool, text: Option<String>) -> Result<()> {
        let Some((place, site)) = self.own_place(self.sequencer.conversation()).await? else { return Ok(()) };
        let text = match text.filter(|text| on && !is_blank(text)) {
            Some(text) => self.preview(text).await?,
            None => None,
        };
        self.typing = on.then_some(place);
        let whispered = Whisper::Typing { place, from: AuthorKind::Visitor, name: None, on, socket: None, text };
        whisper(&self.desk, site.workspace, &whispered);
        Ok(())
    }

    /// What may be shown of what is typed: where the company shows it now, whatever it said when the panel came; not too often, not too much.
    async fn preview(&mut self, text: String) -> Result<Option<String>> {
        let Some(visitor) = &self.visitor else { return Ok(None) };
        if self.previews.count_at_most(PREVIEWS_MAX).is_err() || !visitor.site.settings.typing_preview {
            return Ok(None);
        }
        let site = open_site(&self.desk, &visitor.ticket).await?;
        let is_shown = site.settings.typing_preview;
        let plain = |c: &char| !has_forbidden_character(c.encode_utf8(&mut [0; 4]));
        Ok(is_shown.then(|| text.chars().filter(plain).take(PREVIEW_LENGTH).collect()))
    }

    /// Nobody types here any more: the panel was closed.
    pub(super) fn stop_typing(&mut self) {
        let (Some(place), Some(visitor)) = (self.typing.take(), &self.visitor) else { return };
        let whispered =
            Whisper::Typing { place, from: AuthorKind::Visitor, name: None, on: false, socket: None, text: None };
        whisper(&self.desk, visitor.site.workspace, &whispered);
    }

    pub(super) async fn marks(&mut self, conversation: ConversationId, delivered: i64, read: i64) -> Result<()> {
        let Some((place, site)) = self.own_place(Some(conversation)).await? else { return Ok(()) };
        let workspace = site.workspace;
        let moved =
            self.desk.write(MoveMarks { workspace, conversation, reader: Reader::Visitor, delivered, read }).await?;
        if let Some(moved) = moved.filter(|moved| moved.has_moved) {
            let whispered = Whisper::marks(place, &moved);
            whisper(&self.desk, workspace, &whispered);
        }
        Ok(())
    }

    pub(super) async fn close_conversation(&mut self, conversation: ConversationId) -> Result<()> {
        let Some((place, site)) = self.own_place(Some(conversation)).await? else { return Err(Error::not_found()) };
        if !site.settings.visitor_may_close {
            return Err(Error::forbidden());
        }
        let (workspace, contact) = (site.workspace, place.contact);
        self.desk.write(CloseByVisitor { workspace, contact, conversation }).await
    }

    pub(super) async fn return_conversation(&mut self, conversation: ConversationId) -> Result<()> {
        let Some((place, site)) = self.own_place(Some(conversation)).await? else { return Err(Error::not_found()) };
        let (workspace, contact) = (site.workspace, place.contact);
        self.desk.write(ReturnByVisitor { workspace, contact, conversation }).await
    }

    /// The visitor is on a page: what is new of that stands beside the conversation.
    pub(super) async fn page_changed(&mut self) -> Result<()> {
        let (Some(visitor), Some(page)) = (&self.visitor, &self.page) else { return Ok(()) };
        let workspace = visitor.site.workspace;
        let (board, node, now) = (&self.desk.live.on_site, self.desk.bus.node(), self.desk.clock.now());
        if let Some(standing) = self.standing {
            let Some(guest) = board.turn_to((workspace, node), standing.0, page, now) else { return Ok(()) };
            on_site::tell(&self.desk, workspace, guest);
        }
        let Some((place, _)) = self.own_place(self.sequencer.conversation()).await? else { return Ok(()) };
        let visit = self.visit();
        let (page, pages) = (visit.page.clone(), visit.pages.clone());
        let conversation = place.conversation;
        if self.desk.write(conversations::NoteVisit { workspace, conversation, visit }).await? {
            whisper(&self.desk, workspace, &Whisper::Page { place, page, pages });
        }
        Ok(())
    }

    /// Where the visitor is and was, and with what.
    pub(super) fn visit(&self) -> Visit {
        let workspace = self.visitor.as_ref().map(|visitor| visitor.site.workspace);
        let node = self.desk.bus.node();
        let known = workspace.zip(self.standing);
        let pages = known.map(|(workspace, standing)| self.desk.live.on_site.pages((workspace, node), standing.0));
        Visit {
            page: self.page.clone(),
            pages: pages.unwrap_or_default(),
            user_agent: self.guest.user_agent.clone(),
            language: self.guest.browser_language.clone(),
        }
    }

    /// Puts the visitor on the board of who is on the site. `last`: their conversation.
    pub(super) fn stand(&mut self, last: Option<&Model>) {
        let Some(visitor) = &self.visitor else { return };
        if self.standing.is_some() {
            return;
        }
        let (site, contact, now) = (&visitor.site, visitor.ticket.contact, self.desk.clock.now());
        let lately = |at: Timestamp| now.seconds_since(at) < VISIT_SECONDS;
        // A visit that began before this node knew of it.
        let before = last.filter(|last| !last.state.is_closed()).map(|last| last.visit().pages).unwrap_or_default();
        let come = Arrival {
            id: contact.0,
            connection: site.id,
            department: site.department,
            contact: Some(contact),
            is_returning: last.is_some_and(|last| !lately(last.opened_at)),
            pages: if before.last().is_some_and(|page| lately(page.since)) { before } else { Vec::new() },
        };
        let place = (site.workspace, self.desk.bus.node());
        if let Some(guest) = self.desk.live.on_site.arrive(place, come, now) {
            self.standing = Some(contact);
            on_site::tell(&self.desk, place.0, guest);
        }
    }

    /// Takes this panel off the board.
    pub(super) fn step_off(&mut self) {
        let (Some(standing), Some(visitor)) = (self.standing.take(), &self.visitor) else { return };
        let place = (visitor.site.workspace, self.desk.bus.node());
        if let Some(guest) = self.desk.live.on_site.leave(place, standing.0, self.desk.clock.now()) {
            on_site::tell(&self.desk, place.0, guest);
        }
    }

    /// Where one of the visitor's own conversations stands.
    async fn own_place(&mut self, conversation: Option<ConversationId>) -> Result<Option<(Place, Arc<Site>)>> {
        let (Some(visitor), Some(conversation)) = (&self.visitor, conversation) else { return Ok(None) };
        let place = conversations::place_of(self.desk.store.read(), visitor.site.workspace, conversation).await?;
        Ok(place
            .filter(|place| place.contact == visitor.ticket.contact)
            .map(|place| (place, Arc::clone(&visitor.site))))
    }
}
