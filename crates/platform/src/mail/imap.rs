//! Reading a mailbox by IMAP (RFC 3501). Nothing in it is changed: mails are looked at with PEEK from a folder opened for reading.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_imap::{Authenticator, Client, Session, error::Error, types::Fetch};
use balcao_types::{MailFault, settings::MailSecurity};
use futures_util::TryStreamExt;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use super::{Key, Problem, STEP, Server, addresses, in_time, tls};
use crate::config::Secret;

/// The slowest line over which a mail is waited for, in bytes a millisecond.
const SLOWEST: u64 = 1_500;

/// A connection, encrypted or not.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}

impl<W: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Wire for W {}

/// A folder that is open for reading.
pub struct Mailbox {
    session: Session<Box<dyn Wire>>,
}

/// What a folder says of itself when it is opened.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// Where it changes, numbers of mails that were known mean others now.
    pub validity: u32,
    /// The number that the next mail will have, where the server tells it.
    pub next: Option<u32>,
    pub mails: u32,
}

/// A mail in the folder.
#[derive(Debug)]
pub struct Arrived {
    pub uid: u32,
    /// In bytes.
    pub size: u32,
    /// The header, or all of it, as asked for.
    pub bytes: Vec<u8>,
}

impl Mailbox {
    /// Connects, logs in and opens a folder.
    ///
    /// # Errors
    /// At which step it failed.
    pub async fn open(server: &Server, folder: &str) -> Result<(Self, Opened), Problem> {
        let client = connect(server).await?;
        let mut session = match &server.key {
            Key::Password(password) => {
                let logging_in = async { client.login(&server.user, &password.0).await.map_err(|(error, _)| error) };
                in_time(logging_in, |error| said(&error, MailFault::LoginRefused)).await?
            }
            Key::Access(token) => log_in_by_token(client, &server.user, token).await?,
        };
        let opened = in_time(session.examine(folder), |error| said(&error, MailFault::FolderUnknown)).await?;
        let validity = opened
            .uid_validity
            .ok_or_else(|| Problem::lasting(MailFault::ProtocolBroken, "the server numbers no mails (UIDVALIDITY)"))?;
        Ok((Self { session }, Opened { validity, next: opened.uid_next, mails: opened.exists }))
    }

    /// The headers and sizes of mails with numbers from `first` on, oldest first, at most so many.
    ///
    /// # Errors
    /// When the server does not tell them.
    pub async fn headers(&mut self, first: u32, most: usize) -> Result<Vec<Arrived>, Problem> {
        let searching = self.session.uid_search(format!("UID {first}:*"));
        let found = in_time(searching, |error| said(&error, MailFault::ProtocolBroken)).await?;
        // `*` is the last mail even where its number is lower.
        let mut numbers: Vec<u32> = found.into_iter().filter(|uid| *uid >= first).collect();
        numbers.sort_unstable();
        numbers.truncate(most);
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let set = numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let mut arrived = self.fetch(&set, "(UID RFC822.SIZE BODY.PEEK[HEADER])", (STEP, Fetch::header)).await?;
        // A mail that vanished meanwhile is passed over by its number.
        arrived.sort_unstable_by_key(|mail| mail.uid);
        Ok(arrived)
    }

    /// A whole mail; none when it has vanished.
    ///
    /// # Errors
    /// When the server does not give it.
    pub async fn whole(&mut self, mail: &Arrived) -> Result<Option<Vec<u8>>, Problem> {
        let time = STEP + Duration::from_millis(u64::from(mail.size) / SLOWEST);
        let mails = self.fetch(&mail.uid.to_string(), "(UID RFC822.SIZE BODY.PEEK[])", (time, Fetch::body)).await?;
        Ok(mails.into_iter().find(|found| found.uid == mail.uid).map(|found| found.bytes))
    }

    async fn fetch(
        &mut self,
        set: &str,
        what: &str,
        (time, part): (Duration, impl Fn(&Fetch) -> Option<&[u8]>),
    ) -> Result<Vec<Arrived>, Problem> {
        let fetching = async {
            let mails: Vec<Fetch> = self.session.uid_fetch(set, what).await?.try_collect().await?;
            Ok(mails)
        };
        let fetched = tokio::time::timeout(time, fetching).await.map_err(|_elapsed| Problem::timed_out())?;
        let mails = fetched.map_err(|error: Error| said(&error, MailFault::ProtocolBroken))?;
        let arrived = mails.iter().filter_map(|mail| {
            Some(Arrived { uid: mail.uid?, size: mail.size.unwrap_or(0), bytes: part(mail)?.to_vec() })
        });
        Ok(arrived.collect())
    }

    /// Says farewell. What was read stays read, whether it is heard or not.
    pub async fn leave(mut self) {
        let _ = tokio::time::timeout(STEP, self.session.logout()).await;
    }
}

/// Answers XOAUTH2: with user and token at first, with nothing to what is wrong about them.
struct Xoauth2<'a> {
    answer: String,
    /// Whether the server has asked for it.
    is_asked: &'a AtomicBool,
}

impl Authenticator for Xoauth2<'_> {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.is_asked.store(true, Ordering::Relaxed);
        std::mem::take(&mut self.answer)
    }
}

async fn log_in_by_token(
    client: Client<Box<dyn Wire>>,
    user: &str,
    token: &Secret,
) -> Result<Session<Box<dyn Wire>>, Problem> {
    let is_asked = AtomicBool::new(false);
    let answer = Xoauth2 { answer: format!("user={user}\x01auth=Bearer {}\x01\x01", token.0), is_asked: &is_asked };
    let logging_in = async { client.authenticate("XOAUTH2", answer).await.map_err(|(error, _)| error) };
    in_time(logging_in, |error| {
        // Who knows no such way refuses it before asking anything.
        let knows = is_asked.load(Ordering::Relaxed);
        said(&error, if knows { MailFault::AccessRefused } else { MailFault::LoginUnsupported })
    })
    .await
}

async fn connect(server: &Server) -> Result<Client<Box<dyn Wire>>, Problem> {
    let addresses = addresses(server).await?;
    let connecting = TcpStream::connect(addresses.as_slice());
    let plain = in_time(connecting, |error| Problem::of(&error, MailFault::Unreachable)).await?;
    match server.security {
        MailSecurity::Tls => greeted(Box::new(encrypted(server, plain).await?)).await,
        MailSecurity::None => greeted(Box::new(plain)).await,
        MailSecurity::StartTls => {
            let mut client = greeted_plain(plain).await?;
            let asking = client.run_command_and_check_ok("STARTTLS", None);
            in_time(asking, |error| said(&error, MailFault::StarttlsMissing)).await?;
            // After it there is no greeting.
            Ok(Client::new(Box::new(encrypted(server, client.into_inner()).await?)))
        }
    }
}

async fn encrypted(server: &Server, plain: TcpStream) -> Result<impl Wire + use<>, Problem> {
    let name =
        ServerName::try_from(server.host.clone()).map_err(|error| Problem::lasting(MailFault::TlsFailed, error))?;
    let connecting = TlsConnector::from(tls::client()).connect(name, plain);
    in_time(connecting, |error| Problem::of(&error, MailFault::TlsFailed)).await
}

async fn greeted(wire: Box<dyn Wire>) -> Result<Client<Box<dyn Wire>>, Problem> {
    let mut client = Client::new(wire);
    let greeting = in_time(client.read_response(), |error| Problem::of(&error, MailFault::ProtocolBroken)).await?;
    greeting.map(|_greeting| client).ok_or_else(|| Problem::passing(MailFault::ConnectionLost, ""))
}

async fn greeted_plain(plain: TcpStream) -> Result<Client<TcpStream>, Problem> {
    let mut client = Client::new(plain);
    let greeting = in_time(client.read_response(), |error| Problem::of(&error, MailFault::ProtocolBroken)).await?;
    greeting.map(|_greeting| client).ok_or_else(|| Problem::passing(MailFault::ConnectionLost, ""))
}

/// What an error says; `refused` where the server has said no.
fn said(error: &Error, refused: MailFault) -> Problem {
    match error {
        // What the server needs is away (RFC 5530); whoever logs in may be right.
        Error::No(words) if words.contains("[UNAVAILABLE]") => Problem::passing(refused, words),
        Error::No(words) | Error::Bad(words) => Problem::lasting(refused, words),
        Error::ConnectionLost => Problem::passing(MailFault::ConnectionLost, ""),
        Error::Validate(_) => Problem::lasting(refused, error),
        Error::Io(io) => Problem::of(io, MailFault::ConnectionLost),
        _ => Problem::passing(MailFault::ProtocolBroken, error),
    }
}

#[cfg(test)]
mod tests {
    use async_imap::error::Error;
    use balcao_types::MailFault;

    use super::said;

    #[test]
    fn a_server_that_cannot_ask_whether_somebody_may_come_in_has_not_refused_them() {
        let no = |words: &str| {
            let problem = said(&Error::No(words.to_owned()), MailFault::AccessRefused);
            (problem.fault, problem.is_passing)
        };
        let away = r#"code: None, info: Some("[UNAVAILABLE] Temporary authentication failure.")"#;
        let refused = r#"code: None, info: Some("[AUTHENTICATIONFAILED] Authentication failed.")"#;
        assert_eq!(no(away), (MailFault::AccessRefused, true));
        assert_eq!(no(refused), (MailFault::AccessRefused, false));
    }
}
