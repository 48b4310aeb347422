//! Conversations as PDF: what a reader of such files finds in them.

use std::process::Command;

use futures_util::FutureExt;
use reqwest::{Method, header};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{App, Client, Visitor, client_id};

/// What `pdftotext` and `pdfinfo` (poppler-utils) read in a file.
pub struct Read {
    pub text: String,
    info: String,
}

fn poppler(program: &str, arguments: &[&str], file: &std::path::Path) -> String {
    let output = Command::new(program).args(arguments).arg(file).args((program == "pdftotext").then_some("-")).output();
    let output =
        output.unwrap_or_else(|error| panic!("{program}: {error}; scripts/setup.sh test installs poppler-utils"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

pub async fn pdf(client: &Client, conversation: &str, query: &str) -> (header::HeaderMap, Read) {
    let path = format!("/api/conversations/{conversation}/transcript.pdf{query}");
    let answer = client.request(Method::GET, &path).header("accept-language", "en").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    let bytes = answer.bytes().await.unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("transcript.pdf");
    std::fs::write(&file, &bytes).unwrap();
    if let Ok(kept) = std::env::var("BALCAO_TEST_KEEP_PDF") {
        std::fs::copy(&file, kept).unwrap();
    }
    let read = Read { text: poppler("pdftotext", &["-enc", "UTF-8"], &file), info: poppler("pdfinfo", &[], &file) };
    (headers, read)
}

async fn note(client: &Client, conversation: &str, text: &str) {
    let form = json!({ "client_id": client_id(), "kind": "note", "text": text });
    client.post(&format!("/api/conversations/{conversation}/messages"), form).await.expect(201);
}

async fn desk() -> (App, Client, Value) {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    (app, owner, site)
}

/// Making one takes a core: who asks for many at once has one made at a time, and others are served in between.
#[tokio::test]
async fn one_person_cannot_keep_the_makers_busy() {
    let (app, owner, site) = desk().await;
    let conversation = Visitor::arrive(&app, &site).await.open("Oi").await;
    let bruno = app.hire(&owner, "Bruno", "administrator", json!([])).await;
    let path = format!("/api/conversations/{conversation}/transcript.pdf");
    let asked = async |who: &Client| who.request(Method::GET, &path).send().await.unwrap();
    let own: uuid::Uuid = bruno.id().await.parse().unwrap();
    let makers = &app.desk.pdf_makers;
    let at_it = makers.place(own).await.unwrap();
    let mut waiting = [Box::pin(makers.place(own)), Box::pin(makers.place(own))];
    assert!(waiting.iter_mut().all(|next| next.as_mut().now_or_never().is_none()));
    let refused = asked(&bruno).await;
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (429, "5"));
    assert!(refused.text().await.unwrap().contains("too_many_requests"));
    assert_eq!(asked(&owner).await.status(), 200, "the other place is for others");
    drop((at_it, waiting));
    assert_eq!(asked(&bruno).await.status(), 200);
}

///
#[tokio::test]
async fn a_conversation_is_kept_as_a_pdf_with_its_protocol_names_times_and_texts() {
    let (app, owner, site) = desk().await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("Olá! Preciso da 2ª via do boleto, não achei: ção ñ € ß Ω Ж").await;
    owner.act(&conversation, "take").await.expect(200);
    note(&owner, &conversation, "Cliente está em atraso").await;
    owner.reply(&conversation, "Bom dia.\nEnvio já.").await.expect(201);
    owner.act(&conversation, "close").await.expect(200);
    let protocol = owner.conversation(&conversation).await["conversation"]["protocol"].as_str().unwrap().to_owned();

    let (headers, read) = pdf(&owner, &conversation, "").await;
    assert_eq!(headers["content-type"], "application/pdf");
    assert_eq!(headers["content-disposition"], format!("attachment; filename=\"conversa-{protocol}.pdf\""));
    assert_eq!(headers["cache-control"], "no-store");
    // The reader's own language, not the browser's; the company's time (12:00 UTC is 9:00 in São Paulo).
    for wanted in [
        format!("Conversa {protocol}"),
        "Vila Clara".to_owned(),
        "Ana Souza assumiu a conversa".to_owned(),
        "Ana Souza encerrou a conversa".to_owned(),
        "Olá! Preciso da 2ª via do boleto, não achei: ção ñ € ß Ω Ж".to_owned(),
        "Envio já.".to_owned(),
        "20/11/2026".to_owned(),
        "09:00".to_owned(),
        "página 1 de 1".to_owned(),
    ] {
        assert!(read.text.contains(&wanted), "{wanted} is missing:\n{}", read.text);
    }
    assert!(!read.text.contains("atraso") && !read.text.contains("nota interna"), "a note got out:\n{}", read.text);
    assert!(read.info.contains(&format!("Conversa {protocol}")), "{}", read.info);

    let (_, with_notes) = pdf(&owner, &conversation, "?notes=true").await;
    assert!(with_notes.text.contains("Cliente está em atraso") && with_notes.text.contains("nota interna"));
    owner.patch("/api/me", json!({ "language": "en" })).await.expect(200);
    owner.patch("/api/workspace", json!({ "time_zone": "Asia/Tokyo" })).await.expect(200);
    let (headers, read) = pdf(&owner, &conversation, "").await;
    assert!(read.text.contains("2026-11-20 21:00") && read.text.contains("Ana Souza closed the conversation"));
    assert!(headers["content-disposition"].to_str().unwrap().contains("conversation-"));
    owner.get(&format!("/api/conversations/{conversation}/transcript.pdf?notes=maybe")).await.fields();
}

/// X-031, P-042
#[tokio::test]
async fn what_was_undone_at_once_stands_only_in_the_companys_own_copy() {
    let (app, owner, site) = desk().await;
    let conversation = Visitor::arrive(&app, &site).await.open("Oi").await;
    owner.act(&conversation, "take").await.expect(200);
    owner.act(&conversation, "return").await.expect(200);
    owner.act(&conversation, "take_back").await.expect(200);
    owner.act(&conversation, "close").await.expect(200);
    let reopen = format!("/api/conversations/{conversation}/reopen");
    owner.post(&reopen, json!({ "restore": true })).await.expect(200);
    owner.act(&conversation, "close").await.expect(200);
    app.clock.advance(61);
    owner.post(&reopen, json!({})).await.expect(200);
    let label = owner.post("/api/labels", json!({ "name": "Segunda via", "colour": "green" })).await.expect(201);
    let put_on = format!("/api/conversations/{conversation}/labels/{}", label["id"].as_str().unwrap());
    owner.put(&put_on, json!({})).await.expect(200);

    let undone = ["devolveu a conversa", "retomou a conversa"];
    let (_, outside) = pdf(&owner, &conversation, "").await;
    let (_, own) = pdf(&owner, &conversation, "?notes=true").await;
    for said in undone {
        assert!(!outside.text.contains(said), "{said}:\n{}", outside.text);
        assert!(own.text.contains(said), "{said}:\n{}", own.text);
    }
    // What was reopened later did happen.
    let count = |read: &Read, said: &str| read.text.matches(said).count();
    assert_eq!((count(&outside, "encerrou"), count(&outside, "reabriu")), (1, 1), "{}", outside.text);
    assert_eq!((count(&own, "encerrou"), count(&own, "reabriu")), (2, 2), "{}", own.text);
    assert!(outside.text.contains("Etiquetas: Segunda via"), "{}", outside.text);
}

#[tokio::test]
async fn hostile_and_foreign_texts_are_printed_and_break_nothing() {
    let (app, owner, site) = desk().await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation =
        visitor.open("endstream endobj %%EOF ) Tj <script>alert(1)</script> \\0 {page} {protocol}").await;
    for text in [
        "👩\u{200d}💻 oi 你好 🇧🇷",
        "שלום עולם",
        "مرحبا hello 123",
        "\u{202e}gpj.exe",
        &"semespaco".repeat(1_000),
        &"linha\n".repeat(1_500),
        &"e\u{301}".repeat(2_000),
    ] {
        visitor.say(text).await;
    }
    let (_, read) = pdf(&owner, &conversation, "").await;
    assert!(read.text.contains("<script>alert(1)</script>") && read.text.contains("{page}"), "{}", read.text);
    assert!(read.text.contains("hello 123") && read.text.contains("oi"));
    assert!(read.text.contains("שלום") || read.text.contains("םולש"), "Hebrew is not there");
}

/// As long as conversations get: read in pages, made beside the requests.
#[tokio::test]
async fn ten_thousand_messages_become_a_document_while_others_are_served() {
    let (app, owner, site) = desk().await;
    let conversation = Visitor::arrive(&app, &site).await.open("início").await;
    // The table grows by copies of itself: what is tested is the reading.
    let database = app.config.store().connect().await.unwrap();
    let fresh = if app.sqlite_file().is_some() { "randomblob(16)" } else { "gen_random_uuid()" };
    let mut count = 1;
    while count < 10_000 {
        let sql = format!(
            "INSERT INTO messages (workspace_id, conversation_id, position, seq, kind, author_kind, author_id, author_name, client_id, text, at) \
             SELECT workspace_id, conversation_id, position + {count}, NULL, kind, author_kind, author_id, author_name, {fresh}, \
             'Mensagem número ' || (position + {count}) || ': está tudo bem?', at FROM messages WHERE position <= {}",
            10_000 - count
        );
        database.execute_unprepared(&sql).await.unwrap();
        count = (count * 2).min(10_000);
    }
    let (made, served) = tokio::join!(pdf(&owner, &conversation, ""), async {
        let mut served = 0;
        while served < 20 {
            owner.get("/api/departments").await.expect(200);
            served += 1;
        }
        served
    });
    assert_eq!(served, 20);
    for wanted in ["início", "Mensagem número 5000:", "Mensagem número 10000:"] {
        assert!(made.1.text.contains(wanted), "{wanted} is missing");
    }
    let pages = made.1.info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().to_owned();
    assert!(made.1.text.contains(&format!("página {pages} de {pages}")));
}
