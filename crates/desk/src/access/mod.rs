//! Who is asking and what they may do: sessions, passwords, scopes, grants.

mod device;
mod grant;
mod http;
mod log_in;
mod log_out;
pub mod password;
mod queries;
mod scope;
mod table;

pub use device::device_cookie;
pub use grant::{Ability, Grant, Subject, ability};
pub use http::{SessionCookie, router, session_cookie};
pub use log_in::{LogIn, NewSession, open_session};
pub use log_out::{EndSessions, end_sessions};
pub use queries::{ended_sessions, scope_of_session};
pub use scope::{AgentScope, Membership, Scope};
