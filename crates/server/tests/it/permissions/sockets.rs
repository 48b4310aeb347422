//! The same rules on the sockets: what agents of another department or company, viewers and other visitors may hear, type, read and end.

use serde_json::{Value, json};

use super::world::{Principal, Whose, World};
use crate::support::{Socket, Visitor};

/// Whether any of the frames speaks of a conversation.
fn speaks_of(frames: &[Value], conversation: &str) -> bool {
    frames.iter().any(|frame| frame.to_string().contains(conversation))
}

async fn open(world: &World, principal: Principal) -> Socket {
    world.person(principal).unwrap().socket().await
}

async fn arrive(world: &World, whose: Whose) -> (Visitor, String) {
    let mut visitor = Visitor::arrive(&world.app, world.site(whose)).await;
    let conversation = visitor.open("um segredo").await;
    (visitor, conversation)
}

#[tokio::test]
async fn strangers_hear_nothing_of_what_they_watch_type_and_read() {
    let world = World::new().await;
    for (whose, owner, strangers) in [
        (
            Whose::OtherDepartment,
            Principal::Owner,
            &[Principal::Viewer, Principal::Agent, Principal::Manager, Principal::Stranger][..],
        ),
        (Whose::OtherWorkspace, Principal::Stranger, &[Principal::Agent, Principal::Administrator, Principal::Owner]),
    ] {
        let mut insider = open(&world, owner).await;
        let (mut visitor, conversation) = arrive(&world, whose).await;
        insider.send(json!({ "t": "watch", "conversations": [conversation] })).await;
        let mut outsiders = Vec::new();
        for principal in strangers {
            let mut socket = world.person(*principal).unwrap().silent_socket().await;
            socket.send(json!({ "t": "hello", "since": 0, "watching": [conversation] })).await;
            socket.next("welcome").await;
            socket.send(json!({ "t": "watch", "conversations": [conversation] })).await;
            socket.send(json!({ "t": "typing", "conversation": conversation, "on": true })).await;
            socket.send(json!({ "t": "read", "conversation": conversation, "seq": 1 })).await;
            outsiders.push((principal, socket));
        }
        visitor.socket.send(json!({ "t": "typing", "on": true })).await;
        insider.next("typing").await;
        visitor.socket.send(json!({ "t": "marks", "conversation": conversation, "delivered": 1, "read": 1 })).await;
        insider.next("marks").await;
        visitor.say("mais um segredo").await;
        insider.event("message_added").await;
        insider.find("the row", |frame| frame["t"] == "rows" && frame.to_string().contains("mais um segredo")).await;
        for (principal, mut socket) in outsiders {
            let frames = socket.drain().await;
            assert!(!speaks_of(&frames, &conversation), "{principal:?} on {whose:?} heard {frames:?}");
        }
        let frames = visitor.socket.drain().await;
        assert!(
            !frames.iter().any(|frame| frame["t"] == "typing" || frame["t"] == "marks"),
            "the visitor heard {frames:?}"
        );
        let shown = world.person(owner).unwrap().conversation(&conversation).await;
        assert_eq!(shown["conversation"]["marks"]["agent"]["read"], 0);
    }
}

/// T-085
#[tokio::test]
async fn a_resume_brings_events_of_the_own_departments_only() {
    let world = World::new().await;
    let (_, own) = arrive(&world, Whose::Own).await;
    let (_, other) = arrive(&world, Whose::OtherDepartment).await;
    let (_, theirs) = arrive(&world, Whose::OtherWorkspace).await;
    for principal in
        [Principal::Viewer, Principal::Agent, Principal::Manager, Principal::Administrator, Principal::Stranger]
    {
        let mut socket = world.person(principal).unwrap().silent_socket().await;
        socket.send(json!({ "t": "hello", "since": 0, "watching": [own, other, theirs] })).await;
        assert_eq!(socket.next("welcome").await["resumed"], true);
        let frames = socket.drain().await;
        let heard = [&own, &other, &theirs].map(|conversation| speaks_of(&frames, conversation));
        let expected = match principal {
            Principal::Administrator => [true, true, false],
            Principal::Stranger => [false, false, true],
            _ => [true, false, false],
        };
        assert_eq!(heard, expected, "{principal:?}");
    }
}

#[tokio::test]
async fn a_viewer_watches_and_neither_types_nor_reads_for_the_team() {
    let world = World::new().await;
    let (mut visitor, conversation) = arrive(&world, Whose::Own).await;
    let mut viewer = open(&world, Principal::Viewer).await;
    let mut agent = open(&world, Principal::Agent).await;
    viewer.send(json!({ "t": "watch", "conversations": [conversation] })).await;
    viewer.send(json!({ "t": "typing", "conversation": conversation, "on": true })).await;
    viewer.send(json!({ "t": "read", "conversation": conversation, "seq": 1 })).await;
    viewer.drain().await;
    // Whispers keep their order, so what the viewer did would be heard before this.
    agent.send(json!({ "t": "typing", "conversation": conversation, "on": true })).await;
    assert_eq!(visitor.socket.next("typing").await["name"], "agent Um");
    visitor.say("mais um").await;
    let heard = viewer.event("message_added").await;
    assert_eq!(heard["event"]["conversation"], json!(conversation));
    let shown = world.owner.conversation(&conversation).await;
    assert_eq!(shown["conversation"]["marks"]["agent"]["read"], 0);
}

#[tokio::test]
async fn a_visitor_reaches_no_other_visitors_conversation() {
    let world = World::new().await;
    for whose in [Whose::Own, Whose::OtherDepartment, Whose::OtherWorkspace] {
        let (mut marina, conversation) = arrive(&world, whose).await;
        let (mut eve, own) = arrive(&world, Whose::Own).await;
        let insider = if whose == Whose::OtherWorkspace { &world.stranger } else { &world.owner };
        let mut console = insider.socket().await;
        console.send(json!({ "t": "watch", "conversations": [conversation] })).await;
        console.drain().await;
        eve.socket.send(json!({ "t": "marks", "conversation": conversation, "delivered": 1, "read": 1 })).await;
        eve.socket.send(json!({ "t": "close", "conversation": conversation })).await;
        assert_eq!(eve.socket.next("refused").await["code"], "not_found");
        eve.socket.send(json!({ "t": "hello", "ticket": eve.ticket, "conversation": conversation, "since": 0 })).await;
        let welcome = eve.socket.next("welcome").await;
        assert_eq!((&welcome["conversation"]["id"], &welcome["resumed"]), (&json!(own), &json!(false)));
        eve.socket.send(json!({ "t": "typing", "on": true })).await;
        eve.socket.send(json!({ "t": "page", "url": "https://loja.com.br/eve", "title": "Eve" })).await;
        eve.say("sou eu").await;
        marina.say("e eu").await;
        let frames = eve.socket.drain().await;
        assert!(!speaks_of(&frames, &conversation), "{frames:?}");
        console.event("message_added").await;
        let frames = console.drain().await;
        let is_eves = |frame: &Value| frame["t"] == "typing" || frame["t"] == "marks";
        assert!(
            !frames.iter().any(|frame| is_eves(frame) && frame["conversation"] == json!(conversation)),
            "{frames:?}"
        );
        let shown = insider.conversation(&conversation).await;
        assert_eq!(
            (shown["conversation"]["state"].as_str(), &shown["conversation"]["page"]),
            (Some("queue"), &Value::Null)
        );
        assert_eq!(shown["conversation"]["marks"]["visitor"], json!({ "delivered": 0, "read": 0 }));
    }
}

/// A ticket is for one connection and one contact: neither another site's panel nor another visitor goes on with it.
#[tokio::test]
async fn two_visitors_on_one_socket_stay_two() {
    let world = World::new().await;
    let (mut marina, hers) = arrive(&world, Whose::Own).await;
    let (eve, _) = arrive(&world, Whose::Own).await;
    marina.socket.send(json!({ "t": "hello", "ticket": eve.ticket, "conversation": hers, "since": 0 })).await;
    let welcome = marina.socket.next("welcome").await;
    assert_ne!(welcome["conversation"]["id"], json!(hers));
    marina.socket.send(json!({ "t": "close", "conversation": hers })).await;
    assert_eq!(marina.socket.next("refused").await["code"], "not_found");
    let acknowledged = marina.say("de quem sou").await;
    assert_eq!(acknowledged["conversation"], welcome["conversation"]["id"]);
    assert_eq!(world.owner.texts(&hers).await, ["um segredo"]);
}
