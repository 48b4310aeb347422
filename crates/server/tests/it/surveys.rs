//! The satisfaction survey: when it is asked, of whom the answer is, and that it is given once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, QueueDesk, Visitor, client_id};

async fn turn_on(desk: &QueueDesk, survey: Value) {
    desk.owner.patch("/api/workspace", json!({ "survey": survey })).await.expect(200);
}

async fn rate(app: &App, visitor: &Visitor, conversation: &str, body: Value) -> Answer {
    let stranger = app.stranger();
    let path = format!("/api/visitor/conversations/{conversation}/rating");
    let request = stranger.request(Method::PUT, &path).bearer_auth(&visitor.ticket).json(&body);
    stranger.send(request).await
}

/// A visitor's conversation that Bruno has answered and closed, as the visitor was told it.
async fn closed(desk: &QueueDesk) -> (Visitor, String, Value) {
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    desk.team[0].reply(&conversation, "Oi, tudo bem?").await.expect(201);
    desk.team[0].act(&conversation, "close").await.expect(200);
    let told = visitor.socket.find("closed", |frame| frame["conversation"]["state"] == "closed").await;
    let survey = told["conversation"]["survey"].clone();
    (visitor, conversation, survey)
}

/// T-180, T-181, T-182, T-183
#[tokio::test]
async fn where_it_is_on_the_visitor_is_asked_once_and_the_team_reads_the_answer() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    // Off: not asked, and the interface takes nothing.
    let (visitor, conversation, survey) = closed(&desk).await;
    assert_eq!(survey, Value::Null);
    let refused = rate(&desk.app, &visitor, &conversation, json!({ "grade": 5 })).await;
    assert_eq!(refused.refused(409), "survey_over");

    turn_on(&desk, json!({ "is_on": true, "lowest": 0, "highest": 10, "question": "Recomendaria?" })).await;
    let (mut visitor, conversation, survey) = closed(&desk).await;
    assert_eq!(
        (&survey["lowest"], &survey["highest"], &survey["question"]),
        (&json!(0), &json!(10), &json!("Recomendaria?"))
    );
    for grade in [-1, 11] {
        let answer = rate(&desk.app, &visitor, &conversation, json!({ "grade": grade })).await;
        assert_eq!(answer.fields(), ["grade:invalid_value"]);
    }
    let mut console = desk.owner.socket().await;
    let body = json!({ "grade": 0, "comment": " Demorou  " });
    rate(&desk.app, &visitor, &conversation, body.clone()).await.expect(204);
    console.event("conversation_rated").await;
    visitor
        .socket
        .find("asked no more", |frame| frame["t"] == "conversation" && frame["conversation"]["survey"].is_null())
        .await;
    let rating = desk.owner.conversation(&conversation).await["conversation"]["rating"].clone();
    assert_eq!((&rating["grade"], &rating["comment"]), (&json!(0), &json!("Demorou")));
    assert_eq!(rating["agent_id"], json!(desk.team[0].id().await));
    // In the list too, and on the paper.
    let listed = desk.owner.get("/api/conversations?list=closed").await.expect(200)["items"].clone();
    let grades: Vec<&Value> = listed.as_array().unwrap().iter().map(|row| &row["grade"]).collect();
    assert_eq!(grades, [&json!({ "grade": 0, "highest": 10 }), &Value::Null], "the newest first");
    let (_, read) = crate::transcript::pdf(&desk.owner, &conversation, "").await;
    assert!(read.text.contains("Avaliação: 0 de 10 · Demorou"), "{}", read.text);
    // Switched off meanwhile, nothing is taken.
    let (other, open, _) = closed(&desk).await;
    turn_on(&desk, json!({ "is_on": false })).await;
    assert_eq!(rate(&desk.app, &other, &open, json!({ "grade": 5 })).await.refused(409), "survey_over");
    turn_on(&desk, json!({ "is_on": true })).await;
    // The same again is fine, another one is not; nor is a stranger's.
    rate(&desk.app, &visitor, &conversation, json!({ "grade": 0, "comment": "Demorou" })).await.expect(204);
    assert_eq!(rate(&desk.app, &visitor, &conversation, json!({ "grade": 9 })).await.refused(409), "survey_over");
    let stranger = Visitor::arrive(&desk.app, &desk.site).await;
    assert_eq!(rate(&desk.app, &stranger, &conversation, body).await.refused(404), "not_found");
    // Reopened and closed again, it is not asked anew.
    desk.team[0].act(&conversation, "reopen").await.expect(200);
    desk.team[0].act(&conversation, "close").await.expect(200);
    let again = Visitor::return_with(&desk.app, &desk.site, Some(&visitor.key)).await;
    assert_eq!(again.welcome["conversation"]["survey"], Value::Null);
}

/// T-183: skipped is answered; and a week later nobody asks any more.
#[tokio::test]
async fn it_can_be_skipped_and_runs_out_after_a_week() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    turn_on(&desk, json!({ "is_on": true })).await;
    let (visitor, conversation, survey) = closed(&desk).await;
    assert_eq!((&survey["lowest"], &survey["highest"]), (&json!(1), &json!(5)));
    rate(&desk.app, &visitor, &conversation, json!({ "grade": null })).await.expect(204);
    let rating = desk.owner.conversation(&conversation).await["conversation"]["rating"].clone();
    assert_eq!(rating["grade"], Value::Null);
    assert_eq!(rate(&desk.app, &visitor, &conversation, json!({ "grade": 5 })).await.refused(409), "survey_over");

    let (visitor, conversation, _) = closed(&desk).await;
    desk.app.clock.advance(7 * 86_400);
    let late = Visitor::return_with(&desk.app, &desk.site, Some(&visitor.key)).await;
    assert_eq!(rate(&desk.app, &late, &conversation, json!({ "grade": 5 })).await.refused(409), "survey_over");
}

/// T-185, T-186
#[tokio::test]
async fn the_rating_is_whose_answer_was_the_last_and_what_nobody_had_is_not_rated() {
    let desk = QueueDesk::open("off", &["Bruno", "Carla"]).await;
    turn_on(&desk, json!({ "is_on": true })).await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    let (bruno, carla) = (&desk.team[0], &desk.team[1]);
    bruno.reply(&conversation, "Passo para a Carla").await.expect(201);
    let path = format!("/api/conversations/{conversation}/transfer");
    let to = json!({ "agent": carla.id().await, "client_id": client_id() });
    bruno.post(&path, to).await.expect(200);
    carla.reply(&conversation, "Sou a Carla").await.expect(201);
    // The manager only closes it.
    desk.owner.act(&conversation, "close").await.expect(200);
    rate(&desk.app, &visitor, &conversation, json!({ "grade": 4 })).await.expect(204);
    let rating = desk.owner.conversation(&conversation).await["conversation"]["rating"].clone();
    assert_eq!(rating["agent_id"], json!(carla.id().await));

    let mut unserved = Visitor::arrive(&desk.app, &desk.site).await;
    let waiting = unserved.open("Tem alguém?").await;
    unserved.socket.send(json!({ "t": "close", "conversation": waiting })).await;
    let told = unserved.socket.find("closed", |frame| frame["conversation"]["state"] == "closed").await;
    assert_eq!(told["conversation"]["survey"], Value::Null);
}

/// T-182
#[tokio::test]
async fn the_range_is_one_from_0_to_10() {
    let desk = QueueDesk::open("off", &[]).await;
    let set = async |survey: Value| desk.owner.patch("/api/workspace", json!({ "survey": survey })).await;
    for wrong in [json!({ "lowest": 5, "highest": 5 }), json!({ "highest": 11 }), json!({ "lowest": 6 })] {
        assert_eq!(set(wrong).await.fields(), ["survey.highest:grades_invalid"]);
    }
    assert_eq!(set(json!({ "question": "x".repeat(201) })).await.fields(), ["survey.question:too_long"]);
    let kept = set(json!({ "is_on": true, "lowest": 0, "highest": 3 })).await.expect(200);
    assert_eq!(kept["survey"], json!({ "is_on": true, "lowest": 0, "highest": 3, "question": "" }));
    // A part of it leaves the rest as it was.
    let kept = set(json!({ "is_on": false })).await.expect(200);
    assert_eq!(kept["survey"], json!({ "is_on": false, "lowest": 0, "highest": 3, "question": "" }));
}
