//! Grants: proof in a handler's signature that the caller may do what the handler does. REST, sockets and jobs get them here only.

use std::{future::Future, marker::PhantomData};

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use balcao_types::{AgentId, ContactId, ConversationId, DepartmentId, OfflineMessageId, Permission, TicketId};
use sea_orm::{ConnectionTrait, Statement};

use super::{AgentScope, Scope};
use crate::{
    Desk, contacts,
    conversations::moved_by,
    error::{Error, Result},
};

/// Something one may be able to do, and to what.
pub trait Ability: Send + Sync + 'static {
    type Subject: Subject;
    const PERMISSION: Permission;
}

/// The abilities, named after what they let one do.
pub mod ability {
    use balcao_types::{ContactId, ConversationId, OfflineMessageId, Permission, TicketId};

    use super::{Ability, Moved};

    macro_rules! abilities {
        ($($(#[$doc:meta])* $name:ident($subject:ty) = $permission:ident;)+) => {$(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Ability for $name {
                type Subject = $subject;
                const PERMISSION: Permission = Permission::$permission;
            }
        )+};
    }

    abilities! {
        /// Read a conversation.
        View(ConversationId) = ConversationsView;
        /// Write in a conversation, to the visitor or as a note.
        Reply(ConversationId) = ConversationsReply;
        /// Send files, before a message holds them.
        SendFiles(()) = ConversationsReply;
        /// Take a conversation.
        Take(ConversationId) = ConversationsTake;
        /// Close, return or reopen a conversation.
        Close(ConversationId) = ConversationsClose;
        /// Take back one's own transfer or return of a moment ago.
        TakeBack(Moved) = ConversationsClose;
        /// Invite, change and deactivate people.
        ManageAgents(()) = AgentsManage;
        /// Add and change departments.
        ManageDepartments(()) = DepartmentsManage;
        /// Add, change and remove projects, and say who serves them.
        ManageProjects(()) = WorkspaceManage;
        /// Add, change and remove connections.
        ManageConnections(()) = ConnectionsManage;
        /// Put labels on a conversation and take them off.
        Label(ConversationId) = ConversationsReply;
        /// Add, change and remove labels.
        ManageLabels(()) = LabelsManage;
        /// Add, change and remove quick replies.
        ManageQuickReplies(()) = QuickRepliesManage;
        /// Read an offline message.
        ViewOffline(OfflineMessageId) = ConversationsView;
        /// Reply to an offline message.
        ReplyOffline(OfflineMessageId) = ConversationsReply;
        /// Read a ticket.
        ViewTicket(TicketId) = ConversationsView;
        /// Change a ticket.
        ChangeTicket(TicketId) = ConversationsReply;
        /// Add, change and remove categories of tickets: whoever sorts conversations by labels also sorts tickets.
        ManageTicketCategories(()) = LabelsManage;
        /// Give out or erase what is known of a contact.
        ManagePrivacy(ContactId) = WorkspaceManage;
        /// Change what holds for the whole company.
        ManageWorkspace(()) = WorkspaceManage;
    }
}

/// What an ability is about: found in the request, and checked for the caller.
pub trait Subject: Copy + Send + Sync + Sized + 'static {
    /// Finds it in the request's path.
    fn from_parts(parts: &mut Parts) -> impl Future<Output = Result<Self>> + Send;

    /// Answers 404 for what the caller does not know of and 403 for what the caller knows but may not do.
    fn check(
        self,
        scope: &Scope,
        permission: Permission,
        connection: &impl ConnectionTrait,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// A conversation that somebody may have moved to where they do not see it any more. Whoever did knows of it until it is moved again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved(pub ConversationId);

/// Proof that the scope has the ability on the subject.
#[derive(Clone, Debug)]
pub struct Grant<A: Ability> {
    pub scope: Scope,
    pub subject: A::Subject,
    ability: PhantomData<A>,
}

impl<A: Ability> Grant<A> {
    /// Checks and grants.
    ///
    /// # Errors
    /// 404 or 403 as [`Subject::check`].
    pub async fn check(scope: Scope, subject: A::Subject, connection: &impl ConnectionTrait) -> Result<Self> {
        subject.check(&scope, A::PERMISSION, connection).await?;
        Ok(Self { scope, subject, ability: PhantomData })
    }

    /// The agent who asks.
    pub fn agent(&self) -> &AgentScope {
        &self.scope.agent
    }
}

impl<A: Ability> FromRequestParts<Desk> for Grant<A> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self> {
        let scope = Scope::from_request_parts(parts, desk).await?;
        let subject = A::Subject::from_parts(parts).await?;
        Self::check(scope, subject, desk.store.read()).await
    }
}

impl Subject for () {
    async fn from_parts(_parts: &mut Parts) -> Result<Self> {
        Ok(())
    }

    async fn check(self, scope: &Scope, permission: Permission, _connection: &impl ConnectionTrait) -> Result<()> {
        if scope.agent.role.may(permission) { Ok(()) } else { Err(Error::forbidden()) }
    }
}

/// The id in the request's path.
async fn id_in_path<I: std::str::FromStr>(parts: &mut Parts) -> Result<I> {
    let Path(path) = Path::<std::collections::HashMap<String, String>>::from_request_parts(parts, &())
        .await
        .map_err(|_no_path| Error::not_found())?;
    path.get("id").and_then(|id| id.parse().ok()).ok_or(Error::not_found())
}

impl Subject for OfflineMessageId {
    async fn from_parts(parts: &mut Parts) -> Result<Self> {
        id_in_path(parts).await
    }

    async fn check(self, scope: &Scope, permission: Permission, connection: &impl ConnectionTrait) -> Result<()> {
        let sql = "SELECT department_id FROM offline_messages WHERE workspace_id = $1 AND id = $2";
        check_department(scope, permission, connection, (sql, self.into())).await
    }
}

impl Subject for TicketId {
    async fn from_parts(parts: &mut Parts) -> Result<Self> {
        id_in_path(parts).await
    }

    async fn check(self, scope: &Scope, permission: Permission, connection: &impl ConnectionTrait) -> Result<()> {
        let sql = "SELECT department_id FROM tickets WHERE workspace_id = $1 AND id = $2";
        check_department(scope, permission, connection, (sql, self.into())).await
    }
}

impl Subject for ContactId {
    async fn from_parts(parts: &mut Parts) -> Result<Self> {
        id_in_path(parts).await
    }

    /// Who may not is told so first: whether there is such a contact is nobody else's concern.
    async fn check(self, scope: &Scope, permission: Permission, connection: &impl ConnectionTrait) -> Result<()> {
        if !scope.agent.role.may(permission) {
            return Err(Error::forbidden());
        }
        contacts::by_id(connection, scope.workspace, self).await?.map(|_known| ()).ok_or(Error::not_found())
    }
}

/// Whether the department of a row concerns the caller, and lets the caller do it.
async fn check_department(
    scope: &Scope,
    permission: Permission,
    connection: &impl ConnectionTrait,
    (sql, id): (&str, sea_orm::Value),
) -> Result<()> {
    let values = [scope.workspace.into(), id];
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, values))
        .await?
        .ok_or(Error::not_found())?;
    if !scope.agent.sees(row.try_get("", "department_id")?) {
        return Err(Error::not_found());
    }
    if scope.agent.role.may(permission) { Ok(()) } else { Err(Error::forbidden()) }
}

impl Subject for ConversationId {
    async fn from_parts(parts: &mut Parts) -> Result<Self> {
        id_in_path(parts).await
    }

    async fn check(self, scope: &Scope, permission: Permission, connection: &impl ConnectionTrait) -> Result<()> {
        let known = Known::find(self, scope, connection).await?;
        known.check(scope, permission, false)
    }
}

impl Subject for Moved {
    async fn from_parts(parts: &mut Parts) -> Result<Self> {
        ConversationId::from_parts(parts).await.map(Self)
    }

    async fn check(self, scope: &Scope, permission: Permission, connection: &impl ConnectionTrait) -> Result<()> {
        let known = Known::find(self.0, scope, connection).await?;
        let is_mover = moved_by(known.noted.as_deref()) == Some(scope.agent.agent);
        known.check(scope, permission, is_mover)
    }
}

/// What of a conversation decides who knows of it.
struct Known {
    department: DepartmentId,
    assignee: Option<AgentId>,
    /// Who has moved it, as it is noted.
    noted: Option<String>,
}

impl Known {
    async fn find(conversation: ConversationId, scope: &Scope, connection: &impl ConnectionTrait) -> Result<Self> {
        let row = connection
            .query_one_raw(Statement::from_sql_and_values(
                connection.get_database_backend(),
                "SELECT department_id, assignee_id, closed_from FROM conversations WHERE id = $1 AND workspace_id = $2",
                [conversation.into(), scope.workspace.into()],
            ))
            .await?
            .ok_or(Error::not_found())?;
        Ok(Self {
            department: row.try_get("", "department_id")?,
            assignee: row.try_get("", "assignee_id")?,
            noted: row.try_get("", "closed_from")?,
        })
    }

    fn check(&self, scope: &Scope, permission: Permission, is_known_anyway: bool) -> Result<()> {
        let agent = &scope.agent;
        if !is_known_anyway && !agent.sees_where(self.department, self.assignee) {
            return Err(Error::not_found());
        }
        if agent.role.may(permission) { Ok(()) } else { Err(Error::forbidden()) }
    }
}
