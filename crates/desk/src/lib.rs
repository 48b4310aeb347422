//! The product: one folder per feature, every business rule that needs the database. `router` below is the list of features.

pub mod access;
pub mod agents;
pub mod challenges;
mod checks;
pub mod connections;
pub mod contacts;
pub mod conversations;
pub mod copies;
pub mod departments;
mod error;
pub mod files;
pub mod http;
mod import;
pub mod labels;
pub mod live;
pub mod mail;
pub mod maintenance;
pub mod offline_messages;
pub mod on_site;
pub mod pictures;
pub mod privacy;
pub mod projects;
pub mod quick_replies;
mod reactions;
pub mod routing;
pub mod shifts;
mod sql;
mod start;
pub mod surveys;
pub mod texts;
pub mod ticket_categories;
pub mod tickets;
mod tx;
pub mod visitors;
pub mod workspaces;

use std::{ops::Deref, sync::Arc, time::Duration};

use balcao_platform::{
    Clock, Network, Store, blobs::Blobs, bus::Bus, config::LimitsConfig, limits::Limit, media::Inspector, pdf::Makers,
};
use utoipa_axum::router::OpenApiRouter;

pub use error::{Error, FieldError, Refusal, Result};
pub use start::{Background, Parts, handlers, start};
pub use tx::{Command, LocalEvent, Tx};

/// Everything the product needs to answer. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    shared: Arc<Shared>,
}

/// What [`Desk`] shares.
pub struct Shared {
    pub store: Store,
    pub bus: Bus,
    pub clock: Clock,
    pub config: DeskConfig,
    pub limits: Limits,
    pub floods: challenges::Floods,
    pub live: live::Live,
    pub tickets: visitors::TicketKey,
    pub widget: visitors::WidgetFiles,
    pub blobs: Blobs,
    pub inspector: Inspector,
    pub uploads: files::Turns,
    pub pdf_makers: Makers,
    pub stuck_mails: mail::StuckMails,
}

impl Deref for Desk {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// What the product takes from the configuration.
#[derive(Clone, Debug)]
pub struct DeskConfig {
    /// Without a trailing slash.
    pub public_url: String,
    pub is_https: bool,
    pub trusted_proxies: Vec<Network>,
    pub sockets_per_address: Option<u32>,
    /// The most a company may set as the limit of a file, in millions of bytes.
    pub largest_file_mb: u32,
    /// How many bytes one visitor may have sent without a message that holds them.
    pub waiting_bytes_per_visitor: Option<i64>,
}

/// The limits on what strangers may ask.
pub struct Limits {
    pub logins: Limit,
    pub account_logins: Limit,
    pub tickets: Limit,
    pub conversations: Limit,
    pub messages: Limit,
    /// Messages left while nobody is online: by address, and by connection.
    pub offline_messages: Limit,
    pub connection_offline_messages: Limit,
    /// What pages with a closed chat say of themselves.
    pub sightings: Limit,
    /// What begins without a solved challenge where one is needed: by network, and by connection.
    pub unproven: Limit,
    pub connection_unproven: Limit,
    pub visitor_requests: Limit,
    pub uploads: Limit,
    /// In millions of bytes.
    pub upload_megabytes: Limit,
}

impl Limits {
    /// The limits of a configuration.
    pub fn new(config: &LimitsConfig) -> Self {
        let limit = |burst, seconds| Limit::new(config.enabled, burst, Duration::from_secs(seconds));
        Self {
            logins: limit(config.logins_per_minute, 60),
            account_logins: limit(config.logins_per_account, 3_600),
            tickets: limit(config.tickets_per_minute, 60),
            conversations: limit(config.conversations_per_hour, 3_600),
            messages: limit(config.messages_per_minute, 60),
            offline_messages: limit(config.offline_messages_per_hour, 3_600),
            connection_offline_messages: limit(config.offline_messages_per_connection, 3_600),
            sightings: limit(config.sightings_per_minute, 60),
            // Where a company asks for a challenge each time, nothing else stands in for it.
            unproven: Limit::new(true, config.unproven_per_hour, Duration::from_secs(3_600)),
            connection_unproven: Limit::new(true, config.unproven_per_connection, Duration::from_secs(3_600)),
            visitor_requests: limit(config.visitor_requests_per_minute, 60),
            uploads: limit(config.uploads_per_hour, 3_600),
            upload_megabytes: limit(config.upload_mb_per_hour, 3_600),
        }
    }

    /// Forgets keys that are back at their full burst.
    pub fn forget_idle(&self) {
        let Self {
            logins,
            account_logins,
            tickets,
            conversations,
            messages,
            offline_messages,
            connection_offline_messages,
            sightings,
            unproven,
            connection_unproven,
            visitor_requests,
            uploads,
            upload_megabytes,
        } = self;
        for limit in [
            logins,
            account_logins,
            tickets,
            conversations,
            messages,
            offline_messages,
            connection_offline_messages,
            sightings,
            unproven,
            connection_unproven,
            visitor_requests,
            uploads,
            upload_megabytes,
        ] {
            limit.forget_idle();
        }
    }
}

/// The operations under `/api`.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .merge(access::router())
        .merge(workspaces::router())
        .merge(agents::router())
        .merge(departments::router())
        .merge(projects::router())
        .merge(connections::router())
        .merge(conversations::router())
        .merge(labels::router())
        .merge(quick_replies::router())
        .merge(mail::router())
        .merge(offline_messages::router())
        .merge(tickets::router())
        .merge(ticket_categories::router())
        .merge(privacy::router())
        .merge(on_site::router())
        .merge(routing::router())
        .merge(shifts::router())
        .merge(surveys::router())
        .merge(copies::router())
        .merge(files::router())
        .merge(pictures::router())
        .merge(challenges::router())
        .merge(visitors::router())
        .merge(files::visitor_router())
        .merge(live::router())
}

/// The files' own addresses, outside `/api`.
pub fn files_router() -> axum::Router<Desk> {
    files::files_router()
}

/// The public addresses of pictures, outside `/api`.
pub fn pictures_router() -> axum::Router<Desk> {
    pictures::pictures_router()
}

/// The pages and scripts of the widget, outside `/api`.
pub fn widget_router() -> axum::Router<Desk> {
    visitors::widget_router()
}
