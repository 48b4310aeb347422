//! The visitors' side: the loader and the panel of the widget, tickets, and what a visitor may read and send without a socket.

mod customer;
mod fill;
mod http;
mod loader;
mod looks;
mod pages;
mod panel;
mod preview;
mod said;
mod ticket;

pub use http::{VisitorMessage, count_message, count_request, open_site, receive, router, thanked};
pub use pages::{WidgetFiles, refuse_foreign_site, site_by_text, widget_router};
pub use ticket::{Ticket, TicketKey, visitor_identity};
