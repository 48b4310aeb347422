//! Writes what was measured: `results.json` for programs, `BENCHMARKS.md` for people.

use crate::run::{Measured, spread};
use crate::sums::Figures;
use crate::{Result, page};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// One of the product's aims and how it was met.
struct Aim {
    what: &'static str,
    limit: f64,
    is_floor: bool,
    value: fn(&Figures, &Figures) -> Option<f64>,
}

const AIMS: [Aim; 10] = [
    Aim {
        what: "acknowledged messages/s, 1 open per visitor, share of the ceiling",
        limit: 0.5,
        is_floor: true,
        value: |own, raw| share(own, raw, "w1.acked_per_s"),
    },
    Aim {
        what: "the same, 32 open per visitor",
        limit: 0.33,
        is_floor: true,
        value: |own, raw| share(own, raw, "w32.acked_per_s"),
    },
    Aim {
        what: "send → agent's screen at 1,000/s beside silent visitors, p50 ms",
        limit: 0.8,
        is_floor: false,
        value: |own, _| get(own, "rate1000_silent.screen_p50_ms"),
    },
    Aim {
        what: "the same, p99 ms",
        limit: 4.0,
        is_floor: false,
        value: |own, _| get(own, "rate1000_silent.screen_p99_ms"),
    },
    Aim {
        what: "processor time of the server per message at full load (1 open), µs",
        limit: 40.0,
        is_floor: false,
        value: |own, _| get(own, "w1.cpu_us_per_message"),
    },
    Aim {
        what: "memory per silent visitor, KiB",
        limit: 16.0,
        is_floor: false,
        value: |own, _| get(own, "memory.kib_per_visitor"),
    },
    Aim {
        what: "memory idle (RSS), MiB",
        limit: 30.0,
        is_floor: false,
        value: |own, _| get(own, "memory.idle_rss_mib"),
    },
    Aim {
        what: "start → first HTTP answer on an existing database, ms",
        limit: 100.0,
        is_floor: false,
        value: |own, _| get(own, "start.answered_ms"),
    },
    Aim {
        what: "loader on the customer's page, bytes gzip",
        limit: 4096.0,
        is_floor: false,
        value: |own, _| get(own, "bytes.loader_gzip"),
    },
    Aim {
        what: "opened panel with all it loads, bytes gzip",
        limit: 24_576.0,
        is_floor: false,
        value: |own, _| get(own, "bytes.opened_gzip"),
    },
];

/// Short names in `results.json`, which other programs read.
const KEYS: [(&str, &str); 10] = [
    ("acked_per_s", "w1.acked_per_s"),
    ("acked_w32_per_s", "w32.acked_per_s"),
    ("screen_p50_ms_1k", "rate1000_silent.screen_p50_ms"),
    ("screen_p99_ms_1k", "rate1000_silent.screen_p99_ms"),
    ("cpu_us_per_message", "w1.cpu_us_per_message"),
    ("rss_idle_mib", "memory.idle_rss_mib"),
    ("kib_per_connection", "memory.kib_per_visitor"),
    ("start_ms", "start.answered_ms"),
    ("loader_gzip_bytes", "bytes.loader_gzip"),
    ("opened_gzip_bytes", "bytes.opened_gzip"),
];

fn get(figures: &Figures, name: &str) -> Option<f64> {
    figures.get(name).copied()
}

fn share(own: &Figures, raw: &Figures, name: &str) -> Option<f64> {
    Some(get(own, name)? / get(raw, name)?)
}

/// A quick run leaves the published figures alone.
pub fn write(measured: &Measured, folder: &Path) -> Result<()> {
    let results = if measured.is_quick { "quick.json" } else { "results.json" };
    fs::write(folder.join(results), format!("{:#}\n", document(measured)))?;
    let text = render(measured)?;
    if measured.is_quick {
        fs::write(folder.join("quick.md"), text)?;
    } else {
        page::write_part(folder, "run.md", &text)?;
    }
    println!("{}", aims_table(measured)?);
    for fault in faults(measured) {
        println!("fault: {fault}");
    }
    Ok(())
}

fn document(measured: &Measured) -> Value {
    let raw = figures(measured, "raw");
    let mut top = Map::new();
    top.insert("quick".to_owned(), json!(measured.is_quick));
    top.extend(short(&figures(measured, "sqlite"), &raw));
    if measured.medians.contains_key("postgres") {
        top.insert("postgres".to_owned(), Value::Object(short(&figures(measured, "postgres"), &raw)));
    }
    top.insert("faults".to_owned(), json!(faults(measured)));
    let machine = &measured.machine;
    top.insert("machine".to_owned(), json!({"cpu": machine.cpu, "cores": machine.cores, "memory_gib": tidy(machine.memory_gib),
        "kernel": machine.kernel, "fsync_p50_ms": tidy(machine.fsync_p50_ms), "fsync_p99_ms": tidy(machine.fsync_p99_ms),
        "descriptors": machine.descriptors, "load_before": machine.load_before}));
    top.insert(
        "medians".to_owned(),
        json!(measured.medians.iter().map(|(name, figures)| (*name, all_tidy(figures))).collect::<Tables>()),
    );
    let rounds = measured.rounds.iter().map(|(name, rounds)| (*name, rounds.iter().map(all_tidy).collect::<Vec<_>>()));
    top.insert("runs".to_owned(), json!(rounds.collect::<std::collections::BTreeMap<_, _>>()));
    Value::Object(top)
}

type Tables = std::collections::BTreeMap<&'static str, Figures>;

fn short(own: &Figures, raw: &Figures) -> Map<String, Value> {
    let mut keys: Map<String, Value> =
        KEYS.iter().map(|(key, name)| ((*key).to_owned(), json!(get(own, name).map(tidy)))).collect();
    keys.insert("ceiling_per_s".to_owned(), json!(get(raw, "w1.acked_per_s").map(tidy)));
    keys.insert("ceiling_w32_per_s".to_owned(), json!(get(raw, "w32.acked_per_s").map(tidy)));
    keys
}

fn figures(measured: &Measured, engine: &str) -> Figures {
    measured.medians.get(engine).cloned().unwrap_or_default()
}

fn all_tidy(figures: &Figures) -> Figures {
    figures.iter().map(|(name, value)| (name.clone(), tidy(*value))).collect()
}

fn tidy(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Messages that did not arrive, refusals and broken sockets: a speed with any of these is not worth much.
fn faults(measured: &Measured) -> Vec<String> {
    const SHOULD_BE_ZERO: [&str; 5] = [".refused", ".not_shown", ".not_sent", ".visitors_dropped", ".agents_dropped"];
    let mut faults = Vec::new();
    for (engine, rounds) in &measured.rounds {
        for (round, figures) in (1..).zip(rounds) {
            let wrong = figures
                .iter()
                .filter(|(name, value)| **value != 0.0 && SHOULD_BE_ZERO.iter().any(|end| name.ends_with(end)));
            faults.extend(wrong.map(|(name, value)| format!("{engine} round {round} `{name}` {}", shown(*value))));
        }
    }
    faults
}

/// The product's engines that were measured, with their headings.
fn engines(measured: &Measured) -> Vec<(&'static str, &'static str)> {
    let known = [("sqlite", "SQLite"), ("postgres", "PostgreSQL")];
    known.into_iter().filter(|(name, _)| measured.medians.contains_key(name)).collect()
}

fn render(measured: &Measured) -> Result<String> {
    let mut text = String::new();
    let machine = &measured.machine;
    writeln!(text, "# What Balcão was measured at\n")?;
    writeln!(
        text,
        "Written by `balcao-bench run`; what the figures mean and how to get them: [README.md](README.md).\n"
    )?;
    writeln!(
        text,
        "Machine: {}, {} cores, {:.0} GiB, Linux {}. Append 4 KiB and fdatasync: p50 {:.3} ms, p99 {:.3} ms. Open files per process: {}. Load before the first round: {:.2}.",
        machine.cpu,
        machine.cores,
        machine.memory_gib,
        machine.kernel,
        machine.fsync_p50_ms,
        machine.fsync_p99_ms,
        machine.descriptors,
        machine.load_before
    )?;
    writeln!(
        text,
        "Server, database and load generator share these cores; loopback, no TLS. Judge the ratios, not the absolute figures.\n"
    )?;
    writeln!(text, "## Aims\n\n{}", aims_table(measured)?)?;
    writeln!(
        text,
        "## Everything measured\n\nMedians; in brackets the lowest and highest round.\n\n{}",
        all_table(measured)?
    )?;
    text.push_str(ANCHORS);
    Ok(text)
}

fn aims_table(measured: &Measured) -> Result<String> {
    let (raw, engines) = (figures(measured, "raw"), engines(measured));
    let mut text = format!(
        "With 100 visitors and 10 agents; \"beside silent visitors\" means {} more.\n\n| | aim |",
        measured.silent
    );
    for (_, heading) in &engines {
        write!(text, " {heading} | |")?;
    }
    writeln!(text, "\n|---|--:|{}", "--:|---|".repeat(engines.len()))?;
    for aim in &AIMS {
        write!(text, "| {} | {} {} |", aim.what, if aim.is_floor { "≥" } else { "≤" }, shown(aim.limit))?;
        for (engine, _) in &engines {
            match (aim.value)(&figures(measured, engine), &raw) {
                None => write!(text, " – | not measured |")?,
                Some(value) => {
                    let is_reached = if aim.is_floor { value >= aim.limit } else { value <= aim.limit };
                    write!(text, " {} | {} |", shown(value), if is_reached { "reached" } else { "**not reached**" })?;
                }
            }
        }
        text.push('\n');
    }
    Ok(text)
}

fn all_table(measured: &Measured) -> Result<String> {
    let mut engines = engines(measured);
    engines.insert(0, ("raw", "raw ceiling (SQLite)"));
    let mut names: Vec<&String> = measured.medians.values().flat_map(Figures::keys).collect();
    names.sort();
    names.dedup();
    let headings: Vec<&str> = engines.iter().map(|(_, heading)| *heading).collect();
    let mut text = format!("| | {} |\n|---|{}\n", headings.join(" | "), "--:|".repeat(engines.len()));
    for name in names {
        write!(text, "| `{name}` |")?;
        for (engine, _) in &engines {
            let rounds = measured.rounds.get(engine).map(Vec::as_slice).unwrap_or_default();
            match get(&figures(measured, engine), name) {
                None => write!(text, " – |")?,
                Some(median) => match spread(rounds, name) {
                    (low, high) if shown(low) == shown(high) => write!(text, " {} |", shown(median))?,
                    (low, high) => write!(text, " {} ({}–{}) |", shown(median), shown(low), shown(high))?,
                },
            }
        }
        text.push('\n');
    }
    Ok(text)
}

/// Three significant digits, or whole numbers with separators.
fn shown(value: f64) -> String {
    if value.abs() < 100.0 {
        let digits = if value == value.trunc() {
            0
        } else if value.abs() < 10.0 {
            2
        } else {
            1
        };
        return format!("{value:.digits$}");
    }
    let whole = format!("{value:.0}");
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

const ANCHORS: &str = include_str!("anchors.md");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_shown_with_three_digits() {
        assert_eq!(shown(0.5), "0.50");
        assert_eq!(shown(16.0), "16");
        assert_eq!(shown(16.24), "16.2");
        assert_eq!(shown(50_582.4), "50,582");
        assert_eq!(shown(4096.0), "4,096");
    }
}
