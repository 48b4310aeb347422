//! How a company's mail is set up: what is kept, what is never told, and what a test of it says.

use std::sync::Arc;

use reqwest::Method;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::support::{
    App, Client,
    certificates::Authority,
    mail::{MailServers, change_mail},
};

fn settings() -> Value {
    json!({
        "from_name": "Loja", "from_address": "suporte@loja.test",
        "smtp": { "host": "127.0.0.1", "port": 1, "security": "none", "user": "ana" },
        "imap": { "host": "127.0.0.1", "port": 1, "security": "none", "user": "ana", "folder": "INBOX" },
    })
}

#[tokio::test]
async fn passwords_are_kept_and_never_told() {
    let app = App::start().await;
    let owner = app.owner().await;
    let form = json!({ "settings": settings(), "smtp_password": "segredo-smtp", "imap_password": "segredo-imap" });
    let saved = change_mail(&owner, form.clone()).await;
    assert!(!saved.text.contains("segredo"), "{}", saved.text);
    let body = saved.expect(200);
    assert_eq!((&body["has_smtp_password"], &body["has_imap_password"]), (&json!(true), &json!(true)));
    assert_eq!(body["settings"]["smtp"]["port"], json!(1));
    // Another name leaves the passwords; another server, port, encryption or user does not get them.
    let renamed = change_mail(&owner, json!({ "settings": { "from_name": "Vila" } })).await;
    assert!(!renamed.text.contains("segredo"));
    assert_eq!(renamed.expect(200)["has_smtp_password"], json!(true));
    for other in [
        json!({ "host": "outro.test" }),
        json!({ "user": "rui" }),
        json!({ "port": 2 }),
        json!({ "security": "starttls" }),
    ] {
        let moved = json!({ "settings": { "smtp": other, "imap": other } });
        assert_eq!(
            change_mail(&owner, moved.clone()).await.fields(),
            ["smtp_password:required", "imap_password:required"]
        );
        let tried = owner.post("/api/mail/test-sending", moved).await;
        assert_eq!(tried.fields(), ["smtp_password:required", "imap_password:required"]);
    }
    // Nor do events, the company or its page.
    for path in ["/api/mail", "/api/session"] {
        assert!(!owner.get(path).await.text.contains("segredo"), "{path}");
    }
}

#[tokio::test]
async fn of_two_who_save_at_once_the_second_is_told() {
    let app = App::start().await;
    let owner = app.owner().await;
    let save = |version: Option<&'static str>, name: &'static str| {
        let owner = owner.clone();
        async move {
            let mut request =
                owner.request(Method::PATCH, "/api/mail").json(&json!({ "settings": { "from_name": name } }));
            if let Some(version) = version {
                request = request.header("if-match", version);
            }
            owner.send(request).await
        }
    };
    assert_eq!(save(None, "A").await.refused(428), "precondition_required");
    let (one, other) = tokio::join!(save(Some("\"0\""), "A"), save(Some("\"0\""), "B"));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 412]);
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let app = App::start().await;
    let owner = app.owner().await;
    let wrong = json!({ "settings": {
        "from_address": "suporte", "from_name": "a\nb",
        "smtp": { "host": "smtp://x y", "port": 0, "user": "" },
        "imap": { "host": "mail.loja.test", "user": "", "folder": "Não" },
    } });
    assert_eq!(
        change_mail(&owner, wrong).await.fields(),
        [
            "settings.smtp.host:host_invalid",
            "settings.imap.folder:invalid_character",
            "settings.smtp.port:invalid_value",
            "settings.from_address:email_invalid",
            "settings.imap.user:required",
            "settings.from_name:invalid_character",
            "imap_password:required",
        ]
    );
    let nothing = change_mail(&owner, json!({ "settings": { "smtp": { "host": "mail.loja.test" } } })).await;
    assert_eq!(nothing.fields(), ["settings.from_address:required"]);
    assert_eq!(owner.get("/api/mail").await.expect(200)["version"], json!(0));
    assert_eq!(owner.post("/api/mail/test-sending", json!({})).await.fields(), ["settings.smtp.host:required"]);
    assert_eq!(owner.post("/api/mail/test-fetching", json!({})).await.fields(), ["settings.imap.host:required"]);
}

/// What a test with these changes says.
async fn tried(owner: &Client, what: &str, change: Value) -> Value {
    let mut form = json!({ "settings": settings(), "smtp_password": "segredo", "imap_password": "segredo" });
    let server = if what == "sending" { "smtp" } else { "imap" };
    for (name, value) in change.as_object().unwrap() {
        form["settings"][server][name] = value.clone();
    }
    if let Some(password) = change.get("password") {
        form[format!("{server}_password")] = password.clone();
        form["settings"][server].as_object_mut().unwrap().remove("password");
    }
    owner.post(&format!("/api/mail/test-{what}"), form).await.expect(200)
}

/// A server that says this to whoever connects, answers each line with that, and encrypts from the beginning where it has a certificate.
async fn server(greeting: &'static str, answer: &'static str, tls: Option<TlsAcceptor>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Some(tls) = &tls {
                let _ = tls.accept(stream).await;
                continue;
            }
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            let _ = stream.write_all(greeting.as_bytes()).await;
            while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                let _ = stream.write_all(answer.as_bytes()).await;
                line.clear();
            }
        }
    });
    port
}

#[tokio::test]
async fn a_test_says_at_which_step_it_fails() {
    let app = App::start().await;
    let owner = app.owner().await;
    let authority = Authority::new();
    let (certificate, key) = authority.issue(2030);
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let untrusted = server("", "", Some(TlsAcceptor::from(Arc::new(config)))).await;
    let plain = server("220 oi\r\n", "250 oi\r\n", None).await;
    for what in ["sending", "fetching"] {
        for (change, fault) in [
            (json!({ "host": "ninguem.invalid" }), "host_unknown"),
            (json!({ "port": 1 }), "unreachable"),
            (json!({ "port": untrusted, "security": "tls" }), "certificate_invalid"),
            (json!({ "port": plain, "security": "tls" }), "tls_failed"),
        ] {
            let said = tried(&owner, what, change.clone()).await;
            assert_eq!((&said["works"], &said["fault"]), (&json!(false), &json!(fault)), "{what} {change} {said}");
        }
    }
    let said = tried(&owner, "sending", json!({ "port": plain, "security": "starttls" })).await;
    assert_eq!(said["fault"], json!("starttls_missing"));
    let said = tried(&owner, "sending", json!({ "port": plain })).await;
    assert_eq!(said["fault"], json!("login_unsupported"));
    let said = tried(&owner, "sending", json!({ "port": server("bom dia\r\n", "", None).await })).await;
    assert_eq!(said["fault"], json!("protocol_broken"));
    let said = tried(&owner, "fetching", json!({ "port": server("bom dia\r\n", "", None).await })).await;
    assert_eq!(said["fault"], json!("protocol_broken"), "{said}");
}

#[tokio::test]
async fn real_servers_are_reached_in_each_way_and_their_refusals_told() {
    let Some(servers) = MailServers::find() else { return };
    let app = App::start().await;
    let owner = app.owner().await;
    let user = servers.address("suporte", "loja.test");
    let works = json!({ "works": true, "fault": null, "detail": "" });
    for (port, security) in [("smtp", "starttls"), ("smtps", "tls")] {
        let change = json!({ "host": "localhost", "port": servers.port(port), "security": security, "user": user });
        assert_eq!(tried(&owner, "sending", change).await, works, "{security}");
    }
    for (port, security) in [("imap", "none"), ("imap", "starttls"), ("imaps", "tls")] {
        let change = json!({ "host": "localhost", "port": servers.port(port), "security": security, "user": user });
        assert_eq!(tried(&owner, "fetching", change).await, works, "{security}");
    }
    let smtp = |password: &str| json!({ "host": "localhost", "port": servers.port("smtps"), "security": "tls", "user": user, "password": password });
    let said = tried(&owner, "sending", smtp("errada")).await;
    assert_eq!(said["fault"], json!("login_refused"));
    assert!(said["detail"].as_str().unwrap().starts_with("535"), "{said}");
    let imap = json!({ "host": "localhost", "port": servers.port("imaps"), "security": "tls", "user": user, "password": "errada" });
    assert_eq!(tried(&owner, "fetching", imap.clone()).await["fault"], json!("login_refused"));
    let mut elsewhere = imap;
    elsewhere["password"] = json!("segredo");
    elsewhere["folder"] = json!("Nada");
    assert_eq!(tried(&owner, "fetching", elsewhere).await["fault"], json!("folder_unknown"));
    // It offers no login before the connection is encrypted.
    let plain = json!({ "host": "localhost", "port": servers.port("smtp"), "security": "none", "user": user });
    assert_eq!(tried(&owner, "sending", plain).await["fault"], json!("login_unsupported"));
}
