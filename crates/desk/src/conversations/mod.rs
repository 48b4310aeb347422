//! Conversations: one service session with a contact, its timeline, and every way its state changes.

mod append;
mod close;
mod head;
mod http;
mod index;
mod lock;
mod marks;
mod message;
mod open;
mod queries;
mod receive;
mod reopen;
mod reply;
mod return_to_queue;
mod row;
mod search;
mod table;
mod take;
mod timeline;
mod visit;

pub use append::{Append, Appended, Author, InOrder};
pub use close::{Close, CloseByVisitor};
pub use http::{check_said, router};
pub use index::index_forever;
pub use marks::{Marks, MarksMoved, MoveMarks, Reader, marks_of};
pub use message::{Message, MessageShown, SystemLine};
pub use open::{NewConversation, insert_conversation};
pub use queries::{
    Counters, Entries, counters, messages_at, place_of, places_of_visitor, row_by_id, rows_by_ids,
    visitor_conversation, visitor_entries, waiting_in,
};
pub use receive::{Receive, Received, VisitorForm};
pub use reply::Reply;
pub use return_to_queue::ReturnToQueue;
pub use row::{ConversationRow, LastMessage, Page, Visit};
pub use table::Model;
pub use take::Take;
pub use timeline::{Line, add_line};
pub use visit::NoteVisit;
