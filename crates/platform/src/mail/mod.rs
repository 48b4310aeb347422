//! Mail: letters built so that nothing in them can become a header, sent by SMTP, and a mailbox read by IMAP. What goes wrong is told as
//! something that whoever set it up can mend.

mod compose;
mod imap;
pub mod oauth;
mod smtp;
mod tls;

pub use compose::{Attached, Letter, Person, compose, is_message_id};
pub use imap::{Arrived, Mailbox, Opened};
pub use smtp::{Ready, deliver, test};

use std::{io, net::SocketAddr, time::Duration};

use balcao_types::{MailFault, settings::MailSecurity};

use crate::config::Secret;

/// How long one step with a server may take.
const STEP: Duration = Duration::from_secs(15);
/// How long a letter may take with the files that go with it; its job has little more.
const LETTER: Duration = Duration::from_secs(38);
/// How much of a server's own words is kept, in characters.
const DETAIL_MAX: usize = 300;

/// A mail server, and how to log in.
#[derive(Clone, Debug)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    /// Empty does not log in.
    pub user: String,
    pub key: Key,
}

/// What a user shows to be let in.
#[derive(Clone, Debug)]
pub enum Key {
    Password(Secret),
    /// An access token, shown as XOAUTH2 (developers.google.com/workspace/gmail/imap/xoauth2-protocol).
    Access(Secret),
}

/// Why mail did not go out or come in.
#[derive(Clone, Debug)]
pub struct Problem {
    pub fault: MailFault,
    /// The server's or the system's own words, for whoever set it up.
    pub detail: String,
    /// Whether trying again may help by itself.
    pub is_passing: bool,
}

impl Problem {
    /// A fault that may pass by itself.
    fn passing(fault: MailFault, detail: impl std::fmt::Display) -> Self {
        Self { fault, detail: one_line(&detail.to_string()), is_passing: true }
    }

    /// A fault that stays until something is changed.
    fn lasting(fault: MailFault, detail: impl std::fmt::Display) -> Self {
        Self { fault, detail: one_line(&detail.to_string()), is_passing: false }
    }

    /// What an error says by what it came from; `otherwise` where that says nothing.
    fn of(error: &(dyn std::error::Error + 'static), otherwise: MailFault) -> Self {
        let mut next = Some(error);
        let mut told = error.to_string();
        let mut fault = None;
        while let Some(one) = next {
            if let Some(io) = one.downcast_ref::<io::Error>() {
                fault = fault.or_else(|| of_io(io));
                if let Some(inner) = io.get_ref() {
                    told = inner.to_string();
                }
            }
            if let Some(tls) = one.downcast_ref::<rustls::Error>() {
                fault = Some(of_tls(tls));
            }
            next = one.source();
            if let Some(deeper) = next {
                told = deeper.to_string();
            }
        }
        Self::passing(fault.unwrap_or(otherwise), told)
    }

    fn timed_out() -> Self {
        Self::passing(MailFault::TimedOut, "")
    }
}

fn of_io(error: &io::Error) -> Option<MailFault> {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return Some(of_tls(tls));
    }
    match error.kind() {
        io::ErrorKind::TimedOut => Some(MailFault::TimedOut),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Some(MailFault::Unreachable)
        }
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            Some(MailFault::ConnectionLost)
        }
        _ => None,
    }
}

const fn of_tls(error: &rustls::Error) -> MailFault {
    match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => MailFault::CertificateInvalid,
        _ => MailFault::TlsFailed,
    }
}

fn one_line(text: &str) -> String {
    balcao_types::rules::text::one_line(&text.split_whitespace().collect::<Vec<_>>().join(" "), DETAIL_MAX)
}

/// Where a host is.
async fn addresses(server: &Server) -> Result<Vec<SocketAddr>, Problem> {
    let looked = tokio::net::lookup_host((server.host.as_str(), server.port));
    let found = tokio::time::timeout(STEP, looked).await.map_err(|_elapsed| Problem::timed_out())?;
    let found: Vec<SocketAddr> = found.map_err(|error| Problem::passing(MailFault::HostUnknown, error))?.collect();
    if found.is_empty() { Err(Problem::passing(MailFault::HostUnknown, &server.host)) } else { Ok(found) }
}

/// Waits for a step that must not take for ever.
async fn in_time<T, E>(
    step: impl Future<Output = Result<T, E>>,
    told: impl FnOnce(E) -> Problem,
) -> Result<T, Problem> {
    within(STEP, step, told).await
}

/// The same with a limit of its own.
async fn within<T, E>(
    limit: Duration,
    step: impl Future<Output = Result<T, E>>,
    told: impl FnOnce(E) -> Problem,
) -> Result<T, Problem> {
    tokio::time::timeout(limit, step).await.map_err(|_elapsed| Problem::timed_out())?.map_err(told)
}
