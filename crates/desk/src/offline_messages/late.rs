//! What a customer writes by e-mail about a message that was erased meanwhile is a new matter: the old one stays empty and over.

use balcao_platform::secrets::derived_id;
use balcao_types::{AuthorKind, ClientId, ContactId, DepartmentId, Event, OfflineMessageId, OfflineState};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::{
    answer::Taken,
    convert::convert,
    entries_table,
    table::{ActiveModel, Entity, Model, search_key},
};
use crate::{
    checks::email_key,
    contacts::{self, ContactFacts, next_value},
    departments,
    error::{Error, Result},
    files::{self, Owner, Whole},
    tx::Tx,
    workspaces,
};

/// What stands at the erased message in the answer's place: nothing but that it was taken, so that it is not taken twice.
pub(super) fn emptied(entry: entries_table::ActiveModel) -> entries_table::ActiveModel {
    entries_table::ActiveModel {
        name: Set(String::new()),
        address: Set(String::new()),
        text: Set(String::new()),
        whole: Set(None),
        authentication: Set(None),
        left_out: Set(None),
        ..entry
    }
}

/// Makes a message of its own of an answer to an erased one.
///
/// # Errors
/// When the database fails.
pub(super) async fn begin_anew(tx: &mut Tx<'_>, erased: &Model, taken: &Taken, stored: &[Whole]) -> Result<()> {
    let workspace = taken.workspace;
    let name = if taken.name.is_empty() { taken.address.clone() } else { taken.name.clone() };
    let number = next_value(tx, workspace, "offline_message").await?;
    let facts = ContactFacts { name: Some(name.clone()), email: Some(taken.address.clone()), phone: None };
    let key = email_key(&taken.address);
    let own = ContactId(derived_id(&[workspace.0.as_bytes(), key.as_bytes()]));
    let contact = contacts::contact_by_email(tx, workspace, own, &facts).await?;
    let department = department(tx, erased).await?;
    let model = Model {
        id: OfflineMessageId(tx.clock().new_id()),
        number,
        department_id: department,
        sender_id: contact,
        contact_id: Some(contact),
        client_id: ClientId(tx.clock().new_id()),
        search_key: search_key(&name, &taken.address),
        name,
        email: taken.address.clone(),
        text: taken.text.clone(),
        page_url: None,
        page_title: None,
        state: OfflineState::New,
        answered_by: None,
        read_by: None,
        read_at: None,
        ticket_id: None,
        erased_at: None,
        created_at: tx.now(),
        changed_at: tx.now(),
        ..erased.clone()
    };
    Entity::insert(ActiveModel::from(model.clone()).reset_all()).exec_without_returning(&**tx).await?;
    let owner = Owner { workspace, kind: AuthorKind::Visitor, id: contact.0 };
    for whole in stored {
        let file = whole.insert(tx, &owner).await?;
        files::attach_offline(tx, file, model.id, None).await?;
    }
    tx.emit(workspace, Event::OfflineMessageAdded { message: model.id, department })?;
    let company = workspaces::by_id(&**tx, workspace).await?.ok_or(Error::not_found())?;
    if company.settings.offline_tickets {
        convert(tx, &model, None).await?;
    }
    Ok(())
}

/// Where the erased message stands, while somebody is served there.
async fn department(tx: &Tx<'_>, erased: &Model) -> Result<DepartmentId> {
    let (workspace, department) = (erased.workspace_id, erased.department_id);
    if departments::hold_active_department(tx, workspace, department).await?.is_some() {
        return Ok(department);
    }
    let default = departments::default_department(&**tx, workspace).await?;
    Ok(default.map_or(department, |default| default.id))
}
