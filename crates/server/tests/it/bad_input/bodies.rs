//! Bodies: each field of each operation missing, null, of the wrong type, too long, with characters nobody can keep; and no JSON at all.

use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{fields, shape};
use crate::support::{Answer, App, Client, PASSWORD, Visitor, client_id};

/// An operation with a valid body.
struct Form {
    /// As in the description; the widget's ticket is outside it.
    name: &'static str,
    path: String,
    body: Value,
    /// Fields that must be there.
    required: &'static [&'static str],
    /// Texts whose length nobody limits: they are looked up or compared, never kept.
    unlimited: &'static [&'static str],
    client: Client,
    ticket: Option<String>,
    /// Whether the version is asked for before each try.
    has_version: bool,
}

impl Form {
    fn new(client: &Client, name: &'static str, body: Value) -> Self {
        let path = name.split_once(' ').unwrap().1.to_owned();
        let client = client.clone();
        Self { name, path, body, required: &[], unlimited: &[], client, ticket: None, has_version: false }
    }

    fn at(self, id: &Value) -> Self {
        Self { path: self.path.replace("{id}", id.as_str().unwrap()), ..self }
    }

    fn required(self, required: &'static [&'static str]) -> Self {
        Self { required, ..self }
    }

    fn unlimited(self, unlimited: &'static [&'static str]) -> Self {
        Self { unlimited, ..self }
    }

    async fn send(&self, content_type: Option<&str>, body: Vec<u8>) -> Answer {
        let method: Method = self.name.split_once(' ').unwrap().0.parse().unwrap();
        let mut request = self.client.request(method, &self.path).body(body);
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        if let Some(ticket) = &self.ticket {
            request = request.bearer_auth(ticket);
        }
        if self.has_version {
            let known = self.client.get(&self.path).await;
            request = request.header(header::IF_MATCH, known.headers[header::ETAG].clone());
        }
        self.client.send(request).await
    }

    async fn send_text(&self, body: impl Into<Vec<u8>>) -> Answer {
        self.send(Some("application/json"), body.into()).await
    }

    async fn send_value(&self, body: &Value) -> Answer {
        self.send_text(body.to_string()).await
    }
}

/// A company with something of everything to change.
struct Desk {
    app: App,
    empty: App,
    forms: Vec<Form>,
}

impl Desk {
    async fn new() -> Self {
        let (app, empty) = (App::start().await, App::start().await);
        let owner = app.owner().await;
        let site = app.webchat(&owner, None, json!({})).await;
        let department = json!(app.department(&owner, "Suporte").await);
        let form = json!({ "name": "Nova", "email": "nova@exemplo.com.br", "role": "agent" });
        let invited = owner.post("/api/agents", form).await.expect(201);
        let token = invited["invitation"]["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = json!(visitor.open("Oi").await);
        owner.act(conversation.as_str().unwrap(), "take").await.expect(200);
        let label = owner.post("/api/labels", json!({ "name": "Promoção", "colour": "pink" })).await.expect(201);
        let project = owner.get("/api/projects").await.expect(200)["items"][0]["id"].clone();
        let forms = [
            project_forms(&owner, &project, &department),
            account_forms(&app.stranger(), &empty.stranger(), &owner, &token),
            company_forms(&owner, &invited["agent"]["id"], &department),
            label_forms(&owner, &label["id"]),
            quick_reply_forms(&owner, &department).await,
            chat_forms(&app.stranger(), &owner, [&site, &department], &conversation, &visitor.ticket),
            mail_forms(&app.stranger(), &owner, &department, &visitor.ticket).await,
        ];
        Self { app, empty, forms: forms.into_iter().flatten().collect() }
    }
}

fn account_forms(stranger: &Client, empty: &Client, owner: &Client, token: &str) -> Vec<Form> {
    let claim = json!({ "token": "x", "company": "X", "language": "en", "time_zone": "Europe/Lisbon",
        "name": "Eve", "email": "eve@example.com", "password": PASSWORD });
    let accept = json!({ "token": token, "name": "Nova", "password": PASSWORD });
    let password = json!({ "current_password": PASSWORD, "new_password": PASSWORD });
    let profile = json!({ "name": "Ana", "language": "en", "theme": "dark", "status_on_login": "online", "sound": true, "notify": true });
    vec![
        Form::new(stranger, "POST /api/session", json!({ "email": "a@b.co", "password": "x" }))
            .required(&["email", "password"])
            .unlimited(&["email", "password"]),
        Form::new(empty, "POST /api/setup", claim)
            .required(&["token", "company", "language", "time_zone", "name", "email", "password"])
            .unlimited(&["token"]),
        Form::new(empty, "POST /api/setup/open", json!({ "token": "x" })).required(&["token"]).unlimited(&["token"]),
        Form::new(stranger, "POST /api/invitations/open", json!({ "token": token }))
            .required(&["token"])
            .unlimited(&["token"]),
        Form::new(stranger, "POST /api/invitations/accept", accept)
            .required(&["token", "name", "password"])
            .unlimited(&["token"]),
        Form::new(stranger, "POST /api/surveys/open", json!({ "token": "x" }))
            .required(&["token"])
            .unlimited(&["token"]),
        Form::new(stranger, "POST /api/surveys/answer", json!({ "token": "x", "grade": 5, "comment": "Bom" }))
            .required(&["token", "grade"])
            .unlimited(&["token"]),
        Form::new(owner, "PUT /api/me/password", password).required(&["current_password", "new_password"]),
        Form::new(owner, "PATCH /api/me", profile),
        Form::new(owner, "PUT /api/me/status", json!({ "status": "away", "pause": "Almoço" })).required(&["status"]),
    ]
}

fn company_forms(owner: &Client, agent: &Value, department: &Value) -> Vec<Form> {
    let membership = json!([{ "id": department, "is_manager": false }]);
    let invite = json!({ "name": "B", "email": "b@exemplo.com.br", "role": "agent", "departments": membership });
    let change = json!({ "name": "B", "role": "agent", "departments": membership, "is_active": true, "status_on_login": "online",
        "simultaneous_limit": 5 });
    let company = json!({ "company": "Vila Clara", "language": "pt-BR", "time_zone": "America/Sao_Paulo",
        "distribution": "off", "simultaneous_limit": 5, "late_minutes": 10,
        "idle": { "visitor_minutes": 10, "agent_minutes": 10, "warning_minutes": 5 },
        "messages": { "welcome": "Oi, {customer_name}", "waiting": "{position}", "queued": "{ahead}", "initial": "{agent_name}", "offline": "x", "transferred": "x", "closing": "x", "idle_warning": "x" },
        "restore_status": true, "offline_tickets": false, "copy_by_mail": false, "pauses": [{ "name": "Café", "minutes": 15, "is_active": true }], "privacy": { "policy_url": "https://loja.com.br/p", "officer": "Rui", "consent": "off", "consent_text": "x", "retention_months": 6, "sealed_months": 6 }, "survey": { "is_on": true, "lowest": 1, "highest": 5, "question": "Gostou?" },
        "files": { "image_mb": 5, "video_mb": 5, "audio_mb": 5, "file_mb": 5 } });
    let place = json!({ "name": "Suporte", "is_active": true, "distribution": "inherit", "project_id": null,
        "order": [], "simultaneous_limit": 5, "overflow_department_id": null, "overflow_minutes": 0,
        "messages": { "initial": "Oi, {customer_name}", "queued": "{ahead}" },
        "looks": { "plugin_name": "Suporte", "colour": "#1f6f5c", "width": 400, "logo": null, "placeholder": "x" },
        "switches": { "may_close": true, "may_serve_offline": true, "may_send_files": true, "may_send_voice": true } });
    let hand_over = json!({ "to": "queue", "department": null, "agent": null });
    let span = json!({ "start": "08:00", "end": "12:00" });
    let hours = json!({ "owner": "company", "id": null, "version": 0, "hours": { "time_zone": "America/Manaus",
        "shifts": [{ "weekdays": [1], "start": "08:00", "end": "18:00" }],
        "days": [{ "date": "2026-12-24", "name": "Véspera", "spans": [span] }] } });
    vec![
        Form::new(owner, "PUT /api/hours", hours).required(&[
            "owner",
            "version",
            "hours",
            "hours.shifts.0.weekdays",
            "hours.shifts.0.start",
            "hours.shifts.0.end",
            "hours.days.0.date",
            "hours.days.0.name",
            "hours.days.0.spans",
            "hours.days.0.spans.0.start",
            "hours.days.0.spans.0.end",
        ]),
        Form::new(owner, "PUT /api/agents/{id}/extension", json!({ "minutes": 30 })).required(&["minutes"]).at(agent),
        Form::new(owner, "POST /api/agents", invite).required(&["name", "email", "role", "departments.0.id"]),
        Form::new(owner, "PATCH /api/agents/{id}", change).required(&["departments.0.id"]).at(agent),
        Form::new(
            owner,
            "POST /api/departments",
            json!({ "name": "Vendas", "project_id": null, "distribution": "off" }),
        )
        .required(&["name"]),
        Form::new(owner, "PATCH /api/departments/{id}", place).at(department),
        Form::new(owner, "POST /api/agents/{id}/hand_over", hand_over).required(&["to"]).at(agent),
        Form::new(owner, "PATCH /api/workspace", company).required(&["pauses.0.name"]),
    ]
}

fn project_forms(owner: &Client, project: &Value, department: &Value) -> Vec<Form> {
    let change = json!({ "name": "Contrato", "has_chat": true, "only_specialists": false, "is_removed": false });
    let group = json!({ "kind": "group", "id": department, "level": 1 });
    let associate = json!({ "specialists": [group], "only_specialists": false });
    let erase = json!({ "specialists": [{ "kind": "group", "id": department }] });
    vec![
        Form::new(owner, "POST /api/projects", json!({ "name": "Contrato" })).required(&["name"]),
        Form::new(owner, "PATCH /api/projects/{id}", change).at(project),
        Form::new(owner, "POST /api/projects/{id}/specialists", associate)
            .required(&["specialists", "specialists.0.kind", "specialists.0.id", "specialists.0.level"])
            .at(project),
        Form::new(owner, "POST /api/projects/{id}/specialists/erase", erase)
            .required(&["specialists", "specialists.0.kind", "specialists.0.id"])
            .at(project),
    ]
}

async fn quick_reply_forms(owner: &Client, department: &Value) -> Vec<Form> {
    let form = |shortcut: &str| json!({ "shortcut": shortcut, "text": "Segue a segunda via.", "departments": [department], "is_active": true });
    let added = owner.post("/api/quick-replies", form("boleto")).await.expect(201);
    vec![
        Form::new(owner, "POST /api/quick-replies", form("segunda-via")).required(&["shortcut", "text"]),
        Form::new(owner, "PATCH /api/quick-replies/{id}", form("segunda-via")).at(&added["id"]),
    ]
}

fn label_forms(owner: &Client, label: &Value) -> Vec<Form> {
    let conditions = json!([{ "field": "page", "operator": "contains", "value": "preços" }]);
    let new = json!({ "name": "Preços", "colour": "amber", "is_active": true, "conditions": conditions });
    vec![
        Form::new(owner, "POST /api/labels", new.clone()).required(&[
            "name",
            "colour",
            "conditions.0.field",
            "conditions.0.operator",
            "conditions.0.value",
        ]),
        Form::new(owner, "PATCH /api/labels/{id}", new)
            .required(&["conditions.0.field", "conditions.0.operator", "conditions.0.value"])
            .at(label),
    ]
}

fn chat_forms(
    stranger: &Client,
    owner: &Client,
    [site, department]: [&Value; 2],
    conversation: &Value,
    ticket: &str,
) -> Vec<Form> {
    let settings = json!({ "plugin_name": "A", "colour": "#112233", "position": "left", "greeting": "x", "offline_text": "x",
        "when_offline": "auto", "call_to_action": "x", "offset_side": 20, "offset_bottom": 80, "hide_offline": true, "ask_name": false, "ask_email": false, "start_open_desktop": false, "start_open_mobile": false,
        "visitor_may_close": true, "visitor_files": true, "capture_visitor_data": true, "allowed_domains": ["loja.com.br"], "show_branding": true,
        "whatsapp": "11987654321", "telegram": "minha_loja", "language": "auto", "typing_preview": true, "watch_visitors": true, "challenge": "off" });
    let add = json!({ "channel": "webchat", "name": "Site", "department_id": null, "is_enabled": true, "settings": settings });
    let change = json!({ "name": "Site", "department_id": null, "is_enabled": true, "settings": settings });
    let said = json!({ "id": client_id(), "text": "oi", "file": null, "form": { "name": "Marina", "email": "m@exemplo.com.br", "department": null },
        "page": { "url": "https://loja.com.br/", "title": "Loja" } });
    let by_the_page =
        json!({ "id": client_id(), "text": "oi", "form": { "phone": "11987654321", "customer_id": "7" } });
    let reply = json!({ "client_id": client_id(), "kind": "reply", "text": "olá", "file": null });
    let transfer = json!({ "agent": null, "department": department, "note": "olá", "confirmed": true });
    let file = json!({ "client_id": client_id(), "name": "a.txt", "size": 3, "kind": "file", "duration_ms": 5 });
    let code = site["code"].as_str().unwrap();
    vec![
        Form::new(owner, "POST /api/connections", add).required(&["channel", "name", "settings"]),
        Form { has_version: true, ..Form::new(owner, "PATCH /api/connections/{id}", change).at(&site["id"]) },
        Form::new(owner, "POST /api/conversations/{id}/messages", reply)
            .required(&["client_id", "kind", "text"])
            .at(conversation),
        Form::new(owner, "POST /api/conversations/{id}/reopen", json!({ "to": "me", "restore": false }))
            .at(conversation),
        Form::new(owner, "POST /api/conversations/{id}/transfer", transfer).at(conversation),
        Form {
            ticket: Some(ticket.to_owned()),
            ..Form::new(stranger, "POST /api/visitor/messages", said)
                .required(&["id", "text", "page.url"])
                // What a page calls itself is cut.
                .unlimited(&["page.url", "page.title"])
        },
        Form {
            ticket: Some(ticket.to_owned()),
            ..Form::new(stranger, "POST /api/visitor/messages", by_the_page)
                .required(&["id", "text"])
                // The page's mistakes do not cost the visitor the message.
                .unlimited(&["form.phone", "form.customer_id"])
        },
        Form {
            ticket: Some(ticket.to_owned()),
            ..Form::new(stranger, "PUT /api/visitor/conversations/{id}/rating", json!({ "grade": 5, "comment": "Bom" }))
                .at(conversation)
        },
        Form {
            ticket: Some(ticket.to_owned()),
            ..Form::new(stranger, "POST /api/visitor/conversations/{id}/copy", json!({ "email": "m@exemplo.com.br" }))
                .at(conversation)
        },
        // A name that is too long is cut.
        Form::new(owner, "POST /api/files", file.clone())
            .required(&["client_id", "name", "size", "kind"])
            .unlimited(&["name"]),
        Form {
            ticket: Some(ticket.to_owned()),
            ..Form::new(stranger, "POST /api/visitor/files", file)
                .required(&["client_id", "name", "size", "kind"])
                .unlimited(&["name"])
        },
        Form {
            path: format!("/widgets/{code}/ticket"),
            // A key that is none is replaced, a customer whom nobody has signed is nobody.
            ..Form::new(stranger, "POST /widgets/{code}/ticket", json!({ "key": "x".repeat(43), "customer": "7,00" }))
                .unlimited(&["key", "customer"])
        },
    ]
}

/// Offline messages and mail, at ports that nobody listens on.
async fn mail_forms(stranger: &Client, owner: &Client, department: &Value, ticket: &str) -> Vec<Form> {
    let server = json!({ "host": "127.0.0.1", "port": 1, "security": "none", "user": "ana" });
    let mut imap = server.clone();
    imap["folder"] = json!("INBOX");
    imap["receiving_server"] = json!("mail.exemplo.com.br");
    let settings = json!({ "from_name": "Loja", "from_address": "a@exemplo.com.br", "marks_address": true, "smtp": server, "imap": imap,
        "login": "password", "oauth": { "provider": "other", "client_id": "x", "user": "a@exemplo.com.br", "tenant": "x", "scope": "mail",
            "authorization_url": "https://id.exemplo.com.br/authorize", "token_url": "https://id.exemplo.com.br/token" } });
    let mail = json!({ "settings": settings, "smtp_password": "x", "imap_password": "x", "client_secret": "x" });
    let left = json!({ "id": client_id(), "name": "Marina", "email": "m@exemplo.com.br", "department": department, "text": "oi", "files": [],
        "page": { "url": "https://loja.com.br/", "title": "Loja" }, "website": "", "consent": "yes", "proof": "x" });
    let sent = stranger.request(Method::POST, "/api/visitor/offline-messages").bearer_auth(ticket).json(&left);
    stranger.send(sent).await.expect(201);
    let message = owner.get("/api/offline-messages").await.expect(200)["items"][0]["id"].clone();
    let reply = json!({ "client_id": client_id(), "text": "olá", "files": [] });
    let converted = format!("/api/offline-messages/{}/ticket", message.as_str().unwrap());
    let made = owner.post(&converted, json!({})).await.expect(200);
    let (ticketed, contact) = (made["id"].clone(), made["contact_id"].clone());
    let category = json!({ "name": "Cobrança", "is_active": true });
    let known = owner.post("/api/ticket-categories", category.clone()).await.expect(201)["id"].clone();
    let change = json!({ "title": "Segunda via", "state": "open", "priority": "high", "department": department, "category": known });
    vec![
        Form::new(owner, "POST /api/ticket-categories", category.clone()).required(&["name"]),
        Form::new(owner, "PATCH /api/ticket-categories/{id}", category).at(&known),
        Form::new(owner, "PATCH /api/offline-messages/{id}", json!({ "email": "m@exemplo.com.br" }))
            .required(&["email"])
            .at(&message),
        Form::new(owner, "PATCH /api/tickets/{id}", change).at(&ticketed),
        Form::new(owner, "POST /api/privacy/contacts/{id}/erase", json!({ "reason": "x" })).at(&contact),
        Form { has_version: true, ..Form::new(owner, "PATCH /api/mail", mail.clone()) },
        Form::new(owner, "POST /api/mail/test-sending", mail.clone()),
        Form::new(owner, "POST /api/mail/test-fetching", mail),
        // What comes back with a consent is looked up.
        Form::new(owner, "POST /api/mail/consent/finish", json!({ "state": "x", "code": "x" }))
            .required(&["state", "code"])
            .unlimited(&["state"]),
        Form {
            ticket: Some(ticket.to_owned()),
            ..Form::new(stranger, "POST /api/visitor/offline-messages", left)
                .required(&["id", "name", "email", "text", "page.url"])
                // What a page calls itself is cut; nobody fills in the next one, and nothing asks for the last two.
                .unlimited(&["page.url", "page.title", "website", "consent", "proof"])
        },
        Form::new(owner, "POST /api/offline-messages/{id}/replies", reply)
            .required(&["client_id", "text"])
            .at(&message),
    ]
}

/// The places of a document: `settings.colour`, `departments.0.id`.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    if !path.is_empty() {
        found.push(path.to_owned());
    }
    match value {
        Value::Object(inner) => inner.iter().for_each(|(name, value)| places(value, &join(name), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| places(value, &join(&at.to_string()), found))
        }
        _ => {}
    }
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

fn with(body: &Value, path: &str, value: Value) -> Value {
    let mut changed = body.clone();
    *changed.pointer_mut(&pointer(path)).unwrap() = value;
    changed
}

fn without(body: &Value, path: &str) -> Value {
    let mut changed = body.clone();
    let (parent, name) = path.rsplit_once('.').map_or(("", path), |(parent, name)| (parent, name));
    let parent = if parent.is_empty() { &mut changed } else { changed.pointer_mut(&pointer(parent)).unwrap() };
    match parent {
        Value::Object(inner) => drop(inner.remove(name)),
        Value::Array(items) => drop(items.remove(name.parse().unwrap())),
        _ => unreachable!("{path}"),
    }
    changed
}

/// Values of another type than this one.
fn strangers(value: &Value) -> Vec<Value> {
    let all =
        [json!("x"), json!(5), json!(-1.5), json!(true), json!({ "x": 1 }), json!([[]]), json!(1e300), json!(u64::MAX)];
    let is_alike = |other: &Value| std::mem::discriminant(other) == std::mem::discriminant(value);
    all.into_iter().filter(|other| !is_alike(other)).collect()
}

struct Faults(Vec<String>);

impl Faults {
    fn note(&mut self, form: &Form, what: &str, fault: Option<String>) {
        self.0.extend(fault.map(|fault| format!("{} with {what}: {fault}", form.name)));
    }

    fn shape(&mut self, form: &Form, what: &str, answer: &Answer) {
        self.note(form, what, shape(answer));
    }

    /// The answer must be this refusal; for 422 of this one field.
    fn refusal(&mut self, form: &Form, what: &str, answer: &Answer, expected: (u16, &str)) {
        self.shape(form, what, answer);
        let found = match answer.status.as_u16() {
            422 => fields(answer).join(" "),
            _ => answer.body["error"]["code"].as_str().unwrap_or("").to_owned(),
        };
        if (answer.status.as_u16(), found.as_str()) != expected {
            self.note(form, what, Some(format!("answered {} {found}, not {expected:?}", answer.status)));
        }
    }

    #[track_caller]
    fn none(self) {
        assert!(self.0.is_empty(), "{} wrong:\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[tokio::test]
async fn every_operation_with_a_body_is_tried_and_described_with_its_fields() {
    let description: Value = serde_json::from_str(&balcao_server::docs::openapi_text()).unwrap();
    let forms = Desk::new().await.forms;
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            // Tables are tried by `imports.rs`.
            if operation["requestBody"]["content"]["text/csv"].is_object() {
                continue;
            }
            let Some(reference) = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()
            else {
                let content = &operation["requestBody"]["content"];
                // Files and pictures are tried by tests of their own.
                if content["application/octet-stream"].is_object() || content["image/*"].is_object() {
                    continue;
                }
                assert!(operation["requestBody"].is_null(), "the body of {method} {path} has no name");
                continue;
            };
            let name = format!("{} {path}", method.to_uppercase());
            let form = forms.iter().find(|form| form.name == name);
            let form = form.unwrap_or_else(|| panic!("{name} is not tried with wrong bodies"));
            let described = description.pointer(reference.trim_start_matches('#')).unwrap();
            for field in form.body.as_object().unwrap().keys() {
                assert!(described["properties"][field].is_object(), "{reference} of {name} does not describe {field}");
            }
        }
    }
}

#[tokio::test]
async fn a_field_that_is_missing_null_or_of_another_type_is_named() {
    let desk = Desk::new().await;
    let mut faults = Faults(Vec::new());
    for form in &desk.forms {
        let mut found = Vec::new();
        places(&form.body, "", &mut found);
        for path in found {
            let is_required = form.required.contains(&path.as_str());
            let missing = form.send_value(&without(&form.body, &path)).await;
            let null = form.send_value(&with(&form.body, &path, Value::Null)).await;
            if is_required {
                faults.refusal(form, &format!("no {path}"), &missing, (422, &format!("{path}:required")));
                faults.refusal(form, &format!("null {path}"), &null, (422, &format!("{path}:invalid_value")));
            } else {
                faults.shape(form, &format!("no {path}"), &missing);
                faults.shape(form, &format!("null {path}"), &null);
            }
            let before = form.body.pointer(&pointer(&path)).unwrap();
            for other in strangers(before) {
                let answer = form.send_value(&with(&form.body, &path, other.clone())).await;
                let what = format!("{path} = {other}");
                faults.shape(form, &what, &answer);
                let named = fields(&answer);
                // The wrong value may be an object whose own field is wrong.
                let is_named = answer.status == 422
                    && named
                        .iter()
                        .any(|field| field.starts_with(&format!("{path}:")) || field.starts_with(&format!("{path}.")));
                if !is_named {
                    faults.note(form, &what, Some(format!("answered {} {named:?}", answer.status)));
                }
            }
        }
    }
    faults.none();
}

/// A field that is too long and does not say in its sentence how much is allowed.
fn unsaid_limit(answer: &Answer) -> Option<Value> {
    let fields = answer.body["error"]["fields"].as_array()?;
    let too_long = fields.iter().find(|field| field["code"] == "too_long")?;
    let limit = too_long["params"]["limit"].as_u64().map(|limit| limit.to_string());
    let is_said = limit.is_some_and(|limit| too_long["message"].as_str().is_some_and(|text| text.contains(&limit)));
    (!is_said).then(|| too_long.clone())
}

#[tokio::test]
async fn texts_that_are_too_long_or_hold_forbidden_characters_are_named() {
    let desk = Desk::new().await;
    let mut faults = Faults(Vec::new());
    for form in &desk.forms {
        let mut found = Vec::new();
        places(&form.body, "", &mut found);
        for path in found.iter().filter(|path| form.body.pointer(&pointer(path)).unwrap().is_string()) {
            for (character, name) in
                [('\0', "U+0000"), ('\u{7}', "a bell"), ('\u{1b}', "an escape"), ('\u{85}', "a C1 control")]
            {
                let answer = form.send_value(&with(&form.body, path, json!(format!("a{character}b")))).await;
                faults.refusal(
                    form,
                    &format!("{name} in {path}"),
                    &answer,
                    (422, &format!("{path}:invalid_character")),
                );
            }
            let answer = form.send_value(&with(&form.body, path, json!("ã".repeat(20_000)))).await;
            let what = format!("a long {path}");
            faults.shape(form, &what, &answer);
            let is_named = fields(&answer).iter().any(|field| field.starts_with(&format!("{path}:")));
            if !form.unlimited.contains(&path.as_str()) && !is_named {
                faults.note(form, &what, Some(format!("answered {} {:?}", answer.status, fields(&answer))));
            }
            if let Some(limit) = unsaid_limit(&answer) {
                faults.note(form, &what, Some(format!("does not say how much is allowed: {limit}")));
            }
            let placeholder = with(&form.body, path, json!("@@")).to_string();
            for escape in [r#""\ud800""#, r#""\udc00x""#, r#""\ud800\ud800""#] {
                let answer = form.send_text(placeholder.replace("\"@@\"", escape)).await;
                faults.refusal(form, &format!("{escape} in {path}"), &answer, (400, "malformed"));
            }
            for number in ["1e400", "-1e400"] {
                let answer = form.send_text(placeholder.replace("\"@@\"", number)).await;
                faults.refusal(form, &format!("{number} in {path}"), &answer, (400, "malformed"));
            }
            let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
            let answer = form.send_text(placeholder.replace("\"@@\"", &deep)).await;
            faults.refusal(form, &format!("a deep {path}"), &answer, (400, "malformed"));
        }
    }
    faults.none();
}

#[tokio::test]
async fn what_is_no_json_object_is_refused_with_its_own_code() {
    let desk = Desk::new().await;
    let mut faults = Faults(Vec::new());
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000)).into_bytes();
    for form in &desk.forms {
        for (what, body) in [
            ("nothing", Vec::new()),
            ("no JSON", b"name=Ana&role=owner".to_vec()),
            ("half a body", b"{\"name\":\"A".to_vec()),
            ("two bodies", b"{}{}".to_vec()),
            ("invalid UTF-8", b"{\"name\":\"\xff\xfe\"}".to_vec()),
            ("UTF-16", "{}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("deep arrays", deep("[", "]")),
            ("deep objects", deep("{\"a\":", "}")),
            ("NaN", b"{\"name\":NaN}".to_vec()),
        ] {
            faults.refusal(form, what, &form.send_text(body).await, (400, "malformed"));
        }
        for other in
            [json!(null), json!([]), json!(["a", "b", "c", "d", "e", "f", "g"]), json!("x"), json!(5), json!(true)]
        {
            let answer = form.send_value(&other).await;
            faults.refusal(form, &other.to_string(), &answer, (422, ":invalid_value"));
        }
        let valid = form.body.to_string().into_bytes();
        for kind in [
            None,
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
            Some("multipart/form-data"),
            Some("application/jsonp"),
        ] {
            let answer = form.send(kind, valid.clone()).await;
            faults.refusal(form, &format!("{kind:?}"), &answer, (415, "unsupported_media_type"));
        }
        let large = json!({ "name": "x".repeat(200_000) }).to_string();
        faults.refusal(form, "200 KB", &form.send_text(large).await, (413, "too_large"));
    }
    faults.none();
    assert_eq!(desk.app.desk.store.reruns() + desk.empty.desk.store.reruns(), 0);
}

#[tokio::test]
async fn lists_are_no_objects_and_objects_are_no_words_at_any_depth() {
    let desk = Desk::new().await;
    let mut faults = Faults(Vec::new());
    for form in &desk.forms {
        let mut found = Vec::new();
        places(&form.body, "", &mut found);
        for path in found {
            let before = form.body.pointer(&pointer(&path)).unwrap();
            let other = match before {
                // As serde would take them: the fields in their order, the name of a variant without content.
                Value::Object(fields) => Value::Array(fields.values().cloned().collect()),
                Value::String(word) => json!({ word.as_str(): null }),
                _ => continue,
            };
            let answer = form.send_value(&with(&form.body, &path, other)).await;
            faults.refusal(form, &format!("{path} turned"), &answer, (422, &format!("{path}:invalid_value")));
        }
    }
    faults.none();
}

/// 128 KB from a stranger must not become an answer of gigabytes.
#[tokio::test]
async fn many_faults_under_a_long_name_make_a_short_answer() {
    let app = App::start().await;
    let login = json!({ "email": "a", "password": "b", "k".repeat(64_000): vec!["\u{0}"; 7_000] });
    let answer = app.stranger().post("/api/session", login).await;
    assert!(answer.text.len() < 8_000, "{} bytes", answer.text.len());
    let told = answer.fields();
    assert!(!told.is_empty() && told.iter().all(|field| field.starts_with("kkk")), "{told:?}");
    let query = format!("/api/conversations?{}=%00", "k".repeat(5_000));
    assert!(app.owner().await.get(&query).await.text.len() < 2_000);
}
