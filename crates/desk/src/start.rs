//! Puts the product together and starts what runs beside the requests.

use std::{collections::HashMap, sync::Arc};

use balcao_platform::{
    Clock, Store,
    blobs::Blobs,
    bus::Bus,
    jobs::{self, Handlers},
    media::Inspector,
    pdf::Makers,
    store::Committed,
};
use tokio::{
    sync::mpsc,
    task::{self, JoinSet},
};

use crate::{
    Desk, DeskConfig, Limits, Result, Shared, agents, challenges, conversations, copies, files, labels, live, mail,
    maintenance, on_site, routing, shifts, surveys, visitors,
};

/// What the product is put together from.
pub struct Parts {
    pub store: Store,
    pub committed: mpsc::Receiver<Committed>,
    pub bus: Bus,
    pub clock: Clock,
    pub config: DeskConfig,
    pub limits: Limits,
    pub floods: challenges::Floods,
    pub widget: visitors::WidgetFiles,
    pub blobs: Blobs,
}

/// The tasks beside the requests; dropping it ends them.
#[derive(Default)]
pub struct Background {
    tasks: JoinSet<()>,
    names: HashMap<task::Id, &'static str>,
}

impl Background {
    /// Starts a task that runs as long as the program.
    pub fn start(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let id = self.tasks.spawn(task).id();
        self.names.insert(id, name);
    }

    /// Resolves with the name of a task that has ended or panicked, which none does while the program is well.
    pub async fn ended(&mut self) -> &'static str {
        let id = match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => id,
            Some(Err(error)) => error.id(),
            None => std::future::pending().await,
        };
        self.names.remove(&id).unwrap_or_default()
    }
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
            floods: parts.floods,
            live: live::Live::default(),
            tickets,
            widget: parts.widget,
            blobs: parts.blobs,
            inspector: Inspector::default(),
            uploads: files::Turns::default(),
            pdf_makers: Makers::default(),
            stuck_mails: mail::StuckMails::default(),
        }),
    };
    let mut background = Background::default();
    let positions = live::first_positions(&desk).await?;
    background.start("dispatcher", live::dispatch_forever(desk.clone(), positions, parts.committed));
    background.start("rows", live::send_rows_forever(desk.clone()));
    background.start("teams", live::send_teams_forever(desk.clone()));
    background.start("places", live::send_places_forever(desk.clone()));
    background.start("visitors on the site", on_site::tell_forever(desk.clone()));
    background.start("presence", live::watch_presence_forever(desk.clone()));
    background.start("sessions", live::check_sessions_forever(desk.clone()));
    background.start("indexer", conversations::index_forever(desk.clone()));
    background.start("jobs", jobs::work_forever(desk.store.clone(), desk.bus.node(), handlers(&desk)));
    Ok((desk, background))
}

/// The jobs the product does.
pub fn handlers(desk: &Desk) -> Handlers {
    let (sweeper, drainer, labels_sweeper, clock) = (desk.clone(), desk.clone(), desk.clone(), desk.clone());
    let (postman, reader, listener, usher) = (desk.clone(), desk.clone(), desk.clone(), desk.clone());
    let (asker, inviter, copier) = (desk.clone(), desk.clone(), desk.clone());
    Handlers::default()
        .with_recurring(maintenance::SWEEP, move |job| maintenance::sweep(sweeper.clone(), job))
        .with(labels::SWEEP_LABEL, move |job| labels::sweep_label(labels_sweeper.clone(), job))
        .with(mail::SEND_MAIL, move |job| mail::send_mail(postman.clone(), job))
        .with(agents::INVITE_BY_MAIL, move |job| agents::invite_by_mail(inviter.clone(), job))
        .with(copies::MAIL_COPY, move |job| copies::mail_copy(copier.clone(), job))
        .with(surveys::ASK_BY_MAIL, move |job| surveys::ask_by_mail(asker.clone(), job))
        .with_recurring(mail::FETCH_MAIL, move |job| mail::fetch_mail(reader.clone(), job))
        .with_free_key(conversations::IDLE, move |job| conversations::look_for_silence(listener.clone(), job))
        .with_free_key(conversations::OVERFLOW, move |job| conversations::look_for_overflow(usher.clone(), job))
        .with_free_key(shifts::APPLY, move |job| shifts::apply(clock.clone(), job))
        .with_free_key(routing::DRAIN, move |job| routing::drain(drainer.clone(), job))
}

#[cfg(test)]
mod tests {
    use super::Background;

    #[tokio::test]
    async fn a_task_that_panics_or_ends_is_named() {
        let mut background = Background::default();
        background.start("endless", std::future::pending());
        background.start("panicking", async { panic!("on purpose") });
        assert_eq!(background.ended().await, "panicking");
        background.start("ending", async {});
        assert_eq!(background.ended().await, "ending");
    }
}
