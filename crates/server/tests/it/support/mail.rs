//! The mail servers that scripts/servers.sh starts: a real Postfix and a real Dovecot. Where they are not there, the tests that need them have
//! nothing to test.

use std::{collections::HashMap, fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{Method, Url, header, redirect::Policy};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use uuid::Uuid;

use super::{Answer, Client, until};

/// Where the servers are.
pub struct MailServers {
    ports: HashMap<String, String>,
}

impl MailServers {
    /// The servers, where the script has started some.
    pub fn find() -> Option<Self> {
        let told = std::env::var("BALCAO_TEST_MAIL").ok()?;
        let pairs = told.split_whitespace().filter_map(|pair| pair.split_once('='));
        Some(Self { ports: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() })
    }

    pub fn port(&self, name: &str) -> u16 {
        self.ports[name].parse().unwrap()
    }

    /// An address that no other test has.
    pub fn address(&self, name: &str, domain: &str) -> String {
        format!("{name}-{}@{domain}", Uuid::new_v4().simple())
    }

    /// Settings that send through them, and fetch from the mailbox of the address.
    pub fn settings(&self, address: &str) -> Value {
        json!({
            "from_address": address,
            "smtp": { "host": "localhost", "port": self.port("smtp"), "security": "starttls", "user": address },
            "imap": { "host": "localhost", "port": self.port("imaps"), "security": "tls", "user": address },
        })
    }

    /// Sets a company's mail up with them.
    pub async fn set_up(&self, owner: &Client, address: &str) {
        let form =
            json!({ "settings": self.settings(address), "smtp_password": "segredo", "imap_password": "segredo" });
        change_mail(owner, form).await.expect(200);
    }

    /// Settings that log in to them by OAuth2, at the authorization server beside them.
    pub fn oauth_settings(&self, address: &str) -> Value {
        let issuer = format!("http://127.0.0.1:{}", self.port("oauth"));
        let mut settings = self.settings(address);
        settings["login"] = json!("oauth2");
        settings["oauth"] = json!({
            "provider": "other", "client_id": "balcao", "user": address, "scope": "mail",
            "authorization_url": format!("{issuer}/authorize"), "token_url": format!("{issuer}/token"),
        });
        settings
    }

    /// Consents at the address as somebody does in their browser, and answers what it brings back: the state and the code.
    pub async fn consent(&self, address: &str) -> Value {
        let browser = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        let page = browser.get(address).send().await.unwrap();
        assert!(page.status().is_success(), "{}", page.text().await.unwrap());
        let page = page.text().await.unwrap();
        let value = |name: &str| {
            let begin = format!("name=\"{name}\" value=\"");
            page.split_once(&begin).unwrap().1.split('"').next().unwrap().to_owned()
        };
        let form = written(&[("request", &value("request")), ("user", &value("user")), ("answer", "allow")]);
        let answer = self.ask_issuer("/consent", form).await;
        let back = Url::parse(answer.headers()[header::LOCATION].to_str().unwrap()).unwrap();
        query_of(&back)
    }

    /// What somebody sees of their consents, after having done something: `withdraw` them or `end_access` given by them.
    pub async fn account(&self, user: &str, what: &str) -> Value {
        let answer = self.ask_issuer("/account", written(&[("user", user), ("do", what)])).await;
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    async fn ask_issuer(&self, path: &str, form: String) -> reqwest::Response {
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        client.post(format!("http://127.0.0.1:{}{path}", self.port("oauth"))).body(form).send().await.unwrap()
    }

    /// The mails in somebody's mailbox, in the order of their arrival, once there are so many.
    pub async fn mails(&self, address: &str, count: usize) -> Vec<String> {
        let folder = PathBuf::from(&self.ports["mail"]).join(address).join("Maildir");
        until(&format!("{count} mails for {address}"), || async {
            let mut found = Vec::new();
            for part in ["new", "cur"] {
                for entry in fs::read_dir(folder.join(part)).into_iter().flatten().flatten() {
                    let at = entry.metadata().unwrap().modified().unwrap();
                    found.push((at, fs::read_to_string(entry.path()).unwrap()));
                }
            }
            found.sort();
            (found.len() >= count).then(|| found.into_iter().map(|(_, text)| text).collect())
        })
        .await
    }

    /// Sends a mail as somebody outside would: to a recipient of theirs, without logging in.
    pub async fn deliver(&self, from: &str, to: &str, mail: &str) {
        let stream = TcpStream::connect(("127.0.0.1", self.port("smtp"))).await.unwrap();
        let mut stream = BufReader::new(stream);
        answered(&mut stream, "220").await;
        for (line, expected) in [
            ("EHLO casa.exemplo.test".to_owned(), "250"),
            (format!("MAIL FROM:<{from}>"), "250"),
            (format!("RCPT TO:<{to}>"), "250"),
            ("DATA".to_owned(), "354"),
        ] {
            stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
            answered(&mut stream, expected).await;
        }
        let body = mail.replace("\r\n", "\n").replace('\n', "\r\n").replace("\r\n.", "\r\n..");
        stream.write_all(format!("{body}\r\n.\r\nQUIT\r\n").as_bytes()).await.unwrap();
        answered(&mut stream, "250").await;
    }
}

/// As forms are written.
fn written(fields: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://localhost/").unwrap();
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap().to_owned()
}

/// What an address says behind its question mark.
pub fn query_of(address: &Url) -> Value {
    address
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

async fn answered(stream: &mut BufReader<TcpStream>, expected: &str) {
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        assert!(line.starts_with(expected), "{line}");
        if line.as_bytes().get(3) == Some(&b' ') {
            return;
        }
    }
}

/// Changes how a company's mail is set up.
pub async fn change_mail(owner: &Client, form: Value) -> Answer {
    let version = owner.get("/api/mail").await.expect(200)["version"].clone();
    let request = owner.request(Method::PATCH, "/api/mail").header(header::IF_MATCH, format!("\"{version}\""));
    owner.send(request.json(&form)).await
}

/// A header of a mail, unfolded.
pub fn header_of(mail: &str, name: &str) -> Option<String> {
    let head = mail.replace("\r\n", "\n").split("\n\n").next().unwrap().replace("\n ", " ").replace("\n\t", " ");
    let prefix = format!("{}: ", name.to_lowercase());
    let found = head.lines().find(|line| line.to_lowercase().starts_with(&prefix))?;
    Some(found[prefix.len()..].to_owned())
}

/// What a mail of one part says, as it was written.
pub fn text_of(mail: &str) -> String {
    let coding = header_of(mail, "Content-Transfer-Encoding").unwrap_or_default();
    let mail = mail.replace("\r\n", "\n");
    let (_, body) = mail.split_once("\n\n").expect("a body");
    match coding.as_str() {
        "base64" => String::from_utf8(STANDARD.decode(body.replace('\n', "")).unwrap()).unwrap(),
        "quoted-printable" => {
            let mut bytes = Vec::new();
            let folded = body.replace("=\n", "");
            let mut rest = folded.as_bytes();
            while let [first, after @ ..] = rest {
                if let (b'=', [high, low, after @ ..]) = (first, after) {
                    let pair = String::from_utf8(vec![*high, *low]).unwrap();
                    bytes.push(u8::from_str_radix(&pair, 16).unwrap());
                    rest = after;
                } else {
                    bytes.push(*first);
                    rest = after;
                }
            }
            String::from_utf8(bytes).unwrap()
        }
        _ => body.to_owned(),
    }
}

/// The files that came with a mail: the head of each part, and its bytes.
pub fn attached_to(mail: &str) -> Vec<(String, Vec<u8>)> {
    let mail = mail.replace("\r\n", "\n");
    let boundary = header_of(&mail, "Content-Type").unwrap().split_once("boundary=\"").unwrap().1.to_owned();
    let boundary = format!("\n--{}", boundary.split('"').next().unwrap());
    let parts = mail.split(&boundary).filter_map(|part| part.trim_start().split_once("\n\n"));
    parts
        .filter(|(head, _)| head.contains("Content-Disposition: attachment"))
        .map(|(head, body)| (head.to_owned(), STANDARD.decode(body.replace('\n', "")).unwrap()))
        .collect()
}
