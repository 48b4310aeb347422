//! The operations by which a visitor asks for a copy.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use balcao_types::ConversationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::ask::{AskCopy, copied_until, known_address};
use crate::{
    Desk,
    checks::Checks,
    conversations,
    error::{Error, Result},
    http::{Body, ClientAddress, ErrorAnswer},
    visitors::{Ticket, count_request, open_site},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(show, ask))
}

/// Where a copy goes.
#[derive(Serialize, ToSchema)]
struct CopyAnswer {
    /// The address, with most of its name left out: whoever sits at this browser need not learn it. None: it has to be said.
    to: Option<String>,
}

/// Whether the visitor may have a copy of an own conversation, and where it would go; refused with `copy_unavailable` where not: it has not
/// ended, nobody has answered in it, or the company offers none.
#[utoipa::path(get, path = "/visitor/conversations/{id}/copy", tag = "copies", params(("id" = ConversationId, Path)),
    responses((status = 200, body = CopyAnswer), (status = 401, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn show(State(desk): State<Desk>, ticket: Ticket, Path(id): Path<String>) -> Result<Json<CopyAnswer>> {
    count_request(&desk, &ticket)?;
    open_site(&desk, &ticket).await?;
    let (read, workspace, contact) = (desk.store.read(), ticket.workspace, ticket.contact);
    let found = conversations::places_of_visitor(read, workspace, contact, parse_id(&id)?).await?;
    copied_until(read, &found.ok_or(Error::not_found())?).await?;
    let known = known_address(read, workspace, contact).await?;
    Ok(Json(CopyAnswer { to: known.as_deref().map(masked) }))
}

/// Where a copy shall go.
#[derive(Deserialize, ToSchema)]
struct CopyForm {
    /// Needed where the visitor's address is not known; otherwise it does not count.
    email: Option<String>,
}

/// Sends the visitor a copy of an own conversation that has ended: what they saw of it, as plain text. Once for each end and address, to at most
/// three addresses, and at most five a day to an address or for a visitor. Asking again changes nothing.
#[utoipa::path(post, path = "/visitor/conversations/{id}/copy", tag = "copies", params(("id" = ConversationId, Path)),
    request_body = CopyForm,
    responses((status = 202, body = CopyAnswer), (status = 401, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn ask(
    State(desk): State<Desk>,
    ticket: Ticket,
    address: ClientAddress,
    Path(id): Path<String>,
    Body(form): Body<CopyForm>,
) -> Result<(StatusCode, Json<CopyAnswer>)> {
    count_request(&desk, &ticket)?;
    open_site(&desk, &ticket).await?;
    let conversation = parse_id(&id)?;
    let mut checks = Checks::default();
    let typed = form.email.map(|email| checks.email("email", &email));
    checks.finish()?;
    // As for what is left while nobody is online: both lead to mail.
    desk.limits.offline_messages.check(&format!("copy:{}", address.key())).map_err(Error::too_many)?;
    let (workspace, contact) = (ticket.workspace, ticket.contact);
    let to = desk.write(AskCopy { workspace, contact, conversation, typed }).await?;
    Ok((StatusCode::ACCEPTED, Json(CopyAnswer { to: Some(masked(&to)) })))
}

fn parse_id(id: &str) -> Result<ConversationId> {
    id.parse().map_err(|_not_an_id| Error::not_found())
}

/// An address of which its owner knows that it is theirs, and nobody else whose: `j•••@example.com`.
fn masked(address: &str) -> String {
    let (name, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}•••@{domain}")
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn of_an_address_the_first_letter_and_the_domain_are_told() {
        assert_eq!(masked("joana.silva@example.com"), "j•••@example.com");
        assert_eq!(masked("é@example.com"), "é•••@example.com");
        assert_eq!(masked("\"a@b\"@example.com"), "\"•••@example.com");
    }
}
