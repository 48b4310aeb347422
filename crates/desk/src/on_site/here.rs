//! What a page with a closed chat says of itself, where the connection wants that: an id by chance, which holds for the visit, and the page.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
};
use balcao_types::ErrorCode;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    board::{Arrival, Guest},
    tell::tell,
};
use crate::{
    Desk,
    conversations::Page,
    error::{Error, Result},
    http::ClientAddress,
    visitors::{refuse_foreign_site, site_by_text},
};

/// The longest word of a page, in bytes.
const WORD_MAX: usize = 8_192;

/// A page with a closed chat.
#[derive(Deserialize)]
struct Word {
    visit: Uuid,
    url: String,
    #[serde(default)]
    title: String,
    /// Has written before, as the browser remembers.
    #[serde(default)]
    returning: bool,
    /// The page is left, or the chat was opened and speaks for itself.
    #[serde(default)]
    left: bool,
}

/// `POST /widgets/<code>/here`, as plain text, since that is how a page that goes away may say so. It answers nothing.
///
/// # Errors
/// 400 for what is no such word, 403 from another site, 404 where nobody wants to know, 429.
pub async fn here(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    address: ClientAddress,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    if body.len() > WORD_MAX {
        return Err(Error::refused(ErrorCode::TooLarge));
    }
    let word: Word = serde_json::from_slice(&body).map_err(|_not_a_word| Error::refused(ErrorCode::Malformed))?;
    let site = site_by_text(&desk, &code).await?.filter(|site| site.settings.watch_visitors);
    let site = site.ok_or(Error::refused(ErrorCode::ConnectionUnavailable))?;
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or("");
    refuse_foreign_site(&desk, &site, origin)?;
    desk.limits.sightings.check(&address.key()).map_err(Error::too_many)?;
    let (board, place, now) = (&desk.live.on_site, (site.workspace, desk.bus.node()), desk.clock.now());
    if word.left {
        let was_here = board.end(site.workspace, word.visit, now);
        // Another node may have been told that it is there.
        if was_here || desk.bus.has_others() {
            tell(&desk, site.workspace, Guest::gone(word.visit, &site, now));
        }
        return Ok(StatusCode::NO_CONTENT);
    }
    let page = Page { url: word.url, title: word.title }.checked().ok_or(Error::refused(ErrorCode::Malformed))?;
    let come = Arrival {
        id: word.visit,
        connection: site.id,
        department: site.department,
        contact: None,
        is_returning: word.returning,
        pages: Vec::new(),
    };
    if board.arrive(place, come, now).is_some()
        && let Some(guest) = board.turn_to(place, word.visit, &page, now)
    {
        tell(&desk, site.workspace, guest);
    }
    Ok(StatusCode::NO_CONTENT)
}
