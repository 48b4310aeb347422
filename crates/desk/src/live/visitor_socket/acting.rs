//! What a visitor does besides sending messages: typing, marks, ending the conversation, going to another page.

use std::sync::Arc;

use balcao_types::{AuthorKind, ConversationId, Place};

use super::{
    super::whisper::{Whisper, whisper},
    Session,
};
use crate::{
    connections::Site,
    conversations::{self, CloseByVisitor, MoveMarks, Reader, ReturnByVisitor, Visit},
    error::{Error, Result},
};

impl Session {
    pub(super) async fn typing(&mut self, on: bool) -> Result<()> {
        let Some((place, site)) = self.own_place(self.sequencer.conversation()).await? else { return Ok(()) };
        let whispered = Whisper::Typing { place, from: AuthorKind::Visitor, name: None, on, socket: None };
        whisper(&self.desk, site.workspace, &whispered);
        Ok(())
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

    pub(super) async fn page_changed(&mut self) -> Result<()> {
        let Some((place, site)) = self.own_place(self.sequencer.conversation()).await? else { return Ok(()) };
        let workspace = site.workspace;
        let visit = Visit {
            page: self.page.clone(),
            user_agent: self.guest.user_agent.clone(),
            language: self.guest.browser_language.clone(),
        };
        self.desk.write(conversations::NoteVisit { workspace, conversation: place.conversation, visit }).await?;
        whisper(&self.desk, workspace, &Whisper::Page { place, page: self.page.clone() });
        Ok(())
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
