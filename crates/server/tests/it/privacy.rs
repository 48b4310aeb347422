//! Personal data: found, given out, erased by hand and by time, with what has to be kept kept apart.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Client, Sender, Socket, Visitor, client_id, fetch, until};

/// Somebody called Marina who is being served.
struct Served {
    site: Value,
    visitor: Visitor,
    conversation: String,
    contact: Value,
}

/// With a file and a note in the conversation.
async fn served(app: &App, owner: &Client) -> Served {
    let site = app.webchat(owner, None, json!({ "ask_name": true, "ask_email": true })).await;
    let mut visitor = Visitor::arrive(app, &site).await;
    let form = json!({ "name": "Marina Ribeiro", "email": "marina@exemplo.test" });
    visitor.socket.send(json!({ "t": "send", "id": client_id(), "text": "Meu CPF é 123", "form": form })).await;
    let conversation = visitor.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    let sender = Sender::with_ticket(app, &visitor.ticket);
    let file = sender.upload("rg.txt", "file", b"segredo").await["id"].clone();
    visitor.socket.send(json!({ "t": "send", "id": client_id(), "text": "Segue o RG", "file": file })).await;
    visitor.socket.next("ack").await;
    owner.act(&conversation, "take").await.expect(200);
    owner.reply(&conversation, "Obrigada, Marina").await.expect(201);
    let note = json!({ "client_id": client_id(), "kind": "note", "text": "Cliente antiga" });
    owner.post(&format!("/api/conversations/{conversation}/messages"), note).await.expect(201);
    let contact = owner.conversation(&conversation).await["conversation"]["contact"].clone();
    Served { site, visitor, conversation, contact }
}

async fn erase(client: &Client, contact: &Value) -> crate::support::Answer {
    let path = format!("/api/privacy/contacts/{}/erase", contact["id"].as_str().unwrap());
    client.post(&path, json!({ "reason": "Pedido por e-mail em 30/11" })).await
}

async fn export(client: &Client, contact: &Value) -> Value {
    client
        .post(&format!("/api/privacy/contacts/{}/export", contact["id"].as_str().unwrap()), json!({}))
        .await
        .expect(200)
}

async fn find(client: &Client, search: &str) -> Vec<Value> {
    let found = client.get(&format!("/api/privacy/contacts?search={search}")).await.expect(200);
    found["items"].as_array().unwrap().clone()
}

/// Leaves an offline message, as Marina unless the form says otherwise.
async fn leave(app: &App, ticket: &str, form: Value) -> Answer {
    let mut left =
        json!({ "id": client_id(), "name": "Marina Ribeiro", "email": "marina@exemplo.test", "text": "Meu CPF é 123" });
    left.as_object_mut().unwrap().extend(form.as_object().unwrap().clone());
    let stranger = app.stranger();
    stranger.send(stranger.request(Method::POST, "/api/visitor/offline-messages").bearer_auth(ticket).json(&left)).await
}

async fn messages(client: &Client) -> Vec<Value> {
    client.get("/api/offline-messages").await.expect(200)["items"].as_array().unwrap().clone()
}

async fn sweep(app: &App) {
    balcao_desk::privacy::sweep(&app.desk, app.workspace().await).await.unwrap();
}

async fn requests(client: &Client) -> Vec<Value> {
    client.get("/api/privacy/requests").await.expect(200)["items"].as_array().unwrap().clone()
}

///
#[tokio::test]
async fn whoever_is_meant_is_found_and_all_that_is_known_is_given_out() {
    let app = App::start().await;
    let owner = app.owner().await;
    let Served { visitor, conversation, contact, .. } = served(&app, &owner).await;
    let left = json!({ "id": client_id(), "name": "Marina", "email": "marina@exemplo.test", "text": "Liguem-me" });
    let stranger = app.stranger();
    let request = stranger.request(Method::POST, "/api/visitor/offline-messages").bearer_auth(&visitor.ticket);
    stranger.send(request.json(&left)).await.expect(201);
    let protocol = owner.conversation(&conversation).await["conversation"]["protocol"].as_str().unwrap().to_owned();
    for search in ["marina rib", "exemplo.test", &protocol, &contact["number"].to_string()] {
        let found = owner.get(&format!("/api/privacy/contacts?search={search}")).await.expect(200);
        let one = &found["items"][0];
        assert_eq!(
            [&one["id"], &one["conversations"], &one["is_served"], &one["offline_messages"]],
            [&contact["id"], &json!(1), &json!(true), &json!(1)],
            "{search}"
        );
    }
    assert_eq!(owner.get("/api/privacy/contacts?search=ninguem").await.expect(200)["items"], json!([]));
    let path = format!("/api/privacy/contacts/{}/export", contact["id"].as_str().unwrap());
    let known = owner.post(&path, json!({})).await.expect(200);
    assert_eq!((&known["contact"]["name"], &known["company"]), (&json!("Marina Ribeiro"), &json!("Vila Clara")));
    assert_eq!(known["known_by"][0]["kind"], json!("visitor_key"));
    // What the browser proves itself by is nobody's to give out.
    assert_eq!(known["known_by"][0]["value"], Value::Null);
    let text = known.to_string();
    for said in ["Meu CPF é 123", "rg.txt", "Obrigada, Marina", "Liguem-me"] {
        assert!(text.contains(said), "{said}");
    }
    assert!(!text.contains("Cliente antiga"), "notes are the company's");
    let last = &requests(&owner).await[0];
    assert_eq!((&last["deed"], &last["contact_number"]), (&json!("exported"), &contact["number"]));
    assert_eq!(last["agent_id"], json!(owner.id().await));
}

///
#[tokio::test]
async fn an_erased_contact_is_nobody_and_the_figures_stay() {
    let app = App::start().await;
    let owner = app.owner().await;
    owner.patch("/api/workspace", json!({ "privacy": { "sealed_months": 24 } })).await.expect(200);
    let Served { site, visitor, conversation, contact } = served(&app, &owner).await;
    assert_eq!(erase(&owner, &contact).await.refused(409), "contact_served");
    owner.act(&conversation, "close").await.expect(200);
    let before = owner.conversation(&conversation).await;
    let url = before["messages"].as_array().unwrap().iter().find_map(|line| line["file"]["url"].as_str()).unwrap();
    let url = json!(url);
    until("the message to be found", || async {
        let found = owner.get("/api/messages/search?q=segue").await.expect(200);
        (!found["items"].as_array().unwrap().is_empty()).then_some(())
    })
    .await;
    let mut console = owner.socket().await;
    erase(&owner, &contact).await.expect(204);
    console.event("contact_erased").await;

    let after = owner.conversation(&conversation).await;
    let row = &after["conversation"];
    assert_eq!((&row["contact"]["name"], &row["contact"]["email"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&row["contact"]["number"], &row["protocol"]),
        (&contact["number"], &before["conversation"]["protocol"])
    );
    assert_eq!(after["messages"].as_array().unwrap().len(), before["messages"].as_array().unwrap().len());
    let text = after.to_string();
    for said in ["CPF", "RG", "Marina", "Cliente antiga", "rg.txt", "exemplo.test"] {
        assert!(!text.contains(said), "{said}");
    }
    // Nobody takes up again what was said with somebody who is nobody.
    let reopen = owner.post(&format!("/api/conversations/{conversation}/reopen"), json!({})).await;
    assert_eq!(reopen.refused(409), "data_erased");
    let note = json!({ "client_id": client_id(), "kind": "note", "text": "Era a Marina" });
    let noted = owner.post(&format!("/api/conversations/{conversation}/messages"), note).await;
    assert_eq!(noted.refused(409), "data_erased");
    // Nor is it found, fetched, or anywhere in the lists.
    let found = owner.get("/api/messages/search?q=segue").await.expect(200);
    assert_eq!(found["items"], json!([]));
    assert_eq!(fetch(&app, &url, &[]).await.status, 404);
    assert!(!owner.get("/api/conversations?list=closed").await.expect(200).to_string().contains("Marina"));
    assert_eq!(owner.get("/api/privacy/contacts?search=marina").await.expect(200)["items"], json!([]));
    // The same browser is somebody new.
    let mut again = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    assert_eq!(again.welcome["conversation"], Value::Null);
    // Who it is is asked again.
    assert_eq!(again.say("Voltei").await["t"], json!("refused"));
    let form = json!({ "name": "M", "email": "m@exemplo.test" });
    again.socket.send(json!({ "t": "send", "id": client_id(), "text": "Voltei", "form": form })).await;
    let anew = again.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    assert_ne!(owner.conversation(&anew).await["conversation"]["contact"]["id"], contact["id"]);

    // What has to be kept is kept apart: for owners, and it is kept that they looked.
    let kept = requests(&owner).await[0].clone();
    assert_eq!((&kept["deed"], &kept["reason"]), (&json!("erased"), &json!("Pedido por e-mail em 30/11")));
    let open = format!("/api/privacy/requests/{}/open", kept["id"].as_str().unwrap());
    let administrator = app.hire(&owner, "Carla", "administrator", json!([])).await;
    assert_eq!(administrator.post(&open, json!({})).await.refused(403), "forbidden");
    let sealed = owner.post(&open, json!({})).await.expect(200).to_string();
    assert!(sealed.contains("Meu CPF é 123") && sealed.contains("Cliente antiga"));
    assert_eq!(requests(&owner).await[0]["deed"], json!("opened"));
    // Until its time is over.
    app.clock.advance(25 * 30 * 86_400);
    balcao_desk::privacy::sweep(&app.desk, app.workspace().await).await.unwrap();
    let owner = app.again().await;
    assert_eq!(owner.post(&open, json!({})).await.refused(404), "not_found");
}

///
#[tokio::test]
async fn what_has_been_kept_long_enough_is_erased_by_itself() {
    let app = App::start().await;
    let owner = app.owner().await;
    let Served { conversation, .. } = served(&app, &owner).await;
    owner.act(&conversation, "close").await.expect(200);
    app.clock.advance(7 * 30 * 86_400);
    let owner = app.again().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut recent = Visitor::arrive(&app, &site).await;
    let fresh = recent.open("Recente").await;
    let workspace = app.workspace().await;
    // Nothing is erased before the company says so.
    balcao_desk::privacy::sweep(&app.desk, workspace).await.unwrap();
    assert!(owner.conversation(&conversation).await.to_string().contains("CPF"));
    owner.patch("/api/workspace", json!({ "privacy": { "retention_months": 6 } })).await.expect(200);
    balcao_desk::privacy::sweep(&app.desk, workspace).await.unwrap();
    // The hourly look may be under way beside this one, and each leaves to the other what that one has begun.
    until("text and name to be erased", || async {
        let after = owner.conversation(&conversation).await.to_string();
        (!after.contains("CPF") && !after.contains("Marina")).then_some(())
    })
    .await;
    assert_eq!(owner.texts(&fresh).await, ["Recente"]);
    let done = requests(&owner).await;
    assert_eq!((done.len(), &done[0]["deed"], &done[0]["agent_id"]), (1, &json!("expired"), &Value::Null));
}

///
#[tokio::test]
async fn what_is_said_of_privacy_is_checked() {
    let app = App::start().await;
    let owner = app.owner().await;
    let wrong = json!({ "policy_url": "javascript:alert(1)", "officer": "x".repeat(201), "retention_months": 241 });
    let mut fields = owner.patch("/api/workspace", json!({ "privacy": wrong })).await.fields();
    fields.sort();
    assert_eq!(
        fields,
        ["privacy.officer:too_long", "privacy.policy_url:address_invalid", "privacy.retention_months:months_invalid"]
    );
    let right =
        json!({ "policy_url": "https://loja.test/privacidade", "officer": "Rui, rui@loja.test", "consent": "notice" });
    let saved = owner.patch("/api/workspace", json!({ "privacy": right })).await.expect(200);
    assert_eq!(saved["privacy"]["policy_url"], json!("https://loja.test/privacidade"));
}

///
#[tokio::test]
async fn consent_is_asked_for_once_and_each_is_kept_with_its_words() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let page = || async {
        let page = app.stranger().get(&format!("/widgets/{}", site["code"].as_str().unwrap())).await.text;
        (page.contains("\"consent\":\"required\""), page.contains("Aceito tudo"))
    };
    assert_eq!(page().await, (false, false));
    let said = json!({ "consent": "required", "consent_text": "Aceito tudo", "policy_url": "https://loja.test/p" });
    owner.patch("/api/workspace", json!({ "privacy": said })).await.expect(200);
    assert_eq!(page().await, (true, true));
    let mut visitor = Visitor::arrive(&app, &site).await;
    let refused = visitor.say("Oi").await;
    assert_eq!((&refused["t"], &refused["code"]), (&json!("refused"), &json!("validation_failed")));
    assert_eq!(refused["fields"][0]["field"], json!("form.consent"));
    let left = json!({ "id": client_id(), "name": "M", "email": "m@exemplo.test", "text": "Oi" });
    let stranger = app.stranger();
    let ticket = visitor.ticket.clone();
    let leave =
        |form: Value| stranger.request(Method::POST, "/api/visitor/offline-messages").bearer_auth(&ticket).json(&form);
    let refused = stranger.send(leave(left.clone())).await;
    assert_eq!(refused.fields(), ["consent:consent_required"]);
    let send = json!({ "t": "send", "id": client_id(), "text": "Oi", "form": { "consent": "yes" } });
    visitor.socket.send(send).await;
    let conversation = visitor.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    visitor.say("E mais").await;
    let contact = owner.conversation(&conversation).await["conversation"]["contact"]["id"].clone();
    owner.act(&conversation, "close").await.expect(200);
    // Given once it holds.
    assert_eq!(visitor.say("De novo").await["t"], json!("ack"));
    stranger.send(leave(left)).await.expect(201);
    let path = format!("/api/privacy/contacts/{}/export", contact.as_str().unwrap());
    let consents = owner.post(&path, json!({})).await.expect(200)["consents"].clone();
    assert_eq!(consents.as_array().unwrap().len(), 1);
    let one = &consents[0];
    assert_eq!(
        [&one["consent"], &one["text"], &one["policy_url"], &one["conversation_id"]],
        [&json!("required"), &json!("Aceito tudo"), &json!("https://loja.test/p"), &json!(conversation)]
    );
}

///
#[tokio::test]
async fn who_has_only_left_an_offline_message_is_found_given_out_and_erased() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let visitor = Visitor::arrive(&app, &site).await;
    let sender = Sender::with_ticket(&app, &visitor.ticket);
    let file = sender.upload("rg.txt", "file", b"segredo").await["id"].clone();
    leave(&app, &visitor.ticket, json!({ "files": [file] })).await.expect(201);
    let message = messages(&owner).await[0].clone();
    let path = format!("/api/offline-messages/{}", message["id"].as_str().unwrap());
    let url = owner.get(&path).await.expect(200)["files"][0]["url"].clone();
    for search in ["marina rib", "marina@exemplo", "ri"] {
        let found = find(&owner, search).await;
        assert_eq!((found.len(), &found[0]["offline_messages"]), (1, &json!(1)), "{search}");
        assert!(found[0]["last_at"].is_string());
    }
    let contact = find(&owner, "marina").await[0].clone();
    let known = export(&owner, &contact).await.to_string();
    assert!(known.contains("Meu CPF é 123") && known.contains("rg.txt"), "{known}");

    let mut console = owner.socket().await;
    erase(&owner, &contact).await.expect(204);
    // Consoles that show the message hear of it.
    console.event("offline_message_changed").await;
    let after = owner.get(&path).await.expect(200);
    let text = after.to_string();
    assert!(!text.contains("Marina") && !text.contains("CPF") && !text.contains("rg.txt"), "{text}");
    assert!(after["erased_at"].is_string());
    assert_eq!(owner.get("/api/offline-messages/counters").await.expect(200)["new"], json!(0));
    assert_eq!(fetch(&app, &url, &[]).await.status, 404);
    assert_eq!(find(&owner, "marina").await, Vec::<Value>::new());
    // Nobody is replied to who is nobody, nor made a ticket of.
    let reply = json!({ "client_id": client_id(), "text": "Olá" });
    assert_eq!(owner.post(&format!("{path}/replies"), reply).await.refused(409), "data_erased");
    assert_eq!(owner.post(&format!("{path}/ticket"), json!({})).await.refused(409), "data_erased");
    // What the browser still holds is nobody's; it begins afresh.
    assert_eq!(leave(&app, &visitor.ticket, json!({})).await.refused(401), "unauthenticated");
    let again = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    leave(&app, &again.ticket, json!({ "text": "De novo" })).await.expect(201);
    let found = find(&owner, "marina").await;
    assert_eq!(found.len(), 1);
    assert_ne!(found[0]["id"], contact["id"]);
}

/// X-020, T-161
#[tokio::test]
async fn whoever_writes_under_one_address_is_one_contact_however_it_is_written() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    // Who has written in the chat without a name is found by what was left later.
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    let contact = owner.conversation(&conversation).await["conversation"]["contact"].clone();
    leave(&app, &visitor.ticket, json!({})).await.expect(201);
    // Another device, and the address in other letters.
    let other = Visitor::ticket_of(&app, &site).await;
    leave(&app, &other, json!({ "email": "MARINA@Exemplo.Test", "text": "E do celular" })).await.expect(201);
    let found = find(&owner, "marina").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["id"], &found[0]["offline_messages"]), (&contact["id"], &json!(2)));
    // A ticket of it is hers too.
    let message = messages(&owner).await[0]["id"].as_str().unwrap().to_owned();
    let ticket = owner.post(&format!("/api/offline-messages/{message}/ticket"), json!({})).await.expect(200);
    assert_eq!(ticket["contact_id"], contact["id"]);
    let known = export(&owner, &contact).await;
    assert_eq!(known["offline_messages"].as_array().unwrap().len(), 2);
    assert!(known.to_string().contains("E do celular"));
}

/// X-020, rule 7: who has left a message with an earlier release becomes a contact.
#[tokio::test]
async fn a_database_of_the_schema_before_makes_contacts_of_who_left_messages() {
    use sea_orm::ConnectionTrait;
    let mut app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut known = Visitor::arrive(&app, &site).await;
    known.open("Oi").await;
    leave(&app, &known.ticket, json!({ "name": "Rui", "email": "rui@exemplo.test" })).await.expect(201);
    let ticket = Visitor::ticket_of(&app, &site).await;
    for text in ["um", "dois"] {
        leave(&app, &ticket, json!({ "name": "José Ávila", "email": "Jose@exemplo.test", "text": text }))
            .await
            .expect(201);
    }
    app.stop().await;
    let database = app.config.store().connect().await.unwrap();
    for statement in [
        "DELETE FROM contacts WHERE email = 'Jose@exemplo.test'",
        "UPDATE counters SET value = 1 WHERE name = 'contact'",
        "DROP INDEX ix_offline_messages_workspace_id_contact_id",
        "DROP INDEX ix_contacts_workspace_id_email_key_id",
        "CREATE INDEX ix_contacts_workspace_id_email_id ON contacts (workspace_id, email, id) WHERE email IS NOT NULL",
        "DROP INDEX ix_conversations_held",
        "DROP INDEX ix_offline_messages_held",
        "DROP INDEX ix_contacts_held",
        "DROP INDEX ix_privacy_requests_workspace_id_deed_id",
        "DROP INDEX ix_privacy_requests_sealed",
        "ALTER TABLE offline_messages DROP COLUMN contact_id",
        "ALTER TABLE contacts DROP COLUMN email_key",
    ] {
        database.execute_unprepared(statement).await.unwrap();
    }
    database.execute_unprepared("DELETE FROM schema_versions WHERE version = 21").await.unwrap();
    assert_eq!(balcao_schema::migrate(&database).await.unwrap(), 1);
    app.restart().await;
    let owner = owner.at(&app);
    for (search, messages) in [("rui", 1), ("jose avila", 2), ("jose@", 2)] {
        let found = find(&owner, search).await;
        assert_eq!((found.len(), &found[0]["offline_messages"]), (1, &json!(messages)), "{search}");
    }
    assert_eq!(find(&owner, "jose").await[0]["number"], json!(2));
    // The next one is counted on.
    let mut next = Visitor::arrive(&app, &site).await;
    let conversation = next.open("Oi").await;
    assert_eq!(owner.conversation(&conversation).await["conversation"]["contact"]["number"], json!(3));
}

///
#[tokio::test]
async fn a_ticket_of_somebody_who_was_erased_is_neither_named_anew_nor_taken_up_again() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let visitor = Visitor::arrive(&app, &site).await;
    leave(&app, &visitor.ticket, json!({})).await.expect(201);
    let message = messages(&owner).await[0]["id"].as_str().unwrap().to_owned();
    let made = owner.post(&format!("/api/offline-messages/{message}/ticket"), json!({})).await.expect(200);
    let path = format!("/api/tickets/{}", made["id"].as_str().unwrap());
    erase(&owner, &find(&owner, "marina").await[0]).await.expect(204);
    assert_eq!(owner.get(&path).await.expect(200)["state"], json!("cancelled"));
    for revives in [json!({ "title": "CPF da Marina" }), json!({ "state": "open" })] {
        assert_eq!(owner.patch(&path, revives).await.refused(409), "data_erased");
    }
    owner.patch(&path, json!({ "priority": "low", "state": "solved" })).await.expect(200);
}

///
#[tokio::test]
async fn who_was_erased_does_not_come_back_by_an_open_panel() {
    let app = App::start().await;
    let owner = app.owner().await;
    owner.go("online").await;
    let Served { site, mut visitor, conversation, contact } = served(&app, &owner).await;
    owner.act(&conversation, "close").await.expect(200);
    erase(&owner, &contact).await.expect(204);
    assert_eq!(visitor.socket.close_code().await, 4401);
    // The ticket would be good for minutes; it leads to nobody.
    let mut socket = Socket::open(&visitor.base, "/api/visitor/socket", None).await.unwrap();
    socket.send(json!({ "t": "hello", "ticket": visitor.ticket, "conversation": null, "since": 0 })).await;
    assert_eq!(socket.close_code().await, 4401);
    let stranger = app.stranger();
    let form = json!({ "name": "Marina Ribeiro", "email": "marina@exemplo.test" });
    let message = json!({ "id": client_id(), "text": "Mais uma coisa", "form": form });
    let send =
        |ticket: &str| stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(ticket).json(&message);
    assert_eq!(stranger.send(send(&visitor.ticket)).await.refused(401), "unauthenticated");
    let entries = stranger.request(Method::GET, "/api/visitor/entries").bearer_auth(&visitor.ticket);
    assert_eq!(stranger.send(entries).await.refused(401), "unauthenticated");
    let row = owner.conversation(&conversation).await["conversation"].clone();
    assert_eq!((&row["state"], &row["contact"]["name"]), (&json!("closed"), &Value::Null));
    // With a fresh one the very same message is somebody else's.
    let again = Visitor::return_with(&app, &site, Some(&visitor.key)).await;
    let anew = stranger.send(send(&again.ticket)).await.expect(200)["conversation"].as_str().unwrap().to_owned();
    assert_ne!(anew, conversation);
    let row = owner.conversation(&anew).await["conversation"].clone();
    assert_ne!(row["contact"]["id"], contact["id"]);
    assert_eq!(find(&owner, "marina").await[0]["id"], row["contact"]["id"]);
    assert_eq!(owner.conversation(&conversation).await["conversation"]["contact"]["name"], Value::Null);
}

///
#[tokio::test]
async fn where_a_visitor_goes_after_the_conversation_stands_nowhere() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Oi").await;
    let turn = |name: &str| json!({ "t": "page", "url": format!("https://loja.test/{name}"), "title": name });
    visitor.socket.send(turn("planos")).await;
    visitor.socket.drain().await;
    assert!(owner.conversation(&conversation).await.to_string().contains("loja.test/planos"));
    owner.act(&conversation, "take").await.expect(200);
    owner.act(&conversation, "close").await.expect(200);
    visitor.socket.send(turn("doencas")).await;
    visitor.socket.drain().await;
    let after = owner.conversation(&conversation).await.to_string();
    assert!(after.contains("loja.test/planos") && !after.contains("loja.test/doencas"), "{after}");
}

///
#[tokio::test]
async fn what_was_done_is_found_however_much_came_after_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    owner.patch("/api/workspace", json!({ "privacy": { "sealed_months": 1 } })).await.expect(200);
    let site = app.webchat(&owner, None, json!({})).await;
    leave(&app, &Visitor::ticket_of(&app, &site).await, json!({})).await.expect(201);
    let marina = find(&owner, "marina").await[0].clone();
    leave(&app, &Visitor::ticket_of(&app, &site).await, json!({ "name": "Rui", "email": "rui@exemplo.test" }))
        .await
        .expect(201);
    let rui = find(&owner, "rui").await[0].clone();
    erase(&owner, &marina).await.expect(204);
    for _ in 0..60 {
        export(&owner, &rui).await;
    }
    let page = async |query: &str| owner.get(&format!("/api/privacy/requests{query}")).await.expect(200);
    let first = page("").await;
    assert_eq!((first["items"].as_array().unwrap().len(), &first["has_more"]), (50, &json!(true)));
    let last = first["items"][49]["id"].as_str().unwrap();
    let second = owner.get(&format!("/api/privacy/requests?before={last}")).await.expect(200);
    assert_eq!((second["items"].as_array().unwrap().len(), &second["has_more"]), (11, &json!(false)));
    assert_eq!(second["items"][10]["deed"], json!("erased"));
    for query in ["?deed=erased", "?sealed=true"] {
        let found = page(query).await;
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{query}");
        assert_eq!(found["items"][0]["contact_number"], marina["number"]);
        // A month of the calendar: from the 20th of November to the 20th of December.
        assert!(found["items"][0]["kept_until"].as_str().unwrap().starts_with("2026-12-20T12:00"), "{found}");
    }
    assert_eq!(page("?deed=expired").await["items"], json!([]));
    assert_eq!(owner.get("/api/privacy/requests?deed=lost").await.status, 422);
    // Thirty days are no month.
    app.clock.advance(30 * 86_400 - 60);
    sweep(&app).await;
    let owner = app.again().await;
    assert_eq!(owner.get("/api/privacy/requests?sealed=true").await.expect(200)["items"].as_array().unwrap().len(), 1);
    app.clock.advance(120);
    sweep(&app).await;
    let owner = app.again().await;
    assert_eq!(owner.get("/api/privacy/requests?sealed=true").await.expect(200)["items"], json!([]));
    let gone = owner.get("/api/privacy/requests?deed=erased").await.expect(200);
    assert_eq!(gone["items"][0]["kept_until"], Value::Null);
}

///
#[tokio::test]
async fn months_are_the_calendars_and_who_writes_again_is_kept() {
    let app = App::start().await;
    let owner = app.owner().await;
    owner.patch("/api/workspace", json!({ "privacy": { "retention_months": 3 } })).await.expect(200);
    let site = app.webchat(&owner, None, json!({})).await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    leave(&app, &ticket, json!({})).await.expect(201);
    let message = messages(&owner).await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/offline-messages/{message}");
    // From the 20th of November three months are 92 days.
    app.clock.advance(91 * 86_400);
    sweep(&app).await;
    let owner = app.again().await;
    assert_eq!(owner.get(&path).await.expect(200)["name"], json!("Marina Ribeiro"));
    // She writes in the chat meanwhile: the message goes, she stays.
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    leave(&app, &visitor.ticket, json!({ "name": "Rui", "email": "rui@exemplo.test" })).await.expect(201);
    visitor.open("Oi").await;
    app.clock.advance(86_400 + 60);
    sweep(&app).await;
    // The program looks by itself at the same time: what one of the two looks has in hand, the other passes over.
    until("message and name to be erased", || async {
        let name = owner.get(&path).await.expect(200)["name"].clone();
        (name == json!("") && find(&owner, "marina").await.is_empty()).then_some(())
    })
    .await;
    assert_eq!(find(&owner, "rui").await.len(), 1);
    assert_eq!(requests(&owner).await.len(), 1);
}

///
#[tokio::test]
async fn what_is_kept_apart_never_stands_in_the_way_of_erasing() {
    let app = App::start().await;
    let owner = app.owner().await;
    owner.patch("/api/workspace", json!({ "privacy": { "sealed_months": 12 } })).await.expect(200);
    let Served { conversation, contact, .. } = served(&app, &owner).await;
    // More than a document for people may hold.
    let long = "😀".repeat(10_000);
    for _ in 0..430 {
        owner.reply(&conversation, &long).await.expect(201);
    }
    assert_eq!(owner.get(&format!("/api/conversations/{conversation}/transcript.pdf")).await.status, 413);
    owner.act(&conversation, "close").await.expect(200);
    assert!(export(&owner, &contact).await.to_string().len() > 16 * 1024 * 1024);
    erase(&owner, &contact).await.expect(204);
    let kept = requests(&owner).await[0]["id"].as_str().unwrap().to_owned();
    let sealed = owner.post(&format!("/api/privacy/requests/{kept}/open"), json!({})).await.expect(200);
    assert!(sealed.to_string().contains("Meu CPF é 123"));
    // Files are not in it, and it says so.
    assert!(sealed["about_files"].as_str().unwrap().contains("não fazem parte"), "{}", sealed["about_files"]);
}

/// X-020, T-155
#[tokio::test]
async fn what_comes_by_mail_after_the_erasure_is_a_new_matter() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    leave(&app, &Visitor::ticket_of(&app, &site).await, json!({})).await.expect(201);
    let erased = messages(&owner).await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/offline-messages/{erased}");
    let ticket = owner.post(&format!("{path}/ticket"), json!({})).await.expect(200);
    let contact = find(&owner, "marina").await[0].clone();
    let mut console = owner.socket().await;
    erase(&owner, &contact).await.expect(204);
    console.event("ticket_changed").await;
    let workspace = app.workspace().await;
    let taken = |id: &str, is_automatic: bool| balcao_desk::offline_messages::Taken {
        workspace,
        message: erased.parse().unwrap(),
        external_id: id.to_owned(),
        name: "Marina R.".to_owned(),
        address: "marina@exemplo.test".to_owned(),
        is_automatic,
        text: "Ainda espero".to_owned(),
        whole: Some("Ainda espero\n> Meu CPF é 123".to_owned()),
        findings: None,
        attachments: Vec::new(),
        left_out: Vec::new(),
    };
    for (id, is_automatic) in [("ferias@exemplo.test", true), ("a@exemplo.test", false), ("a@exemplo.test", false)] {
        balcao_desk::offline_messages::take_answer(&app.desk, taken(id, is_automatic)).await.unwrap();
    }
    let after = owner.get(&path).await.expect(200).to_string();
    assert!(!after.contains("espero") && !after.contains("Marina") && !after.contains("exemplo.test"), "{after}");
    let ticket = owner.get(&format!("/api/tickets/{}", ticket["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&ticket["state"], &ticket["name"]), (&json!("cancelled"), &json!("")));
    // Once, and by itself.
    let left = messages(&owner).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!((&left[0]["name"], &left[0]["excerpt"]), (&json!("Marina R."), &json!("Ainda espero")));
    let found = find(&owner, "marina").await;
    assert_eq!((found.len(), &found[0]["offline_messages"]), (1, &json!(1)));
    assert_ne!(found[0]["id"], contact["id"]);
}

/// whoever leaves messages at the very moment is not known again by them, and what is sealed is all that was erased.
#[tokio::test]
async fn messages_that_are_left_during_an_erasure_belong_to_nobody_who_was_erased() {
    let app = App::start().await;
    let owner = app.owner().await;
    owner.patch("/api/workspace", json!({ "privacy": { "sealed_months": 6 } })).await.expect(200);
    let site = app.webchat(&owner, None, json!({})).await;
    let visitor = Visitor::arrive(&app, &site).await;
    leave(&app, &visitor.ticket, json!({ "text": "texto 0" })).await.expect(201);
    let contact = find(&owner, "marina").await[0].clone();
    let texts: Vec<String> = (1..=20).map(|number| format!("texto {number}.")).collect();
    let leaving = texts.iter().map(|text| leave(&app, &visitor.ticket, json!({ "text": text })));
    let (erased, left) = tokio::join!(erase(&owner, &contact), futures_util::future::join_all(leaving));
    erased.expect(204);
    assert!(find(&owner, "marina").await.iter().all(|found| found["id"] != contact["id"]));
    let kept = requests(&owner).await[0].clone();
    let open = format!("/api/privacy/requests/{}/open", kept["id"].as_str().unwrap());
    let sealed = owner.post(&open, json!({})).await.expect(200).to_string();
    for (answer, text) in left.iter().zip(&texts) {
        assert_eq!(answer.status == 201, sealed.contains(text.as_str()), "{text}: {}", answer.status);
    }
    assert!(messages(&owner).await.iter().all(|message| message["name"] == ""));
}

///
#[tokio::test]
async fn who_writes_while_it_is_looked_for_what_outlived_its_time_is_kept() {
    let app = App::start().await;
    let owner = app.owner().await;
    owner.patch("/api/workspace", json!({ "privacy": { "retention_months": 1 } })).await.expect(200);
    let site = app.webchat(&owner, None, json!({})).await;
    let mut keys = Vec::new();
    for _ in 0..8 {
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = visitor.open("Oi").await;
        owner.act(&conversation, "take").await.expect(200);
        owner.act(&conversation, "close").await.expect(200);
        keys.push(visitor.key);
    }
    app.clock.advance(40 * 86_400);
    let owner = app.again().await;
    let workspace = app.workspace().await;
    let write = async |key: &String| {
        // Without a socket: whoever is erased in that moment loses it.
        let ticket = Visitor::ticket_with(&app, &site, key).await;
        let message = json!({ "id": client_id(), "text": "Voltei", "form": { "name": "Marina" } });
        let stranger = app.stranger();
        let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(&ticket);
        stranger.send(request.json(&message)).await
    };
    let (swept, written) = tokio::join!(
        balcao_desk::privacy::sweep(&app.desk, workspace),
        futures_util::future::join_all(keys.iter().map(write))
    );
    swept.unwrap();
    for answer in written {
        // Whoever was erased a moment before is somebody new with the next ticket; nobody is served as nobody.
        if answer.status == 401 {
            continue;
        }
        let conversation = answer.expect(200)["conversation"].as_str().unwrap().to_owned();
        assert_eq!(owner.conversation(&conversation).await["conversation"]["contact"]["name"], json!("Marina"));
    }
}
