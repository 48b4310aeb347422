//! What is measured, and how its sockets are opened.

use crate::Result;
use crate::site::{Company, Site};
use crate::wire::{Door, Frame, Wire, quoted_after};
use reqwest::Method;
use serde_json::json;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone)]
pub enum Target {
    Raw { address: SocketAddr, agents: usize },
    Balcao { address: SocketAddr, company: Arc<Company> },
}

/// Silent visitors of the raw program have conversations of their own, never written to.
const SILENT_FROM: usize = 1_000_000;

impl Target {
    pub const fn address(&self) -> SocketAddr {
        match self {
            Self::Raw { address, .. } | Self::Balcao { address, .. } => *address,
        }
    }

    pub fn agents(&self) -> usize {
        match self {
            Self::Raw { agents, .. } => *agents,
            Self::Balcao { company, .. } => company.agents.len(),
        }
    }

    fn door(&self, path: String, mut headers: Vec<String>, number: usize) -> Door {
        headers.push(format!("Origin: http://{}", self.address()));
        let source = Ipv4Addr::new(127, 0, 0, 2 + (number % 50) as u8);
        Door { address: self.address(), path, headers, source }
    }

    /// A visitor whose conversation is open and whose agent has taken it.
    pub async fn open_visitor(&self, site: &Site, number: usize) -> Result<Wire> {
        match self {
            Self::Raw { .. } => Ok(Wire::open(&self.door(format!("/visitor/{number}"), Vec::new(), number)).await?),
            Self::Balcao { company, .. } => {
                let mut wire = self.greeted_visitor(site, company, number).await?;
                let conversation = first_message(&mut wire, number).await?;
                let agent = company.agents.get(number % company.agents.len()).ok_or("no agents")?;
                let path = format!("/api/conversations/{conversation}/take");
                site.expect(Method::POST, &path, &agent.cookie, Some(json!({}))).await?;
                Ok(wire)
            }
        }
    }

    /// A visitor who has the chat open and says nothing.
    pub async fn open_silent(&self, site: &Site, number: usize) -> Result<Wire> {
        match self {
            Self::Raw { .. } => {
                Ok(Wire::open(&self.door(format!("/visitor/{}", SILENT_FROM + number), Vec::new(), number)).await?)
            }
            Self::Balcao { company, .. } => self.greeted_visitor(site, company, number).await,
        }
    }

    async fn greeted_visitor(&self, site: &Site, company: &Company, number: usize) -> Result<Wire> {
        let (ticket, _key) = site.ticket(&company.code, None).await?;
        let mut wire = Wire::open(&self.door("/api/visitor/socket".to_owned(), Vec::new(), number)).await?;
        wire.say(&json!({"t": "hello", "ticket": ticket, "conversation": null, "since": 0}).to_string()).await?;
        wait_for(&mut wire, &["welcome"]).await?;
        Ok(wire)
    }

    pub async fn open_agent(&self, number: usize, since: Option<u64>) -> Result<Wire> {
        match self {
            Self::Raw { .. } => Ok(Wire::open(&self.door(format!("/agent/{number}"), Vec::new(), number)).await?),
            Self::Balcao { company, .. } => {
                let cookie = format!("Cookie: {}", company.agents.get(number).ok_or("no such agent")?.cookie);
                let mut wire = Wire::open(&self.door("/api/socket".to_owned(), vec![cookie], number)).await?;
                wire.say(&json!({"t": "hello", "since": since, "watching": []}).to_string()).await?;
                wait_for(&mut wire, &["welcome", "snapshot"]).await?;
                Ok(wire)
            }
        }
    }
}

/// Opens the conversation; answers its id.
async fn first_message(wire: &mut Wire, number: usize) -> Result<String> {
    let id = format!("0190f0f0-0000-7000-8000-{number:012x}");
    let form = json!({"name": format!("Visitante {number}"), "email": format!("v{number}@bench.example")});
    wire.say(&json!({"t": "send", "id": id, "text": "Bom dia", "form": form}).to_string()).await?;
    let ack = wait_for(wire, &["ack"]).await?;
    let conversation = quoted_after(&ack, br#""conversation":""#).ok_or("an ack without a conversation")?;
    Ok(String::from_utf8_lossy(conversation).into_owned())
}

/// The first text frame of one of these kinds.
pub async fn wait_for(wire: &mut Wire, kinds: &[&str]) -> Result<Vec<u8>> {
    let wanted = async {
        loop {
            while let Some(frame) = wire.next() {
                match frame {
                    Frame::Text(text) => {
                        let kind = kind(text);
                        if kinds.iter().any(|wanted| wanted.as_bytes() == kind) {
                            return Ok(text.to_vec());
                        }
                        if kind == b"refused" {
                            return Err(format!("refused: {}", String::from_utf8_lossy(text)).into());
                        }
                    }
                    Frame::Close(code) => return Err(format!("closed with {code} while waiting for {kinds:?}").into()),
                    Frame::Ping(_) | Frame::Other => {}
                }
            }
            wire.fill().await?;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wanted).await?
}

/// The `t` of a frame.
pub fn kind(text: &[u8]) -> &[u8] {
    quoted_after(text, br#""t":""#).unwrap_or_default()
}
