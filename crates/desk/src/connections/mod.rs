//! Connections: configured channels. For now webchats; each has its code, looks, department and domains.

mod http;
mod identity;
mod queries;
mod save;
mod seen;
mod table;

pub use http::router;
pub use queries::{
    Connection, ConnectionBadge, Site, all_badges, badge_by_id, is_there, shown_pictures, site_by_code, site_by_id,
};
pub use save::{CALL_MAX, INTRO_MAX, NAME_MAX, NewConnection, PLACEHOLDER_MAX, draft_settings, insert_connection};
pub use seen::Sighting;
