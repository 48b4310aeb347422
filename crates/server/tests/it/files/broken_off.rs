//! Uploads that break off: by the sender, by the program, between any two steps.

use image::ImageFormat;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

use super::{Talk, stored_files};
use crate::support::{Client, Sender, client_id, fetch, noise, picture, until};

/// Begins a piece of so many bytes and sends only some of them.
async fn half_a_piece(talk: &Talk, id: &str, length: usize, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(talk.app.address).await.unwrap();
    let head = format!(
        "PATCH /api/files/{id} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nContent-Type: application/octet-stream\r\n\
         Upload-Offset: 0\r\nContent-Length: {length}\r\n\r\n",
        talk.app.address,
        talk.owner.cookie()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

#[tokio::test]
async fn a_piece_that_was_broken_off_was_never_there() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    let bytes = noise(200_000);
    let begun = agent.begin("a.dat", "file", bytes.len()).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    let stream = half_a_piece(&talk, id, bytes.len(), &noise(150_000)[1..]).await;
    // What came is on the disk, and counts for nothing.
    until("the half piece", || async { (stored_files(&talk.app) == 1).then_some(()) }).await;
    drop(stream);
    assert_eq!(agent.show(id).await.expect(200)["received"], 0);
    agent.piece(id, 0, &bytes[..100]).await.expect(200);
    let stored = agent.piece(id, 100, &bytes[100..]).await.expect(200);
    assert_eq!(fetch(&talk.app, &stored["file"]["url"], &[]).await.bytes, bytes);
}

#[tokio::test]
async fn who_comes_back_does_not_wait_for_the_connection_that_hangs() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    let bytes = noise(10_000);
    let begun = agent.begin("a.dat", "file", bytes.len()).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    let mut hanging = half_a_piece(&talk, id, bytes.len(), &bytes[..10]).await;
    until("the half piece", || async { (stored_files(&talk.app) == 1).then_some(()) }).await;
    let stored = agent.piece(id, 0, &bytes).await.expect(200);
    assert_eq!(stored["state"], "stored");
    let mut answer = [0; 12];
    hanging.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 429");
    assert_eq!(fetch(&talk.app, &stored["file"]["url"], &[]).await.bytes, bytes);
}

#[tokio::test]
async fn a_stranger_does_not_disturb_a_piece_that_is_coming_in() {
    let talk = Talk::begin().await;
    let department = talk.owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = talk.app.hire(&talk.owner, "Bruno", "agent", json!([{ "id": department }])).await;
    let bytes = noise(10_000);
    let begun = talk.agent().begin("a.dat", "file", bytes.len()).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    let mut coming = half_a_piece(&talk, id, bytes.len(), &bytes[..10]).await;
    until("the half piece", || async { (stored_files(&talk.app) == 1).then_some(()) }).await;
    assert_eq!(Sender::agent(&bruno).piece(id, 0, &bytes).await.refused(404), "not_found");
    assert_eq!(Sender::agent(&bruno).discard(id).await.refused(404), "not_found");
    coming.write_all(&bytes[10..]).await.unwrap();
    let mut answer = [0; 12];
    coming.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[tokio::test]
async fn an_upload_goes_on_after_the_program_was_started_anew() {
    let mut talk = Talk::begin().await;
    let bytes = noise(9_000);
    let form = json!({ "client_id": client_id(), "name": "a.dat", "size": bytes.len(), "kind": "file" });
    let begun = talk.agent().begin_with(&form).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    talk.agent().piece(id, 0, &bytes[..5_000]).await.expect(200);
    talk.app.restart().await;
    let owner = talk.owner.at(&talk.app);
    let agent = Sender::agent(&owner);
    assert_eq!(agent.begin_with(&form).await.expect(200)["received"], 5_000);
    let stored = agent.piece(id, 5_000, &bytes[5_000..]).await.expect(200);
    let sent = agent.message(&talk.conversation, "reply", "", &stored["id"]).await.expect(201);
    assert_eq!(fetch(&talk.app, &sent["file"]["url"], &[]).await.bytes, bytes);
}

/// What the program does with the bytes of a piece, without counting it: as if it were killed then.
async fn killed_after_the_bytes(talk: &Talk, id: Uuid, offset: u64, bytes: &[u8]) {
    let mut incoming = talk.app.desk.blobs.receive(id, offset).await.unwrap();
    incoming.write(bytes).await.unwrap();
    incoming.commit().await.unwrap();
}

#[tokio::test]
async fn killed_between_any_two_steps_the_last_piece_is_sent_again_and_the_file_is_whole() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    let bytes = picture(900, 700, ImageFormat::Jpeg);
    let (first, last) = bytes.split_at(bytes.len() / 2);
    let blobs = &talk.app.desk.blobs;
    for stage in ["the bytes", "the whole file", "its preview"] {
        let begun = agent.begin("a.jpg", "image", bytes.len()).await.expect(201);
        let id = begun["id"].as_str().unwrap();
        let key: Uuid = id.parse().unwrap();
        agent.piece(id, 0, first).await.expect(200);
        killed_after_the_bytes(&talk, key, first.len() as u64, last).await;
        if stage != "the bytes" {
            let assembled = blobs.assemble(key, bytes.len() as u64).await.unwrap();
            blobs.keep(key, &assembled).await.unwrap();
        }
        if stage == "its preview" {
            blobs.keep_preview(key, b"half written".to_vec()).await.unwrap();
        }
        let seen = agent.show(id).await.expect(200);
        assert_eq!(
            (&seen["state"], seen["received"].as_u64()),
            (&json!("receiving"), Some(first.len() as u64)),
            "{stage}"
        );
        let stored = agent.piece(id, first.len(), last).await.expect(200);
        assert_eq!(fetch(&talk.app, &stored["file"]["url"], &[]).await.bytes, bytes, "{stage}");
        let preview = fetch(&talk.app, &stored["file"]["preview_url"], &[]).await;
        assert_eq!(image::load_from_memory(&preview.bytes).unwrap().width(), 640, "{stage}");
        agent.discard(id).await.expect(204);
    }
    assert_eq!(stored_files(&talk.app), 0);
}

#[tokio::test]
async fn killed_before_the_message_the_stored_file_waits_for_it() {
    let mut talk = Talk::begin().await;
    let file = talk.agent().upload("a.txt", "file", b"oi").await;
    talk.app.restart().await;
    let owner: Client = talk.owner.at(&talk.app);
    let sent = Sender::agent(&owner).message(&talk.conversation, "reply", "", &file["id"]).await.expect(201);
    assert_eq!(fetch(&talk.app, &sent["file"]["url"], &[]).await.bytes, b"oi");
}

#[tokio::test]
async fn bytes_that_the_disk_has_lost_are_asked_for_from_the_beginning() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    let begun = agent.begin("a.dat", "file", 10).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    agent.piece(id, 0, b"12345").await.expect(200);
    std::fs::remove_dir_all(talk.app.config.files_folder().join("incoming")).unwrap();
    std::fs::create_dir(talk.app.config.files_folder().join("incoming")).unwrap();
    assert_eq!(agent.piece(id, 5, b"67890").await.refused(404), "not_found");
    assert_eq!(agent.show(id).await.refused(404), "not_found");
}
