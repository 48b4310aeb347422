//! The import itself: one command that does what was agreed to, or nothing.

use balcao_types::AgentId;

use super::plan::{Fate, Planned, plan};
use crate::{
    access::{Grant, ability},
    agents::{
        by_mail::mail_too,
        change::apply_changes,
        insert_agent,
        invite::{NewInvitation, new_invitation},
        queries::everybody,
    },
    error::{Error, Result},
    http::Sheet,
    import::{ImportCounts, at_line, plan_mark, refuse_otherwise},
    tx::{Command, Tx},
};

/// Imports people, if that is still what `agreed` stands for.
pub struct ImportAgents {
    pub may: Grant<ability::ManageAgents>,
    pub sheet: Sheet,
    pub agreed: Option<String>,
    /// Whether who is new is mailed the link too.
    pub by_mail: bool,
}

/// A row that was done: the person, and the link where the person is new.
pub struct Done {
    pub planned: Planned,
    pub agent: AgentId,
    pub invitation: Option<NewInvitation>,
}

impl Command for ImportAgents {
    type Answer = Vec<Done>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Done>> {
        let scope = &self.may.scope;
        // Everybody in one statement, in the order of their ids: rows name people all over the workspace, and addresses are given away.
        let locked = tx.lock_rows(everybody(scope.workspace)).await?;
        let now = tx.now();
        let rows = plan(&**tx, scope, &self.sheet, now).await?;
        let counts = ImportCounts::of(rows.iter().map(Planned::action));
        let faults = rows.iter().flat_map(|row| at_line(row.line, row.faults())).collect();
        refuse_otherwise(&counts, faults, &plan_mark(&rows)?, self.agreed.as_deref())?;
        let mut done = Vec::with_capacity(rows.len());
        for planned in rows {
            let (agent, invitation) = match &planned.fate {
                Fate::Create => {
                    let (agent, invitation) = self.invite(tx, &planned).await?;
                    (agent, Some(invitation))
                }
                Fate::Unchanged { agent } => (*agent, None),
                Fate::Update { agent, .. } => {
                    let model = locked.iter().find(|model| model.id == *agent).cloned().ok_or(Error::not_found())?;
                    if let Some((_, changes)) = planned.changes() {
                        apply_changes(tx, model, &changes).await?;
                    }
                    (*agent, None)
                }
                Fate::Wrong(_) => continue,
            };
            done.push(Done { planned, agent, invitation });
        }
        Ok(done)
    }
}

impl ImportAgents {
    async fn invite(&self, tx: &mut Tx<'_>, planned: &Planned) -> Result<(AgentId, NewInvitation)> {
        let scope = &self.may.scope;
        let agent = insert_agent(tx, scope.workspace, &planned.new_agent()).await?;
        let mut invitation = new_invitation(tx, scope.workspace, agent, scope.agent.agent).await?;
        if self.by_mail {
            mail_too(tx, scope.workspace, (agent, &planned.email), &mut invitation).await?;
        }
        Ok((agent, invitation))
    }
}
