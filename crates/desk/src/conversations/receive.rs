//! A visitor's message that may have to open a conversation: the longer way behind `append.rs`.

use std::{collections::BTreeMap, sync::Arc};

use balcao_platform::store::dialect::for_update;
use balcao_types::{
    Actor, AuthorKind, Channel, ClientId, ContactId, ConversationId, ConversationState, DepartmentId, ErrorCode, Event,
    FileId, MessageKind, TimelineEvent, Timestamp,
    rules::{
        labels::LabelFacts,
        phone,
        text::{has_forbidden_character, is_blank},
    },
};
use jiff::tz::TimeZone;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Statement};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    append::{Append, Appended, Author, earlier_message},
    given::{self, Given},
    message::SystemLine,
    moving::save_place,
    open::{NewConversation, insert_conversation},
    row::Visit,
    said::say_queued,
    table,
    timeline::{Line, add_line},
};
use crate::{
    agents,
    challenges::{self, Admitted},
    checks::Checks,
    connections::Site,
    contacts::{self, ContactFacts, Identity, identify},
    departments,
    error::{Error, Result},
    files::{self, FileKept, Owner},
    labels, privacy, projects,
    routing::{self, Rule},
    tx::{Command, Tx},
    workspaces,
};

/// The longest name a visitor may type, in characters.
const NAME_MAX: usize = 120;

/// What a visitor may have typed before the first message.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct VisitorForm {
    pub name: Option<String>,
    pub email: Option<String>,
    pub department: Option<DepartmentId>,
    /// Anything: agrees to what the company asks.
    pub consent: Option<String>,
    /// By the page's word, with its country's code or without; a number that cannot be one is left out.
    pub phone: Option<String>,
    /// By which the site knows the visitor.
    pub customer_id: Option<String>,
    /// Nobody sees this field; what fills it in is no person.
    #[serde(default)]
    pub website: String,
    /// A solved challenge, where one is needed.
    pub proof: Option<String>,
    /// What else the page says, for the agents: at most 20 texts, names of 40 and values of 300 characters.
    #[serde(default, deserialize_with = "given::texts")]
    #[schema(value_type = Object)]
    pub custom: BTreeMap<String, String>,
}

impl VisitorForm {
    /// Whether the visitor agrees to what the company asks.
    pub fn has_consent(&self) -> bool {
        self.consent.as_deref().is_some_and(|consent| !is_blank(consent))
    }
}

/// A visitor's message.
pub struct Receive {
    pub site: Arc<Site>,
    pub identity: Identity,
    /// The contact of the identity, or the id it will have.
    pub contact: ContactId,
    pub client_id: ClientId,
    pub text: Arc<str>,
    pub file: Option<FileId>,
    pub form: VisitorForm,
    pub visit: Visit,
    /// By what a new conversation may begin.
    pub admitted: Admitted,
}

/// Where a visitor's message went.
#[derive(Clone, Copy, Debug)]
pub struct Received {
    pub conversation: ConversationId,
    pub seq: i64,
    pub at: Timestamp,
}

impl Received {
    /// What a stored message says about itself; none for one without a number for the visitor.
    pub fn of(appended: &Appended) -> Option<Self> {
        match appended {
            Appended::Stored { conversation, message, .. } => {
                Some(Self { conversation: *conversation, seq: message.seq?, at: message.at })
            }
            Appended::LongerWay => None,
        }
    }
}

/// What follows from a conversation's beginning.
struct Begun {
    /// By which it is distributed.
    rule: Rule,
    /// The company's.
    time_zone: String,
}

impl Command for Receive {
    type Answer = Received;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Received> {
        contacts::refuse_erased(&**tx, self.site.workspace, self.contact).await?;
        // A repeat is refused or answered before anything is written.
        if let Some(earlier) = self.earlier(tx).await? {
            return Ok(earlier);
        }
        let known = contacts::by_id(&**tx, self.site.workspace, self.contact).await?;
        let facts = ContactFacts { phone: self.phone(tx).await?, ..self.facts(known.as_ref())? };
        let department = self.department(tx).await?;
        let is_open = self.is_open_for(tx, &department).await?;
        self.require_consent(tx).await?;
        // Before the identity: nobody but this visitor locks it, and it may be refused as long as nothing was written.
        let file = match self.file(tx).await? {
            Ok(file) => file,
            // Another tab's same message may have taken it while this one waited.
            Err(unknown) => return self.earlier(tx).await?.ok_or(unknown),
        };
        challenges::spend(tx, self.site.workspace, &self.admitted).await?;
        // From here on the identity is locked: two first messages at once come one after the other.
        let contact = identify(tx, &self.identity, self.contact, &facts).await?;
        // The same message may have come by another tab while this one waited for the lock.
        if let Some(earlier) = self.earlier(tx).await? {
            return Ok(earlier);
        }
        let (mut conversation, begun) = match self.unfinished(tx, contact).await? {
            Some(conversation) => (conversation, None),
            None => self.begun(tx, contact, (&department, is_open)).await?,
        };
        let line = Line {
            author: self.author(contact),
            kind: MessageKind::Text,
            client_id: self.client_id,
            text: Arc::clone(&self.text),
            file,
            event: None,
        };
        let message = add_line(tx, &mut conversation, line).await?;
        if let Some(file) = self.file {
            files::attach(tx, file, conversation.id, message.position).await?;
        }
        if let Some(Begun { rule, time_zone }) = begun {
            self.label(tx, &conversation, &time_zone).await?;
            routing::assign(tx, &mut conversation, &rule).await?;
            if conversation.state == ConversationState::Queue {
                say_queued(tx, &mut conversation).await?;
            }
        }
        let seq = message.seq.ok_or(Error::Failed("a visitor's message took no seq".to_owned()))?;
        Ok(Received { conversation: conversation.id, seq, at: message.at })
    }
}

impl Receive {
    fn author(&self, contact: ContactId) -> Author {
        Author { kind: AuthorKind::Visitor, id: contact.0, name: None }
    }

    /// The same message, if it is stored already.
    async fn earlier(&self, tx: &Tx<'_>) -> Result<Option<Received>> {
        let append = Append {
            workspace: self.site.workspace,
            conversation: ConversationId(uuid::Uuid::nil()),
            author: self.author(self.contact),
            kind: MessageKind::Text,
            client_id: self.client_id,
            text: Arc::clone(&self.text),
            file: self.file,
            origin: None,
            order: None,
            scope: None,
        };
        let earlier = earlier_message(tx, &append).await?;
        earlier.map(|earlier| Received::of(&earlier).ok_or(Error::not_found())).transpose()
    }

    /// Where the visitor's last conversation here ended: who goes on writing below it means the same people.
    async fn last_department(&self, tx: &Tx<'_>) -> Result<Option<DepartmentId>> {
        let sql = "SELECT department_id FROM conversations WHERE workspace_id = $1 AND contact_id = $2 AND connection_id = $3 \
                   ORDER BY opened_at DESC LIMIT 1";
        let values = [self.site.workspace.into(), self.contact.into(), self.site.id.into()];
        let row = tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        row.map(|row| Ok(row.try_get("", "department_id")?)).transpose()
    }

    /// The message's file, locked; or the refusal.
    async fn file(&self, tx: &Tx<'_>) -> Result<Result<Option<Arc<FileKept>>>> {
        let Some(file) = self.file else { return Ok(Ok(None)) };
        let owner = Owner { workspace: self.site.workspace, kind: AuthorKind::Visitor, id: self.contact.0 };
        let found = files::lock_attachable(tx, &owner, file).await?;
        Ok(found.map(Some).ok_or(Error::field("file", ErrorCode::FileUnknown)))
    }

    /// Checks the form: what the connection asks for and is not known yet (D-028).
    fn facts(&self, known: Option<&contacts::ContactShown>) -> Result<ContactFacts> {
        let settings = &self.site.settings;
        let mut checks = Checks::default();
        // What nobody can see stands for nothing.
        let typed = |text: &Option<String>| text.clone().filter(|text| !is_blank(text));
        let name = typed(&self.form.name).map(|name| checks.line("form.name", &name, NAME_MAX));
        // A form that came through the socket has not been looked at before.
        if name.as_deref().is_some_and(has_forbidden_character) {
            checks.fault("form.name", ErrorCode::InvalidCharacter);
        }
        let email = typed(&self.form.email).map(|email| checks.email("form.email", &email));
        if settings.ask_name && name.is_none() && known.is_none_or(|contact| contact.name.is_none()) {
            checks.fault("form.name", ErrorCode::Required);
        }
        if settings.ask_email && email.is_none() && known.is_none_or(|contact| contact.email.is_none()) {
            checks.fault("form.email", ErrorCode::Required);
        }
        checks.finish()?;
        Ok(ContactFacts { name, email, phone: None })
    }

    /// The number that the page gave, as it is kept.
    async fn phone(&self, tx: &Tx<'_>) -> Result<Option<String>> {
        let Some(typed) = &self.form.phone else { return Ok(None) };
        let country = workspaces::calling_code(&**tx, self.site.workspace).await?;
        Ok(phone::international(typed, country))
    }

    /// Puts on a new conversation what the labels' rules say (T-203).
    async fn label(&self, tx: &Tx<'_>, conversation: &table::Model, time_zone: &str) -> Result<()> {
        let workspace = self.site.workspace;
        let contact = contacts::by_id(&**tx, workspace, conversation.contact_id).await?.ok_or(Error::not_found())?;
        let now = tx.now().to_jiff().to_zoned(TimeZone::get(time_zone).unwrap_or(TimeZone::UTC));
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        let given = Given::checked(None, None, &self.form.custom);
        let custom: Vec<_> = given.facts.into_iter().map(|fact| (fact.name, fact.value)).collect();
        let facts = LabelFacts {
            department: conversation.department_id,
            connection: conversation.connection_id,
            channel: Channel::Webchat,
            page: self.visit.page.as_ref().map_or("", |page| page.url.as_str()),
            name: &known(&contact.name),
            email: &known(&contact.email),
            phone: &known(&contact.phone),
            message: &self.text,
            weekday: now.weekday().to_monday_one_offset(),
            hour: now.hour(),
            custom: &custom,
        };
        labels::apply_rules(tx, conversation, &facts).await
    }

    /// The conversation that the message reopens or opens; a new one with what follows from its beginning.
    async fn begun(
        &self,
        tx: &mut Tx<'_>,
        contact: ContactId,
        (department, is_open): (&departments::Model, bool),
    ) -> Result<(table::Model, Option<Begun>)> {
        let company = workspaces::by_id(&**tx, self.site.workspace).await?.ok_or(Error::not_found())?;
        if let Some(conversation) = self.reopened(tx, contact, company.settings.late_message_minutes).await? {
            return Ok((conversation, None));
        }
        if !is_open {
            return Err(Error::refused(ErrorCode::ChatOff));
        }
        let new = NewConversation {
            workspace: self.site.workspace,
            project: department.project_id,
            department: department.id,
            connection: self.site.id,
            contact,
            visit: self.visit.clone(),
            given: Given::checked(self.identity.customer(), self.form.customer_id.as_deref(), &self.form.custom),
        };
        let rule = Rule::new(&department.settings()?, &company.settings);
        let conversation = insert_conversation(tx, &new, &company, Actor::visitor()).await?;
        let (who, begins) = ((self.site.workspace, contact), privacy::Begins::Conversation(conversation.id));
        privacy::note_consent(tx, who, &company.settings.privacy, self.form.has_consent(), begins).await?;
        Ok((conversation, Some(Begun { rule, time_zone: company.time_zone })))
    }

    /// What begins a conversation needs the consent that the company asks for; what goes on with one does not.
    async fn require_consent(&self, tx: &Tx<'_>) -> Result<()> {
        let workspace = self.site.workspace;
        let company = workspaces::by_id(&**tx, workspace).await?.ok_or(Error::not_found())?;
        if self.unfinished(tx, self.contact).await?.is_some() {
            return Ok(());
        }
        let (who, is_given) = ((workspace, self.contact), self.form.has_consent());
        privacy::require_consent(tx, who, &company.settings.privacy, is_given, "form.consent").await
    }

    async fn unfinished(&self, tx: &Tx<'_>, contact: ContactId) -> Result<Option<table::Model>> {
        self.find(tx, contact, "state <> 'closed' LIMIT 1").await
    }

    async fn find(&self, tx: &Tx<'_>, contact: ContactId, condition: &str) -> Result<Option<table::Model>> {
        let engine = tx.get_database_backend();
        let sql = format!(
            "SELECT * FROM conversations WHERE workspace_id = $1 AND connection_id = $2 AND contact_id = $3 AND {condition}{}",
            for_update(engine)
        );
        let values = [self.site.workspace.into(), self.site.id.into(), contact.into()];
        let row = tx.query_one_raw(Statement::from_sql_and_values(engine, sql, values)).await?;
        Ok(row.map(|row| table::Model::from_query_result(&row, "")).transpose()?)
    }

    /// A late message reopens for the same agent, while that agent is online and may still answer there (D-027).
    async fn reopened(&self, tx: &mut Tx<'_>, contact: ContactId, minutes: u32) -> Result<Option<table::Model>> {
        let workspace = self.site.workspace;
        let Some(mut conversation) = self.find(tx, contact, "state = 'closed' ORDER BY closed_at DESC LIMIT 1").await?
        else {
            return Ok(None);
        };
        if !self.may_reopen(tx, &conversation, minutes).await? {
            return Ok(None);
        }
        let before = conversation.place();
        conversation.state = ConversationState::Open;
        save_place(tx, &mut conversation).await?;
        let said = SystemLine { code: TimelineEvent::ReopenedByVisitor, name: None, target: None };
        let line = Line::system(tx, &conversation, said);
        add_line(tx, &mut conversation, line).await?;
        tx.emit(
            workspace,
            Event::ConversationReopened { before, place: conversation.place(), actor: Actor::visitor() },
        )?;
        Ok(Some(conversation))
    }

    /// Whether a late message reopens a closed conversation: whoever had it is still there, and it was closed a moment ago (D-027).
    async fn may_reopen(&self, tx: &Tx<'_>, closed: &table::Model, minutes: u32) -> Result<bool> {
        let now = tx.now();
        let earliest = now.plus_seconds(-60 * i64::from(minutes));
        let (Some(closed_at), Some(assignee)) = (closed.closed_at, closed.assignee_id) else { return Ok(false) };
        let agent = agents::agent_by_id(&**tx, self.site.workspace, assignee, now).await?;
        Ok(closed_at > earliest && agent.is_some_and(|agent| agent.is_ready_in(closed.department_id)))
    }

    /// Whether the department's project takes new conversations. Where it does not, what would begin one is refused before anything is
    /// written; what is under way goes on, and so does what was closed a moment ago.
    async fn is_open_for(&self, tx: &Tx<'_>, department: &departments::Model) -> Result<bool> {
        let workspace = self.site.workspace;
        if projects::is_open_for(&**tx, workspace, department.project_id).await? {
            return Ok(true);
        }
        let company = workspaces::by_id(&**tx, workspace).await?.ok_or(Error::not_found())?;
        let last = table::Entity::find()
            .filter(table::Column::WorkspaceId.eq(workspace))
            .filter(table::Column::ContactId.eq(self.contact))
            .filter(table::Column::ConnectionId.eq(self.site.id))
            .order_by_desc(table::Column::OpenedAt)
            .one(&**tx)
            .await?;
        let goes_on = match &last {
            Some(last) if !last.state.is_closed() => true,
            Some(last) => self.may_reopen(tx, last, company.settings.late_message_minutes).await?,
            None => false,
        };
        if goes_on { Ok(false) } else { Err(Error::refused(ErrorCode::ChatOff)) }
    }

    /// The connection's department, else the visitor's choice, else the one they last spoke with, else the default; an inactive one falls back
    /// (T-047).
    async fn department(&self, tx: &Tx<'_>) -> Result<departments::Model> {
        let workspace = self.site.workspace;
        if let Some(department) = self.site.department.or(self.form.department) {
            let active = departments::hold_active_department(tx, workspace, department).await?;
            match (active, self.site.department) {
                (Some(active), _) => return Ok(active),
                (None, None) => return Err(Error::field("form.department", ErrorCode::DepartmentUnknown)),
                (None, Some(_)) => {}
            }
        } else if let Some(before) = self.last_department(tx).await?
            && let Some(active) = departments::hold_active_department(tx, workspace, before).await?
            && projects::is_open_for(&**tx, workspace, active.project_id).await?
        {
            return Ok(active);
        }
        if let Some(offered) = projects::offered_department(&**tx, workspace).await? {
            return Ok(offered);
        }
        departments::default_department(&**tx, workspace).await?.ok_or(Error::not_found())
    }
}
