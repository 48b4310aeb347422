//! Adding, changing and removing categories.

use balcao_types::{ErrorCode, Event, TicketCategoryId, WorkspaceId, rules::text::folded};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::{
    queries::{is_used, of_workspace, one},
    table,
};
use crate::{
    access::{Grant, ability},
    departments,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// The most categories of a workspace.
const CATEGORIES_MAX: u64 = 200;

/// Adds a category.
pub struct AddCategory {
    pub may: Grant<ability::ManageTicketCategories>,
    pub name: String,
    pub is_active: bool,
}

impl Command for AddCategory {
    type Answer = TicketCategoryId;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TicketCategoryId> {
        let workspace = self.may.scope.workspace;
        // Names are given one after another.
        departments::lock_names(tx, workspace).await?;
        if of_workspace(workspace).count(&**tx).await? >= CATEGORIES_MAX {
            return Err(Error::refused_with(ErrorCode::CategoriesFull, json!({ "limit": CATEGORIES_MAX })));
        }
        refuse_taken_name(tx, workspace, &self.name).await?;
        let category = TicketCategoryId(tx.clock().new_id());
        let row = table::ActiveModel {
            workspace_id: Set(workspace),
            id: Set(category),
            name: Set(self.name.clone()),
            name_key: Set(folded(&self.name)),
            is_active: Set(self.is_active),
            created_at: Set(tx.now()),
        };
        table::Entity::insert(row).exec_without_returning(&**tx).await?;
        tx.emit(workspace, Event::TicketCategoriesChanged)?;
        Ok(category)
    }
}

async fn refuse_taken_name(tx: &Tx<'_>, workspace: WorkspaceId, name: &str) -> Result<()> {
    let taken = of_workspace(workspace).filter(table::Column::NameKey.eq(folded(name)));
    if taken.count(&**tx).await? == 0 { Ok(()) } else { Err(Error::field("name", ErrorCode::NameInUse)) }
}

/// Renames a category, archives it or brings it back. Tickets that have it keep it.
pub struct ChangeCategory {
    pub may: Grant<ability::ManageTicketCategories>,
    pub category: TicketCategoryId,
    pub name: Option<String>,
    pub is_active: Option<bool>,
}

impl Command for ChangeCategory {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        departments::lock_names(tx, workspace).await?;
        let model = tx.lock_row(one(workspace, self.category)).await?.ok_or(Error::not_found())?;
        let (name_key, was_active) = (model.name_key.clone(), model.is_active);
        let mut row: table::ActiveModel = model.clone().into();
        if let Some(name) = self.name.as_ref().filter(|name| **name != model.name) {
            if folded(name) != name_key {
                refuse_taken_name(tx, workspace, name).await?;
            }
            row.name = Set(name.clone());
            row.name_key = Set(folded(name));
        }
        if let Some(is_active) = self.is_active.filter(|is_active| *is_active != was_active) {
            row.is_active = Set(is_active);
        }
        if row.is_changed() {
            row.update(&**tx).await?;
            tx.emit(workspace, Event::TicketCategoriesChanged)?;
        }
        Ok(())
    }
}

/// Removes a category that no ticket has or ever had; others are archived instead.
pub struct RemoveCategory {
    pub may: Grant<ability::ManageTicketCategories>,
    pub category: TicketCategoryId,
}

impl Command for RemoveCategory {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let workspace = self.may.scope.workspace;
        // Whoever gives it to a ticket just now has the same lock.
        let model = tx.lock_row(one(workspace, self.category)).await?.ok_or(Error::not_found())?;
        if is_used(&**tx, workspace, self.category).await? {
            return Err(Error::refused(ErrorCode::CategoryInUse));
        }
        model.delete(&**tx).await?;
        tx.emit(workspace, Event::TicketCategoriesChanged)
    }
}
