//! Operations on people and on one's own profile.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use balcao_types::{
    AgentId, AgentStatus, ErrorCode, Language, Role, StatusOnLogin, Theme, Timestamp, settings::AgentSettings,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Agent, Me, NewAgent, agent_by_id, all_agents,
    change::{AgentChanges, ChangeAgent, ChangePassword, ChangeProfile, ChangeStatus, ProfileChanges},
    invite::{Accept, Invite, InviteAgain, NewInvitation, open_invitation},
    me,
    remove::RemoveAgent,
};
use crate::{
    Desk,
    access::{Grant, Membership, Scope, ability, device_cookie, password, scope_of_session, session_cookie},
    checks::Checks,
    conversations,
    error::{Error, Result},
    http::{Body, ClientAddress, ErrorAnswer},
    workspaces,
};

/// The operations of this feature.
pub fn router() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .merge(super::import::router())
        .routes(routes!(list, invite))
        .routes(routes!(change, remove))
        .routes(routes!(invite_again))
        .routes(routes!(show_invitation))
        .routes(routes!(accept))
        .routes(routes!(change_profile))
        .routes(routes!(change_password))
        .routes(routes!(change_status))
}

/// The people of the workspace.
#[derive(Serialize, ToSchema)]
struct AgentsAnswer {
    items: Vec<Agent>,
}

/// Everybody, by name.
#[utoipa::path(get, path = "/agents", tag = "agents", responses((status = 200, body = AgentsAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn list(State(desk): State<Desk>, scope: Scope) -> Result<Json<AgentsAnswer>> {
    let items = all_agents(desk.store.read(), &scope, desk.clock.now()).await?;
    Ok(Json(AgentsAnswer { items }))
}

/// A person to invite.
#[derive(Deserialize, ToSchema)]
struct InviteForm {
    /// 1 to 120 characters.
    name: String,
    email: String,
    role: Role,
    #[serde(default)]
    departments: Vec<Membership>,
}

/// A person who was invited, with the link to pass on.
#[derive(Serialize, ToSchema)]
struct InvitedAnswer {
    agent: Agent,
    invitation: InvitationAnswer,
}

/// A link with which a person sets the own password. It is shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationAnswer {
    link: String,
    expires_at: Timestamp,
    /// The address to which the program is mailing a link of its own; none where mail is not set up, and only this one leads in (T-087).
    mailed_to: Option<String>,
}

impl InvitationAnswer {
    pub(super) fn new(desk: &Desk, invitation: NewInvitation) -> Self {
        let link = format!("{}/invitation#{}", desk.config.public_url, invitation.token);
        Self { link, expires_at: invitation.expires_at, mailed_to: invitation.mailed_to }
    }
}

/// Invites a person: by e-mail too, where mail is set up.
#[utoipa::path(post, path = "/agents", tag = "agents", request_body = InviteForm,
    responses((status = 201, body = InvitedAnswer), (status = 403, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("agents_manage"))))]
async fn invite(
    State(desk): State<Desk>,
    may: Grant<ability::ManageAgents>,
    Body(form): Body<InviteForm>,
) -> Result<(StatusCode, Json<InvitedAnswer>)> {
    let mut checks = Checks::default();
    let new = NewAgent {
        name: checks.required("name", &form.name, 120),
        email: checks.email("email", &form.email),
        role: form.role,
        memberships: form.departments,
        password_hash: None,
        settings: AgentSettings::default(),
    };
    checks.finish()?;
    let workspace = may.scope.workspace;
    let (id, invitation) = desk.write(Invite { may, new }).await?;
    let agent = agent_by_id(desk.store.read(), workspace, id, desk.clock.now()).await?.ok_or(Error::not_found())?;
    let invitation = InvitationAnswer::new(&desk, invitation);
    Ok((StatusCode::CREATED, Json(InvitedAnswer { agent, invitation })))
}

/// A new link with which somebody sets a password: an invitation that was lost, or a forgotten password. It is mailed too, where mail is set
/// up. The old links die; the password before holds until the link is used.
#[utoipa::path(post, path = "/agents/{id}/invitation", tag = "agents", params(("id" = AgentId, Path)),
    responses((status = 200, body = InvitationAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("agents_manage"))))]
async fn invite_again(
    State(desk): State<Desk>,
    may: Grant<ability::ManageAgents>,
    Path(id): Path<String>,
) -> Result<Json<InvitationAnswer>> {
    let agent = parse_id(&id)?;
    let invitation = desk.write(InviteAgain { may, agent }).await?;
    Ok(Json(InvitationAnswer::new(&desk, invitation)))
}

/// Removes a person whom no conversation and no offline message names (T-088); else it is refused with how many do.
#[utoipa::path(delete, path = "/agents/{id}", tag = "agents", params(("id" = AgentId, Path)),
    responses((status = 204), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer), (status = 409, body = ErrorAnswer)),
    extensions(("x-permission" = json!("agents_manage"))))]
async fn remove(
    State(desk): State<Desk>,
    may: Grant<ability::ManageAgents>,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    desk.write(RemoveAgent { may, agent: parse_id(&id)? }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes to a person. What is absent stays.
#[derive(Deserialize, ToSchema)]
struct AgentChangeForm {
    name: Option<String>,
    role: Option<Role>,
    departments: Option<Vec<Membership>>,
    is_active: Option<bool>,
    status_on_login: Option<StatusOnLogin>,
    /// 1 to 100; `null` as the company says.
    #[serde(default, deserialize_with = "crate::http::present")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    simultaneous_limit: Option<Option<u32>>,
}

/// A person who was changed.
#[derive(Serialize, ToSchema)]
struct ChangedAgent {
    #[serde(flatten)]
    agent: Agent,
    /// How many conversations are open with the person, who keeps them until they are handed over.
    open: i64,
}

/// Changes a person. Deactivating ends the sessions at once.
#[utoipa::path(patch, path = "/agents/{id}", tag = "agents", params(("id" = AgentId, Path)), request_body = AgentChangeForm,
    responses((status = 200, body = ChangedAgent), (status = 403, body = ErrorAnswer), (status = 404, body = ErrorAnswer),
        (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("agents_manage"))))]
async fn change(
    State(desk): State<Desk>,
    may: Grant<ability::ManageAgents>,
    Path(id): Path<String>,
    Body(form): Body<AgentChangeForm>,
) -> Result<Json<ChangedAgent>> {
    let agent = parse_id(&id)?;
    let mut checks = Checks::default();
    let changes = AgentChanges {
        name: form.name.map(|name| checks.required("name", &name, 120)),
        role: form.role,
        memberships: form.departments,
        is_active: form.is_active,
        status_on_login: form.status_on_login,
        simultaneous_limit: form.simultaneous_limit,
    };
    checks.limit("simultaneous_limit", form.simultaneous_limit.flatten());
    checks.finish()?;
    let workspace = may.scope.workspace;
    desk.write(ChangeAgent { may, agent, changes }).await?;
    let read = desk.store.read();
    let changed = agent_by_id(read, workspace, agent, desk.clock.now()).await?.ok_or(Error::not_found())?;
    let open = conversations::open_with(read, workspace, agent).await?;
    Ok(Json(ChangedAgent { agent: changed, open }))
}

/// An invitation's secret.
#[derive(Deserialize, ToSchema)]
struct InvitationToken {
    token: String,
}

/// Whom an invitation is for.
#[derive(Serialize, ToSchema)]
struct InvitationShown {
    /// False where the person has a password already, and gets a new one.
    is_new: bool,
    name: String,
    email: String,
    company: String,
    language: Language,
}

/// Shows an open invitation to whoever holds its link.
#[utoipa::path(post, path = "/invitations/open", tag = "agents", request_body = InvitationToken,
    responses((status = 200, body = InvitationShown), (status = 404, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("public"))))]
async fn show_invitation(
    State(desk): State<Desk>,
    address: ClientAddress,
    Body(form): Body<InvitationToken>,
) -> Result<Json<InvitationShown>> {
    desk.limits.logins.check(&address.key()).map_err(Error::too_many)?;
    let agent = open_invitation(desk.store.read(), &form.token, desk.clock.now()).await?;
    let workspace = workspaces::by_id(desk.store.read(), agent.workspace_id).await?.ok_or(Error::not_found())?;
    Ok(Json(InvitationShown {
        is_new: agent.password_hash.is_none(),
        name: agent.name,
        email: agent.email,
        company: workspace.company,
        language: workspace.language,
    }))
}

/// An invitation's acceptance.
#[derive(Deserialize, ToSchema)]
struct AcceptForm {
    token: String,
    name: String,
    /// 10 to 200 characters.
    password: String,
}

/// Accepts an invitation: sets the own password, ends the person's sessions and logs in.
#[utoipa::path(post, path = "/invitations/accept", tag = "agents", request_body = AcceptForm,
    responses((status = 200, body = Me), (status = 404, body = ErrorAnswer), (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("public"))))]
async fn accept(
    State(desk): State<Desk>,
    address: ClientAddress,
    headers: HeaderMap,
    Body(form): Body<AcceptForm>,
) -> Result<Response> {
    desk.limits.logins.check(&address.key()).map_err(Error::too_many)?;
    let agent = open_invitation(desk.store.read(), &form.token, desk.clock.now()).await?;
    let mut checks = Checks::default();
    let name = checks.required("name", &form.name, 120);
    checks.password("password", &form.password, &agent.email);
    checks.finish()?;
    let password_hash = password::hash(form.password).await?;
    let session =
        desk.write(Accept { token: form.token, name, password_hash, user_agent: user_agent(&headers) }).await?;
    logged_in(&desk, &headers, StatusCode::OK, &session.token).await
}

/// Changes to the own profile. What is absent stays; `language: null` follows the browser.
#[derive(Deserialize, ToSchema)]
struct ProfileForm {
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::http::present")]
    #[schema(value_type = Option<Language>)]
    language: Option<Option<Language>>,
    theme: Option<Theme>,
    status_on_login: Option<StatusOnLogin>,
    sound: Option<bool>,
    notify: Option<bool>,
}

/// Changes the own profile.
#[utoipa::path(patch, path = "/me", tag = "agents", request_body = ProfileForm,
    responses((status = 200, body = Me), (status = 422, body = ErrorAnswer)), extensions(("x-permission" = json!("session"))))]
async fn change_profile(State(desk): State<Desk>, scope: Scope, Body(form): Body<ProfileForm>) -> Result<Json<Me>> {
    let mut checks = Checks::default();
    let changes = ProfileChanges {
        name: form.name.map(|name| checks.required("name", &name, 120)),
        language: form.language,
        theme: form.theme,
        status_on_login: form.status_on_login,
        sound: form.sound,
        notify: form.notify,
    };
    checks.finish()?;
    desk.write(ChangeProfile { scope: scope.clone(), changes }).await?;
    me(&desk, &scope).await.map(Json)
}

/// A new own password.
#[derive(Deserialize, ToSchema)]
struct PasswordForm {
    current_password: String,
    /// 10 to 200 characters.
    new_password: String,
}

/// Changes the own password. Every other session of the person ends.
#[utoipa::path(put, path = "/me/password", tag = "agents", request_body = PasswordForm,
    responses((status = 204), (status = 422, body = ErrorAnswer), (status = 429, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn change_password(State(desk): State<Desk>, scope: Scope, Body(form): Body<PasswordForm>) -> Result<StatusCode> {
    let caller = &scope.agent;
    desk.limits.logins.check(&format!("password:{}", caller.agent)).map_err(Error::too_many)?;
    let model = super::queries::one_by_id(scope.workspace, caller.agent)
        .one(desk.store.read())
        .await?
        .ok_or(Error::not_found())?;
    let mut checks = Checks::default();
    checks.password("new_password", &form.new_password, &model.email);
    if !password::verify(form.current_password, model.password_hash.clone()).await? {
        checks.fault("current_password", ErrorCode::PasswordWrong);
    }
    checks.finish()?;
    let password_hash = password::hash(form.new_password).await?;
    let (workspace, agent, keep) = (scope.workspace, caller.agent, caller.session);
    desk.write(ChangePassword { workspace, agent, keep, known_hash: model.password_hash, password_hash }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The own status.
#[derive(Deserialize, ToSchema)]
struct StatusForm {
    status: AgentStatus,
    /// While away: for which of the company's pauses (T-139).
    pause: Option<String>,
}

/// Sets the own status (T-134).
#[utoipa::path(put, path = "/me/status", tag = "agents", request_body = StatusForm,
    responses((status = 200, body = Me), (status = 409, body = ErrorAnswer), (status = 422, body = ErrorAnswer)),
    extensions(("x-permission" = json!("session"))))]
async fn change_status(State(desk): State<Desk>, scope: Scope, Body(form): Body<StatusForm>) -> Result<Json<Me>> {
    desk.write(ChangeStatus { scope: scope.clone(), status: form.status, pause: form.pause }).await?;
    me(&desk, &scope).await.map(Json)
}

fn parse_id(id: &str) -> Result<AgentId> {
    id.parse().map_err(|_not_an_id| Error::not_found())
}

/// What the browser calls itself.
pub fn user_agent(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
}

/// The answer that opens a session: the person, the session's cookie, and the one by which the browser is known from now on.
pub async fn logged_in(desk: &Desk, headers: &HeaderMap, status: StatusCode, token: &str) -> Result<Response> {
    use axum::response::{AppendHeaders, IntoResponse};
    let scope = scope_of_session(desk, token).await?.ok_or(Error::refused(ErrorCode::Unauthenticated))?;
    let me = me(desk, &scope).await?;
    let device = device_cookie(desk, headers, scope.agent.agent)?;
    let cookies = AppendHeaders([(header::SET_COOKIE, session_cookie(desk, token)), (header::SET_COOKIE, device)]);
    Ok((status, cookies, Json(me)).into_response())
}
