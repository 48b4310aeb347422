//! The operation by which a browser gets a challenge beforehand, to solve it while its visitor writes.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::proof::{CHALLENGE_SECONDS, challenge, is_needed};
use crate::{
    Desk,
    error::Result,
    http::{ClientAddress, ErrorAnswer},
    visitors::{Ticket, count_request, open_site},
};

/// The visitors' operation.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(give))
}

/// A challenge to solve.
#[derive(Serialize, ToSchema)]
struct ChallengeAnswer {
    /// None where nothing has to be solved now.
    challenge: Option<String>,
    /// A number is looked for, so that the SHA-256 of `<challenge>,<number>` begins with so many zero bits; that text is the proof.
    bits: u32,
    /// Seconds.
    expires_in: i64,
}

/// Gives a challenge, where what begins now would need one.
#[utoipa::path(post, path = "/visitor/challenge", tag = "visitors", operation_id = "give_challenge",
    responses((status = 200, body = ChallengeAnswer), (status = 401, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    security(("ticket" = [])), extensions(("x-permission" = json!("visitor"))))]
async fn give(State(desk): State<Desk>, ticket: Ticket, address: ClientAddress) -> Result<Json<ChallengeAnswer>> {
    count_request(&desk, &ticket)?;
    let site = open_site(&desk, &ticket).await?;
    let needed = is_needed(&desk, &site, address);
    let made = needed.map(|bits| challenge(&desk, ticket.contact, bits)).transpose()?;
    Ok(Json(ChallengeAnswer {
        bits: made.as_ref().map_or(0, |made| made.bits),
        challenge: made.map(|made| made.text),
        expires_in: CHALLENGE_SECONDS,
    }))
}
