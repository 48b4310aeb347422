//! Sending by SMTP, step by step, so that a failure says at which one.

use balcao_types::{MailFault, settings::MailSecurity};
use lettre::{
    address::Envelope,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::AsyncSmtpConnection,
        commands::Auth,
        extension::ClientId,
    },
};

use super::{Key, LETTER, Problem, STEP, Server, addresses, in_time, tls, within};
use crate::config::Secret;

/// What a test of the server has found: it would take mail.
#[derive(Clone, Copy, Debug)]
pub struct Ready {
    /// Whether it asked us to log in.
    pub is_logged_in: bool,
}

/// Gives a letter to the server.
///
/// # Errors
/// At which step it failed; whether it may pass.
pub async fn deliver(server: &Server, envelope: &Envelope, letter: &[u8]) -> Result<(), Problem> {
    let mut connection = open(server).await?;
    let sent = within(LETTER, connection.send(envelope, letter), |error| refused(&error)).await;
    if sent.is_ok() {
        // The letter is taken; whether the farewell is heard changes nothing.
        let _ = tokio::time::timeout(STEP, connection.quit()).await;
    }
    sent.map(|_response| ())
}

/// Connects and logs in as for sending, and sends nothing.
///
/// # Errors
/// At which step it failed.
pub async fn test(server: &Server) -> Result<Ready, Problem> {
    let mut connection = open(server).await?;
    let _ = tokio::time::timeout(STEP, connection.quit()).await;
    Ok(Ready { is_logged_in: !server.user.is_empty() })
}

async fn open(server: &Server) -> Result<AsyncSmtpConnection, Problem> {
    let addresses = addresses(server).await?;
    let hello = ClientId::default();
    let trust = || tls::for_smtp(&server.host).map_err(|error| Problem::of(&error, MailFault::TlsFailed));
    let at_once = if server.security == MailSecurity::Tls { Some(trust()?) } else { None };
    let otherwise = if at_once.is_some() { MailFault::TlsFailed } else { MailFault::ProtocolBroken };
    let connecting = AsyncSmtpConnection::connect_tokio1(addresses.as_slice(), Some(STEP), &hello, at_once, None);
    let mut connection = in_time(connecting, |error| connected(&error, otherwise)).await?;
    if server.security == MailSecurity::StartTls {
        if !connection.can_starttls() {
            return Err(Problem::lasting(MailFault::StarttlsMissing, ""));
        }
        let upgrading = connection.starttls(trust()?, &hello);
        in_time(upgrading, |error| Problem::of(&error, MailFault::TlsFailed)).await?;
    }
    if !server.user.is_empty() {
        match &server.key {
            Key::Password(password) => log_in(&mut connection, &server.user, password).await?,
            Key::Access(token) => log_in_by_token(&mut connection, &server.user, token).await?,
        }
    }
    Ok(connection)
}

async fn log_in(connection: &mut AsyncSmtpConnection, user: &str, password: &Secret) -> Result<(), Problem> {
    const WAYS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];
    if connection.server_info().get_auth_mechanism(WAYS).is_none() {
        return Err(Problem::lasting(MailFault::LoginUnsupported, ""));
    }
    let credentials = Credentials::new(user.to_owned(), password.0.clone());
    let told = |error: Error| not_let_in(&error, MailFault::LoginRefused);
    in_time(connection.auth(WAYS, &credentials), told).await.map(|_response| ())
}

/// By XOAUTH2. The client's own way takes the challenge that a refusal begins with for a fault and never hears the refusal.
async fn log_in_by_token(connection: &mut AsyncSmtpConnection, user: &str, token: &Secret) -> Result<(), Problem> {
    if !connection.server_info().supports_auth_mechanism(Mechanism::Xoauth2) {
        return Err(Problem::lasting(MailFault::LoginUnsupported, ""));
    }
    let credentials = Credentials::new(user.to_owned(), token.0.clone());
    let asking = async {
        let answer = connection.command(Auth::new(Mechanism::Xoauth2, credentials, None)?).await?;
        // What is wrong comes as a challenge; an empty answer to it asks for the refusal.
        if answer.has_code(334) { connection.command("\r\n").await } else { Ok(answer) }
    };
    let answer = in_time(asking, |error: Error| not_let_in(&error, MailFault::AccessRefused)).await?;
    if answer.has_code(334) { Err(Problem::lasting(MailFault::ProtocolBroken, "334")) } else { Ok(()) }
}

fn not_let_in(error: &Error, refused: MailFault) -> Problem {
    match error.status() {
        Some(_) if error.is_permanent() => Problem::lasting(refused, words(error)),
        Some(_) => Problem::passing(refused, words(error)),
        None => Problem::of(error, MailFault::ConnectionLost),
    }
}

fn connected(error: &Error, otherwise: MailFault) -> Problem {
    match error.status() {
        Some(_) => Problem::passing(MailFault::Unreachable, words(error)),
        None => Problem::of(error, otherwise),
    }
}

/// Why a letter was not taken. Which command was refused is told by the kind of the answer (RFC 5321, RFC 3463), since the client does not say.
fn refused(error: &Error) -> Problem {
    let words = words(error);
    let Some(code) = error.status() else {
        // What cannot be said to this server: an address beyond ASCII.
        let otherwise = if error.is_client() { MailFault::RecipientRefused } else { MailFault::ConnectionLost };
        let problem = Problem::of(error, otherwise);
        return Problem { is_passing: !error.is_client(), ..problem };
    };
    let fault = match (u16::from(code), enhanced(&words)) {
        (_, Some((1, 7 | 8))) => MailFault::SenderRefused,
        (_, Some((1 | 2, _))) | (550 | 551 | 553, None) | (550, Some((4, 1))) => MailFault::RecipientRefused,
        _ => MailFault::MessageRefused,
    };
    if error.is_permanent() { Problem::lasting(fault, words) } else { Problem::passing(fault, words) }
}

/// Subject and detail of an enhanced status code at the beginning of an answer: `5.1.1` is (1, 1).
fn enhanced(words: &str) -> Option<(u16, u16)> {
    let mut parts = words.split_whitespace().find(|word| word.matches('.').count() == 2)?.split('.');
    let class: u16 = parts.next()?.parse().ok()?;
    let found = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    matches!(class, 4 | 5).then_some(found)
}

fn words(error: &Error) -> String {
    use std::error::Error as _;
    match (error.status(), error.source()) {
        (Some(code), Some(source)) => format!("{code} {source}"),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_enhanced_code_is_found_where_there_is_one() {
        assert_eq!(super::enhanced("550 5.1.1 <x@y>: unknown"), Some((1, 1)));
        assert_eq!(super::enhanced("454 4.7.1 Relay access denied"), Some((7, 1)));
        assert_eq!(super::enhanced("550 unknown user at 10.0.0.1"), None);
        assert_eq!(super::enhanced(""), None);
    }
}
