//! Personal data: found, given out, erased by hand and by time, with what has to be kept kept apart.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, Client, Sender, Visitor, client_id, fetch, until};

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
    let after = owner.conversation(&conversation).await.to_string();
    assert!(!after.contains("CPF") && !after.contains("Marina"));
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
