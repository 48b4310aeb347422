//! Operations on conversations.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use balcao_types::{
    AgentId, AuthorKind, ClientId, ConversationId, ConversationList, DepartmentId, ErrorCode, FileId, LabelId,
    MessageKind,
    rules::text::{MESSAGE_MAX, has_forbidden_character, is_blank},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    append::{Append, Appended, Author},
    close::Close,
    counters::{Counters, Tallies},
    given::{Given, given_of},
    list::{self, ListQuery, rows_by_ids},
    message::MessageShown,
    queries,
    reopen::{Reopen, Reopened},
    reply::Reply,
    return_to_queue::ReturnToQueue,
    row::{ConversationRow, Page, VisitedPage, read_rows, visit_of},
    search::search,
    take::Take,
    take_back::TakeBack,
    transfer::Transfer,
};
use crate::{
    Desk,
    access::{Grant, Scope, ability},
    checks::Checks,
    error::{Error, FieldError, Result},
    http::{Asked, Body, Cursor, ErrorAnswer, page_size},
    surveys::{self, Rating, rating_of},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .merge(super::transcript::router())
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(messages, send))
        .routes(routes!(take))
        .routes(routes!(close))
        .routes(routes!(return_to_queue))
        .routes(routes!(reopen))
        .routes(routes!(transfer))
        .routes(routes!(take_back))
        .routes(routes!(search_messages))
}

/// What a list is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListParameters {
    #[param(inline)]
    list: ConversationList,
    /// An agent's id, or `me`.
    agent: Option<String>,
    department: Option<DepartmentId>,
    /// Only those in which the visitor waits for an answer, whoever has waited longest first.
    #[serde(default)]
    waiting: bool,
    label: Option<LabelId>,
    /// Part of a contact's name, e-mail or phone, or of the protocol number.
    search: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
struct ListAnswer {
    items: Vec<ConversationRow>,
    /// Where to go on, as `after`. While searching, a page may hold fewer rows than asked for and still have a next one.
    next: Option<String>,
    counters: Counters,
    /// Events up to this number are in the answer.
    as_of: i64,
}

/// A list: the queue oldest first, the open ones by their last message, the closed ones newest first.
#[utoipa::path(get, path = "/conversations", tag = "conversations", params(ListParameters),
    responses((status = 200, body = ListAnswer), (status = 422, body = ErrorAnswer)), extensions(("x-permission" = json!("conversations_view"))))]
async fn list(State(desk): State<Desk>, scope: Scope, Asked(asked): Asked<ListParameters>) -> Result<Json<ListAnswer>> {
    let caller = &scope.agent;
    let agent = match asked.agent.as_deref() {
        None | Some("") => None,
        Some("me") => Some(caller.agent),
        Some(id) => Some(id.parse::<AgentId>().map_err(|_not_an_id| Error::field("agent", ErrorCode::InvalidValue))?),
    };
    let search = asked.search.filter(|search| !search.trim().is_empty());
    if let Some(search) = &search {
        checked_search("search", search)?;
    }
    let after = match asked.after.as_deref() {
        None | Some("") => None,
        Some(text) => Some(Cursor::parse(text).ok_or(Error::field("after", ErrorCode::InvalidValue))?),
    };
    let query = ListQuery {
        list: asked.list,
        agent,
        department: asked.department,
        only_waiting: asked.waiting,
        label: asked.label,
        search,
        after,
        limit: page_size(asked.limit, 100)?,
    };
    let read = desk.store.read();
    // The number is read before the rows: what happens between is applied again, which changes nothing.
    let (as_of, _) = desk.store.numbers(scope.workspace).await?;
    let page = list::list(read, &scope, &query).await?;
    let counters = Tallies::count(read, scope.workspace).await?.seen_by(caller);
    Ok(Json(ListAnswer { items: page.rows, next: page.next, counters, as_of }))
}

/// A conversation with its last lines.
#[derive(Serialize, ToSchema)]
struct ShowAnswer {
    conversation: ConversationDetail,
    messages: Vec<MessageShown>,
    has_earlier: bool,
    /// Events up to this number are in the answer.
    as_of: i64,
}

/// A conversation with what stands beside it.
#[derive(Serialize, ToSchema)]
struct ConversationDetail {
    #[serde(flatten)]
    row: ConversationRow,
    /// The page the visitor was on when last heard of.
    page: Option<Page>,
    /// The pages of the visit in their order, at most ten; the last is the one they are on.
    pages: Vec<VisitedPage>,
    user_agent: Option<String>,
    browser_language: Option<String>,
    /// What the page said of whoever began it; none when it said nothing.
    given: Option<Given>,
    /// Earlier conversations of the contact, newest first, at most ten.
    earlier: Vec<ConversationRow>,
    /// What its visitor said of it.
    rating: Option<Rating>,
    /// Where its visitor may still be sent to rate it: for who manages its department, not for those who are rated.
    survey_link: Option<String>,
}

/// One conversation with its last 50 lines.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ShowAnswer), (status = 404, body = ErrorAnswer)), extensions(("x-permission" = json!("conversations_view"))))]
async fn show(State(desk): State<Desk>, may: Grant<ability::View>) -> Result<Json<ShowAnswer>> {
    let read = desk.store.read();
    let workspace = may.scope.workspace;
    let (as_of, _) = desk.store.numbers(workspace).await?;
    let row = queries::query_row(read, workspace, may.subject).await?.ok_or(Error::not_found())?;
    let visit = visit_of(&row)?;
    let row = read_rows(read, workspace, &[row]).await?.pop().ok_or(Error::not_found())?;
    let earlier = queries::earlier(read, &may.scope, row.contact.id, row.id).await?;
    let rating = rating_of(read, workspace, row.id).await?;
    let given = given_of(read, workspace, row.id).await?;
    let survey_link = surveys::link_for(&desk, &may.scope, &row).await?;
    let (messages, has_earlier) = queries::messages_before(read, workspace, row.id, None, 50).await?;
    let conversation = ConversationDetail {
        row,
        page: visit.page,
        pages: visit.pages,
        user_agent: visit.user_agent,
        browser_language: visit.language,
        given,
        earlier,
        rating,
        survey_link,
    };
    let messages = MessageShown::all(&messages, &desk.links());
    Ok(Json(ShowAnswer { conversation, messages, has_earlier, as_of }))
}

/// Which lines are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MessagesParameters {
    /// Lines before this position; the last ones when absent.
    before: Option<i64>,
    /// 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Lines of a timeline.
#[derive(Serialize, ToSchema)]
struct MessagesAnswer {
    items: Vec<MessageShown>,
    has_earlier: bool,
}

/// Earlier lines of a conversation, oldest first.
#[utoipa::path(get, path = "/conversations/{id}/messages", tag = "conversations", params(("id" = ConversationId, Path), MessagesParameters),
    responses((status = 200, body = MessagesAnswer), (status = 404, body = ErrorAnswer), (status = 422, body = ErrorAnswer)), extensions(("x-permission" = json!("conversations_view"))))]
async fn messages(
    State(desk): State<Desk>,
    may: Grant<ability::View>,
    Asked(asked): Asked<MessagesParameters>,
) -> Result<Json<MessagesAnswer>> {
    let limit = page_size(asked.limit, 200)?;
    let (items, has_earlier) =
        queries::messages_before(desk.store.read(), may.scope.workspace, may.subject, asked.before, limit).await?;
    Ok(Json(MessagesAnswer { items: MessageShown::all(&items, &desk.links()), has_earlier }))
}

/// A message to send.
#[derive(Deserialize, ToSchema)]
struct MessageForm {
    /// Makes sending safe to repeat: the same id and text get the same answer.
    client_id: ClientId,
    kind: SendKind,
    /// 1 to 10,000 characters; may be empty beside a file.
    text: String,
    /// An own file that is stored and in no message yet.
    file: Option<FileId>,
}

/// To whom a message speaks.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SendKind {
    /// To the visitor.
    Reply,
    /// To colleagues only.
    Note,
}

/// Sends a reply or adds a note. Replying to a queued conversation takes it (P-029).
#[utoipa::path(post, path = "/conversations/{id}/messages", tag = "conversations", params(("id" = ConversationId, Path)), request_body = MessageForm,
    responses((status = 201, body = MessageShown), (status = 200, body = MessageShown, description = "stored before under the same client id"),
        (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_reply"))))]
async fn send(
    State(desk): State<Desk>,
    may: Grant<ability::Reply>,
    Body(form): Body<MessageForm>,
) -> Result<(StatusCode, Json<MessageShown>)> {
    check_said("text", &form.text, form.file)?;
    let agent = &may.scope.agent;
    let append = |text: Arc<str>| Append {
        workspace: may.scope.workspace,
        conversation: may.subject,
        author: Author { kind: AuthorKind::Agent, id: agent.agent.0, name: Some(agent.name.clone()) },
        kind: match form.kind {
            SendKind::Reply => MessageKind::Text,
            SendKind::Note => MessageKind::Note,
        },
        client_id: form.client_id,
        text,
        file: form.file,
        origin: None,
        order: None,
        scope: Some(Arc::clone(agent)),
    };
    let text: Arc<str> = form.text.as_str().into();
    let folded = match form.file {
        None => desk.store.fold(append(Arc::clone(&text))).await?,
        Some(_) => Appended::LongerWay,
    };
    let appended = match folded {
        Appended::LongerWay => {
            let append = append(text);
            desk.write(Reply { may: may.clone(), append }).await?
        }
        stored => stored,
    };
    let Appended::Stored { message, is_repeat, .. } = appended else { return Err(Error::not_found()) };
    let status = if is_repeat { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(MessageShown::of(&message, &desk.links()))))
}

/// What is said: a text, or a file with or without one.
///
/// # Errors
/// 422 on the field.
pub fn check_said(field: &str, text: &str, file: Option<FileId>) -> Result<()> {
    if file.is_some() && text.is_empty() { Ok(()) } else { check_text(field, text) }
}

/// A message's text: something to read, not too long, without control characters.
///
/// # Errors
/// 422 on the field.
fn check_text(field: &str, text: &str) -> Result<()> {
    text_fault(field, text).map_or(Ok(()), |fault| Err(Error::Fields(vec![fault])))
}

fn text_fault(field: &str, text: &str) -> Option<FieldError> {
    if is_blank(text) {
        Some(FieldError::new(field, ErrorCode::Required))
    } else if text.chars().count() > MESSAGE_MAX {
        Some(FieldError::limited(field, ErrorCode::TooLong, MESSAGE_MAX))
    } else {
        has_forbidden_character(text).then(|| FieldError::new(field, ErrorCode::InvalidCharacter))
    }
}

/// Takes a queued conversation. Of two at once exactly one wins; the other is told who (P-027).
#[utoipa::path(post, path = "/conversations/{id}/take", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationRow), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_take"))))]
async fn take(State(desk): State<Desk>, may: Grant<ability::Take>) -> Result<Json<ConversationRow>> {
    desk.write(Take { may: may.clone() }).await?;
    answer(&desk, &may.scope, may.subject).await
}

/// Closes a conversation. Closing it twice changes nothing.
#[utoipa::path(post, path = "/conversations/{id}/close", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationRow), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_close"))))]
async fn close(State(desk): State<Desk>, may: Grant<ability::Close>) -> Result<Json<ConversationRow>> {
    desk.write(Close { may: may.clone() }).await?;
    answer(&desk, &may.scope, may.subject).await
}

/// Returns a conversation to the queue.
#[utoipa::path(post, path = "/conversations/{id}/return", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationRow), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_close"))))]
async fn return_to_queue(State(desk): State<Desk>, may: Grant<ability::Close>) -> Result<Json<ConversationRow>> {
    desk.write(ReturnToQueue { may: may.clone() }).await?;
    answer(&desk, &may.scope, may.subject).await
}

/// How a conversation is reopened.
#[derive(Default, Deserialize, ToSchema)]
struct ReopenForm {
    /// Whose it becomes; the caller's when absent.
    to: Option<ReopenTo>,
    /// As it was before the caller closed it, at most a minute ago: in its place in the queue, or with whom it was.
    #[serde(default)]
    restore: bool,
}

/// Whose a reopened conversation becomes.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReopenTo {
    /// The caller's.
    Me,
    /// Nobody's yet: it waits, in the place it had where the caller closed it at most a minute ago.
    Queue,
}

/// Reopens a closed conversation (P-113).
#[utoipa::path(post, path = "/conversations/{id}/reopen", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body(content = ReopenForm, description = "may be absent: it becomes the caller's"),
    responses((status = 200, body = ConversationRow), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_close"))))]
async fn reopen(
    State(desk): State<Desk>,
    may: Grant<ability::Close>,
    form: Option<Body<ReopenForm>>,
) -> Result<Json<ConversationRow>> {
    let form = form.map(|Body(form)| form).unwrap_or_default();
    let to = match (form.restore, form.to) {
        (true, _) => Reopened::AsBefore,
        (false, Some(ReopenTo::Queue)) => Reopened::Queue,
        (false, Some(ReopenTo::Me) | None) => Reopened::Own,
    };
    desk.write(Reopen { may: may.clone(), to }).await?;
    answer(&desk, &may.scope, may.subject).await
}

/// Where a conversation goes. At least one of the two is named.
#[derive(Deserialize, ToSchema)]
struct TransferForm {
    /// Who answers from now on; without one it waits in the department.
    agent: Option<AgentId>,
    /// The department it moves to; without one it stays in its own.
    department: Option<DepartmentId>,
    /// A note for the colleagues, added before it goes. At most 10,000 characters.
    note: Option<String>,
    /// Whether it goes although nobody is online there, or the person is full (P-070).
    #[serde(default)]
    confirmed: bool,
    /// The caller's id of this transfer: sent again under the same one, it changes nothing more.
    client_id: Option<ClientId>,
}

/// Transfers a conversation to a person, to a department's queue, or to a person in another department (P-067). To where it is already moves
/// nothing; the note is kept. The answer is its row, also where the caller does not see it any more.
#[utoipa::path(post, path = "/conversations/{id}/transfer", tag = "conversations", params(("id" = ConversationId, Path)), request_body = TransferForm,
    responses((status = 200, body = ConversationRow), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_close"))))]
async fn transfer(
    State(desk): State<Desk>,
    may: Grant<ability::Close>,
    Body(form): Body<TransferForm>,
) -> Result<Json<ConversationRow>> {
    let TransferForm { agent, department, note, confirmed, client_id } = form;
    let note = note.filter(|note| !is_blank(note));
    let mut checks = Checks::default();
    if agent.is_none() && department.is_none() {
        checks.fault("agent", ErrorCode::Required);
    }
    checks.add(note.as_deref().and_then(|note| text_fault("note", note)));
    checks.finish()?;
    let client_id = client_id.unwrap_or_else(|| ClientId(desk.clock.new_id()));
    desk.write(Transfer { may: may.clone(), agent, department, note, is_confirmed: confirmed, client_id }).await?;
    answer(&desk, &may.scope, may.subject).await
}

/// Takes back the caller's own transfer, or return to the queue, of at most a minute ago: it is as it was. Refused with the name of who has it
/// once somebody has taken or answered it. Also for who does not see it any more, having moved it away.
#[utoipa::path(post, path = "/conversations/{id}/take_back", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationRow), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("conversations_close"))))]
async fn take_back(State(desk): State<Desk>, may: Grant<ability::TakeBack>) -> Result<Json<ConversationRow>> {
    desk.write(TakeBack { may: may.clone() }).await?;
    answer(&desk, &may.scope, may.subject.0).await
}

/// A conversation that was just changed.
///
/// # Errors
/// 404 when it is not there.
pub async fn answer(desk: &Desk, scope: &Scope, conversation: ConversationId) -> Result<Json<ConversationRow>> {
    queries::row_by_id(desk.store.read(), scope.workspace, conversation).await?.map(Json).ok_or(Error::not_found())
}

/// The most characters a search may have.
const SEARCH_MAX: usize = 200;

fn checked_search(field: &str, text: &str) -> Result<()> {
    if has_forbidden_character(text) {
        return Err(Error::field(field, ErrorCode::InvalidValue));
    }
    if text.chars().count() > SEARCH_MAX {
        return Err(Error::limited(field, ErrorCode::TooLong, SEARCH_MAX));
    }
    Ok(())
}

/// What is searched for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchParameters {
    /// Words, each of which may be the beginning of one.
    q: String,
}

/// Messages that were found.
#[derive(Serialize, ToSchema)]
struct SearchAnswer {
    items: Vec<FoundMessage>,
}

/// A message that was found, with its conversation.
#[derive(Serialize, ToSchema)]
struct FoundMessage {
    conversation: ConversationRow,
    message: MessageShown,
}

/// Finds messages in conversations the caller sees, newest first, at most 50.
#[utoipa::path(get, path = "/messages/search", tag = "conversations", params(SearchParameters),
    responses((status = 200, body = SearchAnswer), (status = 422, body = ErrorAnswer)), extensions(("x-permission" = json!("conversations_view"))))]
async fn search_messages(
    State(desk): State<Desk>,
    scope: Scope,
    Asked(asked): Asked<SearchParameters>,
) -> Result<Json<SearchAnswer>> {
    checked_search("q", &asked.q)?;
    let found = search(&desk, &scope, &asked.q, 50).await?;
    let ids: Vec<ConversationId> = found.iter().map(|found| found.conversation).collect();
    let rows = rows_by_ids(desk.store.read(), scope.workspace, &ids).await?;
    let links = desk.links();
    let items = found
        .into_iter()
        .filter_map(|found| {
            let conversation = rows.iter().find(|row| row.id == found.conversation)?.clone();
            Some(FoundMessage { conversation, message: MessageShown::of(&found.message, &links) })
        })
        .collect();
    Ok(Json(SearchAnswer { items }))
}
