//! `BENCHMARKS.md`: put together from its parts, each written by what measures it.

use crate::Result;
use std::fs;
use std::path::Path;

/// In the order of the page. `NOTES.md` is written by hand.
const PARTS: [&str; 4] = ["parts/run.md", "NOTES.md", "parts/lists.md", "parts/browser.md"];

/// Writes a part, and the page anew.
pub fn write_part(folder: &Path, part: &str, text: &str) -> Result<()> {
    fs::create_dir_all(folder.join("parts"))?;
    fs::write(folder.join("parts").join(part), text)?;
    assemble(folder)
}

/// Writes the page anew from the parts that there are.
pub fn assemble(folder: &Path) -> Result<()> {
    let parts = PARTS.iter().filter_map(|part| fs::read_to_string(folder.join(part)).ok());
    let page: Vec<String> = parts.map(|part| part.trim_end().to_owned()).collect();
    fs::write(folder.join("BENCHMARKS.md"), page.join("\n\n") + "\n")?;
    Ok(())
}
