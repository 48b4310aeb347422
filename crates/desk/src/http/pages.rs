//! Pages by key: a cursor is the sorting key of the last row, never an offset.

use balcao_types::ErrorCode;
use uuid::Uuid;

use crate::error::{Error, Result};

/// How many rows a page has when nobody says.
const PAGE: i64 = 50;

/// The size of a page: what is asked for, from 1 to `max`.
///
/// # Errors
/// 422 on `limit` when it is out of range.
pub fn page_size(asked: Option<i64>, max: i64) -> Result<i64> {
    let size = asked.unwrap_or(PAGE);
    if (1..=max).contains(&size) { Ok(size) } else { Err(Error::field("limit", ErrorCode::InvalidValue)) }
}

/// A place in a list: the sorting value and the id that breaks ties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub value: i64,
    pub id: Uuid,
}

impl Cursor {
    /// Reads a cursor that [`text_cursor`] wrote; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (value, id) = text.split_once('_')?;
        Some(Self { value: value.parse().ok()?, id: id.parse().ok()? })
    }
}

/// A cursor as text for clients, who pass it back unread.
pub fn text_cursor(value: i64, id: Uuid) -> String {
    format!("{value}_{id}")
}
