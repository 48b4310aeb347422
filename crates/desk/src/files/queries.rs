//! Reads about files.

use balcao_types::{ClientId, ConversationId, FileId, FileState, OfflineEntryId, OfflineMessageId, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, Statement};

use super::{
    FileKept, Owner,
    table::{Column, Entity, Model},
};
use crate::error::{Error, Result};

/// A file that is the owner's own; a stranger's is none.
pub fn own(owner: &Owner, id: FileId) -> Select<Entity> {
    Entity::find_by_id(id)
        .filter(Column::WorkspaceId.eq(owner.workspace))
        .filter(Column::OwnerKind.eq(owner.kind))
        .filter(Column::OwnerId.eq(owner.id))
        .filter(Column::State.ne(FileState::Dropped))
}

/// The owner's own file.
///
/// # Errors
/// 404 when there is none.
pub async fn own_file(connection: &impl ConnectionTrait, owner: &Owner, id: FileId) -> Result<Model> {
    own(owner, id).one(connection).await?.ok_or(Error::not_found())
}

/// What the owner began under a client id.
pub async fn of_client(connection: &impl ConnectionTrait, owner: &Owner, client: ClientId) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::WorkspaceId.eq(owner.workspace))
        .filter(Column::OwnerId.eq(owner.id))
        .filter(Column::ClientId.eq(client))
        .one(connection)
        .await?)
}

/// A stored file, whoever asks: its address has been checked.
pub async fn stored(connection: &impl ConnectionTrait, id: FileId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).filter(Column::State.eq(FileState::Stored)).one(connection).await?)
}

/// The file of one of a workspace's messages, with its place.
pub async fn held(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: FileId,
) -> Result<Option<(Model, ConversationId, i64)>> {
    let found = Entity::find_by_id(id).filter(Column::WorkspaceId.eq(workspace)).one(connection).await?;
    Ok(found.and_then(|file| {
        let place = file.conversation_id.zip(file.position);
        place.map(|(conversation, position)| (file, conversation, position))
    }))
}

/// How many bytes the owner has announced that no message holds.
pub async fn waiting_bytes(connection: &impl ConnectionTrait, owner: &Owner) -> Result<i64> {
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM files \
             WHERE workspace_id = $1 AND owner_id = $2 AND conversation_id IS NULL AND offline_message_id IS NULL",
            [owner.workspace.into(), owner.id.into()],
        ))
        .await?;
    row.map_or(Ok(0), |row| Ok(row.try_get("", "bytes")?))
}

/// The files of an offline message, with the entry that holds each, in the order in which they came.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_offline_message(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    message: OfflineMessageId,
) -> Result<Vec<(Option<OfflineEntryId>, FileKept)>> {
    let held = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(Column::OfflineMessageId.eq(message))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    Ok(held.iter().map(|model| (model.offline_entry_id, FileKept::from(model))).collect())
}
