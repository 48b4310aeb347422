//! A customer leaves a message while nobody is online.

use std::sync::Arc;

use balcao_types::{
    AuthorKind, ClientId, ContactId, DepartmentId, ErrorCode, Event, FileId, Language, OfflineMessageId, OfflineState,
    settings::WhenOffline,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use super::{
    convert::convert,
    lock::one,
    table::{ActiveModel, Column, Entity, Model, search_key},
};
use crate::{
    challenges::{self, Admitted},
    connections::Site,
    contacts::{self, ContactFacts, next_value},
    conversations::Page,
    departments,
    error::{Error, Result},
    files::{self, Owner},
    privacy::{self, Begins},
    projects,
    tx::{Command, Tx},
    workspaces,
};

/// Leaves a message: checked, counted, and never left twice under one id.
pub struct Leave {
    pub site: Arc<Site>,
    pub sender: ContactId,
    pub client_id: ClientId,
    pub language: Language,
    pub name: String,
    pub email: String,
    pub department: Option<DepartmentId>,
    pub text: String,
    /// In their order, each once.
    pub files: Vec<FileId>,
    pub page: Option<Page>,
    pub has_consent: bool,
    /// By what it may be left.
    pub admitted: Admitted,
}

impl Command for Leave {
    type Answer = OfflineMessageId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<OfflineMessageId> {
        if let Some(earlier) = self.earlier(tx).await? {
            return Ok(earlier);
        }
        contacts::refuse_erased(&**tx, self.site.workspace, self.sender).await?;
        let company = workspaces::by_id(&**tx, self.site.workspace).await?.ok_or(Error::not_found())?;
        let (who, privacy) = ((self.site.workspace, self.sender), &company.settings.privacy);
        privacy::require_consent(tx, who, privacy, self.has_consent, "consent").await?;
        let department = self.department(tx).await?;
        self.refuse_switched_off(tx, &department).await?;
        let department = department.id;
        let owner = Owner { workspace: self.site.workspace, kind: AuthorKind::Visitor, id: self.sender.0 };
        for file in &self.files {
            if files::lock_attachable(tx, &owner, *file).await?.is_none() {
                // Another tab's same message may have taken it while this one waited.
                let unknown = Error::field("files", ErrorCode::FileUnknown);
                return self.earlier(tx).await?.ok_or(unknown);
            }
        }
        challenges::spend(tx, self.site.workspace, &self.admitted).await?;
        let id = OfflineMessageId(tx.clock().new_id());
        let number = next_value(tx, self.site.workspace, "offline_message").await?;
        let double =
            OnConflict::columns([Column::WorkspaceId, Column::SenderId, Column::ClientId]).do_nothing().to_owned();
        // The counter's row stays locked until the commit: of two messages of somebody unknown only one makes the contact.
        let facts = ContactFacts { name: Some(self.name.clone()), email: Some(self.email.clone()), phone: None };
        let contact = contacts::contact_by_email(tx, self.site.workspace, self.sender, &facts).await?;
        // Whoever erases has waited for this message, or this one for them.
        contacts::refuse_erased(&**tx, self.site.workspace, self.sender).await?;
        Entity::insert(self.row(tx, (id, number), department, contact))
            .on_conflict(double)
            .exec_without_returning(&**tx)
            .await?;
        let kept = self.found(tx).await?.ok_or(Error::Failed("an offline message was not kept".to_owned()))?;
        if kept.id != id {
            return self.same(tx, &kept).await;
        }
        for file in &self.files {
            files::attach_offline(tx, *file, id, None).await?;
        }
        tx.emit(self.site.workspace, Event::OfflineMessageAdded { message: id, department })?;
        privacy::note_consent(tx, who, privacy, self.has_consent, Begins::OfflineMessage(id)).await?;
        if company.settings.offline_tickets {
            self.convert(tx, id).await?;
        }
        Ok(id)
    }
}

impl Leave {
    fn row(
        &self,
        tx: &Tx<'_>,
        (id, number): (OfflineMessageId, i64),
        department: DepartmentId,
        contact: ContactId,
    ) -> ActiveModel {
        let page = self.page.as_ref();
        ActiveModel {
            workspace_id: Set(self.site.workspace),
            id: Set(id),
            number: Set(number),
            connection_id: Set(self.site.id),
            department_id: Set(department),
            sender_id: Set(self.sender),
            contact_id: Set(Some(contact)),
            client_id: Set(self.client_id),
            language: Set(self.language),
            name: Set(self.name.clone()),
            email: Set(self.email.clone()),
            search_key: Set(search_key(&self.name, &self.email)),
            text: Set(self.text.clone()),
            page_url: Set(page.map(|page| page.url.clone())),
            page_title: Set(page.map(|page| page.title.clone())),
            state: Set(OfflineState::New),
            answered_by: Set(None),
            read_by: Set(None),
            read_at: Set(None),
            ticket_id: Set(None),
            created_at: Set(tx.now()),
            changed_at: Set(tx.now()),
            erased_at: Set(None),
        }
    }

    /// Where the company wants tickets, it goes on as one at once (T-157, T-159).
    async fn convert(&self, tx: &mut Tx<'_>, id: OfflineMessageId) -> Result<()> {
        let message = one(self.site.workspace, id).one(&**tx).await?.ok_or(Error::not_found())?;
        convert(tx, &message, None).await.map(|_ticket| ())
    }

    /// The same message, if it is there already.
    async fn earlier(&self, tx: &Tx<'_>) -> Result<Option<OfflineMessageId>> {
        match self.found(tx).await? {
            Some(model) => self.same(tx, &model).await.map(Some),
            None => Ok(None),
        }
    }

    /// What was left under this id.
    async fn found(&self, tx: &Tx<'_>) -> Result<Option<Model>> {
        let found = Entity::find()
            .filter(Column::WorkspaceId.eq(self.site.workspace))
            .filter(Column::SenderId.eq(self.sender))
            .filter(Column::ClientId.eq(self.client_id));
        Ok(found.one(&**tx).await?)
    }

    /// Refuses to pass for what was left under this id where anything that the customer said is another: it would be lost.
    async fn same(&self, tx: &Tx<'_>, kept: &Model) -> Result<OfflineMessageId> {
        let held = files::of_offline_message(&**tx, self.site.workspace, kept.id).await?;
        // Later ones are in entries of their own.
        let mut held: Vec<FileId> =
            held.into_iter().filter(|(entry, _)| entry.is_none()).map(|(_, file)| file.id).collect();
        held.sort_unstable();
        // The connection's own department goes before the customer's.
        let chosen = self.department.filter(|_| self.site.department.is_none());
        let is_same = (&kept.name, &kept.email, &kept.text) == (&self.name, &self.email, &self.text)
            && chosen.is_none_or(|chosen| chosen == kept.department_id)
            && held == self.files;
        if is_same { Ok(kept.id) } else { Err(Error::refused(ErrorCode::ClientIdReused)) }
    }

    /// The connection's department, else the customer's choice, else the default; an inactive one falls back (T-047).
    async fn department(&self, tx: &Tx<'_>) -> Result<departments::Model> {
        let workspace = self.site.workspace;
        if let Some(department) = self.site.department.or(self.department) {
            let active = departments::hold_active_department(tx, workspace, department).await?;
            match (active, self.site.department) {
                (Some(active), _) => return Ok(active),
                (None, None) => return Err(Error::field("department", ErrorCode::DepartmentUnknown)),
                (None, Some(_)) => {}
            }
        }
        departments::default_department(&**tx, workspace).await?.ok_or(Error::not_found())
    }

    /// Refuses where the connection takes no such messages (T-150), and where the project has no chat. Who is online meanwhile, and whether
    /// mail is set up any more, does not matter: the form was open before, and what is written in it is kept.
    async fn refuse_switched_off(&self, tx: &Tx<'_>, department: &departments::Model) -> Result<()> {
        let is_open = self.site.settings.when_offline != WhenOffline::Conversation
            && projects::is_open_for(&**tx, self.site.workspace, department.project_id).await?;
        if is_open { Ok(()) } else { Err(Error::refused(ErrorCode::ChatOff)) }
    }
}
