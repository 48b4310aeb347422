//! Somebody stays longer today: a manager lets a person be online outside of the hours for a while (T-114).

use balcao_types::{AgentId, DepartmentId};

use super::{Plans, apply::later_job, people::people};
use crate::{
    access::Scope,
    agents,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// Lets somebody be online outside of the hours for so long: from the end of the shift that runs, else from now.
pub struct ExtendShift {
    pub scope: Scope,
    pub agent: AgentId,
    /// 0 ends it.
    pub minutes: u32,
}

impl Command for ExtendShift {
    type Answer = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (workspace, now) = (self.scope.workspace, tx.now());
        let person = people(&**tx, workspace, Some(self.agent)).await?.pop().ok_or(Error::not_found())?;
        if !may_extend(&self.scope, &person.departments) {
            return Err(Error::forbidden());
        }
        let hours = Plans::load(&**tx, workspace).await?.agent(self.agent, &person.departments, now);
        let from = hours.until.filter(|_| hours.is_open).unwrap_or(now);
        let until = (self.minutes > 0).then(|| from.plus_seconds(i64::from(self.minutes) * 60));
        agents::set_extension(tx, workspace, self.agent, until).await?;
        if let Some(until) = until {
            tx.enqueue(later_job(workspace, until));
        }
        Ok(())
    }
}

/// An administrator, or whoever manages one of the active departments that somebody serves.
pub(super) fn may_extend(scope: &Scope, departments: &[DepartmentId]) -> bool {
    let caller = &scope.agent;
    caller.role.is_administrator() || departments.iter().any(|department| caller.manages(*department))
}
