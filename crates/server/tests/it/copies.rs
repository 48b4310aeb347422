//! Copies by e-mail: what a visitor saw of a conversation that has ended, to whom they say, and never as a flood.

use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::{
    Answer, App, QueueDesk, Sender, Visitor, client_id,
    mail::{MailServers, change_mail, header_of, text_of},
    until,
};

/// Where copies are offered, with mail that goes nowhere unless there are servers.
async fn offering(app: App) -> QueueDesk {
    let desk = QueueDesk::open_at(app, "off", &["Bruno"]).await;
    match MailServers::find() {
        Some(servers) => servers.set_up(&desk.owner, &servers.address("suporte", "loja.test")).await,
        None => reach_nobody(&desk).await,
    }
    desk.owner.patch("/api/workspace", json!({ "copy_by_mail": true })).await.expect(200);
    desk
}

async fn reach_nobody(desk: &QueueDesk) {
    let smtp = json!({ "host": "127.0.0.1", "port": 1, "security": "none" });
    let settings = json!({ "from_address": "suporte@loja.test", "smtp": smtp });
    change_mail(&desk.owner, json!({ "settings": settings, "smtp_password": "segredo" })).await.expect(200);
}

/// A conversation that Bruno has answered, of a visitor who has said who they are, or not.
async fn answered(desk: &QueueDesk, form: Value) -> (Visitor, String) {
    let visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = said(desk, &visitor, form).await;
    desk.team[0].reply(&conversation, "Oi, tudo bem?").await.expect(201);
    (visitor, conversation)
}

async fn said(desk: &QueueDesk, visitor: &Visitor, form: Value) -> String {
    let said = json!({ "id": client_id(), "text": "Quero um bolo\nde milho", "form": form });
    let stranger = desk.app.stranger();
    let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(&visitor.ticket).json(&said);
    stranger.send(request).await.expect(200)["conversation"].as_str().unwrap().to_owned()
}

async fn ended(desk: &QueueDesk, form: Value) -> (Visitor, String) {
    let (visitor, conversation) = answered(desk, form).await;
    desk.team[0].act(&conversation, "close").await.expect(200);
    (visitor, conversation)
}

async fn call(app: &App, method: Method, visitor: &Visitor, conversation: &str, body: Value) -> Answer {
    let stranger = app.stranger();
    let path = format!("/api/visitor/conversations/{conversation}/copy");
    stranger.send(stranger.request(method, &path).bearer_auth(&visitor.ticket).json(&body)).await
}

async fn ask(desk: &QueueDesk, (visitor, conversation): &(Visitor, String), email: Option<&str>) -> Answer {
    call(&desk.app, Method::POST, visitor, conversation, json!({ "email": email })).await
}

async fn shown(desk: &QueueDesk, (visitor, conversation): &(Visitor, String)) -> Answer {
    call(&desk.app, Method::GET, visitor, conversation, json!({})).await
}

async fn count(app: &App, what: &str) -> i64 {
    let read = app.desk.store.read();
    let sql = format!("SELECT COUNT(*) AS count FROM {what}");
    let row = read.query_one_raw(Statement::from_string(read.get_database_backend(), sql)).await.unwrap();
    row.unwrap().try_get("", "count").unwrap()
}

const JOBS: &str = "jobs WHERE kind = 'mail_copy' AND state <> 'failed'";

///
#[tokio::test]
async fn who_was_answered_gets_what_they_saw_once_for_each_end() {
    let Some(servers) = MailServers::find() else { return };
    let desk = offering(App::start().await).await;
    let bruno = &desk.team[0];
    let marina = servers.address("marina", "exemplo.test");
    let mut one = answered(&desk, json!({ "name": "Marina", "email": marina })).await;
    let (visitor, conversation) = (&one.0, &one.1.clone());
    let sender = Sender::with_ticket(&desk.app, &visitor.ticket);
    let file = sender.upload("foto do bolo.txt", "file", b"bolo").await["id"].clone();
    let sent = json!({ "id": client_id(), "text": "", "file": file });
    let stranger = desk.app.stranger();
    let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(&visitor.ticket).json(&sent);
    stranger.send(request).await.expect(200);
    let note = json!({ "client_id": client_id(), "kind": "note", "text": "Cliente que reclama" });
    bruno.post(&format!("/api/conversations/{conversation}/messages"), note).await.expect(201);
    assert_eq!(shown(&desk, &one).await.refused(409), "copy_unavailable", "it has not ended");
    assert_eq!(ask(&desk, &one, None).await.refused(409), "copy_unavailable");
    desk.app.clock.advance(3_600);
    bruno.act(conversation, "close").await.expect(200);
    one.0 = Visitor::return_with(&desk.app, &desk.site, Some(&one.0.key)).await;

    let masked = json!("m•••@exemplo.test");
    assert_eq!(shown(&desk, &one).await.expect(200)["to"], masked);
    // Another address does not count where one is known, and asking again changes nothing.
    for typed in [None, Some("outra@exemplo.test"), None] {
        assert_eq!(ask(&desk, &one, typed).await.expect(202)["to"], masked);
    }
    let mail = servers.mails(&marina, 1).await.remove(0);
    assert_eq!(header_of(&mail, "Auto-Submitted").as_deref(), Some("auto-generated"));
    let protocol = desk.owner.conversation(conversation).await["conversation"]["protocol"].as_str().unwrap().to_owned();
    let text = text_of(&mail);
    for part in [
        format!("Vila Clara, protocolo {protocol}, de 20/11/2026 09:00 a 20/11/2026 10:00").as_str(),
        "\n20/11/2026\n",
        "09:00 Você:\n  Quero um bolo\n  de milho\n",
        "09:00 · Bruno vai atender você",
        "09:00 Bruno:\n  Oi, tudo bem?",
        "09:00 Você:\n  [Arquivo: foto do bolo.txt]",
        "10:00 · Conversa encerrada por Bruno",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("reclama"), "{text}");
    until("where to is forgotten", || async {
        (count(&desk.app, "conversation_copies WHERE address IS NULL AND sent_at IS NOT NULL").await == 1).then_some(())
    })
    .await;
    // After another end there is another one.
    bruno.act(conversation, "reopen").await.expect(200);
    bruno.reply(conversation, "Mais uma coisa").await.expect(201);
    desk.app.clock.advance(60);
    bruno.act(conversation, "close").await.expect(200);
    ask(&desk, &one, None).await.expect(202);
    let mails = servers.mails(&marina, 2).await;
    assert_eq!(mails.len(), 2);
    assert!(text_of(&mails[1]).contains("Mais uma coisa") && !text.contains("Mais uma coisa"));
}

/// only where the company allows it, mail is set up, and somebody has written to the visitor: nobody has strangers written to alone.
#[tokio::test]
async fn there_is_no_copy_where_none_is_offered_or_nobody_answered() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let page = async || {
        let code = desk.site["code"].as_str().unwrap();
        desk.app.stranger().get(&format!("/widgets/{code}")).await.text.contains("\"copies\":true")
    };
    let one = ended(&desk, json!({})).await;
    let set = async |is_on: bool| {
        let kept = desk.owner.patch("/api/workspace", json!({ "copy_by_mail": is_on })).await.expect(200);
        assert_eq!(kept["copy_by_mail"], json!(is_on));
    };
    assert_eq!(desk.owner.get("/api/session").await.expect(200)["workspace"]["copy_by_mail"], json!(false));
    set(true).await;
    assert!(!page().await);
    assert_eq!(shown(&desk, &one).await.refused(409), "copy_unavailable", "no mail");
    reach_nobody(&desk).await;
    assert!(page().await);
    assert_eq!(shown(&desk, &one).await.expect(200)["to"], Value::Null);
    set(false).await;
    assert!(!page().await);
    assert_eq!(ask(&desk, &one, Some("a@exemplo.test")).await.refused(409), "copy_unavailable", "switched off");
    set(true).await;

    let visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = said(&desk, &visitor, json!({})).await;
    desk.owner.act(&conversation, "take").await.expect(200);
    desk.owner.act(&conversation, "close").await.expect(200);
    let unanswered = (visitor, conversation);
    assert_eq!(ask(&desk, &unanswered, Some("a@exemplo.test")).await.refused(409), "copy_unavailable");
    let others = (Visitor::arrive(&desk.app, &desk.site).await, one.1.clone());
    assert_eq!(ask(&desk, &others, Some("a@exemplo.test")).await.refused(404), "not_found");
    assert_eq!(count(&desk.app, "conversation_copies").await, 0);
}

/// an address that is typed may be anybody's.
#[tokio::test]
async fn a_typed_address_is_checked_and_neither_it_nor_a_visitor_has_many_in_a_day() {
    let desk = offering(App::start().await).await;
    let one = ended(&desk, json!({})).await;
    assert_eq!(ask(&desk, &one, None).await.fields(), ["email:required"]);
    assert_eq!(ask(&desk, &one, Some("ninguém")).await.fields(), ["email:email_invalid"]);
    assert_eq!(ask(&desk, &one, Some("a@exemplo.test\r\nBcc: b@exemplo.test")).await.fields(), ["email:email_invalid"]);
    for typed in ["alvo@exemplo.test", "ALVO@exemplo.test ", "b@exemplo.test", "c@exemplo.test"] {
        ask(&desk, &one, Some(typed)).await.expect(202);
    }
    assert_eq!(count(&desk.app, "conversation_copies").await, 3);
    assert_eq!(ask(&desk, &one, Some("d@exemplo.test")).await.refused(409), "copies_enough");
    // Others who mean the same address.
    for _ in 0..4 {
        ask(&desk, &ended(&desk, json!({})).await, Some("alvo@exemplo.test")).await.expect(202);
    }
    desk.app.clock.advance(3_600);
    let sixth = ended(&desk, json!({})).await;
    let refused = ask(&desk, &sixth, Some("alvo@exemplo.test")).await;
    assert_eq!(refused.headers["retry-after"], "82800");
    assert_eq!(refused.refused(429), "too_many_requests");
    // One visitor to ever more addresses, of one conversation after another.
    for typed in ["e@exemplo.test", "f@exemplo.test", "g@exemplo.test"] {
        ask(&desk, &sixth, Some(typed)).await.expect(202);
    }
    desk.team[0].act(&sixth.1, "reopen").await.expect(200);
    desk.app.clock.advance(60);
    desk.team[0].act(&sixth.1, "close").await.expect(200);
    for typed in ["h@exemplo.test", "i@exemplo.test"] {
        ask(&desk, &sixth, Some(typed)).await.expect(202);
    }
    assert_eq!(ask(&desk, &sixth, Some("j@exemplo.test")).await.refused(429), "too_many_requests");
    desk.app.clock.advance(86_400);
    let sixth = (Visitor::return_with(&desk.app, &desk.site, Some(&sixth.0.key)).await, sixth.1);
    ask(&desk, &sixth, Some("alvo@exemplo.test")).await.expect(202);
}

/// and neither has one who asks under ever new names.
#[tokio::test]
async fn one_address_of_the_network_asks_for_few_copies_in_an_hour() {
    let desk = offering(App::start_with(&[("BALCAO_LIMITS_OFFLINE_MESSAGES_PER_HOUR", "2")]).await).await;
    let one = ended(&desk, json!({})).await;
    for typed in ["a@exemplo.test", "b@exemplo.test"] {
        ask(&desk, &one, Some(typed)).await.expect(202);
    }
    assert_eq!(ask(&desk, &one, Some("c@exemplo.test")).await.refused(429), "too_many_requests");
}

/// what was erased or switched off meanwhile is not sent by a late job.
#[tokio::test]
async fn nothing_is_sent_of_whom_nothing_is_kept_any_more() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    reach_nobody(&desk).await;
    desk.owner.patch("/api/workspace", json!({ "copy_by_mail": true })).await.expect(200);
    let erased = ended(&desk, json!({ "name": "Marina", "email": "marina@exemplo.test" })).await;
    let switched_off = ended(&desk, json!({ "name": "Igor", "email": "igor@exemplo.test" })).await;
    for one in [&erased, &switched_off] {
        ask(&desk, one, None).await.expect(202);
    }
    let contact = desk.owner.conversation(&erased.1).await["conversation"]["contact"]["id"].clone();
    let path = format!("/api/privacy/contacts/{}", contact.as_str().unwrap());
    let known = desk.owner.post(&format!("{path}/export"), json!({})).await.expect(200);
    assert_eq!(known["copies"][0]["address"], "marina@exemplo.test");
    desk.owner.post(&format!("{path}/erase"), json!({ "reason": "Pedido" })).await.expect(204);
    assert_eq!(count(&desk.app, "conversation_copies").await, 1);
    ask(&desk, &erased, None).await.refused(401);
    desk.owner.patch("/api/workspace", json!({ "copy_by_mail": false })).await.expect(200);
    until("no job is left", || async {
        desk.app.clock.advance(60);
        (count(&desk.app, JOBS).await == 0).then_some(())
    })
    .await;
    assert_eq!(count(&desk.app, "jobs WHERE kind = 'mail_copy'").await, 0, "none failed");
    assert_eq!(count(&desk.app, "conversation_copies").await, 0);
}

/// what hinders the mail and passes is waited for.
#[tokio::test]
async fn a_copy_waits_for_a_server_that_is_away() {
    let Some(servers) = MailServers::find() else { return };
    let desk = offering(App::start().await).await;
    let reach = async |port: u16| {
        let form = json!({ "settings": { "smtp": { "port": port } }, "smtp_password": "segredo" });
        change_mail(&desk.owner, form).await.expect(200);
    };
    reach(1).await;
    let to = servers.address("joana", "exemplo.test");
    let one = ended(&desk, json!({})).await;
    ask(&desk, &one, Some(&to)).await.expect(202);
    until("it has been tried", || async {
        (count(&desk.app, "jobs WHERE kind = 'mail_copy' AND last_error IS NOT NULL").await == 1).then_some(())
    })
    .await;
    reach(servers.port("smtp")).await;
    desk.app.clock.advance(3_600);
    assert_eq!(servers.mails(&to, 1).await.len(), 1);
}
