//! HTTPS spoken by the program itself: the certificate, its renewal while the program runs, and the redirect from plain HTTP.

mod certificate;
mod validity;
mod watch;

pub use certificate::Certificate;
pub use watch::watch;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::{Uri, header},
    response::{IntoResponse, Response},
};
use rustls::{
    ServerConfig,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch::Receiver,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// How long a client may take for the handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Turns accepted connections into encrypted ones, with the certificate that is in force at that moment.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    handshake: Duration,
}

impl Tls {
    /// With a certificate that may be exchanged meanwhile.
    pub fn new(current: Receiver<Certificate>) -> Self {
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Current { certificate: current }));
        // WebSockets are HTTP/1 (decision 6).
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self { acceptor: TlsAcceptor::from(Arc::new(config)), handshake: HANDSHAKE }
    }

    /// The same with another time for the handshake.
    #[cfg(test)]
    pub fn with_handshake(self, handshake: Duration) -> Self {
        Self { handshake, ..self }
    }

    /// The handshake. None when the client did not come through it in time.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> Option<TlsStream<S>> {
        let shaken = tokio::time::timeout(self.handshake, self.acceptor.accept(stream)).await;
        match shaken {
            Ok(Ok(stream)) => return Some(stream),
            // Scanners and plain HTTP end here all the time.
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_elapsed) => tracing::debug!("a TLS handshake took too long"),
        }
        metrics::counter!("balcao_tls_handshakes_failed_total").increment(1);
        None
    }
}

/// The certificate in force, whatever name is asked for.
#[derive(Debug)]
struct Current {
    certificate: Receiver<Certificate>,
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.certificate.borrow().certified.clone())
    }
}

/// Answers every request by sending it to the same place below `public_url`. The host that was asked for does not matter.
pub fn redirect(public_url: &str) -> Router {
    let base: Arc<str> = public_url.into();
    Router::new().fallback(move |uri: Uri| {
        let base = base.clone();
        async move { moved(&base, &uri) }
    })
}

fn moved(base: &str, uri: &Uri) -> Response {
    let rest = uri.path_and_query().map_or("/", |rest| rest.as_str());
    let rest = if rest.starts_with('/') { rest } else { "/" };
    let place = format!("{base}{rest}");
    (axum::http::StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response()
}
