//! Distribution: whom a new conversation is given to, how the queue is drained when there is room, and where a visitor stands in it.

use std::collections::HashMap;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{App, QueueDesk, Visitor, ask, client_id, until};

const TEAM: [&str; 3] = ["Bruno", "Carla", "Davi"];

/// T-089
#[tokio::test]
async fn with_distribution_off_conversations_wait_until_somebody_takes_them() {
    let desk = QueueDesk::open("off", &TEAM).await;
    let conversation = desk.ask().await;
    assert_eq!(desk.assignee(&conversation).await, None);
    assert_eq!(desk.waiting().await, 1);
}

/// T-089
#[tokio::test]
async fn in_turn_each_is_given_as_many_and_what_is_taken_by_hand_does_not_count() {
    let desk = QueueDesk::open("round_robin", &TEAM).await;
    let by_hand = QueueDesk::open_at(App::start().await, "off", &["Eva"]).await;
    by_hand.team[0].act(&by_hand.ask().await, "take").await.expect(200);
    let mut turns = Vec::new();
    for _ in 0..6 {
        turns.push(desk.given(&desk.ask().await).await);
    }
    assert_eq!(turns[..3], turns[3..], "the same turn again");
    assert_eq!(desk.loads().await, [2, 2, 2]);
    // The next in turn takes one by hand; the turn stays.
    desk.owner.patch("/api/workspace", json!({ "distribution": "off" })).await.expect(200);
    let next = turns[0].clone();
    let waiting = desk.ask().await;
    for person in &desk.team {
        if person.id().await == next {
            person.act(&waiting, "take").await.expect(200);
        }
    }
    desk.owner.patch("/api/workspace", json!({ "distribution": "round_robin" })).await.expect(200);
    assert_eq!(desk.given(&desk.ask().await).await, next);
}

/// T-089
#[tokio::test]
async fn the_least_busy_is_given_the_next_one() {
    let desk = QueueDesk::open("off", &TEAM).await;
    for (person, count) in desk.team.iter().zip([2, 0, 1]) {
        for _ in 0..count {
            person.act(&desk.ask().await, "take").await.expect(200);
        }
    }
    desk.owner.patch("/api/workspace", json!({ "distribution": "least_busy" })).await.expect(200);
    let (bruno, carla, davi) = (desk.team[0].id().await, desk.team[1].id().await, desk.team[2].id().await);
    assert_eq!(desk.given(&desk.ask().await).await, carla, "none against one and two");
    // One each with Carla and Davi: Davi was never given one.
    assert_eq!(desk.given(&desk.ask().await).await, davi);
    assert_eq!(desk.given(&desk.ask().await).await, carla);
    assert_eq!(desk.given(&desk.ask().await).await, bruno, "two each, and Bruno was never given one");
}

/// T-089
#[tokio::test]
async fn by_lot_everybody_ready_is_given_something_and_nobody_else() {
    let desk = QueueDesk::open("random", &TEAM).await;
    desk.limit(100).await;
    desk.team[2].go("away").await;
    let mut given: HashMap<String, usize> = HashMap::new();
    for _ in 0..40 {
        *given.entry(desk.given(&desk.ask().await).await).or_default() += 1;
    }
    let [bruno, carla] = [desk.team[0].id().await, desk.team[1].id().await];
    assert!(given.len() == 2 && given.contains_key(&bruno) && given.contains_key(&carla), "{given:?}");
}

/// Z-120: the first of the department's order until full, then the next; who is not named comes last, who is away is passed over.
#[tokio::test]
async fn in_order_the_first_of_the_list_is_given_conversations_until_full() {
    let desk = QueueDesk::open("in_order", &TEAM).await;
    desk.limit(2).await;
    let ids = [desk.team[0].id().await, desk.team[1].id().await, desk.team[2].id().await];
    let [bruno, carla, davi] = &ids;
    let path = format!("/api/departments/{}", desk.department);
    let changed = desk.owner.patch(&path, json!({ "order": [davi, bruno] })).await.expect(200);
    assert_eq!(changed["order"], json!([davi, bruno]));
    let mut given = Vec::new();
    for _ in 0..3 {
        given.push(desk.given(&desk.ask().await).await);
    }
    assert_eq!(given, [davi.clone(), davi.clone(), bruno.clone()]);
    desk.team[0].go("away").await;
    assert_eq!(&desk.given(&desk.ask().await).await, carla);
    // Whoever is full is not given more, though first; emptied, the order is that in which they came.
    desk.owner.patch(&path, json!({ "order": [] })).await.expect(200);
    desk.team[0].go("online").await;
    assert_eq!(&desk.given(&desk.ask().await).await, bruno);
}

/// Z-120
#[tokio::test]
async fn an_order_names_people_who_work_here_each_once() {
    let desk = QueueDesk::open("in_order", &["Bruno"]).await;
    let path = format!("/api/departments/{}", desk.department);
    let bruno = desk.team[0].id().await;
    let order = json!({ "order": [bruno, bruno, "01890000-0000-7000-8000-000000000000"] });
    let refused = desk.owner.patch(&path, order).await;
    assert_eq!(refused.fields(), ["order.1:agent_unknown", "order.2:agent_unknown"]);
    let many = vec![bruno.clone(); 1_001];
    assert_eq!(desk.owner.patch(&path, json!({ "order": many })).await.fields(), ["order:too_many"]);
}

/// T-089: a department may follow the company or say something else.
#[tokio::test]
async fn a_department_follows_the_company_or_goes_its_own_way() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    let path = format!("/api/departments/{}", desk.department);
    desk.owner.patch(&path, json!({ "distribution": "off" })).await.expect(200);
    let waits = desk.ask().await;
    assert_eq!(desk.assignee(&waits).await, None);
    desk.owner.patch("/api/workspace", json!({ "distribution": "off" })).await.expect(200);
    let changed = desk.owner.patch(&path, json!({ "distribution": "least_busy" })).await.expect(200);
    assert_eq!(changed["distribution"], "least_busy");
    assert_eq!(desk.given(&waits).await, desk.team[0].id().await, "switching it on gives away what waits");
    desk.owner.patch(&path, json!({ "distribution": "inherit" })).await.expect(200);
    assert_eq!(desk.assignee(&desk.ask().await).await, None);
}

/// X-005
#[tokio::test]
async fn only_members_who_are_online_and_may_reply_are_given_anything() {
    let desk = QueueDesk::open("round_robin", &[]).await;
    let (app, owner) = (&desk.app, &desk.owner);
    let here = json!([{ "id": desk.department }]);
    let viewer = app.hire(owner, "Vera", "viewer", here.clone()).await;
    let elsewhere = app.hire(owner, "Edu", "agent", json!([])).await;
    let away = app.hire(owner, "Alice", "agent", here.clone()).await;
    let offline = app.hire(owner, "Olga", "agent", here.clone()).await;
    for (person, status) in
        [(&viewer, "online"), (&elsewhere, "online"), (owner, "online"), (&away, "away"), (&offline, "offline")]
    {
        person.go(status).await;
    }
    // The owner sees the department, but does not belong to it.
    let waits = desk.ask().await;
    assert_eq!(desk.assignee(&waits).await, None);
    let ready = app.hire(owner, "Rui", "agent", here).await;
    ready.go("online").await;
    assert_eq!(desk.given(&waits).await, ready.id().await);
}

/// X-005: who serves a higher level of the project is not given new conversations.
#[tokio::test]
async fn who_serves_a_higher_level_is_given_no_new_conversation() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    let project = desk.owner.get("/api/projects").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let second = json!([{ "kind": "agent", "id": desk.team[0].id().await, "level": 2 }]);
    desk.owner
        .post(&format!("/api/projects/{project}/specialists"), json!({ "specialists": second }))
        .await
        .expect(200);
    assert_eq!(desk.assignee(&desk.ask().await).await, None);
}

/// T-089: nobody beyond the limit, also where fifty come at once; the rest waits and nobody's is lost.
#[tokio::test]
async fn of_fifty_at_once_everybody_gets_up_to_the_limit_and_the_rest_waits() {
    let desk = QueueDesk::open("round_robin", &TEAM).await;
    let carla = desk.team[1].id().await;
    desk.owner.patch(&format!("/api/agents/{carla}"), json!({ "simultaneous_limit": 3 })).await.expect(200);
    let conversations = join_all((0..50).map(|_| desk.ask())).await;
    assert_eq!(conversations.len(), 50);
    desk.until_waiting(50 - 13).await;
    assert_eq!(desk.loads().await, [5, 3, 5]);
    // Nothing more happens by looking again.
    desk.app.desk.write(balcao_desk::agents::RenewLeases { agents: vec![carla.parse().unwrap()] }).await.unwrap();
    assert_eq!((desk.loads().await, desk.waiting().await), (vec![5, 3, 5], 37));
    assert_eq!(desk.app.desk.store.reruns(), 0);
}

/// T-089: taking by hand is never refused by the limit.
#[tokio::test]
async fn who_is_full_may_still_take_by_hand() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    desk.limit(1).await;
    desk.given(&desk.ask().await).await;
    let second = desk.ask().await;
    assert_eq!(desk.assignee(&second).await, None);
    desk.team[0].act(&second, "take").await.expect(200);
    assert_eq!(desk.loads().await, [2]);
}

/// Chatwoot #13050, #10583: whatever makes room gives away what waits, oldest first.
#[tokio::test]
async fn closing_gives_the_oldest_waiting_one_to_whoever_has_room_now() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    desk.limit(1).await;
    let first = desk.ask().await;
    desk.given(&first).await;
    let mut waiting = Vec::new();
    for _ in 0..3 {
        desk.app.clock.advance(1);
        waiting.push(desk.ask().await);
    }
    let mut open = first;
    for next in waiting {
        desk.team[0].act(&open, "close").await.expect(200);
        desk.given(&next).await;
        assert_eq!(desk.loads().await, [1]);
        open = next;
    }
}

#[tokio::test]
async fn a_visitor_who_ends_the_conversation_makes_room_too() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    desk.limit(1).await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let first = visitor.open("Oi").await;
    desk.given(&first).await;
    let second = desk.ask().await;
    visitor.socket.send(json!({ "t": "close", "conversation": first })).await;
    desk.given(&second).await;
}

#[tokio::test]
async fn a_larger_limit_a_new_member_and_a_reactivated_one_are_given_what_waits() {
    let desk = QueueDesk::open("round_robin", &["Bruno", "Carla"]).await;
    let (app, owner) = (&desk.app, &desk.owner);
    desk.limit(2).await;
    let ids = [desk.team[0].id().await, desk.team[1].id().await];
    for id in &ids {
        owner.patch(&format!("/api/agents/{id}"), json!({ "simultaneous_limit": 1 })).await.expect(200);
    }
    let waiting = join_all((0..6).map(|_| desk.ask())).await;
    desk.until_waiting(4).await;
    owner.patch(&format!("/api/agents/{}", ids[0]), json!({ "simultaneous_limit": 2 })).await.expect(200);
    desk.until_waiting(3).await;
    owner.patch(&format!("/api/agents/{}", ids[1]), json!({ "simultaneous_limit": null })).await.expect(200);
    desk.until_waiting(2).await;
    let other = app.hire(owner, "Eva", "agent", json!([])).await;
    other.go("online").await;
    let eva = format!("/api/agents/{}", other.id().await);
    owner.patch(&eva, json!({ "departments": [{ "id": desk.department }], "simultaneous_limit": 1 })).await.expect(200);
    desk.until_waiting(1).await;
    // Somebody who comes back to work logs in, and is online by that.
    owner
        .patch(&eva, json!({ "simultaneous_limit": 9, "is_active": false, "status_on_login": "online" }))
        .await
        .expect(200);
    assert_eq!(desk.waiting().await, 1);
    owner.patch(&eva, json!({ "is_active": true })).await.expect(200);
    let login = json!({ "email": "eva@vilaclara.com.br", "password": crate::support::PASSWORD });
    other.post("/api/session", login).await.expect(200);
    desk.until_waiting(0).await;
    assert_eq!(waiting.len(), 6);
}

/// T-137: by the lease somebody is offline for distribution at once; coming back gives what waited.
#[tokio::test]
async fn who_was_not_heard_of_for_two_minutes_is_given_nothing_until_the_console_is_back() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    let kept = desk.ask().await;
    desk.given(&kept).await;
    desk.app.clock.advance(121);
    let waits = desk.ask().await;
    assert_eq!(desk.assignee(&waits).await, None);
    assert_eq!(desk.loads().await, [1], "what was open stays");
    // The open socket renews the lease; the chosen status was never changed.
    let _console = desk.team[0].socket().await;
    assert_eq!(desk.given(&waits).await, desk.team[0].id().await);
}

/// A late look finds what a missed change left waiting.
#[tokio::test]
async fn the_look_from_time_to_time_gives_away_what_nobody_noticed() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    desk.team[0].go("away").await;
    let waits = desk.ask().await;
    let workspace = desk.owner.get("/api/session").await.expect(200)["workspace"]["id"].as_str().unwrap().to_owned();
    desk.app.desk.write(Unnoticed).await.unwrap();
    assert_eq!(desk.assignee(&waits).await, None);
    balcao_desk::routing::look_again(&desk.app.desk, workspace.parse().unwrap()).await.unwrap();
    desk.given(&waits).await;
}

/// Somebody becomes ready and nobody is told.
struct Unnoticed;

impl balcao_desk::Command for Unnoticed {
    type Answer = ();

    async fn run(&self, tx: &mut balcao_desk::Tx<'_>) -> balcao_desk::Result<()> {
        use sea_orm::ConnectionTrait;
        tx.execute_unprepared("UPDATE agents SET status = 'online' WHERE status = 'away'").await?;
        Ok(())
    }
}

/// Who has returned a conversation does not get it again at once; after a minute without anybody else it may come back.
#[tokio::test]
async fn who_returned_a_conversation_gets_it_back_only_when_nobody_else_came_for_a_minute() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    let bruno = desk.team[0].id().await;
    let conversation = desk.ask().await;
    assert_eq!(desk.given(&conversation).await, bruno);
    desk.team[0].act(&conversation, "return").await.expect(200);
    assert_eq!(desk.assignee(&conversation).await, None);
    // Others go past it.
    let other = desk.ask().await;
    assert_eq!(desk.given(&other).await, bruno);
    assert_eq!(desk.assignee(&conversation).await, None);
    desk.app.clock.advance(61);
    desk.team[0].go("online").await;
    assert_eq!(desk.given(&conversation).await, bruno);
}

#[tokio::test]
async fn what_one_returns_goes_to_a_colleague_in_the_same_moment() {
    let desk = QueueDesk::open("round_robin", &["Bruno", "Carla"]).await;
    let conversation = desk.ask().await;
    let first = desk.given(&conversation).await;
    let person = if desk.team[0].id().await == first { &desk.team[0] } else { &desk.team[1] };
    let returned = person.act(&conversation, "return").await.expect(200);
    assert_eq!(returned["state"], "open");
    assert_ne!(desk.assignee(&conversation).await.unwrap(), first);
}

/// The visitor is told who will answer, and everybody concerned hears that it was given.
#[tokio::test]
async fn an_assignment_is_told_to_the_visitor_the_assignee_and_the_lists() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    let mut console = desk.team[0].socket().await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    let entry = visitor.socket.next("entry").await["entry"].clone();
    assert_eq!(
        (&entry["seq"], &entry["event"]["code"], &entry["event"]["name"]),
        (&json!(2), &json!("assigned"), &json!("Bruno"))
    );
    let shown = visitor
        .socket
        .find("who answers", |frame| frame["t"] == "conversation" && !frame["conversation"]["agent"].is_null())
        .await;
    assert_eq!(shown["conversation"]["agent"]["name"], "Bruno");
    let taken = console.event("conversation_taken").await["event"].clone();
    assert_eq!(taken["actor"]["kind"], "system");
    assert_eq!(taken["conversation"]["assignee_id"], json!(desk.team[0].id().await));
    assert_eq!(visitor.say("Tudo bem?").await["seq"], 3);
    let lines = desk.owner.conversation(&conversation).await["messages"].clone();
    assert_eq!((&lines[1]["event"]["code"], &lines[1]["event"]["name"]), (&json!("assigned"), &json!("Bruno")));
}

/// Of a hand that takes, a rule that assigns and a colleague who transfers at once, exactly one is who has it; nothing is lost.
#[tokio::test]
async fn taking_assigning_and_transferring_at_once_leaves_one_who_has_it() {
    let desk = QueueDesk::open("off", &TEAM).await;
    let eva = desk.app.hire(&desk.owner, "Eva", "agent", json!([{ "id": desk.department }])).await;
    for round in 0..6 {
        let conversation = desk.ask().await;
        let to = desk.team[2].id().await;
        let transfer = json!({ "agent": to, "confirmed": true });
        let path = format!("/api/conversations/{conversation}/transfer");
        let (_, taken, transferred) = tokio::join!(
            desk.owner.patch("/api/workspace", json!({ "distribution": "least_busy" })),
            eva.act(&conversation, "take"),
            eva.post(&path, transfer),
        );
        assert!([200, 409].contains(&taken.status.as_u16()), "{}", taken.text);
        assert!([200, 403].contains(&transferred.status.as_u16()), "{}", transferred.text);
        desk.given(&conversation).await;
        let shown = desk.owner.conversation(&conversation).await;
        assert_eq!(shown["conversation"]["state"], "open", "round {round}");
        // Each change has its line, and the last one says who has it.
        let lines = shown["messages"].as_array().unwrap().clone();
        let seqs: Vec<i64> = lines.iter().filter_map(|line| line["seq"].as_i64()).collect();
        assert!(seqs.iter().zip(1..).all(|(seq, expected)| *seq == expected), "{seqs:?}");
        let last = lines.iter().rev().find(|line| line["kind"] == "system").unwrap();
        let agents = desk.owner.get("/api/agents").await.expect(200);
        let name = agents["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|agent| agent["id"] == shown["conversation"]["assignee_id"])
            .unwrap()["name"]
            .clone();
        let said =
            if last["event"]["code"] == "transferred" { &last["event"]["target"] } else { &last["event"]["name"] };
        assert_eq!(*said, name);
        desk.owner.patch("/api/workspace", json!({ "distribution": "off" })).await.expect(200);
        desk.owner.act(&conversation, "close").await.expect(200);
    }
}

/// One address that floods is held back; the others are served, and distribution goes on.
#[tokio::test]
async fn one_address_that_floods_does_not_keep_others_from_being_served() {
    let app = App::start_with(&[
        ("BALCAO_LIMITS_CONVERSATIONS_PER_HOUR", "5"),
        ("BALCAO_LIMITS_TICKETS_PER_MINUTE", "1000"),
        ("BALCAO_PROXIES_TRUSTED", "127.0.0.1"),
    ])
    .await;
    let desk = QueueDesk::open_at(app, "round_robin", &TEAM).await;
    let flood = join_all((0..30).map(|_| ask_from(&desk, "203.0.113.7"))).await;
    assert_eq!(flood.iter().filter(|status| **status == 200).count(), 5);
    assert!(flood.iter().all(|status| [200, 429].contains(status)), "{flood:?}");
    for other in 1..=6 {
        assert_eq!(ask_from(&desk, &format!("198.51.100.{other}")).await, 200);
        assert_eq!(ask_from(&desk, "203.0.113.7").await, 429);
    }
    desk.until_waiting(0).await;
    assert_eq!(desk.loads().await.iter().sum::<i64>(), 11);
}

async fn ask_from(desk: &QueueDesk, address: &str) -> u16 {
    let code = desk.site["code"].as_str().unwrap();
    let client = desk.app.stranger();
    let ticket = client
        .request(reqwest::Method::POST, &format!("/widgets/{code}/ticket"))
        .header("x-forwarded-for", address)
        .json(&json!({ "key": null }));
    let ticket = client.send(ticket).await.expect(200)["ticket"].as_str().unwrap().to_owned();
    let message = client
        .request(reqwest::Method::POST, "/api/visitor/messages")
        .header("x-forwarded-for", address)
        .bearer_auth(ticket)
        .json(&json!({ "id": client_id(), "text": "Oi" }));
    client.send(message).await.status.as_u16()
}

/// Where a visitor stands: with the welcome, when it changes, and without a socket.
#[tokio::test]
async fn a_visitor_is_told_the_place_in_the_queue_and_every_change_of_it() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    let mut conversations = Vec::new();
    for _ in 0..2 {
        conversations.push(desk.ask().await);
        desk.app.clock.advance(1);
    }
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    assert_eq!(visitor.welcome["queue"], Value::Null);
    let own = visitor.open("Oi").await;
    let told = visitor.socket.next("queue").await;
    assert_eq!((&told["position"], &told["conversation"]), (&json!(3), &json!(own)));
    desk.team[0].act(&conversations[0], "take").await.expect(200);
    assert_eq!(visitor.socket.next("queue").await["position"], 2);
    let again = until("the place in the welcome", || async {
        let again = Visitor::return_with(&desk.app, &desk.site, Some(&visitor.key)).await;
        (again.welcome["queue"] == json!(2)).then_some(again)
    })
    .await;
    let polled = poll(&desk, &again.ticket).await;
    assert_eq!(polled["queue"], 2);
    desk.team[0].act(&conversations[1], "close").await.expect(200);
    assert_eq!(visitor.socket.next("queue").await["position"], 1);
    desk.team[0].act(&own, "take").await.expect(200);
    visitor
        .socket
        .find("the state", |frame| frame["t"] == "conversation" && frame["conversation"]["state"] == "open")
        .await;
    assert_eq!(poll(&desk, &again.ticket).await["queue"], Value::Null);
}

async fn poll(desk: &QueueDesk, ticket: &str) -> Value {
    let client = desk.app.stranger();
    let request = client.request(reqwest::Method::GET, "/api/visitor/entries").bearer_auth(ticket);
    client.send(request).await.expect(200)
}

/// Where two nodes give away at once nobody gets more than the limit, and what waits is drained once.
#[tokio::test]
async fn two_nodes_give_nobody_more_than_the_limit() {
    let Ok(nats) = std::env::var("BALCAO_TEST_NATS_URL") else { return };
    if std::env::var("BALCAO_TEST_DATABASE_URL").is_err() {
        return;
    }
    let one = App::start_with(&[("BALCAO_LIMITS_ENABLED", "false"), ("BALCAO_NATS_URL", &nats)]).await;
    let two = App::launch(one.config.clone(), one.clock.clone()).await;
    let desk = QueueDesk::open_at(one, "round_robin", &TEAM).await;
    let asked = join_all((0..40).map(|number| ask(if number % 2 == 0 { &desk.app } else { &two }, &desk.site))).await;
    desk.until_waiting(40 - 15).await;
    assert_eq!(desk.loads().await, [5, 5, 5]);
    // Room that one node makes is given away once, on whichever node the drain runs.
    let mut given = Vec::new();
    for conversation in asked {
        if desk.assignee(&conversation).await.is_some() {
            given.push(conversation);
        }
    }
    let owners = [desk.owner.clone(), desk.owner.at(&two)];
    let closings =
        given.iter().zip(owners.iter().cycle()).map(|(conversation, owner)| owner.act(conversation, "close"));
    assert!(join_all(closings).await.iter().all(|answer| answer.status == 200));
    desk.until_waiting(40 - 30).await;
    assert_eq!(desk.loads().await, [5, 5, 5]);
}

/// Z-128, X-022: of the limits of the company, the department and the person the strictest counts, in whatever order they are said.
#[tokio::test]
async fn the_strictest_of_three_limits_counts() {
    let desk = QueueDesk::open("round_robin", &["Bruno"]).await;
    let bruno = format!("/api/agents/{}", desk.team[0].id().await);
    let department = format!("/api/departments/{}", desk.department);
    for (company, of_department, person, expected) in [(2, 4, 5, 2), (5, 3, 4, 3), (6, 5, 4, 4)] {
        desk.owner.patch(&bruno, json!({ "simultaneous_limit": person })).await.expect(200);
        let limit = json!({ "simultaneous_limit": of_department });
        assert_eq!(desk.owner.patch(&department, limit).await.expect(200)["simultaneous_limit"], of_department);
        desk.limit(company).await;
        join_all((0..4).map(|_| desk.ask())).await;
        until("he is full", || async { (desk.loads().await == [expected]).then_some(()) }).await;
        assert!(desk.waiting().await > 0);
    }
    // What nobody may be given any more may still be handed over knowingly: the limit that is told is the one in force.
    let other = desk.app.hire(&desk.owner, "Carla", "agent", json!([{ "id": desk.department }])).await;
    let waiting = desk.owner.get("/api/conversations?list=queue").await.expect(200)["items"][0]["id"].clone();
    other.act(waiting.as_str().unwrap(), "take").await.expect(200);
    let to = json!({ "agent": desk.team[0].id().await, "client_id": crate::support::client_id() });
    let busy = other.post(&format!("/api/conversations/{}/transfer", waiting.as_str().unwrap()), to).await;
    assert_eq!(busy.body["error"]["detail"]["limit"], 4, "{}", busy.text);
    let wrong = desk.owner.patch(&department, json!({ "simultaneous_limit": 0 })).await;
    assert_eq!(wrong.fields(), ["simultaneous_limit:invalid_value"]);
    let freed = desk.owner.patch(&department, json!({ "simultaneous_limit": null })).await.expect(200);
    assert_eq!(freed["simultaneous_limit"], json!(null));
}
