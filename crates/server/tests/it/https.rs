//! HTTPS spoken by the program itself: real handshakes, sockets, renewal while it runs, and the redirect from plain HTTP.

use std::{fs, os::unix::fs::symlink, process::Stdio};

use balcao_platform::Config;
use balcao_server::tls::Certificate;
use rustls::pki_types::ServerName;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::support::{
    App, Socket,
    certificates::{Authority, variables},
    until,
};

/// A program with a certificate of an authority's, and whoever trusts it.
async fn start(authority: &Authority, more: &[(&str, &str)]) -> App {
    let pair = variables(&authority.write(2030));
    let mut all: Vec<(&str, &str)> = pair.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.push(("BALCAO_LIMITS_ENABLED", "false"));
    all.extend_from_slice(more);
    let mut app = App::start_with(&all).await;
    app.trusted = Some(authority.trusted());
    app
}

async fn connect(app: &App, authority: &Authority) -> std::io::Result<TlsStream<TcpStream>> {
    let connector = TlsConnector::from(authority.client());
    let stream = TcpStream::connect(app.address).await?;
    connector.connect(ServerName::try_from("localhost").unwrap(), stream).await
}

/// The certificate that a new connection is shown.
async fn shown(app: &App, authority: &Authority) -> Vec<u8> {
    let stream = connect(app, authority).await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

///
#[tokio::test]
async fn people_and_sockets_are_served_over_https_by_the_program_itself() {
    let authority = Authority::new();
    let app = start(&authority, &[]).await;
    let owner = app.owner().await;
    let answer = owner.get("/api/session").await;
    assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000");
    assert!(owner.cookie().contains("__Host-balcao_session="), "{}", owner.cookie());
    owner.go("online").await;

    let stream = connect(&app, &authority).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let address = app.url("/api/socket").replacen("https", "wss", 1);
    let mut socket =
        Socket::open_over(Box::new(stream), &address, Some(&owner.cookie()), Some(&app.url(""))).await.unwrap();
    socket.send(json!({ "t": "hello", "since": null })).await;
    socket.next("welcome").await;
    socket.next("snapshot").await;
    let department = app.department(&owner, "Financeiro").await;
    let event = socket.event("department_added").await;
    assert_eq!(event["event"]["department"]["id"], department.as_str());

    // Whoever does not know the authority is not fooled into an unsafe connection, and plain HTTP gets no answer.
    assert!(connect(&app, &Authority::new()).await.is_err());
    let mut plain = TcpStream::connect(app.address).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut answered = Vec::new();
    let _reset = plain.read_to_end(&mut answered).await;
    assert!(!answered.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answered));
}

/// As certbot and Kubernetes do it: the files are links, and what they point to changes.
#[tokio::test]
async fn a_renewed_certificate_is_taken_up_while_connections_stay() {
    let authority = Authority::new();
    let folder = authority.folder.path();
    let generation = |name: &str| {
        let (certificate, key) = authority.issue(2031);
        fs::create_dir(folder.join(name)).unwrap();
        fs::write(folder.join(name).join("certificate.pem"), certificate).unwrap();
        fs::write(folder.join(name).join("key.pem"), key).unwrap();
    };
    let point = |name: &str| {
        symlink(folder.join(name), folder.join("next")).unwrap();
        fs::rename(folder.join("next"), folder.join("live")).unwrap();
    };
    for name in ["one", "two"] {
        generation(name);
    }
    point("one");
    let place = |file: &str| folder.join("live").join(file).display().to_string();
    let (certificate, key) = (place("certificate.pem"), place("key.pem"));
    let app = start(&authority, &[("BALCAO_TLS_CERTIFICATE", &certificate), ("BALCAO_TLS_KEY", &key)]).await;
    let first = shown(&app, &authority).await;
    let owner = app.owner().await;

    point("two");
    until("the new certificate", || async { (shown(&app, &authority).await != first).then_some(()) }).await;
    owner.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn a_pair_that_cannot_be_used_is_refused_at_the_start_with_its_key() {
    let authority = Authority::new();
    balcao_server::serve::choose_tls_provider();
    let mut tls = authority.write(2030);
    assert_eq!(Certificate::read(&tls).unwrap().expires_at.0, 1_893_456_000_000_000);
    let (_, other_key) = authority.issue(2030);
    let other = authority.folder.path().join("other.pem");
    fs::write(&other, other_key).unwrap();
    let right = std::mem::replace(&mut tls.key, other.clone());
    assert!(Certificate::read(&tls).unwrap_err().starts_with("tls.key: "));
    // Not one word of what a key file holds is told.
    fs::write(&other, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n").unwrap();
    let fault = Certificate::read(&tls).unwrap_err();
    assert!(fault.starts_with("tls.key: ") && !fault.contains("c2VjcmV0"), "{fault}");
    tls.key = right;
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        fs::write(&tls.certificate, text).unwrap();
        assert!(Certificate::read(&tls).unwrap_err().starts_with("tls.certificate: "), "{text}");
    }
    tls.certificate = "nowhere.pem".into();
    assert!(Certificate::read(&tls).unwrap_err().starts_with("tls.certificate: nowhere.pem "));
}

///
#[tokio::test]
async fn plain_http_is_sent_to_the_public_address_whatever_host_was_asked_for() {
    let authority = Authority::new();
    let app = start(&authority, &[("BALCAO_TLS_REDIRECT_LISTEN", "127.0.0.1:0")]).await;
    let address = app.redirect.expect("no second listener");
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for (path, place) in [
        ("/", "/"),
        ("/conversations?list=queue", "/conversations?list=queue"),
        ("//evil.example/x", "//evil.example/x"),
    ] {
        let asked = http.get(format!("http://{address}{path}")).header("host", "evil.example");
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), 308, "{path}");
        assert_eq!(answer.headers()["location"].to_str().unwrap(), app.url(place), "{path}");
        // A browser that came by plain HTTP is told nothing it must not believe there (RFC 6797, 7.2).
        assert!(!answer.headers().contains_key("strict-transport-security"));
    }
}

/// The program itself, told to read its certificate anew: a broken pair leaves the one before in force, and says so.
#[tokio::test]
async fn a_hangup_reads_the_certificate_and_a_broken_one_ends_nothing() {
    let authority = Authority::new();
    let pair = authority.write(2030);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let log = authority.folder.path().join("log");
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_balcao"))
        .env_clear()
        .envs(variables(&pair))
        .env("BALCAO_DATA", authority.folder.path().join("data"))
        .env("BALCAO_LISTEN", free.to_string())
        .current_dir(authority.folder.path())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let connector = TlsConnector::from(authority.client());
    let serial = || async {
        let stream = TcpStream::connect(free).await.ok()?;
        let stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.ok()?;
        Some(stream.get_ref().1.peer_certificates().unwrap()[0].to_vec())
    };
    let hang_up = |id: u32| {
        let told = std::process::Command::new("kill").args(["-HUP", &id.to_string()]).status().unwrap();
        assert!(told.success());
    };
    let first = until("the program", &serial).await;

    fs::write(&pair.key, authority.issue(2030).1).unwrap();
    hang_up(program.id());
    let told = || fs::read_to_string(&log).unwrap();
    until("the complaint", || async { told().contains("the one before stays in force").then_some(()) }).await;
    assert!(told().contains("tls.key: "), "{}", told());
    assert_eq!(serial().await, Some(first.clone()));

    authority.write(2031);
    hang_up(program.id());
    until("the new certificate", || async { serial().await.filter(|shown| *shown != first) }).await;
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([authority.trusted()]).build().unwrap();
    let figures = http.get(format!("https://{free}/metrics")).send().await.unwrap().text().await.unwrap();
    // 2031-01-01.
    for line in ["balcao_tls_certificate_expires_seconds 1924992000", "balcao_tls_certificate_unusable 0"] {
        assert!(figures.contains(line), "{line} is missing:\n{figures}");
    }

    authority.write(2020);
    hang_up(program.id());
    until("the warning", || async { told().contains("the certificate has run out").then_some(()) }).await;
    assert!(program.try_wait().unwrap().is_none(), "the program has ended");
    program.kill().unwrap();
    program.wait().unwrap();
}

/// A wrong configuration is told before anything is made.
#[tokio::test]
async fn the_program_does_not_start_with_half_a_certificate() {
    let authority = Authority::new();
    let pair = authority.write(2030);
    fs::write(&pair.key, "").unwrap();
    let data = authority.folder.path().join("data");
    let mut all: Vec<(String, String)> =
        variables(&pair).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    all.push(("BALCAO_DATA".to_owned(), data.display().to_string()));
    let config = Config::from_parts("", all.into_iter()).unwrap();
    let clock = balcao_platform::Clock::system();
    let fault = balcao_server::serve::open(&config, clock).await.err().expect("it has started");
    assert!(fault.starts_with("tls.key: "), "{fault}");
    assert!(!data.exists());
}
