//! A company's mail account as it is stored: its settings, and the passwords beside them, which no answer ever holds.

use balcao_platform::{config::Secret, mail::Server};
use balcao_types::{WorkspaceId, settings::MailSettings};
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
    /// Rises with each change: the `ETag`. 0 as long as nothing was saved.
    pub version: i64,
}

impl Account {
    /// The server that takes mail.
    pub fn smtp(&self) -> Server {
        let smtp = &self.settings.smtp;
        Server {
            host: smtp.host.clone(),
            port: smtp.port,
            security: smtp.security,
            user: smtp.user.clone(),
            password: self.smtp_password.clone().unwrap_or(Secret(String::new())),
        }
    }

    /// The server of the mailbox.
    pub fn imap(&self) -> Server {
        let imap = &self.settings.imap;
        Server {
            host: imap.host.clone(),
            port: imap.port,
            security: imap.security,
            user: imap.user.clone(),
            password: self.imap_password.clone().unwrap_or(Secret(String::new())),
        }
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
            "SELECT document, smtp_password, imap_password, version FROM mail_accounts WHERE workspace_id = $1",
            [workspace.into()],
        ))
        .await?;
    let Some(row) = row else {
        let settings = MailSettings::default();
        let document = serde_json::json!({});
        return Ok(Account { settings, document, smtp_password: None, imap_password: None, version: 0 });
    };
    let document: serde_json::Value = serde_json::from_str(&row.try_get::<String>("", "document")?)?;
    Ok(Account {
        settings: serde_json::from_value(document.clone())?,
        document,
        smtp_password: row.try_get::<Option<String>>("", "smtp_password")?.map(Secret),
        imap_password: row.try_get::<Option<String>>("", "imap_password")?.map(Secret),
        version: row.try_get("", "version")?,
    })
}

/// Whether the company's mail can be sent.
///
/// # Errors
/// When the database cannot be read.
pub async fn sends(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<bool> {
    Ok(account(connection, workspace).await?.settings.sends())
}
