//! Puts the product together and starts what runs beside the requests.

use std::sync::Arc;

use balcao_platform::{
    Clock, Store,
    bus::Bus,
    jobs::{self, Handlers},
    store::Committed,
};
use tokio::{sync::mpsc, task::JoinSet};

use crate::{Desk, DeskConfig, Limits, Result, Shared, conversations, live, maintenance, visitors};

/// What the product is put together from.
pub struct Parts {
    pub store: Store,
    pub committed: mpsc::Receiver<Committed>,
    pub bus: Bus,
    pub clock: Clock,
    pub config: DeskConfig,
    pub limits: Limits,
    pub widget: visitors::WidgetFiles,
}

/// The tasks beside the requests; dropping it ends them.
pub struct Background {
    pub tasks: JoinSet<()>,
}

/// Starts the product on an open, migrated store.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn start(parts: Parts) -> Result<(Desk, Background)> {
    let tickets = visitors::TicketKey::load(&parts.store).await?;
    let desk = Desk {
        shared: Arc::new(Shared {
            store: parts.store,
            bus: parts.bus,
            clock: parts.clock,
            config: parts.config,
            limits: parts.limits,
            live: live::Live::default(),
            tickets,
            widget: parts.widget,
        }),
    };
    let mut tasks = JoinSet::new();
    tasks.spawn(live::dispatch_forever(desk.clone(), live::first_positions(&desk).await?, parts.committed));
    tasks.spawn(live::send_rows_forever(desk.clone()));
    tasks.spawn(live::watch_presence_forever(desk.clone()));
    tasks.spawn(live::check_sessions_forever(desk.clone()));
    tasks.spawn(conversations::index_forever(desk.clone()));
    tasks.spawn(jobs::work_forever(desk.store.clone(), desk.bus.node(), handlers(&desk)));
    Ok((desk, Background { tasks }))
}

/// The jobs the product does.
pub fn handlers(desk: &Desk) -> Handlers {
    let sweeper = desk.clone();
    Handlers::default().with(maintenance::SWEEP, move |job| maintenance::sweep(sweeper.clone(), job))
}
