//! Files: in by pieces, into one message each, out under signed addresses.

mod attack;
mod broken_off;
mod limits;
mod s3;
mod serving;

use image::ImageFormat;
use serde_json::{Value, json};

use crate::support::{App, Client, Sender, Visitor, client_id, fetch, noise, picture, recording, until};

/// A company with one webchat, its owner, and a visitor whose conversation the owner has taken.
pub struct Talk {
    pub app: App,
    pub owner: Client,
    pub site: Value,
    pub visitor: Visitor,
    pub conversation: String,
}

impl Talk {
    pub async fn begin() -> Self {
        Self::begin_in(App::start().await).await
    }

    pub async fn begin_in(app: App) -> Self {
        let owner = app.owner().await;
        let site = app.webchat(&owner, None, json!({})).await;
        let mut visitor = Visitor::arrive(&app, &site).await;
        let conversation = visitor.open("Oi").await;
        owner.act(&conversation, "take").await.expect(200);
        Self { app, owner, site, visitor, conversation }
    }

    pub fn agent(&self) -> Sender {
        Sender::agent(&self.owner)
    }

    pub fn guest(&self) -> Sender {
        Sender::visitor(&self.app, &self.visitor)
    }

    /// The visitor sends a file, and the acknowledgement comes.
    pub async fn visitor_sends(&mut self, text: &str, file: &Value) -> Value {
        let id = client_id();
        self.visitor.socket.send(json!({ "t": "send", "id": id, "text": text, "file": file["id"] })).await;
        let answered = |frame: &Value| (frame["t"] == "ack" || frame["t"] == "refused") && frame["id"] == id;
        self.visitor.socket.find("an answer", answered).await
    }
}

// P-120, P-121
#[tokio::test]
async fn an_agents_file_comes_in_by_pieces_and_reaches_the_visitor() {
    let mut talk = Talk::begin().await;
    let agent = talk.agent();
    let bytes = noise(3_000);
    let form = json!({ "client_id": client_id(), "name": "contrato.dat", "size": 3_000, "kind": "file" });
    let begun = agent.begin_with(&form).await.expect(201);
    assert_eq!((&begun["received"], &begun["state"], &begun["file"]), (&json!(0), &json!("receiving"), &Value::Null));
    let id = begun["id"].as_str().unwrap();
    assert_eq!(agent.begin_with(&form).await.expect(200)["id"], id);
    let other = json!({ "client_id": form["client_id"], "name": "outro.dat", "size": 3_000, "kind": "file" });
    assert_eq!(agent.begin_with(&other).await.refused(409), "client_id_reused");
    assert_eq!(agent.piece(id, 0, &bytes[..1_000]).await.expect(200)["received"], 1_000);
    let elsewhere = agent.piece(id, 0, &bytes[..1_000]).await.expect(409);
    assert_eq!(elsewhere["error"]["code"], "upload_offset");
    assert_eq!(elsewhere["error"]["detail"]["received"], 1_000);
    assert_eq!(agent.show(id).await.expect(200)["received"], 1_000);
    let stored = agent.piece(id, 1_000, &bytes[1_000..]).await.expect(200);
    assert_eq!((&stored["state"], &stored["received"]), (&json!("stored"), &json!(3_000)));
    let sent = agent.message(&talk.conversation, "reply", "", &stored["id"]).await.expect(201);
    assert_eq!((&sent["text"], &sent["file"]["name"]), (&json!(""), &json!("contrato.dat")));
    let is_it = |frame: &Value| frame["t"] == "entry" && frame["entry"]["file"]["id"] == id;
    let entry = talk.visitor.socket.find("the file", is_it).await["entry"].clone();
    assert_eq!(
        (&entry["from"], &entry["file"]["size"], &entry["file"]["kind"]),
        (&json!("agent"), &json!(3_000), &json!("file"))
    );
    assert_eq!(fetch(&talk.app, &entry["file"]["url"], &[]).await.bytes, bytes);
    let shown = talk.owner.conversation(&talk.conversation).await;
    assert_eq!(shown["conversation"]["last_message"]["file"], "file");
    assert_eq!(shown["messages"].as_array().unwrap().last().unwrap()["file"]["id"], id);
    // The visitor who comes back finds it too.
    let back = Visitor::return_with(&talk.app, &talk.site, Some(&talk.visitor.key)).await;
    assert_eq!(back.welcome["entries"].as_array().unwrap().last().unwrap()["file"]["id"], id);
}

// P-120, P-122
#[tokio::test]
async fn a_visitors_picture_reaches_the_agent_with_a_preview_and_its_measures() {
    let mut talk = Talk::begin().await;
    let mut console = talk.owner.socket().await;
    console.send(json!({ "t": "watch", "conversations": [talk.conversation] })).await;
    let bytes = picture(1_200, 900, ImageFormat::Png);
    let file = talk.guest().upload("C:\\fotos\\roteador.png", "image", &bytes).await;
    let ack = talk.visitor_sends("A luz está vermelha", &file).await;
    assert_eq!(ack["t"], "ack", "{ack}");
    let event = console.event("message_added").await;
    let shown = &event["event"]["message"]["file"];
    assert_eq!(
        (&shown["name"], &shown["width"], &shown["height"]),
        (&json!("roteador.png"), &json!(1_200), &json!(900))
    );
    assert_eq!(shown["media_type"], "image/png");
    let whole = fetch(&talk.app, &shown["url"], &[]).await;
    assert_eq!((whole.header("content-type"), &whole.bytes), ("image/png", &bytes));
    let preview = fetch(&talk.app, &shown["preview_url"], &[]).await;
    let small = image::load_from_memory(&preview.bytes).unwrap();
    assert_eq!((preview.header("content-type"), small.width(), small.height()), ("image/jpeg", 640, 480));
    // Numbers go on without a gap, and text messages keep their order behind it.
    assert_eq!(talk.visitor.say("E agora?").await["seq"].as_i64(), ack["seq"].as_i64().map(|seq| seq + 1));
}

// P-123
#[tokio::test]
async fn a_recording_knows_how_long_it_is_and_where_it_does_not_say_the_sender_is_believed() {
    let mut talk = Talk::begin().await;
    let guest = talk.guest();
    let file = guest.upload("voz.mp3", "audio", &recording(50)).await;
    assert_eq!((&file["duration_ms"], &file["media_type"]), (&json!(1_200), &json!("audio/mpeg")));
    assert_eq!(talk.visitor_sends("", &file).await["t"], "ack");
    let silent = b"OggS\0\x02..............OpusHead";
    let form = json!({ "client_id": client_id(), "name": "voz.ogg", "size": silent.len(), "kind": "audio", "duration_ms": 4_200 });
    let begun = guest.begin_with(&form).await.expect(201);
    let stored = guest.piece(begun["id"].as_str().unwrap(), 0, silent).await.expect(200);
    assert_eq!(stored["file"]["duration_ms"], 4_200);
    let too_long =
        json!({ "client_id": client_id(), "name": "voz.ogg", "size": 10, "kind": "audio", "duration_ms": 86_400_001 });
    assert_eq!(guest.begin_with(&too_long).await.fields(), ["duration_ms:invalid_value"]);
}

#[tokio::test]
async fn a_message_with_a_file_is_safe_to_repeat_and_means_the_same_file() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    let (one, two) = (agent.upload("1.txt", "file", b"um").await, agent.upload("2.txt", "file", b"dois").await);
    let path = format!("/api/conversations/{}/messages", talk.conversation);
    let form = json!({ "client_id": client_id(), "kind": "reply", "text": "Segue", "file": one["id"] });
    let first = talk.owner.post(&path, form.clone()).await.expect(201);
    let again = talk.owner.post(&path, form.clone()).await.expect(200);
    assert_eq!((&again["position"], &again["file"]["id"]), (&first["position"], &one["id"]));
    for other in [json!(null), two["id"].clone()] {
        let mut changed = form.clone();
        changed["file"] = other;
        assert_eq!(talk.owner.post(&path, changed).await.refused(409), "client_id_reused");
    }
    // A file is in one message.
    assert_eq!(agent.message(&talk.conversation, "reply", "", &one["id"]).await.fields(), ["file:file_unknown"]);
    assert_eq!(agent.discard(one["id"].as_str().unwrap()).await.refused(404), "not_found");
    // The other one is still free, and may be thrown away.
    agent.discard(two["id"].as_str().unwrap()).await.expect(204);
    assert_eq!(agent.message(&talk.conversation, "reply", "", &two["id"]).await.fields(), ["file:file_unknown"]);
    assert_eq!(fetch(&talk.app, &two["url"], &[]).await.status, 404);
}

#[tokio::test]
async fn a_visitors_first_message_may_be_a_file_and_it_may_come_without_a_socket() {
    let talk = Talk::begin().await;
    let code = talk.site["code"].as_str().unwrap();
    let stranger = talk.app.stranger();
    let ticket = stranger.post(&format!("/widgets/{code}/ticket"), json!({ "key": null })).await.expect(200);
    let ticket = ticket["ticket"].as_str().unwrap();
    let guest = Sender::with_ticket(&talk.app, ticket);
    let file = guest.upload("boleto.pdf", "file", b"%PDF-1.4 boleto").await;
    let message = json!({ "id": client_id(), "text": "", "file": file["id"] });
    let send = || async {
        let request =
            stranger.request(reqwest::Method::POST, "/api/visitor/messages").bearer_auth(ticket).json(&message);
        stranger.send(request).await.expect(200)
    };
    let sent = send().await;
    assert_eq!(send().await, sent);
    let shown = talk.owner.conversation(sent["conversation"].as_str().unwrap()).await;
    assert_eq!(shown["messages"][0]["file"]["media_type"], "application/pdf");
    assert_eq!(guest.link(file["id"].as_str().unwrap()).await.expect(200)["name"], "boleto.pdf");
}

#[tokio::test]
async fn a_message_is_found_by_its_files_name_and_by_its_text() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    let file = agent.upload("proposta comercial.txt", "file", b"x").await;
    agent.message(&talk.conversation, "reply", "Segue em anexo", &file["id"]).await.expect(201);
    for word in ["comercial", "anexo"] {
        until("the index", || async {
            let found = talk.owner.get(&format!("/api/messages/search?q={word}")).await.expect(200);
            (found["items"][0]["message"]["file"]["id"] == file["id"]).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn what_no_message_takes_is_gone_after_a_day_and_the_rest_stays() {
    let talk = Talk::begin().await;
    let agent = talk.agent();
    let (kept, forgotten) = (agent.upload("1.txt", "file", b"um").await, agent.upload("2.txt", "file", b"dois").await);
    let begun = agent.begin("3.txt", "file", 10).await.expect(201);
    agent.piece(begun["id"].as_str().unwrap(), 0, b"half").await.expect(200);
    agent.message(&talk.conversation, "reply", "", &kept["id"]).await.expect(201);
    let workspace =
        talk.owner.get("/api/session").await.expect(200)["workspace"]["id"].as_str().unwrap().parse().unwrap();
    talk.app.clock.advance(86_000);
    balcao_desk::files::sweep(&talk.app.desk, workspace).await.unwrap();
    assert_eq!(agent.show(forgotten["id"].as_str().unwrap()).await.expect(200)["state"], "stored");
    talk.app.clock.advance(401);
    balcao_desk::files::sweep(&talk.app.desk, workspace).await.unwrap();
    for gone in [&forgotten["id"], &begun["id"]] {
        assert_eq!(agent.show(gone.as_str().unwrap()).await.refused(404), "not_found");
    }
    let path = format!("/api/conversations/{}/files/{}", talk.conversation, kept["id"].as_str().unwrap());
    let fresh = talk.owner.get(&path).await.expect(200);
    assert_eq!(fetch(&talk.app, &fresh["url"], &[]).await.bytes, b"um");
    // On the disk lies what the message holds, and nothing else.
    assert_eq!(stored_files(&talk.app), 1);
}

/// How many files lie in the folder.
pub fn stored_files(app: &App) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&app.config.files_folder())
}
