//! Access by OAuth2 (RFC 6749) with proof of who asked (RFC 7636): the address at which somebody consents, and what is then exchanged for tokens.
//! Tokens, codes and secrets stand in no error.

use std::{net::IpAddr, sync::LazyLock, time::Duration};

use balcao_types::MailFault;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Client, Response, StatusCode, Url, header, redirect::Policy};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Problem, tls};
use crate::config::Secret;

/// How long connecting may take, and the whole exchange.
const CONNECTING: Duration = Duration::from_secs(5);
const EXCHANGE: Duration = Duration::from_secs(15);
/// The longest answer that is read, in bytes.
const ANSWER_MAX: usize = 64 * 1024;
/// The longest token that is kept, in bytes.
const TOKEN_MAX: usize = 16 * 1024;
/// How long access holds where nobody says it, and at most, in seconds.
const SECONDS_UNSAID: i64 = 600;
const SECONDS_MAX: i64 = 86_400;

static CLIENT: LazyLock<reqwest::Result<Client>> = LazyLock::new(|| {
    Client::builder()
        .tls_backend_preconfigured((*tls::client()).clone())
        .redirect(Policy::none())
        .connect_timeout(CONNECTING)
        .timeout(EXCHANGE)
        .build()
});

/// What gives access, and as whom it knows us.
#[derive(Clone, Debug)]
pub struct TokenServer {
    pub address: String,
    pub client_id: String,
    pub client_secret: Option<Secret>,
    /// Whether the secret travels in the header, as every server takes it (RFC 6749, 2.3.1), and not in the body.
    pub is_basic: bool,
}

/// What is exchanged for access.
#[derive(Clone, Debug)]
pub enum Exchanged {
    /// What somebody's browser has brought from where they consented.
    Code {
        code: Secret,
        verifier: Secret,
        redirect_uri: String,
    },
    Refresh(Secret),
}

/// What was given.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: Secret,
    /// Gets access anew; none leaves the earlier one in force.
    pub refresh: Option<Secret>,
    /// For how long access holds, in seconds.
    pub seconds: i64,
}

/// What is asked for at the address of consent.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub client_id: &'a str,
    pub redirect_uri: &'a str,
    pub scopes: &'a str,
    /// Comes back with the answer.
    pub state: &'a str,
    /// Whose fingerprint is told now, and which itself is shown when the code is exchanged.
    pub verifier: &'a str,
    /// Whose mailbox it is about.
    pub user: &'a str,
    /// What a provider wants to know besides.
    pub besides: &'a [(&'a str, &'a str)],
}

/// Whether secrets may travel to an address: over https, or on this machine.
pub fn is_protected(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let host = url.host_str().unwrap_or_default();
    let is_here = host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    !host.is_empty() && (url.scheme() == "https" || url.scheme() == "http" && is_here)
}

/// Whether a text is an address that one may ask under: with a host, and without a name, a password or a fragment.
pub fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    })
}

/// Where somebody is asked for consent (RFC 6749, 4.1.1). None where the address is none.
pub fn consent_address(address: &str, request: &Request<'_>) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(request.verifier.as_bytes()));
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", request.client_id)
        .append_pair("redirect_uri", request.redirect_uri)
        .append_pair("scope", request.scopes)
        .append_pair("state", request.state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        .append_pair("login_hint", request.user)
        .extend_pairs(request.besides);
    Some(url.into())
}

/// Exchanges something for access (RFC 6749, 4.1.3 and 6).
///
/// # Errors
/// What the server says, without a token in it; [`MailFault::ConsentRevoked`] where what was shown does not hold any more.
pub async fn exchange(server: &TokenServer, exchanged: &Exchanged) -> Result<Tokens, Problem> {
    if !is_protected(&server.address) {
        return Err(Problem::lasting(MailFault::TokenServerUnreachable, "https"));
    }
    let client = CLIENT.as_ref().map_err(unreachable)?;
    let mut fields = match exchanged {
        Exchanged::Code { code, verifier, redirect_uri } => vec![
            ("grant_type", "authorization_code"),
            ("code", code.0.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
            ("code_verifier", verifier.0.as_str()),
        ],
        Exchanged::Refresh(token) => vec![("grant_type", "refresh_token"), ("refresh_token", token.0.as_str())],
    };
    let mut asking = client.post(&server.address).header(header::ACCEPT, "application/json");
    match &server.client_secret {
        Some(secret) if server.is_basic => {
            asking = asking.basic_auth(encoded(&[("", &server.client_id)]), Some(encoded(&[("", &secret.0)])));
        }
        secret => {
            fields.push(("client_id", &server.client_id));
            fields.extend(secret.as_ref().map(|secret| ("client_secret", secret.0.as_str())));
        }
    }
    let asking = asking.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(encoded(&fields));
    let answer = asking.send().await.map_err(|error| unreachable(&error))?;
    let status = answer.status();
    let body = body_of(answer).await?;
    let body: Option<Value> = serde_json::from_slice(&body).ok();
    match body {
        Some(body) if status == StatusCode::OK => tokens(&body).ok_or_else(|| refused(status)),
        Some(body) if text(&body, "error").is_some() => Err(told(status, &body)),
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(Problem::passing(MailFault::TokenServerUnreachable, status))
        }
        _ => Err(refused(status)),
    }
}

/// As forms are written. A pair without a name is its value alone.
fn encoded(fields: &[(&str, &str)]) -> String {
    // Any address will do: its query is written like a form.
    let Ok(mut url) = Url::parse("https://localhost/") else { return String::new() };
    url.query_pairs_mut().extend_pairs(fields);
    let written = url.query().unwrap_or_default();
    written.strip_prefix('=').unwrap_or(written).to_owned()
}

async fn body_of(mut answer: Response) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        if body.len() + piece.len() > ANSWER_MAX {
            return Err(Problem::lasting(MailFault::TokenServerRefused, format!("> {ANSWER_MAX} B")));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

fn text<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name)?.as_str()
}

fn tokens(body: &Value) -> Option<Tokens> {
    let token = |name: &str| {
        let token = text(body, name)?;
        // It stands between control characters when it is shown.
        let is_sound = (1..=TOKEN_MAX).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic());
        is_sound.then(|| Secret(token.to_owned()))
    };
    let is_bearer = text(body, "token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    // Some write the number as a text.
    let said = body.get("expires_in").and_then(|said| said.as_i64().or_else(|| said.as_str()?.parse().ok()));
    let seconds = said.unwrap_or(SECONDS_UNSAID);
    let access = token("access_token").filter(|_| is_bearer)?;
    Some(Tokens { access, refresh: token("refresh_token"), seconds: seconds.clamp(0, SECONDS_MAX) })
}

/// What an error says (RFC 6749, 5.2).
fn told(status: StatusCode, body: &Value) -> Problem {
    let code = text(body, "error").unwrap_or_default();
    let words = match text(body, "error_description") {
        Some(description) => format!("{code}: {description}"),
        None => code.to_owned(),
    };
    match code {
        // The latter two are Microsoft's: somebody has to be asked again.
        "invalid_grant" | "interaction_required" | "consent_required" => {
            Problem::lasting(MailFault::ConsentRevoked, words)
        }
        "invalid_client" | "unauthorized_client" => Problem::lasting(MailFault::ClientRefused, words),
        "temporarily_unavailable" | "server_error" => Problem::passing(MailFault::TokenServerUnreachable, words),
        _ if status.is_server_error() => Problem::passing(MailFault::TokenServerUnreachable, words),
        _ => Problem::lasting(MailFault::TokenServerRefused, words),
    }
}

fn refused(status: StatusCode) -> Problem {
    Problem::lasting(MailFault::TokenServerRefused, status)
}

/// The innermost cause: the outer ones name the whole address.
fn unreachable(error: &reqwest::Error) -> Problem {
    let inner = Problem::of(error, MailFault::TokenServerUnreachable);
    let detail = match inner.fault {
        MailFault::TokenServerUnreachable => inner.detail,
        fault => format!("{fault}: {}", inner.detail),
    };
    Problem::passing(MailFault::TokenServerUnreachable, detail)
}

#[cfg(test)]
mod tests {
    use balcao_types::MailFault;
    use reqwest::StatusCode;
    use serde_json::json;

    use super::{Request, consent_address, encoded, is_address, is_protected, tokens, told};

    #[test]
    fn secrets_travel_protected_or_stay_here() {
        for good in ["https://id.loja.test/token", "http://localhost:1/t", "http://127.0.0.1/t", "http://[::1]:9/t"] {
            assert!(is_protected(good) && is_address(good), "{good}");
        }
        for bad in ["http://id.loja.test/token", "ftp://localhost/", "token", "https://", "http://localhost.loja.test"]
        {
            assert!(!is_protected(bad), "{bad}");
        }
        for bad in ["https://ana:segredo@id.loja.test/", "https://id.loja.test/#x", "javascript:alert(1)", "x"] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_asked_for_is_written_as_an_address() {
        let request = Request {
            client_id: "a b",
            redirect_uri: "https://chat.loja.test/x",
            scopes: "one two",
            state: "s",
            // The example of RFC 7636, appendix B.
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            user: "a@loja.test",
            besides: &[("prompt", "consent")],
        };
        let address = consent_address("https://id.loja.test/authorize?tenant=1", &request).unwrap();
        assert!(address.starts_with("https://id.loja.test/authorize?tenant=1&response_type=code&client_id=a+b&"));
        assert!(address.contains("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), "{address}");
        assert!(address.ends_with("&prompt=consent"));
        assert_eq!(encoded(&[("", "a:b c")]), "a%3Ab+c");
        assert_eq!(encoded(&[("a", "="), ("b", "&")]), "a=%3D&b=%26");
    }

    #[test]
    fn only_what_can_be_shown_is_taken_for_a_token() {
        let given = json!({ "access_token": "a", "token_type": "Bearer", "expires_in": "60", "refresh_token": "r" });
        let taken = tokens(&given).unwrap();
        assert_eq!((taken.seconds, taken.refresh.unwrap().0.as_str()), (60, "r"));
        for (name, value) in [("access_token", "a\u{1}b"), ("access_token", ""), ("token_type", "mac")] {
            let mut wrong = given.clone();
            wrong[name] = json!(value);
            assert!(tokens(&wrong).is_none(), "{name} {value:?}");
        }
    }

    #[test]
    fn what_is_refused_says_what_can_be_done() {
        let fault = |code: &str| told(StatusCode::BAD_REQUEST, &json!({ "error": code })).fault;
        assert_eq!(fault("invalid_grant"), MailFault::ConsentRevoked);
        assert_eq!(fault("invalid_client"), MailFault::ClientRefused);
        assert_eq!(fault("invalid_scope"), MailFault::TokenServerRefused);
        assert_eq!(fault("temporarily_unavailable"), MailFault::TokenServerUnreachable);
    }
}
