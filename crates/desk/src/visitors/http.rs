//! What a visitor may read and send without a socket, for networks that block them.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use balcao_types::{ClientId, ConversationId, ErrorCode, FileId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Ticket, ticket::AskedDepartment};
use crate::{
    Desk,
    challenges::{Admitted, admit, again, begun},
    connections::{Site, site_by_id},
    contacts,
    conversations::{self, Entries, Page, Receive, Received, Visit, VisitedPage, VisitorForm, check_said},
    error::{Error, Result},
    http::{Asked, Body, ClientAddress, ErrorAnswer},
    live::{ConversationShown, Entry},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(entries)).routes(routes!(send))
}

/// Which entries are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EntriesParameters {
    /// The current conversation when absent.
    conversation: Option<String>,
    /// Entries before this number, the last ones when absent.
    before: Option<i64>,
    /// Entries after this number instead.
    after: Option<i64>,
}

/// Entries of the visitor's own conversation.
#[derive(Serialize, ToSchema)]
struct EntriesAnswer {
    conversation: ConversationShown,
    entries: Vec<Entry>,
    /// Whether there are earlier ones.
    earlier: bool,
    /// The place in the queue, counted from 1, while it waits.
    queue: Option<i64>,
    /// The visitor's conversation before this one, where these entries begin with this one's first.
    previous: Option<ConversationId>,
}

/// What the visitor may see of an own conversation, oldest first: the newest 50, or fewer where they are long.
#[utoipa::path(get, path = "/visitor/entries", tag = "visitors", params(EntriesParameters),
    responses((status = 200, body = EntriesAnswer), (status = 401, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn entries(
    State(desk): State<Desk>,
    ticket: Ticket,
    Asked(asked): Asked<EntriesParameters>,
) -> Result<Json<EntriesAnswer>> {
    count_request(&desk, &ticket)?;
    let site = open_site(&desk, &ticket).await?;
    let read = desk.store.read();
    let found = match asked.conversation {
        Some(id) => {
            let conversation = id.parse().map_err(|_not_an_id| Error::not_found())?;
            conversations::places_of_visitor(read, ticket.workspace, ticket.contact, conversation).await?
        }
        None => conversations::visitor_conversation(read, ticket.workspace, ticket.connection, ticket.contact).await?,
    };
    let conversation = found.ok_or(Error::not_found())?;
    let which = match (asked.after, asked.before) {
        (Some(after), _) => Entries::After(after),
        (None, before) => Entries::Before(before.unwrap_or(i64::MAX)),
    };
    let (messages, earlier) =
        conversations::visitor_entries(read, ticket.workspace, conversation.id, which, 50).await?;
    let previous = conversations::previous_of_visitor(read, &conversation, &messages).await?;
    let board = desk.live.board(&desk, ticket.workspace).await?;
    let links = desk.links();
    let entries = messages.iter().filter_map(|message| Entry::of(message, &links)).collect();
    let queue = desk.live.queues.place_of(&desk, &conversation).await?;
    let conversation = ConversationShown::of(&conversation, site.settings.visitor_may_close, &board);
    Ok(Json(EntriesAnswer { conversation, entries, earlier, queue, previous }))
}

/// A visitor's message.
#[derive(Deserialize, ToSchema)]
struct VisitorMessageForm {
    /// Makes sending safe to repeat.
    id: ClientId,
    /// 1 to 10,000 characters; may be empty beside a file.
    text: String,
    /// An own file that is stored and in no message yet.
    file: Option<FileId>,
    #[serde(default)]
    form: VisitorForm,
    page: Option<Page>,
}

/// Where the message is.
#[derive(Serialize, ToSchema)]
struct SentAnswer {
    conversation: ConversationId,
    seq: i64,
    at: Timestamp,
}

/// Sends a message as the visitor; opens a conversation where none is under way.
#[utoipa::path(post, path = "/visitor/messages", tag = "visitors", request_body = VisitorMessageForm,
    responses((status = 200, body = SentAnswer), (status = 401, body = ErrorAnswer), (status = 409, body = ErrorAnswer),
        (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn send(
    State(desk): State<Desk>,
    ticket: Ticket,
    address: ClientAddress,
    headers: HeaderMap,
    Body(form): Body<VisitorMessageForm>,
) -> Result<(StatusCode, Json<SentAnswer>)> {
    count_request(&desk, &ticket)?;
    check_said("text", &form.text, form.file)?;
    let site = open_site(&desk, &ticket).await?;
    let text =
        |name| headers.get(name).and_then(|value| value.to_str().ok()).map(|text| text.chars().take(300).collect());
    let page = form.page.and_then(Page::checked);
    let since = desk.clock.now();
    let visit = Visit {
        pages: page.iter().map(|page| VisitedPage { page: page.clone(), since }).collect(),
        page,
        user_agent: text(header::USER_AGENT),
        language: text(header::ACCEPT_LANGUAGE),
    };
    count_message(&desk, &ticket)?;
    let is_machine = !form.form.website.is_empty();
    let message =
        VisitorMessage { client_id: form.id, text: form.text.into(), file: form.file, form: form.form, visit };
    let received = if is_machine { thanked(&desk) } else { receive(&desk, site, &ticket, address, message).await? };
    Ok((StatusCode::OK, Json(SentAnswer { conversation: received.conversation, seq: received.seq, at: received.at })))
}

/// Counts a request of a visitor that comes without a socket.
///
/// # Errors
/// 429 with the time to wait.
pub fn count_request(desk: &Desk, ticket: &Ticket) -> Result<()> {
    desk.limits.visitor_requests.check(&ticket.contact.to_string()).map_err(Error::too_many)
}

/// The connection of a ticket, while it is switched on, with the department that the visitor's page has chosen.
///
/// # Errors
/// 404 when it is switched off or removed, 401 where whom the ticket is of was erased.
pub async fn open_site(desk: &Desk, ticket: &Ticket) -> Result<Arc<Site>> {
    let site = site_by_id(desk.store.read(), ticket.connection).await?;
    let site = site.ok_or(Error::refused(ErrorCode::ConnectionUnavailable))?;
    contacts::refuse_erased(desk.store.read(), ticket.workspace, ticket.contact).await?;
    let department = ticket.department.map_or(site.department, AskedDepartment::one);
    Ok(Arc::new(Site { department, ..site }))
}

/// A visitor's message on its way in.
pub struct VisitorMessage {
    pub client_id: ClientId,
    pub text: Arc<str>,
    pub file: Option<FileId>,
    pub form: VisitorForm,
    pub visit: Visit,
}

/// Counts a visitor's message, once, whichever way it goes.
///
/// # Errors
/// 429 with the time to wait.
pub fn count_message(desk: &Desk, ticket: &Ticket) -> Result<()> {
    desk.limits.messages.check(&ticket.contact.to_string()).map_err(Error::too_many)
}

/// Takes a visitor's message, which has been counted, in by the longer way.
///
/// # Errors
/// 429 with the time to wait before another conversation, 422 on the form's fields, 409 for a reused id.
pub async fn receive(
    desk: &Desk,
    site: Arc<Site>,
    ticket: &Ticket,
    address: ClientAddress,
    message: VisitorMessage,
) -> Result<Received> {
    let under_way =
        conversations::visitor_conversation(desk.store.read(), site.workspace, site.id, ticket.contact).await?;
    let mut admitted = Admitted::default();
    let begins = under_way.is_none_or(|conversation| conversation.state.is_closed());
    if begins {
        admitted = admit(desk, &site, ticket, address, message.form.proof.as_deref())?;
        desk.limits.conversations.check(&address.key()).map_err(Error::too_many)?;
    }
    let received = Receive {
        site: Arc::clone(&site),
        identity: ticket.identity(),
        contact: ticket.contact,
        client_id: message.client_id,
        text: message.text,
        file: message.file,
        form: message.form,
        visit: message.visit,
        admitted,
    };
    let received = desk.write(received).await.map_err(|error| again(desk, &site, ticket, address, error))?;
    if begins {
        begun(desk, &site, address);
    }
    Ok(received)
}

/// What a machine is told, which has filled in what no person sees: it learns nothing from the answer.
pub fn thanked(desk: &Desk) -> Received {
    Received { conversation: ConversationId(uuid::Uuid::new_v4()), seq: 1, at: desk.clock.now() }
}
