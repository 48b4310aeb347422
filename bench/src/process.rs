//! Starts and stops a server that is measured: the raw program or the product.

use crate::Result;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A folder that goes when its owner goes, unless it is kept for a look.
pub struct Scratch {
    pub path: PathBuf,
    pub keep: bool,
}

impl Scratch {
    pub fn new(name: &str) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("balcao-bench-{name}-{}-{number}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self { path, keep: false })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep {
            // Left-overs in the temporary folder harm nobody.
            fs::remove_dir_all(&self.path).unwrap_or_default();
        }
    }
}

/// How to start a server; good for any number of starts.
#[derive(Clone)]
pub struct Recipe {
    pub program: PathBuf,
    pub arguments: Vec<String>,
    pub environment: Vec<(String, String)>,
    pub address: SocketAddr,
    /// Standard error is appended here.
    pub log: PathBuf,
}

impl Recipe {
    pub fn raw(data: &Path, address: SocketAddr, agents: usize) -> Result<Self> {
        let words = ["raw", "--listen", &address.to_string(), "--agents", &agents.to_string(), "--data"];
        let mut arguments: Vec<String> = words.map(str::to_owned).to_vec();
        arguments.push(data.to_string_lossy().into_owned());
        let program = std::env::current_exe()?;
        Ok(Self { program, arguments, environment: Vec::new(), address, log: data.join("stderr.log") })
    }

    pub fn balcao(program: &Path, data: &Path, address: SocketAddr, database_url: Option<&str>) -> Self {
        let mut environment = vec![
            ("BALCAO_LISTEN".to_owned(), address.to_string()),
            ("BALCAO_DATA".to_owned(), data.to_string_lossy().into_owned()),
            ("BALCAO_PUBLIC_URL".to_owned(), format!("http://{address}")),
            ("BALCAO_LIMITS_ENABLED".to_owned(), "false".to_owned()),
        ];
        environment.extend(database_url.map(|url| ("BALCAO_DATABASE_URL".to_owned(), url.to_owned())));
        Self {
            program: program.to_owned(),
            arguments: vec!["serve".to_owned()],
            environment,
            address,
            log: data.join("stderr.log"),
        }
    }

    pub fn start(&self) -> Result<Served> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let begun = Instant::now();
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let (sender, lines) = channel();
        if let Some(output) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(std::io::Result::ok) {
                    // Nobody listens after the set-up; the pipe must be emptied all the same.
                    sender.send(line).unwrap_or_default();
                }
            });
        }
        Ok(Served { child, lines, address: self.address, begun })
    }
}

pub struct Served {
    child: Child,
    lines: Receiver<String>,
    address: SocketAddr,
    begun: Instant,
}

/// Time from the start of the process.
pub struct Awake {
    pub accepted: Duration,
    pub answered: Duration,
}

impl Served {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the first accepted connection and for the first HTTP answer on it.
    pub fn wait_ready(&mut self, patience: Duration) -> Result<Awake> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the server ended by itself: {status}").into());
            }
            if self.begun.elapsed() > patience {
                return Err("the server did not answer in time".into());
            }
            let Ok(mut stream) = TcpStream::connect(self.address) else {
                std::thread::sleep(Duration::from_micros(300));
                continue;
            };
            let accepted = self.begun.elapsed();
            let request = format!("GET /api/version HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            let mut status = [0; 12];
            if stream.write_all(request.as_bytes()).and_then(|()| stream.read_exact(&mut status)).is_ok() {
                return Ok(Awake { accepted, answered: self.begun.elapsed() });
            }
        }
    }

    /// The one-time token that the product prints at its first start.
    pub fn setup_token(&self) -> Result<String> {
        loop {
            let line =
                self.lines.recv_timeout(Duration::from_secs(5)).map_err(|_silent| "no set-up link was printed")?;
            if let Some((_, rest)) = line.split_once("/setup#") {
                return Ok(rest.chars().take_while(|letter| !letter.is_whitespace() && *letter != '"').collect());
            }
        }
    }

    /// SIGTERM, and SIGKILL after ten seconds: how an operator stops it.
    pub fn stop(&mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > Duration::from_secs(10) {
                eprintln!("the server did not end within 10 s of SIGTERM");
                self.child.kill()?;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// SIGKILL: no last words, nothing flushed.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Already gone is what is wanted.
        self.child.kill().unwrap_or_default();
        drop(self.child.wait());
    }
}
