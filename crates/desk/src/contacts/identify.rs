//! Finding or making the contact behind an identity. An identity is (connection, kind, value): a phone number is never the key.

use std::collections::BTreeSet;

use balcao_platform::store::dialect::for_update;
use balcao_types::{
    AgentId, ConnectionId, ContactId, DepartmentId, ErrorCode, Event, WorkspaceId, rules::text::folded,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Statement, sea_query::OnConflict,
};

use super::{erase::heir, table};
use crate::{
    checks::email_key,
    error::{Error, Result},
    tx::Tx,
};

/// A webchat's visitors are known by the fingerprint of the key in their browser,
pub const VISITOR_KEY: &str = "visitor_key";
/// or by what their site knows them by, where it has signed it.
pub const CUSTOMER: &str = "customer";

/// How a connection knows somebody.
#[derive(Clone, Debug)]
pub struct Identity {
    pub workspace: WorkspaceId,
    pub connection: ConnectionId,
    /// What the value is.
    pub kind: &'static str,
    /// For a visitor's key, its fingerprint.
    pub value: String,
}

impl Identity {
    /// By what their site knows them, where it has signed that.
    pub fn customer(&self) -> Option<&str> {
        (self.kind == CUSTOMER).then_some(self.value.as_str())
    }
}

/// What is known about somebody from a form.
#[derive(Clone, Debug, Default)]
pub struct ContactFacts {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// The contact of an identity, if it has written before.
///
/// # Errors
/// When the database cannot be read.
pub async fn contact_of_identity(connection: &impl ConnectionTrait, identity: &Identity) -> Result<Option<ContactId>> {
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT contact_id FROM contact_identities \
             WHERE workspace_id = $1 AND connection_id = $2 AND kind = $3 AND value = $4",
            identity_values(identity),
        ))
        .await?;
    row.map(|row| Ok(row.try_get("", "contact_id")?)).transpose()
}

fn identity_values(identity: &Identity) -> [sea_orm::Value; 4] {
    [identity.workspace.into(), identity.connection.into(), identity.kind.into(), identity.value.clone().into()]
}

/// Finds the contact of an identity or makes it with the given id, and fills in what was not known. The rows of both stay locked until the
/// commit: two first messages at once wait for each other here, and so does whoever erases.
///
/// # Errors
/// 401 where the given id is of somebody who was erased meanwhile; when the database fails.
pub async fn identify(tx: &mut Tx<'_>, identity: &Identity, new: ContactId, facts: &ContactFacts) -> Result<ContactId> {
    let workspace = identity.workspace;
    let mut contact = keep_identity(tx, identity, new).await?;
    let mut known = lock_contact(tx, workspace, contact).await?;
    let is_erased = |known: &Option<table::Model>| known.as_ref().is_some_and(|model| model.erased_at.is_some());
    if contact != new && is_erased(&known) {
        // What led to somebody who is nobody any more leads to whoever follows.
        turn_identity(tx, identity, new).await?;
        contact = new;
        known = lock_contact(tx, workspace, contact).await?;
    }
    if is_erased(&known) {
        return Err(Error::refused(ErrorCode::Unauthenticated));
    }
    match known {
        None => insert_contact(tx, workspace, contact, facts).await?,
        Some(model) => fill_in(tx, model, facts).await?,
    }
    Ok(contact)
}

/// Keeps an identity with the given contact, unless it has one. Answers the one it has; its row stays locked.
async fn keep_identity(tx: &Tx<'_>, identity: &Identity, new: ContactId) -> Result<ContactId> {
    let engine = tx.get_database_backend();
    let mut values = identity_values(identity).to_vec();
    values.extend([new.into(), tx.now().into()]);
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            engine,
            "INSERT INTO contact_identities (workspace_id, connection_id, kind, value, contact_id, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (workspace_id, connection_id, kind, value) DO UPDATE SET kind = excluded.kind RETURNING contact_id",
            values,
        ))
        .await?
        .ok_or(Error::Failed("an identity was neither found nor made".to_owned()))?;
    Ok(row.try_get("", "contact_id")?)
}

/// Has a locked identity stand for another contact.
async fn turn_identity(tx: &Tx<'_>, identity: &Identity, to: ContactId) -> Result<()> {
    let sql = "UPDATE contact_identities SET contact_id = $5 \
               WHERE workspace_id = $1 AND connection_id = $2 AND kind = $3 AND value = $4";
    let mut values = identity_values(identity).to_vec();
    values.push(to.into());
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// A contact, locked until the commit: nobody erases it meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn lock_contact(tx: &Tx<'_>, workspace: WorkspaceId, contact: ContactId) -> Result<Option<table::Model>> {
    let row = table::Entity::find_by_id(contact).filter(table::Column::WorkspaceId.eq(workspace));
    tx.lock_row(row).await
}

/// Keeps a contact's identities locked until the commit, as [`identify`] does: no conversation of the contact begins meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn lock_identities(tx: &Tx<'_>, workspace: WorkspaceId, contact: ContactId) -> Result<()> {
    let engine = tx.get_database_backend();
    let sql = format!(
        "SELECT contact_id FROM contact_identities WHERE workspace_id = $1 AND contact_id = $2 \
         ORDER BY connection_id, kind, value{}",
        for_update(engine)
    );
    tx.query_all_raw(Statement::from_sql_and_values(engine, sql, [workspace.into(), contact.into()])).await?;
    Ok(())
}

/// Adds a contact inside a command.
///
/// # Errors
/// When the database fails.
pub async fn insert_contact(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    contact: ContactId,
    facts: &ContactFacts,
) -> Result<()> {
    let number = next_value(tx, workspace, "contact").await?;
    let row = table::ActiveModel {
        id: Set(contact),
        workspace_id: Set(workspace),
        number: Set(number),
        name: Set(facts.name.clone()),
        name_key: Set(facts.name.as_deref().map(folded).unwrap_or_default()),
        email: Set(facts.email.clone()),
        email_key: Set(facts.email.as_deref().map(email_key)),
        phone: Set(facts.phone.clone()),
        created_at: Set(tx.now()),
        erased_at: Set(None),
    };
    // Another first message of the same person may be making it just now.
    let is_there = OnConflict::column(table::Column::Id).do_nothing().to_owned();
    table::Entity::insert(row).on_conflict(is_there).exec_without_returning(&**tx).await?;
    Ok(())
}

/// The contact that somebody has, with what was not known filled in; else the latest with the same e-mail, else a new one with the given id, or
/// with what follows from it where that one was erased (T-161). It stays locked.
///
/// # Errors
/// When the database fails.
pub async fn contact_by_email(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    own: ContactId,
    facts: &ContactFacts,
) -> Result<ContactId> {
    let mut own = heir(&**tx, workspace, own).await?;
    while let Some(model) = lock_contact(tx, workspace, own).await? {
        if model.erased_at.is_none() {
            fill_in(tx, model, facts).await?;
            return Ok(own);
        }
        // Erased while this one waited for the lock.
        own = heir(&**tx, workspace, own).await?;
    }
    if let Some(key) = facts.email.as_deref().map(email_key) {
        let same = table::Entity::find()
            .filter(table::Column::WorkspaceId.eq(workspace))
            .filter(table::Column::EmailKey.eq(key))
            .order_by_desc(table::Column::Id)
            .limit(1);
        if let Some(found) = tx.lock_row(same).await? {
            return Ok(found.id);
        }
    }
    insert_contact(tx, workspace, own, facts).await?;
    Ok(own)
}

async fn fill_in(tx: &mut Tx<'_>, model: table::Model, facts: &ContactFacts) -> Result<()> {
    let (workspace, contact) = (model.workspace_id, model.id);
    let gains = (model.name.is_none() && facts.name.is_some())
        || (model.email.is_none() && facts.email.is_some())
        || (model.phone.is_none() && facts.phone.is_some());
    if !gains {
        return Ok(());
    }
    let name = model.name.clone().or_else(|| facts.name.clone());
    let email = model.email.clone().or_else(|| facts.email.clone());
    let phone = model.phone.clone().or_else(|| facts.phone.clone());
    let mut row: table::ActiveModel = model.into();
    row.name_key = Set(name.as_deref().map(folded).unwrap_or_default());
    row.name = Set(name);
    row.email_key = Set(email.as_deref().map(email_key));
    row.email = Set(email);
    row.phone = Set(phone);
    row.update(&**tx).await?;
    tell_changed(tx, workspace, contact).await
}

/// Corrects the e-mail of a contact; one that has another than the wrong one by now keeps it.
///
/// # Errors
/// When the database fails.
pub async fn correct_email(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    contact: ContactId,
    (before, email): (&str, &str),
) -> Result<()> {
    let Some(model) =
        lock_contact(tx, workspace, contact).await?.filter(|model| model.email.as_deref() == Some(before))
    else {
        return Ok(());
    };
    let mut row: table::ActiveModel = model.into();
    row.email = Set(Some(email.to_owned()));
    row.email_key = Set(Some(email_key(email)));
    row.update(&**tx).await?;
    tell_changed(tx, workspace, contact).await
}

async fn tell_changed(tx: &mut Tx<'_>, workspace: WorkspaceId, contact: ContactId) -> Result<()> {
    let (departments, people) = whereabouts(tx, workspace, contact).await?;
    tx.emit(workspace, Event::ContactChanged { contact, departments, people })
}

/// The departments where a contact has conversations, and the agents who have them: who may know the contact.
///
/// # Errors
/// When the database fails.
pub async fn whereabouts(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<(Vec<DepartmentId>, Vec<AgentId>)> {
    let rows = tx
        .query_all_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "SELECT DISTINCT department_id, assignee_id FROM conversations WHERE workspace_id = $1 AND contact_id = $2",
            [workspace.into(), contact.into()],
        ))
        .await?;
    let mut departments = BTreeSet::new();
    let mut people = BTreeSet::new();
    for row in rows {
        departments.insert(row.try_get("", "department_id")?);
        people.extend(row.try_get::<Option<AgentId>>("", "assignee_id")?);
    }
    Ok((departments.into_iter().collect(), people.into_iter().collect()))
}

/// The next value of a workspace's counter, from 1.
///
/// # Errors
/// When the database fails.
pub async fn next_value(tx: &Tx<'_>, workspace: WorkspaceId, name: &str) -> Result<i64> {
    let row = tx
        .query_one_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO counters (workspace_id, name, value) VALUES ($1, $2, 1) \
             ON CONFLICT (workspace_id, name) DO UPDATE SET value = counters.value + 1 RETURNING value",
            [workspace.into(), name.into()],
        ))
        .await?
        .ok_or(Error::Failed("a counter gave no value".to_owned()))?;
    Ok(row.try_get("", "value")?)
}
