//! Scratch databases on the PostgreSQL server that `--database-url` names; the named database itself is never touched.

use crate::Result;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

pub struct Database {
    admin: String,
    name: String,
    pub url: String,
}

impl Database {
    pub fn create(admin: &str) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("balcao_bench_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        psql(admin, &format!("CREATE DATABASE {name}"))?;
        let (front, parameters) =
            admin.split_once('?').map_or((admin, String::new()), |(front, rest)| (front, format!("?{rest}")));
        let (server, _database) = front.rsplit_once('/').ok_or("the database URL names no database")?;
        Ok(Self { admin: admin.to_owned(), url: format!("{server}/{name}{parameters}"), name })
    }

    pub fn drop(self) -> Result<()> {
        psql(&self.admin, &format!("DROP DATABASE {} WITH (FORCE)", self.name))
    }
}

/// Runs a script of many statements; what it says goes to the terminal.
pub fn psql_script(url: &str, script: &str) -> Result<()> {
    let mut child =
        Command::new("psql").args([url, "-qX", "-v", "ON_ERROR_STOP=1", "-f", "-"]).stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(script.as_bytes())?;
    }
    if child.wait()?.success() { Ok(()) } else { Err("psql could not run the script".into()) }
}

fn psql(url: &str, statement: &str) -> Result<()> {
    let done = Command::new("psql").args([url, "-qX", "-v", "ON_ERROR_STOP=1", "-c", statement]).output()?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("psql: {}", String::from_utf8_lossy(&done.stderr).trim()).into())
}
