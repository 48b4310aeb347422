//! What each client writes down: its ledger (synced before it acts on a line) and the log of what it was shown.

use crate::Result;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    /// Written before the first attempt.
    Start { id: String, text: String },
    /// The server said that it is stored.
    Ok { id: String, conversation: String, seq: u64 },
    /// The server said that it is not and will not be.
    Refused { id: String, code: String },
    /// The answer never came; the client repeats it.
    Unknown { id: String },
}

#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Message,
    Event,
}

/// One entry of a conversation as some reader saw it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub conversation: String,
    pub seq: u64,
    pub kind: Kind,
    pub from: String,
    pub text: String,
}

pub struct Book {
    file: File,
    is_synced: bool,
}

impl Book {
    pub fn ledger(folder: &Path, name: &str) -> Result<Self> {
        Ok(Self { file: File::create_new(folder.join(format!("{name}.ledger")))?, is_synced: true })
    }

    /// Unsynced: the clients are not what is killed.
    pub fn seen(folder: &Path, name: &str) -> Result<Self> {
        Ok(Self { file: File::create_new(folder.join(format!("{name}.seen")))?, is_synced: false })
    }

    /// What broke the protocol without breaking a message.
    pub fn faults(folder: &Path, name: &str) -> Result<Self> {
        Ok(Self { file: File::create_new(folder.join(format!("{name}.faults")))?, is_synced: false })
    }

    pub fn write(&mut self, line: &(impl Serialize + ?Sized)) -> Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)?;
        if self.is_synced {
            self.file.sync_data()?;
        }
        Ok(())
    }
}

/// Every file of one kind in a folder, by the name of its writer.
pub fn read_all<L: DeserializeOwned>(folder: &Path, extension: &str) -> Result<Vec<(String, Vec<L>)>> {
    let mut books = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let lines =
                fs::read_to_string(&path)?.lines().map(serde_json::from_str).collect::<serde_json::Result<_>>()?;
            books.push((name, lines));
        }
    }
    books.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(books)
}
