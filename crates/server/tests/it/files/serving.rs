//! Files under their addresses: ranges, caches, headers, and addresses that have run out.

use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};

use super::Talk;
use crate::support::{fetch, fetch_as, noise, picture, recording};

#[tokio::test]
async fn a_file_is_answered_in_ranges_and_is_not_sent_twice() {
    let talk = Talk::begin().await;
    let bytes = recording(2_000);
    let file = talk.agent().upload("voz.mp3", "audio", &bytes).await;
    let url = &file["url"];
    let whole = fetch(&talk.app, url, &[("accept-encoding", "gzip, br")]).await;
    assert_eq!((whole.status.as_u16(), whole.header("content-type")), (200, "audio/mpeg"));
    assert_eq!((whole.header("accept-ranges"), whole.header("content-encoding")), ("bytes", ""));
    assert_eq!(whole.header("content-length"), bytes.len().to_string());
    assert!(whole.header("cache-control").starts_with("private, max-age="), "{}", whole.header("cache-control"));
    assert_eq!(whole.bytes, bytes);
    for (range, expected) in [("bytes=0-1", 0..2), ("bytes=100000-", 100_000..192_000), ("bytes=-5", 191_995..192_000)]
    {
        let part = fetch(&talk.app, url, &[("range", range)]).await;
        assert_eq!(part.status, 206, "{range}");
        let said = format!("bytes {}-{}/192000", expected.start, expected.end - 1);
        assert_eq!(part.header("content-range"), said);
        assert_eq!(part.bytes, bytes[expected]);
    }
    let behind = fetch(&talk.app, url, &[("range", "bytes=192000-")]).await;
    assert_eq!((behind.status.as_u16(), behind.header("content-range")), (416, "bytes */192000"));
    let tag = whole.header("etag");
    let known = fetch(&talk.app, url, &[("if-none-match", tag)]).await;
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
    let stale = fetch(&talk.app, url, &[("range", "bytes=0-1"), ("if-range", "\"another\"")]).await;
    assert_eq!((stale.status.as_u16(), stale.bytes.len()), (200, 192_000));
    let current = fetch(&talk.app, url, &[("range", "bytes=0-1"), ("if-range", tag)]).await;
    assert_eq!(current.status, 206);
    let head = fetch_as(&talk.app, Method::HEAD, url, &[]).await;
    assert_eq!((head.status.as_u16(), head.header("content-length"), head.bytes.len()), (200, "192000", 0));
}

// P-126
#[tokio::test]
async fn what_a_browser_might_run_is_only_ever_downloaded() {
    let talk = Talk::begin().await;
    let script = b"<html><script>alert(document.cookie)</script>".as_slice();
    let vector = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".as_slice();
    let archive = b"PK\x03\x04 with a program.exe inside".as_slice();
    for (name, bytes) in
        [("pagina.html", script), ("desenho.svg", vector), ("dados.xml", script), ("tudo.zip", archive)]
    {
        let file = talk.agent().upload(name, "file", bytes).await;
        for address in ["url", "download_url"] {
            let answer = fetch(&talk.app, &file[address], &[]).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), "application/octet-stream", "{name}");
            let named = format!("attachment; filename=\"{name}\"; filename*=UTF-8''{name}");
            assert_eq!(answer.header("content-disposition"), named);
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(answer.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
            assert_eq!(answer.bytes, bytes);
        }
    }
    // A picture is shown in place by one address and saved by the other; what hides behind it stays a picture.
    let polyglot = [picture(4, 4, ImageFormat::Gif), script.to_vec()].concat();
    let file = talk.agent().upload("festa \u{202e}fig.gif", "image", &polyglot).await;
    let shown = fetch(&talk.app, &file["url"], &[]).await;
    assert_eq!((shown.header("content-type"), shown.header("content-disposition")), ("image/gif", ""));
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    let saved = fetch(&talk.app, &file["download_url"], &[]).await;
    assert_eq!(saved.header("content-type"), "application/octet-stream");
    assert!(saved.header("content-disposition").ends_with("filename*=UTF-8''festa%20fig.gif"));
}

#[tokio::test]
async fn an_address_runs_out_and_a_fresh_one_is_asked_for() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    let bytes = noise(100);
    let file = agent.upload("a.dat", "file", &bytes).await;
    agent.message(&talk.conversation, "reply", "", &file["id"]).await.expect(201);
    talk.app.clock.advance(1_799);
    assert_eq!(fetch(&talk.app, &file["url"], &[]).await.bytes, bytes);
    talk.app.clock.advance(1_801);
    assert_eq!(fetch(&talk.app, &file["url"], &[]).await.status, 404);
    let id = file["id"].as_str().unwrap();
    let fresh = talk.owner.get(&format!("/api/conversations/{}/files/{id}", talk.conversation)).await.expect(200);
    assert_eq!(fetch(&talk.app, &fresh["url"], &[]).await.bytes, bytes);
    // Within its half hour an address stays the same, so that a browser keeps what it has.
    let again = talk.owner.get(&format!("/api/conversations/{}/files/{id}", talk.conversation)).await.expect(200);
    assert_eq!(fresh["url"], again["url"]);
}

#[tokio::test]
async fn an_altered_address_is_not_found_and_tells_nothing() {
    let talk = Talk::begin().await;
    let file = talk.agent().upload("a.txt", "file", b"oi").await;
    let url = file["url"].as_str().unwrap();
    let signed = url.split('/').nth(2).unwrap();
    let (content, signature) = signed.split_once('.').unwrap();
    let flipped =
        |text: &str| if text.starts_with('A') { text.replacen('A', "B", 1) } else { format!("A{}", &text[1..]) };
    let ticket = talk.visitor.ticket.split_once('.').unwrap();
    for wrong in [
        format!("{content}.{}", flipped(signature)),
        format!("f~{}.{signature}", flipped(&content[2..])),
        content.to_owned(),
        format!("{content}."),
        format!("{}.{}", ticket.0, ticket.1),
        format!("f~{}.{}", ticket.0, ticket.1),
        "x".repeat(5_000),
        "%00".to_owned(),
        "..%2f..%2fbalcao.db".to_owned(),
    ] {
        let answer = fetch(&talk.app, &json!(format!("/files/{wrong}/a.txt")), &[]).await;
        assert_eq!(answer.status, 404, "{wrong}");
        let body: Value = serde_json::from_slice(&answer.bytes).unwrap();
        assert_eq!(body["error"]["code"], "not_found");
    }
    // The name at the end is for people.
    let renamed = fetch(&talk.app, &json!(format!("/files/{signed}/outro.html")), &[]).await;
    assert!(renamed.header("content-disposition").contains("a.txt"));
}
