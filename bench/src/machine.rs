//! What the machine is and what a process used of it, read from /proc.

use crate::Result;
use crate::sums::percentile;
use std::fs;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Processor time (user and system) that a process has used, in microseconds. The kernel counts in steps of 10 ms.
pub fn cpu_us(pid: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in brackets may hold spaces; utime and stime are the 12th and 13th field after it.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(ticks * 10_000)
}

/// The same for every process of PostgreSQL on this machine.
pub fn postgres_cpu_us() -> u64 {
    let Ok(entries) = fs::read_dir("/proc") else { return 0 };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "postgres"))
        .filter_map(|pid| cpu_us(pid).ok())
        .sum()
}

/// Memory of a process in KiB.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub rss: u64,
    pub pss: u64,
}

pub fn memory(pid: u32) -> Result<Memory> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    Ok(Memory { rss: kib(&rollup, "Rss:"), pss: kib(&rollup, "Pss:") })
}

fn kib(table: &str, name: &str) -> u64 {
    let line = table.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// How busy the machine was in the last minute: above a few tenths, others share the cores and the figures are worth little.
fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or(f64::NAN)
}

/// How many descriptors this process (and so its children) may open: now, and at most.
fn descriptors() -> (u64, u64) {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap_or_default();
    let mut numbers = line.split_whitespace().map(|word| word.parse().unwrap_or(u64::MAX));
    (numbers.next().unwrap_or(1024), numbers.next().unwrap_or(1024))
}

/// Starts this program anew with as many descriptors as it may have, where it has fewer.
pub fn raise_descriptors() -> Result<()> {
    const RAISED: &str = "BALCAO_BENCH_RAISED";
    let (soft, hard) = descriptors();
    if soft >= hard || std::env::var_os(RAISED).is_some() {
        return Ok(());
    }
    let script = format!("ulimit -n {hard}; exec \"$0\" \"$@\"");
    let program = std::env::current_exe()?;
    Err(Command::new("sh")
        .arg("-c")
        .arg(script)
        .arg(program)
        .args(std::env::args_os().skip(1))
        .env(RAISED, "1")
        .exec()
        .into())
}

#[derive(Clone, Debug)]
pub struct Machine {
    pub cpu: String,
    pub cores: usize,
    pub memory_gib: f64,
    pub kernel: String,
    pub fsync_p50_ms: f64,
    pub fsync_p99_ms: f64,
    pub descriptors: u64,
    /// Load average before the first round.
    pub load_before: f64,
}

pub fn describe(scratch: &Path) -> Result<Machine> {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo")?;
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let total = kib(&fs::read_to_string("/proc/meminfo")?, "MemTotal:");
    let version = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let (fsync_p50_ms, fsync_p99_ms) = fsync_ms(scratch)?;
    Ok(Machine {
        cpu: model.map_or("unknown", |(_, name)| name.trim()).to_owned(),
        cores: std::thread::available_parallelism()?.get(),
        memory_gib: total as f64 / 1_048_576.0,
        // Only the version: the rest of the name is the distributor's business.
        kernel: version.split('-').next().unwrap_or_default().trim().to_owned(),
        fsync_p50_ms,
        fsync_p99_ms,
        descriptors: descriptors().0,
        load_before: load_average(),
    })
}

/// Appends 4 KiB and syncs, 500 times.
fn fsync_ms(scratch: &Path) -> Result<(f64, f64)> {
    let path = scratch.join("fsync-probe");
    let mut file = fs::File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..500 {
        let start = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    fs::remove_file(&path)?;
    Ok((percentile(&times, 0.5), percentile(&times, 0.99)))
}
