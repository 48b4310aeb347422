//! Two nodes on one PostgreSQL with NATS: a visitor on one, an agent on the other, one killed. Runs where both are named in the environment.

use serde_json::json;

use crate::support::{App, Visitor, until};

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
