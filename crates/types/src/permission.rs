//! Roles and what each may do. A permission on one conversation is decided together with its department and assignee (`access::grant` in desk).

use crate::text_enum::text_enum;

text_enum! {
    /// A person's role in the workspace. Being the manager of a department is a mark on the membership, not on the person.
    Role {
        /// Everything, and cannot be removed while being the last one.
        Owner = "owner",
        /// Everything but touching owners.
        Administrator = "administrator",
        /// May manage the departments marked so in the membership.
        Manager = "manager",
        /// Serves conversations of the own departments.
        Agent = "agent",
        /// Reads conversations of the own departments, changes nothing.
        Viewer = "viewer",
    }
}

text_enum! {
    /// Something an operation needs.
    Permission {
        ConversationsView = "conversations_view",
        ConversationsReply = "conversations_reply",
        ConversationsTake = "conversations_take",
        ConversationsClose = "conversations_close",
        /// Close or return a colleague's conversation in a department one manages (T-106).
        ConversationsCloseAny = "conversations_close_any",
        AgentsManage = "agents_manage",
        DepartmentsManage = "departments_manage",
        ConnectionsManage = "connections_manage",
        /// By what is sorted: labels of conversations, categories of tickets.
        LabelsManage = "labels_manage",
        QuickRepliesManage = "quick_replies_manage",
        WorkspaceManage = "workspace_manage",
    }
}

impl Role {
    /// Whether the role sees and serves every department.
    pub const fn is_administrator(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator)
    }

    /// Whether the role has a permission at all; departments may narrow it further.
    pub const fn may(self, permission: Permission) -> bool {
        use Permission::*;
        match permission {
            ConversationsView => true,
            ConversationsReply | ConversationsTake | ConversationsClose => !matches!(self, Self::Viewer),
            ConversationsCloseAny | LabelsManage | QuickRepliesManage => {
                matches!(self, Self::Owner | Self::Administrator | Self::Manager)
            }
            AgentsManage | DepartmentsManage | ConnectionsManage | WorkspaceManage => self.is_administrator(),
        }
    }

    /// Whether the role may give a role, and change or let in who has it: owners are for owners alone.
    pub const fn may_manage(self, other: Self) -> bool {
        self.may(Permission::AgentsManage) && (matches!(self, Self::Owner) || !matches!(other, Self::Owner))
    }

    /// The roles the role may manage, in the order of their declaration.
    pub fn manageable(self) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|other| self.may_manage(*other)).collect()
    }

    /// The permissions of the role, in the order of their declaration.
    pub fn permissions(self) -> Vec<Permission> {
        Permission::ALL.iter().copied().filter(|permission| self.may(*permission)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Permission, Role};

    #[test]
    fn a_viewer_only_looks() {
        assert_eq!(Role::Viewer.permissions(), vec![Permission::ConversationsView]);
    }

    #[test]
    fn owners_are_for_owners_alone() {
        assert_eq!(Role::Owner.manageable(), Role::ALL);
        assert!(Role::Administrator.may_manage(Role::Administrator));
        assert!(!Role::Administrator.may_manage(Role::Owner));
        assert!(Role::Manager.manageable().is_empty());
    }

    #[test]
    fn an_owner_may_everything() {
        assert_eq!(Role::Owner.permissions().len(), Permission::ALL.len());
    }
}
