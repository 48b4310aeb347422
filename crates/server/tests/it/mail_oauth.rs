//! Logging in to mail servers by OAuth2: consent, access and its renewal, against a real Dovecot and a real Postfix where they are there.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use reqwest::Url;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::support::{
    Answer, App, Client, Visitor, client_id,
    mail::{MailServers, change_mail, header_of, query_of},
    until,
};

const SECRET: &str = "chave & nossa só";

/// Settings for an authorization server that answers at a port of this machine, and mail servers that nobody needs.
fn settings(port: u16) -> Value {
    let server = json!({ "host": "127.0.0.1", "port": 1, "security": "none" });
    json!({
        "from_address": "suporte@loja.test", "smtp": server, "imap": server, "login": "oauth2",
        "oauth": { "provider": "other", "client_id": "balcao", "user": "suporte@loja.test", "scope": "mail",
            "authorization_url": format!("http://127.0.0.1:{port}/authorize"), "token_url": format!("http://127.0.0.1:{port}/token") },
    })
}

/// Saves settings with the client's secret.
async fn set_up(owner: &Client, settings: Value) -> Value {
    change_mail(owner, json!({ "settings": settings, "client_secret": SECRET })).await.expect(200)
}

/// Begins to connect; answers where consent is asked for.
async fn begin(owner: &Client) -> String {
    owner.post("/api/mail/consent", json!({})).await.expect(200)["address"].as_str().unwrap().to_owned()
}

/// The state of an address at which consent is asked for.
fn state_of(address: &str) -> Value {
    query_of(&Url::parse(address).unwrap())["state"].clone()
}

async fn finish(owner: &Client, back: &Value) -> Answer {
    owner.post("/api/mail/consent/finish", json!({ "state": back["state"], "code": back["code"] })).await
}

/// Connects as somebody does who consents.
async fn connect(servers: &MailServers, owner: &Client) -> Value {
    let back = servers.consent(&begin(owner).await).await;
    finish(owner, &back).await.expect(200)
}

/// A company whose mail logs in by OAuth2, and its address.
async fn connected(servers: &MailServers) -> (App, Client, String) {
    let app = App::start().await;
    let owner = app.owner().await;
    let address = servers.address("suporte", "loja.test");
    set_up(&owner, servers.oauth_settings(&address)).await;
    connect(servers, &owner).await;
    (app, owner, address)
}

async fn tried(owner: &Client, what: &str) -> Value {
    owner.post(&format!("/api/mail/test-{what}"), json!({})).await.expect(200)
}

fn works() -> Value {
    json!({ "works": true, "fault": null, "detail": "" })
}

/// Answers every request with these bytes, and counts them.
async fn token_server(answer: String) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, count) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut asked = [0; 8_192];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (port, count)
}

fn response(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// T-152
#[tokio::test]
async fn who_has_consented_is_logged_in_at_both_servers() {
    let Some(servers) = MailServers::find() else { return };
    let app = App::start().await;
    let owner = app.owner().await;
    let address = servers.address("suporte", "loja.test");
    let saved = set_up(&owner, servers.oauth_settings(&address)).await;
    assert_eq!(saved["redirect_uri"], json!(app.url("/settings/mail/consent")));
    assert_eq!((&saved["has_client_secret"], &saved["consent"]["given_at"]), (&json!(true), &Value::Null));
    for what in ["sending", "fetching"] {
        assert_eq!(tried(&owner, what).await["fault"], json!("consent_missing"), "{what}");
    }
    let shown = connect(&servers, &owner).await;
    assert!(shown["consent"]["given_at"].is_string(), "{shown}");
    assert_eq!(shown["version"], json!(2));
    for what in ["sending", "fetching"] {
        assert_eq!(tried(&owner, what).await, works(), "{what}");
    }
    // A token that the mail server does not take for this address: who has consented is somebody else.
    let other = servers.address("outra", "loja.test");
    change_mail(&owner, json!({ "settings": { "oauth": { "user": other } } })).await.expect(200);
    assert_eq!(tried(&owner, "sending").await["fault"], json!("consent_missing"));
    let elsewhere = begin(&owner).await.replace(&other.replace('@', "%40"), &address.replace('@', "%40"));
    let back = servers.consent(&elsewhere).await;
    finish(&owner, &back).await.expect(200);
    for what in ["sending", "fetching"] {
        assert_eq!(tried(&owner, what).await["fault"], json!("access_refused"), "{what}");
    }
    // No server but that for which it was given is shown the token, also where only the port or the encryption is another one.
    let plain = json!({ "settings": { "smtp": { "port": servers.port("smtp"), "security": "none" } } });
    let said = owner.post("/api/mail/test-sending", plain.clone()).await.expect(200);
    assert_eq!(said["fault"], json!("consent_missing"));
    // Where a server knows passwords only, it is said.
    change_mail(&owner, plain).await.expect(200);
    let back = servers.consent(&begin(&owner).await).await;
    finish(&owner, &back).await.expect(200);
    assert_eq!(tried(&owner, "sending").await["fault"], json!("login_unsupported"));
}

/// T-152
#[tokio::test]
async fn access_that_runs_out_is_renewed_once_however_many_need_it() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, address) = connected(&servers).await;
    app.clock.advance(3_550);
    let tests = (0..8).map(|at| tried(&owner, if at % 2 == 0 { "sending" } else { "fetching" }));
    for said in futures_util::future::join_all(tests).await {
        assert_eq!(said, works());
    }
    // Each refresh token is good for one use; a second one would have ended it all.
    let seen = servers.account(&address, "").await;
    assert_eq!(seen, json!([{ "isHeld": true, "refreshes": 1, "reuses": 0 }]));
    // Ended before its time, it is renewed as soon as a server does not take it.
    for (what, refreshes) in [("sending", 2), ("fetching", 3)] {
        servers.account(&address, "end_access").await;
        assert_eq!(tried(&owner, what).await, works(), "{what}");
        let seen = servers.account(&address, "").await;
        assert_eq!(seen, json!([{ "isHeld": true, "refreshes": refreshes, "reuses": 0 }]), "{what}");
    }
}

/// T-152
#[tokio::test]
async fn a_consent_that_is_taken_back_is_told_and_can_be_given_anew() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, address) = connected(&servers).await;
    let mut console = owner.socket().await;
    servers.account(&address, "withdraw").await;
    for what in ["sending", "fetching"] {
        let said = tried(&owner, what).await;
        assert_eq!(said["fault"], json!("consent_revoked"), "{what}");
        assert_eq!(said["detail"], json!("invalid_grant: Token has been expired or revoked."), "{what}");
    }
    console.event("mail_changed").await;
    let shown = owner.get("/api/mail").await.expect(200);
    assert_eq!(shown["consent"]["fault"], json!("consent_revoked"));
    // The mailbox says so by itself, and nobody asks the provider again and again.
    let told = || async {
        app.clock.advance(31);
        let shown = owner.get("/api/mail").await.expect(200);
        (shown["fetching"]["fault"] == "consent_revoked").then_some(())
    };
    until("the mailbox that cannot be read", told).await;
    let shown = connect(&servers, &owner).await;
    assert_eq!(shown["consent"]["fault"], Value::Null);
    for what in ["sending", "fetching"] {
        assert_eq!(tried(&owner, what).await, works(), "{what}");
    }
    let reads = || async {
        app.clock.advance(1);
        let shown = owner.get("/api/mail").await.expect(200);
        (shown["fetching"]["fault"].is_null() && shown["fetching"]["at"].is_string()).then_some(())
    };
    until("the mailbox that is read again", reads).await;
}

/// T-152, T-155
#[tokio::test]
async fn a_reply_goes_out_and_its_answer_comes_back_by_oauth() {
    let Some(servers) = MailServers::find() else { return };
    let (app, owner, address) = connected(&servers).await;
    let customer = servers.address("marina", "exemplo.test");
    let site = app.webchat(&owner, None, json!({})).await;
    let ticket = Visitor::ticket_of(&app, &site).await;
    let stranger = app.stranger();
    let left = json!({ "id": client_id(), "name": "Marina", "email": customer, "text": "oi" });
    let request =
        stranger.request(reqwest::Method::POST, "/api/visitor/offline-messages").bearer_auth(ticket).json(&left);
    stranger.send(request).await.expect(201);
    let message = owner.get("/api/offline-messages").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/offline-messages/{message}");
    let read = || async {
        app.clock.advance(1);
        owner.get("/api/mail").await.expect(200)["fetching"]["at"].is_string().then_some(())
    };
    until("the first look at the mailbox", read).await;
    owner.post(&format!("{path}/replies"), json!({ "client_id": client_id(), "text": "olá" })).await.expect(200);
    let mails = servers.mails(&customer, 1).await;
    let id = header_of(&mails[0], "Message-ID").unwrap();
    let answer = format!(
        "From: <{customer}>\nTo: <{address}>\nMessage-ID: <{}@exemplo.test>\nIn-Reply-To: {id}\nSubject: Re\n\nobrigada\n",
        client_id()
    );
    servers.deliver(&customer, &address, &answer).await;
    let came = || async {
        app.clock.advance(31);
        let shown = owner.get(&path).await.expect(200);
        shown["entries"].as_array().unwrap().iter().any(|entry| entry["text"] == "obrigada").then_some(())
    };
    until("the answer", came).await;
    // Without consent a reply is marked, and goes out once somebody has consented anew.
    servers.account(&address, "withdraw").await;
    owner.post(&format!("{path}/replies"), json!({ "client_id": client_id(), "text": "até logo" })).await.expect(200);
    let failed = || async {
        app.clock.advance(1);
        let shown = owner.get(&path).await.expect(200);
        let entries = shown["entries"].as_array().unwrap();
        entries.iter().find(|entry| entry["mail"]["state"] == "failed").cloned()
    };
    let entry = until("the reply that cannot be sent", failed).await;
    assert_eq!(entry["mail"]["fault"], json!("consent_revoked"));
    connect(&servers, &owner).await;
    owner.post(&format!("{path}/replies/{}/retry", entry["id"].as_str().unwrap()), json!({})).await.expect(200);
    servers.mails(&customer, 2).await;
}

#[tokio::test]
async fn a_consent_is_taken_once_from_whoever_asked_for_it_and_in_time() {
    let given = json!({ "access_token": "acesso-secreto", "refresh_token": "renovo-secreto", "token_type": "Bearer", "expires_in": 3_600 });
    let (port, count) = token_server(response("200 OK", &given.to_string())).await;
    let app = App::start().await;
    let owner = app.owner().await;
    assert_eq!(owner.post("/api/mail/consent", json!({})).await.refused(409), "oauth_not_set_up");
    set_up(&owner, settings(port)).await;
    let rui = app.hire(&owner, "Rui", "administrator", json!([])).await;
    let address = begin(&owner).await;
    let asked = query_of(&Url::parse(&address).unwrap());
    assert_eq!((&asked["code_challenge_method"], &asked["response_type"]), (&json!("S256"), &json!("code")));
    assert_eq!(asked["redirect_uri"], json!(app.url("/settings/mail/consent")));
    assert!(!address.contains(SECRET) && !address.contains("segredo"), "{address}");
    let back = json!({ "state": asked["state"], "code": "x" });
    // Another one's, a guessed one.
    assert_eq!(finish(&rui, &back).await.refused(409), "consent_unknown");
    assert_eq!(finish(&owner, &json!({ "state": "x", "code": "x" })).await.refused(409), "consent_unknown");
    // Asked for too long ago.
    app.clock.advance(901);
    assert_eq!(finish(&owner, &back).await.refused(409), "consent_unknown");
    // Asked for with another client than the one that is set up now.
    let state = state_of(&begin(&owner).await);
    let other = json!({ "settings": { "oauth": { "client_id": "outro" } }, "client_secret": SECRET });
    change_mail(&owner, other).await.expect(200);
    assert_eq!(finish(&owner, &json!({ "state": state, "code": "x" })).await.refused(409), "consent_unknown");
    assert_eq!(count.load(Ordering::SeqCst), 0, "a code went to the provider with a state that is not ours");
    let state = state_of(&begin(&owner).await);
    let back = json!({ "state": state, "code": "x" });
    let kept = finish(&owner, &back).await;
    assert!(!kept.text.contains("secreto") && !kept.text.contains("segredo"), "{}", kept.text);
    assert!(kept.expect(200)["consent"]["given_at"].is_string());
    // Once.
    assert_eq!(finish(&owner, &back).await.refused(409), "consent_unknown");
    assert_eq!(count.load(Ordering::SeqCst), 1);
    for path in ["/api/mail", "/api/session"] {
        let text = owner.get(path).await.text;
        assert!(!text.contains("secreto") && !text.contains("segredo"), "{path}");
    }
}

#[tokio::test]
async fn secrets_belong_to_the_client_they_were_given_for() {
    let given = json!({ "access_token": "a", "refresh_token": "r", "token_type": "bearer" });
    let (port, _count) = token_server(response("200 OK", &given.to_string())).await;
    let app = App::start().await;
    let owner = app.owner().await;
    let mut google = settings(port);
    google["oauth"]["provider"] = json!("google");
    set_up(&owner, google).await;
    for other in [json!({ "client_id": "outro" }), json!({ "provider": "microsoft" })] {
        let change = json!({ "settings": { "oauth": other } });
        assert_eq!(change_mail(&owner, change.clone()).await.fields(), ["client_secret:required"]);
        assert_eq!(owner.post("/api/mail/test-sending", change).await.fields(), ["client_secret:required"]);
    }
    assert!(begin(&owner).await.starts_with("https://accounts.google.com/o/oauth2/v2/auth?response_type=code&"));
    set_up(&owner, json!({ "oauth": { "provider": "microsoft", "tenant": "loja.test" } })).await;
    let address = begin(&owner).await;
    assert!(address.starts_with("https://login.microsoftonline.com/loja.test/oauth2/v2.0/authorize?"), "{address}");
    assert!(address.contains("offline_access"), "{address}");
    // A consent goes with what it was given for, and can be given up.
    set_up(&owner, json!({ "oauth": { "provider": "other" } })).await;
    let connect = || async {
        let state = state_of(&begin(&owner).await);
        finish(&owner, &json!({ "state": state, "code": "x" })).await.expect(200)
    };
    assert!(connect().await["consent"]["given_at"].is_string());
    let moved =
        change_mail(&owner, json!({ "settings": { "oauth": { "user": "outra@loja.test" } } })).await.expect(200);
    assert_eq!(moved["consent"]["given_at"], Value::Null);
    let back =
        change_mail(&owner, json!({ "settings": { "oauth": { "user": "suporte@loja.test" } } })).await.expect(200);
    assert_eq!(back["consent"]["given_at"], Value::Null, "a consent that was let go came back");
    connect().await;
    assert_eq!(owner.delete("/api/mail/consent").await.expect(200)["consent"]["given_at"], Value::Null);
    assert_eq!(tried(&owner, "sending").await["fault"], json!("consent_missing"));
    connect().await;
    let passwords = json!({ "settings": { "login": "password", "smtp": { "user": "" }, "imap": { "user": "ana" } }, "imap_password": "x" });
    let plain = change_mail(&owner, passwords).await.expect(200);
    assert_eq!((&plain["has_client_secret"], &plain["consent"]["given_at"]), (&json!(false), &Value::Null));
}

#[tokio::test]
async fn what_is_missing_or_wrong_about_oauth_is_named() {
    let app = App::start().await;
    let owner = app.owner().await;
    let empty = json!({ "settings": { "login": "oauth2" } });
    assert_eq!(
        change_mail(&owner, empty).await.fields(),
        ["settings.oauth.client_id:required", "settings.oauth.user:required", "client_secret:required"]
    );
    let other = |authorization: &str, token: &str| {
        json!({ "settings": { "login": "oauth2", "oauth": { "provider": "other", "client_id": "x", "user": "a@loja.test",
            "authorization_url": authorization, "token_url": token } } })
    };
    assert_eq!(
        change_mail(&owner, other("", "")).await.fields(),
        ["settings.oauth.authorization_url:required", "settings.oauth.token_url:required"]
    );
    assert_eq!(
        change_mail(&owner, other("javascript:alert(1)", "https://ana:x@id.loja.test/")).await.fields(),
        ["settings.oauth.authorization_url:address_invalid", "settings.oauth.token_url:address_invalid"]
    );
    assert_eq!(
        change_mail(&owner, other("http://id.loja.test/a", "http://10.0.0.1/token")).await.fields(),
        ["settings.oauth.authorization_url:address_unprotected", "settings.oauth.token_url:address_unprotected"]
    );
    let tenant = json!({ "settings": { "oauth": { "tenant": "../common" } } });
    assert_eq!(change_mail(&owner, tenant).await.fields(), ["settings.oauth.tenant:tenant_invalid"]);
    change_mail(&owner, other("https://id.loja.test/a", "http://localhost:1/token")).await.expect(200);
}

#[tokio::test]
async fn what_the_provider_answers_is_told_at_the_field_that_can_mend_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (target, reached) = token_server(response("200 OK", "{}")).await;
    let moved = format!(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{target}/token\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    );
    let oauth = |status: &str, error: &str| response(status, &json!({ "error": error }).to_string());
    let at_server = "settings.oauth.token_url:token_server_refused";
    for (what, answer, expected) in [
        ("a secret that is not known", oauth("401 Unauthorized", "invalid_client"), "client_secret:client_refused"),
        ("a fault of ours", oauth("400 Bad Request", "invalid_request"), at_server),
        ("a page", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nolá".to_owned(), at_server),
        (
            "a token that would break out",
            response("200 OK", "{\"access_token\":\"a\\u0001b\",\"token_type\":\"Bearer\"}"),
            at_server,
        ),
        ("far too much", response("200 OK", &"x".repeat(100_000)), at_server),
        ("somewhere else", moved, at_server),
        ("an outage", response("503 Service Unavailable", ""), "settings.oauth.token_url:token_server_unreachable"),
        ("nothing", String::new(), "settings.oauth.token_url:token_server_unreachable"),
    ] {
        let (port, _count) = token_server(answer).await;
        set_up(&owner, settings(port)).await;
        let state = state_of(&begin(&owner).await);
        let told = finish(&owner, &json!({ "state": state, "code": "x" })).await;
        assert!(!told.text.contains(SECRET), "{what}");
        assert_eq!(told.fields(), [expected], "{what}");
    }
    assert_eq!(reached.load(Ordering::SeqCst), 0, "a redirect was followed");
    for (answer, expected) in [
        (oauth("400 Bad Request", "invalid_grant"), "consent_unknown"),
        (response("200 OK", "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}"), "consent_too_short"),
    ] {
        let (port, _count) = token_server(answer).await;
        set_up(&owner, settings(port)).await;
        let state = state_of(&begin(&owner).await);
        let told = finish(&owner, &json!({ "state": state, "code": "x" })).await;
        assert_eq!(told.refused(409), expected);
    }
}
