//! Plays the plan: every line of the sample's past goes through the product's own commands, on a clock wound by hand, in one transaction,
//! so that an interrupted first start leaves an empty installation and not half a company.

use std::sync::Arc;

use balcao_desk::{
    Command, Error, Result, Tx,
    access::{AgentScope, Grant, Scope, ability},
    challenges::Admitted,
    conversations::{
        Append, Author, Close, CloseByVisitor, MoveMarks, Page, Reader, Receive, Reply, ReturnToQueue, Take, Visit,
        VisitorForm,
    },
    files::{Owner, Whole},
    visitors::visitor_identity,
};
use balcao_platform::secrets::new_token;
use balcao_types::{AuthorKind, ClientId, ConversationId, FileId, MessageKind};
use uuid::Uuid;

use super::{
    company::{Founded, found},
    course::{Act, Beat},
    people::Person,
    plan::{Plan, Planned},
    script::PageKind,
};

const BROWSERS: [&str; 5] = [
    "Mozilla/5.0 (Linux; Android 15; SM-A556E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; moto g84 5G) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
];

/// Founds the company and lives through its plan.
pub struct Seed {
    pub plan: Plan,
    /// The password's hashes, one for each colleague.
    pub hashes: Vec<String>,
    /// Where the sample page is, without a trailing slash.
    pub page: String,
    /// The files of the beats that have one, in their order.
    pub files: Vec<Whole>,
}

impl Command for Seed {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        wind(tx, self.plan.founded_at);
        let company = found(tx, &self.hashes).await?;
        let keys = self.plan.people.iter().map(|_| new_token()).collect();
        let known = vec![None; self.plan.conversations.len()];
        let mut stage = Stage { seed: self, company, keys, known, files: self.files.iter() };
        for (index, beat) in &self.plan.beats {
            stage.play(tx, *index, beat).await?;
        }
        Ok(())
    }
}

/// Sets the clock of a command, which a system's clock ignores.
fn wind(tx: &Tx<'_>, at: i64) {
    let now = tx.now().0.div_euclid(1_000_000);
    tx.clock().advance(at - now);
}

struct Stage<'a> {
    seed: &'a Seed,
    company: Founded,
    /// Each person's key, as a browser would keep it.
    keys: Vec<String>,
    /// The conversations that have begun.
    known: Vec<Option<ConversationId>>,
    /// Those that no beat has taken yet.
    files: std::slice::Iter<'a, Whole>,
}

impl Stage<'_> {
    async fn play(&mut self, tx: &mut Tx<'_>, index: usize, beat: &Beat) -> Result<()> {
        wind(tx, beat.at);
        let file = beat.file.and_then(|_| self.files.next());
        if let Act::Write(text) = &beat.act {
            let conversation = self.receive(tx, index, (text, file)).await?;
            if let Some(known) = self.known.get_mut(index) {
                *known = Some(conversation);
            }
            return Ok(());
        }
        let conversation = self.known.get(index).copied().flatten().ok_or(Error::not_found())?;
        match &beat.act {
            Act::Write(_) => Ok(()),
            Act::Take(agent) => Take { may: self.may(tx, *agent, conversation).await? }.run(tx).await,
            Act::Return(agent) => ReturnToQueue { may: self.may(tx, *agent, conversation).await? }.run(tx).await,
            Act::Close(agent) => Close { may: self.may(tx, *agent, conversation).await? }.run(tx).await,
            Act::Reply(agent, text) => self.say(tx, *agent, conversation, (MessageKind::Text, text, file)).await,
            Act::Note(agent, text) => self.say(tx, *agent, conversation, (MessageKind::Note, text, file)).await,
            Act::Leave => self.leave(tx, index, conversation).await,
            Act::AgentReads(agent) => {
                let reader = Reader::Agent(self.company.agent(*agent)?.agent);
                self.mark(tx, conversation, reader, i64::MAX).await
            }
            Act::VisitorReads => self.mark(tx, conversation, Reader::Visitor, i64::MAX).await,
            Act::Arrives => self.mark(tx, conversation, Reader::Visitor, 0).await,
        }
    }

    async fn receive(
        &self,
        tx: &mut Tx<'_>,
        index: usize,
        (text, file): (&str, Option<&Whole>),
    ) -> Result<ConversationId> {
        let (planned, person, key) = self.visitor(index)?;
        let site = self.company.site(person.door);
        let (identity, contact) = visitor_identity(self.company.workspace, site.id, key);
        let file = self.file(tx, (AuthorKind::Visitor, contact.0), file).await?;
        let receive = Receive {
            site,
            identity,
            contact,
            client_id: ClientId(tx.clock().new_id()),
            text: Arc::from(text),
            file,
            form: VisitorForm {
                name: person.name.clone(),
                email: person.email.clone(),
                department: Some(self.company.department(planned.place)),
                ..VisitorForm::default()
            },
            visit: self.visit(planned),
            admitted: Admitted::default(),
        };
        Ok(receive.run(tx).await?.conversation)
    }

    fn visitor(&self, index: usize) -> Result<(&Planned, &Person, &str)> {
        let planned = self.seed.plan.conversations.get(index).ok_or(Error::not_found())?;
        let person = self.seed.plan.people.get(planned.person).ok_or(Error::not_found())?;
        let key = self.keys.get(planned.person).ok_or(Error::not_found())?;
        Ok((planned, person, key))
    }

    fn visit(&self, planned: &Planned) -> Visit {
        let (part, title) = match planned.page {
            PageKind::Home => ("", "Vila Clara Telecom"),
            PageKind::Plans => ("#planos", "Planos de fibra · Vila Clara Telecom"),
            PageKind::Coverage => ("#cobertura", "Cobertura · Vila Clara Telecom"),
            PageKind::Help => ("#ajuda", "Ajuda · Vila Clara Telecom"),
        };
        Visit {
            page: Some(Page { url: format!("{}{part}", self.seed.page), title: title.to_owned() }),
            pages: Vec::new(),
            user_agent: BROWSERS.get(planned.browser % BROWSERS.len()).map(|browser| (*browser).to_owned()),
            language: Some("pt-BR".to_owned()),
        }
    }

    /// The grant of an agent, got as any request gets it.
    async fn may<A>(&self, tx: &Tx<'_>, agent: usize, conversation: ConversationId) -> Result<Grant<A>>
    where
        A: balcao_desk::access::Ability<Subject = ConversationId>,
    {
        let agent: Arc<AgentScope> = self.company.agent(agent)?;
        let scope = Scope { workspace: self.company.workspace, agent };
        Grant::check(scope, conversation, &**tx).await
    }

    async fn say(
        &self,
        tx: &mut Tx<'_>,
        agent: usize,
        conversation: ConversationId,
        (kind, text, file): (MessageKind, &str, Option<&Whole>),
    ) -> Result<()> {
        let may = self.may::<ability::Reply>(tx, agent, conversation).await?;
        let scope = self.company.agent(agent)?;
        let file = self.file(tx, (AuthorKind::Agent, scope.agent.0), file).await?;
        let append = Append {
            workspace: self.company.workspace,
            conversation,
            author: Author { kind: AuthorKind::Agent, id: scope.agent.0, name: Some(scope.name.clone()) },
            kind,
            client_id: ClientId(tx.clock().new_id()),
            text: Arc::from(text),
            file,
            origin: None,
            order: None,
            scope: None,
        };
        Reply { may, append }.run(tx).await.map(drop)
    }

    /// Makes a stored file its sender's.
    async fn file(&self, tx: &Tx<'_>, (kind, id): (AuthorKind, Uuid), file: Option<&Whole>) -> Result<Option<FileId>> {
        let Some(file) = file else { return Ok(None) };
        let owner = Owner { workspace: self.company.workspace, kind, id };
        file.insert(tx, &owner).await.map(Some)
    }

    async fn leave(&self, tx: &mut Tx<'_>, index: usize, conversation: ConversationId) -> Result<()> {
        let (_, person, key) = self.visitor(index)?;
        let site = self.company.site(person.door).id;
        let (_, contact) = visitor_identity(self.company.workspace, site, key);
        CloseByVisitor { workspace: self.company.workspace, contact, conversation }.run(tx).await
    }

    async fn mark(&self, tx: &mut Tx<'_>, conversation: ConversationId, reader: Reader, read: i64) -> Result<()> {
        let workspace = self.company.workspace;
        MoveMarks { workspace, conversation, reader, delivered: i64::MAX, read }.run(tx).await.map(drop)
    }
}
