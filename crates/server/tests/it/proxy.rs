//! The program behind a real nginx, configured with what the documentation says: HTTPS, sockets, and whose address counts.

use std::{
    fs,
    net::{IpAddr, SocketAddr},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rustls::pki_types::ServerName;
use serde_json::json;
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::support::{App, Socket, Visitor, certificates::Authority, until};

/// A visitor's address that is not the proxy's.
const SOMEBODY: &str = "127.0.0.2";
const SOMEBODY_ELSE: &str = "127.0.0.3";
const AROUND: &str = "127.0.0.4";

/// nginx, ended with the test.
struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers go with it; a process that has ended already is what is wanted.
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

/// None only where somebody said that these tests are not wanted; a missing nginx fails.
fn program() -> Option<&'static str> {
    if std::env::var("BALCAO_TEST_WITHOUT_NGINX").is_ok() {
        return None;
    }
    let found = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"].into_iter();
    let found = found.into_iter().find(|path| Path::new(path).exists());
    Some(found.expect("nginx is not installed: scripts/setup.sh test, or BALCAO_TEST_WITHOUT_NGINX=1 to go without"))
}

/// The block of a language in a page of the documentation.
fn block(page: &str, language: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations").join(page);
    let text = fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once(&format!("```{language}\n")).expect("the page has no such block");
    rest.split_once("```").unwrap().0.to_owned()
}

/// The page's configuration with this machine's ports and files in the place of the example's.
fn configuration(page: &str, authority: &Authority, proxy: SocketAddr, app: SocketAddr) -> String {
    let pair = authority.write(2030);
    let mut text = block(page, "nginx");
    let mut replace = |from: &str, to: String| {
        assert!(text.contains(from), "{page} no longer says {from:?}");
        text = text.replace(from, &to);
    };
    replace("listen 443 ssl", format!("listen {proxy} ssl"));
    replace("http://127.0.0.1:8080", format!("http://{app}"));
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.split_whitespace().next() {
            Some("ssl_certificate") => format!("ssl_certificate {};", pair.certificate.display()),
            Some("ssl_certificate_key") => format!("ssl_certificate_key {};", pair.key.display()),
            _ => line.to_owned(),
        })
        .collect();
    let folder = authority.folder.path().display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {folder}/{name};"))
        .join("\n");
    format!(
        "daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n\
         events {{ worker_connections 256; }}\nhttp {{\naccess_log off;\n{temporary}\n{}\n}}\n",
        lines.join("\n")
    )
}

fn free() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The program, published by nginx as a page of the documentation says.
async fn published(nginx: &str, page: &str, authority: &Authority) -> (App, Nginx) {
    let proxy = free();
    let trusted = "trusted = [\"127.0.0.1\"]";
    assert!(block(page, "toml").contains(trusted), "{page} no longer says {trusted}");
    let public_url = format!("https://{proxy}");
    let variables = [
        ("BALCAO_PUBLIC_URL", public_url.as_str()),
        ("BALCAO_PROXIES_TRUSTED", "127.0.0.1"),
        ("BALCAO_LIMITS_LOGINS_PER_MINUTE", "2"),
        ("BALCAO_LIMITS_SOCKETS_PER_ADDRESS", "2"),
    ];
    let mut app = App::start_with(&variables).await;
    app.trusted = Some(authority.trusted());
    let folder = authority.folder.path();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let file = folder.join("nginx.conf");
    fs::write(&file, configuration(page, authority, proxy, app.address)).unwrap();
    let started = Command::new(nginx)
        .args(["-p".as_ref(), folder.as_os_str(), "-c".as_ref(), file.as_os_str()])
        .arg("-e")
        .arg(folder.join("error.log"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let nginx = Nginx(started);
    let log = || fs::read_to_string(folder.join("error.log")).unwrap_or_default();
    until(&format!("nginx ({})", log()), || async { TcpStream::connect(proxy).await.ok() }).await;
    (app, nginx)
}

/// An encrypted connection from an address of one's own.
async fn wire(app: &App, authority: &Authority, from: &str) -> TlsStream<TcpStream> {
    let proxy: SocketAddr = app.config.public_url.trim_start_matches("https://").parse().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(from.parse().unwrap(), 0)).unwrap();
    let stream = socket.connect(proxy).await.unwrap();
    // Browsers offer HTTP/2; a socket is HTTP/1.
    let mut client = (*authority.client()).clone();
    client.alpn_protocols = vec![b"http/1.1".to_vec()];
    let connector = TlsConnector::from(std::sync::Arc::new(client));
    connector.connect(ServerName::try_from("127.0.0.1").unwrap(), stream).await.unwrap()
}

/// A wrong login from an address, saying that it comes from another one.
async fn wrong_login(app: &App, base: &str, from: &str, forwarded: &str) -> u16 {
    let http = reqwest::Client::builder().no_proxy().local_address(from.parse::<IpAddr>().unwrap());
    let http = http.tls_certs_only(app.trusted.clone()).build().unwrap();
    let answer = http
        .post(format!("{base}/api/session"))
        .header("origin", app.url(""))
        .header("x-forwarded-for", forwarded)
        .json(&json!({ "email": "ana@vilaclara.com.br", "password": "wrong password" }))
        .send()
        .await
        .unwrap();
    answer.status().as_u16()
}

async fn visitor_socket(app: &App, authority: &Authority, from: &str) -> Option<Socket> {
    let address = app.url("/api/visitor/socket").replacen("https", "wss", 1);
    let wire = wire(app, authority, from).await;
    Socket::open_over(Box::new(wire), &address, None, Some(&app.url(""))).await.ok()
}

/// Everything that both pages promise.
async fn hold(page: &str) {
    let Some(nginx) = program() else { return };
    let authority = Authority::new();
    let (app, _nginx) = published(nginx, page, &authority).await;
    let owner = app.owner().await;
    let session = owner.get("/api/session").await;
    assert_eq!(session.headers["strict-transport-security"], "max-age=31536000");
    assert!(owner.cookie().contains("__Host-balcao_session="));
    owner.get("/metrics").await.expect(404);
    owner.go("online").await;

    // Sockets: a visitor writes, the agent hears of it.
    let address = app.url("/api/socket").replacen("https", "wss", 1);
    let agent = wire(&app, &authority, "127.0.0.1").await;
    let mut agent =
        Socket::open_over(Box::new(agent), &address, Some(&owner.cookie()), Some(&app.url(""))).await.unwrap();
    agent.send(json!({ "t": "hello", "since": null })).await;
    agent.next("snapshot").await;
    let site = app.webchat(&owner, None, json!({})).await;
    let base = app.url("");
    let ticket = Visitor::ticket_of(&app, &site).await;
    let mut visitor = visitor_socket(&app, &authority, SOMEBODY).await.expect("the socket did not open");
    visitor.send(json!({ "t": "hello", "ticket": ticket, "conversation": null, "since": 0 })).await;
    visitor.next("welcome").await;
    visitor.send(json!({ "t": "send", "id": crate::support::client_id(), "text": "Olá" })).await;
    visitor.next("ack").await;
    agent.event("conversation_opened").await;

    // Through the proxy the visitor's own address counts, whatever was written before it.
    for (number, expected) in [401, 401, 429, 429].into_iter().enumerate() {
        let spoofed = format!("203.0.113.{number}");
        assert_eq!(wrong_login(&app, &base, SOMEBODY, &spoofed).await, expected, "{spoofed}");
    }
    assert_eq!(wrong_login(&app, &base, SOMEBODY_ELSE, SOMEBODY).await, 401, "somebody else shares the limit");
    // Around it the header means nothing.
    let direct = format!("http://{}", app.address);
    for (number, expected) in [401, 401, 429].into_iter().enumerate() {
        let spoofed = format!("203.0.113.{number}");
        assert_eq!(wrong_login(&app, &direct, AROUND, &spoofed).await, expected, "around: {spoofed}");
    }
    let _second = visitor_socket(&app, &authority, SOMEBODY).await.expect("the second socket did not open");
    assert!(visitor_socket(&app, &authority, SOMEBODY).await.is_none(), "a third socket of one address");
    assert!(visitor_socket(&app, &authority, SOMEBODY_ELSE).await.is_some(), "somebody else's socket");
}

/// X-030
#[tokio::test]
async fn behind_nginx_as_documented_everything_works_and_each_visitor_counts_alone() {
    hold("reverse-proxy.md").await;
}

#[tokio::test]
async fn behind_nginx_as_documented_in_portuguese_everything_works_too() {
    hold("pt-BR/reverse-proxy.md").await;
}
