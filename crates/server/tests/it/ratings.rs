//! What visitors said, read by those who manage: in figures, and one by one.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, QueueDesk, client_id};

/// A conversation on a site that somebody has answered and closed, with its visitor's ticket.
async fn ended(desk: &QueueDesk, site: &Value, person: &Client) -> (String, String) {
    let stranger = desk.app.stranger();
    let code = site["code"].as_str().unwrap();
    let ticket = stranger.post(&format!("/widgets/{code}/ticket"), json!({ "key": null })).await.expect(200);
    let ticket = ticket["ticket"].as_str().unwrap().to_owned();
    let said = json!({ "id": client_id(), "text": "Oi" });
    let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(&ticket).json(&said);
    let conversation = stranger.send(request).await.expect(200)["conversation"].as_str().unwrap().to_owned();
    person.reply(&conversation, "Pois não").await.expect(201);
    person.act(&conversation, "close").await.expect(200);
    (conversation, ticket)
}

/// The same, rated; the conversation.
async fn rated(desk: &QueueDesk, site: &Value, person: &Client, rating: Value) -> String {
    let (conversation, ticket) = ended(desk, site, person).await;
    let stranger = desk.app.stranger();
    let path = format!("/api/visitor/conversations/{conversation}/rating");
    stranger.send(stranger.request(Method::PUT, &path).bearer_auth(ticket).json(&rating)).await.expect(204);
    conversation
}

async fn survey(desk: &QueueDesk, survey: Value) {
    desk.owner.patch("/api/workspace", json!({ "survey": survey })).await.expect(200);
}

async fn desk(names: &[&str]) -> QueueDesk {
    let desk = QueueDesk::open("off", names).await;
    survey(&desk, json!({ "is_on": true })).await;
    desk
}

async fn figures(person: &Client, query: &str) -> Value {
    person.get(&format!("/api/ratings/figures?{query}")).await.expect(200)
}

async fn listed(person: &Client, query: &str) -> Vec<Value> {
    person.get(&format!("/api/ratings?{query}")).await.expect(200)["items"].as_array().unwrap().clone()
}

/// The figures of one of several, by name.
fn of<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    list.as_array().unwrap().iter().find(|one| one["name"] == json!(name))
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

/// How many have given each grade, the lowest first.
fn grades(figures: &Value) -> Vec<i64> {
    figures["grades"].as_array().unwrap().iter().map(|one| one["ratings"].as_i64().unwrap()).collect()
}

// T-184, A-061, A-063, A-065
#[tokio::test]
async fn grades_are_counted_of_all_of_each_person_and_of_each_department() {
    let desk = desk(&["Bruno", "Carla", "Davi"]).await;
    let other = desk.app.department(&desk.owner, "Financeiro").await;
    let elsewhere = desk.app.webchat(&desk.owner, Some(&other), json!({})).await;
    for grade in [5, 4] {
        rated(&desk, &desk.site, &desk.team[0], json!({ "grade": grade })).await;
    }
    rated(&desk, &desk.site, &desk.team[1], json!({ "grade": 2 })).await;
    rated(&desk, &desk.site, &desk.team[1], json!({ "grade": null })).await;
    ended(&desk, &desk.site, &desk.team[1]).await;
    rated(&desk, &elsewhere, &desk.owner, json!({ "grade": 1 })).await;

    let all = figures(&desk.owner, "").await;
    assert_eq!((&all["from"], &all["to"]), (&json!("2026-10-22"), &json!("2026-11-20")), "thirty days");
    assert_eq!((&all["lowest"], &all["highest"], &all["other_scales"]), (&json!(1), &json!(5), &json!([])));
    let whole = &all["whole"];
    assert_eq!((&whole["ratings"], &whole["skipped"], &whole["unanswered"]), (&json!(4), &json!(1), &json!(1)));
    assert_eq!((&whole["mean"], grades(whole)), (&json!(3.0), vec![1, 1, 0, 1, 1]));

    assert_eq!(names(&all["agents"]), ["Bruno", "Carla", "Ana Souza", "Davi"], "most ratings first");
    let [bruno, carla, davi] = ["Bruno", "Carla", "Davi"].map(|name| of(&all["agents"], name).unwrap());
    assert_eq!((&bruno["ratings"], &bruno["mean"], grades(bruno)), (&json!(2), &json!(4.5), vec![0, 0, 0, 1, 1]));
    assert_eq!((&carla["ratings"], &carla["skipped"], &carla["mean"]), (&json!(1), &json!(1), &json!(2.0)));
    assert_eq!(carla["unanswered"], Value::Null, "nobody knows whose it would have been");
    // Nobody has said anything: that is no grade at all.
    assert_eq!((&davi["ratings"], &davi["mean"], grades(davi)), (&json!(0), &Value::Null, vec![0; 5]));

    let [support, finance] = ["Suporte", "Financeiro"].map(|name| of(&all["departments"], name).unwrap());
    assert_eq!((&support["ratings"], &support["mean"], &support["unanswered"]), (&json!(3), &json!(3.67), &json!(1)));
    assert_eq!((&finance["ratings"], &finance["mean"], &finance["unanswered"]), (&json!(1), &json!(1.0), &json!(0)));

    let there = figures(&desk.owner, &format!("department={other}")).await;
    assert_eq!((&there["whole"]["ratings"], &there["whole"]["unanswered"]), (&json!(1), &json!(0)));
    assert_eq!(names(&there["agents"]), ["Ana Souza"], "who serves elsewhere is not missed here");
    assert_eq!(names(&there["departments"]), ["Financeiro"]);
}

// T-182, T-184
#[tokio::test]
async fn grades_of_another_range_count_by_how_far_they_are_and_that_is_told() {
    let desk = desk(&["Bruno"]).await;
    rated(&desk, &desk.site, &desk.team[0], json!({ "grade": 5 })).await;
    rated(&desk, &desk.site, &desk.team[0], json!({ "grade": 2 })).await;
    survey(&desk, json!({ "lowest": 0, "highest": 10 })).await;
    rated(&desk, &desk.site, &desk.team[0], json!({ "grade": 5 })).await;
    let all = figures(&desk.owner, "").await;
    assert_eq!((&all["lowest"], &all["highest"]), (&json!(0), &json!(10)));
    assert_eq!(all["other_scales"], json!([{ "lowest": 1, "highest": 5, "ratings": 2 }]));
    // 5 of 1 to 5 is 10 of 0 to 10; 2 is 2.5, which counts as it is, and stands with 3.
    assert_eq!(all["whole"]["mean"], json!(5.83));
    assert_eq!(grades(&all["whole"]), [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1]);
    let ranges =
        |rows: Vec<Value>| rows.iter().map(|row| (row["grade"].clone(), row["highest"].clone())).collect::<Vec<_>>();
    assert_eq!(ranges(listed(&desk.owner, "grade=10").await), [(json!(5), json!(5))], "as it was given");
    assert_eq!(ranges(listed(&desk.owner, "grade=3").await), [(json!(2), json!(5))]);
    assert_eq!(ranges(listed(&desk.owner, "grade=5").await), [(json!(5), json!(10))]);
    assert_eq!(listed(&desk.owner, "grade=2").await, [Value::Null; 0]);
    survey(&desk, json!({ "lowest": 1, "highest": 5 })).await;
    assert_eq!(desk.owner.get("/api/ratings?grade=10").await.fields(), ["grade:invalid_value"]);
    assert_eq!(figures(&desk.owner, "").await["whole"]["mean"], json!(3.33));
}

// A-066, T-185
#[tokio::test]
async fn who_was_deactivated_or_has_left_a_department_keeps_what_was_said() {
    let desk = desk(&["Bruno", "Carla", "Davi"]).await;
    let other = desk.app.department(&desk.owner, "Financeiro").await;
    let bruno = desk.team[0].id().await;
    rated(&desk, &desk.site, &desk.team[0], json!({ "grade": 5 })).await;
    rated(&desk, &desk.site, &desk.team[1], json!({ "grade": 3 })).await;
    let moved = json!({ "departments": [{ "id": other }] });
    desk.owner.patch(&format!("/api/agents/{}", desk.team[1].id().await), moved).await.expect(200);
    for person in [&desk.team[0], &desk.team[2]] {
        let path = format!("/api/agents/{}", person.id().await);
        desk.owner.patch(&path, json!({ "is_active": false })).await.expect(200);
    }
    let there = figures(&desk.owner, &format!("department={}", desk.department)).await;
    let [bruno_then, carla] = ["Bruno", "Carla"].map(|name| of(&there["agents"], name).unwrap());
    assert_eq!((&bruno_then["is_active"], &bruno_then["mean"]), (&json!(false), &json!(5.0)));
    assert_eq!((&carla["is_active"], &carla["mean"]), (&json!(true), &json!(3.0)));
    assert_eq!(of(&there["agents"], "Davi"), None, "whoever is gone and has none is not missed");
    // Nor can the person, or the department, be removed from under a rating that is theirs, wherever its conversation is now.
    let conversation = listed(&desk.owner, &format!("agent={bruno}")).await[0]["conversation_id"].clone();
    let conversation = conversation.as_str().unwrap();
    desk.owner.act(conversation, "reopen").await.expect(200);
    let to = json!({ "department": other, "client_id": client_id(), "confirmed": true });
    desk.owner.post(&format!("/api/conversations/{conversation}/transfer"), to).await.expect(200);
    let refused = desk.owner.delete(&format!("/api/agents/{bruno}")).await;
    assert_eq!(refused.refused(409), "agent_in_use");
    let there = figures(&desk.owner, &format!("department={}", desk.department)).await;
    assert_eq!(there["whole"]["ratings"], json!(2), "it stays where it was given");
}

// T-184, T-106, X-014
#[tokio::test]
async fn everybody_sees_what_they_manage_and_what_is_their_own() {
    let desk = desk(&["Bruno", "Carla"]).await;
    let (own, other) = (&desk.department, desk.app.department(&desk.owner, "Financeiro").await);
    let elsewhere = desk.app.webchat(&desk.owner, Some(&other), json!({})).await;
    let both = json!([{ "id": own, "is_manager": true }, { "id": other }]);
    let manager = desk.app.hire(&desk.owner, "Marta", "manager", both).await;
    let viewer = desk.app.hire(&desk.owner, "Vera", "viewer", json!([{ "id": own }])).await;
    let bruno = rated(&desk, &desk.site, &desk.team[0], json!({ "grade": 5, "comment": "Ótimo" })).await;
    let carla = rated(&desk, &desk.site, &desk.team[1], json!({ "grade": 1, "comment": "Ruim" })).await;
    let martas = rated(&desk, &elsewhere, &manager, json!({ "grade": 4 })).await;
    let owners = rated(&desk, &elsewhere, &desk.owner, json!({ "grade": 2 })).await;
    for (who, person, sees, whole) in [
        ("owner", &desk.owner, vec![&bruno, &carla, &martas, &owners], 4),
        ("manager", &manager, vec![&bruno, &carla, &martas], 3),
        ("agent", &desk.team[0], vec![&bruno], 1),
        ("viewer", &viewer, vec![], 0),
    ] {
        let rows = listed(person, "").await;
        let mut found: Vec<&str> = rows.iter().map(|row| row["conversation_id"].as_str().unwrap()).collect();
        let mut wanted: Vec<&str> = sees.iter().map(|id| id.as_str()).collect();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{who}");
        assert_eq!(figures(person, "").await["whole"]["ratings"], json!(whole), "{who}");
        for row in rows {
            let id = row["conversation_id"].as_str().unwrap();
            person.get(&format!("/api/conversations/{id}")).await.expect(200);
            assert_eq!(row["may_open"], json!(true), "{who}");
        }
    }
    let seen = figures(&desk.team[0], "").await;
    assert_eq!((names(&seen["agents"]), names(&seen["departments"])), (vec!["Bruno"], vec!["Suporte"]));
    assert_eq!(seen["whole"]["unanswered"], Value::Null);
    assert_eq!(figures(&viewer, "").await["agents"], json!([]));
    let seen = figures(&manager, "").await;
    assert_eq!(names(&seen["departments"]), ["Suporte", "Financeiro"]);
    assert_eq!(of(&seen["departments"], "Financeiro").unwrap()["unanswered"], Value::Null, "not managed");
    // Asking for more gives no more.
    let colleague = desk.team[1].id().await;
    assert!(listed(&desk.team[0], &format!("agent={colleague}")).await.is_empty());
    assert_eq!(figures(&desk.team[0], &format!("department={other}")).await["whole"]["ratings"], json!(0));
    let theirs = listed(&manager, &format!("department={other}")).await;
    assert_eq!(theirs.len(), 1, "one's own there, and not the owner's");
    let beside = crate::permissions::other_company(&desk.app).await;
    assert_eq!(figures(&beside, &format!("department={own}")).await["whole"]["ratings"], json!(0));
    assert!(listed(&beside, "").await.is_empty());
}

// A-062, A-064
#[tokio::test]
async fn single_ratings_lead_to_their_conversations_newest_first_and_page_by_page() {
    let desk = desk(&["Bruno", "Carla"]).await;
    let mut given = Vec::new();
    for number in 0..52 {
        desk.app.clock.advance(1);
        let comment = if number == 7 { "Chegou na hora" } else { "" };
        let person = &desk.team[usize::from(number == 7)];
        given.push(rated(&desk, &desk.site, person, json!({ "grade": 1 + number % 5, "comment": comment })).await);
    }
    rated(&desk, &desk.site, &desk.team[0], json!({ "grade": null })).await;
    given.reverse();
    let first = desk.owner.get("/api/ratings").await.expect(200);
    let rows = first["items"].as_array().unwrap();
    assert_eq!((rows.len(), &first["has_more"]), (50, &json!(true)), "what was skipped is not there");
    let next = desk.owner.get(&format!("/api/ratings?before={}", rows[49]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(next["has_more"], json!(false));
    let found =
        rows.iter().chain(next["items"].as_array().unwrap()).map(|row| row["conversation_id"].as_str().unwrap());
    assert_eq!(found.collect::<Vec<_>>(), given);
    let commented = listed(&desk.owner, "commented=true").await;
    assert_eq!(commented.len(), 1);
    let row = &commented[0];
    let shown = desk.owner.conversation(row["conversation_id"].as_str().unwrap()).await["conversation"].clone();
    assert_eq!((&row["protocol"], &row["contact"]["number"]), (&shown["protocol"], &shown["contact"]["number"]));
    assert_eq!((&row["grade"], &row["lowest"], &row["highest"]), (&json!(3), &json!(1), &json!(5)));
    assert_eq!((&row["comment"], &row["department_id"]), (&json!("Chegou na hora"), &json!(desk.department)));
    assert_eq!(row["answered_at"], shown["rating"]["answered_at"]);
    let carla = desk.team[1].id().await;
    assert_eq!(row["agent_id"], json!(carla));
    assert_eq!(listed(&desk.owner, &format!("agent={carla}")).await, commented);
    assert_eq!(listed(&desk.owner, &format!("agent={carla}&grade=4")).await, [Value::Null; 0]);
    assert_eq!(listed(&desk.owner, "grade=5").await.len(), 10);
    // One whose conversation has gone where one does not see it is still one's own, and leads nowhere.
    let other = desk.app.department(&desk.owner, "Financeiro").await;
    let id = row["conversation_id"].as_str().unwrap();
    desk.owner.act(id, "reopen").await.expect(200);
    let to = json!({ "department": other, "client_id": client_id(), "confirmed": true });
    desk.owner.post(&format!("/api/conversations/{id}/transfer"), to).await.expect(200);
    let own = listed(&desk.team[1], "").await;
    assert_eq!((own.len(), &own[0]["may_open"]), (1, &json!(false)));
    desk.team[1].get(&format!("/api/conversations/{id}")).await.refused(404);
}

// T-184
#[tokio::test]
async fn days_are_those_of_the_companys_time_zone_and_both_ends_belong_to_them() {
    let desk = desk(&["Bruno"]).await;
    // It is nine in the morning there. One is rated in the last second of the day, one in the first of the next.
    ended(&desk, &desk.site, &desk.team[0]).await;
    desk.app.clock.advance(15 * 3_600 - 1);
    let site = &desk.site;
    let bruno = desk.app.stranger();
    let login = json!({ "email": "bruno@vilaclara.com.br", "password": crate::support::PASSWORD });
    bruno.post("/api/session", login).await.expect(200);
    rated(&desk, site, &bruno, json!({ "grade": 5 })).await;
    desk.app.clock.advance(1);
    rated(&desk, site, &bruno, json!({ "grade": 1 })).await;
    let owner = desk.app.again().await;
    let means = async |query: &str| {
        let whole = figures(&owner, query).await["whole"].clone();
        (whole["mean"].clone(), whole["ratings"].clone(), whole["unanswered"].clone())
    };
    assert_eq!(means("from=2026-11-20&to=2026-11-20").await, (json!(5.0), json!(1), json!(1)));
    assert_eq!(means("from=2026-11-21").await, (json!(1.0), json!(1), json!(0)), "until today");
    assert_eq!(means("from=2026-11-20&to=2026-11-21").await, (json!(3.0), json!(2), json!(1)));
    assert_eq!(means("to=2026-11-19").await, (Value::Null, json!(0), json!(0)));
    assert_eq!(listed(&owner, "from=2026-11-20&to=2026-11-20").await.len(), 1);
    let wrong = owner.get("/api/ratings/figures?from=2026-11-21&to=2026-11-20").await;
    assert!(wrong.text.contains("366"), "{}", wrong.text);
    assert_eq!(wrong.fields(), ["from:period_invalid"]);
    let wrong = owner.get("/api/ratings?from=ontem&to=amanh%C3%A3").await;
    assert_eq!(wrong.fields(), ["from:invalid_value", "to:invalid_value"]);
}
