//! Accepts connections, plain or encrypted: time limits on what the framework lets wait for ever, a limit for each address, and an orderly end.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use balcao_platform::{
    Config, Network,
    limits::{Seat, Seats, address_key},
    networks::any_contains,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_io_timeout::TimeoutWriter;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use crate::tls::Tls;

/// How long a client may take to send a request's headers.
const HEADERS: Duration = Duration::from_secs(15);

/// How long a client may take none of what is written to it, on requests and sockets alike.
const UNREAD: Duration = Duration::from_secs(30);

/// What one address may hold.
#[derive(Clone)]
pub struct ListenLimits {
    seats: Seats,
    per_address: Option<u32>,
    trusted_proxies: Arc<[Network]>,
    unread: Duration,
}

impl ListenLimits {
    /// As configured, and never so many that one address could take every file the process may open.
    pub fn new(config: &Config) -> Self {
        let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or_else(|error| {
            tracing::warn!(%error, "the number of open files could not be raised");
            1_024
        });
        let quarter = u32::try_from(files / 4).unwrap_or(u32::MAX);
        Self {
            seats: Seats::default(),
            per_address: config.limits.enabled.then_some(config.limits.connections_per_address.min(quarter)),
            trusted_proxies: config.proxies.trusted.clone().into(),
            unread: UNREAD,
        }
    }

    fn max_of(&self, peer: IpAddr) -> Option<u32> {
        self.per_address.filter(|_| !any_contains(&self.trusted_proxies, peer))
    }
}

/// What answers on a listener, and how it is spoken to.
pub struct Door {
    pub listener: TcpListener,
    pub router: Router,
    /// None for plain HTTP.
    pub tls: Option<Tls>,
}

/// Serves until `stop` resolves, then lets the requests that are under way end.
pub async fn listen(door: Door, limits: ListenLimits, stop: impl Future<Output = ()>) {
    let Door { listener, router, tls } = door;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(64 * 1024);
    let (tasks, ending) = (TaskTracker::new(), CancellationToken::new());
    let server = Server { http: Arc::new(http), router, tls, limits, tasks, ending };
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => server.serve(stream, peer),
            Err(error) => {
                // Out of descriptors, most likely: wait for some to come back.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    server.ending.cancel();
    server.tasks.close();
    server.tasks.wait().await;
}

/// A connection whose writes have an end.
type Stream = std::pin::Pin<Box<TimeoutWriter<TcpStream>>>;

#[derive(Clone)]
struct Server {
    http: Arc<http1::Builder>,
    router: Router,
    tls: Option<Tls>,
    limits: ListenLimits,
    tasks: TaskTracker,
    ending: CancellationToken,
}

impl Server {
    fn serve(&self, stream: TcpStream, peer: SocketAddr) {
        let address = peer.ip().to_canonical();
        let Some(seat) = self.limits.seats.take(address_key(address), self.limits.max_of(address)) else {
            metrics::counter!("balcao_connections_refused_total").increment(1);
            return;
        };
        // Small frames go out at once.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(self.limits.unread));
        let stream: Stream = Box::pin(stream);
        match self.tls.clone() {
            None => drop(self.tasks.spawn(self.answer(stream, peer, seat))),
            Some(tls) => self.encrypt(tls, stream, peer, seat),
        }
    }

    /// The handshake is a task: who is slow at it keeps nobody waiting.
    fn encrypt(&self, tls: Tls, stream: Stream, peer: SocketAddr, seat: Seat) {
        let server = self.clone();
        self.tasks.spawn(async move {
            let shaken = tokio::select! {
                shaken = tls.accept(stream) => shaken,
                () = server.ending.cancelled() => None,
            };
            if let Some(stream) = shaken {
                // On the heap: the state of an encrypted connection is large, and the handshake's own room is given back.
                server.answer(Box::new(stream), peer, seat).await;
            }
        });
    }

    /// Answers the requests of one connection until it ends.
    fn answer<S>(&self, stream: S, peer: SocketAddr, seat: Seat) -> impl Future<Output = ()> + Send + use<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = self.router.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let ending = self.ending.clone();
        async move {
            // An upgraded connection gives it back: sockets have limits of their own.
            let _seat = seat;
            tokio::pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = ending.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.as_mut().await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use axum::{Router, routing::get};
    use balcao_platform::limits::Seats;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::{Door, ListenLimits, listen};
    use crate::tls::{Certificate, Tls};

    async fn serve(per_address: u32) -> (std::net::SocketAddr, Seats) {
        serve_with(per_address, None).await
    }

    async fn serve_with(per_address: u32, tls: Option<Tls>) -> (std::net::SocketAddr, Seats) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = ListenLimits {
            seats: Seats::default(),
            per_address: Some(per_address),
            trusted_proxies: Arc::new([]),
            unread: Duration::from_millis(50),
        };
        let seats = limits.seats.clone();
        let router = Router::new().route("/", get(|| async { vec![b'x'; 64 << 20] }));
        tokio::spawn(listen(Door { listener, router, tls }, limits, std::future::pending()));
        (address, seats)
    }

    #[tokio::test]
    async fn who_takes_nothing_of_an_answer_is_dropped() {
        let (address, seats) = serve(1).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        client.readable().await.unwrap();
        while seats.take("127.0.0.1".to_owned(), Some(1)).is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    #[tokio::test]
    async fn an_address_has_so_many_connections_and_no_more() {
        let (address, _) = serve(2).await;
        let (_first, _second) =
            (TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap());
        let mut third = TcpStream::connect(address).await.unwrap();
        assert_eq!(third.read(&mut [0]).await.unwrap_or(0), 0);
    }

    /// Silent in the handshake, or speaking something else: both give their place back, and nobody else waits for them.
    #[tokio::test]
    async fn who_does_not_come_through_the_handshake_is_dropped() {
        crate::serve::choose_tls_provider();
        let folder = tempfile::TempDir::new().unwrap();
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let pair = balcao_platform::config::TlsConfig { certificate, key, redirect_listen: String::new() };
        let (_current, watched) = tokio::sync::watch::channel(Certificate::read(&pair).unwrap());
        let tls = Tls::new(watched).with_handshake(Duration::from_millis(50));
        let (address, seats) = serve_with(1, Some(tls)).await;
        for first_words in ["", "GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}"] {
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(first_words.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let _reset = client.read_to_end(&mut answer).await;
            assert!(!answer.starts_with(b"HTTP"));
            while seats.take("127.0.0.1".to_owned(), Some(1)).is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
}
