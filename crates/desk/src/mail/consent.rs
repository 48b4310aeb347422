//! Consent to using a mailbox by OAuth2: asked for in the browser of whoever sets mail up, brought back there, kept and given up.

use balcao_platform::{
    config::Secret,
    mail::{
        Problem,
        oauth::{Exchanged, Request, Tokens, consent_address, exchange},
    },
    secrets::{fingerprint, new_token},
};
use balcao_types::{
    AgentId, ErrorCode, Event, MailFault, Timestamp, WorkspaceId,
    settings::{MailLogin, OauthProvider},
};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, account, consent_table as table, fetch_job};
use crate::{
    Desk,
    access::{Grant, ability},
    error::{Error, FieldError, Result},
    tx::{Command, Tx},
};

/// For how long somebody may think about it, in seconds.
const REQUEST_SECONDS: i64 = 900;

/// Where browsers come back to; it stands in the provider's list of addresses.
pub(super) fn redirect_uri(desk: &Desk) -> String {
    format!("{}/settings/mail/consent", desk.config.public_url)
}

/// What somebody has consented to.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(super) struct MailConsent {
    /// When; none as long as nobody has to what is set up now.
    pub given_at: Option<Timestamp>,
    /// Why access cannot be had by it any more.
    pub fault: Option<MailFault>,
    /// The provider's own words about it.
    pub detail: String,
}

/// What somebody has consented to, as far as it is what is set up now.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn consent(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    account: &Account,
) -> Result<MailConsent> {
    let kept = table::Entity::find_by_id(workspace).one(connection).await?;
    let kept = kept.filter(|kept| kept.subject == account.settings.consent_subject());
    Ok(kept.map_or_else(MailConsent::default, |kept| MailConsent {
        given_at: Some(kept.given_at),
        fault: kept.fault,
        detail: kept.detail,
    }))
}

/// Notes that consent is asked for; answers the address where.
///
/// # Errors
/// 409 where OAuth2 is not set up.
pub(super) async fn ask(desk: &Desk, may: Grant<ability::ManageWorkspace>) -> Result<String> {
    let (state, verifier) = (new_token(), new_token());
    let begin = Begin { may, state: fingerprint(&state), verifier: verifier.clone() };
    let account = desk.write(begin).await?;
    let oauth = &account.settings.oauth;
    let request = Request {
        client_id: &oauth.client_id,
        redirect_uri: &redirect_uri(desk),
        scopes: oauth.scopes(),
        state: &state,
        verifier: &verifier,
        user: &oauth.user,
        besides: match oauth.provider {
            // Without both, no refresh token comes where somebody has consented before.
            OauthProvider::Google => &[("access_type", "offline"), ("prompt", "consent")],
            OauthProvider::Microsoft | OauthProvider::Other => &[],
        },
    };
    let address = consent_address(&oauth.authorization_address(), &request);
    address.ok_or_else(|| Error::field("settings.oauth.authorization_url", ErrorCode::AddressInvalid))
}

/// Exchanges what a browser has brought back, and keeps it.
///
/// # Errors
/// 409 where it was not asked for by this person of late; 422 where the provider gives nothing for it.
pub(super) async fn finish(desk: &Desk, may: Grant<ability::ManageWorkspace>, state: &str, code: String) -> Result<()> {
    let (workspace, agent) = (may.scope.workspace, may.scope.agent.agent);
    let unknown = || Error::refused(ErrorCode::ConsentUnknown);
    let request = desk.write(TakeRequest { workspace, agent, state: fingerprint(state) }).await?.ok_or_else(unknown)?;
    let account = account(desk.store.read(), workspace).await?;
    if account.settings.login != MailLogin::Oauth2 || account.settings.consent_subject() != request.subject {
        return Err(unknown());
    }
    let (code, verifier, redirect_uri) = (Secret(code), Secret(request.verifier), redirect_uri(desk));
    let exchanged = Exchanged::Code { code, verifier, redirect_uri };
    let tokens = exchange(&account.token_server(), &exchanged).await.map_err(|problem| told(&account, problem))?;
    let refresh = tokens.refresh.clone().ok_or_else(|| Error::refused(ErrorCode::ConsentTooShort))?;
    let is_kept = desk.write(Keep { may, subject: request.subject, tokens, refresh }).await?;
    if is_kept { Ok(()) } else { Err(unknown()) }
}

/// The field that has to be mended, with the provider's own words.
fn told(account: &Account, problem: Problem) -> Error {
    let at_server = match account.settings.oauth.provider {
        OauthProvider::Other => "settings.oauth.token_url",
        OauthProvider::Google | OauthProvider::Microsoft => "settings.oauth.provider",
    };
    let (field, code) = match problem.fault {
        MailFault::ConsentRevoked => return Error::refused(ErrorCode::ConsentUnknown),
        MailFault::ClientRefused => ("client_secret", ErrorCode::ClientRefused),
        MailFault::TokenServerUnreachable => (at_server, ErrorCode::TokenServerUnreachable),
        _ => (at_server, ErrorCode::TokenServerRefused),
    };
    Error::Fields(vec![FieldError::with(field, code, serde_json::json!({ "words": problem.detail }))])
}

/// Writes down what is asked for, and forgets what was asked for too long ago.
struct Begin {
    may: Grant<ability::ManageWorkspace>,
    /// Its fingerprint.
    state: String,
    verifier: String,
}

impl Command for Begin {
    type Answer = Account;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Account> {
        let (workspace, agent) = (self.may.scope.workspace, self.may.scope.agent.agent);
        let account = account(&**tx, workspace).await?;
        if account.settings.login != MailLogin::Oauth2 {
            return Err(Error::refused(ErrorCode::OauthNotSetUp));
        }
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO mail_consent_requests (workspace_id, state, subject, agent_id, verifier, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                workspace.into(),
                self.state.clone().into(),
                account.settings.consent_subject().into(),
                agent.into(),
                self.verifier.clone().into(),
                tx.now().plus_seconds(REQUEST_SECONDS).into(),
            ],
        ))
        .await?;
        Ok(account)
    }
}

/// What was asked for.
struct Requested {
    subject: String,
    verifier: String,
}

/// Takes what was asked for, once, by whoever asked.
struct TakeRequest {
    workspace: WorkspaceId,
    agent: AgentId,
    state: String,
}

impl Command for TakeRequest {
    type Answer = Option<Requested>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Requested>> {
        let row = tx
            .query_one_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "DELETE FROM mail_consent_requests WHERE workspace_id = $1 AND state = $2 AND agent_id = $3 AND expires_at > $4 \
                 RETURNING subject, verifier",
                [self.workspace.into(), self.state.clone().into(), self.agent.into(), tx.now().into()],
            ))
            .await?;
        row.map(|row| Ok(Requested { subject: row.try_get("", "subject")?, verifier: row.try_get("", "verifier")? }))
            .transpose()
    }
}

/// Keeps a consent in place of an earlier one; answers whether it is still what is set up.
struct Keep {
    may: Grant<ability::ManageWorkspace>,
    subject: String,
    tokens: Tokens,
    refresh: Secret,
}

impl Command for Keep {
    type Answer = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let workspace = self.may.scope.workspace;
        // From here on nobody else changes the account.
        let version = raise_version(tx, workspace).await?;
        let account = account(&**tx, workspace).await?;
        let is_same = account.settings.login == MailLogin::Oauth2 && account.settings.consent_subject() == self.subject;
        if is_same {
            self.put(tx).await?;
        }
        if account.fetches() || is_same && account.settings.fetches() {
            // The job of the version before ends: the mailbox is read at once, however long it has been resting.
            let job = fetch_job(workspace, version, tx.now())?;
            tx.enqueue(job);
        }
        tx.emit(workspace, Event::MailChanged)?;
        Ok(is_same)
    }
}

impl Keep {
    async fn put(&self, tx: &Tx<'_>) -> Result<()> {
        let (workspace, agent) = (self.may.scope.workspace, self.may.scope.agent.agent);
        let Tokens { access, seconds, .. } = &self.tokens;
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO mail_consents (workspace_id, subject, refresh_token, access_token, expires_at, given_at, agent_id, renewing_until, fault, detail) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, '') ON CONFLICT (workspace_id) DO UPDATE SET subject = excluded.subject, \
             refresh_token = excluded.refresh_token, access_token = excluded.access_token, expires_at = excluded.expires_at, \
             given_at = excluded.given_at, agent_id = excluded.agent_id, renewing_until = NULL, fault = NULL, detail = ''",
            [
                workspace.into(),
                self.subject.clone().into(),
                self.refresh.0.clone().into(),
                access.0.clone().into(),
                tx.now().plus_seconds(*seconds).into(),
                tx.now().into(),
                agent.into(),
            ],
        ))
        .await?;
        Ok(())
    }
}

async fn raise_version(tx: &mut Tx<'_>, workspace: WorkspaceId) -> Result<i64> {
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE mail_accounts SET version = version + 1 WHERE workspace_id = $1 RETURNING version",
            [workspace.into()],
        ))
        .await?;
    row.map_or(Ok(0), |row| Ok(row.try_get("", "version")?))
}

/// Forgets a consent that is not what is set up any more: nothing is kept that nothing needs.
///
/// # Errors
/// When the database fails.
pub(super) async fn forget_other(tx: &Tx<'_>, workspace: WorkspaceId, account: &Account) -> Result<()> {
    if account.consented.is_none() || account.settings.login == MailLogin::Oauth2 && account.is_connected() {
        return Ok(());
    }
    forget(tx, workspace).await
}

async fn forget(tx: &Tx<'_>, workspace: WorkspaceId) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "DELETE FROM mail_consents WHERE workspace_id = $1",
        [workspace.into()],
    ))
    .await?;
    Ok(())
}

/// Gives the consent up: nothing is sent or fetched by it any more.
pub(super) struct Disconnect {
    pub may: Grant<ability::ManageWorkspace>,
}

impl Command for Disconnect {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        if account(&**tx, workspace).await?.consented.is_none() {
            return Ok(());
        }
        let version = raise_version(tx, workspace).await?;
        forget(tx, workspace).await?;
        // Somebody may have chosen passwords in this moment.
        if account(&**tx, workspace).await?.fetches() {
            let job = fetch_job(workspace, version, tx.now())?;
            tx.enqueue(job);
        }
        tx.emit(workspace, Event::MailChanged)
    }
}
