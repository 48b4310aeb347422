//! Ids of other companies and departments inside bodies, lists and searches.

use serde_json::{Value, json};

use super::world::{Principal, Whose, World};
use crate::support::until;

/// Every id that a list answered.
fn ids(answer: &Value, path: &[&str]) -> Vec<String> {
    let of =
        |item: &Value| path.iter().fold(item.clone(), |inner, key| inner[*key].clone()).as_str().unwrap().to_owned();
    answer["items"].as_array().unwrap().iter().map(of).collect()
}

/// T-085
#[tokio::test]
async fn lists_and_searches_show_each_only_what_each_may_see() {
    let world = World::new().await;
    let mut conversations = Vec::new();
    for whose in [Whose::Own, Whose::OtherDepartment, Whose::OtherWorkspace] {
        conversations.push(world.conversation(whose).await.0);
    }
    let [own, other, theirs] = [0, 1, 2].map(|index| conversations[index].clone());
    let found = || async {
        let answer = world.owner.get("/api/messages/search?q=segredo").await.expect(200);
        let found = ids(&answer, &["conversation", "id"]);
        (found.contains(&own) && found.contains(&other)).then_some(())
    };
    until("the search index", found).await;
    for (principal, sees) in [
        (Principal::Viewer, [true, false, false]),
        (Principal::Agent, [true, false, false]),
        (Principal::Manager, [true, false, false]),
        (Principal::Administrator, [true, true, false]),
        (Principal::Owner, [true, true, false]),
        (Principal::Stranger, [false, false, true]),
    ] {
        let person = world.person(principal).unwrap();
        let listed = person.get("/api/conversations?list=queue").await.expect(200);
        let named = person.get("/api/conversations?list=queue&search=segredo").await.expect(200);
        assert!(ids(&named, &["id"]).is_empty(), "lists are searched by people, not by words");
        let searched = person.get("/api/messages/search?q=segredo").await.expect(200);
        for (conversation, sees) in [&own, &other, &theirs].into_iter().zip(sees) {
            assert_eq!(ids(&listed, &["id"]).contains(conversation), sees, "{principal:?} in the list");
            if principal != Principal::Stranger {
                let hit = ids(&searched, &["conversation", "id"]).contains(conversation);
                assert_eq!(hit, sees, "{principal:?} in the search");
            }
        }
        let waiting = listed["items"].as_array().unwrap().len();
        assert_eq!(listed["counters"]["queue"], json!(waiting), "{principal:?}");
    }
}

#[tokio::test]
async fn lists_of_people_places_and_labels_are_those_of_the_own_company() {
    let world = World::new().await;
    world.stranger.post("/api/labels", json!({ "name": "Deles", "colour": "blue" })).await.expect(201);
    for path in ["/api/agents", "/api/departments", "/api/connections", "/api/connections/badges", "/api/labels"] {
        let ours = ids(&world.owner.get(path).await.expect(200), &["id"]);
        let theirs = ids(&world.stranger.get(path).await.expect(200), &["id"]);
        assert!(!ours.is_empty() && !theirs.is_empty(), "{path}");
        assert!(ours.iter().all(|id| !theirs.contains(id)), "{path} shows the other company's");
    }
}

#[tokio::test]
async fn a_body_cannot_name_what_belongs_to_another_company() {
    let world = World::new().await;
    let theirs = world.stranger.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let their_agent = world.stranger.id().await;
    let owner = &world.owner;
    let before = (world.state(0).await, world.state(1).await);
    let departments = json!([{ "id": theirs, "is_manager": true }]);
    let form = json!({ "name": "Nova", "email": "nova@exemplo.com.br", "role": "agent", "departments": departments });
    assert_eq!(owner.post("/api/agents", form).await.fields(), ["departments:department_unknown"]);
    let person = format!("/api/agents/{}", world.person(Principal::Agent).unwrap().id().await);
    let changed = owner.patch(&person, json!({ "departments": departments })).await;
    assert_eq!(changed.fields(), ["departments:department_unknown"]);
    let form =
        json!({ "channel": "webchat", "name": "Loja", "department_id": theirs, "settings": { "plugin_name": "Loja" } });
    assert_eq!(owner.post("/api/connections", form).await.fields(), ["department_id:department_unknown"]);
    let site = world.site(Whose::Own);
    let path = format!("/api/connections/{}", site["id"].as_str().unwrap());
    let request = owner.request(reqwest::Method::PATCH, &path).header("if-match", "\"1\"");
    let changed = owner.send(request.json(&json!({ "department_id": theirs }))).await;
    assert_eq!(changed.fields(), ["department_id:department_unknown"]);
    assert_eq!(before, (world.state(0).await, world.state(1).await));
    let form = json!({ "name": "Deles", "colour": "blue" });
    let their_label = world.stranger.post("/api/labels", form).await.expect(201)["id"].as_str().unwrap().to_owned();
    let (ours, _) = world.conversation(Whose::Own).await;
    let put = owner.put(&format!("/api/conversations/{ours}/labels/{their_label}"), json!({})).await;
    assert_eq!(put.refused(409), "label_unknown");
    let condition = json!([{ "field": "department", "operator": "equals", "value": theirs }]);
    let form = json!({ "name": "Nossa", "colour": "blue", "conditions": condition });
    assert_eq!(owner.post("/api/labels", form).await.fields(), ["conditions.0.value:department_unknown"]);
    let listed = owner.get(&format!("/api/conversations?list=queue&label={their_label}")).await.expect(200);
    assert_eq!(listed["items"], json!([]));
    let listed = owner.get(&format!("/api/conversations?list=open&agent={their_agent}")).await.expect(200);
    assert_eq!(listed["items"], json!([]));
}

/// The choice of a department is the visitor's where the connection leaves it open; it is still one of the company's.
#[tokio::test]
async fn a_visitor_cannot_open_a_conversation_in_another_companys_department() {
    let world = World::new().await;
    let theirs = world.stranger.get("/api/departments").await.expect(200)["items"][0]["id"].clone();
    let site = world.app.webchat(&world.owner, None, json!({})).await;
    let mut visitor = crate::support::Visitor::arrive(&world.app, &site).await;
    let frame =
        json!({ "t": "send", "id": crate::support::client_id(), "text": "oi", "form": { "department": theirs } });
    visitor.socket.send(frame).await;
    let refused = visitor.socket.next("refused").await;
    assert_eq!(refused["fields"][0]["field"], "form.department");
    // Where the connection has its department, the visitor's choice means nothing.
    let mut visitor = crate::support::Visitor::arrive(&world.app, world.site(Whose::Own)).await;
    let frame =
        json!({ "t": "send", "id": crate::support::client_id(), "text": "oi", "form": { "department": world.other } });
    visitor.socket.send(frame).await;
    let conversation = visitor.socket.next("ack").await["conversation"].as_str().unwrap().to_owned();
    assert_eq!(world.owner.conversation(&conversation).await["conversation"]["department_id"], json!(world.own));
}
