//! The final reading, when all is quiet: the owner's, the visitors', and the database file's own check.

use super::agent::read_conversation;
use super::book::{Seen, read_all};
use super::check::History;
use super::visitor::{entries, seen};
use crate::Result;
use crate::site::{Company, OWNER_EMAIL, Site};
use reqwest::Method;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub async fn read(site: &Site, company: &Company, folder: &Path) -> Result<History> {
    let owner = site.log_in(OWNER_EMAIL).await?;
    let mut truth = BTreeMap::new();
    for list in ["queue", "open", "closed"] {
        for id in conversations(site, &owner, list).await? {
            let entries = read_conversation(site, &owner, &id).await?;
            truth.insert(id, entries);
        }
    }
    let mut also = Vec::new();
    let seen: Vec<(String, Vec<Seen>)> = read_all(folder, "seen")?;
    for (name, shown) in seen.iter().filter(|(name, _)| name.starts_with("visitor")) {
        let key = fs::read_to_string(folder.join(format!("{name}.key")))?;
        let (ticket, _key) = site.ticket(&company.code, Some(&key)).await?;
        let mut known: Vec<&String> = shown.iter().map(|entry| &entry.conversation).collect();
        known.dedup();
        for conversation in known {
            let entries = read_as_visitor(site, &ticket, conversation).await?;
            also.push((format!("{name}, reading again"), entries));
        }
    }
    let faults = read_all(folder, "faults")?.into_iter().flat_map(|(_, faults)| faults).collect();
    Ok(History { ledgers: read_all(folder, "ledger")?, seen, truth, also, faults })
}

async fn conversations(site: &Site, owner: &str, list: &str) -> Result<Vec<String>> {
    let (mut ids, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/conversations?list={list}&limit=50{after}");
        let page = site.expect(Method::GET, &path, owner, None).await?.body;
        let rows = page.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        ids.extend(rows.iter().filter_map(|row| row.get("id")?.as_str().map(str::to_owned)));
        match page.get("next").and_then(Value::as_str) {
            Some(next) if !rows.is_empty() => after = format!("&after={next}"),
            _ => return Ok(ids),
        }
    }
}

async fn read_as_visitor(site: &Site, ticket: &str, conversation: &str) -> Result<Vec<Seen>> {
    let (mut all, mut before): (Vec<Value>, u64) = (Vec::new(), 1_000_000_000);
    loop {
        let page = site
            .as_visitor(&format!("/api/visitor/entries?conversation={conversation}&before={before}"), ticket)
            .await?;
        let earlier = entries(&page);
        before = earlier.first().and_then(|entry| entry.get("seq")?.as_u64()).unwrap_or(0);
        all.splice(..0, earlier);
        if page.get("earlier") != Some(&Value::Bool(true)) || before == 0 {
            return Ok(all.iter().map(|entry| seen(conversation, entry)).collect());
        }
    }
}

/// SQLite's own opinion of each database file in the data folder.
pub fn check_file(data: &Path) -> Result<()> {
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        let is_database =
            path.extension().is_some_and(|extension| matches!(extension.to_str(), Some("db" | "sqlite" | "sqlite3")));
        if is_database {
            let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
            println!("integrity of the database file: {verdict}");
            if verdict != "ok" {
                return Err("the database file is damaged".into());
            }
        }
    }
    Ok(())
}
