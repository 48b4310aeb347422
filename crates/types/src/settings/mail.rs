//! How a company sends and fetches mail. Passwords stand beside it, in columns of their own.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text_enum::text_enum;

text_enum! {
    /// How a connection to a mail server is kept from others' eyes.
    #[derive(Default)]
    MailSecurity {
        None = "none",
        /// Begins in plain words and is encrypted before anything is said.
        #[default]
        StartTls = "starttls",
        /// Encrypted from the first byte.
        Tls = "tls",
    }
}

/// A company's mail. Every field has a default, so that a new one needs no migration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MailSettings {
    /// The name mails come from, up to 120 characters; empty takes the company's.
    pub from_name: String,
    /// The address mails come from; customers answer to it.
    pub from_address: String,
    /// Whether answers go to the address with a mark in it (`name+mark@`), for mailboxes that take such.
    pub marks_address: bool,
    pub smtp: SmtpSettings,
    pub imap: ImapSettings,
}

/// The server that takes mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SmtpSettings {
    /// A name or an address, up to 255 characters; empty sends nothing.
    pub host: String,
    /// 1 to 65535.
    pub port: u16,
    pub security: MailSecurity,
    /// Up to 255 characters; empty does not log in.
    pub user: String,
}

impl Default for SmtpSettings {
    fn default() -> Self {
        Self { host: String::new(), port: 587, security: MailSecurity::StartTls, user: String::new() }
    }
}

/// The mailbox in which customers' answers arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ImapSettings {
    /// A name or an address, up to 255 characters; empty fetches nothing.
    pub host: String,
    /// 1 to 65535.
    pub port: u16,
    pub security: MailSecurity,
    /// Up to 255 characters.
    pub user: String,
    /// 1 to 255 characters.
    pub folder: String,
    /// The name under which the own receiving server writes what it found about senders (RFC 8601), up to 255 characters; empty: the host's.
    pub receiving_server: String,
}

impl Default for ImapSettings {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 993,
            security: MailSecurity::Tls,
            user: String::new(),
            folder: "INBOX".to_owned(),
            receiving_server: String::new(),
        }
    }
}

impl MailSettings {
    /// Whether mail can be sent.
    pub fn sends(&self) -> bool {
        !self.smtp.host.is_empty() && !self.from_address.is_empty()
    }

    /// Whether answers are fetched.
    pub fn fetches(&self) -> bool {
        !self.imap.host.is_empty()
    }
}
