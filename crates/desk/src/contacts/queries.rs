//! Reads about contacts.

use std::collections::HashMap;

use balcao_platform::store::dialect::Substring;
use balcao_types::{ContactId, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryResult, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use super::table;
use crate::error::Result;

/// A contact as agents see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ContactShown {
    pub id: ContactId,
    /// None when the visitor gave none; `number` then names the contact.
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub number: i64,
}

impl From<table::Model> for ContactShown {
    fn from(model: table::Model) -> Self {
        Self { id: model.id, name: model.name, email: model.email, phone: model.phone, number: model.number }
    }
}

impl ContactShown {
    /// Of a row that names its columns `contact_id`, `contact_name` and so on.
    pub fn of_row(row: &QueryResult) -> std::result::Result<Self, DbErr> {
        Ok(Self {
            id: row.try_get("", "contact_id")?,
            name: row.try_get("", "contact_name")?,
            email: row.try_get("", "contact_email")?,
            phone: row.try_get("", "contact_phone")?,
            number: row.try_get("", "contact_number")?,
        })
    }
}

/// One contact.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Option<ContactShown>> {
    let model =
        table::Entity::find_by_id(contact).filter(table::Column::WorkspaceId.eq(workspace)).one(connection).await?;
    Ok(model.map(ContactShown::from))
}

/// Several contacts, by their ids.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, ContactShown>> {
    let found = table::Entity::find()
        .filter(table::Column::WorkspaceId.eq(workspace))
        .filter(table::Column::Id.is_in(contacts.iter().copied()))
        .all(connection)
        .await?;
    Ok(found.into_iter().map(|model| (model.id, ContactShown::from(model))).collect())
}

/// Selects the ids of contacts whose name, e-mail or phone holds a text (P-005). `workspace` and `text`: the parameters to use.
pub fn matching(substring: &Substring, workspace: &str, text: &str) -> String {
    let holds = match substring.engine {
        DbBackend::Postgres => format!("text LIKE {text} ESCAPE '!'"),
        _ => format!("id IN (SELECT rowid FROM contact_search WHERE contact_search MATCH {text})"),
    };
    format!("SELECT contact_id FROM contact_texts WHERE workspace_id = {workspace} AND {holds}")
}

/// Whether at most `few` contacts hold a text.
///
/// # Errors
/// When the database cannot be read.
pub async fn are_few(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    substring: &Substring,
    few: i64,
) -> Result<bool> {
    let matching = matching(substring, "$1", "$2");
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            format!("SELECT COUNT(*) AS found FROM ({matching} LIMIT {}) AS first", few + 1),
            [workspace.into(), substring.text.clone().into()],
        ))
        .await?;
    row.map_or(Ok(true), |row| Ok(row.try_get::<i64>("", "found")? <= few))
}

/// Whether what a contact is searched by holds a pattern, as a condition; the contact's id and the pattern stand under these names.
pub fn holds(contact: &str, pattern: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM contact_texts t WHERE t.contact_id = {contact} AND t.text LIKE {pattern} ESCAPE '!')"
    )
}
