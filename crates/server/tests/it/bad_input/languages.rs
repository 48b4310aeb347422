//! Refusals are told in the asked language, and no header breaks the choice.

use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};

use super::{raw, shape};
use crate::support::{App, Visitor, client_id};

/// The sentence of a code in a language, as the file has it.
fn sentence(language: &str, code: &str) -> String {
    let path = format!("{}/../../locales/{language}/error.json", env!("CARGO_MANIFEST_DIR"));
    let texts: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    texts[format!("error.{code}")].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_refusal_and_its_fields_speak_the_asked_language() {
    let app = App::start().await;
    let owner = app.owner().await;
    for (asked, language) in [
        ("pt-BR", "pt-BR"),
        ("en", "en"),
        ("es", "es"),
        ("pt-PT, en;q=0.5", "pt-BR"),
        ("en-GB,en;q=0.9,es;q=0.8", "en"),
        ("fr, es-AR;q=0.7, en;q=0.3", "es"),
        ("ja", "pt-BR"),
    ] {
        let request = owner.request(reqwest::Method::POST, "/api/departments").header(ACCEPT_LANGUAGE, asked);
        let error = owner.send(request.json(&json!({ "name": "" }))).await.expect(422)["error"].clone();
        assert_eq!(error["message"], json!(sentence(language, "validation_failed")), "{asked}");
        assert_eq!(error["fields"][0]["message"], json!(sentence(language, "required")), "{asked}");
        for (path, code) in [("/api/nothing", "not_found"), ("/widgets/nothing", "connection_unavailable")] {
            let request = app.stranger().request(reqwest::Method::GET, path).header(ACCEPT_LANGUAGE, asked);
            let error = owner.send(request).await.expect(404)["error"].clone();
            assert_eq!(error["message"], json!(sentence(language, code)), "{asked}");
        }
    }
}

#[tokio::test]
async fn a_garbage_language_header_gets_the_default_and_breaks_nothing() {
    let app = App::start().await;
    let long = "en-".repeat(10_000).into_bytes();
    let many = "fr,".repeat(10_000).into_bytes();
    let default = sentence("pt-BR", "unauthenticated");
    let garbage: [&[u8]; 14] = [
        b"",
        b" ",
        b",,,;;;",
        b";q=",
        b"*",
        b"*;q=0",
        b"en;q=nan",
        b"en;q=-1",
        b"en;q=0",
        b"-",
        b"\xff\xfe",
        "inglês".as_bytes(),
        &long,
        &many,
    ];
    for header in garbage {
        let answer = raw(&app, "GET /api/agents", &[("Accept-Language", header)]).await;
        assert_eq!(shape(&answer), None);
        let known = [default.clone(), sentence("en", "unauthenticated")];
        let message = answer.body["error"]["message"].as_str().unwrap().to_owned();
        assert!(known.contains(&message), "{:?}: {message}", String::from_utf8_lossy(header));
    }
    let answer = raw(&app, "GET /api/agents", &[("Accept-Language", b"es"), ("Accept-Language", b"en")]).await;
    assert_eq!(shape(&answer), None);
}

#[tokio::test]
async fn a_visitor_is_refused_in_the_language_of_the_greeting() {
    let app = App::start().await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    // One that is not ours changes nothing.
    for (asked, language) in [("pt-BR", "pt-BR"), ("en", "en"), ("fr", "en"), ("es-AR", "es")] {
        let hello =
            json!({ "t": "hello", "ticket": visitor.ticket, "conversation": null, "since": 0, "language": asked });
        visitor.socket.send(hello).await;
        visitor.socket.next("welcome").await;
        visitor.socket.send(json!({ "t": "send", "id": client_id(), "text": "" })).await;
        let refused = visitor.socket.next("refused").await;
        assert_eq!(refused["message"], json!(sentence(language, "validation_failed")));
        assert_eq!(refused["fields"][0]["message"], json!(sentence(language, "required")));
    }
}
