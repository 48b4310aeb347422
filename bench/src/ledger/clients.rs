//! The clients' process: visitors and agents who talk without pause until the file `stop` appears, then drain and leave.

use super::agent::Agent;
use super::chance::Chance;
use super::visitor::Visitor;
use crate::flags::Flags;
use crate::site::{Company, Site};
use crate::{Result, runtime};
use futures_util::future::try_join_all;
use std::cell::Cell;
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;
use tokio::task::{LocalSet, spawn_local};

pub const STOP: &str = "stop";
pub const COMPANY: &str = "company.json";
/// How long nothing may have come in before a client believes that it has heard all.
pub const QUIET: Duration = Duration::from_millis(1500);

/// What all clients share.
pub struct Scene {
    pub site: Site,
    pub company: Company,
    pub folder: PathBuf,
    pub seed: u64,
    pub agents: usize,
    is_over: Cell<bool>,
    /// Senders with something still open or still to be repeated.
    busy: Cell<usize>,
}

impl Scene {
    pub const fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// Nobody sends any more, so that silence means the end.
    pub const fn all_sent(&self) -> bool {
        self.is_over.get() && self.busy.get() == 0
    }

    pub fn done_sending(&self) {
        self.busy.set(self.busy.get() - 1);
    }

    /// Short, so that clients are there in the little time that a server is given.
    pub async fn breathe(&self, chance: &mut Chance) {
        tokio::time::sleep(Duration::from_millis(chance.between(10, 120))).await;
    }
}

pub fn visitor_name(number: usize) -> String {
    format!("visitor-{number:02}")
}

pub fn run(flags: &Flags) -> Result<()> {
    let folder = PathBuf::from(flags.need("dir")?);
    let (visitors, agents) = (flags.number("visitors", 12)?, flags.number("agents", 3)?);
    let company = serde_json::from_slice(&std::fs::read(folder.join(COMPANY))?)?;
    let scene = Rc::new(Scene {
        site: Site::new(flags.need("address")?.parse()?)?,
        company,
        folder,
        seed: flags.number("seed", 1)?,
        agents,
        is_over: Cell::new(false),
        busy: Cell::new(visitors + agents),
    });
    LocalSet::new().block_on(&runtime()?, play(scene, visitors))
}

async fn play(scene: Rc<Scene>, visitors: usize) -> Result<()> {
    let watched = Rc::clone(&scene);
    spawn_local(async move {
        let harness = parent_id();
        while !is_there(&watched.folder) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if parent_id() != harness {
                // Interrupted: nobody will read what is written any more.
                std::process::exit(1);
            }
        }
        watched.is_over.set(true);
    });
    let mut parts = Vec::new();
    for number in 0..visitors {
        parts.push(spawn_local(Visitor::new(Rc::clone(&scene), number)?.run()));
    }
    for number in 0..scene.agents {
        parts.push(spawn_local(Agent::new(Rc::clone(&scene), number)?.run(visitors)));
    }
    for part in try_join_all(parts).await? {
        part?;
    }
    Ok(())
}

fn is_there(folder: &Path) -> bool {
    folder.join(STOP).exists()
}
