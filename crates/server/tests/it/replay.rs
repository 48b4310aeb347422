//! What a watching console hears, recorded for its reducer: what it fetched before, the events, what it would fetch after.
//! The fixtures stand in `web/packages/live/fixtures`; `BALCAO_WRITE_FIXTURES=1` writes them anew.

use std::{collections::HashMap, path::Path};

use serde_json::{Value, json};

use crate::support::{App, Client, Socket, Visitor, client_id, mail::change_mail};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/packages/live/fixtures");

/// A console that writes down what it hears.
struct Recorder<'a> {
    app: &'a App,
    console: Client,
    socket: Socket,
    watched: Vec<String>,
    before: Value,
    events: Vec<Value>,
}

impl<'a> Recorder<'a> {
    /// Opens a console with conversations on screen. Its own status is no part of what is recorded.
    async fn start(app: &'a App, console: &Client, watched: &[&str]) -> Self {
        let watched: Vec<String> = watched.iter().map(|id| (*id).to_owned()).collect();
        let mut socket = console.silent_socket().await;
        socket.send(json!({ "t": "hello", "since": null, "watching": watched })).await;
        socket.next("snapshot").await;
        let before = screen(console, &watched).await;
        Self { app, console: console.clone(), socket, watched, before, events: Vec::new() }
    }

    /// The next events, all of them and in this order. Time goes on a little after them.
    async fn hears(&mut self, kinds: &[&str]) {
        for kind in kinds {
            let event = self.socket.next("event").await["event"].clone();
            assert_eq!(event["kind"], *kind);
            self.events.push(event);
        }
        self.app.clock.advance(30);
    }

    /// Compares with what is kept, or keeps it.
    async fn ends(self, name: &str) {
        let after = screen(&self.console, &self.watched).await;
        let mut record = json!({ "before": self.before, "events": self.events, "after": after });
        Stand::default().over(&mut record);
        let path = Path::new(FOLDER).join(format!("{name}.json"));
        let text = format!("{}\n", serde_json::to_string_pretty(&record).unwrap());
        if std::env::var_os("BALCAO_WRITE_FIXTURES").is_some() {
            std::fs::create_dir_all(FOLDER).unwrap();
            std::fs::write(&path, text).unwrap();
            return;
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == text,
            "{name}.json is not what the server says now: look at it, then BALCAO_WRITE_FIXTURES=1\n{text}"
        );
    }
}

/// Everything a console fetches for what it shows.
async fn screen(console: &Client, watched: &[String]) -> Value {
    let mut rows = Vec::new();
    for list in ["queue", "open", "closed"] {
        let page = console.get(&format!("/api/conversations?list={list}")).await.expect(200);
        rows.extend(page["items"].as_array().unwrap().clone());
    }
    let mut conversations = Vec::new();
    for id in watched {
        let mut shown = console.conversation(id).await;
        shown.as_object_mut().unwrap().remove("as_of");
        conversations.push(shown);
    }
    json!({
        "rows": rows,
        "conversations": conversations,
        "agents": items(console, "/api/agents").await,
        "departments": items(console, "/api/departments").await,
        "projects": items(console, "/api/projects").await,
        "connections": items(console, "/api/connections/badges").await,
        "labels": items(console, "/api/labels").await,
        "workspace": console.get("/api/session").await.expect(200)["workspace"],
    })
}

async fn items(console: &Client, path: &str) -> Value {
    let mut items = console.get(path).await.expect(200)["items"].as_array().unwrap().clone();
    items.sort_by_key(|item| item["name"].as_str().unwrap().to_owned());
    Value::Array(items)
}

/// Random ids become numbers in the order in which they appear; times are the app's own and stay.
#[derive(Default)]
struct Stand {
    ids: HashMap<String, usize>,
}

impl Stand {
    fn over(&mut self, value: &mut Value) {
        match value {
            Value::String(text) if uuid::Uuid::try_parse(text).is_ok() => {
                let next = self.ids.len() + 1;
                let number = self.ids.entry(text.clone()).or_insert(next);
                *text = format!("00000000-0000-7000-8000-{number:012}");
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.over(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.over(field)),
            _ => {}
        }
    }
}

/// An installation whose owner is at the desk, with one webchat.
async fn desk() -> (App, Client, Value) {
    let app = App::start().await;
    let owner = app.owner().await;
    owner.go("offline").await;
    let site = app.webchat(&owner, None, json!({})).await;
    app.clock.advance(60);
    (app, owner, site)
}

async fn note(client: &Client, conversation: &str, text: &str) {
    let form = json!({ "client_id": client_id(), "kind": "note", "text": text });
    client.post(&format!("/api/conversations/{conversation}/messages"), form).await.expect(201);
}

#[tokio::test]
async fn a_visitor_opens_while_nobody_watches() {
    let (app, owner, site) = desk().await;
    let mut recorder = Recorder::start(&app, &owner, &[]).await;
    Visitor::arrive(&app, &site).await.open("Oi, bom dia").await;
    recorder.hears(&["conversation_opened"]).await;
    Visitor::arrive(&app, &site).await.open("Minha internet caiu").await;
    recorder.hears(&["conversation_opened"]).await;
    recorder.ends("opened").await;
}

#[tokio::test]
async fn one_conversation_from_the_queue_to_its_end_and_back() {
    let (app, owner, site) = desk().await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi, bom dia").await;
    let mut recorder = Recorder::start(&app, &owner, &[&conversation]).await;
    visitor.say("Minha internet foi bloqueada").await;
    recorder.hears(&["message_added"]).await;
    owner.act(&conversation, "take").await.expect(200);
    recorder.hears(&["message_added", "conversation_taken"]).await;
    owner.reply(&conversation, "Oi! Vou conferir aqui.").await.expect(201);
    recorder.hears(&["message_added"]).await;
    note(&owner, &conversation, "Primeiro atraso em três anos").await;
    recorder.hears(&["message_added"]).await;
    visitor.say(&"Achei o comprovante. ".repeat(12)).await;
    recorder.hears(&["message_added"]).await;
    owner.act(&conversation, "close").await.expect(200);
    recorder.hears(&["message_added", "conversation_closed"]).await;
    owner.act(&conversation, "reopen").await.expect(200);
    recorder.hears(&["message_added", "conversation_reopened"]).await;
    owner.act(&conversation, "return").await.expect(200);
    recorder.hears(&["message_added", "conversation_returned"]).await;
    visitor.say("Vocês ainda estão aí?").await;
    recorder.hears(&["message_added"]).await;
    recorder.ends("served").await;
}

#[tokio::test]
async fn a_colleague_serves_while_the_console_looks_on() {
    let (app, owner, site) = desk().await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await;
    bruno.go("offline").await;
    let (mut one, mut other) = (Visitor::arrive(&app, &site).await, Visitor::arrive(&app, &site).await);
    let waiting = one.open("Quero a segunda via").await;
    app.clock.advance(60);
    let taken = other.open("Como mudo de plano?").await;
    bruno.act(&taken, "take").await.expect(200);
    let mut recorder = Recorder::start(&app, &owner, &[&taken, &waiting]).await;
    bruno.reply(&taken, "Posso ajudar com isso").await.expect(201);
    recorder.hears(&["message_added"]).await;
    one.say("Do boleto de novembro").await;
    recorder.hears(&["message_added"]).await;
    bruno.reply(&waiting, "Envio em um minuto").await.expect(201);
    recorder.hears(&["message_added", "conversation_taken", "message_added"]).await;
    other.socket.send(json!({ "t": "close", "conversation": taken })).await;
    recorder.hears(&["message_added", "conversation_closed"]).await;
    recorder.ends("colleague").await;
}

#[tokio::test]
async fn a_message_is_left_read_and_mail_set_up() {
    let (app, owner, site) = desk().await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    let mut recorder = Recorder::start(&app, &owner, &[]).await;
    let left = json!({ "id": client_id(), "name": "Marina", "email": "marina@exemplo.test", "text": "Oi" });
    let stranger = app.stranger();
    let request = stranger.request(reqwest::Method::POST, "/api/visitor/offline-messages").bearer_auth(&ticket);
    stranger.send(request.json(&left)).await.expect(201);
    recorder.hears(&["offline_message_added"]).await;
    let message = owner.get("/api/offline-messages").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    owner.put(&format!("/api/offline-messages/{message}/read"), json!({})).await.expect(200);
    recorder.hears(&["offline_message_changed"]).await;
    let ticket = owner.post(&format!("/api/offline-messages/{message}/ticket"), json!({})).await.expect(200);
    recorder.hears(&["ticket_added", "offline_message_changed"]).await;
    let path = format!("/api/tickets/{}", ticket["id"].as_str().unwrap());
    owner.patch(&path, json!({ "state": "solved" })).await.expect(200);
    recorder.hears(&["ticket_changed"]).await;
    owner.post("/api/ticket-categories", json!({ "name": "Cobrança" })).await.expect(201);
    recorder.hears(&["ticket_categories_changed"]).await;
    change_mail(&owner, json!({ "settings": { "from_name": "Loja" } })).await.expect(200);
    recorder.hears(&["mail_changed"]).await;
    recorder.ends("offline_messages").await;
}

#[tokio::test]
async fn the_desk_itself_changes() {
    let (app, owner, site) = desk().await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    owner.act(&conversation, "close").await.expect(200);
    let mut recorder = Recorder::start(&app, &owner, &[&conversation]).await;

    let department = app.department(&owner, "Financeiro").await;
    recorder.hears(&["department_added"]).await;
    owner.patch(&format!("/api/departments/{department}"), json!({ "name": "Cobrança" })).await.expect(200);
    recorder.hears(&["department_changed"]).await;
    let mistaken = app.hire(&owner, "Zeca", "agent", json!([])).await;
    recorder.hears(&["agent_added", "agent_changed"]).await;
    owner.delete(&format!("/api/agents/{}", mistaken.id().await)).await.expect(204);
    recorder.hears(&["agent_removed"]).await;
    let needless = app.department(&owner, "Almoxarifado").await;
    recorder.hears(&["department_added"]).await;
    owner.delete(&format!("/api/departments/{needless}")).await.expect(204);
    recorder.hears(&["department_removed"]).await;

    let project = owner.post("/api/projects", json!({ "name": "Contrato" })).await.expect(201);
    recorder.hears(&["project_added"]).await;
    let path = format!("/api/projects/{}", project["id"].as_str().unwrap());
    owner.patch(&path, json!({ "has_chat": true })).await.expect(200);
    recorder.hears(&["project_changed"]).await;
    let group = json!([{ "kind": "group", "id": department, "level": 2 }]);
    owner.post(&format!("{path}/specialists"), json!({ "specialists": group })).await.expect(200);
    recorder.hears(&["project_changed"]).await;

    let form = json!({ "name": "Bruno Lima", "email": "bruno@vilaclara.com.br", "role": "agent", "departments": [] });
    let bruno = owner.post("/api/agents", form).await.expect(201)["agent"]["id"].clone();
    recorder.hears(&["agent_added"]).await;
    let path = format!("/api/agents/{}", bruno.as_str().unwrap());
    let change = json!({ "role": "manager", "departments": [{ "id": department, "is_manager": true }] });
    owner.patch(&path, change).await.expect(200);
    recorder.hears(&["agent_changed"]).await;

    let shop = app.webchat(&owner, None, json!({ "colour": "#8a3ffc" })).await;
    recorder.hears(&["connection_added"]).await;
    let path = format!("/api/connections/{}", shop["id"].as_str().unwrap());
    let version = format!("\"{}\"", shop["version"]);
    let change = json!({ "name": "Loja", "settings": { "colour": "#0f62fe" } });
    let request = owner.request(reqwest::Method::PATCH, &path).header("if-match", version).json(&change);
    owner.send(request).await.expect(200);
    recorder.hears(&["connection_changed"]).await;
    owner.delete(&path).await.expect(204);
    recorder.hears(&["connection_removed"]).await;

    owner.patch("/api/workspace", json!({ "company": "Vila Clara Telecom" })).await.expect(200);
    recorder.hears(&["workspace_changed"]).await;
    // Of the two conversations one is on screen, the other only in the lists.
    let form = json!({ "name": "Marina Ribeiro", "email": "marina@exemplo.com.br" });
    let send = json!({ "t": "send", "id": client_id(), "text": "Sou a Marina", "form": form });
    visitor.socket.send(send).await;
    recorder.hears(&["contact_changed", "conversation_opened"]).await;
    recorder.ends("desk").await;
}

#[tokio::test]
async fn somebody_is_erased() {
    let (app, owner, site) = desk().await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    owner.act(&conversation, "close").await.expect(200);
    let mut recorder = Recorder::start(&app, &owner, &[]).await;
    let contact = owner.conversation(&conversation).await["conversation"]["contact"]["id"].clone();
    let path = format!("/api/privacy/contacts/{}/erase", contact.as_str().unwrap());
    owner.post(&path, json!({})).await.expect(204);
    recorder.hears(&["contact_erased"]).await;
    recorder.ends("erased").await;
}

/// T-089, P-069
#[tokio::test]
async fn a_conversation_is_given_to_a_colleague_and_transferred_from_one_to_the_other() {
    let (app, owner, site) = desk().await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await;
    let carla = app.hire(&owner, "Carla", "agent", json!([])).await;
    let sales = app.department(&owner, "Vendas").await;
    bruno.go("online").await;
    carla.go("offline").await;
    owner.patch("/api/workspace", json!({ "distribution": "least_busy" })).await.expect(200);
    let mut visitor = Visitor::arrive(&app, &site).await;
    let mut recorder = Recorder::start(&app, &owner, &[]).await;
    let conversation = visitor.open("Quero mudar de plano").await;
    recorder.hears(&["conversation_opened", "conversation_taken"]).await;
    let path = format!("/api/conversations/{conversation}/transfer");
    let to = json!({ "department": sales, "note": "Quer o plano de 700", "confirmed": true });
    bruno.post(&path, to).await.expect(200);
    recorder.hears(&["conversation_transferred"]).await;
    let carlas = format!("/api/agents/{}", carla.id().await);
    owner.patch(&carlas, json!({ "departments": [{ "id": sales }], "simultaneous_limit": 3 })).await.expect(200);
    recorder.hears(&["agent_changed"]).await;
    owner.post(&path, json!({ "agent": carla.id().await, "confirmed": true })).await.expect(200);
    recorder.hears(&["conversation_transferred"]).await;
    owner.act(&conversation, "take_back").await.expect(200);
    recorder.hears(&["conversation_taken_back"]).await;
    // The clock has gone on past the lease; the status is no part of what is recorded.
    bruno.go("online").await;
    recorder.ends("transferred").await;
}

/// P-069: for whoever may not see the department it goes to, it is gone.
#[tokio::test]
async fn a_conversation_goes_where_the_console_may_not_follow() {
    let (app, owner, site) = desk().await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await;
    bruno.go("offline").await;
    let sales = app.department(&owner, "Vendas").await;
    let mut stays = Visitor::arrive(&app, &site).await;
    stays.open("Oi").await;
    app.clock.advance(60);
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Quero mudar de plano").await;
    bruno.act(&conversation, "take").await.expect(200);
    let mut recorder = Recorder::start(&app, &bruno, &[]).await;
    visitor.say("Para o de 700").await;
    recorder.hears(&["message_added"]).await;
    let path = format!("/api/conversations/{conversation}/transfer");
    bruno.post(&path, json!({ "department": sales, "confirmed": true })).await.expect(200);
    recorder.hears(&["conversation_gone"]).await;
    recorder.ends("gone").await;
}

/// T-200, T-203, T-212
#[tokio::test]
async fn labels_come_and_go_and_are_put_on_and_taken_off() {
    let (app, owner, site) = desk().await;
    let rule = json!([{ "field": "message", "operator": "contains", "value": "boleto" }]);
    let form = json!({ "name": "Segunda via", "colour": "orange", "conditions": rule });
    let by_rule = owner.post("/api/labels", form).await.expect(201)["id"].as_str().unwrap().to_owned();
    let mut recorder = Recorder::start(&app, &owner, &[]).await;
    let form = json!({ "name": "VIP", "colour": "violet" });
    let vip = owner.post("/api/labels", form).await.expect(201)["id"].as_str().unwrap().to_owned();
    recorder.hears(&["label_added"]).await;
    let conversation = Visitor::arrive(&app, &site).await.open("Preciso do boleto").await;
    recorder.hears(&["conversation_opened"]).await;
    owner.put(&format!("/api/conversations/{conversation}/labels/{vip}"), json!({})).await.expect(200);
    recorder.hears(&["conversation_labelled"]).await;
    owner.patch(&format!("/api/labels/{vip}"), json!({ "name": "Cliente VIP", "is_active": false })).await.expect(200);
    recorder.hears(&["label_changed"]).await;
    owner.delete(&format!("/api/conversations/{conversation}/labels/{vip}")).await.expect(200);
    recorder.hears(&["conversation_labelled"]).await;
    owner.delete(&format!("/api/labels/{by_rule}")).await.expect(204);
    recorder.hears(&["label_removed"]).await;
    owner.post("/api/quick-replies", json!({ "shortcut": "boleto", "text": "Segue." })).await.expect(201);
    recorder.hears(&["quick_replies_changed"]).await;
    recorder.ends("labelled").await;
}

/// T-181, T-100
#[tokio::test]
async fn a_conversation_is_rated_and_hours_are_saved() {
    let (app, owner, site) = desk().await;
    owner.patch("/api/workspace", json!({ "survey": { "is_on": true } })).await.expect(200);
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    owner.reply(&conversation, "Oi").await.expect(201);
    owner.act(&conversation, "close").await.expect(200);
    let mut recorder = Recorder::start(&app, &owner, &[]).await;
    let stranger = app.stranger();
    let path = format!("/api/visitor/conversations/{conversation}/rating");
    let rating =
        stranger.request(reqwest::Method::PUT, &path).bearer_auth(&visitor.ticket).json(&json!({ "grade": 5 }));
    stranger.send(rating).await.expect(204);
    recorder.hears(&["conversation_rated"]).await;
    owner.put("/api/hours", json!({ "owner": "company", "version": 0, "hours": {} })).await.expect(200);
    recorder.hears(&["hours_changed"]).await;
    recorder.ends("rated").await;
}
