//! The operation on the visitors on the site, for agents.

use axum::{Json, extract::State};
use balcao_types::ConnectionId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::list::{GuestShown, list};
use crate::{
    Desk,
    access::Scope,
    error::Result,
    http::{Asked, ErrorAnswer},
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(visitors))
}

/// Which visitors are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct GuestsParameters {
    connection: Option<ConnectionId>,
}

/// Visitors on the site now.
#[derive(Serialize, ToSchema)]
struct GuestsAnswer {
    /// Who came last first, at most 100.
    items: Vec<GuestShown>,
    /// How many there are.
    count: usize,
}

/// Who is on the site now, of what the caller may see. What changes is told to consoles by the frame `visitors`.
#[utoipa::path(get, path = "/visitors", tag = "on_site", operation_id = "visitors_on_site", params(GuestsParameters),
    responses((status = 200, body = GuestsAnswer), (status = 422, body = ErrorAnswer)), extensions(("x-permission" = json!("session"))))]
async fn visitors(
    State(desk): State<Desk>,
    scope: Scope,
    Asked(asked): Asked<GuestsParameters>,
) -> Result<Json<GuestsAnswer>> {
    let (items, count) = list(&desk, &scope, asked.connection).await?;
    Ok(Json(GuestsAnswer { items, count }))
}
