//! Two nodes on one PostgreSQL with NATS: a visitor on one, an agent on the other, one killed. Runs where both are named in the environment.

use serde_json::json;

use crate::support::{
    App, Client, Visitor,
    mail::{MailServers, change_mail},
    until,
};

async fn two_nodes() -> Option<(App, App)> {
    let nats = std::env::var("BALCAO_TEST_NATS_URL").ok()?;
    std::env::var("BALCAO_TEST_DATABASE_URL").ok()?;
    let one = App::start_with(&[("BALCAO_LIMITS_ENABLED", "false"), ("BALCAO_NATS_URL", &nats)]).await;
    let two = App::launch(one.config.clone(), one.clock.clone()).await;
    Some((one, two))
}

#[tokio::test]
async fn a_visitor_on_one_node_talks_to_an_agent_on_the_other() {
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    let agent = owner.at(&two);
    let site = one.webchat(&owner, None, json!({})).await;
    let mut console = agent.socket().await;
    let mut visitor = Visitor::arrive(&one, &site).await;
    let conversation = visitor.open("um").await;
    console.event("conversation_opened").await;
    agent.act(&conversation, "take").await.expect(200);
    console.event("conversation_taken").await;
    visitor.say("dois").await;
    assert_eq!(console.event("message_added").await["event"]["message"]["text"], "dois");
    agent.reply(&conversation, "três").await.expect(201);
    visitor.socket.find("the reply", |frame| frame["t"] == "entry" && frame["entry"]["text"] == "três").await;
    console.send(json!({ "t": "typing", "conversation": conversation, "on": true })).await;
    visitor.socket.next("typing").await;
    console.send(json!({ "t": "read", "conversation": conversation, "seq": 3 })).await;
    assert_eq!(visitor.socket.next("marks").await["read"], 3);
}

#[tokio::test]
async fn a_visitor_on_one_node_sees_the_agent_on_the_other_come_and_go() {
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    let agent = owner.at(&two);
    let site = one.webchat(&owner, None, json!({})).await;
    let console = agent.socket().await;
    agent.go("online").await;
    let mut visitor = Visitor::arrive(&one, &site).await;
    let conversation = visitor.open("um").await;
    agent.act(&conversation, "take").await.expect(200);
    let is_answering = |online: bool| {
        move |frame: &serde_json::Value| {
            let told = if frame["t"] == "attended" { &frame["online"] } else { &frame["conversation"]["attended"] };
            *told == json!(online)
        }
    };
    visitor.socket.find("online", is_answering(true)).await;
    agent.go("away").await;
    visitor.socket.find("away", is_answering(false)).await;
    agent.go("online").await;
    visitor.socket.find("back", is_answering(true)).await;
    // The node that kept the lease dies.
    drop(console);
    drop(two);
    one.clock.advance(121);
    visitor.socket.find("the lease has run out", is_answering(false)).await;
}

#[tokio::test]
async fn a_session_ended_on_one_node_closes_its_sockets_on_the_other() {
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    let mut console = owner.at(&two).socket().await;
    owner.delete("/api/sessions").await.expect(204);
    assert_eq!(console.close_code().await, 4401);
}

#[tokio::test]
async fn of_two_nodes_that_take_at_once_exactly_one_wins() {
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    let site = one.webchat(&owner, None, json!({})).await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = one.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await.at(&two);
    for _ in 0..8 {
        let mut visitor = Visitor::arrive(&one, &site).await;
        let conversation = visitor.open("Oi").await;
        let (first, second) = tokio::join!(owner.act(&conversation, "take"), bruno.act(&conversation, "take"));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}

#[tokio::test]
async fn what_one_node_stored_before_it_died_is_read_at_the_other() {
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    let site = one.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&one, &site).await;
    let conversation = visitor.open("um").await;
    visitor.say("dois").await;
    // Dropped, not stopped: nothing is drained, sockets break.
    drop(one);
    let mut again = Visitor::return_with(&two, &site, Some(&visitor.key)).await;
    let texts: Vec<_> =
        again.welcome["entries"].as_array().unwrap().iter().map(|entry| entry["text"].clone()).collect();
    assert_eq!(texts, [json!("um"), json!("dois")]);
    assert_eq!(again.say("três").await["seq"], 3);
    let agent = owner.at(&two);
    until("the third message", || async { (agent.texts(&conversation).await.len() == 3).then_some(()) }).await;
}

/// A hint is never waited for: while the bus is away, a node goes on with more hints than all queues on the way hold.
#[tokio::test]
async fn the_bus_goes_away_and_nobody_waits_for_it() {
    if std::env::var("BALCAO_TEST_NATS_URL").is_err() {
        return;
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let mut nats = tokio::process::Command::new("nats-server")
        .args(["-a", "127.0.0.1", "-p", &port])
        .kill_on_drop(true)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let url = format!("nats://127.0.0.1:{port}");
    until("the bus", || async { tokio::net::TcpStream::connect(format!("127.0.0.1:{port}")).await.ok() }).await;
    let app = App::start_with(&[("BALCAO_LIMITS_ENABLED", "false"), ("BALCAO_NATS_URL", &url)]).await;
    let owner = app.owner().await;
    let site = app.webchat(&owner, None, json!({})).await;
    let mut visitor = Visitor::arrive(&app, &site).await;
    let conversation = visitor.open("antes").await;
    nats.kill().await.unwrap();
    until("the loss is noticed", || async { (!app.desk.bus.is_connected()).then_some(()) }).await;
    for number in 0..2_300 {
        visitor.say(&number.to_string()).await;
    }
    owner.act(&conversation, "take").await.expect(200);
    owner.reply(&conversation, "depois").await.expect(201);
    visitor.socket.find("the reply", |frame| frame["t"] == "entry" && frame["entry"]["text"] == "depois").await;
}

#[tokio::test]
async fn who_looks_at_a_conversation_on_one_node_is_seen_on_the_other() {
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let site = one.webchat(&owner, None, json!({})).await;
    let conversation = Visitor::arrive(&one, &site).await.open("um").await;
    let bruno = one.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await.at(&two);
    let (mut here, mut there) = (owner.socket().await, bruno.socket().await);
    for console in [&mut here, &mut there] {
        console.send(json!({ "t": "watch", "conversations": [conversation] })).await;
        console.send(json!({ "t": "viewing", "conversation": conversation })).await;
        console.drain().await;
    }
    assert_eq!(here.next("viewing").await["agent"], json!(bruno.id().await));
    there.send(json!({ "t": "viewing", "conversation": null })).await;
    here.find("that he has left", |frame| frame["t"] == "viewing" && frame["on"] == false).await;
}

/// T-004: who is on the site at one node is listed at the other, with the way back.
#[tokio::test]
async fn who_is_on_the_site_at_one_node_is_listed_at_the_other() {
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    let there = owner.at(&two);
    let site = one.webchat(&owner, None, json!({})).await;
    let mut console = there.socket().await;
    let mut visitor = Visitor::arrive(&one, &site).await;
    visitor.socket.send(json!({ "t": "page", "url": "https://loja.test/", "title": "Loja" })).await;
    let listed = async || there.get("/api/visitors").await.expect(200);
    console.next("visitors").await;
    until("the visitor with the page", || async {
        let answer = listed().await;
        (answer["items"][0]["page"]["title"] == "Loja").then_some(())
    })
    .await;
    let conversation = visitor.open("Oi").await;
    assert_eq!(listed().await["items"][0]["conversation"]["id"], json!(conversation));
    drop(visitor);
    until("nobody", || async { (listed().await["count"] == 0).then_some(()) }).await;
}

/// T-004: a page's words come to any node; left at one, it is gone at the other that was told of it.
#[tokio::test]
async fn a_page_that_is_left_at_one_node_is_gone_at_the_other() {
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    let there = owner.at(&two);
    let site = one.webchat(&owner, None, json!({ "watch_visitors": true })).await;
    let word = |left: bool| json!({ "visit": uuid::Uuid::nil(), "url": "https://loja.test/", "left": left });
    let say = async |app: &App, left: bool| {
        let path = format!("/widgets/{}/here", site["code"].as_str().unwrap());
        let stranger = app.stranger();
        let request = stranger.request(reqwest::Method::POST, &path).body(word(left).to_string());
        stranger.send(request).await.expect(204);
    };
    let count = async |client: &Client| client.get("/api/visitors").await.expect(200)["count"].clone();
    say(&one, false).await;
    until("the page at both", || async { (count(&there).await == 1).then_some(()) }).await;
    say(&two, true).await;
    assert_eq!(count(&there).await, 0);
    until("nobody", || async { (count(&owner).await == 0).then_some(()) }).await;
}

/// levels said on one node hold on the other, for visitors and for whoever takes.
#[tokio::test]
async fn levels_that_are_changed_on_one_node_hold_on_the_other() {
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    owner.go("offline").await;
    let site = one.webchat(&owner, None, json!({})).await;
    let department = owner.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let bruno = one.hire(&owner, "Bruno", "agent", json!([{ "id": department }])).await.at(&two);
    bruno.go("online").await;
    let mut visitor = Visitor::arrive(&two, &site).await;
    let project = owner.get("/api/projects").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/projects/{project}/specialists");
    let level = async |level: u8| {
        let specialists = json!([{ "kind": "agent", "id": bruno.id().await, "level": level }]);
        owner.post(&path, json!({ "specialists": specialists })).await.expect(200);
    };
    level(2).await;
    visitor.socket.find("nobody", |frame| frame["t"] == "status" && frame["online"] == false).await;
    let conversation = visitor.open("Oi").await;
    assert_eq!(bruno.act(&conversation, "take").await.refused(409), "second_level");
    let console = bruno.socket().await;
    level(1).await;
    let mut other = Visitor::arrive(&two, &site).await;
    if other.welcome["online"] != true {
        other.socket.find("somebody", |frame| frame["t"] == "status" && frame["online"] == true).await;
    }
    bruno.act(&conversation, "take").await.expect(200);
    drop(console);
}

/// Each refresh token of the authorization server is good for one use: a second use would end the consent.
#[tokio::test]
async fn of_two_nodes_that_need_access_to_mail_one_renews_it_for_both() {
    let Some(servers) = MailServers::find() else { return };
    let Some((one, two)) = two_nodes().await else { return };
    let owner = one.owner().await;
    let address = servers.address("suporte", "loja.test");
    let form = json!({ "settings": servers.oauth_settings(&address), "client_secret": "chave & nossa só" });
    change_mail(&owner, form).await.expect(200);
    let asked = owner.post("/api/mail/consent", json!({})).await.expect(200);
    let back = servers.consent(asked["address"].as_str().unwrap()).await;
    let form = json!({ "state": back["state"], "code": back["code"] });
    owner.post("/api/mail/consent/finish", form).await.expect(200);
    let elsewhere = owner.at(&two);
    for refreshes in 1..=3 {
        one.clock.advance(3_550);
        let tests = (0..6).map(|at| {
            let client = if at % 2 == 0 { &owner } else { &elsewhere };
            client.post("/api/mail/test-sending", json!({}))
        });
        for said in futures_util::future::join_all(tests).await {
            assert_eq!(said.expect(200)["works"], json!(true));
        }
        let seen = servers.account(&address, "").await;
        assert_eq!(seen, json!([{ "isHeld": true, "refreshes": refreshes, "reuses": 0 }]));
    }
}
