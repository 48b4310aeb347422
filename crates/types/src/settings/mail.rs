//! How a company sends and fetches mail. Passwords and what OAuth2 needs of secrets stand beside it, in columns of their own.

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

text_enum! {
    /// How the company logs in to its mail servers.
    #[derive(Default)]
    MailLogin {
        #[default]
        Password = "password",
        /// With access that somebody has consented to, as XOAUTH2.
        Oauth2 = "oauth2",
    }
}

text_enum! {
    /// Who gives access by OAuth2.
    #[derive(Default)]
    OauthProvider {
        #[default]
        Google = "google",
        Microsoft = "microsoft",
        /// One whose addresses are typed.
        Other = "other",
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
    pub login: MailLogin,
    pub oauth: OauthSettings,
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
    /// Up to 255 characters; empty does not log in. With OAuth2 it is not asked.
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
    /// Up to 255 characters. With OAuth2 it is not asked.
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

    /// What a consent was given for: with another one of these it has to be given anew. The servers are among it: no other one is shown what the
    /// provider has given.
    pub fn consent_subject(&self) -> String {
        let servers = [
            (&self.smtp.host, self.smtp.port, self.smtp.security),
            (&self.imap.host, self.imap.port, self.imap.security),
        ];
        let servers = servers.map(|(host, port, security)| format!("{host}:{port} {security}"));
        format!("{}\n{}", self.oauth.subject(), servers.join("\n"))
    }
}

/// Who gives access to the mail servers, and to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct OauthSettings {
    pub provider: OauthProvider,
    /// What the provider calls this program, up to 255 characters.
    pub client_id: String,
    /// The address of the mailbox, which logs in to both servers.
    pub user: String,
    /// Whose directory is asked, where the provider is Microsoft: its id or domain, up to 255 characters; empty for any.
    pub tenant: String,
    /// Where somebody is asked for consent, where the provider is another one: https, up to 2,000 characters.
    pub authorization_url: String,
    /// What gives access, where the provider is another one: https, or http on this machine, up to 2,000 characters.
    pub token_url: String,
    /// What is asked for, where the provider is another one: words with spaces between, up to 1,000 characters.
    pub scope: String,
}

impl OauthSettings {
    /// Where somebody is asked for consent.
    ///
    /// Sources: developers.google.com/identity/protocols/oauth2/web-server,
    /// learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow.
    pub fn authorization_address(&self) -> String {
        match self.provider {
            OauthProvider::Google => "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            OauthProvider::Microsoft => self.at_microsoft("authorize"),
            OauthProvider::Other => self.authorization_url.clone(),
        }
    }

    /// What gives access.
    pub fn token_address(&self) -> String {
        match self.provider {
            OauthProvider::Google => "https://oauth2.googleapis.com/token".to_owned(),
            OauthProvider::Microsoft => self.at_microsoft("token"),
            OauthProvider::Other => self.token_url.clone(),
        }
    }

    fn at_microsoft(&self, what: &str) -> String {
        let tenant = if self.tenant.is_empty() { "common" } else { &self.tenant };
        format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/{what}")
    }

    /// What is asked for: to read and to send mail, also while nobody is there.
    ///
    /// Sources: developers.google.com/workspace/gmail/imap/xoauth2-protocol,
    /// learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth.
    pub fn scopes(&self) -> &str {
        match self.provider {
            OauthProvider::Google => "https://mail.google.com/",
            OauthProvider::Microsoft => {
                "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"
            }
            OauthProvider::Other => &self.scope,
        }
    }

    /// Of what a consent is asked of the provider.
    fn subject(&self) -> String {
        [self.client_id.as_str(), &self.user, &self.authorization_address(), &self.token_address(), self.scopes()]
            .join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::{OauthProvider, OauthSettings};

    #[test]
    fn addresses_and_scopes_are_those_of_the_provider() {
        let mut settings = OauthSettings { user: "a@loja.test".to_owned(), ..OauthSettings::default() };
        assert_eq!(settings.token_address(), "https://oauth2.googleapis.com/token");
        assert_eq!(settings.scopes(), "https://mail.google.com/");
        let google = settings.subject();
        settings.provider = OauthProvider::Microsoft;
        assert_eq!(settings.token_address(), "https://login.microsoftonline.com/common/oauth2/v2.0/token");
        settings.tenant = "loja.test".to_owned();
        assert_eq!(
            settings.authorization_address(),
            "https://login.microsoftonline.com/loja.test/oauth2/v2.0/authorize"
        );
        assert!(settings.scopes().starts_with("offline_access "));
        assert_ne!(settings.subject(), google);
        settings.provider = OauthProvider::Other;
        settings.token_url = "https://id.loja.test/token".to_owned();
        assert_eq!(settings.token_address(), "https://id.loja.test/token");
    }
}
