//! `--name value` and `--name` from the command line.

use crate::Result;
use std::collections::BTreeMap;
use std::str::FromStr;

pub struct Flags(BTreeMap<String, String>);

impl Flags {
    pub fn parse(words: impl Iterator<Item = String>) -> Result<Self> {
        let mut flags = BTreeMap::new();
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").ok_or_else(|| format!("--name expected, not {word}"))?;
            let value = words.next_if(|next| !next.starts_with("--")).unwrap_or_default();
            flags.insert(name.to_owned(), value);
        }
        Ok(Self(flags))
    }

    pub fn is_set(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub fn need(&self, name: &str) -> Result<&str> {
        self.text(name).ok_or_else(|| format!("--{name} is missing").into())
    }

    pub fn number<N: FromStr>(&self, name: &str, default: N) -> Result<N> {
        match self.text(name) {
            None => Ok(default),
            Some(value) => value.parse().map_err(|_wrong| format!("--{name} {value} is not a number").into()),
        }
    }
}
