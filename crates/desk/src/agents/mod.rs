//! The people who work here: who they are, how they are invited, whether they are ready.

mod by_mail;
mod change;
mod http;
mod import;
mod invite;
mod me;
mod presence;
mod queries;
mod remove;
mod shift;
mod table;

pub use by_mail::{INVITE_BY_MAIL, invite_by_mail};
pub use change::ResetPassword;
pub use http::{logged_in, router, user_agent};
pub use invite::{NewAgent, insert_agent, leave_department};
pub use me::{Me, me};
pub use presence::{
    Closed, Paused, Presence, PresenceBoard, RenewLeases, WhoIsThere, apply_status_on_login, note_assigned, set_status,
};
pub use queries::{Agent, agent_by_id, all_agents, by_email, everybody, memberships_of, one_by_id};
pub use shift::{begin_shift, end_shift, set_extension};
pub use table::Model;
