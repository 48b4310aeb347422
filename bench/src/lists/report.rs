//! Writes the section on lists of `BENCHMARKS.md`.

use super::Measured;
use crate::{Result, page};
use std::fmt::Write as _;
use std::path::Path;

const AIM_MS: f64 = 50.0;

pub fn write(measured: &[Measured], folder: &Path) -> Result<()> {
    let section = section(measured)?;
    println!("{section}");
    page::write_part(folder, "lists.md", &section)
}

fn section(measured: &[Measured]) -> Result<String> {
    let mut text = "## Lists with years behind them\n\n".to_owned();
    let Some(first) = measured.first() else { return Ok(text) };
    let (conversations, messages) = (first.size.conversations, first.size.conversations * super::Size::MESSAGES_EACH);
    writeln!(
        text,
        "`balcao-bench lists`: {conversations} conversations ({open} open, {queue} waiting), {messages} messages, {contacts} contacts, 10 departments; \
         milliseconds from the request to the whole answer on one connection, p50 and p95 of 40. Lists and searches in them: aim ≤ {AIM_MS} ms.\n",
        open = first.size.open,
        queue = first.size.queue,
        contacts = first.size.contacts,
    )?;
    let heads: String = measured.iter().map(|one| format!(" {} p50 | p95 |", one.engine)).collect();
    writeln!(text, "| who | what | rows |{heads} |\n|---|---|--:|{}---|", "--:|--:|".repeat(measured.len()))?;
    for (number, answer) in first.answers.iter().enumerate() {
        let mut slowest: f64 = 0.0;
        write!(text, "| {} | {} | {} |", answer.who, answer.what, answer.rows)?;
        for one in measured {
            let Some(answer) = one.answers.get(number) else { continue };
            slowest = slowest.max(answer.p95_ms);
            write!(text, " {:.1} | {:.1} |", answer.p50_ms, answer.p95_ms)?;
        }
        writeln!(text, " {} |", if slowest <= AIM_MS { "" } else { "**over**" })?;
    }
    Ok(text)
}
