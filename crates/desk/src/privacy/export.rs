//! Everything that is known of a person, as one document that people and programs can read.

use balcao_types::{ContactId, PrivacyDeed, WorkspaceId};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::{
    consent,
    keep::{Deed, keep},
};
use crate::{
    Desk,
    access::{Grant, ability},
    contacts,
    conversations::{self, MessageShown},
    copies,
    error::{Error, Result},
    offline_messages, surveys,
    texts::catalogue,
    tickets,
    tx::{Command, Tx},
    workspaces,
};

/// For whom a document is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// The person: without what the company wrote for itself.
    Person,
    /// The company, which keeps it sealed: with everything, but for the files, whose bytes go.
    Sealing,
}

/// Everything that is known of a contact, however much that is, as a connection sees it.
///
/// # Errors
/// 404 when there is no such contact.
pub async fn export(
    read: &impl ConnectionTrait,
    desk: &Desk,
    (workspace, contact): (WorkspaceId, ContactId),
    whom: For,
) -> Result<Value> {
    let company = workspaces::by_id(read, workspace).await?.ok_or(Error::not_found())?;
    let known = contacts::by_id(read, workspace, contact).await?.ok_or(Error::not_found())?;
    let mut all = Vec::new();
    for id in conversations::ids_of_contact(read, workspace, contact).await? {
        let Some(row) = conversations::row_by_id(read, workspace, id).await? else { continue };
        let links = desk.links();
        let lines = conversations::lines(read, (workspace, id), whom == For::Sealing, usize::MAX).await?;
        let shown: Vec<MessageShown> = lines.iter().map(|line| MessageShown::of(line, &links)).collect();
        let detail = conversations::what_is_given(read, workspace, id).await?;
        let rating = surveys::rating_of(read, workspace, id).await?;
        all.push(json!({
            "protocol": row.protocol, "channel": row.channel, "state": row.state, "opened_at": row.opened_at,
            "closed_at": row.closed_at, "about": detail, "rating": rating, "messages": shown,
        }));
    }
    let mut left = Vec::new();
    for id in offline_messages::ids_of_contact(read, workspace, contact).await? {
        left.push(offline_messages::shown_by(read, &desk.links(), (workspace, id)).await?);
    }
    let files = match whom {
        For::Person => "server.privacy.files",
        For::Sealing => "server.privacy.files_sealed",
    };
    Ok(json!({
        "about_files": catalogue(company.language).text(files),
        "company": company.company,
        "officer": company.settings.privacy.officer,
        "made_at": desk.clock.now(),
        "contact": known,
        "consents": consent::of_contact(read, workspace, contact).await?,
        "known_by": identities(read, workspace, contact).await?,
        "conversations": all,
        "copies": copies::of_contact(read, workspace, contact).await?,
        "offline_messages": left,
        "tickets": tickets::of_contact(read, workspace, contact).await?,
    }))
}

/// By what connections know them; a browser's key is named, not told.
async fn identities(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Vec<Value>> {
    let rows = connection
        .query_all_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT kind, value, created_at FROM contact_identities WHERE workspace_id = $1 AND contact_id = $2 ORDER BY created_at",
            [workspace.into(), contact.into()],
        ))
        .await?;
    rows.iter()
        .map(|row| {
            let (kind, value): (String, String) = (row.try_get("", "kind")?, row.try_get("", "value")?);
            let at: balcao_types::Timestamp = row.try_get("", "created_at")?;
            let told = (kind == contacts::CUSTOMER).then_some(value);
            Ok(json!({ "kind": kind, "value": told, "since": at }))
        })
        .collect()
}

/// Keeps that it was given out.
pub struct NoteExport {
    pub may: Grant<ability::ManagePrivacy>,
}

impl Command for NoteExport {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, contact) = (self.may.scope.workspace, self.may.subject);
        let known = contacts::by_id(&**tx, workspace, contact).await?.ok_or(Error::not_found())?;
        let deed = Deed {
            workspace,
            deed: PrivacyDeed::Exported,
            contact,
            number: known.number,
            by: Some(self.may.agent().agent),
            reason: String::new(),
            sealed: None,
        };
        keep(tx, deed).await
    }
}
