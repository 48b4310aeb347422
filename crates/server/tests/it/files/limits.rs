//! How large, how many, which kinds.

use serde_json::{Value, json};

use super::Talk;
use crate::support::{App, Sender, Visitor, client_id};

// P-122
#[tokio::test]
async fn the_limit_of_each_kind_is_named_and_a_company_sets_its_own() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    for (kind, limit) in [("image", 10), ("video", 50), ("audio", 16), ("file", 50)] {
        agent.begin("a.dat", kind, limit * 1_000_000).await.expect(201);
        let refused = agent.begin("a.dat", kind, limit * 1_000_000 + 1).await.expect(422);
        let field = &refused["error"]["fields"][0];
        assert_eq!((&field["field"], &field["code"]), (&json!("size"), &json!("file_too_large")));
        assert_eq!(field["params"]["limit_mb"], limit);
        assert!(field["message"].as_str().unwrap().contains(&format!("{limit} MB")), "{field}");
    }
    assert_eq!(agent.begin("a.dat", "file", 0).await.fields(), ["size:file_empty"]);
    let set = |value: Value| talk.owner.patch("/api/workspace", json!({ "files": { "image_mb": value } }));
    let changed = set(json!(1)).await.expect(200);
    assert_eq!((&changed["files"]["image_mb"], &changed["files"]["file_mb"]), (&json!(1), &json!(50)));
    assert_eq!(agent.begin("a.dat", "image", 1_000_001).await.fields(), ["size:file_too_large"]);
    for wrong in [json!(0), json!(201)] {
        assert_eq!(set(wrong).await.fields(), ["files.image_mb:file_limit_invalid"]);
    }
    assert_eq!(set(json!("x")).await.fields(), ["files.image_mb:invalid_value"]);
    assert_eq!(set(Value::Null).await.expect(200)["files"]["image_mb"], 10);
}

// P-126
#[tokio::test]
async fn names_of_programs_and_names_of_nothing_are_refused_at_once() {
    let talk = Talk::begin().await;
    for sender in [talk.agent(), talk.guest()] {
        for name in ["virus.exe", "foto.jpg.SCR", "a/b/c.bat", "x.js", "x.jar", "x.apk", "x.ps1", "x.lnk", "x.exe. "] {
            assert_eq!(sender.begin(name, "file", 5).await.fields(), ["name:file_type_refused"], "{name}");
        }
        for name in ["", "..", "a/", "\u{202e}\u{200b}"] {
            assert_eq!(sender.begin(name, "file", 5).await.fields(), ["name:required"], "{name:?}");
        }
        let all = json!({ "client_id": client_id(), "name": "a.exe", "size": -1, "kind": "file" });
        assert_eq!(sender.begin_with(&all).await.fields(), ["name:file_type_refused", "size:file_empty"]);
        let unknown = json!({ "client_id": client_id(), "name": "a", "size": 1, "kind": "hologram" });
        assert_eq!(sender.begin_with(&unknown).await.fields(), ["kind:invalid_value"]);
    }
}

#[tokio::test]
async fn a_piece_has_its_limits() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    let begun = agent.begin("a.dat", "file", 6_000_000).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    assert_eq!(agent.piece(id, 0, &[]).await.fields(), ["body:required"]);
    assert_eq!(agent.piece(id, 0, &vec![1; 4 * 1024 * 1024 + 1]).await.refused(413), "too_large");
    agent.piece(id, 0, &vec![1; 4 * 1024 * 1024]).await.expect(200);
    let left = 6_000_000 - 4 * 1024 * 1024;
    assert_eq!(agent.piece(id, 4 * 1024 * 1024, &vec![1; left + 1]).await.fields(), ["body:invalid_value"]);
    agent.piece(id, 4 * 1024 * 1024, &vec![1; left]).await.expect(200);
    let path = format!("/api/files/{id}");
    let bare = talk.owner.request(reqwest::Method::PATCH, &path).body("x");
    assert_eq!(talk.owner.send(bare).await.refused(415), "unsupported_media_type");
    let typed = || {
        let request = talk.owner.request(reqwest::Method::PATCH, &path).body("x");
        request.header("content-type", "application/octet-stream")
    };
    assert_eq!(talk.owner.send(typed()).await.fields(), ["Upload-Offset:required"]);
    assert_eq!(talk.owner.send(typed().header("upload-offset", "x")).await.fields(), ["Upload-Offset:invalid_value"]);
    assert_eq!(talk.owner.send(typed().header("upload-offset", "-1")).await.refused(409), "upload_offset");
}

#[tokio::test]
async fn visitors_uploads_are_counted_and_what_waits_for_a_message_is_limited() {
    let limits = [("BALCAO_LIMITS_UPLOADS_PER_HOUR", "4"), ("BALCAO_LIMITS_WAITING_MB_PER_VISITOR", "2")];
    let mut talk = Talk::begin_in(App::start_with(&limits).await).await;
    let guest = talk.guest();
    let begun = guest.begin("a.dat", "file", 1_500_000).await.expect(201);
    let too_much = guest.begin("b.dat", "file", 600_000).await;
    assert!(too_much.headers.contains_key("retry-after"));
    assert_eq!(too_much.refused(429), "too_many_requests");
    guest.discard(begun["id"].as_str().unwrap()).await.expect(204);
    let file = guest.upload("b.txt", "file", b"oi").await;
    assert_eq!(talk.visitor_sends("", &file).await["t"], "ack");
    guest.begin("c.dat", "file", 2_000_000).await.expect(201);
    assert_eq!(guest.begin("d.dat", "file", 1).await.refused(429), "too_many_requests");
    // Agents are not counted.
    for _ in 0..6 {
        talk.agent().begin("a.dat", "file", 50_000_000).await.expect(201);
    }
}

#[tokio::test]
async fn so_many_bytes_an_hour_and_address() {
    let talk = Talk::begin_in(App::start_with(&[("BALCAO_LIMITS_UPLOAD_MB_PER_HOUR", "3")]).await).await;
    talk.guest().begin("a.dat", "file", 2_900_000).await.expect(201);
    assert_eq!(talk.guest().begin("b.dat", "file", 1).await.refused(429), "too_many_requests");
}

#[tokio::test]
async fn visitors_files_may_be_switched_off() {
    let talk = Talk::begin().await;
    let panel = |site: &Value| talk.app.url(&format!("/widgets/{}", site["code"].as_str().unwrap()));
    let page = reqwest::get(panel(&talk.site)).await.unwrap().text().await.unwrap();
    if page.contains("company") {
        assert!(page.contains("\"files\":{\"audio\":16,\"file\":50,\"image\":10,\"video\":50}"), "{page}");
    }
    let site = talk.app.webchat(&talk.owner, None, json!({ "visitor_files": false })).await;
    let visitor = Visitor::arrive(&talk.app, &site).await;
    let guest = Sender::visitor(&talk.app, &visitor);
    assert_eq!(guest.begin("a.txt", "file", 3).await.refused(403), "forbidden");
    assert_eq!(guest.show(&client_id()).await.refused(403), "forbidden");
}
