//! Conversations: one service session with a contact, its timeline, and every way its state changes.

mod append;
mod close;
mod conditions;
mod counters;
mod erase;
mod given;
mod hand_over;
mod head;
mod http;
mod idle;
mod index;
mod list;
mod list_search;
mod lock;
mod marks;
mod message;
mod moving;
mod open;
mod overflow;
mod queries;
mod receive;
mod reopen;
mod reply;
mod return_to_queue;
mod row;
mod said;
mod search;
mod switched;
mod table;
mod take;
mod take_back;
mod timeline;
mod transcript;
mod transfer;
mod visit;

pub use append::{Append, Appended, Author, InOrder};
pub use close::{Close, CloseByVisitor, end_survey};
pub use counters::{Counters, Tallies};
pub use erase::{ended_of, erase, ids_of_contact, lock_outlived, outlived, what_is_given};
pub use given::CUSTOMER_ID_MAX;
pub use hand_over::{HandOver, HandOverTo, HandedOver};
pub use http::{answer, check_said, router};
pub use idle::{IDLE, idle_job, look_for_silence};
pub use index::index_forever;
pub use list::rows_by_ids;
pub use marks::{Marks, MarksMoved, MoveMarks, Reader, marks_of};
pub use message::{Message, MessageShown, SystemLine};
pub use moving::Assignee;
pub use open::{NewConversation, insert_conversation};
pub use overflow::{OVERFLOW, look_for_overflow, overflow_job};
pub use queries::{
    Entries, known_to, messages_at, model_by_id, open_with, place_of, places_of_visitor, previous_of_visitor, queue_of,
    row_by_id, under_way_of, under_way_seen, visitor_conversation, visitor_entries, waiting_in,
};
pub use receive::{Receive, Received, VisitorForm};
pub use reply::Reply;
pub use return_to_queue::{ReturnByVisitor, ReturnToQueue};
pub use row::{ConversationRow, LastMessage, Page, Visit, VisitedPage};
pub use said::visitors_language;
pub use table::Model;
pub use take::{Take, assign_to};
pub use take_back::moved_by;
pub use timeline::{Line, add_line};
pub use transcript::lines;
pub use transfer::Transfer;
pub use visit::NoteVisit;
