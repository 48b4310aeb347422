//! `balcao serve`: opens everything, listens, and ends in order.

use std::{net::SocketAddr, time::Duration};

use balcao_desk::{Background, Desk, DeskConfig, Limits, Parts, challenges::Floods, workspaces};
use balcao_platform::{Clock, Config, Store, blobs::Blobs, bus::Bus, store::StoreConfig, telemetry};
use balcao_types::NodeId;
use sea_orm::ConnectionTrait;
use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::CancellationToken;

use crate::{
    assets,
    listen::{Door, ListenLimits, listen},
    router::{Extras, router},
    tls::{self, Certificate, Tls},
};

/// For how long a shutdown waits for what is under way (C10).
const GRACE: Duration = Duration::from_secs(25);

/// The product on an open store, ready for a listener.
pub struct Running {
    pub desk: Desk,
    pub background: Background,
    pub limits: ListenLimits,
    /// None where something in front speaks HTTPS, or nothing does.
    pub tls: Option<Tls>,
}

/// Where the program is reached.
pub struct Listeners {
    pub main: TcpListener,
    /// Plain HTTP that only sends on to HTTPS.
    pub redirect: Option<TcpListener>,
}

impl Listeners {
    /// Binds what the configuration names.
    ///
    /// # Errors
    /// A sentence that names the address.
    pub async fn bind(config: &Config) -> Result<Self, String> {
        let redirect = match config.tls.redirect() {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        Ok(Self { main: bind(config.listen).await?, redirect })
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))
}

/// Starts the program and serves until it is told to end.
///
/// # Errors
/// A sentence for the person who started it.
pub async fn serve(config: Config) -> Result<(), String> {
    let metrics = telemetry::start_metrics();
    let listeners = Listeners::bind(&config).await?;
    let running = open(&config, Clock::system()).await?;
    if let Some(link) = workspaces::new_setup_link(&running.desk).await.map_err(|error| format!("{error:?}"))? {
        println!("Set up this installation (the link works once): {link}");
    }
    println!("Balcão is at {}", config.public_url);
    if !config.is_https() && !config.is_local() {
        println!(
            "Warning: passwords and messages travel unprotected over http. Put HTTPS in front and set public_url to its address."
        );
    }
    let extras = Extras { metrics, demo_page: config.demo.page };
    run(running, listeners, extras, stop_signal()).await?;
    finish_log(&config).await
}

/// Moves SQLite's log into the database, so that a stopped installation is one file.
async fn finish_log(config: &Config) -> Result<(), String> {
    if let StoreConfig::Sqlite(_) = config.store() {
        let failed = |error| format!("the log could not be moved into the database: {error}");
        let database = config.store().connect().await.map_err(failed)?;
        database.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.map_err(failed)?;
        database.close().await.map_err(failed)?;
    }
    Ok(())
}

/// Serves on a listener until `stop`, then ends in order: sockets are told to go on elsewhere, requests and commits are finished.
///
/// # Errors
/// When the store's writer or a task beside the requests died: whoever watches the program starts it anew.
pub async fn run(
    running: Running,
    listeners: Listeners,
    extras: Extras,
    stop: impl Future<Output = ()>,
) -> Result<(), String> {
    let Running { desk, mut background, limits, tls } = running;
    let ending = CancellationToken::new();
    let main = Door { listener: listeners.main, router: router(desk.clone(), extras), tls };
    let main = listen(main, limits.clone(), ending.cancelled());
    let redirect = listeners
        .redirect
        .map(|listener| Door { listener, router: tls::redirect(&desk.config.public_url), tls: None })
        .map(|door| listen(door, limits, ending.cancelled()));
    let listening = async {
        match redirect {
            Some(redirect) => drop(tokio::join!(main, redirect)),
            None => main.await,
        }
    };
    tokio::pin!(listening);
    let ended = tokio::select! {
        ended = reason_to_end(stop, &desk, &mut background) => ended,
        // It ends only when it is told to.
        () = &mut listening => Ok(()),
    };
    match &ended {
        Ok(()) => tracing::info!("ending: no new work is taken"),
        Err(fault) => tracing::error!(fault, "the program ends so that it is started anew"),
    }
    desk.live.drain();
    ending.cancel();
    if tokio::time::timeout(GRACE, listening).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    // Upgraded sockets are tasks of their own: they have been told, and end by themselves.
    for _ in 0..100 {
        if desk.live.open_sockets() == (0, 0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // What the last requests and sockets have queued is on disk before the process ends.
    if tokio::time::timeout(Duration::from_secs(5), desk.store.drain()).await.is_err() {
        tracing::warn!("the store did not finish in time");
    }
    drop(background);
    ended
}

/// Resolves when the program is told to end, or with what it cannot go on without.
async fn reason_to_end(stop: impl Future<Output = ()>, desk: &Desk, background: &mut Background) -> Result<(), String> {
    tokio::select! {
        () = stop => Ok(()),
        () = desk.store.writer_stopped() => Err("the store's writer has stopped".to_owned()),
        task = background.ended() => Err(format!("the background task \"{task}\" has ended")),
    }
}

/// Chooses the one TLS provider of this process. Choosing again changes nothing.
pub fn choose_tls_provider() {
    // A provider that is installed already is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Opens the database (migrating it) and puts the product together.
///
/// # Errors
/// A sentence for the person who started it.
pub async fn open(config: &Config, clock: Clock) -> Result<Running, String> {
    // Before anything is made: a wrong certificate is a wrong configuration.
    let certificate = config.tls.is_on().then(|| Certificate::read(&config.tls)).transpose()?;
    migrate(config).await?;
    let opened = Store::open(&config.store(), clock.clone())
        .await
        .map_err(|error| format!("cannot open the database: {error}"))?;
    let node = NodeId(clock.new_id());
    let (bus, bus_tasks) = if config.nats_url.is_empty() {
        (Bus::local(node), Vec::new())
    } else {
        Bus::nats(node, &config.nats_url).await.map_err(|error| format!("nats_url: {error}"))?
    };
    let parts = Parts {
        store: opened.store,
        committed: opened.committed,
        bus,
        clock,
        config: DeskConfig {
            public_url: config.public_url.clone(),
            is_https: config.is_https(),
            trusted_proxies: config.proxies.trusted.clone(),
            sockets_per_address: config.limits.enabled.then_some(config.limits.sockets_per_address),
            largest_file_mb: config.files.largest_mb,
            waiting_bytes_per_visitor: config
                .limits
                .enabled
                .then_some(i64::from(config.limits.waiting_mb_per_visitor) * 1_000_000),
        },
        limits: Limits::new(&config.limits),
        floods: Floods::new(&config.limits),
        widget: assets::widget_files(),
        blobs: open_blobs(config)?,
    };
    let (desk, mut background) =
        balcao_desk::start(parts).await.map_err(|error| format!("the product cannot start: {error:?}"))?;
    for (name, task) in bus_tasks {
        background.start(name, task);
    }
    let tls = certificate.map(|certificate| {
        let (current, watched) = watch::channel(certificate);
        background.start("certificate", tls::watch(config.tls.clone(), current, desk.clock.clone()));
        Tls::new(watched)
    });
    Ok(Running { desk, background, limits: ListenLimits::new(config), tls })
}

/// Opens the storage for files, and looks in the background whether it answers.
fn open_blobs(config: &Config) -> Result<Blobs, String> {
    let blobs = Blobs::open(config)?;
    if !config.nats_url.is_empty() && !config.storage.is_s3() {
        tracing::warn!("several nodes share their files only through storage.s3_bucket");
    }
    let looking = blobs.clone();
    tokio::spawn(async move { looking.look().await });
    Ok(blobs)
}

/// `balcao migrate`: brings the schema up to date.
///
/// # Errors
/// A sentence for the person who started it.
pub async fn migrate(config: &Config) -> Result<(), String> {
    let store = config.store();
    if let StoreConfig::Sqlite(path) = &store
        && let Some(folder) = path.parent()
    {
        std::fs::create_dir_all(folder).map_err(|error| format!("data: cannot make {}: {error}", folder.display()))?;
    }
    let database = store.connect().await.map_err(|error| format!("cannot open the database: {error}"))?;
    balcao_schema::migrate(&database).await.map_err(|error| error.to_string())?;
    database.close().await.map_err(|error| format!("cannot close the database after migrating: {error}"))
}

/// Resolves at SIGTERM or Ctrl+C.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard; Ctrl+C ends the program");
            // Without either signal the program runs until it is killed, which loses nothing.
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
