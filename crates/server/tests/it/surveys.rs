//! The satisfaction survey: when it is asked, of whom the answer is, and that it is given once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Answer, App, QueueDesk, Visitor, client_id,
    mail::{MailServers, header_of},
};

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
async fn the_rating_is_whose_answer_was_the_last_and_what_nobody_answered_is_not_rated() {
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

    // Taken, and never answered: there is nothing to rate, and nobody whose rating it would be.
    let mut unanswered = Visitor::arrive(&desk.app, &desk.site).await;
    let taken = unanswered.open("Oi?").await;
    bruno.act(&taken, "take").await.expect(200);
    bruno.act(&taken, "close").await.expect(200);
    let told = unanswered.socket.find("closed", |frame| frame["conversation"]["state"] == "closed").await;
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
    assert_eq!(kept["survey"], json!({ "is_on": true, "lowest": 0, "highest": 3, "question": "", "by_mail": false }));
    // A part of it leaves the rest as it was.
    let kept = set(json!({ "is_on": false })).await.expect(200);
    assert_eq!(kept["survey"], json!({ "is_on": false, "lowest": 0, "highest": 3, "question": "", "by_mail": false }));
}

/// What a link's page is told, or why nothing is asked.
async fn by_link(app: &App, token: &str) -> Answer {
    app.stranger().post("/api/surveys/open", json!({ "token": token })).await
}

fn token(link: &str) -> &str {
    link.split_once("/survey#").unwrap().1
}

/// T-183: by a link as in the chat, once; whoever is rated does not get the link.
#[tokio::test]
async fn it_is_answered_by_a_link_once_and_until_it_runs_out() {
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    turn_on(&desk, json!({ "is_on": true, "question": "Recomendaria?" })).await;
    let link_of = async |conversation: &str| {
        let shown = desk.owner.conversation(conversation).await["conversation"]["survey_link"].clone();
        shown.as_str().map(str::to_owned)
    };
    let (visitor, conversation, _) = closed(&desk).await;
    let link = link_of(&conversation).await.unwrap();
    assert_eq!(desk.team[0].conversation(&conversation).await["conversation"]["survey_link"], Value::Null);
    let shown = by_link(&desk.app, token(&link)).await.expect(200);
    assert_eq!(
        (&shown["question"], &shown["lowest"], &shown["highest"]),
        (&json!("Recomendaria?"), &json!(1), &json!(5))
    );
    assert!(shown["company"].is_string() && shown["protocol"].is_string());
    // Forged, cut, or for something else.
    let session = format!("{}x", token(&link));
    for wrong in ["", "x", &token(&link)[1..], &session, &visitor.ticket] {
        assert_eq!(by_link(&desk.app, wrong).await.refused(404), "not_found", "{wrong}");
    }
    let answer = async |body: Value| desk.app.stranger().post("/api/surveys/answer", body).await;
    assert_eq!(answer(json!({ "token": token(&link), "grade": 6 })).await.fields(), ["grade:invalid_value"]);
    let body = json!({ "token": token(&link), "grade": 4, "comment": "Boa" });
    answer(body.clone()).await.expect(204);
    answer(body).await.expect(204);
    assert_eq!(answer(json!({ "token": token(&link), "grade": 1 })).await.refused(409), "survey_over");
    assert_eq!(by_link(&desk.app, token(&link)).await.refused(409), "survey_over");
    assert_eq!(rate(&desk.app, &visitor, &conversation, json!({ "grade": 1 })).await.refused(409), "survey_over");
    let rating = desk.owner.conversation(&conversation).await["conversation"]["rating"].clone();
    assert_eq!((&rating["grade"], &rating["comment"]), (&json!(4), &json!("Boa")));
    assert_eq!(link_of(&conversation).await, None);

    let (_, conversation, _) = closed(&desk).await;
    let link = link_of(&conversation).await.unwrap();
    desk.app.clock.advance(7 * 86_400);
    assert_eq!(by_link(&desk.app, token(&link)).await.refused(409), "survey_over");
    let owner = desk.app.again().await;
    assert_eq!(owner.conversation(&conversation).await["conversation"]["survey_link"], Value::Null);
}

/// T-183: who has gone is asked by e-mail a quarter of an hour later, in their language; who has answered in the chat is not.
#[tokio::test]
async fn who_has_gone_without_answering_is_asked_by_mail() {
    let Some(servers) = MailServers::find() else { return };
    let desk = QueueDesk::open("off", &["Bruno"]).await;
    servers.set_up(&desk.owner, &servers.address("suporte", "loja.test")).await;
    turn_on(&desk, json!({ "is_on": true, "by_mail": true })).await;
    let marina = servers.address("marina", "exemplo.test");
    let mut ended = Vec::new();
    for _ in 0..2 {
        let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
        let form = json!({ "name": "Marina", "email": marina });
        let said = json!({ "id": client_id(), "text": "Oi", "form": form });
        let stranger = desk.app.stranger();
        let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(&visitor.ticket).json(&said);
        stranger.send(request).await.expect(200);
        let told = visitor.socket.find("begun", |frame| frame["conversation"]["id"].is_string()).await;
        let conversation = told["conversation"]["id"].as_str().unwrap().to_owned();
        desk.team[0].reply(&conversation, "Pronto").await.expect(201);
        desk.team[0].act(&conversation, "close").await.expect(200);
        ended.push((visitor, conversation));
    }
    let (visitor, answered) = &ended[0];
    rate(&desk.app, visitor, answered, json!({ "grade": 5 })).await.expect(204);
    desk.app.clock.advance(15 * 60 - 1);
    desk.app.clock.advance(1);
    let mails = servers.mails(&marina, 1).await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(header_of(mail, "Auto-Submitted").as_deref(), Some("auto-generated"));
    assert!(header_of(mail, "To").unwrap().contains("Marina"));
    let link = desk.owner.conversation(&ended[1].1).await["conversation"]["survey_link"].clone();
    let text = mail.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=");
    assert!(text.contains(link.as_str().unwrap()), "{text}");
}
