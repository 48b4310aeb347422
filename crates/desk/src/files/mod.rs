//! Files in conversations: they come in by pieces, are looked into, stored, and then held by one message each. They are shown under signed
//! addresses of our own.

mod attach;
mod begin;
mod bytes;
mod drop;
mod erase;
mod finish;
mod http;
mod links;
mod queries;
mod receive;
mod serve;
mod shown;
mod table;
mod turns;
mod visitor_http;
mod whole;

pub use attach::{attach, attach_offline, lock_attachable};
pub use begin::{Begin, FileForm};
pub use bytes::bytes_of;
pub use drop::sweep;
pub use erase::{erase_of_conversations, erase_of_offline_messages};
pub use http::router;
pub use links::Links;
pub use queries::of_offline_message;
pub use receive::{Piece, receive};
pub use serve::files_router;
pub use shown::{FileKept, FileShown, FileUpload};
pub use turns::Turns;
pub use visitor_http::router as visitor_router;
pub use whole::Whole;

use balcao_types::{AuthorKind, WorkspaceId};
use uuid::Uuid;

/// Whose a file is until a message holds it: the agent's who sends it, or the visitor's.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    pub workspace: WorkspaceId,
    pub kind: AuthorKind,
    /// The agent's or the contact's id.
    pub id: Uuid,
}
