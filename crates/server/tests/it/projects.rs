//! Projects: the chat's switch, who serves each at which level, and what a level may have.

use std::ops::Deref;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Client, QueueDesk, Visitor, ask, client_id, until};

/// A desk whose people are Bruno, Carla and Davi, in one department of the first project.
struct Desk {
    desk: QueueDesk,
    project: String,
}

impl Deref for Desk {
    type Target = QueueDesk;

    fn deref(&self) -> &QueueDesk {
        &self.desk
    }
}

async fn projects(who: &Client) -> Vec<Value> {
    who.get("/api/projects").await.expect(200)["items"].as_array().unwrap().clone()
}

async fn project_of(who: &Client, id: &str) -> Value {
    projects(who).await.into_iter().find(|project| project["id"] == id).unwrap()
}

async fn first_project(who: &Client) -> String {
    projects(who).await[0]["id"].as_str().unwrap().to_owned()
}

async fn associate(owner: &Client, project: &str, specialists: Value) -> Answer {
    owner.post(&format!("/api/projects/{project}/specialists"), json!({ "specialists": specialists })).await
}

async fn transfer(who: &Client, conversation: &str, to: Value) -> Answer {
    who.post(&format!("/api/conversations/{conversation}/transfer"), to).await
}

impl Desk {
    async fn open(distribution: &str) -> Self {
        let desk = QueueDesk::open(distribution, &["Bruno", "Carla", "Davi"]).await;
        let project = first_project(&desk.owner).await;
        Self { desk, project }
    }

    /// With Bruno at Level 1, Carla and Davi at Level 2.
    async fn with_levels(distribution: &str) -> Self {
        let desk = Self::open(distribution).await;
        for (index, level) in [1, 2, 2].into_iter().enumerate() {
            desk.level(index, level).await.expect(200);
        }
        desk
    }

    async fn level(&self, index: usize, level: u8) -> Answer {
        let id = self.team[index].id().await;
        associate(&self.owner, &self.project, json!([{ "kind": "agent", "id": id, "level": level }])).await
    }

    async fn erase(&self, index: usize) -> Value {
        let erased = json!({ "specialists": [{ "kind": "agent", "id": self.team[index].id().await }] });
        self.owner.post(&format!("/api/projects/{}/specialists/erase", self.project), erased).await.expect(200)
    }

    async fn to(&self, index: usize) -> Value {
        json!({ "agent": self.team[index].id().await, "confirmed": true })
    }

    /// What a visitor's page is told of who is there.
    async fn status(&self) -> Value {
        let code = self.site["code"].as_str().unwrap();
        self.app.stranger().get(&format!("/widgets/{code}/status")).await.expect(200)
    }

    async fn until_online(&self, online: bool) {
        until("the chat is told so", || async { (self.status().await["online"] == online).then_some(()) }).await;
    }
}

/// a company begins with one project whose chat is on, and serves as if there were no levels.
#[tokio::test]
async fn the_first_project_has_the_chat_and_no_specialists() {
    let desk = Desk::open("round_robin").await;
    let there = projects(&desk.owner).await;
    assert_eq!(there.len(), 1);
    let first = &there[0];
    assert_eq!((&first["name"], &first["is_default"]), (&json!("Vila Clara"), &json!(true)));
    assert_eq!((&first["has_chat"], &first["only_specialists"]), (&json!(true), &json!(false)));
    assert_eq!(first["specialists"], json!([]));
    desk.given(&desk.ask().await).await;
    let departments = desk.owner.get("/api/departments").await.expect(200);
    assert!(departments["items"].as_array().unwrap().iter().all(|one| one["project_id"] == json!(desk.project)));
}

/// later projects begin without the chat.
#[tokio::test]
async fn a_project_has_a_name_of_its_own_and_begins_without_the_chat() {
    let app = App::start().await;
    let owner = app.owner().await;
    let added = owner.post("/api/projects", json!({ "name": " Contrato Águas " })).await.expect(201);
    assert_eq!((&added["name"], &added["has_chat"]), (&json!("Contrato Águas"), &json!(false)));
    assert_eq!(owner.post("/api/projects", json!({ "name": "contrato aguas" })).await.fields(), ["name:name_in_use"]);
    assert_eq!(owner.post("/api/projects", json!({ "name": " " })).await.fields(), ["name:required"]);
    assert_eq!(owner.post("/api/projects", json!({ "name": "x".repeat(81) })).await.fields(), ["name:too_long"]);
    let path = format!("/api/projects/{}", added["id"].as_str().unwrap());
    assert_eq!(owner.patch(&path, json!({ "name": "Vila Clara" })).await.fields(), ["name:name_in_use"]);
    let changed = owner.patch(&path, json!({ "name": "Águas", "has_chat": true })).await.expect(200);
    assert_eq!((&changed["name"], &changed["has_chat"]), (&json!("Águas"), &json!(true)));
    assert_eq!(owner.patch(&format!("/api/projects/{}", client_id()), json!({})).await.status.as_u16(), 404);
}

/// A project without departments can be removed, and brought back; the first one and one in use stay.
#[tokio::test]
async fn a_project_is_removed_only_when_nothing_is_in_it() {
    let app = App::start().await;
    let owner = app.owner().await;
    let first = format!("/api/projects/{}", first_project(&owner).await);
    assert_eq!(owner.patch(&first, json!({ "is_removed": true })).await.refused(409), "default_project");
    let added = owner.post("/api/projects", json!({ "name": "Contrato" })).await.expect(201)["id"].clone();
    let path = format!("/api/projects/{}", added.as_str().unwrap());
    let place = owner.post("/api/departments", json!({ "name": "Rede", "project_id": added })).await.expect(201);
    assert_eq!(place["project_id"], added);
    assert_eq!(owner.patch(&path, json!({ "is_removed": true })).await.refused(409), "project_in_use");
    let department = format!("/api/departments/{}", place["id"].as_str().unwrap());
    owner.patch(&department, json!({ "project_id": first_project(&owner).await })).await.expect(200);
    let removed = owner.patch(&path, json!({ "is_removed": true })).await.expect(200);
    assert_eq!(removed["is_removed"], true);
    // Nothing comes into it any more, and its name is free.
    assert_eq!(owner.patch(&department, json!({ "project_id": added })).await.fields(), ["project_id:project_unknown"]);
    let new = json!({ "name": "Outro", "project_id": added });
    assert_eq!(owner.post("/api/departments", new).await.fields(), ["project_id:project_unknown"]);
    assert_eq!(associate(&owner, added.as_str().unwrap(), json!([])).await.status.as_u16(), 404);
    let other = owner.post("/api/projects", json!({ "name": "Contrato" })).await.expect(201);
    assert_eq!(owner.patch(&path, json!({ "is_removed": false })).await.fields(), ["name:name_in_use"]);
    let other = format!("/api/projects/{}", other["id"].as_str().unwrap());
    owner.patch(&other, json!({ "is_removed": true })).await.expect(200);
    assert_eq!(owner.patch(&path, json!({ "is_removed": false })).await.expect(200)["is_removed"], false);
}

/// without the chat there is none on new pages, and new conversations are refused with 403; what is under way goes on.
#[tokio::test]
async fn a_project_without_the_chat_takes_no_new_conversations() {
    let desk = Desk::open("off").await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    let conversation = visitor.open("Oi").await;
    desk.team[0].act(&conversation, "take").await.expect(200);
    let path = format!("/api/projects/{}", desk.project);
    desk.owner.patch(&path, json!({ "has_chat": false })).await.expect(200);
    let code = desk.site["code"].as_str().unwrap().to_owned();
    let stranger = desk.app.stranger();
    desk.until_online(false).await;
    assert_eq!(stranger.get(&format!("/widgets/{code}")).await.status.as_u16(), 404);
    let script = reqwest::get(desk.app.url(&format!("/widgets/{code}.js"))).await.unwrap().text().await.unwrap();
    assert!(script.starts_with("console.warn("), "{script}");
    // What is under way goes on, both ways.
    assert_eq!(visitor.say("Ainda aí?").await["t"], "ack");
    desk.team[0].reply(&conversation, "Sim").await.expect(201);
    // Somebody new is refused, and nothing is kept of it.
    let ticket = Visitor::ticket_of(&desk.app, &desk.site).await;
    let form = json!({ "id": client_id(), "text": "Oi" });
    let request = stranger.request(Method::POST, "/api/visitor/messages").bearer_auth(&ticket).json(&form);
    assert_eq!(stranger.send(request).await.refused(403), "chat_off");
    let mut other = Visitor::arrive(&desk.app, &desk.site).await;
    assert_eq!(other.welcome["online"], false);
    assert_eq!(other.say("Oi").await["code"], "chat_off");
    assert_eq!(desk.waiting().await, 0);
    assert_eq!(desk.app.desk.store.reruns(), 0, "refused before anything was written");
    // A late message finds whoever had it; after that it is over.
    desk.team[0].act(&conversation, "close").await.expect(200);
    assert_eq!(visitor.say("Mais uma coisa").await["conversation"], json!(conversation));
    desk.team[0].act(&conversation, "close").await.expect(200);
    desk.team[0].go("offline").await;
    assert_eq!(visitor.say("E outra").await["code"], "chat_off");
    desk.owner.patch(&path, json!({ "has_chat": true })).await.expect(200);
    assert_eq!(visitor.say("E agora").await["t"], "ack");
    assert_eq!(desk.app.desk.store.reruns(), 0);
}

/// a connection that leaves the choice offers what is open, and what nobody chose goes there.
#[tokio::test]
async fn a_connection_that_leaves_the_choice_offers_the_departments_of_projects_with_the_chat() {
    let desk = Desk::open("off").await;
    let (app, owner) = (&desk.app, &desk.owner);
    let site = app.webchat(owner, None, json!({})).await;
    let added = owner.post("/api/projects", json!({ "name": "Contrato" })).await.expect(201)["id"].clone();
    let mut network = Vec::new();
    for name in ["Rede", "Redes móveis"] {
        let place = owner.post("/api/departments", json!({ "name": name, "project_id": added })).await.expect(201);
        network.push(place["id"].as_str().unwrap().to_owned());
    }
    let code = site["code"].as_str().unwrap();
    let offered = async || -> Vec<String> {
        let status = app.stranger().get(&format!("/widgets/{code}/status")).await.expect(200);
        let departments = status["departments"].as_array().unwrap();
        departments.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    until("the new project offers nothing", async || {
        let now = offered().await;
        (now.len() == 2 && !now.contains(&network[0])).then_some(())
    })
    .await;
    let mut visitor = Visitor::arrive(app, &site).await;
    let form = json!({ "department": network[0] });
    visitor.socket.send(json!({ "t": "send", "id": client_id(), "text": "Oi", "form": form })).await;
    let refused = visitor.socket.next("refused").await;
    assert_eq!(refused["code"], "chat_off");
    // The other way round: the first project is closed, and the default department with it.
    owner.patch(&format!("/api/projects/{}", added.as_str().unwrap()), json!({ "has_chat": true })).await.expect(200);
    owner.patch(&format!("/api/projects/{}", desk.project), json!({ "has_chat": false })).await.expect(200);
    until("only the other one is offered", async || {
        let now = offered().await;
        (now == network).then_some(())
    })
    .await;
    let conversation = ask(app, &site).await;
    assert_eq!(owner.conversation(&conversation).await["conversation"]["department_id"], json!(network[0]));
}

/// adding twice changes nothing and tells nobody; the level is changed in place.
#[tokio::test]
async fn people_and_groups_are_associated_at_a_level_which_can_be_changed() {
    let desk = Desk::open("off").await;
    let bruno = desk.team[0].id().await;
    let mut console = desk.owner.socket().await;
    let both =
        json!([{ "kind": "agent", "id": bruno, "level": 2 }, { "kind": "group", "id": desk.department, "level": 1 }]);
    let project = associate(&desk.owner, &desk.project, both.clone()).await.expect(200);
    assert_eq!((&project["specialists"], &project["only_specialists"]), (&both, &json!(true)));
    let told = console.event("project_changed").await["event"]["project"].clone();
    assert_eq!(told, project);
    assert_eq!(associate(&desk.owner, &desk.project, both).await.expect(200), project);
    let raised = desk.level(0, 1).await.expect(200);
    assert_eq!(raised["specialists"][0], json!({ "kind": "agent", "id": bruno, "level": 1 }));
    let told = console.event("project_changed").await["event"]["project"].clone();
    assert_eq!(told, raised, "the same again was not told");
    let wrong =
        json!([{ "kind": "agent", "id": client_id(), "level": 1 }, { "kind": "group", "id": bruno, "level": 1 }]);
    let faults = associate(&desk.owner, &desk.project, wrong).await.fields();
    assert_eq!(faults, ["specialists.0.id:agent_unknown", "specialists.1.id:department_unknown"]);
    for level in [json!(0), json!(3), json!("1"), json!(1.5)] {
        let wrong = json!([{ "kind": "agent", "id": bruno, "level": level }]);
        assert_eq!(associate(&desk.owner, &desk.project, wrong).await.status.as_u16(), 422);
    }
    let many = vec![json!({ "kind": "agent", "id": bruno, "level": 1 }); 501];
    assert_eq!(associate(&desk.owner, &desk.project, json!(many)).await.fields(), ["specialists:too_many"]);
}

/// what is general is the same in every project, who serves is not.
#[tokio::test]
async fn general_settings_are_shared_by_all_projects_and_specialists_are_not() {
    let desk = Desk::open("off").await;
    let other = desk.owner.post("/api/projects", json!({ "name": "B" })).await.expect(201)["id"].clone();
    let other = other.as_str().unwrap();
    let general = json!({ "simultaneous_limit": 7, "survey": { "is_on": true } });
    desk.owner.patch("/api/workspace", general).await.expect(200);
    desk.level(0, 1).await.expect(200);
    assert_eq!(project_of(&desk.owner, other).await["specialists"], json!([]));
    let bruno = desk.team[0].id().await;
    associate(&desk.owner, other, json!([{ "kind": "agent", "id": bruno, "level": 2 }])).await.expect(200);
    let level = async |project: &str| project_of(&desk.owner, project).await["specialists"][0]["level"].clone();
    assert_eq!((level(&desk.project).await, level(other).await), (json!(1), json!(2)));
    // Both projects' conversations go by the one general configuration.
    let company = desk.owner.get("/api/session").await.expect(200)["workspace"].clone();
    assert_eq!((&company["simultaneous_limit"], &company["survey"]["is_on"]), (&json!(7), &json!(true)));
}

/// what visitors begin goes to Level 1 alone, also when nobody of it is there.
#[tokio::test]
async fn a_new_conversation_is_given_to_level_1_and_never_to_level_2() {
    let desk = Desk::with_levels("round_robin").await;
    let bruno = desk.team[0].id().await;
    for _ in 0..3 {
        assert_eq!(desk.given(&desk.ask().await).await, bruno);
    }
    desk.team[0].go("offline").await;
    let waits = desk.ask().await;
    assert_eq!(desk.assignee(&waits).await, None);
    // Neither the draining nor the look from time to time gives it away.
    desk.team[1].go("away").await;
    desk.team[1].go("online").await;
    let workspace = desk.owner.get("/api/session").await.expect(200)["workspace"]["id"].as_str().unwrap().to_owned();
    balcao_desk::routing::look_again(&desk.app.desk, workspace.parse().unwrap()).await.unwrap();
    desk.team[0].go("online").await;
    assert_eq!(desk.given(&waits).await, bruno);
    assert_eq!(desk.loads().await, [4, 0, 0]);
}

/// not by hand either, nor by replying, nor by closing it, nor by moving it to oneself or to a colleague of the level.
#[tokio::test]
async fn level_2_cannot_take_by_hand_what_nobody_has_transferred() {
    let desk = Desk::with_levels("off").await;
    let (carla, davi) = (&desk.team[1], &desk.team[2]);
    let waits = desk.ask().await;
    assert_eq!(carla.act(&waits, "take").await.refused(409), "second_level");
    assert_eq!(carla.reply(&waits, "Oi").await.refused(409), "second_level");
    assert_eq!(carla.act(&waits, "close").await.refused(409), "second_level");
    assert_eq!(transfer(carla, &waits, desk.to(1).await).await.refused(409), "second_level");
    assert_eq!(transfer(carla, &waits, desk.to(2).await).await.refused(409), "second_level");
    // Through another department's queue neither.
    let other = desk.app.department(&desk.owner, "Vendas").await;
    let there = json!([{ "id": desk.department }, { "id": other }]);
    let path = format!("/api/agents/{}", davi.id().await);
    desk.owner.patch(&path, json!({ "departments": there })).await.expect(200);
    transfer(davi, &waits, json!({ "department": other, "confirmed": true })).await.expect(200);
    assert_eq!(davi.act(&waits, "take").await.refused(409), "second_level");
    // Nor through a department of another project, where one is of Level 1.
    let second = desk.owner.post("/api/projects", json!({ "name": "Outro", "has_chat": true })).await.expect(201);
    desk.owner.patch(&format!("/api/departments/{other}"), json!({ "project_id": second["id"] })).await.expect(200);
    transfer(davi, &waits, json!({ "department": desk.department, "confirmed": true })).await.expect(200);
    assert_eq!(davi.act(&waits, "take").await.refused(409), "second_level");
    // A note is no service.
    let note = json!({ "client_id": client_id(), "kind": "note", "text": "Para o nível 1" });
    davi.post(&format!("/api/conversations/{waits}/messages"), note).await.expect(201);
    // Nor does reopening what somebody else has closed come to more.
    let bruno = &desk.team[0];
    let closed = desk.ask().await;
    bruno.act(&closed, "take").await.expect(200);
    bruno.act(&closed, "close").await.expect(200);
    assert_eq!(carla.act(&closed, "reopen").await.refused(409), "second_level");
    assert_eq!(desk.loads().await, [0, 0, 0]);
}

/// from Level 1 to either, from Level 2 to either; once transferred, always transferred.
#[tokio::test]
async fn transfers_go_between_the_levels_both_ways() {
    let desk = Desk::with_levels("off").await;
    let [bruno, carla, davi] = [&desk.team[0], &desk.team[1], &desk.team[2]];
    let conversation = desk.ask().await;
    bruno.act(&conversation, "take").await.expect(200);
    assert_eq!(bruno.conversation(&conversation).await["conversation"]["is_handed_on"], false);
    let row = transfer(bruno, &conversation, desk.to(1).await).await.expect(200);
    assert_eq!(row["is_handed_on"], true);
    transfer(carla, &conversation, desk.to(2).await).await.expect(200);
    transfer(davi, &conversation, desk.to(0).await).await.expect(200);
    transfer(bruno, &conversation, desk.to(1).await).await.expect(200);
    // Back in the queue it stays what it is: Level 2 may have it again.
    carla.act(&conversation, "return").await.expect(200);
    davi.act(&conversation, "take").await.expect(200);
    davi.act(&conversation, "close").await.expect(200);
    davi.act(&conversation, "reopen").await.expect(200);
    // A transfer that is taken back has not happened.
    let other = desk.ask().await;
    bruno.act(&other, "take").await.expect(200);
    transfer(bruno, &other, desk.to(1).await).await.expect(200);
    let row = bruno.act(&other, "take_back").await.expect(200);
    assert_eq!(row["is_handed_on"], false);
    bruno.act(&other, "return").await.expect(200);
    assert_eq!(carla.act(&other, "take").await.refused(409), "second_level");
    // To one's own queue is only giving it back.
    bruno.act(&other, "take").await.expect(200);
    transfer(bruno, &other, json!({ "department": desk.department, "confirmed": true })).await.expect(200);
    assert_eq!(carla.act(&other, "take").await.refused(409), "second_level");
}

/// what was transferred to a department is given to Level 2 as well; what waits there of visitors is not in its way.
#[tokio::test]
async fn distribution_gives_level_2_what_was_handed_on_past_what_only_level_1_may_have() {
    let desk = Desk::with_levels("round_robin").await;
    let other = desk.app.department(&desk.owner, "Rede").await;
    let carla = desk.team[1].id().await;
    let path = format!("/api/agents/{carla}");
    desk.owner.patch(&path, json!({ "departments": [{ "id": other }] })).await.expect(200);
    let site = desk.app.webchat(&desk.owner, Some(&other), json!({})).await;
    // Two wait in the department, whose only specialist is of Level 2.
    let waiting = [ask(&desk.app, &site).await, ask(&desk.app, &site).await];
    desk.app.clock.advance(5);
    let conversation = desk.ask().await;
    desk.given(&conversation).await;
    let to = json!({ "department": other, "confirmed": true });
    transfer(&desk.team[0], &conversation, to).await.expect(200);
    assert_eq!(desk.given(&conversation).await, carla);
    for waits in &waiting {
        assert_eq!(desk.assignee(waits).await, None);
    }
    // Somebody of Level 1 gets what waited, oldest first.
    let bruno = format!("/api/agents/{}", desk.team[0].id().await);
    desk.owner.patch(&bruno, json!({ "departments": [{ "id": other }] })).await.expect(200);
    for waits in &waiting {
        assert_eq!(desk.given(waits).await, desk.team[0].id().await);
    }
}

/// with only Level 2 there, visitors find nobody online; whoever waits after a transfer finds somebody.
#[tokio::test]
async fn with_only_level_2_connected_visitors_find_nobody_online() {
    let desk = Desk::with_levels("off").await;
    desk.until_online(true).await;
    let mut visitor = Visitor::arrive(&desk.app, &desk.site).await;
    assert_eq!(visitor.welcome["online"], true);
    let conversation = visitor.open("Oi").await;
    desk.team[0].act(&conversation, "take").await.expect(200);
    let mut idle = Visitor::arrive(&desk.app, &desk.site).await;
    desk.team[0].go("offline").await;
    idle.socket.find("nobody", |frame| frame["t"] == "status" && frame["online"] == false).await;
    desk.until_online(false).await;
    // Its agent has gone; nobody else may have it, so there is nobody to turn to.
    let told =
        visitor.socket.find("its agent has gone", |frame| frame["t"] == "attended" && frame["online"] == false).await;
    assert_eq!(told["others"], false);
    visitor.socket.send(json!({ "t": "return", "conversation": conversation })).await;
    assert_eq!(visitor.socket.next("refused").await["code"], "nobody_there");
    // Once it was handed on, Level 2 is somebody.
    transfer(&desk.owner, &conversation, desk.to(1).await).await.expect(200);
    desk.team[1].act(&conversation, "return").await.expect(200);
    let is_attended = |frame: &Value| frame["t"] == "conversation" && frame["conversation"]["attended"] == true;
    visitor.socket.find("somebody of Level 2", is_attended).await;
    desk.until_online(false).await;
}

/// what is open with somebody stays, and nothing new comes.
#[tokio::test]
async fn erasing_somebody_leaves_what_is_open_and_brings_nothing_new() {
    let desk = Desk::with_levels("round_robin").await;
    let kept = desk.ask().await;
    assert_eq!(desk.given(&kept).await, desk.team[0].id().await);
    let project = desk.erase(0).await;
    assert_eq!(project["specialists"].as_array().unwrap().len(), 2);
    desk.team[0].reply(&kept, "Continuo aqui").await.expect(201);
    let waits = desk.ask().await;
    assert_eq!(desk.assignee(&waits).await, None);
    assert_eq!(desk.team[0].act(&waits, "take").await.refused(409), "not_a_specialist");
    transfer(&desk.team[0], &kept, desk.to(1).await).await.expect(200);
    assert_eq!(transfer(&desk.team[1], &kept, desk.to(0).await).await.refused(409), "not_a_specialist");
    // Erasing who is not there changes nothing; with nobody left, nobody serves until somebody says so.
    assert_eq!(desk.erase(0).await, project);
    desk.erase(1).await;
    assert_eq!(desk.erase(2).await["only_specialists"], true);
    assert_eq!(desk.assignee(&waits).await, None);
    let path = format!("/api/projects/{}", desk.project);
    desk.owner.patch(&path, json!({ "only_specialists": false })).await.expect(200);
    desk.given(&waits).await;
}

/// a group's members as they are now; the own level wins, else the lowest.
#[tokio::test]
async fn a_group_gives_its_level_to_whoever_belongs_to_it_now() {
    let desk = Desk::open("off").await;
    let experts = desk.app.department(&desk.owner, "Especialistas").await;
    let here = json!({ "id": desk.department });
    let groups = json!([{ "kind": "group", "id": experts, "level": 2 }]);
    associate(&desk.owner, &desk.project, groups).await.expect(200);
    let waits = desk.ask().await;
    let carla = &desk.team[1];
    let path = format!("/api/agents/{}", carla.id().await);
    assert_eq!(carla.act(&waits, "take").await.refused(409), "not_a_specialist");
    desk.owner.patch(&path, json!({ "departments": [here, { "id": experts }] })).await.expect(200);
    assert_eq!(carla.act(&waits, "take").await.refused(409), "second_level");
    // Of two groups the lower number.
    let both = json!([{ "kind": "group", "id": desk.department, "level": 1 }]);
    associate(&desk.owner, &desk.project, both).await.expect(200);
    desk.level(1, 2).await.expect(200);
    assert_eq!(carla.act(&waits, "take").await.refused(409), "second_level", "the own level wins");
    desk.erase(1).await;
    carla.act(&waits, "take").await.expect(200);
}

/// the level is the one of the project of the department.
#[tokio::test]
async fn somebody_serves_each_project_at_the_level_of_that_project() {
    let desk = Desk::with_levels("off").await;
    let (owner, carla) = (&desk.owner, &desk.team[1]);
    let added = owner.post("/api/projects", json!({ "name": "B" })).await.expect(201)["id"].clone();
    let project = added.as_str().unwrap();
    owner.patch(&format!("/api/projects/{project}"), json!({ "has_chat": true })).await.expect(200);
    let place = owner.post("/api/departments", json!({ "name": "Rede", "project_id": added })).await.expect(201);
    let department = place["id"].as_str().unwrap();
    let both = json!([{ "id": desk.department }, { "id": department }]);
    owner.patch(&format!("/api/agents/{}", carla.id().await), json!({ "departments": both })).await.expect(200);
    associate(owner, project, json!([{ "kind": "agent", "id": carla.id().await, "level": 1 }])).await.expect(200);
    let site = desk.app.webchat(owner, Some(department), json!({})).await;
    carla.act(&ask(&desk.app, &site).await, "take").await.expect(200);
    assert_eq!(carla.act(&desk.ask().await, "take").await.refused(409), "second_level");
    // A department that moves to another project is served by that one's levels.
    let waits = desk.ask().await;
    let path = format!("/api/departments/{}", desk.department);
    owner.patch(&path, json!({ "project_id": added })).await.expect(200);
    carla.act(&waits, "take").await.expect(200);
}

/// handing over everything goes by the levels too; what the colleague may not have goes back to the queue.
#[tokio::test]
async fn handing_over_goes_by_the_levels() {
    let desk = Desk::with_levels("off").await;
    let [bruno, carla, _] = [&desk.team[0], &desk.team[1], &desk.team[2]];
    let conversation = desk.ask().await;
    bruno.act(&conversation, "take").await.expect(200);
    let path = format!("/api/agents/{}/hand_over", bruno.id().await);
    let to = json!({ "to": "agent", "agent": carla.id().await });
    assert_eq!(bruno.post(&path, to).await.expect(200), json!({ "moved": 1, "queued": 0 }));
    assert_eq!(desk.assignee(&conversation).await, Some(carla.id().await));
    // The owner is no specialist: it goes back to the queue, where Level 2 may have it again.
    let path = format!("/api/agents/{}/hand_over", carla.id().await);
    let to = json!({ "to": "agent", "agent": desk.owner.id().await });
    assert_eq!(desk.owner.post(&path, to).await.expect(200), json!({ "moved": 0, "queued": 1 }));
    carla.act(&conversation, "take").await.expect(200);
}
