//! The program under test: in this process, on a free port, with a clock wound by hand and a database of its own.

use std::{net::SocketAddr, path::PathBuf};

use balcao_desk::Desk;
use balcao_platform::{Clock, Config};
use balcao_server::{
    router::Extras,
    serve::{self, Listeners, Running},
};
use balcao_types::Timestamp;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use super::Client;

/// The password of everybody in tests.
pub const PASSWORD: &str = "uma senha de teste";

/// 2026-11-20 12:00 UTC, a Friday.
const NOON: Timestamp = Timestamp(1_795_176_000_000_000);

/// A running program.
pub struct App {
    pub desk: Desk,
    pub clock: Clock,
    pub address: SocketAddr,
    pub config: Config,
    /// Where plain HTTP is sent on to HTTPS.
    pub redirect: Option<SocketAddr>,
    /// Whom clients trust, where the program or what is in front of it speaks HTTPS.
    pub trusted: Option<reqwest::Certificate>,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
    folder: Option<TempDir>,
    database: Option<String>,
}

impl App {
    /// A fresh, empty installation without limits.
    pub async fn start() -> Self {
        Self::start_with(&[("BALCAO_LIMITS_ENABLED", "false")]).await
    }

    /// A fresh, empty installation with variables of its own.
    pub async fn start_with(variables: &[(&str, &str)]) -> Self {
        serve::choose_tls_provider();
        let folder = TempDir::new().unwrap();
        let database = scratch_database().await;
        let mut all: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        all.push(("BALCAO_DATA".to_owned(), folder.path().display().to_string()));
        if let Some(url) = &database {
            all.push(("BALCAO_DATABASE_URL".to_owned(), url.clone()));
        }
        let config = Config::from_parts("", all.into_iter()).unwrap();
        let mut app = Self::launch(config, Clock::wound(NOON)).await;
        app.folder = Some(folder);
        app.database = database;
        app
    }

    /// A program on a configuration that exists already: another node, or the same one again.
    pub async fn launch(mut config: Config, clock: Clock) -> Self {
        config.listen.set_port(0);
        let listeners = Listeners::bind(&config).await.unwrap();
        let address = listeners.main.local_addr().unwrap();
        let redirect = listeners.redirect.as_ref().map(|listener| listener.local_addr().unwrap());
        config.listen = address;
        let is_behind_https = config.is_https() && !config.tls.is_on();
        if !is_behind_https {
            let scheme = if config.tls.is_on() { "https" } else { "http" };
            config.public_url = format!("{scheme}://{address}");
        }
        let running = serve::open(&config, clock.clone()).await.unwrap();
        let desk = running.desk.clone();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(run(running, listeners, stopped));
        Self {
            desk,
            clock,
            address,
            config,
            redirect,
            trusted: None,
            stop: Some(stop),
            served: Some(served),
            folder: None,
            database: None,
        }
    }

    /// Ends this program in order and starts it again on the same database.
    pub async fn restart(&mut self) {
        self.stop().await;
        let mut next = Self::launch(self.config.clone(), self.clock.clone()).await;
        next.folder = self.folder.take();
        next.database = self.database.take();
        next.trusted = self.trusted.take();
        *self = next;
    }

    /// Ends this program in order.
    pub async fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(served) = self.served.take() {
            served.await.unwrap();
        }
    }

    /// The SQLite file, where this test runs on SQLite.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        self.database.is_none().then(|| self.config.data.join("balcao.db"))
    }

    /// The address of a path, as browsers reach it.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config.public_url)
    }

    /// Somebody who is not logged in.
    pub fn stranger(&self) -> Client {
        Client::new(self)
    }

    /// Sets the installation up and answers its owner.
    pub async fn owner(&self) -> Client {
        let link = balcao_desk::workspaces::new_setup_link(&self.desk).await.unwrap().expect("set up already");
        let token = link.split_once('#').unwrap().1;
        let client = self.stranger();
        let form = json!({
            "token": token, "company": "Vila Clara", "language": "pt-BR", "time_zone": "America/Sao_Paulo",
            "name": "Ana Souza", "email": "ana@vilaclara.com.br", "password": PASSWORD,
        });
        client.post("/api/setup", form).await.expect(201);
        client
    }

    /// The owner, logged in again: after days a session is over.
    pub async fn again(&self) -> Client {
        let client = self.stranger();
        let login = json!({ "email": "ana@vilaclara.com.br", "password": PASSWORD });
        client.post("/api/session", login).await.expect(200);
        client
    }

    /// The owner's company.
    pub async fn workspace(&self) -> balcao_types::WorkspaceId {
        let session = self.again().await.get("/api/session").await.expect(200);
        balcao_types::WorkspaceId(session["workspace"]["id"].as_str().unwrap().parse().unwrap())
    }

    /// Invites somebody, accepts as them, and answers the logged-in person.
    pub async fn hire(&self, inviter: &Client, name: &str, role: &str, departments: Value) -> Client {
        let email = format!("{}@vilaclara.com.br", name.to_lowercase().replace(' ', "."));
        let form = json!({ "name": name, "email": email, "role": role, "departments": departments });
        let invited = inviter.post("/api/agents", form).await.expect(201);
        let link = invited["invitation"]["link"].as_str().unwrap().to_owned();
        let token = link.split_once('#').unwrap().1;
        let client = self.stranger();
        let form = json!({ "token": token, "name": name, "password": PASSWORD });
        client.post("/api/invitations/accept", form).await.expect(200);
        client
    }

    /// Adds a department and answers its id.
    pub async fn department(&self, owner: &Client, name: &str) -> String {
        let added = owner.post("/api/departments", json!({ "name": name })).await.expect(201);
        added["id"].as_str().unwrap().to_owned()
    }

    /// Adds a webchat that asks for nothing and answers the connection.
    pub async fn webchat(&self, owner: &Client, department: Option<&str>, settings: Value) -> Value {
        let mut whole = json!({ "plugin_name": "Atendimento", "ask_name": false, "ask_email": false });
        whole.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let form = json!({ "channel": "webchat", "name": "Site", "department_id": department, "settings": whole });
        owner.post("/api/connections", form).await.expect(201)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if let Some(served) = self.served.take() {
            served.abort();
        }
    }
}

async fn run(running: Running, listeners: Listeners, stopped: oneshot::Receiver<()>) {
    let extras = Extras { metrics: None, demo_page: false };
    serve::run(running, listeners, extras, async {
        let _ = stopped.await;
    })
    .await
    .unwrap();
}

/// A database of this test's own on the PostgreSQL server that `BALCAO_TEST_DATABASE_URL` names; none runs the test on SQLite.
async fn scratch_database() -> Option<String> {
    let server = std::env::var("BALCAO_TEST_DATABASE_URL").ok()?;
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let admin = Database::connect(&server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(format!("{base}/{name}"))
}
