//! Adding, changing and removing quick replies.

use balcao_types::{DepartmentId, ErrorCode, Event, Language, QuickReplyId, WorkspaceId, rules::text::folded};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ModelTrait, PaginatorTrait, QueryFilter,
};

use super::{
    queries::{all, one_by_id},
    table,
};
use crate::{
    access::{Grant, ability},
    departments,
    error::{Error, Result},
    texts::catalogue,
    tx::{Command, Tx},
};

/// The most quick replies of a workspace.
const QUICK_REPLIES_MAX: usize = 500;

/// A quick reply to add.
pub struct NewQuickReply {
    /// Without the slash.
    pub shortcut: String,
    pub text: String,
    pub departments: Vec<DepartmentId>,
    pub is_active: bool,
}

/// Adds a quick reply inside a command.
///
/// # Errors
/// 422 on `shortcut` when another has it.
pub async fn insert_quick_reply(tx: &mut Tx<'_>, workspace: WorkspaceId, new: &NewQuickReply) -> Result<QuickReplyId> {
    refuse_taken(tx, workspace, &new.shortcut, None).await?;
    let reply = QuickReplyId(tx.clock().new_id());
    let row = table::ActiveModel {
        id: Set(reply),
        workspace_id: Set(workspace),
        shortcut: Set(new.shortcut.clone()),
        shortcut_key: Set(folded(&new.shortcut)),
        text: Set(new.text.clone()),
        departments: Set(serde_json::to_string(&new.departments)?),
        is_active: Set(new.is_active),
        created_at: Set(tx.now()),
    };
    row.insert(&**tx).await?;
    tx.emit(workspace, Event::QuickRepliesChanged)?;
    Ok(reply)
}

/// The quick replies a new company begins with, in its language.
///
/// # Errors
/// When the database fails.
pub async fn insert_defaults(tx: &mut Tx<'_>, workspace: WorkspaceId, language: Language) -> Result<()> {
    let texts = catalogue(language);
    for (shortcut, text) in [
        ("server.default_quick_reply.hello", "server.default_quick_reply.hello_text"),
        ("server.default_quick_reply.moment", "server.default_quick_reply.moment_text"),
        ("server.default_quick_reply.more", "server.default_quick_reply.more_text"),
    ] {
        let new = NewQuickReply {
            shortcut: texts.text(shortcut).to_owned(),
            text: texts.text(text).to_owned(),
            departments: Vec::new(),
            is_active: true,
        };
        insert_quick_reply(tx, workspace, &new).await?;
    }
    Ok(())
}

async fn refuse_taken(tx: &Tx<'_>, workspace: WorkspaceId, shortcut: &str, own: Option<QuickReplyId>) -> Result<()> {
    let same = all(workspace).filter(table::Column::ShortcutKey.eq(folded(shortcut)));
    match same.one(&**tx).await? {
        Some(other) if Some(other.id) != own => Err(Error::field("shortcut", ErrorCode::ShortcutInUse)),
        _ => Ok(()),
    }
}

/// Adds a quick reply.
pub struct AddQuickReply {
    pub may: Grant<ability::ManageQuickReplies>,
    pub new: NewQuickReply,
}

impl Command for AddQuickReply {
    type Answer = QuickReplyId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<QuickReplyId> {
        let workspace = self.may.scope.workspace;
        // Shortcuts are given one after another.
        departments::lock_names(tx, workspace).await?;
        if all(workspace).count(&**tx).await? >= QUICK_REPLIES_MAX as u64 {
            let limit = serde_json::json!({ "limit": QUICK_REPLIES_MAX });
            return Err(Error::refused_with(ErrorCode::QuickRepliesFull, limit));
        }
        insert_quick_reply(tx, workspace, &self.new).await
    }
}

/// Changes a quick reply. What is absent stays.
pub struct ChangeQuickReply {
    pub may: Grant<ability::ManageQuickReplies>,
    pub reply: QuickReplyId,
    pub shortcut: Option<String>,
    pub text: Option<String>,
    pub departments: Option<Vec<DepartmentId>>,
    pub is_active: Option<bool>,
}

impl Command for ChangeQuickReply {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        departments::lock_names(tx, workspace).await?;
        let model = tx.lock_row(one_by_id(workspace, self.reply)).await?.ok_or(Error::not_found())?;
        if let Some(shortcut) = self.shortcut.as_ref().filter(|shortcut| **shortcut != model.shortcut) {
            refuse_taken(tx, workspace, shortcut, Some(self.reply)).await?;
        }
        let shortcut = self.shortcut.clone().unwrap_or_else(|| model.shortcut.clone());
        let changed = table::Model {
            shortcut_key: folded(&shortcut),
            shortcut,
            text: self.text.clone().unwrap_or_else(|| model.text.clone()),
            departments: match &self.departments {
                Some(departments) => serde_json::to_string(departments)?,
                None => model.departments.clone(),
            },
            is_active: self.is_active.unwrap_or(model.is_active),
            ..model.clone()
        };
        if changed == model {
            return Ok(());
        }
        let mut row: table::ActiveModel = changed.into();
        row = row.reset_all();
        row.id = Unchanged(self.reply);
        row.update(&**tx).await?;
        tx.emit(workspace, Event::QuickRepliesChanged)
    }
}

/// Removes a quick reply. What was sent with it stays as it is.
pub struct RemoveQuickReply {
    pub may: Grant<ability::ManageQuickReplies>,
    pub reply: QuickReplyId,
}

impl Command for RemoveQuickReply {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        let model = tx.lock_row(one_by_id(workspace, self.reply)).await?.ok_or(Error::not_found())?;
        model.delete(&**tx).await?;
        tx.emit(workspace, Event::QuickRepliesChanged)
    }
}

/// Takes a department that is being removed out of everything. What was for it alone is offered to nobody until somebody says whom it is for.
///
/// # Errors
/// When the database fails.
pub async fn forget_department(tx: &mut Tx<'_>, workspace: WorkspaceId, department: DepartmentId) -> Result<()> {
    let mut is_changed = false;
    for model in all(workspace).all(&**tx).await? {
        let before = model.departments()?;
        let left: Vec<DepartmentId> = before.iter().copied().filter(|one| *one != department).collect();
        if left.len() == before.len() {
            continue;
        }
        let is_active = model.is_active && !left.is_empty();
        let mut row: table::ActiveModel = model.into();
        row.departments = Set(serde_json::to_string(&left)?);
        row.is_active = Set(is_active);
        row.update(&**tx).await?;
        is_changed = true;
    }
    if is_changed { tx.emit(workspace, Event::QuickRepliesChanged) } else { Ok(()) }
}
