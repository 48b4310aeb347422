//! The product's REST side, as far as the bench needs it: set up a company, hire agents, open a web chat.

use crate::Result;
use reqwest::{Client, Method, header};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;

pub const OWNER_EMAIL: &str = "dona@bench.example";
pub const PASSWORD: &str = "uma senha bem comprida";

#[derive(Clone)]
pub struct Site {
    pub address: SocketAddr,
    pub origin: String,
    client: Client,
}

pub struct Answer {
    pub status: u16,
    pub body: Value,
    /// `name=value` pairs of the cookies that were set.
    pub cookie: String,
}

impl Answer {
    pub fn text(&self, pointer: &str) -> Result<String> {
        let value = self.body.pointer(pointer).and_then(Value::as_str);
        value.map(str::to_owned).ok_or_else(|| format!("the answer has no {pointer}").into())
    }
}

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct AgentLogin {
    pub id: String,
    pub email: String,
    pub cookie: String,
}

/// A company that is ready to work.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Company {
    pub owner: String,
    pub code: String,
    pub agents: Vec<AgentLogin>,
}

impl Site {
    pub fn new(address: SocketAddr) -> Result<Self> {
        let client = Client::builder().timeout(Duration::from_secs(30)).tcp_nodelay(true).build()?;
        Ok(Self { address, origin: format!("http://{address}"), client })
    }

    /// Sends one request. An error means that the outcome is unknown; a refusal is an answer.
    pub async fn send(&self, method: Method, path: &str, cookie: &str, body: Option<Value>) -> Result<Answer> {
        let mut request =
            self.client.request(method, format!("{}{path}", self.origin)).header(header::ORIGIN, &self.origin);
        if !cookie.is_empty() {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let set = response.headers().get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookie = set.filter_map(|value| value.split(';').next()).collect::<Vec<_>>().join("; ");
        let bytes = response.bytes().await?;
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Answer { status, body, cookie })
    }

    /// The same, where anything but success is an error.
    pub async fn expect(&self, method: Method, path: &str, cookie: &str, body: Option<Value>) -> Result<Answer> {
        let name = format!("{method} {path}");
        let answer = self.send(method, path, cookie, body).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        Err(format!("{name} answered {}: {}", answer.status, answer.body).into())
    }

    async fn post(&self, path: &str, cookie: &str, body: Value) -> Result<Answer> {
        self.expect(Method::POST, path, cookie, Some(body)).await
    }

    pub async fn log_in(&self, email: &str) -> Result<String> {
        Ok(self.post("/api/session", "", json!({"email": email, "password": PASSWORD})).await?.cookie)
    }

    pub async fn found_company(&self, token: &str, agents: usize) -> Result<Company> {
        let owner = json!({"token": token, "company": "Balcão de provas", "language": "pt-BR", "time_zone": "America/Sao_Paulo",
            "name": "Dona", "email": OWNER_EMAIL, "password": PASSWORD});
        let owner = self.post("/api/setup", "", owner).await?.cookie;
        let department = self.post("/api/departments", &owner, json!({"name": "Provas"})).await?.text("/id")?;
        let mut hired = Vec::new();
        for number in 0..agents {
            hired.push(self.hire(&owner, &department, number).await?);
        }
        let connection = json!({"channel": "webchat", "name": "Site", "department_id": department, "is_enabled": true,
            "settings": {"plugin_name": "Atendimento", "ask_name": false, "ask_email": false}});
        let code = self.post("/api/connections", &owner, connection).await?.text("/code")?;
        Ok(Company { owner, code, agents: hired })
    }

    async fn hire(&self, owner: &str, department: &str, number: usize) -> Result<AgentLogin> {
        let email = format!("agente{number}@bench.example");
        let agent = json!({"name": format!("Agente {number}"), "email": email, "role": "agent",
            "departments": [{"id": department, "is_manager": false}]});
        let invited = self.post("/api/agents", owner, agent).await?;
        let link = invited.text("/invitation/link")?;
        let token = link.split_once('#').map(|(_, token)| token).ok_or("the invitation has no token")?;
        let acceptance = json!({"token": token, "name": format!("Agente {number}"), "password": PASSWORD});
        let cookie = self.post("/api/invitations/accept", "", acceptance).await?.cookie;
        self.expect(Method::PUT, "/api/me/status", &cookie, Some(json!({"status": "online"}))).await?;
        Ok(AgentLogin { id: invited.text("/agent/id")?, email, cookie })
    }

    /// A ticket for a visitor, and the visitor's key.
    pub async fn ticket(&self, code: &str, key: Option<&str>) -> Result<(String, String)> {
        let answer =
            self.post(&format!("/widgets/{code}/ticket"), "", json!({"key": key, "language": "pt-BR"})).await?;
        Ok((answer.text("/ticket")?, answer.text("/key")?))
    }

    /// A GET with a visitor's ticket.
    pub async fn as_visitor(&self, path: &str, ticket: &str) -> Result<Value> {
        let request =
            self.client.get(format!("{}{path}", self.origin)).bearer_auth(ticket).header(header::ORIGIN, &self.origin);
        let response = request.send().await?.error_for_status()?;
        Ok(response.json().await?)
    }

    /// The bytes that travel for one address when the browser accepts gzip, and the readable text.
    pub async fn gzipped(&self, path: &str) -> Result<(u64, String)> {
        let address = format!("{}{path}", self.origin);
        let packed = self
            .client
            .get(&address)
            .header(header::ACCEPT_ENCODING, "gzip")
            .send()
            .await?
            .error_for_status()?
            .bytes()
            .await?;
        let plain = self.client.get(&address).header(header::ACCEPT_ENCODING, "identity").send().await?.text().await?;
        Ok((packed.len() as u64, plain))
    }
}
