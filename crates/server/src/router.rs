//! Every address the program answers, in one list, with what surrounds each.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use axum::{
    Extension, Json, Router,
    extract::{ConnectInfo, Path, State},
    http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use balcao_desk::{Desk, Error, http as desk_http};
use balcao_types::ErrorCode;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate},
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
};

use crate::{assets, demo, docs, headers};

/// What the program serves besides the product.
#[derive(Clone)]
pub struct Extras {
    pub metrics: Option<PrometheusHandle>,
    /// Whether the sample shop page is shown.
    pub demo_page: bool,
}

/// The whole router.
pub fn router(desk: Desk, extras: Extras) -> Router {
    let (operations, description) = docs::api();
    let api = operations
        .route("/api/version", get(version))
        .route("/api", axum::routing::any(no_operation))
        .route("/api/", axum::routing::any(no_operation))
        .route("/api/{*rest}", axum::routing::any(no_operation))
        .layer(middleware::from_fn_with_state(desk.clone(), desk_http::require_own_origin))
        .merge(balcao_desk::widget_router())
        .merge(balcao_desk::files_router())
        .merge(balcao_desk::pictures_router())
        .merge(docs::router(description))
        .layer(middleware::from_fn(desk_http::render_errors));
    let mut router = api
        .route("/widget-assets/{*path}", get(widget_asset))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready));
    if let Some(metrics) = extras.metrics {
        router = router.route("/metrics", metrics_route(metrics));
    }
    if extras.demo_page {
        router = router.merge(demo::page::router());
    }
    let around = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(ShortId))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(CatchPanicLayer::custom(|_panic: Box<dyn std::any::Any + Send>| {
            tracing::error!("a handler panicked");
            Error::refused(ErrorCode::Internal).into_response()
        }))
        .layer(middleware::from_fn_with_state(desk.clone(), headers::secure))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_no_file)));
    router.fallback(console).layer(around).with_state(desk)
}

/// What is answered in ranges goes out as it lies in the storage.
fn is_no_file(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// A short random id for each request, or the one a proxy gave.
#[derive(Clone, Copy)]
struct ShortId;

impl MakeRequestId for ShortId {
    fn make_request_id<B>(&mut self, _request: &axum::http::Request<B>) -> Option<RequestId> {
        HeaderValue::from_str(&format!("{:016x}", rand::random::<u64>())).ok().map(RequestId::new)
    }
}

async fn version() -> Json<serde_json::Value> {
    Json(json!({ "version": env!("CARGO_PKG_VERSION") }))
}

async fn no_operation() -> Error {
    Error::not_found()
}

async fn widget_asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    assets::widget_asset(&path, &headers)
}

/// Whether the program should get requests: the database answers and no shutdown is under way.
async fn ready(State(desk): State<Desk>) -> Response {
    let looked =
        tokio::time::timeout(Duration::from_secs(2), balcao_desk::workspaces::is_set_up(desk.store.read())).await;
    let is_ready = !desk.live.is_draining() && matches!(looked, Ok(Ok(_)));
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, if is_ready { "ready\n" } else { "not ready\n" }).into_response()
}

fn metrics_route(metrics: PrometheusHandle) -> MethodRouter<Desk> {
    get(
        move |State(desk): State<Desk>,
              Extension(ConnectInfo(peer)): Extension<ConnectInfo<SocketAddr>>,
              headers: HeaderMap| async move {
            if is_local(peer.ip(), &headers) {
                render_metrics(&desk, &metrics).into_response()
            } else {
                StatusCode::NOT_FOUND.into_response()
            }
        },
    )
}

/// Whether somebody asks from this machine or a private network, and not through a proxy: figures are not for the public.
fn is_local(peer: IpAddr, headers: &HeaderMap) -> bool {
    let is_private = match peer.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    };
    is_private && !headers.contains_key("x-forwarded-for") && !headers.contains_key("forwarded")
}

fn render_metrics(desk: &Desk, metrics: &PrometheusHandle) -> String {
    let (agents, visitors) = desk.live.open_sockets();
    metrics::gauge!("balcao_live_sockets", "side" => "agents").set(agents as f64);
    metrics::gauge!("balcao_live_sockets", "side" => "visitors").set(visitors as f64);
    metrics.render()
}

/// Everything else is the console: its files, or its page for the addresses that its own router knows.
async fn console(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if let Some(response) = assets::console_file(path, &headers) {
        return response;
    }
    // What looks like a file is not a page of the console, and neither is what stands below another address.
    let looks_like_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let is_elsewhere = ["assets/", "files/", "widgets/", "healthz/", "readyz/", "metrics/"];
    if looks_like_file || is_elsewhere.iter().any(|beginning| path.starts_with(beginning)) {
        return StatusCode::NOT_FOUND.into_response();
    }
    assets::console_page(&headers)
}
