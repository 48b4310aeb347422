//! Messages left while nobody is online: how they are taken, kept, found, read and answered.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Answer, App, Client, Sender, Visitor, client_id,
    mail::{MailServers, attached_to, change_mail, header_of},
    until,
};

async fn leave(app: &App, ticket: &str, form: Value) -> Answer {
    let stranger = app.stranger();
    let request = stranger.request(Method::POST, "/api/visitor/offline-messages").bearer_auth(ticket).json(&form);
    stranger.send(request).await
}

fn form(name: &str, text: &str) -> Value {
    json!({ "id": client_id(), "name": name, "email": "marina@exemplo.test", "text": text })
}

/// T-150: where the connection has what is written wait as a conversation, the server takes no message of the other kind.
#[tokio::test]
async fn no_message_is_left_where_the_connection_takes_none() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "when_offline": "conversation" })).await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    assert_eq!(leave(&app, &ticket, form("Marina", "Oi")).await.refused(403), "chat_off");
}

async fn list(client: &Client, query: &str) -> Value {
    client.get(&format!("/api/offline-messages{query}")).await.expect(200)
}

async fn only(client: &Client) -> Value {
    list(client, "").await["items"][0].clone()
}

async fn reply(client: &Client, message: &Value, text: &str) -> Answer {
    let path = format!("/api/offline-messages/{}/replies", message["id"].as_str().unwrap());
    client.post(&path, json!({ "client_id": client_id(), "text": text })).await
}

async fn shown(client: &Client, message: &Value) -> Value {
    client.get(&format!("/api/offline-messages/{}", message["id"].as_str().unwrap())).await.expect(200)
}

/// T-150, T-151, T-153, T-154
#[tokio::test]
async fn a_message_is_kept_with_all_that_the_customer_wrote() {
    let app = App::start().await;
    let owner = app.owner().await;
    let support = app.department(&owner, "Suporte").await;
    let site = app.webchat(&owner, None, json!({})).await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    let mut console = owner.socket().await;
    let page = json!({ "url": "https://loja.test/planos", "title": "Planos" });
    let left = json!({ "id": client_id(), "name": "  Marina Ribeiro ", "email": " Marina@Exemplo.test ", "department": support,
        "text": " Quero a segunda via.\nObrigada ", "page": page });
    leave(&app, &ticket, left.clone()).await.expect(201);
    console.event("offline_message_added").await;
    // The same once more is the same; another text under its id is refused.
    leave(&app, &ticket, left.clone()).await.expect(201);
    for (field, value) in [("text", "Outra coisa"), ("name", "Rui"), ("email", "rui@exemplo.test")] {
        let mut other = left.clone();
        other[field] = json!(value);
        assert_eq!(leave(&app, &ticket, other).await.refused(409), "client_id_reused", "{field}");
    }
    let mut other = left;
    other["department"] = json!(app.department(&owner, "Vendas").await);
    assert_eq!(leave(&app, &ticket, other).await.refused(409), "client_id_reused", "department");

    let answer = list(&owner, "").await;
    assert_eq!((&answer["counters"], &answer["has_more"]), (&json!({ "new": 1, "failed": 0 }), &json!(false)));
    assert_eq!(answer["items"].as_array().unwrap().len(), 1);
    let row = &answer["items"][0];
    assert_eq!(
        [&row["name"], &row["email"], &row["excerpt"], &row["state"], &row["department_id"], &row["number"]],
        [
            &json!("Marina Ribeiro"),
            &json!("Marina@Exemplo.test"),
            &json!("Quero a segunda via. Obrigada"),
            &json!("new"),
            &json!(support),
            &json!(1)
        ]
    );
    let whole = shown(&owner, row).await;
    assert_eq!((&whole["text"], &whole["page"]), (&json!("Quero a segunda via.\nObrigada"), &page));
    // It opens no conversation.
    assert_eq!(owner.get("/api/conversations?list=queue").await.expect(200)["items"], json!([]));
}

/// T-153
#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({ "visitor_files": false })).await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    let empty = json!({ "id": client_id(), "name": " ", "email": "", "text": "\u{200b}" });
    assert_eq!(leave(&app, &ticket, empty).await.fields(), ["name:required", "email:required", "text:required"]);
    let wrong = json!({ "id": client_id(), "name": "a\r\nBcc: b@c.de", "email": "a@b.c\r\nBcc: d@e.f", "text": "x".repeat(10_001),
        "files": [client_id()] });
    assert_eq!(
        leave(&app, &ticket, wrong).await.fields(),
        ["name:invalid_character", "email:email_invalid", "text:too_long", "files:file_unknown"]
    );
    let mut elsewhere = form("Marina", "Oi");
    elsewhere["department"] = json!(client_id());
    assert_eq!(leave(&app, &ticket, elsewhere).await.fields(), ["department:department_unknown"]);
    assert_eq!(list(&owner, "").await["items"], json!([]));
}

/// T-162
#[tokio::test]
async fn machines_are_thanked_and_floods_end() {
    let variables = [("BALCAO_LIMITS_OFFLINE_MESSAGES_PER_HOUR", "2")];
    let app = App::start_with(&variables).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    let mut filled = form("Robô", "Compre já");
    filled["website"] = json!("https://spam.test");
    leave(&app, &ticket, filled).await.expect(201);
    assert_eq!(list(&owner, "").await["items"], json!([]));
    for _ in 0..2 {
        leave(&app, &ticket, form("Marina", "Oi")).await.expect(201);
    }
    let refused = leave(&app, &ticket, form("Marina", "Oi")).await;
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(refused.refused(429), "too_many_requests");
    // A connection has a limit of its own, from wherever they come.
    let variables = [("BALCAO_LIMITS_OFFLINE_MESSAGES_PER_CONNECTION", "1")];
    let app = App::start_with(&variables).await;
    let owner = app.owner().await;
    let (site, other) = (app.webchat(&owner, None, json!({})).await, app.webchat(&owner, None, json!({})).await);
    let (ticket, others) = (Visitor::ticket_of(&app, &site).await, Visitor::ticket_of(&app, &other).await);
    leave(&app, &ticket, form("Marina", "Oi")).await.expect(201);
    assert_eq!(leave(&app, &ticket, form("Rui", "Oi")).await.refused(429), "too_many_requests");
    leave(&app, &others, form("Rui", "Oi")).await.expect(201);
}

/// T-151, T-154
#[tokio::test]
async fn a_list_is_filtered_and_shows_each_what_is_theirs() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (support, finance) = (app.department(&owner, "Suporte").await, app.department(&owner, "Financeiro").await);
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": support }])).await;
    let site = app.webchat(&owner, None, json!({})).await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    for (name, department) in [("Ávila 100%", &support), ("Bento_", &finance), ("Célia", &support)] {
        let mut left = form(name, "Oi");
        left["department"] = json!(department);
        leave(&app, &ticket, left).await.expect(201);
        app.clock.advance(60);
    }
    let names = |answer: Value| {
        let items = answer["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(list(&owner, "").await), ["Célia", "Bento_", "Ávila 100%"]);
    assert_eq!(names(list(&bruno, "").await), ["Célia", "Ávila 100%"]);
    assert_eq!(list(&bruno, "").await["counters"]["new"], json!(2));
    assert_eq!(names(list(&owner, &format!("?department={finance}")).await), ["Bento_"]);
    assert_eq!(names(list(&bruno, &format!("?department={finance}")).await), [""; 0]);
    assert_eq!(names(list(&owner, "?search=avila").await), ["Ávila 100%"]);
    assert_eq!(names(list(&owner, "?search=100%25").await), ["Ávila 100%"]);
    assert_eq!(names(list(&owner, "?search=_").await), ["Bento_"]);
    assert_eq!(names(list(&owner, "?search=exemplo.test").await).len(), 3);
    assert_eq!(names(list(&owner, "?state=answered").await), [""; 0]);
    let first = list(&owner, "").await["items"][1]["id"].as_str().unwrap().to_owned();
    assert_eq!(names(list(&owner, &format!("?before={first}")).await), ["Ávila 100%"]);
    // All have come from one address: of one contact, whatever each may see of it; what goes on as a ticket is found among those.
    let bento = format!("/api/offline-messages/{first}");
    let ticket = owner.post(&format!("{bento}/ticket"), json!({})).await.expect(200);
    let theirs = format!("?contact={}", ticket["contact_id"].as_str().unwrap());
    assert_eq!(names(list(&owner, &theirs).await), ["Célia", "Ávila 100%"]);
    leave(&app, &Visitor::ticket_of(&app, &site).await, {
        let mut left = form("Davi", "Oi");
        left["department"] = json!(finance);
        left
    })
    .await
    .expect(201);
    assert_eq!(names(list(&owner, &theirs).await), ["Davi", "Célia", "Ávila 100%"]);
    assert_eq!(names(list(&bruno, &theirs).await), ["Célia", "Ávila 100%"]);
    assert_eq!(names(list(&owner, &format!("?contact={}", client_id())).await), [""; 0]);
}

/// T-154
#[tokio::test]
async fn looking_at_a_message_marks_it_once() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    leave(&app, &Visitor::ticket_of(&app, &site).await, form("Marina", "Oi")).await.expect(201);
    let message = only(&owner).await;
    let mut console = owner.socket().await;
    let path = format!("/api/offline-messages/{}/read", message["id"].as_str().unwrap());
    let read = owner.put(&path, json!({})).await.expect(200);
    assert_eq!((&read["state"], &read["read_by"]), (&json!("read"), &json!(owner.id().await)));
    console.event("offline_message_changed").await;
    let administrator = app.hire(&owner, "Carla", "administrator", json!([])).await;
    let again = administrator.put(&path, json!({})).await.expect(200);
    assert_eq!(again["read_by"], read["read_by"]);
    assert_eq!(list(&owner, "?state=read").await["counters"]["new"], json!(0));
}

#[tokio::test]
async fn files_are_the_messages_own_and_stay() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let (ticket, others) = (Visitor::ticket_of(&app, &site).await, Visitor::ticket_of(&app, &site).await);
    let file = Sender::with_ticket(&app, &ticket).upload("nota.txt", "file", b"abc").await["id"].clone();
    let mut left = form("Marina", "Segue a nota");
    left["files"] = json!([file]);
    // Another's file is none.
    assert_eq!(leave(&app, &others, left.clone()).await.fields(), ["files:file_unknown"]);
    leave(&app, &ticket, left.clone()).await.expect(201);
    leave(&app, &ticket, left.clone()).await.expect(201);
    // One more is another message: what was added shall not be lost.
    let added = Sender::with_ticket(&app, &ticket).upload("foto.txt", "file", b"xyz").await["id"].clone();
    left["files"] = json!([added, file]);
    assert_eq!(leave(&app, &ticket, left.clone()).await.refused(409), "client_id_reused");
    left["id"] = json!(client_id());
    assert_eq!(leave(&app, &ticket, left).await.fields(), ["files:file_unknown"]);
    let message = only(&owner).await;
    let whole = shown(&owner, &message).await;
    assert_eq!((&whole["files"][0]["name"], &whole["files"][0]["size"]), (&json!("nota.txt"), &json!(3)));
    let discarded = app.stranger();
    let path = format!("/api/visitor/files/{}", file.as_str().unwrap());
    let request = discarded.request(Method::DELETE, &path).bearer_auth(&ticket);
    assert_eq!(discarded.send(request).await.refused(404), "not_found");
    // The hourly sweep takes what no message holds, never this.
    app.clock.advance(3 * 86_400);
    let workspace = app.workspace().await;
    let job = balcao_platform::jobs::Job {
        id: balcao_types::JobId(uuid::Uuid::nil()),
        workspace: Some(workspace),
        kind: "sweep".to_owned(),
        body: String::new(),
        attempt: 1,
    };
    balcao_desk::maintenance::sweep(app.desk.clone(), job).await.unwrap();
    let owner = app.again().await;
    let whole = shown(&owner, &message).await;
    let url = whole["files"][0]["url"].as_str().unwrap().trim_start_matches(&app.url("")).to_owned();
    assert_eq!(owner.get(&url).await.text, "abc");
}

/// T-150
#[tokio::test]
async fn a_connection_says_what_becomes_of_what_is_written_while_nobody_is_there() {
    let app = App::start().await;
    let owner = app.owner().await;
    let takes = |site: Value| {
        let (app, code) = (&app, site["code"].as_str().unwrap().to_owned());
        async move { app.stranger().get(&format!("/widgets/{code}")).await.text.contains("\"offline_messages\":true") }
    };
    let usual = app.webchat(&owner, None, json!({})).await;
    let message = app.webchat(&owner, None, json!({ "when_offline": "message" })).await;
    let conversation = app.webchat(&owner, None, json!({ "when_offline": "conversation" })).await;
    assert!(!takes(usual.clone()).await && takes(message.clone()).await && !takes(conversation.clone()).await);
    // As soon as mail is set up, the usual is an offline message.
    let smtp = json!({ "host": "127.0.0.1", "port": 1, "security": "none" });
    let settings = json!({ "from_address": "suporte@loja.test", "smtp": smtp });
    change_mail(&owner, json!({ "settings": settings })).await.expect(200);
    assert!(takes(usual).await && takes(message).await && !takes(conversation).await);
}

/// T-152
#[tokio::test]
async fn without_mail_nobody_can_reply_and_nothing_is_half_done() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    leave(&app, &Visitor::ticket_of(&app, &site).await, form("Marina", "Oi")).await.expect(201);
    let message = only(&owner).await;
    assert_eq!(shown(&owner, &message).await["can_reply"], json!(false));
    assert_eq!(reply(&owner, &message, "Olá").await.refused(409), "mail_not_set_up");
    assert_eq!(reply(&owner, &message, " \n").await.fields(), ["text:required"]);
    let whole = shown(&owner, &message).await;
    assert_eq!((&whole["entries"], &whole["state"]), (&json!([]), &json!("new")));
}

/// T-152: the most common reason why a reply does not arrive is a slip in the address.
#[tokio::test]
async fn an_address_is_corrected_and_what_it_was_is_kept() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    leave(&app, &Visitor::ticket_of(&app, &site).await, form("Marina", "Oi")).await.expect(201);
    let message = only(&owner).await;
    let path = format!("/api/offline-messages/{}", message["id"].as_str().unwrap());
    for (email, fault) in
        [("", "email:required"), ("a@b.c\r\nBcc: d@e.f", "email:email_invalid"), ("ana", "email:email_invalid")]
    {
        assert_eq!(owner.patch(&path, json!({ "email": email })).await.fields(), [fault], "{email}");
    }
    let mut console = owner.socket().await;
    let corrected = owner.patch(&path, json!({ "email": " marina.r@exemplo.test " })).await.expect(200);
    console.event("offline_message_changed").await;
    assert_eq!((&corrected["email"], &corrected["state"]), (&json!("marina.r@exemplo.test"), &json!("new")));
    let entry = &corrected["entries"][0];
    assert_eq!(
        [&entry["kind"], &entry["before"], &entry["address"], &entry["agent_id"], &entry["mail"]],
        [
            &json!("address"),
            &json!("marina@exemplo.test"),
            &json!("marina.r@exemplo.test"),
            &json!(owner.id().await),
            &Value::Null
        ]
    );
    assert_eq!(list(&owner, "?search=marina.r@").await["items"].as_array().unwrap().len(), 1);
    // The same once more is nothing new.
    let again = owner.patch(&path, json!({ "email": "marina.r@exemplo.test" })).await.expect(200);
    assert_eq!(again["entries"].as_array().unwrap().len(), 1);
}

/// An agent's file for a reply.
async fn upload(client: &Client, name: &str, kind: &str, bytes: &[u8]) -> Value {
    Sender::agent(client).upload(name, kind, bytes).await["id"].clone()
}

/// T-152: files go with a reply where they are one's own, allowed, and not too much for a mail.
#[tokio::test]
async fn a_reply_takes_files_only_as_the_department_and_a_mail_can() {
    let app = App::start().await;
    let owner = app.owner().await;
    let support = app.department(&owner, "Suporte").await;
    let bruno = app.hire(&owner, "Bruno", "agent", json!([{ "id": support }])).await;
    let smtp = json!({ "host": "127.0.0.1", "port": 1, "security": "none" });
    let settings = json!({ "from_address": "suporte@loja.test", "smtp": smtp });
    change_mail(&owner, json!({ "settings": settings })).await.expect(200);
    let site = app.webchat(&owner, None, json!({})).await;
    let mut left = form("Marina", "Oi");
    left["department"] = json!(support);
    leave(&app, &Visitor::ticket_of(&app, &site).await, left).await.expect(201);
    let message = only(&owner).await;
    let path = format!("/api/offline-messages/{}/replies", message["id"].as_str().unwrap());
    let with = |files: Vec<Value>| json!({ "client_id": client_id(), "text": "Segue", "files": files });
    assert_eq!(shown(&bruno, &message).await["reply_files_mb"], json!(15));
    let theirs = upload(&owner, "nota.txt", "file", b"abc").await;
    assert_eq!(bruno.post(&path, with(vec![theirs])).await.fields(), ["files:file_unknown"]);
    let many = (0..11).map(|_| json!(client_id())).collect();
    assert_eq!(bruno.post(&path, with(many)).await.fields(), ["files:too_many"]);
    let halves = [vec![7_u8; 8_000_000], vec![7_u8; 7_000_001]];
    let mut large = Vec::new();
    for half in &halves {
        large.push(upload(&bruno, "metade.bin", "file", half).await);
    }
    assert_eq!(bruno.post(&path, with(large.clone())).await.fields(), ["files:mail_files_too_large"]);
    // Nothing is half done: one of them alone goes.
    let sent = bruno.post(&path, with(vec![large[0].clone()])).await.expect(200);
    assert_eq!(sent["entries"][0]["files"][0]["size"], json!(8_000_000));
    assert_eq!(bruno.post(&path, with(vec![large[0].clone()])).await.fields(), ["files:file_unknown"]);
    let switched = json!({ "switches": { "may_send_files": false } });
    owner.patch(&format!("/api/departments/{support}"), switched).await.expect(200);
    assert_eq!(bruno.post(&path, with(vec![large[1].clone()])).await.refused(403), "files_switched_off");
    assert_eq!(shown(&bruno, &message).await["entries"].as_array().unwrap().len(), 1);
}

/// An installation that sends by real servers, a message in it, and the address of who left it.
async fn desk_with(servers: &MailServers, domain: &str) -> (App, Client, Value, String) {
    let app = App::start().await;
    let owner = app.owner().await;
    servers.set_up(&owner, &servers.address("suporte", "loja.test")).await;
    let site = app.webchat(&owner, None, json!({})).await;
    let customer = servers.address("marina", domain);
    let left = json!({ "id": client_id(), "name": "Marina Ção", "email": customer, "text": "Quero a segunda via" });
    leave(&app, &Visitor::ticket_of(&app, &site).await, left).await.expect(201);
    let message = only(&owner).await;
    (app, owner, message, customer)
}

/// Waits until the mail of a reply stands so.
async fn settled(client: &Client, message: &Value, entry: usize, state: &str) -> Value {
    until(&format!("the mail to be {state}"), || async {
        let whole = shown(client, message).await;
        (whole["entries"][entry]["mail"]["state"] == state).then_some(whole)
    })
    .await
}

/// T-152, T-155
#[tokio::test]
async fn replies_go_to_the_customers_mailbox_as_one_thread() {
    let Some(servers) = MailServers::find() else { return };
    let (_app, owner, message, customer) = desk_with(&servers, "exemplo.test").await;
    let form = json!({ "client_id": client_id(), "text": "Olá, segue a segunda via.\n.\nAção" });
    let path = format!("/api/offline-messages/{}/replies", message["id"].as_str().unwrap());
    let replied = owner.post(&path, form.clone()).await.expect(200);
    assert_eq!((&replied["state"], &replied["answered_by"]), (&json!("answered"), &json!(owner.id().await)));
    // Said twice it is sent once.
    owner.post(&path, form).await.expect(200);
    let whole = settled(&owner, &message, 0, "sent").await;
    assert_eq!(whole["entries"].as_array().unwrap().len(), 1);
    assert_eq!(whole["entries"][0]["mail"]["fault"], Value::Null);
    reply(&owner, &message, "Chegou?").await.expect(200);
    settled(&owner, &message, 1, "sent").await;
    let mails = servers.mails(&customer, 2).await;
    assert_eq!(mails.len(), 2);
    let header = |mail: usize, name: &str| header_of(&mails[mail], name);
    assert!(header(0, "To").unwrap().ends_with(&format!("<{customer}>")));
    assert!(header(0, "Subject").unwrap().starts_with("Sua mensagem para Vila Clara"));
    assert!(header(1, "Subject").unwrap().starts_with("Re: Sua mensagem para Vila Clara"));
    assert_eq!((header(0, "In-Reply-To"), header(0, "Auto-Submitted")), (None, None));
    assert_eq!(header(1, "In-Reply-To"), header(0, "Message-ID"));
    assert_eq!(header(1, "References"), header(0, "Message-ID"));
    assert_ne!(header(1, "Message-ID"), header(0, "Message-ID"));
}

/// T-156
#[tokio::test]
async fn a_reply_that_cannot_be_delivered_is_marked_and_can_be_sent_again() {
    let Some(servers) = MailServers::find() else { return };
    let (_app, owner, message, _) = desk_with(&servers, "fora.test").await;
    reply(&owner, &message, "Olá").await.expect(200);
    let whole = settled(&owner, &message, 0, "failed").await;
    assert_eq!(
        (&whole["state"], &whole["entries"][0]["mail"]["fault"]),
        (&json!("failed"), &json!("recipient_refused"))
    );
    assert!(whole["entries"][0]["mail"]["detail"].as_str().unwrap().contains("no world outside"));
    assert_eq!(list(&owner, "?state=failed").await["counters"], json!({ "new": 0, "failed": 1 }));
    let entry = whole["entries"][0]["id"].as_str().unwrap();
    let path = format!("/api/offline-messages/{}/replies/{entry}/retry", message["id"].as_str().unwrap());
    let again = owner.post(&path, json!({})).await.expect(200);
    assert_eq!((&again["state"], &again["entries"][0]["mail"]["state"]), (&json!("answered"), &json!("queued")));
    assert_eq!(settled(&owner, &message, 0, "failed").await["state"], json!("failed"));
    let other = path.replace(entry, &client_id());
    assert_eq!(owner.post(&other, json!({})).await.refused(404), "not_found");
}

/// T-152: what an agent attaches arrives as it was, and stays with the reply.
#[tokio::test]
async fn files_arrive_with_the_reply() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, message, customer) = desk_with(&servers, "exemplo.test").await;
    let bytes: Vec<u8> = (0..=255_u8).cycle().take(300_000).collect();
    let files = [
        upload(&owner, "segunda via.pdf", "file", b"%PDF-1.4\n.\n\n").await,
        upload(&owner, "ção.bin", "file", &bytes).await,
    ];
    let path = format!("/api/offline-messages/{}/replies", message["id"].as_str().unwrap());
    let form = json!({ "client_id": client_id(), "text": "Segue em anexo.", "files": files });
    let replied = owner.post(&path, form.clone()).await.expect(200);
    owner.post(&path, form).await.expect(200);
    assert_eq!(replied["entries"][0]["files"].as_array().unwrap().len(), 2);
    let whole = settled(&owner, &message, 0, "sent").await;
    assert_eq!(whole["entries"].as_array().unwrap().len(), 1);
    let mails = servers.mails(&customer, 1).await;
    assert!(mails[0].contains("Segue em anexo."), "{}", mails[0]);
    let arrived = attached_to(&mails[0]);
    assert_eq!(arrived.len(), 2);
    for (name, bytes) in [("segunda via.pdf", b"%PDF-1.4\n.\n\n".to_vec()), ("%C3%A7%C3%A3o.bin", bytes)] {
        assert!(arrived.iter().any(|(head, held)| head.contains(name) && *held == bytes), "{name}");
    }
    let url =
        whole["entries"][0]["files"][0]["download_url"].as_str().unwrap().trim_start_matches(&app.url("")).to_owned();
    assert!(owner.get(&url).await.text.starts_with("%PDF"));
}

/// T-156: what came back goes to the corrected address when it is sent again, with its files.
#[tokio::test]
async fn a_reply_that_came_back_goes_to_the_corrected_address() {
    let Some(servers) = MailServers::find() else { return };
    let (_app, owner, message, wrong) = desk_with(&servers, "fora.test").await;
    let right = servers.address("marina", "exemplo.test");
    let path = format!("/api/offline-messages/{}", message["id"].as_str().unwrap());
    let file = upload(&owner, "nota.txt", "file", b"abc").await;
    let form = json!({ "client_id": client_id(), "text": "Olá", "files": [file] });
    owner.post(&format!("{path}/replies"), form).await.expect(200);
    let failed = settled(&owner, &message, 0, "failed").await;
    assert_eq!(failed["entries"][0]["mail"]["to"], json!(wrong));
    owner.patch(&path, json!({ "email": right })).await.expect(200);
    // What was tried is told as it was.
    assert_eq!(shown(&owner, &message).await["entries"][0]["mail"]["to"], json!(wrong));
    let entry = failed["entries"][0]["id"].as_str().unwrap();
    owner.post(&format!("{path}/replies/{entry}/retry"), json!({})).await.expect(200);
    let sent = settled(&owner, &message, 0, "sent").await;
    assert_eq!((&sent["entries"][0]["mail"]["to"], &sent["state"]), (&json!(right), &json!("answered")));
    let arrived = servers.mails(&right, 1).await;
    assert!(header_of(&arrived[0], "To").unwrap().contains(&right));
    assert_eq!(attached_to(&arrived[0])[0].1, b"abc");
    // The next one goes there by itself, in the same thread.
    reply(&owner, &message, "Chegou?").await.expect(200);
    let next = servers.mails(&right, 2).await;
    assert_eq!(header_of(&next[1], "In-Reply-To"), header_of(&arrived[0], "Message-ID"));
}

/// T-156
#[tokio::test]
async fn a_server_that_is_away_is_tried_again_until_it_is_back() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, message, customer) = desk_with(&servers, "exemplo.test").await;
    let port = servers.port("smtp");
    change_mail(&owner, json!({ "settings": { "smtp": { "port": 1 } }, "smtp_password": "segredo" })).await.expect(200);
    reply(&owner, &message, "Olá").await.expect(200);
    let tried = until("the first attempt", || async {
        let whole = shown(&owner, &message).await;
        (whole["entries"][0]["mail"]["attempts"] == 1).then_some(whole)
    })
    .await;
    let mail = &tried["entries"][0]["mail"];
    assert_eq!((&mail["state"], &mail["fault"]), (&json!("queued"), &json!("unreachable")));
    let entry = tried["entries"][0]["id"].as_str().unwrap();
    let path = format!("/api/offline-messages/{}/replies/{entry}/retry", message["id"].as_str().unwrap());
    assert_eq!(owner.post(&path, json!({})).await.refused(409), "mail_not_failed");
    change_mail(&owner, json!({ "settings": { "smtp": { "port": port } }, "smtp_password": "segredo" }))
        .await
        .expect(200);
    until("the next attempt", || async {
        app.clock.advance(5);
        (shown(&owner, &message).await["entries"][0]["mail"]["state"] == "sent").then_some(())
    })
    .await;
    servers.mails(&customer, 1).await;
}

/// The same, once the mailbox is being read: what lay in it before is nobody's answer.
async fn reading_desk(servers: &MailServers) -> (App, Client, Value, String) {
    let (app, owner, message, customer) = desk_with(servers, "exemplo.test").await;
    until("the mailbox to be read", || async {
        (!owner.get("/api/mail").await.expect(200)["fetching"]["at"].is_null()).then_some(())
    })
    .await;
    (app, owner, message, customer)
}

/// Waits until a message has so many entries; the mailbox is looked at every half minute.
async fn entries(app: &App, client: &Client, message: &Value, count: usize) -> Value {
    until(&format!("{count} entries"), || async {
        app.clock.advance(31);
        let whole = shown(client, message).await;
        (whole["entries"].as_array().unwrap().len() >= count).then_some(whole)
    })
    .await
}

/// The message id of the reply that is in the customer's mailbox, and the company's address.
async fn replied(owner: &Client, servers: &MailServers, message: &Value, customer: &str) -> (String, String) {
    reply(owner, message, "Segue a segunda via.").await.expect(200);
    settled(owner, message, 0, "sent").await;
    let mails = servers.mails(customer, 1).await;
    let company = owner.get("/api/mail").await.expect(200)["settings"]["from_address"].as_str().unwrap().to_owned();
    (header_of(&mails[0], "Message-ID").unwrap(), company)
}

fn answer(customer: &str, company: &str, id: &str, rest: &str) -> String {
    format!("From: Marina R <{customer}>\nTo: <{company}>\nMessage-ID: <{id}@exemplo.test>\nSubject: Re: oi\n{rest}")
}

/// T-155: a customer's answer by e-mail joins the message that it is about.
#[tokio::test]
async fn an_answer_by_mail_comes_back_to_its_message_once() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, message, customer) = reading_desk(&servers).await;
    let (replied_id, company) = replied(&owner, &servers, &message, &customer).await;
    let mut console = owner.socket().await;
    let id = client_id();
    let mail = answer(
        &customer,
        &company,
        &id,
        &format!(
            "In-Reply-To: {replied_id}\nAuthentication-Results: localhost; spf=pass; dkim=none\nAuthentication-Results: mal.test; dmarc=pass\n\
             MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n--X\nContent-Type: text/plain; charset=utf-8\n\n\
             Chegou, obrigada!\n\nEm seg., 30 de nov. de 2026, Vila Clara <{company}> escreveu:\n> Segue\n\
             --X\nContent-Type: text/plain; name=\"nota.txt\"\nContent-Disposition: attachment; filename=\"nota.txt\"\n\nabc\n\
             --X\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"virus.exe\"\n\nMZ\n--X--\n"
        ),
    );
    servers.deliver(&customer, &company, &mail).await;
    let whole = entries(&app, &owner, &message, 2).await;
    console.event("offline_message_changed").await;
    let entry = &whole["entries"][1];
    assert_eq!(
        [&entry["kind"], &entry["name"], &entry["address"], &entry["text"], &entry["is_automatic"], &whole["state"]],
        [
            &json!("answer"),
            &json!("Marina R"),
            &json!(customer),
            &json!("Chegou, obrigada!"),
            &json!(false),
            &json!("new")
        ]
    );
    assert!(entry["whole"].as_str().unwrap().contains("> Segue"));
    assert_eq!(entry["authentication"], json!({ "spf": "pass", "dkim": "none", "dmarc": null }));
    assert_eq!((&entry["files"][0]["name"], &entry["left_out"]), (&json!("nota.txt"), &json!(["virus.exe"])));
    let url = entry["files"][0]["url"].as_str().unwrap().trim_start_matches(&app.url("")).to_owned();
    assert_eq!(owner.get(&url).await.text.trim(), "abc");
    // The same mail again, and then another one: of three there are two.
    servers.deliver(&customer, &company, &mail).await;
    let other = answer(&customer, &company, &client_id(), &format!("References: {replied_id}\n\nMais uma coisa"));
    servers.deliver(&customer, &company, &other).await;
    let whole = entries(&app, &owner, &message, 3).await;
    assert_eq!(whole["entries"].as_array().unwrap().len(), 3);
    assert_eq!(whole["entries"][2]["text"], json!("Mais uma coisa"));
    // The next reply names the whole thread.
    reply(&owner, &message, "Diga").await.expect(200);
    settled(&owner, &message, 3, "sent").await;
    let mails = servers.mails(&customer, 2).await;
    let references = header_of(&mails[1], "References").unwrap();
    assert!(references.starts_with(&format!("{replied_id} <{id}@exemplo.test>")), "{references}");
    // Nothing was changed in the mailbox.
    assert_eq!(servers.mails(&company, 3).await.len(), 3);
}

/// Whoever was not written to cannot write into a thread; a machine asks nobody for anything.
#[tokio::test]
async fn strangers_and_machines_do_not_pass_for_the_customer() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, message, customer) = reading_desk(&servers).await;
    let (replied_id, company) = replied(&owner, &servers, &message, &customer).await;
    let forged = replied_id.replacen(&replied_id[40..44], "0000", 1);
    let stranger = servers.address("mal", "exemplo.test");
    for rest in [format!("In-Reply-To: {forged}\n\nForjado"), "\nSem nada".to_owned()] {
        servers.deliver(&customer, &company, &answer(&customer, &company, &client_id(), &rest)).await;
    }
    let own = answer(&company, &company, &client_id(), &format!("In-Reply-To: {replied_id}\n\nDa própria caixa"));
    servers.deliver(&company, &company, &own).await;
    let away = format!("In-Reply-To: {replied_id}\nAuto-Submitted: auto-replied\n\nEstou de férias");
    servers.deliver(&customer, &company, &answer(&customer, &company, &client_id(), &away)).await;
    let whole = entries(&app, &owner, &message, 2).await;
    assert_eq!(
        (&whole["entries"][1]["text"], &whole["entries"][1]["is_automatic"]),
        (&json!("Estou de férias"), &json!(true))
    );
    assert_eq!(whole["state"], json!("answered"));
    // Who holds the mail may answer it from elsewhere, and that is to be seen.
    let forwarded = answer(&stranger, &company, &client_id(), &format!("In-Reply-To: {replied_id}\n\nDe outro lugar"));
    servers.deliver(&stranger, &company, &forwarded).await;
    let whole = entries(&app, &owner, &message, 3).await;
    assert_eq!((&whole["entries"][2]["address"], &whole["state"]), (&json!(stranger), &json!("new")));
    assert_eq!(whole["entries"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_marked_address_finds_its_message_without_a_thread() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, message, customer) = reading_desk(&servers).await;
    let short = format!("s{}@loja.test", &client_id()[..6]);
    let mut settings = servers.settings(&short);
    settings["marks_address"] = json!(true);
    let form = json!({ "settings": settings, "smtp_password": "segredo", "imap_password": "segredo" });
    change_mail(&owner, form).await.expect(200);
    until("the other mailbox to be read", || async {
        app.clock.advance(31);
        (!owner.get("/api/mail").await.expect(200)["fetching"]["at"].is_null()).then_some(())
    })
    .await;
    reply(&owner, &message, "Olá").await.expect(200);
    settled(&owner, &message, 0, "sent").await;
    let mails = servers.mails(&customer, 1).await;
    let to = header_of(&mails[0], "Reply-To").unwrap();
    let to = to.split_once('<').unwrap().1.trim_end_matches('>').to_owned();
    assert!(to.starts_with(short.split('@').next().unwrap()) && to.contains('+'), "{to}");
    servers.deliver(&customer, &to, &answer(&customer, &to, &client_id(), "\nSem histórico")).await;
    let whole = entries(&app, &owner, &message, 2).await;
    assert_eq!(whole["entries"][1]["text"], json!("Sem histórico"));
}

/// T-156
#[tokio::test]
async fn a_mail_that_comes_back_has_failed_after_all() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, message, _) = desk_with(&servers, "volta.test").await;
    until("the mailbox to be read", || async {
        (!owner.get("/api/mail").await.expect(200)["fetching"]["at"].is_null()).then_some(())
    })
    .await;
    reply(&owner, &message, "Olá").await.expect(200);
    settled(&owner, &message, 0, "sent").await;
    let whole = until("the bounce", || async {
        app.clock.advance(31);
        let whole = shown(&owner, &message).await;
        (whole["entries"][0]["mail"]["state"] == "failed").then_some(whole)
    })
    .await;
    assert_eq!((&whole["state"], &whole["entries"][0]["mail"]["fault"]), (&json!("failed"), &json!("bounced")));
    assert!(whole["entries"][0]["mail"]["detail"].as_str().unwrap().contains("nobody has this name"));
}

/// A report that names a mail of ours by what no message id can be holds nothing up.
#[tokio::test]
async fn a_forged_report_does_not_stop_the_mailbox() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, message, customer) = reading_desk(&servers).await;
    let (replied_id, company) = replied(&owner, &servers, &message, &customer).await;
    let forged = replied_id.replace('@', "=00@");
    let report = format!(
        "From: <mailer-daemon@fora.test>\nTo: <{company}>\nSubject: Falha\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"x\"\n\n--x\nContent-Type: text/plain\n\nNo.\n\
         --x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; fora.test\n\n\
         Final-Recipient: rfc822; {customer}\nAction: failed\nStatus: 5.1.1\n\
         --x\nContent-Type: text/rfc822-headers\nContent-Transfer-Encoding: quoted-printable\n\n\
         Message-ID: {forged}\n--x--\n"
    );
    servers.deliver("", &company, &report).await;
    servers
        .deliver(
            &customer,
            &company,
            &answer(&customer, &company, &client_id(), &format!("In-Reply-To: {replied_id}\n\nObrigada")),
        )
        .await;
    let whole = entries(&app, &owner, &message, 2).await;
    assert_eq!(whole["entries"][1]["text"], json!("Obrigada"));
    assert_eq!(whole["entries"][0]["mail"]["state"], json!("sent"));
}

#[tokio::test]
async fn a_mailbox_that_cannot_be_read_says_so_and_loses_nothing() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, message, customer) = reading_desk(&servers).await;
    let (replied_id, company) = replied(&owner, &servers, &message, &customer).await;
    let imap = |port: u16| json!({ "settings": { "imap": { "port": port } }, "imap_password": "segredo" });
    change_mail(&owner, imap(1)).await.expect(200);
    until("the fault", || async {
        let fetching = owner.get("/api/mail").await.expect(200)["fetching"].clone();
        (fetching["fault"] == "unreachable").then_some(())
    })
    .await;
    // It comes while nobody can fetch it.
    let mail = answer(&customer, &company, &client_id(), &format!("In-Reply-To: {replied_id}\n\nNo meio da queda"));
    servers.deliver(&customer, &company, &mail).await;
    servers.mails(&company, 1).await;
    change_mail(&owner, imap(servers.port("imaps"))).await.expect(200);
    let whole = entries(&app, &owner, &message, 2).await;
    assert_eq!(whole["entries"][1]["text"], json!("No meio da queda"));
    assert_eq!(owner.get("/api/mail").await.expect(200)["fetching"]["fault"], Value::Null);
}
