//! Adding, changing and removing connections.

use balcao_types::{
    Channel, ConnectionCode, ConnectionId, DepartmentId, ErrorCode, Event, WorkspaceId,
    rules::{domains, google_tag, phone},
    settings::{HEIGHTS, OFFSET_MAX, WIDTHS, WebchatSettings, merge},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::Value;

use super::{queries::one_by_id, table};
use crate::{
    access::{Grant, ability},
    checks::Checks,
    departments,
    error::{Error, Result},
    pictures,
    tx::{Command, Tx},
    workspaces,
};

/// How many domains a widget may be restricted to.
const DOMAINS_MAX: usize = 50;
/// The longest texts of a chat, in characters; a department's are no longer.
pub const NAME_MAX: usize = 60;
pub const CALL_MAX: usize = 140;
pub const INTRO_MAX: usize = 200;
pub const PLACEHOLDER_MAX: usize = 60;

/// A connection to add.
#[derive(Clone)]
pub struct NewConnection {
    pub channel: Channel,
    pub name: String,
    pub department: Option<DepartmentId>,
    pub is_enabled: bool,
    pub settings: WebchatSettings,
}

/// Adds a connection inside a command; its code is new and random (D-062).
///
/// # Errors
/// 422 on `department_id` when it is unknown.
pub async fn insert_connection(tx: &mut Tx<'_>, workspace: WorkspaceId, new: &NewConnection) -> Result<ConnectionId> {
    refuse_unknown_department(tx, workspace, new.department).await?;
    use_pictures(tx, workspace, &new.settings).await?;
    let id = ConnectionId(tx.clock().new_id());
    let row = table::ActiveModel {
        id: Set(id),
        workspace_id: Set(workspace),
        channel: Set(new.channel),
        code: Set(ConnectionCode(uuid::Uuid::new_v4())),
        name: Set(new.name.clone()),
        department_id: Set(new.department),
        is_enabled: Set(new.is_enabled),
        removed_at: Set(None),
        settings: Set(serde_json::to_string(&new.settings)?),
        version: Set(1),
        seen_at: Set(None),
        seen_page: Set(None),
        identity_secret: Set(None),
        created_at: Set(tx.now()),
    };
    row.insert(&**tx).await?;
    tx.emit(workspace, Event::ConnectionAdded { connection: id })?;
    Ok(id)
}

async fn refuse_unknown_department(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    department: Option<DepartmentId>,
) -> Result<()> {
    let Some(department) = department else { return Ok(()) };
    let is_there = departments::hold_department(tx, workspace, department).await?;
    if is_there { Ok(()) } else { Err(Error::field("department_id", ErrorCode::DepartmentUnknown)) }
}

/// Adds a connection.
pub struct AddConnection {
    pub may: Grant<ability::ManageConnections>,
    pub new: NewConnection,
}

impl Command for AddConnection {
    type Answer = ConnectionId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<ConnectionId> {
        insert_connection(tx, self.may.scope.workspace, &self.new).await
    }
}

/// Changes to a connection. What is absent stays.
#[derive(Clone, Default)]
pub struct ConnectionChanges {
    pub name: Option<String>,
    pub department: Option<Option<DepartmentId>>,
    pub is_enabled: Option<bool>,
    /// A merge patch on the settings.
    pub settings: Option<Value>,
}

/// Changes a connection, if nobody else has since `version`. Sites that carry the script follow within seconds (D-048).
pub struct ChangeConnection {
    pub may: Grant<ability::ManageConnections>,
    pub connection: ConnectionId,
    pub version: i64,
    pub changes: ConnectionChanges,
}

impl Command for ChangeConnection {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let model = tx.lock_row(one_by_id(workspace, self.connection)).await?.ok_or(Error::not_found())?;
        if model.version != self.version {
            return Err(Error::refused(ErrorCode::PreconditionFailed));
        }
        let mut document: Value = serde_json::from_str(&model.settings)?;
        let kept: WebchatSettings = serde_json::from_str(&model.settings)?;
        let mut row: table::ActiveModel = model.into();
        if let Some(department) = self.changes.department {
            refuse_unknown_department(tx, workspace, department).await?;
            row.department_id = Set(department);
        }
        if let Some(patch) = &self.changes.settings {
            merge(&mut document, patch);
            let country = workspaces::calling_code(&**tx, workspace).await?;
            let document = checked_document(document, &kept, country)?;
            use_pictures(tx, workspace, &serde_json::from_value(document.clone())?).await?;
            row.settings = Set(document.to_string());
        }
        if let Some(name) = &self.changes.name {
            row.name = Set(name.clone());
        }
        if let Some(is_enabled) = self.changes.is_enabled {
            row.is_enabled = Set(is_enabled);
        }
        row.version = Set(self.version + 1);
        row.update(&**tx).await?;
        tx.emit(workspace, Event::ConnectionChanged { connection: self.connection })
    }
}

/// Checks a whole settings document and writes the cleaned fields back into it, so that keys of a newer release survive.
fn checked_document(mut document: Value, kept: &WebchatSettings, country: &str) -> Result<Value> {
    let settings: WebchatSettings =
        crate::http::parse(serde_json::json!({ "settings": document })).map(|whole: Wrapped| whole.settings)?;
    let mut checks = Checks::default();
    let cleaned = clean(settings, kept, country, &mut checks);
    checks.finish()?;
    merge(&mut document, &serde_json::to_value(cleaned)?);
    Ok(document)
}

/// Settings that nobody has saved yet, as far as they can be shown: what is wrong in them is as if it were not there.
pub fn draft_settings(draft: WebchatSettings) -> WebchatSettings {
    let mut checks = Checks::default();
    let usual = WebchatSettings::default();
    let WebchatSettings { whatsapp, telegram, .. } = draft.clone();
    let mut shown = clean(draft, &usual, "", &mut checks);
    // A number without its country's code is one all the same.
    shown.whatsapp = whatsapp;
    shown.telegram = telegram;
    if shown.colour.is_empty() {
        shown.colour = usual.colour;
    }
    if checks.concern("settings.text_colour") {
        shown.text_colour = String::new();
    }
    let [offset_side, offset_bottom] = [shown.offset_side, shown.offset_bottom].map(|offset| offset.min(OFFSET_MAX));
    let (width, height) =
        (shown.width.clamp(*WIDTHS.start(), *WIDTHS.end()), shown.height.clamp(*HEIGHTS.start(), *HEIGHTS.end()));
    let (allowed_domains, google_tag) = (Vec::new(), String::new());
    WebchatSettings { allowed_domains, google_tag, offset_side, offset_bottom, width, height, ..shown }
}

#[derive(serde::Deserialize)]
struct Wrapped {
    settings: WebchatSettings,
}

/// Checks the settings and returns them in the form that is kept. `country` is the calling code of numbers that have none;
/// those that are `kept` as they are stay whatever it is.
pub fn clean(settings: WebchatSettings, kept: &WebchatSettings, country: &str, checks: &mut Checks) -> WebchatSettings {
    let (colour, text_colour) = colours(&settings, checks);
    if settings.allowed_domains.len() > DOMAINS_MAX {
        checks.limited("settings.allowed_domains", ErrorCode::TooMany, DOMAINS_MAX);
    }
    for (field, offset) in [("offset_side", settings.offset_side), ("offset_bottom", settings.offset_bottom)] {
        checks.offset(&format!("settings.{field}"), offset);
    }
    checks.size("settings.width", settings.width, &WIDTHS);
    checks.size("settings.height", settings.height, &HEIGHTS);
    let mut allowed_domains: Vec<String> = Vec::new();
    for (index, typed) in settings.allowed_domains.iter().take(DOMAINS_MAX).enumerate() {
        match domains::normalised(typed) {
            Some(domain) if !allowed_domains.contains(&domain) => allowed_domains.push(domain),
            Some(_) => {}
            None => checks.fault(&format!("settings.allowed_domains.{index}"), ErrorCode::DomainInvalid),
        }
    }
    WebchatSettings {
        plugin_name: checks.required("settings.plugin_name", &settings.plugin_name, NAME_MAX),
        colour,
        text_colour,
        google_tag: google_tag(&settings.google_tag, checks),
        greeting: checks.optional("settings.greeting", &settings.greeting, 200),
        offline_text: checks.optional("settings.offline_text", &settings.offline_text, 300),
        call_to_action: checks.optional("settings.call_to_action", &settings.call_to_action, CALL_MAX),
        offline_call_to_action: checks.optional(
            "settings.offline_call_to_action",
            &settings.offline_call_to_action,
            CALL_MAX,
        ),
        form_intro: checks.line("settings.form_intro", &settings.form_intro, INTRO_MAX),
        offline_form_intro: checks.line("settings.offline_form_intro", &settings.offline_form_intro, INTRO_MAX),
        placeholder: checks.line("settings.placeholder", &settings.placeholder, PLACEHOLDER_MAX),
        allowed_domains,
        whatsapp: contact_way(
            &settings.whatsapp,
            &kept.whatsapp,
            |typed| phone::international(typed, country),
            || {
                checks.fault("settings.whatsapp", ErrorCode::PhoneInvalid);
            },
        ),
        telegram: contact_way(
            &settings.telegram,
            &kept.telegram,
            |typed| phone::telegram(typed, country),
            || {
                checks.fault("settings.telegram", ErrorCode::TelegramInvalid);
            },
        ),
        ..settings
    }
}

/// The company's colour, and that of the text on it, which has to be readable there (D-042).
fn colours(settings: &WebchatSettings, checks: &mut Checks) -> (String, String) {
    let colour = checks.colour("settings.colour", &settings.colour);
    if colour.is_empty() || settings.text_colour.trim().is_empty() {
        return (colour, String::new());
    }
    let text = checks.colour("settings.text_colour", &settings.text_colour);
    if !text.is_empty() {
        checks.readable("settings.text_colour", &colour, &text);
    }
    (colour, text)
}

/// The id of a tag, out of whatever was pasted.
fn google_tag(typed: &str, checks: &mut Checks) -> String {
    if typed.trim().is_empty() {
        return String::new();
    }
    google_tag::google_tag(typed).unwrap_or_else(|| {
        checks.fault("settings.google_tag", ErrorCode::GoogleTagInvalid);
        String::new()
    })
}

/// Notes that the connection shows its pictures, and refuses those that are not there.
async fn use_pictures(tx: &Tx<'_>, workspace: WorkspaceId, settings: &WebchatSettings) -> Result<()> {
    let shown: Vec<_> = settings.pictures().map(|(field, id)| (format!("settings.{field}"), id)).collect();
    pictures::use_pictures(tx, workspace, &shown, Checks::default()).await
}

fn contact_way(typed: &str, kept: &str, rule: impl FnOnce(&str) -> Option<String>, refuse: impl FnOnce()) -> String {
    if typed.trim().is_empty() || typed == kept {
        return typed.trim().to_owned();
    }
    rule(typed).unwrap_or_else(|| {
        refuse();
        String::new()
    })
}

/// Removes a connection: the widget disappears quietly from sites (D-074), conversations stay.
pub struct RemoveConnection {
    pub may: Grant<ability::ManageConnections>,
    pub connection: ConnectionId,
}

impl Command for RemoveConnection {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let model = tx.lock_row(one_by_id(workspace, self.connection)).await?.ok_or(Error::not_found())?;
        let mut row: table::ActiveModel = model.into();
        row.removed_at = Set(Some(tx.now()));
        row.is_enabled = Set(false);
        table::Entity::update(row).exec(&**tx).await?;
        tx.emit(workspace, Event::ConnectionRemoved { connection: self.connection })
    }
}
