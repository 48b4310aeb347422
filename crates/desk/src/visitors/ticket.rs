//! Tickets: what a visitor's key is traded for. Signed, ten minutes long, good for one contact on one connection. Nothing is stored for them.

use std::str::FromStr;

use axum::{extract::FromRequestParts, http::request::Parts};
use balcao_platform::{
    Store,
    secrets::{derived_id, fingerprint, new_token},
    store::{Failure, Tx, Work},
};
use balcao_types::{ConnectionId, ContactId, DepartmentId, ErrorCode, Timestamp, WorkspaceId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{
    Desk,
    contacts::{CUSTOMER, Identity, VISITOR_KEY},
    error::{Error, Result},
};

/// For how long a ticket opens sockets, in seconds.
pub const TICKET_SECONDS: i64 = 600;

/// How long a mark is: 80 bits.
const MARK_BYTES: usize = 10;

/// What a ticket says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub workspace: WorkspaceId,
    pub connection: ConnectionId,
    /// The contact of the key, or the id it will have after the first message.
    pub contact: ContactId,
    /// The fingerprint of the visitor's key.
    pub key: String,
    pub expires_at: i64,
    /// Whom the page's site has signed to be there: they are the contact, whatever the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The department the page has chosen, before the connection's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<AskedDepartment>,
}

/// The department a page has chosen for its visitors: as text its id, or `choose`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AskedDepartment {
    /// The visitors do, whatever the connection says (T-008).
    Choose,
    One(DepartmentId),
}

impl AskedDepartment {
    pub const fn one(self) -> Option<DepartmentId> {
        match self {
            Self::Choose => None,
            Self::One(department) => Some(department),
        }
    }
}

impl FromStr for AskedDepartment {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        if text == "choose" { Ok(Self::Choose) } else { text.parse().map(Self::One) }
    }
}

/// The key the installation signs tickets with; one for all nodes.
pub struct TicketKey(Vec<u8>);

impl TicketKey {
    /// Loads the key, making it at the first start.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(store: &Store) -> Result<Self> {
        let kept = store.write(KeepKey { new: new_token() }).await?;
        Ok(Self(kept.into_bytes()))
    }

    /// A key of one's own, for tests.
    #[cfg(test)]
    pub fn of(key: &str) -> Self {
        Self(key.as_bytes().to_vec())
    }

    fn mac(&self, body: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(body);
        Some(mac)
    }

    /// The ticket as text: `<body>.<signature>`, both base64url.
    ///
    /// # Errors
    /// When the ticket cannot be encoded.
    pub fn sign(&self, ticket: &Ticket) -> Result<String> {
        self.seal(&URL_SAFE_NO_PAD.encode(serde_json::to_vec(ticket)?))
    }

    /// A text with its signature: `<text>.<signature>`. A text that is no ticket says what it is by a character outside base64url.
    ///
    /// # Errors
    /// When the key is unusable.
    pub fn seal(&self, text: &str) -> Result<String> {
        let mac = self.mac(text.as_bytes()).ok_or(Error::Failed("the ticket key is unusable".to_owned()))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())))
    }

    /// What [`Self::seal`] has signed; none when it is forged. Compares in constant time.
    pub fn open<'a>(&self, sealed: &'a str) -> Option<&'a str> {
        let (text, signature) = sealed.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac(text.as_bytes())?.verify_slice(&signature).ok()?;
        Some(text)
    }

    /// A short signature of a text, in hex: where a whole one has no room. A text that is no ticket says what it is, as for [`Self::seal`].
    ///
    /// # Errors
    /// When the key is unusable.
    pub fn mark(&self, text: &str) -> Result<String> {
        let mac = self.mac(text.as_bytes()).ok_or(Error::Failed("the ticket key is unusable".to_owned()))?;
        Ok(mac.finalize().into_bytes().iter().take(MARK_BYTES).map(|byte| format!("{byte:02x}")).collect())
    }

    /// Whether [`Self::mark`] has made this mark for the text. Compares in constant time.
    pub fn is_mark(&self, text: &str, mark: &str) -> bool {
        let bytes: Option<Vec<u8>> = (0..MARK_BYTES)
            .map(|at| mark.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .collect();
        let has_length = mark.len() == 2 * MARK_BYTES;
        let verified = bytes.zip(self.mac(text.as_bytes())).map(|(bytes, mac)| mac.verify_truncated_left(&bytes));
        has_length && matches!(verified, Some(Ok(())))
    }

    /// Reads a ticket; none when it is forged or has run out.
    pub fn verify(&self, text: &str, now: Timestamp) -> Option<Ticket> {
        let ticket: Ticket = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(self.open(text)?).ok()?).ok()?;
        (ticket.expires_at > now.0).then_some(ticket)
    }
}

impl Ticket {
    /// The identity the visitor is known by.
    pub fn identity(&self) -> Identity {
        let (kind, value) = match &self.customer {
            Some(customer) => (CUSTOMER, customer),
            None => (VISITOR_KEY, &self.key),
        };
        Identity { workspace: self.workspace, connection: self.connection, kind, value: value.clone() }
    }
}

/// The identity of a visitor's key on a connection, and the contact id it will have when it writes for the first time: derived from the key,
/// so that every tab and node agrees on it before there is a row.
pub fn visitor_identity(workspace: WorkspaceId, connection: ConnectionId, key: &str) -> (Identity, ContactId) {
    let identity = Identity { workspace, connection, kind: VISITOR_KEY, value: fingerprint(key) };
    (identity, derived(connection, &[key]))
}

/// The same of a customer whom the connection's site has signed: one contact on all of their devices.
pub fn customer_identity(workspace: WorkspaceId, connection: ConnectionId, customer: &str) -> (Identity, ContactId) {
    let identity = Identity { workspace, connection, kind: CUSTOMER, value: customer.to_owned() };
    (identity, derived(connection, &[CUSTOMER, ":", customer]))
}

fn derived(connection: ConnectionId, parts: &[&str]) -> ContactId {
    let mut all: Vec<&[u8]> = vec![connection.0.as_bytes()];
    all.extend(parts.iter().map(|part| part.as_bytes()));
    ContactId(derived_id(&all))
}

struct KeepKey {
    new: String,
}

impl Work for KeepKey {
    type Answer = String;
    type Error = Failure;

    async fn run(&self, tx: &mut Tx) -> Result<String, Failure> {
        let row = tx
            .query_one_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "INSERT INTO instance (name, value) VALUES ('ticket_key', $1) \
                 ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING value",
                [self.new.clone().into()],
            ))
            .await?
            .ok_or(Failure::Refused)?;
        Ok(row.try_get("", "value")?)
    }
}

impl FromRequestParts<Desk> for Ticket {
    type Rejection = Error;

    /// The ticket of an `Authorization: Bearer` header. Whether its connection is still switched on, `open_site` says.
    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self> {
        let header = parts.headers.get(axum::http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        header
            .and_then(|header| header.strip_prefix("Bearer "))
            .and_then(|token| desk.tickets.verify(token, desk.clock.now()))
            .ok_or(Error::refused(ErrorCode::Unauthenticated))
    }
}

#[cfg(test)]
mod tests {
    use balcao_types::{ConnectionId, ContactId, Timestamp, WorkspaceId};
    use uuid::Uuid;

    use super::{Ticket, TicketKey, customer_identity, visitor_identity};

    #[test]
    fn only_our_own_fresh_ticket_is_read() {
        let key = TicketKey(b"one".to_vec());
        let ticket = Ticket {
            workspace: WorkspaceId(Uuid::nil()),
            connection: ConnectionId(Uuid::nil()),
            contact: ContactId(Uuid::nil()),
            key: "k".to_owned(),
            expires_at: 10,
            customer: None,
            department: None,
        };
        let text = key.sign(&ticket).unwrap();
        assert_eq!(key.verify(&text, Timestamp(9)), Some(ticket));
        assert_eq!(key.verify(&text, Timestamp(10)), None);
        assert_eq!(TicketKey(b"two".to_vec()).verify(&text, Timestamp(9)), None);
        assert_eq!(key.verify(&format!("x{text}"), Timestamp(9)), None);
        assert_eq!(key.verify("", Timestamp(9)), None);
    }

    #[test]
    fn a_key_is_a_different_contact_on_each_connection() {
        let workspace = WorkspaceId(Uuid::nil());
        let contact = |connection, key| visitor_identity(workspace, ConnectionId(Uuid::from_u128(connection)), key).1;
        assert_eq!(contact(1, "a"), contact(1, "a"));
        assert_ne!(contact(1, "a"), contact(2, "a"));
        assert_ne!(contact(1, "a"), contact(1, "b"));
        let customer = customer_identity(workspace, ConnectionId(Uuid::from_u128(1)), "a").1;
        assert_ne!(customer, contact(1, "a"), "a customer's id is no key");
    }
}
