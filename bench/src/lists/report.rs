//! Writes the section on lists of `BENCHMARKS.md`: everything from its heading on.

use super::Measured;
use crate::Result;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Where the section begins; it is the last one of the page.
const HEADING: &str = "## Lists with years behind them";

const AIM_MS: f64 = 50.0;

/// The section as it stands in a page that is about to be written anew.
pub fn section_of(page: &Path) -> Option<String> {
    let page = fs::read_to_string(page).ok()?;
    page.split_once(HEADING).map(|(_, rest)| format!("{HEADING}{rest}"))
}

pub fn write(measured: &[Measured], folder: &Path) -> Result<()> {
    let path = folder.join("BENCHMARKS.md");
    let page = fs::read_to_string(&path).unwrap_or_default();
    let before = page.split(HEADING).next().unwrap_or_default().trim_end();
    let section = section(measured)?;
    fs::write(&path, format!("{before}\n\n{section}"))?;
    println!("{section}");
    Ok(())
}

fn section(measured: &[Measured]) -> Result<String> {
    let mut text = format!("{HEADING}\n\n");
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
