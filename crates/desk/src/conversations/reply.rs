//! An agent's message where it is not simply the next one: a reply to a queued conversation (which takes it, P-029) or in a colleague's, a note
//! in a conversation that may not be the agent's to see any more, or one with a file.

use std::sync::Arc;

use balcao_types::{ConversationState, ErrorCode, MessageKind};

use super::{
    append::{Append, Appended, earlier_message},
    erase::refuse_erased,
    switched::{Deed, refuse_switched_off},
    take::{already_taken, take},
    timeline::{Line, add_line},
};
use crate::{
    access::{Grant, ability},
    error::{Error, Result},
    files::{self, FileKept, Owner},
    tx::{Command, Tx},
};

/// Replies to a conversation.
pub struct Reply {
    pub may: Grant<ability::Reply>,
    pub append: Append,
}

impl Command for Reply {
    type Answer = Appended;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Appended> {
        let mut conversation = tx.lock(&self.may).await?;
        if let Some(earlier) = earlier_message(tx, &self.append).await? {
            return Ok(earlier);
        }
        let agent = self.may.agent();
        let file = self.file(tx).await?;
        if let Some(file) = file.as_ref().filter(|_| self.append.kind != MessageKind::Note) {
            refuse_switched_off(tx, &conversation, agent, Deed::Send(file.kind)).await?;
        }
        match conversation.state {
            // A note takes nothing over and may be added whatever the state; the lock has asked again whether the agent sees it.
            ConversationState::Closed if self.append.kind == MessageKind::Note => {
                refuse_erased(tx, &conversation).await?
            }
            _ if self.append.kind == MessageKind::Note => {}
            ConversationState::Queue | ConversationState::Bot => take(tx, &mut conversation, agent).await?,
            ConversationState::Open if conversation.assignee_id == Some(agent.agent) => {}
            ConversationState::Open if agent.manages(conversation.department_id) => {}
            ConversationState::Open => return Err(already_taken(&conversation)),
            ConversationState::Closed => return Err(Error::refused(ErrorCode::ConversationClosed)),
        }
        let line = Line {
            author: self.append.author.clone(),
            kind: self.append.kind,
            client_id: self.append.client_id,
            text: self.append.text.clone(),
            file,
            event: None,
        };
        let message = add_line(tx, &mut conversation, line).await?;
        if let Some(file) = self.append.file {
            files::attach(tx, file, conversation.id, message.position).await?;
        }
        Ok(Appended::Stored { conversation: conversation.id, message, is_repeat: false })
    }
}

impl Reply {
    /// The message's file, locked.
    async fn file(&self, tx: &Tx<'_>) -> Result<Option<Arc<FileKept>>> {
        let Some(file) = self.append.file else { return Ok(None) };
        let Append { workspace, author, .. } = &self.append;
        let owner = Owner { workspace: *workspace, kind: author.kind, id: author.id };
        let found = files::lock_attachable(tx, &owner, file).await?;
        found.map(Some).ok_or(Error::field("file", ErrorCode::FileUnknown))
    }
}
