//! The description of the HTTP interface and its readable page, both inside the program.

use axum::{
    Router,
    http::{HeaderName, StatusCode},
    response::IntoResponse,
    routing::get,
};
use balcao_desk::Desk;
use utoipa::{
    OpenApi,
    openapi::RefOr,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Balcão",
        description = "The operations of Balcão. What happens live is described in docs/protocol.md. \
            Each operation's `x-permission` says what it needs: `public`, `session` (any logged-in agent), `visitor` (a ticket), or a permission.",
    ),
    tags(
        (name = "access", description = "Logging in and out"),
        (name = "workspaces", description = "Setting up, and the company"),
        (name = "agents", description = "People, invitations, the own profile"),
        (name = "departments", description = "Departments"),
        (name = "connections", description = "Configured channels"),
        (name = "conversations", description = "Lists, timelines, and what is done with a conversation"),
        (name = "files", description = "Files on their way in, and their addresses"),
        (name = "visitors", description = "The visitors' side without a socket"),
        (name = "live", description = "Sockets"),
    )
)]
struct Description;

/// The product's operations under `/api`, with their description.
pub fn api() -> (Router<Desk>, utoipa::openapi::OpenApi) {
    let (router, mut description) =
        OpenApiRouter::with_openapi(Description::openapi()).nest("/api", balcao_desk::router()).split_for_parts();
    description.info.version = env!("CARGO_PKG_VERSION").to_owned();
    complete(&mut description);
    let components = description.components.get_or_insert_default();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("balcao_session")));
    components.add_security_scheme("session", cookie);
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    components.add_security_scheme("ticket", bearer);
    (router, description)
}

/// Gives every operation an id that is its own (functions of different features share names) and every answer a description.
fn complete(description: &mut utoipa::openapi::OpenApi) {
    for item in description.paths.paths.values_mut() {
        let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in methods.into_iter().flatten() {
            let tag = operation.tags.iter().flatten().next();
            if let (Some(tag), Some(id)) = (tag, &operation.operation_id) {
                operation.operation_id = Some(format!("{tag}_{id}"));
            }
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && response.description.is_empty()
                {
                    let status = status.parse::<StatusCode>().ok();
                    response.description =
                        status.and_then(|status| status.canonical_reason()).unwrap_or("Answer").to_owned();
                }
            }
        }
    }
}

/// The description as text.
pub fn openapi_text() -> String {
    let mut text = api().1.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// `/api/openapi.json` and the page at `/api/docs`.
pub fn router(description: utoipa::openapi::OpenApi) -> Router<Desk> {
    let json = description.to_pretty_json().unwrap_or_default();
    let page = utoipa_swagger_ui::SwaggerUi::new("/api/docs")
        .config(utoipa_swagger_ui::Config::from("/api/openapi.json").try_it_out_enabled(false).validator_url("none"));
    Router::new()
        .route(
            "/api/openapi.json",
            get(move || async move {
                ([(HeaderName::from_static("content-type"), "application/json")], json).into_response()
            }),
        )
        .merge(page)
}
