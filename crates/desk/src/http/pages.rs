//! Pages by key: a cursor is the sorting key of the last row, never an offset.

use uuid::Uuid;

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
