//! Checking what a department says and how it looks, and keeping it in the form that is stored.

use std::{collections::HashSet, ops::RangeInclusive};

use balcao_types::{
    AgentId, ErrorCode, WorkspaceId,
    rules::overflow::OVERFLOW_MINUTES_MAX,
    settings::{DepartmentLooks, DepartmentSettings, HEIGHTS, OFFSET_MAX, ORDER_MAX, WIDTHS, merge},
};
use serde_json::{Map, Value};

use crate::{
    agents,
    checks::Checks,
    connections::{CALL_MAX, INTRO_MAX, NAME_MAX, PLACEHOLDER_MAX},
    error::Result,
    pictures,
    tx::Tx,
};

/// A department's stored document with a merge patch, checked. Keys of a newer release survive in it.
///
/// # Errors
/// 422 with all wrong fields.
pub(super) async fn patched(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    stored: &str,
    patch: &Map<String, Value>,
) -> Result<String> {
    let mut document: Value = serde_json::from_str(stored)?;
    merge(&mut document, &Value::Object(patch.clone()));
    let settings: DepartmentSettings = crate::http::parse(document.clone())?;
    let mut checks = Checks::default();
    if patch.contains_key("order") {
        check_order(tx, workspace, &settings.order, &mut checks).await?;
    }
    checks.limit("simultaneous_limit", settings.simultaneous_limit);
    checks.minutes("overflow_minutes", settings.overflow_minutes, &(0..=OVERFLOW_MINUTES_MAX));
    checks.messages(&settings.messages);
    let looks = looks(settings.looks, &mut checks);
    let shown: Vec<_> = looks.pictures().map(|(field, id)| (format!("looks.{field}"), id)).collect();
    pictures::use_pictures(tx, workspace, &shown, checks).await?;
    merge(&mut document, &serde_json::json!({ "looks": looks }));
    Ok(document.to_string())
}

/// An order names people who work here, each once.
async fn check_order(tx: &Tx<'_>, workspace: WorkspaceId, order: &[AgentId], checks: &mut Checks) -> Result<()> {
    if order.len() > ORDER_MAX {
        checks.limited("order", ErrorCode::TooMany, ORDER_MAX);
        return Ok(());
    }
    let people = agents::everybody(workspace).all(&**tx).await?;
    let mut left: HashSet<AgentId> = people.into_iter().map(|person| person.id).collect();
    for (index, named) in order.iter().enumerate() {
        // Whoever was named before is not left either.
        if !left.remove(named) {
            checks.fault(&format!("order.{index}"), ErrorCode::AgentUnknown);
        }
    }
    Ok(())
}

/// Settings that nobody has saved yet, as far as they can be shown: what is wrong in them is as if it were not there.
pub fn drafted(draft: DepartmentSettings) -> DepartmentSettings {
    let looks = looks(draft.looks, &mut Checks::default());
    let within =
        |size: Option<u16>, allowed: RangeInclusive<u16>| size.map(|size| size.clamp(*allowed.start(), *allowed.end()));
    let looks = DepartmentLooks {
        colour: looks.colour.filter(|colour| !colour.is_empty()),
        text_colour: looks.text_colour.filter(|colour| !colour.is_empty()),
        offset_side: within(looks.offset_side, 0..=OFFSET_MAX),
        offset_bottom: within(looks.offset_bottom, 0..=OFFSET_MAX),
        width: within(looks.width, WIDTHS),
        height: within(looks.height, HEIGHTS),
        ..looks
    };
    DepartmentSettings { looks, ..draft }
}

/// What is empty is as everywhere.
fn looks(looks: DepartmentLooks, checks: &mut Checks) -> DepartmentLooks {
    let mut said = |field: &str, text: Option<String>, max| {
        text.map(|text| checks.line(&format!("looks.{field}"), &text, max)).filter(|text| !text.is_empty())
    };
    let plugin_name = said("plugin_name", looks.plugin_name, NAME_MAX);
    let call_to_action = said("call_to_action", looks.call_to_action, CALL_MAX);
    let offline_call_to_action = said("offline_call_to_action", looks.offline_call_to_action, CALL_MAX);
    let form_intro = said("form_intro", looks.form_intro, INTRO_MAX);
    let offline_form_intro = said("offline_form_intro", looks.offline_form_intro, INTRO_MAX);
    let placeholder = said("placeholder", looks.placeholder, PLACEHOLDER_MAX);
    let mut colour = |field: &str, typed: Option<String>| {
        typed.filter(|typed| !typed.trim().is_empty()).map(|typed| checks.colour(&format!("looks.{field}"), &typed))
    };
    let (ground, ink) = (colour("colour", looks.colour), colour("text_colour", looks.text_colour));
    if let (Some(ground), Some(ink)) = (&ground, &ink)
        && !ground.is_empty()
        && !ink.is_empty()
    {
        checks.readable("looks.text_colour", ground, ink);
    }
    for (field, offset) in [("offset_side", looks.offset_side), ("offset_bottom", looks.offset_bottom)] {
        checks.offset(&format!("looks.{field}"), offset.unwrap_or_default());
    }
    for (field, size, allowed) in [("width", looks.width, WIDTHS), ("height", looks.height, HEIGHTS)] {
        checks.size(&format!("looks.{field}"), size.unwrap_or(*allowed.start()), &allowed);
    }
    DepartmentLooks {
        plugin_name,
        colour: ground,
        text_colour: ink,
        call_to_action,
        offline_call_to_action,
        form_intro,
        offline_form_intro,
        placeholder,
        ..looks
    }
}
