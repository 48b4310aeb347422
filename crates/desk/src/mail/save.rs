//! Changing how a company's mail is sent and fetched.

use balcao_platform::{
    config::Secret,
    mail::oauth::{is_address, is_protected},
};
use balcao_types::{
    ErrorCode, Event,
    settings::{MailLogin, MailSettings, OauthProvider, OauthSettings, merge},
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Map, Value};

use super::{Account, account, consent::forget_other, fetch_job};
use crate::{
    access::{Grant, ability},
    checks::{Checks, is_email},
    error::{Error, Result},
    tx::{Command, Tx},
};

/// The longest host, user, folder, in characters.
const LINE_MAX: usize = 255;
/// The longest password or secret of a client, in characters.
const PASSWORD_MAX: usize = 1_000;
/// The longest address, and the longest list of what is asked for, in characters.
const URL_MAX: usize = 2_000;
const SCOPE_MAX: usize = 1_000;

/// Changes to an account. What is absent stays; an empty password is none.
#[derive(Clone, Default)]
pub struct AccountChanges {
    /// A merge patch.
    pub settings: Map<String, Value>,
    pub smtp_password: Option<String>,
    pub imap_password: Option<String>,
    pub client_secret: Option<String>,
}

impl AccountChanges {
    /// The account as it would be. A secret goes with the server, the port, the encryption and the user it was given for, never to another one.
    ///
    /// # Errors
    /// 422 with every wrong field.
    pub fn over(&self, before: &Account) -> Result<Account> {
        let mut document = before.document.clone();
        merge(&mut document, &Value::Object(self.settings.clone()));
        let settings: Wrapped = crate::http::parse(serde_json::json!({ "settings": document }))?;
        let mut checks = Checks::default();
        let settings = clean(settings.settings, &mut checks);
        let (was, is) = (&before.settings, &settings);
        let is_by_password = is.login == MailLogin::Password;
        let smtp = Login {
            field: "smtp_password",
            given: self.smtp_password.as_deref(),
            kept: before.smtp_password.as_ref().map(|secret| secret.0.as_str()),
            is_same: was.smtp == is.smtp,
            is_used: is_by_password,
            is_needed: !is.smtp.host.is_empty() && !is.smtp.user.is_empty(),
        };
        let imap = Login {
            field: "imap_password",
            given: self.imap_password.as_deref(),
            kept: before.imap_password.as_ref().map(|secret| secret.0.as_str()),
            is_same: was.imap == is.imap,
            is_used: is_by_password,
            is_needed: !is.imap.host.is_empty(),
        };
        let client = Login {
            field: "client_secret",
            given: self.client_secret.as_deref(),
            kept: before.client_secret.as_ref().map(|secret| secret.0.as_str()),
            is_same: (&was.oauth.client_id, was.oauth.token_address())
                == (&is.oauth.client_id, is.oauth.token_address()),
            is_used: !is_by_password,
            is_needed: is.oauth.provider != OauthProvider::Other,
        };
        let (smtp_password, imap_password) = (smtp.secret(&mut checks), imap.secret(&mut checks));
        let client_secret = client.secret(&mut checks);
        checks.finish()?;
        merge(&mut document, &serde_json::to_value(&settings)?);
        let (consented, version) = (before.consented.clone(), before.version);
        Ok(Account { settings, document, smtp_password, imap_password, client_secret, consented, version })
    }
}

#[derive(serde::Deserialize)]
struct Wrapped {
    settings: MailSettings,
}

/// What decides which secret a server gets.
struct Login<'a> {
    field: &'static str,
    given: Option<&'a str>,
    kept: Option<&'a str>,
    /// Whether everything is as it was when the kept one was given.
    is_same: bool,
    /// Whether this way of logging in is the one that is chosen; nothing is kept for the other one.
    is_used: bool,
    is_needed: bool,
}

impl Login<'_> {
    fn secret(&self, checks: &mut Checks) -> Option<Secret> {
        let password = match self.given {
            Some(given) => given,
            None if self.is_same => self.kept.unwrap_or(""),
            None => "",
        };
        if password.chars().count() > PASSWORD_MAX {
            checks.limited(self.field, ErrorCode::TooLong, PASSWORD_MAX);
        } else if password.is_empty() && self.is_used && self.is_needed {
            checks.fault(self.field, ErrorCode::Required);
        } else if password.contains(['\r', '\n']) {
            checks.fault(self.field, ErrorCode::InvalidCharacter);
        }
        (self.is_used && !password.is_empty()).then(|| Secret(password.to_owned()))
    }
}

fn clean(settings: MailSettings, checks: &mut Checks) -> MailSettings {
    let MailSettings { from_name, from_address, marks_address, login, oauth, mut smtp, mut imap } = settings;
    let oauth = clean_oauth(checks, login, oauth);
    let from_address = from_address.trim().to_owned();
    smtp.host = host(checks, "settings.smtp.host", &smtp.host);
    smtp.user = checks.line("settings.smtp.user", &smtp.user, LINE_MAX);
    imap.host = host(checks, "settings.imap.host", &imap.host);
    imap.user = checks.line("settings.imap.user", &imap.user, LINE_MAX);
    imap.folder = checks.required("settings.imap.folder", &imap.folder, LINE_MAX);
    imap.receiving_server = checks.line("settings.imap.receiving_server", &imap.receiving_server, LINE_MAX);
    if !imap.folder.is_ascii() {
        // Names beyond ASCII have a form of their own there (RFC 3501, 5.1.3).
        checks.fault("settings.imap.folder", ErrorCode::InvalidCharacter);
    }
    for (field, port) in [("settings.smtp.port", smtp.port), ("settings.imap.port", imap.port)] {
        if port == 0 {
            checks.fault(field, ErrorCode::InvalidValue);
        }
    }
    if from_address.is_empty() && !smtp.host.is_empty() {
        checks.fault("settings.from_address", ErrorCode::Required);
    } else if !from_address.is_empty() && (from_address.len() > 254 || !is_email(&from_address)) {
        checks.fault("settings.from_address", ErrorCode::EmailInvalid);
    }
    if login == MailLogin::Password && !imap.host.is_empty() && imap.user.is_empty() {
        checks.fault("settings.imap.user", ErrorCode::Required);
    }
    MailSettings {
        from_name: checks.line("settings.from_name", &from_name, 120),
        from_address,
        marks_address,
        login,
        oauth,
        smtp,
        imap,
    }
}

/// What OAuth2 needs is asked for where it is what is chosen.
fn clean_oauth(checks: &mut Checks, login: MailLogin, settings: OauthSettings) -> OauthSettings {
    let is_used = login == MailLogin::Oauth2;
    let is_other = settings.provider == OauthProvider::Other;
    let mut line = |name: &str, typed: &str, most: usize, is_needed: bool| {
        let field = format!("settings.oauth.{name}");
        let typed = if is_needed { checks.required(&field, typed, most) } else { checks.line(&field, typed, most) };
        let is_address_field = name.ends_with("_url") && !typed.is_empty() && !checks.concern(&field);
        if is_address_field && !is_address(&typed) {
            checks.fault(&field, ErrorCode::AddressInvalid);
        } else if is_address_field && !is_protected(&typed) {
            checks.fault(&field, ErrorCode::AddressUnprotected);
        } else if name == "tenant" && !typed.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')) {
            checks.fault(&field, ErrorCode::TenantInvalid);
        }
        typed
    };
    OauthSettings {
        provider: settings.provider,
        client_id: line("client_id", &settings.client_id, LINE_MAX, is_used),
        user: line("user", &settings.user, LINE_MAX, is_used),
        tenant: line("tenant", &settings.tenant, LINE_MAX, false),
        authorization_url: line("authorization_url", &settings.authorization_url, URL_MAX, is_used && is_other),
        token_url: line("token_url", &settings.token_url, URL_MAX, is_used && is_other),
        scope: line("scope", &settings.scope, SCOPE_MAX, false),
    }
}

/// A name or an address, without a port and without a scheme; empty for none.
fn host(checks: &mut Checks, field: &str, typed: &str) -> String {
    let typed = checks.line(field, typed, LINE_MAX);
    let is_name = typed.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
    let is_address = typed.parse::<std::net::IpAddr>().is_ok();
    if !is_name && !is_address {
        checks.fault(field, ErrorCode::HostInvalid);
    }
    typed
}

fn secret(secret: &Option<Secret>) -> sea_orm::Value {
    secret.as_ref().map(|secret| secret.0.clone()).into()
}

/// Saves an account, if nobody else has since `version`.
pub struct SaveAccount {
    pub may: Grant<ability::ManageWorkspace>,
    pub version: i64,
    pub changes: AccountChanges,
}

impl Command for SaveAccount {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let before = account(&**tx, workspace).await?;
        if before.version != self.version {
            return Err(Error::refused(ErrorCode::PreconditionFailed));
        }
        let after = self.changes.over(&before)?;
        let version = before.version + 1;
        let written = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                // Of two at once the second finds the first one's version.
                "INSERT INTO mail_accounts (workspace_id, document, smtp_password, imap_password, client_secret, version) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id) DO UPDATE SET document = excluded.document, \
                 smtp_password = excluded.smtp_password, imap_password = excluded.imap_password, \
                 client_secret = excluded.client_secret, version = excluded.version \
                 WHERE mail_accounts.version = excluded.version - 1",
                [
                    workspace.into(),
                    after.document.to_string().into(),
                    secret(&after.smtp_password),
                    secret(&after.imap_password),
                    secret(&after.client_secret),
                    version.into(),
                ],
            ))
            .await?;
        if written.rows_affected() == 0 {
            return Err(Error::refused(ErrorCode::PreconditionFailed));
        }
        forget_other(tx, workspace, &after).await?;
        if after.fetches() {
            let job = fetch_job(workspace, version, tx.now())?;
            tx.enqueue(job);
        }
        tx.emit(workspace, Event::MailChanged)
    }
}
