//! Somebody stays longer today: a manager lets a person be online outside of the hours for a while (T-114).

use balcao_types::{AgentId, DepartmentId, Timestamp};

use super::apply::apply_job;
use crate::{
    access::Scope,
    agents,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Lets somebody be online outside of the hours until then; none ends that.
pub struct ExtendShift {
    pub scope: Scope,
    pub agent: AgentId,
    pub until: Option<Timestamp>,
}

impl Command for ExtendShift {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, now) = (self.scope.workspace, tx.now());
        agents::one_by_id(workspace, self.agent).one(&**tx).await?.ok_or(Error::not_found())?;
        let memberships = agents::memberships_of(&**tx, workspace, self.agent).await?;
        let departments: Vec<DepartmentId> = memberships.into_iter().map(|membership| membership.id).collect();
        if !may_extend(&self.scope, &departments) {
            return Err(Error::forbidden());
        }
        agents::set_extension(tx, workspace, self.agent, self.until).await?;
        tx.enqueue(apply_job(workspace, now));
        if let Some(until) = self.until {
            tx.enqueue(apply_job(workspace, until));
        }
        Ok(())
    }
}

/// An administrator, or whoever manages one of the departments that somebody serves.
pub(super) fn may_extend(scope: &Scope, departments: &[DepartmentId]) -> bool {
    let caller = &scope.agent;
    caller.role.is_administrator() || departments.iter().any(|department| caller.manages(*department))
}
