//! Documents as PDF: flowing text on numbered pages, with a font of our own inside. It knows paper and lines, and nothing of what is written.

mod document;
mod draw;
mod face;
mod lines;
mod makers;

pub use document::{Document, Paragraph, Setup, Tone};
pub use makers::{Makers, Place};

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the document would have more pages than anybody prints")]
    TooLong,
    #[error("the document cannot be written: {0}")]
    Unwritten(String),
}
