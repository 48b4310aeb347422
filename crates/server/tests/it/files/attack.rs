//! What somebody with bad intentions would try.

use image::ImageFormat;
use serde_json::{Value, json};

use super::{Talk, stored_files};
use crate::support::{Sender, Visitor, client_id, fetch, noise, picture};

// P-121, P-126
#[tokio::test]
async fn what_is_not_of_its_kind_is_refused_and_nothing_of_it_stays() {
    let talk = Talk::begin().await;
    let page = b"<html><script>alert(1)</script>".as_slice();
    let mut windows = b"MZ\x90\0".to_vec();
    windows.resize(400, 0);
    let png = picture(20, 20, ImageFormat::Png);
    for sender in [talk.agent(), talk.guest()] {
        for (name, kind, bytes, code) in [
            ("foto.png", "image", page, "file_type_mismatch"),
            ("foto.svg", "image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type_mismatch"),
            ("foto.png", "image", &png[..60], "file_type_mismatch"),
            ("filme.mp4", "video", &png, "file_type_mismatch"),
            ("voz.mp3", "audio", b"ID3\x04\0\0\0\0\0\0<script>", "file_type_mismatch"),
            ("foto.png", "image", &windows, "file_type_refused"),
            ("nota.txt", "file", &windows, "file_type_refused"),
            ("nota.txt", "file", b"\x7fELF\x02\x01\x01", "file_type_refused"),
            ("nota.txt", "file", b"#!/bin/sh\nrm -rf /", "file_type_refused"),
        ] {
            assert_eq!(sender.try_upload(name, kind, bytes).await.fields(), [format!("file:{code}")], "{name}");
        }
    }
    assert_eq!(stored_files(&talk.app), 0);
    let begun = talk.agent().begin("a.png", "image", page.len()).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    talk.agent().piece(id, 0, page).await.expect(422);
    assert_eq!(talk.agent().show(id).await.refused(404), "not_found");
}

#[tokio::test]
async fn a_picture_of_fifty_thousand_by_fifty_thousand_is_refused_without_being_drawn() {
    let talk = Talk::begin().await;
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\x06\0\0\0".to_vec();
    let crc = bomb[12..29].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    });
    bomb.extend((!crc).to_be_bytes());
    bomb.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    let refused = talk.guest().try_upload("foto.png", "image", &bomb).await;
    assert_eq!(refused.fields(), ["file:picture_too_large"]);
    // As an ordinary file it is only bytes.
    talk.guest().upload("foto.png", "file", &bomb).await;
}

#[tokio::test]
async fn other_peoples_files_are_not_there() {
    let mut talk = Talk::begin().await;
    let department = talk.owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = talk.app.hire(&talk.owner, "Bruno", "agent", json!([{ "id": department }])).await;
    let other = Visitor::arrive(&talk.app, &talk.site).await;
    let strangers = [Sender::agent(&bruno), Sender::visitor(&talk.app, &other)];
    let of_agent = talk.agent().upload("a.txt", "file", b"oi").await;
    let of_visitor = talk.guest().upload("b.txt", "file", b"oi").await;
    let begun = talk.agent().begin("c.txt", "file", 4).await.expect(201);
    for file in [&of_agent["id"], &of_visitor["id"], &begun["id"]] {
        let id = file.as_str().unwrap();
        for stranger in &strangers {
            assert_eq!(stranger.show(id).await.refused(404), "not_found");
            assert_eq!(stranger.piece(id, 0, b"abcd").await.refused(404), "not_found");
            assert_eq!(stranger.discard(id).await.refused(404), "not_found");
        }
        // Nor can they be put into a message by somebody else, or by whoever is the other side.
        let taken = Sender::agent(&bruno).message(&talk.conversation, "note", "", file).await;
        assert_eq!(taken.fields(), ["file:file_unknown"]);
    }
    for file in [&of_agent, &begun, &json!({ "id": client_id() })] {
        let refused = talk.visitor_sends("", file).await;
        assert_eq!((&refused["t"], &refused["fields"][0]["code"]), (&json!("refused"), &json!("file_unknown")));
    }
    assert_eq!(
        talk.agent().message(&talk.conversation, "reply", "", &of_visitor["id"]).await.fields(),
        ["file:file_unknown"]
    );
    // A refused message has taken nothing: what was refused can still be sent by its owner.
    assert_eq!(talk.visitor_sends("", &of_visitor).await["t"], "ack");
    assert_eq!(
        Sender::visitor(&talk.app, &other).link(of_visitor["id"].as_str().unwrap()).await.refused(404),
        "not_found"
    );
}

#[tokio::test]
async fn a_notes_file_never_reaches_the_visitor() {
    let mut talk = Talk::begin().await;
    let agent = talk.agent();
    let file = agent.upload("interno.txt", "file", b"margem: 40%").await;
    let note = agent.message(&talk.conversation, "note", "só entre nós", &file["id"]).await.expect(201);
    assert_eq!((&note["kind"], &note["seq"], &note["file"]["id"]), (&json!("note"), &Value::Null, &file["id"]));
    let frames = talk.visitor.socket.drain().await;
    let id = file["id"].as_str().unwrap();
    assert!(frames.iter().all(|frame| !frame.to_string().contains(id)), "{frames:?}");
    let back = Visitor::return_with(&talk.app, &talk.site, Some(&talk.visitor.key)).await;
    assert!(!back.welcome.to_string().contains(id));
    assert_eq!(talk.guest().link(id).await.refused(404), "not_found");
    assert_eq!(talk.guest().show(id).await.refused(404), "not_found");
    // A note does not take a conversation from the queue, and may be added to a closed one.
    talk.owner.act(&talk.conversation, "close").await.expect(200);
    let second = agent.upload("depois.txt", "file", b"x").await;
    agent.message(&talk.conversation, "note", "", &second["id"]).await.expect(201);
    assert_eq!(talk.owner.conversation(&talk.conversation).await["conversation"]["state"], "closed");
}

#[tokio::test]
async fn of_two_messages_that_want_one_file_at_once_exactly_one_gets_it() {
    let mut talk = Talk::begin().await;
    let mut other = Visitor::arrive(&talk.app, &talk.site).await;
    let second = other.open("Olá").await;
    talk.owner.act(&second, "take").await.expect(200);
    let agent = talk.agent();
    for round in 0..5 {
        let file = agent.upload(&format!("{round}.txt"), "file", b"oi").await;
        let (one, two) = tokio::join!(
            agent.message(&talk.conversation, "reply", "", &file["id"]),
            agent.message(&second, "reply", "", &file["id"]),
        );
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422]);
    }
    // The same for two tabs of a visitor, whose messages are different ones.
    let mut tab = Visitor::return_with(&talk.app, &talk.site, Some(&talk.visitor.key)).await;
    let file = talk.guest().upload("a.txt", "file", b"oi").await;
    let frame = || json!({ "t": "send", "id": client_id(), "text": "", "file": file["id"] });
    talk.visitor.socket.send(frame()).await;
    tab.socket.send(frame()).await;
    let is_answer = |frame: &Value| frame["t"] == "ack" || frame["t"] == "refused";
    let answers = [
        talk.visitor.socket.find("an answer", is_answer).await["t"].clone(),
        tab.socket.find("an answer", is_answer).await["t"].clone(),
    ];
    assert!(answers.contains(&json!("ack")) && answers.contains(&json!("refused")), "{answers:?}");
}

#[tokio::test]
async fn names_go_nowhere_but_onto_the_screen() {
    let talk = Talk::begin().await;
    for name in [
        "../../../etc/passwd",
        "..\\..\\windows\\win.ini",
        "/abs/olute",
        "a\nb\r\nX-Evil: 1",
        "nul%00.txt",
        "🎉\u{202e}.txt",
    ] {
        let bytes = noise(10);
        let file = talk.agent().upload(name, "file", &bytes).await;
        let shown = file["name"].as_str().unwrap();
        assert!(!shown.contains(['/', '\\', '\n', '\r', '\u{202e}']), "{shown:?}");
        let answer = fetch(&talk.app, &file["url"], &[]).await;
        assert_eq!(answer.bytes, bytes, "{name}");
        assert!(answer.headers.get("x-evil").is_none());
    }
    // Everything lies where ids say, below the folder for files.
    assert_eq!(stored_files(&talk.app), 6);
}
