//! A company's mail account as it is stored: its settings, and the secrets beside them, which no answer ever holds.

use balcao_platform::{
    config::Secret,
    mail::{Key, Server, oauth::TokenServer},
};
use balcao_types::{
    WorkspaceId,
    settings::{MailLogin, MailSettings, OauthProvider},
};
use sea_orm::{ConnectionTrait, Statement};

use crate::error::Result;

/// A company's mail account.
#[derive(Clone, Debug)]
pub struct Account {
    pub settings: MailSettings,
    /// The settings as they are stored: keys of a newer release survive in them.
    pub document: serde_json::Value,
    pub smtp_password: Option<Secret>,
    pub imap_password: Option<Secret>,
    /// What shows that we are the client of the settings, by OAuth2.
    pub client_secret: Option<Secret>,
    /// What the consent that is kept was given for.
    pub consented: Option<String>,
    /// Rises with each change: the `ETag`. 0 as long as nothing was saved.
    pub version: i64,
}

/// One of the two servers of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The one that takes mail.
    Sending,
    /// The one of the mailbox.
    Fetching,
}

impl Account {
    /// A server with the password for it.
    pub fn server(&self, way: Way) -> Server {
        let password = match way {
            Way::Sending => &self.smtp_password,
            Way::Fetching => &self.imap_password,
        };
        self.server_with(way, Key::Password(password.clone().unwrap_or(Secret(String::new()))))
    }

    /// A server, and how to log in there.
    pub fn server_with(&self, way: Way, key: Key) -> Server {
        let MailSettings { smtp, imap, .. } = &self.settings;
        let (host, port, security) = match way {
            Way::Sending => (&smtp.host, smtp.port, smtp.security),
            Way::Fetching => (&imap.host, imap.port, imap.security),
        };
        Server { host: host.clone(), port, security, user: self.user(way).to_owned(), key }
    }

    /// Who logs in.
    pub fn user(&self, way: Way) -> &str {
        match (self.settings.login, way) {
            (MailLogin::Oauth2, _) => &self.settings.oauth.user,
            (MailLogin::Password, Way::Sending) => &self.settings.smtp.user,
            (MailLogin::Password, Way::Fetching) => &self.settings.imap.user,
        }
    }

    /// What gives access by OAuth2.
    pub fn token_server(&self) -> TokenServer {
        let oauth = &self.settings.oauth;
        TokenServer {
            address: oauth.token_address(),
            client_id: oauth.client_id.clone(),
            client_secret: self.client_secret.clone(),
            is_basic: oauth.provider == OauthProvider::Other,
        }
    }

    /// Whether somebody has consented to what these settings need; where passwords are used, nobody has to.
    pub fn is_connected(&self) -> bool {
        let is_consented =
            || self.consented.as_ref().is_some_and(|subject| *subject == self.settings.consent_subject());
        self.settings.login == MailLogin::Password || is_consented()
    }

    /// Whether mail can be sent.
    pub fn sends(&self) -> bool {
        self.settings.sends() && self.is_connected()
    }

    /// Whether answers are fetched.
    pub fn fetches(&self) -> bool {
        self.settings.fetches() && self.is_connected()
    }
}

/// The company's mail account; an empty one where none was saved.
///
/// # Errors
/// When the database cannot be read.
pub async fn account(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Account> {
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT document, smtp_password, imap_password, client_secret, version, \
             (SELECT subject FROM mail_consents AS given WHERE given.workspace_id = mail_accounts.workspace_id) AS consented \
             FROM mail_accounts WHERE workspace_id = $1",
            [workspace.into()],
        ))
        .await?;
    let Some(row) = row else {
        let settings = MailSettings::default();
        let document = serde_json::json!({});
        return Ok(Account {
            settings,
            document,
            smtp_password: None,
            imap_password: None,
            client_secret: None,
            consented: None,
            version: 0,
        });
    };
    let secret = |column: &str| row.try_get::<Option<String>>("", column).map(|secret| secret.map(Secret));
    let document: serde_json::Value = serde_json::from_str(&row.try_get::<String>("", "document")?)?;
    Ok(Account {
        settings: serde_json::from_value(document.clone())?,
        document,
        smtp_password: secret("smtp_password")?,
        imap_password: secret("imap_password")?,
        client_secret: secret("client_secret")?,
        consented: row.try_get("", "consented")?,
        version: row.try_get("", "version")?,
    })
}

/// Whether the company's mail can be sent.
///
/// # Errors
/// When the database cannot be read.
pub async fn sends(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<bool> {
    Ok(account(connection, workspace).await?.sends())
}
