//! Operations on the company's mail: how it is set up, and whether that works.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use balcao_platform::mail::{Mailbox, Problem, Server, test};
use balcao_types::{ErrorCode, MailFault, WorkspaceId, settings::MailSettings};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Account, Way, account,
    consent::{Disconnect, MailConsent, ask, consent, finish, redirect_uri},
    login::logged_in,
    mailbox::{Fetching, fetching, place_of},
    save::{AccountChanges, SaveAccount},
};
use crate::{
    Desk,
    access::{Grant, ability},
    checks::Checks,
    error::{Error, Result},
    http::{Body, ErrorAnswer},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(show, change))
        .routes(routes!(try_sending))
        .routes(routes!(try_fetching))
        .routes(routes!(connect, disconnect))
        .routes(routes!(finish_connecting))
}

/// How the company's mail is set up. No password, secret or token is ever told.
#[derive(Serialize, ToSchema)]
struct MailAccount {
    settings: MailSettings,
    has_smtp_password: bool,
    has_imap_password: bool,
    has_client_secret: bool,
    /// What somebody has consented to by OAuth2.
    consent: MailConsent,
    /// Where browsers come back to with a consent; the provider has to know it.
    redirect_uri: String,
    /// For `If-Match`.
    version: i64,
    /// How many mails wait to be sent.
    waiting: i64,
    /// How many mails could not be sent.
    failed: i64,
    /// Whether the mailbox can be read.
    fetching: Fetching,
}

/// How the company's mail is set up.
#[utoipa::path(get, path = "/mail", tag = "mail", responses((status = 200, body = MailAccount), (status = 403, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn show(State(desk): State<Desk>, may: Grant<ability::ManageWorkspace>) -> Result<Response> {
    answer(&desk, may.scope.workspace).await
}

/// Changes to the company's mail. What is absent stays.
#[derive(Deserialize, ToSchema)]
struct MailAccountForm {
    /// A merge patch in which `null` restores a default.
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// Up to 1,000 characters; empty for none. Asked for anew where the server or the user is another one.
    smtp_password: Option<String>,
    /// Up to 1,000 characters; empty for none. Asked for anew where the server or the user is another one.
    imap_password: Option<String>,
    /// Up to 1,000 characters; empty for none. Asked for anew where the client or what gives it access is another one.
    client_secret: Option<String>,
}

impl From<MailAccountForm> for AccountChanges {
    fn from(form: MailAccountForm) -> Self {
        let MailAccountForm { settings, smtp_password, imap_password, client_secret } = form;
        Self { settings, smtp_password, imap_password, client_secret }
    }
}

/// Changes how the company's mail is sent and fetched, if its version is still the one of `If-Match`.
#[utoipa::path(patch, path = "/mail", tag = "mail",
    params(("If-Match" = String, Header, description = "the version in quotes")), request_body = MailAccountForm,
    responses((status = 200, body = MailAccount), (status = 403, body = ErrorAnswer), (status = 412, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer), (status = 428, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ManageWorkspace>,
    headers: HeaderMap,
    Body(form): Body<MailAccountForm>,
) -> Result<Response> {
    let version = match headers.get(header::IF_MATCH).map(|value| value.to_str().unwrap_or("").trim_matches('"')) {
        None => return Err(Error::refused(ErrorCode::PreconditionRequired)),
        Some(text) => text.parse().map_err(|_not_a_version| Error::refused(ErrorCode::PreconditionFailed))?,
    };
    let workspace = may.scope.workspace;
    desk.write(SaveAccount { may, version, changes: form.into() }).await?;
    answer(&desk, workspace).await
}

async fn answer(desk: &Desk, workspace: WorkspaceId) -> Result<Response> {
    let read = desk.store.read();
    let account = account(read, workspace).await?;
    let row = read
        .query_one_raw(Statement::from_sql_and_values(
            read.get_database_backend(),
            "SELECT COUNT(CASE WHEN state = 'queued' THEN 1 END) AS waiting, COUNT(CASE WHEN state = 'failed' THEN 1 END) AS failed \
             FROM mails WHERE workspace_id = $1 AND state IN ('queued', 'failed')",
            [workspace.into()],
        ))
        .await?
        .ok_or(Error::not_found())?;
    let fetching = fetching(read, workspace, &place_of(&account)).await?;
    let shown = MailAccount {
        fetching,
        consent: consent(read, workspace, &account).await?,
        redirect_uri: redirect_uri(desk),
        has_client_secret: account.client_secret.is_some(),
        has_smtp_password: account.smtp_password.is_some(),
        has_imap_password: account.imap_password.is_some(),
        settings: account.settings,
        version: account.version,
        waiting: row.try_get("", "waiting")?,
        failed: row.try_get("", "failed")?,
    };
    Ok(([(header::ETAG, format!("\"{}\"", shown.version))], Json(shown)).into_response())
}

/// Whether mail goes out or comes in.
#[derive(Serialize, ToSchema)]
struct MailTried {
    works: bool,
    /// What hinders it.
    fault: Option<MailFault>,
    /// The server's or the system's own words about it.
    detail: String,
}

impl MailTried {
    fn of(tried: Result<(), Problem>) -> Self {
        match tried {
            Ok(()) => Self { works: true, fault: None, detail: String::new() },
            Err(problem) => Self { works: false, fault: Some(problem.fault), detail: problem.detail },
        }
    }
}

/// The account as it would be with what is in the form, which is not saved.
async fn draft(desk: &Desk, may: &Grant<ability::ManageWorkspace>, form: MailAccountForm) -> Result<Account> {
    AccountChanges::from(form).over(&account(desk.store.read(), may.scope.workspace).await?)
}

/// Connects and logs in as for sending, with what is in the form and not saved yet. Nothing is sent.
#[utoipa::path(post, path = "/mail/test-sending", tag = "mail", request_body = MailAccountForm,
    responses((status = 200, body = MailTried), (status = 403, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn try_sending(
    State(desk): State<Desk>,
    may: Grant<ability::ManageWorkspace>,
    Body(form): Body<MailAccountForm>,
) -> Result<Json<MailTried>> {
    let (workspace, account) = (may.scope.workspace, draft(&desk, &may, form).await?);
    if account.settings.smtp.host.is_empty() {
        return Err(Error::field("settings.smtp.host", ErrorCode::Required));
    }
    let act = |server: Server| async move { test(&server).await.map(|_ready| ()) };
    Ok(Json(MailTried::of(logged_in(&desk, (workspace, &account), Way::Sending, act).await?)))
}

/// Connects, logs in and opens the folder as for fetching, with what is in the form and not saved yet. Nothing is changed there.
#[utoipa::path(post, path = "/mail/test-fetching", tag = "mail", request_body = MailAccountForm,
    responses((status = 200, body = MailTried), (status = 403, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn try_fetching(
    State(desk): State<Desk>,
    may: Grant<ability::ManageWorkspace>,
    Body(form): Body<MailAccountForm>,
) -> Result<Json<MailTried>> {
    let (workspace, account) = (may.scope.workspace, draft(&desk, &may, form).await?);
    if account.settings.imap.host.is_empty() {
        return Err(Error::field("settings.imap.host", ErrorCode::Required));
    }
    let folder = account.settings.imap.folder.as_str();
    let act = |server: Server| async move {
        let (mailbox, _opened) = Mailbox::open(&server, folder).await?;
        mailbox.leave().await;
        Ok(())
    };
    Ok(Json(MailTried::of(logged_in(&desk, (workspace, &account), Way::Fetching, act).await?)))
}

/// Where somebody is asked for consent.
#[derive(Serialize, ToSchema)]
struct MailConsentAddress {
    /// The browser goes there, and comes back to the redirect address within a quarter of an hour.
    address: String,
}

/// Begins to connect the mailbox by OAuth2, as it is set up and saved.
#[utoipa::path(post, path = "/mail/consent", tag = "mail",
    responses((status = 200, body = MailConsentAddress), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn connect(State(desk): State<Desk>, may: Grant<ability::ManageWorkspace>) -> Result<Json<MailConsentAddress>> {
    Ok(Json(MailConsentAddress { address: ask(&desk, may).await? }))
}

/// What a browser has brought back from where somebody has consented.
#[derive(Deserialize, ToSchema)]
struct MailConsentForm {
    state: String,
    /// Up to 4,096 characters.
    code: String,
}

/// The longest code that is brought back, in characters.
const CODE_MAX: usize = 4_096;

/// Ends connecting: exchanges what was brought back for access, once, for whoever has begun.
#[utoipa::path(post, path = "/mail/consent/finish", tag = "mail", request_body = MailConsentForm,
    responses((status = 200, body = MailAccount), (status = 403, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn finish_connecting(
    State(desk): State<Desk>,
    may: Grant<ability::ManageWorkspace>,
    Body(form): Body<MailConsentForm>,
) -> Result<Response> {
    let mut checks = Checks::default();
    let code = checks.required("code", &form.code, CODE_MAX);
    checks.finish()?;
    let workspace = may.scope.workspace;
    finish(&desk, may, &form.state, code).await?;
    answer(&desk, workspace).await
}

/// Gives up the access that was consented to. What the provider keeps of it is ended there.
#[utoipa::path(delete, path = "/mail/consent", tag = "mail",
    responses((status = 200, body = MailAccount), (status = 403, body = ErrorAnswer)),
    extensions(("x-permission" = json!("workspace_manage"))))]
async fn disconnect(State(desk): State<Desk>, may: Grant<ability::ManageWorkspace>) -> Result<Response> {
    let workspace = may.scope.workspace;
    desk.write(Disconnect { may }).await?;
    answer(&desk, workspace).await
}
