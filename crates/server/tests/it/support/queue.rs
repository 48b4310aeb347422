//! A desk where conversations are distributed, and visitors without a socket who ask for something.

use reqwest::Method;
use serde_json::{Value, json};

use super::{App, Client, client_id, until};

/// A company with people in one department, who are online, and a site of its own.
pub struct QueueDesk {
    pub app: App,
    pub owner: Client,
    pub department: String,
    pub site: Value,
    pub team: Vec<Client>,
}

impl QueueDesk {
    /// With people of these names, all online, and this distribution for the company.
    pub async fn open(distribution: &str, names: &[&str]) -> Self {
        Self::open_at(App::start().await, distribution, names).await
    }

    /// The same on a program that runs already.
    pub async fn open_at(app: App, distribution: &str, names: &[&str]) -> Self {
        let owner = app.owner().await;
        owner.go("offline").await;
        let department = app.department(&owner, "Suporte").await;
        let site = app.webchat(&owner, Some(&department), json!({})).await;
        let mut team = Vec::new();
        for name in names {
            let person = app.hire(&owner, name, "agent", json!([{ "id": department }])).await;
            person.go("online").await;
            team.push(person);
        }
        owner.patch("/api/workspace", json!({ "distribution": distribution })).await.expect(200);
        Self { app, owner, department, site, team }
    }

    /// Sets how many everybody gets at once.
    pub async fn limit(&self, limit: u32) {
        self.owner.patch("/api/workspace", json!({ "simultaneous_limit": limit })).await.expect(200);
    }

    /// A new visitor's conversation.
    pub async fn ask(&self) -> String {
        ask(&self.app, &self.site).await
    }

    /// Whose a conversation is, if anybody's.
    pub async fn assignee(&self, conversation: &str) -> Option<String> {
        let shown = self.owner.conversation(conversation).await;
        shown["conversation"]["assignee_id"].as_str().map(str::to_owned)
    }

    /// Waits until somebody has it, and answers who.
    pub async fn given(&self, conversation: &str) -> String {
        until("somebody is given it", || self.assignee(conversation)).await
    }

    /// How many conversations are open with each of the team.
    pub async fn loads(&self) -> Vec<i64> {
        let team = self.owner.get("/api/team").await.expect(200);
        let mut loads = Vec::new();
        for person in &self.team {
            let id = person.id().await;
            let found = team["items"].as_array().unwrap().iter().find(|item| item["agent_id"] == json!(id)).unwrap();
            loads.push(found["open"].as_i64().unwrap());
        }
        loads
    }

    /// How many wait.
    pub async fn waiting(&self) -> i64 {
        let listed = self.owner.get("/api/conversations?list=queue").await.expect(200);
        listed["counters"]["queue"].as_i64().unwrap()
    }

    /// Waits until so many wait.
    pub async fn until_waiting(&self, count: i64) {
        until(&format!("{count} wait"), || async { (self.waiting().await == count).then_some(()) }).await;
    }
}

/// A new visitor's conversation, opened without a socket.
pub async fn ask(app: &App, site: &Value) -> String {
    let code = site["code"].as_str().unwrap();
    let client = app.stranger();
    let ticket = client.post(&format!("/widgets/{code}/ticket"), json!({ "key": null })).await.expect(200);
    let form = json!({ "id": client_id(), "text": "Oi, preciso de ajuda" });
    let ticket = ticket["ticket"].as_str().unwrap();
    let request = client.request(Method::POST, "/api/visitor/messages").bearer_auth(ticket).json(&form);
    client.send(request).await.expect(200)["conversation"].as_str().unwrap().to_owned()
}
