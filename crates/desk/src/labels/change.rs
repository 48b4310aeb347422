//! Adding, changing and removing labels.

use balcao_types::{
    ErrorCode, Event, LabelColour, LabelId, Language, WorkspaceId,
    rules::{labels::LabelCondition, text::folded},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter,
};

use super::{queries::one_by_id, table};
use crate::{
    access::{Grant, ability},
    departments,
    error::{Error, Result},
    texts::catalogue,
    tx::{Command, Tx},
};

/// The most labels of a workspace.
const LABELS_MAX: usize = 200;

/// A label to add.
pub struct NewLabel {
    pub name: String,
    pub colour: LabelColour,
    pub is_active: bool,
    pub conditions: Vec<LabelCondition>,
}

/// Adds a label inside a command.
///
/// # Errors
/// 422 on `name` when another has it.
pub async fn insert_label(tx: &mut Tx<'_>, workspace: WorkspaceId, new: &NewLabel) -> Result<LabelId> {
    refuse_taken_name(tx, workspace, &new.name, None).await?;
    let label = LabelId(tx.clock().new_id());
    let row = table::ActiveModel {
        id: Set(label),
        workspace_id: Set(workspace),
        name: Set(new.name.clone()),
        name_key: Set(folded(&new.name)),
        colour: Set(new.colour),
        is_active: Set(new.is_active),
        conditions: Set(serde_json::to_string(&new.conditions)?),
        created_at: Set(tx.now()),
    };
    row.insert(&**tx).await?;
    tx.emit(workspace, Event::LabelAdded { label })?;
    Ok(label)
}

/// The labels a new company begins with, in its language.
///
/// # Errors
/// When the database fails.
pub async fn insert_defaults(tx: &mut Tx<'_>, workspace: WorkspaceId, language: Language) -> Result<()> {
    let texts = catalogue(language);
    for (key, colour) in [
        ("server.default_label.question", LabelColour::Blue),
        ("server.default_label.complaint", LabelColour::Orange),
        ("server.default_label.praise", LabelColour::Green),
        ("server.default_label.urgent", LabelColour::Pink),
    ] {
        let name = texts.text(key).to_owned();
        insert_label(tx, workspace, &NewLabel { name, colour, is_active: true, conditions: Vec::new() }).await?;
    }
    Ok(())
}

async fn refuse_taken_name(tx: &Tx<'_>, workspace: WorkspaceId, name: &str, own: Option<LabelId>) -> Result<()> {
    let taken = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::NameKey.eq(folded(name)))
        .one(&**tx)
        .await?;
    match taken {
        Some(other) if Some(other.id) != own => Err(Error::field("name", ErrorCode::NameInUse)),
        _ => Ok(()),
    }
}

/// Adds a label.
pub struct AddLabel {
    pub may: Grant<ability::ManageLabels>,
    pub new: NewLabel,
}

impl Command for AddLabel {
    type Answer = LabelId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<LabelId> {
        let workspace = self.may.scope.workspace;
        // Names are given one after another.
        departments::lock_names(tx, workspace).await?;
        let labels = table::Entity::find().filter(table::Column::WorkspaceId.eq(workspace));
        if labels.count(&**tx).await? >= LABELS_MAX as u64 {
            return Err(Error::refused_with(ErrorCode::LabelsFull, serde_json::json!({ "limit": LABELS_MAX })));
        }
        insert_label(tx, workspace, &self.new).await
    }
}

/// Changes a label. What is absent stays; conversations that have it are left as they are (T-207).
pub struct ChangeLabel {
    pub may: Grant<ability::ManageLabels>,
    pub label: LabelId,
    pub name: Option<String>,
    pub colour: Option<LabelColour>,
    pub is_active: Option<bool>,
    pub conditions: Option<Vec<LabelCondition>>,
}

impl Command for ChangeLabel {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        departments::lock_names(tx, workspace).await?;
        let model = tx.lock_row(one_by_id(workspace, self.label)).await?.ok_or(Error::not_found())?;
        if let Some(name) = self.name.as_ref().filter(|name| **name != model.name) {
            refuse_taken_name(tx, workspace, name, Some(self.label)).await?;
        }
        let name = self.name.clone().unwrap_or_else(|| model.name.clone());
        let changed = table::Model {
            name_key: folded(&name),
            name,
            colour: self.colour.unwrap_or(model.colour),
            is_active: self.is_active.unwrap_or(model.is_active),
            conditions: match &self.conditions {
                Some(conditions) => serde_json::to_string(conditions)?,
                None => model.conditions.clone(),
            },
            ..model.clone()
        };
        if changed == model {
            return Ok(());
        }
        let mut row: table::ActiveModel = changed.into();
        row = row.reset_all();
        row.id = Unchanged(self.label);
        row.update(&**tx).await?;
        tx.emit(workspace, Event::LabelChanged { label: self.label })
    }
}

/// Removes a label from everywhere (T-212). Which conversations had it is swept behind it.
pub struct RemoveLabel {
    pub may: Grant<ability::ManageLabels>,
    pub label: LabelId,
}

impl Command for RemoveLabel {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let model = tx.lock_row(one_by_id(workspace, self.label)).await?.ok_or(Error::not_found())?;
        model.delete(&**tx).await?;
        tx.emit(workspace, Event::LabelRemoved { label: self.label })
    }
}
