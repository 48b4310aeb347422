//! Ids as types of their own: an id of one thing cannot be passed where another is wanted.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema, DeriveValueType,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A workspace: the tenant. Every row carries one.
    WorkspaceId;
    /// A project: the unit that holds the chat switch and the care levels.
    ProjectId;
    /// A department inside a project.
    DepartmentId;
    /// A person who works here, whatever the role.
    AgentId;
    /// A configured channel.
    ConnectionId;
    /// A connection's public identification code (UUID v4), the one that stands in install scripts.
    ConnectionCode;
    /// A person on the other side.
    ContactId;
    /// One service session with a contact.
    ConversationId;
    /// A file that was sent, or is on its way in.
    FileId;
    /// The id a sender gives a message, unique per sender: it makes sending safe to repeat.
    ClientId;
    /// A picture for show: a logo, a launcher's icon, somebody's face.
    PictureId;
    /// A label on conversations.
    LabelId;
    /// A text that agents call by a shortcut.
    QuickReplyId;
    /// A message left while nobody was online.
    OfflineMessageId;
    /// What was written by e-mail about an offline message, by either side.
    OfflineEntryId;
    /// A customer's matter with a number, a state and somebody who sees to it.
    TicketId;
    /// By what a company sorts its tickets.
    TicketCategoryId;
    /// What was changed about a ticket, by whom and when.
    TicketChangeId;
    /// What was done with somebody's personal data, once.
    PrivacyRequestId;
    /// An outgoing e-mail.
    MailId;
    /// A copy of a conversation that its visitor has asked for.
    CopyId;
    /// A queued job.
    JobId;
    /// A running process of ours; new at each start.
    NodeId;
    /// An agent's login, by the row's own id (never the secret token).
    SessionId;
}
