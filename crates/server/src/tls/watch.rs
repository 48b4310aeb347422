//! Takes up a renewed certificate while the program runs, and says early when one runs out.

use std::{fs, os::unix::fs::MetadataExt, path::Path, time::Duration};

use balcao_platform::{Clock, config::TlsConfig};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch::Sender,
};

use super::Certificate;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// From how long before its end a certificate is complained about, in days.
const SOON_DAYS: i64 = 14;

const DAY_MICROS: i64 = 86_400 * 1_000_000;

/// What tells that a file was exchanged or written: followed through links, as renewing programs and containers swap them.
#[derive(PartialEq, Eq)]
struct Stamp(Option<(u64, u64, u64, i64, i64)>);

impl Stamp {
    fn of(path: &Path) -> Self {
        let found = fs::metadata(path).ok();
        Self(found.map(|file| (file.dev(), file.ino(), file.len(), file.mtime(), file.mtime_nsec())))
    }

    fn of_both(config: &TlsConfig) -> [Self; 2] {
        [Self::of(&config.certificate), Self::of(&config.key)]
    }
}

/// Looks at the files every few seconds and at SIGHUP, for ever. A pair that cannot be used leaves the one before in force.
pub async fn watch(config: TlsConfig, current: Sender<Certificate>, clock: Clock) {
    let mut seen = Stamp::of_both(&config);
    // What changed between reading and now is read once more.
    renew(&config, &current);
    let mut hangup = signal(SignalKind::hangup())
        .inspect_err(|error| tracing::warn!(%error, "SIGHUP cannot be heard; the certificate's files are watched"))
        .ok();
    let mut told_on = None;
    loop {
        let today = clock.now().0 / DAY_MICROS;
        if told_on != Some(today) {
            told_on = Some(today);
            tell_end(&current, &clock);
        }
        let is_asked = tokio::select! {
            () = tokio::time::sleep(LOOK) => false,
            () = hung_up(hangup.as_mut()) => true,
        };
        let found = Stamp::of_both(&config);
        if is_asked || found != seen {
            seen = found;
            if renew(&config, &current) {
                told_on = None;
            }
        }
    }
}

async fn hung_up(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Reads the pair and puts it in force; whether that was done.
fn renew(config: &TlsConfig, current: &Sender<Certificate>) -> bool {
    let read = Certificate::read(config);
    metrics::gauge!("balcao_tls_certificate_unusable").set(if read.is_ok() { 0.0 } else { 1.0 });
    match read {
        Ok(certificate) => {
            tell(&certificate);
            let is_new = current.borrow().certified.cert != certificate.certified.cert;
            current.send_replace(certificate);
            if is_new {
                tracing::info!("a new certificate is in force");
            }
            true
        }
        Err(fault) => {
            tracing::error!(fault, "the new certificate cannot be used; the one before stays in force");
            false
        }
    }
}

fn tell(certificate: &Certificate) {
    let seconds = certificate.expires_at.0 / 1_000_000;
    metrics::gauge!("balcao_tls_certificate_expires_seconds").set(seconds as f64);
}

/// Says once a day that the certificate has run out or soon will.
fn tell_end(current: &Sender<Certificate>, clock: &Clock) {
    let certificate = current.borrow().clone();
    tell(&certificate);
    let left = certificate.expires_at.0 - clock.now().0;
    if left < 0 {
        tracing::error!("the certificate has run out: browsers refuse it");
    } else if left < SOON_DAYS * DAY_MICROS {
        tracing::warn!(days = left / DAY_MICROS, "the certificate runs out soon");
    }
}
