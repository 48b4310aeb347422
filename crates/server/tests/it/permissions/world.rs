//! Who asks and what is asked for: a company with two departments and everybody in the first, another company beside it, a visitor.

use balcao_desk::{
    Command, Result, Tx,
    agents::{NewAgent, insert_agent},
    departments::insert_department,
};
use balcao_types::{ProjectId, Role, WorkspaceId, settings::AgentSettings};
use reqwest::{Method, header};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use super::table::{Expected, Operation};
use crate::support::{App, Client, PASSWORD, Sender, Socket, client_id, mail::change_mail, until};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    Nobody,
    /// With a ticket and a conversation in the own department.
    Visitor,
    /// The owner of the other company.
    Stranger,
    Viewer,
    Agent,
    /// With the mark on the own department.
    Manager,
    Administrator,
    Owner,
}

impl Principal {
    /// In the order of the table's columns.
    pub const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Visitor,
        Self::Stranger,
        Self::Viewer,
        Self::Agent,
        Self::Manager,
        Self::Administrator,
        Self::Owner,
    ];
}

/// Whose a thing is, as seen from the company's people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The own department's, nobody's in particular.
    Own,
    /// The own department's, and a colleague's.
    Colleagues,
    OtherDepartment,
    OtherWorkspace,
}

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Nothing,
    /// Somebody who works there.
    Person,
    /// An owner of the company.
    Owner,
    /// Somebody who has not accepted yet.
    Invited,
    /// The same, to become an owner.
    InvitedOwner,
    Department,
    Project,
    Connection,
    Label,
    QuickReply,
    /// A conversation, and a label of its company.
    Labelled,
    /// Waiting, or open where it is a colleague's.
    Conversation,
    Closed,
    /// A conversation that the company's owner has just returned to the queue.
    Moved,
    /// The visitor's, where it is the own department's; else another visitor's.
    Visitors,
    /// An upload under way of the company's owner.
    Upload,
    /// A conversation with a note of the company's owner that holds a file.
    Attached,
    /// An upload under way of the visitor, where it is the own department's; else another visitor's.
    VisitorsUpload,
    /// The same, in a message.
    VisitorsFile,
    /// A message left while nobody was online.
    Offline,
    /// The same, with a reply that could not be sent.
    OfflineFailed,
    /// A ticket that comes from one.
    Ticket,
    /// A category of tickets that none has.
    TicketCategory,
    /// Somebody who is being served.
    Contact,
    /// Somebody who was erased, with what is kept apart.
    Sealed,
    /// How the company's mail is set up.
    Mail,
    /// A conversation that has ended, whose visitor is asked how it was.
    Asked,
}

/// A thing that is ready to be asked for.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    pub id: String,
    pub token: String,
    /// A conversation's own.
    pub department: String,
    pub version: Option<i64>,
}

/// What an operation answered, and what the companies looked like before and after.
pub struct Answered {
    pub status: u16,
    code: Option<String>,
    ours: (String, String),
    theirs: (String, String),
}

impl Answered {
    /// What is wrong besides the status: a refusal that changed something or has the wrong code, a success that reached the other company.
    pub fn faults(&self, operation: &Operation, principal: Principal, status: u16) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(code) = Expected::code(status)
            && self.code.as_deref().is_some_and(|answered| answered != code)
        {
            faults.push(format!("{status} has the code {:?}", self.code));
        }
        let (may_ours, may_theirs) = match principal {
            _ if status >= 400 => (false, false),
            _ if operation.is_public => (true, true),
            Principal::Nobody => (false, false),
            Principal::Stranger => (false, true),
            _ => (true, false),
        };
        if !may_ours && self.ours.0 != self.ours.1 {
            faults.push("our company has changed".to_owned());
        }
        if !may_theirs && self.theirs.0 != self.theirs.1 {
            faults.push("the other company has changed".to_owned());
        }
        faults
    }
}

/// Both companies and everybody in them.
pub struct World {
    pub app: App,
    pub owner: Client,
    /// The owner of the other company.
    pub stranger: Client,
    /// The department everybody is in.
    pub own: String,
    pub other: String,
    http: reqwest::Client,
    people: Vec<(Principal, Client)>,
    ticket: String,
    visitors_conversation: String,
    colleague: Client,
    sites: [Value; 3],
    workspaces: [Uuid; 2],
    state_sql: String,
    /// The states after the last call, as long as nothing else was done.
    seen: Option<[String; 2]>,
}

impl World {
    pub async fn new() -> Self {
        let app = App::start().await;
        let owner = app.owner().await;
        let own = app.department(&owner, "Suporte").await;
        let other = app.department(&owner, "Financeiro").await;
        let stranger = other_company(&app).await;
        let sites = [
            app.webchat(&owner, Some(&own), json!({})).await,
            app.webchat(&owner, Some(&other), json!({})).await,
            app.webchat(&stranger, None, json!({})).await,
        ];
        let mut people = vec![(Principal::Owner, owner.clone()), (Principal::Stranger, stranger.clone())];
        for (principal, role) in [
            (Principal::Viewer, "viewer"),
            (Principal::Agent, "agent"),
            (Principal::Manager, "manager"),
            (Principal::Administrator, "administrator"),
        ] {
            let departments = json!([{ "id": own, "is_manager": role == "manager" }]);
            people.push((principal, app.hire(&owner, &format!("{role} Um"), role, departments).await));
        }
        let colleague = app.hire(&owner, "Carla", "agent", json!([{ "id": own }, { "id": other }])).await;
        let workspace = |me: Value| me["workspace"]["id"].as_str().unwrap().parse::<Uuid>().unwrap();
        let ours = workspace(owner.get("/api/session").await.expect(200));
        let theirs = workspace(stranger.get("/api/session").await.expect(200));
        let mut world = Self {
            state_sql: state_sql(&app).await,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            ticket: String::new(),
            visitors_conversation: String::new(),
            workspaces: [ours, theirs],
            app,
            owner,
            stranger,
            own,
            other,
            people,
            colleague,
            sites,
            seen: None,
        };
        (world.visitors_conversation, world.ticket) = world.conversation(Whose::Own).await;
        world
    }

    /// The site whose conversations are these.
    pub fn site(&self, whose: Whose) -> &Value {
        match whose {
            Whose::Own | Whose::Colleagues => &self.sites[0],
            Whose::OtherDepartment => &self.sites[1],
            Whose::OtherWorkspace => &self.sites[2],
        }
    }

    /// The owner of the company whose thing it is.
    fn hand(&self, whose: Whose) -> &Client {
        if whose == Whose::OtherWorkspace { &self.stranger } else { &self.owner }
    }

    /// The departments a person of this kind is in.
    async fn department(&self, whose: Whose) -> String {
        match whose {
            Whose::Own | Whose::Colleagues => self.own.clone(),
            Whose::OtherDepartment => self.other.clone(),
            Whose::OtherWorkspace => {
                let listed = self.stranger.get("/api/departments").await.expect(200);
                listed["items"][0]["id"].as_str().unwrap().to_owned()
            }
        }
    }

    /// The client of somebody who can log in.
    pub fn person(&self, principal: Principal) -> Option<&Client> {
        self.people.iter().find(|(other, _)| *other == principal).map(|(_, client)| client)
    }

    fn cookie(&self, principal: Principal) -> Option<String> {
        self.person(principal).map(Client::cookie)
    }

    /// Logs in anew, where the session was ended by what is tested.
    async fn log_in(&self, principal: Principal) {
        let email = match principal {
            Principal::Nobody | Principal::Visitor => return,
            Principal::Stranger => "rita@outra.com.br",
            Principal::Owner => "ana@vilaclara.com.br",
            Principal::Viewer => "viewer.um@vilaclara.com.br",
            Principal::Agent => "agent.um@vilaclara.com.br",
            Principal::Manager => "manager.um@vilaclara.com.br",
            Principal::Administrator => "administrator.um@vilaclara.com.br",
        };
        let login = json!({ "email": email, "password": PASSWORD });
        self.person(principal).unwrap().post("/api/session", login).await.expect(200);
    }

    /// A conversation of a new visitor, and the visitor's ticket.
    pub async fn conversation(&self, whose: Whose) -> (String, String) {
        let code = self.site(whose)["code"].as_str().unwrap();
        let client = self.app.stranger();
        let ticket = client.post(&format!("/widgets/{code}/ticket"), json!({ "key": null })).await.expect(200);
        let ticket = ticket["ticket"].as_str().unwrap().to_owned();
        let message = json!({ "id": client_id(), "text": "um segredo" });
        let request = client.request(Method::POST, "/api/visitor/messages").bearer_auth(&ticket).json(&message);
        let sent = client.send(request).await.expect(200);
        (sent["conversation"].as_str().unwrap().to_owned(), ticket)
    }

    async fn invite(&self, whose: Whose, role: &str) -> Prepared {
        let email = format!("{}@exemplo.com.br", Uuid::new_v4().simple());
        let department = self.department(whose).await;
        let form = json!({ "name": "Nova", "email": email, "role": role, "departments": [{ "id": department }] });
        let invited = self.hand(whose).post("/api/agents", form).await.expect(201);
        let link = invited["invitation"]["link"].as_str().unwrap();
        Prepared {
            id: invited["agent"]["id"].as_str().unwrap().to_owned(),
            token: link.split_once('#').unwrap().1.to_owned(),
            ..Prepared::default()
        }
    }

    /// A conversation that waits, or is open with the colleague.
    async fn served(&self, whose: Whose) -> String {
        let (id, _) = self.conversation(whose).await;
        if whose == Whose::Colleagues {
            self.colleague.act(&id, "take").await.expect(200);
        }
        id
    }

    /// A message that somebody has left.
    async fn offline(&self, whose: Whose) -> String {
        let ticket = self.conversation(whose).await.1;
        let client = self.app.stranger();
        let name = Uuid::new_v4().to_string();
        let left = json!({ "id": client_id(), "name": name, "email": "m@exemplo.com.br", "text": "um segredo" });
        let request = client.request(Method::POST, "/api/visitor/offline-messages").bearer_auth(&ticket).json(&left);
        client.send(request).await.expect(201);
        let listed = self.hand(whose).get(&format!("/api/offline-messages?search={name}")).await.expect(200);
        listed["items"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn quick_reply(&self, whose: Whose) -> String {
        let form = json!({ "shortcut": &Uuid::new_v4().simple().to_string()[..30], "text": "Oi" });
        let reply = self.hand(whose).post("/api/quick-replies", form).await.expect(201);
        reply["id"].as_str().unwrap().to_owned()
    }

    /// A conversation that has ended, with the token by which its visitor may rate it.
    async fn asked(&self, whose: Whose) -> Prepared {
        let (hand, id) = (self.hand(whose), self.conversation(whose).await.0);
        hand.patch("/api/workspace", json!({ "survey": { "is_on": true } })).await.expect(200);
        hand.reply(&id, "Oi").await.expect(201);
        hand.act(&id, "close").await.expect(200);
        let link = hand.conversation(&id).await["conversation"]["survey_link"].clone();
        let token = link.as_str().unwrap().split_once('#').unwrap().1.to_owned();
        Prepared { id, token, ..Prepared::default() }
    }

    async fn label(&self, whose: Whose) -> String {
        let form = json!({ "name": Uuid::new_v4().simple().to_string(), "colour": "blue" });
        let label = self.hand(whose).post("/api/labels", form).await.expect(201);
        label["id"].as_str().unwrap().to_owned()
    }

    /// Makes a thing that fits.
    pub async fn prepare(&mut self, thing: Thing, whose: Whose) -> Prepared {
        if thing != Thing::Nothing {
            self.seen = None;
        }
        let hand = self.hand(whose);
        let known = |id: &Value| Prepared { id: id.as_str().unwrap().to_owned(), ..Prepared::default() };
        match thing {
            Thing::Nothing => Prepared::default(),
            Thing::Person | Thing::Invited => self.invite(whose, "agent").await,
            Thing::Owner | Thing::InvitedOwner => self.invite(whose, "owner").await,
            Thing::Department => {
                let name = Uuid::new_v4().to_string();
                known(&hand.post("/api/departments", json!({ "name": name })).await.expect(201)["id"])
            }
            Thing::Project => {
                let name = Uuid::new_v4().to_string();
                known(&hand.post("/api/projects", json!({ "name": name })).await.expect(201)["id"])
            }
            Thing::Connection => {
                let department = self.department(whose).await;
                let added = self.app.webchat(hand, Some(&department), json!({})).await;
                Prepared { version: added["version"].as_i64(), ..known(&added["id"]) }
            }
            Thing::QuickReply => known(&json!(self.quick_reply(whose).await)),
            Thing::Label => known(&json!(self.label(whose).await)),
            Thing::Labelled => {
                let id = self.served(whose).await;
                Prepared { id, token: self.label(whose).await, ..Prepared::default() }
            }
            Thing::Upload | Thing::Attached | Thing::VisitorsUpload | Thing::VisitorsFile => {
                self.file(thing, whose).await
            }
            Thing::Offline => known(&json!(self.offline(whose).await)),
            Thing::Ticket => {
                let path = format!("/api/offline-messages/{}/ticket", self.offline(whose).await);
                known(&hand.post(&path, json!({})).await.expect(200)["id"])
            }
            Thing::TicketCategory => {
                let form = json!({ "name": Uuid::new_v4().to_string() });
                known(&hand.post("/api/ticket-categories", form).await.expect(201)["id"])
            }
            Thing::Asked => self.asked(whose).await,
            Thing::Contact => known(&json!(self.contact(whose).await.1)),
            Thing::Sealed => known(&self.sealed(whose).await),
            Thing::OfflineFailed => self.failed_reply(whose).await,
            Thing::Mail => {
                set_up_mail(hand).await;
                let version = hand.get("/api/mail").await.expect(200)["version"].as_i64();
                Prepared { version, ..Prepared::default() }
            }
            Thing::Visitors if whose == Whose::Own => known(&json!(self.visitors_conversation)),
            Thing::Conversation | Thing::Closed | Thing::Moved | Thing::Visitors => {
                let id = self.conversation_as(thing, whose).await;
                Prepared { id, department: self.department(whose).await, ..Prepared::default() }
            }
        }
    }

    /// A conversation of somebody who is being served, and who that is.
    async fn contact(&self, whose: Whose) -> (String, String) {
        let id = self.served(whose).await;
        let contact = self.hand(whose).conversation(&id).await["conversation"]["contact"]["id"].clone();
        (id, contact.as_str().unwrap().to_owned())
    }

    /// What is kept apart of somebody who was erased.
    async fn sealed(&self, whose: Whose) -> Value {
        let hand = self.hand(whose);
        hand.patch("/api/workspace", json!({ "privacy": { "sealed_months": 1 } })).await.expect(200);
        let (conversation, contact) = self.contact(whose).await;
        hand.act(&conversation, "close").await.expect(200);
        hand.post(&format!("/api/privacy/contacts/{contact}/erase"), json!({})).await.expect(204);
        hand.get("/api/privacy/requests").await.expect(200)["items"][0]["id"].clone()
    }

    /// A reply to an offline message that could not be sent.
    async fn failed_reply(&self, whose: Whose) -> Prepared {
        let hand = self.hand(whose);
        let id = self.offline(whose).await;
        let reply = json!({ "client_id": client_id(), "text": "olá" });
        set_up_mail(hand).await;
        let path = format!("/api/offline-messages/{id}");
        let replied = hand.post(&format!("{path}/replies"), reply).await.expect(200);
        let token = replied["entries"][0]["id"].as_str().unwrap().to_owned();
        // What waits to be sent when sending is switched off has failed.
        change_mail(hand, json!({ "settings": { "smtp": { "host": "" } } })).await.expect(200);
        let has_failed = || async {
            self.app.clock.advance(5);
            let shown = hand.get(&path).await.expect(200);
            (shown["entries"][0]["mail"]["state"] == "failed").then_some(())
        };
        until("the mail that fails", has_failed).await;
        Prepared { id, token, ..Prepared::default() }
    }

    /// A file in the state that an operation is about.
    async fn file(&self, thing: Thing, whose: Whose) -> Prepared {
        let hand = self.hand(whose);
        let known = |id: &Value| Prepared { id: id.as_str().unwrap().to_owned(), ..Prepared::default() };
        match thing {
            Thing::Upload => known(&Sender::agent(hand).begin("a.txt", "file", 3).await.expect(201)["id"]),
            Thing::Attached => {
                let sender = Sender::agent(hand);
                let id = self.served(whose).await;
                let file = sender.upload("a.txt", "file", b"abc").await["id"].clone();
                sender.message(&id, "note", "", &file).await.expect(201);
                Prepared { id, token: file.as_str().unwrap().to_owned(), ..Prepared::default() }
            }
            _ => {
                let ticket = match whose {
                    Whose::Own => self.ticket.clone(),
                    _ => self.conversation(whose).await.1,
                };
                let sender = Sender::with_ticket(&self.app, &ticket);
                if thing == Thing::VisitorsUpload {
                    return known(&sender.begin("a.txt", "file", 3).await.expect(201)["id"]);
                }
                let file = sender.upload("a.txt", "file", b"abc").await["id"].clone();
                let message = json!({ "id": client_id(), "text": "", "file": file });
                let client = self.app.stranger();
                let request = client.request(Method::POST, "/api/visitor/messages").bearer_auth(&ticket).json(&message);
                client.send(request).await.expect(200);
                known(&file)
            }
        }
    }

    /// A conversation in the state that an operation is about.
    async fn conversation_as(&self, thing: Thing, whose: Whose) -> String {
        let (id, _) = self.conversation(whose).await;
        let hand = self.hand(whose);
        match whose {
            Whose::Colleagues => _ = self.colleague.act(&id, "take").await.expect(200),
            _ if thing == Thing::Moved => _ = hand.act(&id, "take").await.expect(200),
            _ => {}
        }
        match thing {
            Thing::Moved => _ = hand.act(&id, "return").await.expect(200),
            Thing::Closed => _ = hand.act(&id, "close").await.expect(200),
            _ => {}
        }
        id
    }

    /// Calls an operation as a principal.
    pub async fn call(
        &mut self,
        operation: &Operation,
        principal: Principal,
        prepared: &Prepared,
    ) -> Result<Answered, String> {
        if operation.ends_session {
            self.log_in(principal).await;
            self.seen = None;
        }
        let before = match self.seen.take() {
            Some(seen) => seen,
            None => self.states().await,
        };
        let (status, code) = if operation.is_socket {
            (self.upgrade(operation, principal).await, None)
        } else {
            self.request(operation, principal, prepared).await?
        };
        let after = self.states().await;
        let answered = Answered {
            status,
            code,
            ours: (before[0].clone(), after[0].clone()),
            theirs: (before[1].clone(), after[1].clone()),
        };
        self.seen = Some(after);
        if operation.ends_session {
            self.log_in(principal).await;
            self.seen = None;
        }
        Ok(answered)
    }

    async fn request(
        &self,
        operation: &Operation,
        principal: Principal,
        prepared: &Prepared,
    ) -> Result<(u16, Option<String>), String> {
        let (method, path) = operation.name.split_once(' ').unwrap();
        let path = ["{file}", "{label}", "{reply}"]
            .iter()
            .fold(path.replace("{id}", &prepared.id), |path, name| path.replace(name, &prepared.token));
        let url = self.app.url(&format!("{path}{}", (operation.query)(prepared)));
        let mut request = self.http.request(method.parse().unwrap(), url).header(header::ORIGIN, self.app.url(""));
        if let Some(cookie) = self.cookie(principal) {
            request = request.header(header::COOKIE, cookie);
        }
        if principal == Principal::Visitor {
            request = request.bearer_auth(&self.ticket);
        }
        if let Some(version) = prepared.version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        if operation.is_piece {
            request =
                request.header(header::CONTENT_TYPE, "application/octet-stream").header("upload-offset", 0).body("a");
        }
        if let Some(body) = operation.body {
            request = request.json(&body(prepared));
        }
        if let Some((kind, content)) = operation.content {
            request = request.header(header::CONTENT_TYPE, kind).body(content);
        }
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null);
        let code = body["error"]["code"].as_str().map(str::to_owned);
        if status >= 400 && code.is_none() {
            return Err(format!("{status} without an error's body"));
        }
        Ok((status, code))
    }

    /// The status with which a socket opens.
    async fn upgrade(&self, operation: &Operation, principal: Principal) -> u16 {
        use tokio_tungstenite::tungstenite::Error;
        let path = operation.name.split_once(' ').unwrap().1;
        match Socket::open(&self.app.url(""), path, self.cookie(principal).as_deref()).await {
            Ok(_) => 101,
            Err(Error::Http(answer)) => answer.status().as_u16(),
            Err(error) => panic!("{error}"),
        }
    }

    /// What the database holds of both.
    async fn states(&self) -> [String; 2] {
        [self.state(0).await, self.state(1).await]
    }

    /// Everything the database holds of a company.
    pub async fn state(&self, company: usize) -> String {
        let (read, engine) = (self.app.desk.store.read(), self.app.desk.store.engine());
        let workspace = WorkspaceId(self.workspaces[company]);
        let statement = Statement::from_sql_and_values(engine, &self.state_sql, [workspace.into()]);
        let rows = read.query_all_raw(statement).await.unwrap();
        let held = rows.iter().map(|row| {
            let (table, held): (String, Option<String>) =
                (row.try_get("", "name").unwrap(), row.try_get("", "held").unwrap());
            format!("{table}: {}", held.unwrap_or_default())
        });
        held.collect::<Vec<_>>().join("\n")
    }
}

/// Without what jobs write in their own time: the links of invitations that are mailed.
const TABLES: [&str; 35] = [
    "consents",
    "privacy_requests",
    "tickets",
    "ticket_changes",
    "ticket_categories",
    "spent_challenges",
    "mail_accounts",
    "mail_consents",
    "mail_consent_requests",
    "mails",
    "offline_entries",
    "offline_messages",
    "ratings",
    "labels",
    "quick_replies",
    "conversation_labels",
    "events",
    "counters",
    "agents",
    "sessions",
    "invitations",
    "projects",
    "departments",
    "department_agents",
    "project_agents",
    "project_groups",
    "connections",
    "contacts",
    "contact_identities",
    "conversations",
    "conversation_copies",
    "messages",
    "marks",
    "files",
    "workspaces",
];

/// The statement that reads a company's rows as text; leases come and go with sockets and stay out.
async fn state_sql(app: &App) -> String {
    let (read, engine) = (app.desk.store.read(), app.desk.store.engine());
    let mut parts = Vec::new();
    for table in TABLES {
        let key = if table == "workspaces" { "id" } else { "workspace_id" };
        let row = match engine {
            DbBackend::Postgres => "(to_jsonb(t) - 'connected_until')::text".to_owned(),
            _ => {
                let columns = format!("SELECT name FROM pragma_table_info('{table}') WHERE name <> 'connected_until'");
                let columns = read.query_all_raw(Statement::from_string(engine, columns)).await.unwrap();
                let columns = columns.iter().map(|row| row.try_get::<String>("", "name").unwrap());
                columns.map(|column| format!("quote({column})")).collect::<Vec<_>>().join(" || ',' || ")
            }
        };
        let gather = if engine == DbBackend::Postgres {
            "string_agg(held, ';' ORDER BY held)"
        } else {
            "group_concat(held, ';')"
        };
        parts.push(format!(
            "SELECT '{table}' AS name, (SELECT {gather} FROM (SELECT {row} AS held FROM {table} t WHERE {key} = $1 ORDER BY 1) AS ordered) AS held"
        ));
    }
    parts.join(" UNION ALL ")
}

/// Sets mail up at a port that nobody listens on: nothing is ever sent.
async fn set_up_mail(owner: &Client) {
    let smtp = json!({ "host": "127.0.0.1", "port": 1, "security": "none" });
    let settings = json!({ "from_address": "suporte@exemplo.com.br", "smtp": smtp });
    change_mail(owner, json!({ "settings": settings })).await.expect(200);
}

/// Sets a second company up beside the first; over HTTP there is only one.
pub async fn other_company(app: &App) -> Client {
    let password_hash = balcao_desk::access::password::hash(PASSWORD.to_owned()).await.unwrap();
    app.desk.write(AddCompany { password_hash }).await.unwrap();
    let client = app.stranger();
    client.post("/api/session", json!({ "email": "rita@outra.com.br", "password": PASSWORD })).await.expect(200);
    client
}

struct AddCompany {
    password_hash: String,
}

impl Command for AddCompany {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, project) = (WorkspaceId(tx.clock().new_id()), ProjectId(tx.clock().new_id()));
        let (engine, now) = (tx.get_database_backend(), tx.now());
        tx.execute_raw(Statement::from_sql_and_values(
            engine,
            "INSERT INTO workspaces (id, company, language, time_zone, settings, last_number, oldest_number, created_at) \
             VALUES ($1, 'Outra', 'pt-BR', 'America/Manaus', '{}', 0, 0, $2)",
            [workspace.into(), now.into()],
        ))
        .await?;
        tx.execute_raw(Statement::from_sql_and_values(
            engine,
            "INSERT INTO projects (id, workspace_id, name, is_default, has_chat, created_at) \
             VALUES ($1, $2, 'Outra', TRUE, TRUE, $3)",
            [project.into(), workspace.into(), now.into()],
        ))
        .await?;
        let department = insert_department(tx, workspace, project, "Loja", true).await?;
        let owner = NewAgent {
            name: "Rita Lobo".to_owned(),
            email: "rita@outra.com.br".to_owned(),
            role: Role::Owner,
            memberships: vec![balcao_desk::access::Membership { id: department, is_manager: true }],
            password_hash: Some(self.password_hash.clone()),
            settings: AgentSettings::default(),
        };
        insert_agent(tx, workspace, &owner).await?;
        Ok(())
    }
}
