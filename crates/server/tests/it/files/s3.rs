//! The same with a bucket: a real S3 server (`s3s-fs`) that checks every signature, in this process on a loopback port.

use std::path::Path;

use hyper_util::rt::TokioIo;
use image::ImageFormat;
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use serde_json::json;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

use super::Talk;
use crate::support::{App, Sender, fetch, noise, picture};

const KEY: &str = "balcao-key";
const SECRET: &str = "balcao-secret";

/// A storage with one bucket, `arquivos`.
struct Storage {
    folder: TempDir,
    address: std::net::SocketAddr,
    served: JoinHandle<()>,
}

impl Storage {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("arquivos")).unwrap();
        let (address, served) = serve(folder.path(), "127.0.0.1:0").await;
        Self { folder, address, served }
    }

    /// Takes it away: nobody listens any more, and open connections are cut.
    async fn stop(&mut self) {
        self.served.abort();
        let _ = (&mut self.served).await;
    }

    /// Brings it back where it was.
    async fn again(&mut self) {
        let address = self.address.to_string();
        (_, self.served) = serve(self.folder.path(), &address).await;
    }

    fn variables(&self, secret: &str, prefix: &str) -> Vec<(&'static str, String)> {
        vec![
            ("BALCAO_LIMITS_ENABLED", "false".to_owned()),
            ("BALCAO_STORAGE_S3_BUCKET", "arquivos".to_owned()),
            ("BALCAO_STORAGE_S3_ENDPOINT", format!("http://{}", self.address)),
            ("BALCAO_STORAGE_S3_ACCESS_KEY", KEY.to_owned()),
            ("BALCAO_STORAGE_S3_SECRET_KEY", secret.to_owned()),
            ("BALCAO_STORAGE_S3_PREFIX", prefix.to_owned()),
        ]
    }

    async fn app(&self, secret: &str, prefix: &str) -> App {
        let variables = self.variables(secret, prefix);
        let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        App::start_with(&variables).await
    }

    /// The names of the objects below a place.
    fn objects(&self, place: &str) -> Vec<String> {
        fn walk(folder: &Path, found: &mut Vec<String>) {
            let Ok(entries) = std::fs::read_dir(folder) else { return };
            for entry in entries.map(Result::unwrap) {
                let name = entry.file_name().into_string().unwrap();
                if entry.path().is_dir() {
                    walk(&entry.path(), found);
                } else if !name.starts_with('.') {
                    found.push(name);
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.folder.path().join("arquivos").join(place.trim_start_matches('/')), &mut found);
        found
    }
}

async fn serve(folder: &Path, address: &str) -> (std::net::SocketAddr, JoinHandle<()>) {
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = builder.build();
    let listener = TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let mut connections = tokio::task::JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = service.clone();
            connections.spawn(async move {
                let _ =
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    (address, served)
}

#[tokio::test]
async fn files_go_through_a_bucket_and_come_back_in_ranges() {
    let storage = Storage::start().await;
    for prefix in ["", "empresa/balcao"] {
        let mut talk = Talk::begin_in(storage.app(SECRET, prefix).await).await;
        let agent = talk.agent();
        // Larger than one part of a multipart upload, and no multiple of one.
        let bytes = noise(20_000_001);
        let large = agent.upload("grande.dat", "file", &bytes).await;
        let sent = agent.message(&talk.conversation, "reply", "", &large["id"]).await.expect(201);
        let whole = fetch(&talk.app, &sent["file"]["url"], &[]).await;
        assert!(whole.bytes == bytes, "{} bytes came back", whole.bytes.len());
        let part = fetch(&talk.app, &sent["file"]["url"], &[("range", "bytes=8388600-8388620")]).await;
        assert_eq!((part.status.as_u16(), part.bytes.as_slice()), (206, &bytes[8_388_600..8_388_621]));
        let png = picture(900, 600, ImageFormat::Png);
        let shown = talk.guest().upload("foto.png", "image", &png).await;
        assert_eq!(talk.visitor_sends("", &shown).await["t"], "ack");
        assert_eq!(fetch(&talk.app, &shown["url"], &[]).await.bytes, png);
        let preview = fetch(&talk.app, &shown["preview_url"], &[("range", "bytes=0-1")]).await;
        assert_eq!(preview.bytes, [0xff, 0xd8]);
        let loose = agent.upload("a.txt", "file", b"oi").await;
        agent.discard(loose["id"].as_str().unwrap()).await.expect(204);
        // Two files and a preview; the pieces are gone, here and there.
        assert_eq!(storage.objects(&format!("{prefix}/files")).len(), 3, "{:?}", storage.objects(""));
        assert_eq!(storage.objects(&format!("{prefix}/pieces")), [""; 0]);
        assert_eq!(super::stored_files(&talk.app), 0);
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_nothing_is_half_done() {
    let storage = Storage::start().await;
    let talk = Talk::begin_in(storage.app("guessed", "").await).await;
    let agent = talk.agent();
    let begun = agent.begin("a.txt", "file", 4).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    let refused = agent.piece(id, 0, b"abcd").await;
    assert_eq!(refused.headers["retry-after"], "5");
    assert_eq!(refused.refused(503), "unavailable");
    assert_eq!(agent.show(id).await.expect(200)["received"], 0);
    assert_eq!(storage.objects(""), [""; 0]);
    // Everything else goes on.
    talk.owner.reply(&talk.conversation, "Já vejo").await.expect(201);
    let ready = fetch(&talk.app, &json!("/readyz"), &[]).await;
    assert_eq!(ready.status, 200);
}

#[tokio::test]
async fn while_the_bucket_is_away_a_sender_is_told_to_try_again_and_then_goes_on() {
    let mut storage = Storage::start().await;
    let talk = Talk::begin_in(storage.app(SECRET, "").await).await;
    let agent = talk.agent();
    let bytes = noise(3_000);
    let begun = agent.begin("a.dat", "file", bytes.len()).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    agent.piece(id, 0, &bytes[..1_000]).await.expect(200);
    storage.stop().await;
    assert_eq!(agent.piece(id, 1_000, &bytes[1_000..]).await.refused(503), "unavailable");
    assert_eq!(agent.show(id).await.expect(200)["received"], 1_000);
    storage.again().await;
    let stored = agent.piece(id, 1_000, &bytes[1_000..]).await.expect(200);
    assert_eq!(fetch(&talk.app, &stored["file"]["url"], &[]).await.bytes, bytes);
    storage.stop().await;
    assert_eq!(fetch(&talk.app, &stored["file"]["url"], &[]).await.status, 503);
}

/// Two nodes on one storage; none without the servers that join them.
async fn two_nodes(storage: &Storage) -> Option<(Talk, App)> {
    let nats = std::env::var("BALCAO_TEST_NATS_URL").ok()?;
    std::env::var("BALCAO_TEST_DATABASE_URL").ok()?;
    let mut variables = storage.variables(SECRET, "");
    variables.push(("BALCAO_NATS_URL", nats));
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let talk = Talk::begin_in(App::start_with(&variables).await).await;
    let two = App::launch(talk.app.config.clone(), talk.app.clock.clone()).await;
    Some((talk, two))
}

#[tokio::test]
async fn pieces_may_come_by_different_nodes() {
    let storage = Storage::start().await;
    let Some((talk, two)) = two_nodes(&storage).await else { return };
    let owner_there = talk.owner.at(&two);
    let (here, there) = (talk.agent(), Sender::agent(&owner_there));
    let bytes = noise(9_000);
    let begun = here.begin("a.dat", "file", bytes.len()).await.expect(201);
    let id = begun["id"].as_str().unwrap();
    here.piece(id, 0, &bytes[..4_000]).await.expect(200);
    assert_eq!(there.show(id).await.expect(200)["received"], 4_000);
    there.piece(id, 4_000, &bytes[4_000..8_000]).await.expect(200);
    assert_eq!(there.piece(id, 4_000, &bytes[4_000..]).await.refused(409), "upload_offset");
    let stored = here.piece(id, 8_000, &bytes[8_000..]).await.expect(200);
    let sent = there.message(&talk.conversation, "reply", "", &stored["id"]).await.expect(201);
    // The address that one node signed is good at the other.
    assert_eq!(fetch(&two, &stored["file"]["url"], &[]).await.bytes, bytes);
    assert_eq!(fetch(&talk.app, &sent["file"]["url"], &[]).await.bytes, bytes);
}

/// A client that lost its answer repeats the last piece, and reaches another node while the first one is still at it.
#[tokio::test]
async fn a_file_that_two_nodes_finish_at_once_is_there_whoever_was_first() {
    let storage = Storage::start().await;
    let Some((talk, two)) = two_nodes(&storage).await else { return };
    let owner_there = talk.owner.at(&two);
    let (here, there) = (talk.agent(), Sender::agent(&owner_there));
    for _ in 0..6 {
        let picture = picture(900, 700, ImageFormat::Png);
        let begun = here.begin("a.png", "image", picture.len()).await.expect(201);
        let id = begun["id"].as_str().unwrap();
        let (one, other) = tokio::join!(here.piece(id, 0, &picture), there.piece(id, 0, &picture));
        assert!(one.status == 200 || other.status == 200, "{} {}", one.status, other.status);
        let stored = here.show(id).await.expect(200);
        assert_eq!(stored["state"], "stored");
        here.message(&talk.conversation, "reply", "", &stored["id"]).await.expect(201);
        assert_eq!(fetch(&two, &stored["file"]["url"], &[]).await.bytes, picture);
        assert_eq!(fetch(&talk.app, &stored["file"]["preview_url"], &[]).await.status, 200);
    }
}
