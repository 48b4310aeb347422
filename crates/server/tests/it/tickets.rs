//! Tickets: how offline messages become some, how they are found, changed and handed on, and how what is written moves them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    App, Client, Sender, Visitor, client_id,
    mail::{MailServers, header_of},
    until,
};

/// Somebody leaves a message; its id.
async fn left(app: &App, owner: &Client, site: &Value, form: Value) -> String {
    let ticket = Visitor::ticket_of(app, site).await;
    leave_as(app, &ticket, form).await;
    let found = owner.get("/api/offline-messages").await.expect(200)["items"][0]["id"].clone();
    found.as_str().unwrap_or_default().to_owned()
}

async fn leave_as(app: &App, ticket: &str, mut form: Value) {
    for (name, value) in
        [("id", json!(client_id())), ("name", json!("Marina")), ("email", json!("marina@exemplo.test"))]
    {
        let form = form.as_object_mut().unwrap();
        form.entry(name).or_insert(value);
    }
    let stranger = app.stranger();
    let request = stranger.request(Method::POST, "/api/visitor/offline-messages").bearer_auth(ticket).json(&form);
    stranger.send(request).await.expect(201);
}

async fn convert(client: &Client, message: &str) -> Value {
    client.post(&format!("/api/offline-messages/{message}/ticket"), json!({})).await.expect(200)
}

fn path(ticket: &Value) -> String {
    format!("/api/tickets/{}", ticket["id"].as_str().unwrap())
}

async fn titles(client: &Client, query: &str) -> Vec<String> {
    let answer = client.get(&format!("/api/tickets{query}")).await.expect(200);
    answer["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

/// The words in which changes are kept, oldest first.
fn changes(ticket: &Value) -> Vec<String> {
    let all = ticket["changes"].as_array().unwrap().iter();
    all.map(|change| {
        let word = |name: &str| change[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", word("field"), word("before"), word("after"))
    })
    .collect()
}

/// T-160, T-158, T-161, T-170, T-171
#[tokio::test]
async fn a_message_becomes_a_ticket_by_hand_once() {
    let app = App::start().await;
    let owner = app.owner().await;
    let support = app.department(&owner, "Suporte").await;
    let site = app.webchat(&owner, None, json!({})).await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    let file = Sender::with_ticket(&app, &ticket).upload("nota.txt", "file", b"abc").await["id"].clone();
    let page = json!({ "url": "https://loja.test/planos", "title": "Planos" });
    let form = json!({ "text": "Minha internet\ncaiu", "department": support, "page": page, "files": [file] });
    leave_as(&app, &ticket, form).await;
    let message = owner.get("/api/offline-messages").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let mut console = owner.socket().await;
    let made = convert(&owner, &message).await;
    console.event("ticket_added").await;
    assert_eq!(
        [
            &made["number"],
            &made["title"],
            &made["state"],
            &made["priority"],
            &made["department_id"],
            &made["assignee_id"]
        ],
        [&json!(1), &json!("Minha internet caiu"), &json!("new"), &json!("low"), &json!(support), &Value::Null]
    );
    assert_eq!((&made["name"], &made["email"]), (&json!("Marina"), &json!("marina@exemplo.test")));
    assert_eq!((&made["message"]["text"], &made["message"]["page"]), (&json!("Minha internet\ncaiu"), &page));
    assert_eq!(made["message"]["files"][0]["name"], json!("nota.txt"));
    // Whoever was unknown is a contact now, with what was written in the form.
    assert_eq!(
        (&made["contact"]["name"], &made["contact"]["email"]),
        (&json!("Marina"), &json!("marina@exemplo.test"))
    );
    assert_eq!(changes(&made), ["created - -"]);
    assert_eq!(made["changes"][0]["agent_id"], json!(owner.id().await));
    // Once more it is the same one.
    assert_eq!(convert(&owner, &message).await["id"], made["id"]);
    assert_eq!(titles(&owner, "").await, ["Minha internet caiu"]);
    // It need not be looked for among the offline messages.
    let messages = owner.get("/api/offline-messages").await.expect(200);
    assert_eq!((&messages["items"], &messages["counters"]["new"]), (&json!([]), &json!(0)));
    let converted = owner.get("/api/offline-messages?state=converted").await.expect(200);
    assert_eq!(converted["items"][0]["ticket_id"], made["id"]);
    assert_eq!(owner.get("/api/tickets/counters").await.expect(200), json!({ "new": 1, "mine": 0 }));
}

/// T-157, T-159, T-161
#[tokio::test]
async fn messages_become_tickets_by_themselves_from_when_the_company_wants_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    left(&app, &owner, &site, json!({ "text": "Antes", "email": "rui@exemplo.test" })).await;
    owner.patch("/api/workspace", json!({ "offline_tickets": true })).await.expect(200);
    let mut visitor = Visitor::arrive(&app, &site).await;
    let ticket = visitor.ticket.clone();
    leave_as(&app, &ticket, json!({ "text": "Depois" })).await;
    assert_eq!(titles(&owner, "").await, ["Depois"]);
    let messages = owner.get("/api/offline-messages").await.expect(200);
    assert_eq!((messages["items"].as_array().unwrap().len(), &messages["items"][0]["excerpt"]), (1, &json!("Antes")));
    let made = owner.get("/api/tickets").await.expect(200)["items"][0].clone();
    let whole = owner.get(&path(&made)).await.expect(200);
    assert_eq!((changes(&whole), &whole["changes"][0]["agent_id"]), (vec!["created - -".to_owned()], &Value::Null));
    // Another browser with the same address is the same customer; the same browser is, whatever it types.
    let other = Visitor::ticket_of(&app, &site).await;
    leave_as(&app, &other, json!({ "text": "Do celular" })).await;
    leave_as(&app, &ticket, json!({ "text": "Outro e-mail", "email": "m@outra.test" })).await;
    let all = owner.get("/api/tickets").await.expect(200)["items"].clone();
    let contacts: Vec<&Value> = all.as_array().unwrap().iter().map(|item| &item["contact_id"]).collect();
    assert_eq!(contacts, [contacts[0]; 3]);
    assert_eq!(titles(&owner, &format!("?contact={}", contacts[0].as_str().unwrap())).await.len(), 3);
    // And goes on as the same contact in the chat.
    let conversation = visitor.open("Estou aqui").await;
    let row = owner.conversation(&conversation).await;
    assert_eq!(&row["conversation"]["contact"]["id"], contacts[0]);
}

/// T-170 to T-173
#[tokio::test]
async fn a_ticket_is_changed_and_handed_on_and_keeps_who_did_what() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (support, finance) = (app.department(&owner, "Suporte").await, app.department(&owner, "Financeiro").await);
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": support }])).await;
    let carla = app.hire(&owner, "Carla", "agent", json!([{ "id": finance }])).await;
    let vera = app.hire(&owner, "Vera", "viewer", json!([{ "id": support }])).await;
    let site = app.webchat(&owner, None, json!({})).await;
    let message = left(&app, &owner, &site, json!({ "text": "Cobrança em dobro", "department": support })).await;
    let made = convert(&bruno, &message).await;
    let ticket = path(&made);
    // Whoever it is given to has something to do.
    let own = bruno.patch(&ticket, json!({ "assignee": bruno.id().await })).await.expect(200);
    assert_eq!((&own["state"], &own["assignee_id"]), (&json!("open"), &json!(bruno.id().await)));
    assert_eq!(bruno.get("/api/tickets/counters").await.expect(200), json!({ "new": 0, "mine": 1 }));
    // Who does not answer there cannot have it.
    for other in [carla.id().await, vera.id().await, client_id()] {
        assert_eq!(bruno.patch(&ticket, json!({ "assignee": other })).await.fields(), ["assignee:agent_unknown"]);
    }
    assert_eq!(
        bruno.patch(&ticket, json!({ "department": client_id() })).await.fields(),
        ["department:department_unknown"]
    );
    assert_eq!(bruno.patch(&ticket, json!({ "title": " " })).await.fields(), ["title:required"]);
    assert_eq!(vera.patch(&ticket, json!({ "state": "solved" })).await.refused(403), "forbidden");
    bruno.patch(&ticket, json!({ "title": "Estorno de outubro", "priority": "urgent" })).await.expect(200);
    // In another department it is nobody's, and its message goes with it.
    let moved = bruno.patch(&ticket, json!({ "department": finance })).await.expect(200);
    assert_eq!((&moved["assignee_id"], &moved["message"]["department_id"]), (&Value::Null, &json!(finance)));
    assert_eq!(bruno.get(&ticket).await.refused(404), "not_found");
    assert_eq!(bruno.get(&format!("/api/offline-messages/{message}")).await.refused(404), "not_found");
    assert_eq!(titles(&bruno, "").await, [""; 0]);
    let solved = carla.patch(&ticket, json!({ "state": "solved", "assignee": carla.id().await })).await.expect(200);
    assert!(!solved["closed_at"].is_null());
    assert_eq!((titles(&carla, "").await.len(), titles(&carla, "?state=solved").await.len()), (0, 1));
    let again = carla.patch(&ticket, json!({ "state": "open" })).await.expect(200);
    assert_eq!((&again["closed_at"], &again["title"]), (&Value::Null, &json!("Estorno de outubro")));
    let (bruno, carla) = (bruno.id().await, carla.id().await);
    assert_eq!(
        changes(&again),
        [
            "created - -".to_owned(),
            format!("assignee - {bruno}"),
            "state new open".to_owned(),
            "title Cobrança em dobro Estorno de outubro".to_owned(),
            "priority low urgent".to_owned(),
            format!("department {support} {finance}"),
            format!("assignee {bruno} -"),
            format!("assignee - {carla}"),
            "state open solved".to_owned(),
            "state solved open".to_owned(),
        ]
    );
}

/// T-173: who leaves a department, or the company, leaves no ticket that nobody sees.
#[tokio::test]
async fn tickets_of_whoever_does_not_serve_any_more_are_nobodys() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (support, sales) = (app.department(&owner, "Suporte").await, app.department(&owner, "Vendas").await);
    let site = app.webchat(&owner, None, json!({})).await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": support }, { "id": sales }])).await;
    let id = bruno.id().await;
    for (text, department) in [("Caiu", &support), ("Quero um plano", &sales), ("Resolvido", &support)] {
        let ticket = Visitor::ticket_of(&app, &site).await;
        leave_as(&app, &ticket, json!({ "text": text, "department": department })).await;
        let message =
            owner.get("/api/offline-messages").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let made = convert(&owner, &message).await;
        let state = if text == "Resolvido" { "solved" } else { "open" };
        owner.patch(&path(&made), json!({ "assignee": id, "state": state })).await.expect(200);
    }
    let person = format!("/api/agents/{id}");
    owner.patch(&person, json!({ "departments": [{ "id": sales }] })).await.expect(200);
    assert_eq!(titles(&owner, "?unassigned=true").await, ["Caiu"]);
    assert_eq!(titles(&bruno, "?").await, ["Quero um plano"]);
    owner.patch(&person, json!({ "is_active": false })).await.expect(200);
    assert_eq!(titles(&owner, "?unassigned=true").await, ["Quero um plano", "Caiu"]);
    // What is over stays with who saw to it, and nobody who is named in one is removed.
    assert_eq!(titles(&owner, &format!("?state=solved&assignee={id}")).await, ["Resolvido"]);
    let refused = owner.delete(&person).await;
    assert_eq!(refused.refused(409), "agent_in_use");
}

/// T-170
#[tokio::test]
async fn tickets_are_found_by_words_number_state_and_person() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    owner.patch("/api/workspace", json!({ "offline_tickets": true })).await.expect(200);
    for (name, text) in [("Ávila", "Boleto 100%"), ("Bento", "Sem sinal"), ("Célia", "Troca de plano")] {
        let ticket = Visitor::ticket_of(&app, &site).await;
        leave_as(&app, &ticket, json!({ "name": name, "email": format!("{}@casa.test", text.len()), "text": text }))
            .await;
        app.clock.advance(60);
    }
    let all = owner.get("/api/tickets").await.expect(200)["items"].clone();
    assert_eq!(titles(&owner, "").await, ["Troca de plano", "Sem sinal", "Boleto 100%"]);
    assert_eq!(titles(&owner, "?search=avila").await, ["Boleto 100%"]);
    assert_eq!(titles(&owner, "?search=100%25").await, ["Boleto 100%"]);
    assert_eq!(titles(&owner, "?search=%232").await, ["Sem sinal"]);
    assert_eq!(titles(&owner, "?search=2").await, ["Sem sinal"]);
    assert_eq!(titles(&owner, &format!("?before={}", all[1]["id"].as_str().unwrap())).await, ["Boleto 100%"]);
    owner.patch(&path(&all[1]), json!({ "assignee": owner.id().await })).await.expect(200);
    assert_eq!(titles(&owner, &format!("?assignee={}", owner.id().await)).await, ["Sem sinal"]);
    assert_eq!(titles(&owner, "?unassigned=true").await, ["Troca de plano", "Boleto 100%"]);
    assert_eq!(titles(&owner, "?state=open").await, ["Sem sinal"]);
    owner.patch(&path(&all[0]), json!({ "state": "cancelled" })).await.expect(200);
    assert_eq!(titles(&owner, "").await, ["Sem sinal", "Boleto 100%"]);
}

/// T-170: what a ticket is about, by categories of the company's own.
#[tokio::test]
async fn tickets_have_categories_with_their_story() {
    let app = App::start().await;
    let owner = app.owner().await;
    let support = app.department(&owner, "Suporte").await;
    let manager = app.hire(&owner, "Rita", "manager", json!([{ "id": support, "is_manager": true }])).await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut console = owner.socket().await;
    let add = |name: &str| {
        let (manager, form) = (manager.clone(), json!({ "name": name }));
        async move { manager.post("/api/ticket-categories", form).await }
    };
    let billing = add(" Cobrança ").await.expect(201);
    console.event("ticket_categories_changed").await;
    assert_eq!((&billing["name"], &billing["is_active"]), (&json!("Cobrança"), &json!(true)));
    let delivery = add("Entrega").await.expect(201);
    assert_eq!(add("cobranca").await.fields(), ["name:name_in_use"]);
    assert_eq!(add(" ").await.fields(), ["name:required"]);
    assert_eq!(add(&"x".repeat(61)).await.fields(), ["name:too_long"]);
    // One in its place and one without.
    let sorted = convert(&owner, &left(&app, &owner, &site, json!({ "text": "Cobraram duas vezes" })).await).await;
    let unsorted = convert(&owner, &left(&app, &owner, &site, json!({ "text": "Não chegou" })).await).await;
    assert_eq!(sorted["category_id"], Value::Null);
    let set = |category: Value| {
        let (owner, ticket, form) = (owner.clone(), path(&sorted), json!({ "category": category }));
        async move { owner.patch(&ticket, form).await }
    };
    assert_eq!(set(json!(client_id())).await.fields(), ["category:category_unknown"]);
    let chosen = set(billing["id"].clone()).await.expect(200);
    assert_eq!(chosen["category_id"], billing["id"]);
    assert_eq!(set(billing["id"].clone()).await.expect(200)["changes"], chosen["changes"]);
    let (billing, delivery) = (billing["id"].as_str().unwrap(), delivery["id"].as_str().unwrap());
    assert_eq!(changes(&chosen).last().unwrap(), &format!("category - {billing}"));
    assert_eq!(chosen["changes"][1]["agent_id"], json!(owner.id().await));
    assert_eq!(titles(&owner, &format!("?category={billing}")).await, ["Cobraram duas vezes"]);
    assert_eq!(titles(&owner, &format!("?category={delivery}")).await, [""; 0]);
    assert_eq!(titles(&owner, "?uncategorized=true").await, [unsorted["title"].as_str().unwrap()]);

    // What is used is archived: it stays where it is, and is chosen no more.
    let one = |id: &str| format!("/api/ticket-categories/{id}");
    assert_eq!(manager.delete(&one(billing)).await.refused(409), "category_in_use");
    let uses = manager.get("/api/ticket-categories/uses").await.expect(200)["items"].clone();
    let of = |id: &str| uses.as_array().unwrap().iter().find(|found| found["id"] == *id).unwrap().clone();
    assert_eq!(of(billing), json!({ "id": billing, "tickets": 1, "is_removable": false }));
    assert_eq!(of(delivery), json!({ "id": delivery, "tickets": 0, "is_removable": true }));
    manager.patch(&one(billing), json!({ "is_active": false })).await.expect(200);
    let other = owner.patch(&path(&unsorted), json!({ "category": billing })).await;
    assert_eq!(other.fields(), ["category:category_unknown"]);
    let kept = owner.patch(&path(&sorted), json!({ "category": billing, "priority": "high" })).await.expect(200);
    assert_eq!(kept["category_id"], json!(billing));
    // Nor can it be removed once no ticket has it any more: it is named in a story.
    let without = set(Value::Null).await.expect(200);
    assert_eq!(changes(&without).last().unwrap(), &format!("category {billing} -"));
    assert_eq!(manager.delete(&one(billing)).await.refused(409), "category_in_use");
    manager.patch(&one(delivery), json!({ "name": "Entregas" })).await.expect(200);
    let names = |answer: Value| {
        let items = answer["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(owner.get("/api/ticket-categories").await.expect(200)), ["Cobrança", "Entregas"]);
    manager.delete(&one(delivery)).await.expect(204);
    assert_eq!(manager.delete(&one(delivery)).await.refused(404), "not_found");
    assert_eq!(names(owner.get("/api/ticket-categories").await.expect(200)), ["Cobrança"]);
}

/// T-152, T-161: a corrected address is the ticket's and its customer's.
#[tokio::test]
async fn a_corrected_address_finds_the_customer_of_a_ticket() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let message = left(&app, &owner, &site, json!({ "email": "marina@exmplo.test", "text": "Oi" })).await;
    let made = convert(&owner, &message).await;
    let correct = |message: &str, email: &str| {
        let path = format!("/api/offline-messages/{message}");
        let (owner, form) = (owner.clone(), json!({ "email": email }));
        async move { owner.patch(&path, form).await }
    };
    correct(&message, "marina@exemplo.test").await.expect(200);
    let corrected = owner.get(&path(&made)).await.expect(200);
    assert_eq!(
        (&corrected["email"], &corrected["contact"]["email"], &corrected["contact_id"]),
        (&json!("marina@exemplo.test"), &json!("marina@exemplo.test"), &made["contact_id"])
    );
    assert_eq!(titles(&owner, "?search=marina@exemplo").await, ["Oi"]);
    assert_eq!(titles(&owner, "?search=exmplo").await, [""; 0]);
    // Somebody else's slip had made it Marina's; with the right address it is not.
    let slip =
        left(&app, &owner, &site, json!({ "name": "Mario", "email": "marina@exemplo.test", "text": "Eu" })).await;
    let slipped = convert(&owner, &slip).await;
    assert_eq!(slipped["contact_id"], made["contact_id"]);
    correct(&slip, "mario@exemplo.test").await.expect(200);
    let apart = owner.get(&path(&slipped)).await.expect(200);
    assert_ne!(apart["contact_id"], made["contact_id"]);
    assert_eq!((&apart["contact"]["name"], &apart["email"]), (&json!("Mario"), &json!("mario@exemplo.test")));
    let untouched = owner.get(&path(&made)).await.expect(200);
    assert_eq!(untouched["contact"]["email"], json!("marina@exemplo.test"));
    // Neither address outlives the customer.
    let erase = format!("/api/privacy/contacts/{}/erase", made["contact_id"].as_str().unwrap());
    owner.post(&erase, json!({})).await.expect(204);
    let erased = owner.get(&path(&made)).await.expect(200).to_string();
    assert!(!erased.contains("exmplo.test") && !erased.contains("marina@"), "{erased}");
}

/// T-155 to T-157, T-172: the customer's turn and the company's.
#[tokio::test]
async fn what_is_written_by_mail_moves_a_ticket_on() {
    let Some(servers) = MailServers::find() else { return };
    let app = App::start().await;
    let owner = app.owner().await;
    let company = servers.address("suporte", "loja.test");
    servers.set_up(&owner, &company).await;
    until("the mailbox to be read", || async {
        (!owner.get("/api/mail").await.expect(200)["fetching"]["at"].is_null()).then_some(())
    })
    .await;
    owner.patch("/api/workspace", json!({ "offline_tickets": true })).await.expect(200);
    let site = app.webchat(&owner, None, json!({})).await;
    let customer = servers.address("marina", "exemplo.test");
    let ticket = Visitor::ticket_of(&app, &site).await;
    leave_as(&app, &ticket, json!({ "email": customer, "text": "Sem sinal" })).await;
    let made = owner.get("/api/tickets").await.expect(200)["items"][0].clone();
    let replies = format!("/api/offline-messages/{}/replies", made["offline_message_id"].as_str().unwrap());
    owner.post(&replies, json!({ "client_id": client_id(), "text": "Reinicie o modem." })).await.expect(200);
    let replied = owner.get(&path(&made)).await.expect(200);
    assert_eq!((&replied["state"], &replied["message"]["state"]), (&json!("waiting_customer"), &json!("converted")));
    let sent = servers.mails(&customer, 1).await;
    let id = header_of(&sent[0], "Message-ID").unwrap();
    // Solved by hand meanwhile; the answer opens it again.
    owner.patch(&path(&made), json!({ "state": "solved" })).await.expect(200);
    let answer = format!(
        "From: Marina <{customer}>\nTo: <{company}>\nMessage-ID: <{}@exemplo.test>\nSubject: Re: oi\nIn-Reply-To: {id}\n\nNada ainda.\n",
        client_id()
    );
    servers.deliver(&customer, &company, &answer).await;
    // The ticket and its message are read one after the other: one look may see the answer and not yet what it did.
    let answered = until("the answer to open it", || async {
        app.clock.advance(31);
        let whole = owner.get(&path(&made)).await.expect(200);
        let is_told = whole["message"]["entries"].as_array().unwrap().len() == 2;
        (is_told && whole["state"] == "open").then_some(whole)
    })
    .await;
    assert_eq!(answered["closed_at"], Value::Null);
    assert_eq!(changes(&answered).last().unwrap(), "state solved open");
    // Among the offline messages it stays out of the way.
    assert_eq!(owner.get("/api/offline-messages").await.expect(200)["counters"]["new"], json!(0));
}

/// T-171: with whose address somebody writes is anybody's choice: what else is known of its owner is told to those who know them, and no others.
#[tokio::test]
async fn another_departments_customer_is_not_shown_by_a_ticket_with_their_address() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (support, finance) = (app.department(&owner, "Suporte").await, app.department(&owner, "Financeiro").await);
    let serves = |department: &str| json!([{ "id": department }]);
    let (bruno, carla) = (
        app.hire(&owner, "Bruno", "agent", serves(&finance)).await,
        app.hire(&owner, "Carla", "agent", serves(&support)).await,
    );
    let site = app.webchat(&owner, Some(&support), json!({})).await;
    let known = Visitor::ticket_of(&app, &site).await;
    let form = json!({ "name": "Marina Ribeiro", "email": "marina@exemplo.test" });
    let said = json!({ "id": client_id(), "text": "Oi", "form": form });
    let stranger = app.stranger();
    let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(known).json(&said);
    stranger.send(request).await.expect(200);
    // Somebody else writes to another department with that address.
    let elsewhere = app.webchat(&owner, Some(&finance), json!({})).await;
    let message = left(&app, &owner, &elsewhere, json!({ "name": "Fulano", "text": "Quem sou eu?" })).await;
    let made = convert(&owner, &message).await;
    assert_eq!(made["contact"]["name"], "Marina Ribeiro", "an administrator sees who it may be");
    let shown = bruno.get(&path(&made)).await.expect(200);
    assert_eq!((&shown["contact"], &shown["name"]), (&Value::Null, &json!("Fulano")));
    carla.get(&path(&made)).await.refused(404);
    let theirs = format!("?contact={}", made["contact_id"].as_str().unwrap());
    assert_eq!(titles(&carla, &theirs).await, [""; 0]);
}
