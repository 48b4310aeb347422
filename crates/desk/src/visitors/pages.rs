//! The widget's addresses: its script, its page, who is there, and tickets for visitors.

use std::{collections::HashMap, str::FromStr, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use balcao_types::{
    ConnectionCode, ErrorCode, Language,
    rules::domains::{host_of_origin, is_allowed},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    customer::signed_customer,
    loader::loader,
    looks::Offered,
    panel::panel,
    preview::preview,
    ticket::{AskedDepartment, TICKET_SECONDS, Ticket, customer_identity, visitor_identity},
};
use crate::{
    Desk,
    agents::{PresenceBoard, WhoIsThere},
    connections::{Site, site_by_code},
    contacts::{self, contact_of_identity},
    departments,
    error::{Error, Result},
    http::{Asked, AskedLanguage, Body, ClientAddress, is_own_origin},
    on_site::here,
    projects, workspaces,
};

/// The widget's built files that the server fills in.
#[derive(Clone, Debug, Default)]
pub struct WidgetFiles {
    /// With `"__BALCAO_CONFIG__"` where the connection's configuration goes.
    pub loader: Arc<str>,
    /// With `"__BALCAO_TAG__"` where the connection's code and its Google tag go.
    pub tag: Arc<str>,
    /// With `{{config}}`, `{{lang}}` and `{{title}}`.
    pub panel: Arc<str>,
}

/// The widget's addresses, outside `/api`.
pub fn widget_router() -> Router<Desk> {
    Router::new()
        .route("/widgets/{code}", get(loader_or_panel))
        .route("/widgets/{code}/status", get(status))
        .route("/widgets/{code}/here", post(here))
        .route("/widgets/{code}/{view}", get(preview))
        .route("/widgets/{code}/{view}/ticket", post(async || StatusCode::NO_CONTENT))
        .route("/widgets/{code}/ticket", post(ticket).options(preflight))
}

/// The connection behind a code as it stands in an address, while it is switched on.
///
/// # Errors
/// When the database cannot be read.
pub async fn site_by_text(desk: &Desk, code: &str) -> Result<Option<Site>> {
    let Ok(code) = code.parse::<ConnectionCode>() else { return Ok(None) };
    site_by_code(desk.store.read(), code).await
}

/// A connection with the department that the page has chosen, if there is such a one, or with the choice left to the visitor.
pub(super) async fn asked_site(desk: &Desk, code: &str, asked: Option<AskedDepartment>) -> Result<Option<Site>> {
    let Some(site) = site_by_text(desk, code).await? else { return Ok(None) };
    let department = match asked {
        None => site.department,
        Some(AskedDepartment::Choose) => None,
        Some(AskedDepartment::One(asked)) => {
            let found = departments::active_department(desk.store.read(), site.workspace, asked).await?;
            found.map(|found| found.id).or(site.department)
        }
    };
    Ok(Some(Site { department, ..site }))
}

/// The same, as far as visitors find a chat there: not where the project's chat is off. What is open already goes on by the other.
pub(super) async fn site_with_chat(desk: &Desk, code: &str, asked: Option<AskedDepartment>) -> Result<Option<Site>> {
    let Some(site) = asked_site(desk, code, asked).await? else { return Ok(None) };
    let has_chat = projects::takes_new(desk.store.read(), site.workspace, site.department).await?;
    Ok(Some(site).filter(|_| has_chat))
}

/// What a page may ask of the panel.
#[derive(Deserialize)]
pub(super) struct PanelParameters {
    /// The page's own choice of language, before the browser's.
    #[serde(default, deserialize_with = "lenient")]
    pub language: Option<Language>,
    /// The page's own choice of a department, before the connection's.
    #[serde(default, deserialize_with = "named")]
    pub department: Named,
}

/// What an address says of a department.
#[derive(Default)]
pub(super) struct Named {
    /// It says something, if only a name that is no department's.
    pub is_said: bool,
    pub known: Option<AskedDepartment>,
}

fn named<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Named, D::Error> {
    Ok(Named { is_said: true, known: lenient(deserializer)? })
}

/// What is not ours is none: a page's typing error must not cost the visitor the chat.
fn lenient<'de, T: FromStr, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(String::deserialize(deserializer)?.parse().ok())
}

/// `/widgets/<code>.js` is the loader, `/widgets/<code>` the panel.
async fn loader_or_panel(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    (language, address): (AskedLanguage, ClientAddress),
    asked: Asked<PanelParameters>,
    headers: HeaderMap,
) -> Result<Response> {
    match name.strip_suffix(".js") {
        Some(code) => {
            let asked = PanelParameters { language: language.0.or(asked.0.language), ..asked.0 };
            loader(&desk, code, &asked, &headers).await
        }
        None => {
            let asked = PanelParameters { language: asked.0.language.or(language.0), ..asked.0 };
            panel(&desk, &name, &asked, address, &headers).await
        }
    }
}

/// The language a visitor meets: the connection's fixed one, else the browser's, else the company's.
pub(super) async fn widget_language(desk: &Desk, site: &Site, asked: Option<Language>) -> Result<Language> {
    if let Some(language) = site.settings.language.fixed().or(asked) {
        return Ok(language);
    }
    let workspace = workspaces::by_id(desk.store.read(), site.workspace).await?;
    Ok(workspace.map_or(Language::default(), |workspace| workspace.language))
}

/// The departments among which the visitor chooses, and who is there (T-132); none where there is nothing to choose.
pub(super) async fn offered(desk: &Desk, site: &Site, board: &PresenceBoard) -> Result<Vec<Offered>> {
    if site.department.is_some() {
        return Ok(Vec::new());
    }
    let read = desk.store.read();
    // As it is now, not as of the last look: whoever adds a department sees it on the site at once.
    let active: HashMap<_, _> = departments::active_ids(read, site.workspace).await?.into_iter().collect();
    let departments: Vec<Offered> = departments::all_departments(read, site.workspace)
        .await?
        .into_iter()
        .filter(|department| active.get(&department.id) == Some(&true))
        .map(|department| {
            let WhoIsThere { online, closed, .. } = board.for_visitors(Some(department.id));
            Offered { id: department.id, name: department.name, online, closed, looks: None }
        })
        .collect();
    Ok(if departments.len() > 1 { departments } else { Vec::new() })
}

/// Whether somebody answers, for launchers that are closed.
async fn status(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    Asked(asked): Asked<PanelParameters>,
) -> Result<Response> {
    let site = asked_site(&desk, &code, asked.department.known).await?;
    let site = site.ok_or(Error::refused(ErrorCode::ConnectionUnavailable))?;
    let board = desk.live.board(&desk, site.workspace).await?;
    let departments = offered(&desk, &site, &board).await?;
    let WhoIsThere { online, closed, .. } = board.for_visitors(site.department);
    let headers = [(header::CACHE_CONTROL, "public, max-age=30"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    let version = site.version;
    let answer = json!({ "online": online, "closed": closed, "config_version": version, "departments": departments });
    Ok((headers, Json(answer)).into_response())
}

/// A visitor's key to trade for a ticket.
#[derive(Deserialize, ToSchema)]
pub struct TicketForm {
    /// None makes a new one.
    key: Option<String>,
    /// Whom the site says is logged in, and its signature, each percent-encoded, with a comma between; empty: nobody.
    #[serde(default)]
    customer: String,
}

/// A ticket and the key it was traded for.
#[derive(Serialize, ToSchema)]
pub struct TicketAnswer {
    ticket: String,
    /// Seconds.
    expires_in: i64,
    key: String,
    /// Whether the visitor has written before.
    known: bool,
    /// Whether the site has signed the customer it named; absent where it named none.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
}

/// Trades a visitor's key for a ticket; the page's origin must be one of the connection's (D-072).
async fn ticket(
    State(desk): State<Desk>,
    (Path(code), Asked(asked)): (Path<String>, Asked<PanelParameters>),
    address: ClientAddress,
    headers: HeaderMap,
    form: Result<Body<TicketForm>>,
) -> Response {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    // Refusals too are for the page to read: it disappears quietly or waits.
    with_cors(
        &origin,
        trade(&desk, (&code, asked.department.known), address, &origin, form).await.map(Json).into_response(),
    )
}

async fn trade(
    desk: &Desk,
    (code, asked): (&str, Option<AskedDepartment>),
    address: ClientAddress,
    origin: &str,
    form: Result<Body<TicketForm>>,
) -> Result<TicketAnswer> {
    let Body(form) = form?;
    let chosen = asked_site(desk, code, asked).await?;
    let site = chosen.ok_or(Error::refused(ErrorCode::ConnectionUnavailable))?;
    refuse_foreign_site(desk, &site, origin)?;
    desk.limits.tickets.check(&address.key()).map_err(Error::too_many)?;
    let key = form.key.filter(|key| balcao_platform::secrets::is_token(key));
    let key = key.unwrap_or_else(balcao_platform::secrets::new_token);
    // Where nothing of a visitor may outlive the visit, nobody is known again.
    let secret = site.identity_secret.as_deref().filter(|_| site.settings.capture_visitor_data);
    let customer = secret.and_then(|secret| signed_customer(secret, &form.customer));
    let verified = (!form.customer.is_empty()).then_some(customer.is_some());
    let (by_key, derived) = visitor_identity(site.workspace, site.id, &key);
    let (identity, derived) = match &customer {
        Some(customer) => customer_identity(site.workspace, site.id, customer),
        None => (by_key.clone(), derived),
    };
    let known = contact_of_identity(desk.store.read(), &identity).await?;
    let whose = known.unwrap_or(derived);
    let contact = contacts::heir(desk.store.read(), site.workspace, whose).await?;
    let known = known.filter(|known| *known == contact);
    let ticket = Ticket {
        workspace: site.workspace,
        connection: site.id,
        contact,
        key: by_key.value,
        expires_at: desk.clock.now().plus_seconds(TICKET_SECONDS).0,
        customer,
        department: asked.filter(|asked| site.department == asked.one()),
    };
    let signed = desk.tickets.sign(&ticket)?;
    Ok(TicketAnswer { ticket: signed, expires_in: TICKET_SECONDS, key, known: known.is_some(), verified })
}

/// Refuses a site that may not carry the connection's chat (D-072).
///
/// # Errors
/// 403.
pub fn refuse_foreign_site(desk: &Desk, site: &Site, origin: &str) -> Result<()> {
    let is_allowed = is_own_origin(desk, origin)
        || site.settings.allowed_domains.is_empty()
        || host_of_origin(origin).is_some_and(|host| is_allowed(&host, &site.settings.allowed_domains));
    if is_allowed { Ok(()) } else { Err(Error::refused(ErrorCode::OriginNotAllowed)) }
}

async fn preflight(headers: HeaderMap) -> Response {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or("*").to_owned();
    with_cors(&origin, axum::http::StatusCode::NO_CONTENT.into_response())
}

/// Lets a page of another origin read the answer. No cookie takes part.
fn with_cors(origin: &str, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let origin = HeaderValue::from_str(origin).unwrap_or(HeaderValue::from_static("null"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, accept-language"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    response
}
