//! What a department lets its people do (Z-125). Whoever manages it may anyway.

use balcao_types::{AgentStatus, DepartmentId, ErrorCode, FileKind, WorkspaceId, settings::DepartmentSwitches};

use super::table;
use crate::{
    access::AgentScope,
    agents,
    departments::spoken_in,
    error::{Error, Result},
    tx::Tx,
};

/// What somebody wants to do in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Close,
    Take,
    Send(FileKind),
}

/// Refuses what the conversation's department does not let its people do.
///
/// # Errors
/// 403 with what is switched off, 409 for who has to be online.
pub(super) async fn refuse_switched_off(
    tx: &Tx<'_>,
    conversation: &table::Model,
    agent: &AgentScope,
    deed: Deed,
) -> Result<()> {
    match switched_off(tx, (conversation.workspace_id, conversation.department_id), agent, deed).await? {
        None => Ok(()),
        Some(ErrorCode::NotOnline) if is_online(tx, conversation, agent).await? => Ok(()),
        Some(code) => Err(Error::refused(code)),
    }
}

/// Refuses a file of a kind that a department does not let its people send to customers, by whichever way.
///
/// # Errors
/// 403 with what is switched off.
pub async fn refuse_file_switched_off(
    tx: &Tx<'_>,
    place: (WorkspaceId, DepartmentId),
    agent: &AgentScope,
    kind: FileKind,
) -> Result<()> {
    match switched_off(tx, place, agent, Deed::Send(kind)).await? {
        None => Ok(()),
        Some(code) => Err(Error::refused(code)),
    }
}

async fn switched_off(
    tx: &Tx<'_>,
    (workspace, department): (WorkspaceId, DepartmentId),
    agent: &AgentScope,
    deed: Deed,
) -> Result<Option<ErrorCode>> {
    if agent.manages(department) {
        return Ok(None);
    }
    Ok(refusal(spoken_in(&**tx, workspace, department).await?.settings.switches, deed))
}

const fn refusal(switches: DepartmentSwitches, deed: Deed) -> Option<ErrorCode> {
    match deed {
        Deed::Close if !switches.may_close => Some(ErrorCode::ClosingSwitchedOff),
        Deed::Take if !switches.may_serve_offline => Some(ErrorCode::NotOnline),
        Deed::Send(FileKind::Audio) if !switches.may_send_voice => Some(ErrorCode::VoiceSwitchedOff),
        Deed::Send(FileKind::Image | FileKind::Video | FileKind::File) if !switches.may_send_files => {
            Some(ErrorCode::FilesSwitchedOff)
        }
        _ => None,
    }
}

async fn is_online(tx: &Tx<'_>, conversation: &table::Model, agent: &AgentScope) -> Result<bool> {
    let person = agents::one_by_id(conversation.workspace_id, agent.agent).one(&**tx).await?;
    Ok(person.is_some_and(|person| person.effective_status(tx.now()) == AgentStatus::Online))
}

#[cfg(test)]
mod tests {
    use balcao_types::{ErrorCode, FileKind, settings::DepartmentSwitches};

    use super::{Deed, refusal};

    /// Z-125
    #[test]
    fn what_is_switched_off_is_refused_and_nothing_else() {
        let all = [
            (Deed::Close, ErrorCode::ClosingSwitchedOff),
            (Deed::Take, ErrorCode::NotOnline),
            (Deed::Send(FileKind::Audio), ErrorCode::VoiceSwitchedOff),
            (Deed::Send(FileKind::Image), ErrorCode::FilesSwitchedOff),
        ];
        for (switched_off, code) in all {
            let switches = DepartmentSwitches {
                may_close: code != ErrorCode::ClosingSwitchedOff,
                may_serve_offline: code != ErrorCode::NotOnline,
                may_send_files: code != ErrorCode::FilesSwitchedOff,
                may_send_voice: code != ErrorCode::VoiceSwitchedOff,
            };
            for (deed, _) in all {
                assert_eq!(refusal(switches, deed), (deed == switched_off).then_some(code), "{deed:?}");
                assert_eq!(refusal(DepartmentSwitches::default(), deed), None);
            }
        }
    }
}
