//! What every HTTP operation shares: bodies, languages, addresses, origins, and errors as translated answers.

mod address;
mod asked;
mod body;
mod csv;
mod defaults;
mod errors;
mod language;
mod origin;
mod pages;
mod strict;

pub use address::ClientAddress;
pub use asked::Asked;
pub use body::{Body, parse, present, whole_body};
pub use csv::{Row, Sheet};
pub use defaults::yes;
pub use errors::{ErrorAnswer, ErrorBody, FieldAnswer, render_errors};
pub use language::AskedLanguage;
pub use origin::{is_own_origin, require_own_origin};
pub use pages::{Cursor, page_size, text_cursor};
pub use strict::{StrictObject, from_str};
