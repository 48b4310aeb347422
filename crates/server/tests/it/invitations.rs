//! Invitations by e-mail: a link of its own to the person's address, for as long as the invitation is good.

use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::{
    Answer, App, Client, PASSWORD,
    mail::{MailServers, change_mail, header_of, text_of},
    until,
};

fn token_in(text: &str) -> String {
    let (_, after) = text.split_once("/invitation#").expect("a link");
    after.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}

async fn opened(app: &App, token: &str) -> Answer {
    app.stranger().post("/api/invitations/open", json!({ "token": token })).await
}

async fn invite(owner: &Client, name: &str, email: &str) -> Value {
    owner.post("/api/agents", json!({ "name": name, "email": email, "role": "agent" })).await.expect(201)
}

/// What the jobs that mail invitations say.
async fn jobs(app: &App) -> Vec<String> {
    let read = app.desk.store.read();
    let sql = "SELECT body FROM jobs WHERE kind = 'invite_by_mail' AND state <> 'failed'";
    let rows = read.query_all_raw(Statement::from_string(read.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "body").unwrap()).collect()
}

/// T-087
#[tokio::test]
async fn where_mail_is_set_up_who_is_invited_gets_a_link_of_their_own_and_both_die_with_the_invitation() {
    let Some(servers) = MailServers::find() else { return };
    let app = App::start().await;
    let owner = app.owner().await;
    let invited = invite(&owner, "Davi", "davi@exemplo.test").await;
    assert_eq!(invited["invitation"]["mailed_to"], Value::Null, "nothing is said that does not happen");
    servers.set_up(&owner, &servers.address("suporte", "loja.test")).await;
    let bruno = servers.address("bruno", "exemplo.test");
    let invited = invite(&owner, "Bruno Lima", &bruno).await;
    assert_eq!(invited["invitation"]["mailed_to"], json!(bruno));
    let mail = servers.mails(&bruno, 1).await.remove(0);
    assert_eq!(header_of(&mail, "Auto-Submitted").as_deref(), Some("auto-generated"));
    let text = text_of(&mail);
    for part in ["Olá, Bruno Lima,", "Ana Souza convidou você", "Vila Clara", "27/11/2026 às 09:00"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let shown = token_in(invited["invitation"]["link"].as_str().unwrap());
    let mailed = token_in(&text);
    assert_ne!(shown, mailed);
    assert_eq!(opened(&app, &shown).await.expect(200)["email"], json!(bruno));
    assert_eq!(opened(&app, &mailed).await.expect(200)["is_new"], json!(true));
    let accept = |token: &str| json!({ "token": token, "name": "Bruno Lima", "password": PASSWORD });
    app.stranger().post("/api/invitations/accept", accept(&mailed)).await.expect(200);
    for token in [&shown, &mailed] {
        assert_eq!(opened(&app, token).await.refused(404), "invitation_invalid");
    }

    // A link for a new password is mailed too, and says what it is. The one before dies.
    let path = format!("/api/agents/{}/invitation", invited["agent"]["id"].as_str().unwrap());
    let again = owner.post(&path, json!({})).await.expect(200);
    assert_eq!(again["mailed_to"], json!(bruno));
    let second = text_of(&servers.mails(&bruno, 2).await.remove(1));
    assert!(second.contains("nova senha"), "{second}");
    opened(&app, &token_in(&second)).await.expect(200);
    owner.post(&path, json!({})).await.expect(200);
    let third = text_of(&servers.mails(&bruno, 3).await.remove(2));
    assert_eq!(opened(&app, &token_in(&second)).await.refused(404), "invitation_invalid");
    opened(&app, &token_in(&third)).await.expect(200);
    app.clock.advance(7 * 86_400);
    assert_eq!(opened(&app, &token_in(&third)).await.refused(404), "invitation_invalid");
}

/// T-087: a job that comes late mails nothing; and no job holds what opens an invitation.
#[tokio::test]
async fn what_was_used_replaced_or_taken_back_is_not_mailed_by_a_late_job() {
    let Some(servers) = MailServers::find() else { return };
    let app = App::start().await;
    let owner = app.owner().await;
    servers.set_up(&owner, &servers.address("suporte", "loja.test")).await;
    let reach = async |port: u16| {
        let form = json!({ "settings": { "smtp": { "port": port } }, "smtp_password": "segredo" });
        change_mail(&owner, form).await.expect(200);
    };
    reach(1).await;
    let names = ["bruno", "carla", "davi", "elisa"];
    let addresses = names.map(|name| servers.address(name, "exemplo.test"));
    let mut invited = Vec::new();
    for (name, address) in names.iter().zip(&addresses) {
        invited.push(invite(&owner, name, address).await);
    }
    let tokens: Vec<String> = invited.iter().map(|one| token_in(one["invitation"]["link"].as_str().unwrap())).collect();
    until("all have been tried", || async { (jobs(&app).await.len() == 4).then_some(()) }).await;
    for body in jobs(&app).await {
        assert!(tokens.iter().all(|token| !body.contains(token.as_str())), "{body}");
    }
    let id = |at: usize| invited[at]["agent"]["id"].as_str().unwrap();
    let accept = json!({ "token": tokens[0], "name": "Bruno", "password": PASSWORD });
    app.stranger().post("/api/invitations/accept", accept).await.expect(200);
    owner.patch(&format!("/api/agents/{}", id(1)), json!({ "is_active": false })).await.expect(200);
    owner.delete(&format!("/api/agents/{}", id(2))).await.expect(204);
    owner.post(&format!("/api/agents/{}/invitation", id(3)), json!({})).await.expect(200);

    reach(servers.port("smtp")).await;
    // One that failed only now waits from now on.
    until("no job is left", || async {
        app.clock.advance(60);
        jobs(&app).await.is_empty().then_some(())
    })
    .await;
    // Only the newest invitation of the last one was mailed: a mail to each comes after whatever was on its way.
    owner.patch(&format!("/api/agents/{}", id(1)), json!({ "is_active": true })).await.expect(200);
    for at in [0, 1] {
        owner.post(&format!("/api/agents/{}/invitation", id(at)), json!({})).await.expect(200);
        let mails = servers.mails(&addresses[at], 1).await;
        assert_eq!(mails.len(), 1);
        opened(&app, &token_in(&text_of(&mails[0]))).await.expect(200);
    }
    let mails = servers.mails(&addresses[3], 1).await;
    assert_eq!(mails.len(), 1);
    opened(&app, &token_in(&text_of(&mails[0]))).await.expect(200);
    assert_eq!(opened(&app, &tokens[3]).await.refused(404), "invitation_invalid");
}

/// T-087: an import mails where that was asked for, and not else.
#[tokio::test]
async fn an_import_mails_the_invitations_only_where_that_is_chosen() {
    let Some(servers) = MailServers::find() else { return };
    let app = App::start().await;
    let owner = app.owner().await;
    servers.set_up(&owner, &servers.address("suporte", "loja.test")).await;
    let import = async |query: String, file: String| {
        let request = owner.request(Method::POST, &format!("/api/agents/import?{query}"));
        owner.send(request.header("content-type", "text/csv").body(file)).await.expect(200)
    };
    for (name, choice, is_mailed) in [("Bruno", "", false), ("Carla", "&by_mail=true", true)] {
        let address = servers.address(&name.to_lowercase(), "exemplo.test");
        let file = format!("nome,e-mail,função\n{name},{address},atendente\n");
        let look = import("dry_run=true".to_owned(), file.clone()).await;
        let plan = look["plan"].as_str().unwrap();
        let done = import(format!("dry_run=false&plan={plan}{choice}"), file).await;
        let told = &done["rows"][0]["invitation"]["mailed_to"];
        assert_eq!(*told, if is_mailed { json!(address) } else { Value::Null });
        if is_mailed {
            opened(&app, &token_in(&text_of(&servers.mails(&address, 1).await[0]))).await.expect(200);
        } else {
            assert_eq!(jobs(&app).await, Vec::<String>::new());
        }
    }
}
