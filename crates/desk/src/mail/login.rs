//! Logging in to mail servers: with a password, or with access by OAuth2, which is renewed before it runs out and once more where a server does
//! not take it. One node renews at a time: where each refresh token is good for one use, a second use would end the consent.

use std::time::Duration;

use balcao_platform::{
    config::Secret,
    mail::{
        Key, Problem, Server,
        oauth::{Exchanged, TokenServer, Tokens, exchange},
    },
};
use balcao_types::{Event, MailFault, Timestamp, WorkspaceId, settings::MailLogin};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    EntityTrait,
};
use tokio::time::Instant;

use super::{Account, Way, consent_table as table};
use crate::{
    Desk,
    error::{Error, Result},
    tx::{Command, Tx},
};

/// So long before it runs out, access is renewed.
const LEEWAY_SECONDS: i64 = 60;
/// How long a node has for renewing; another one goes on after that. More than an exchange may take.
const LEASE_SECONDS: i64 = 45;
/// How long it is waited for a renewal elsewhere, and how often it is looked at.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(200);

/// Does something with a server of the account, logged in. Where access is refused that should hold, it is renewed and tried once more; where a
/// server only cannot ask whether it holds, it is not.
///
/// # Errors
/// When the database fails; what servers say is inside.
pub(super) async fn logged_in<T, F>(
    desk: &Desk,
    (workspace, account): (WorkspaceId, &Account),
    way: Way,
    act: impl Fn(Server) -> F,
) -> Result<Result<T, Problem>>
where
    F: Future<Output = Result<T, Problem>>,
{
    if account.settings.login == MailLogin::Password {
        return Ok(act(account.server(way)).await);
    }
    let mut refused = None;
    loop {
        let token = match access(desk, workspace, account, refused.as_ref()).await? {
            Ok(token) => token,
            Err(problem) => return Ok(Err(problem)),
        };
        let done = act(account.server_with(way, Key::Access(token.clone()))).await;
        match done {
            Err(problem) if is_refused(&problem) && refused.is_none() => refused = Some(token),
            done => return Ok(done),
        }
    }
}

fn is_refused(problem: &Problem) -> bool {
    problem.fault == MailFault::AccessRefused && !problem.is_passing
}

/// An access token that holds, and that is not the refused one.
async fn access(
    desk: &Desk,
    workspace: WorkspaceId,
    account: &Account,
    refused: Option<&Secret>,
) -> Result<Result<Secret, Problem>> {
    let asked = Asked { workspace, subject: account.settings.consent_subject(), refused: refused.cloned() };
    let known = one(workspace).one(desk.store.read()).await?;
    if let Found::Holds(token) = asked.find(known.as_ref(), desk.clock.now()) {
        return Ok(Ok(token));
    }
    // Goes on where whoever waits goes away: what was exchanged has to be kept.
    let renewing = renew(desk.clone(), asked, account.token_server());
    tokio::spawn(renewing).await.map_err(|error| Error::Failed(format!("renewing access: {error}")))?
}

async fn renew(desk: Desk, asked: Asked, server: TokenServer) -> Result<Result<Secret, Problem>> {
    let begun = Instant::now();
    loop {
        match desk.write(BeginRenewal { asked: asked.clone() }).await? {
            Found::Holds(token) => return Ok(Ok(token)),
            Found::Not(problem) => return Ok(Err(problem)),
            Found::RunsOut(used) => {
                let outcome = exchange(&server, &Exchanged::Refresh(used.clone())).await;
                return desk.write(EndRenewal { asked, used, outcome }).await;
            }
            Found::Elsewhere if begun.elapsed() > PATIENCE => {
                return Ok(Err(problem(MailFault::TokenServerUnreachable, true)));
            }
            Found::Elsewhere => tokio::time::sleep(LOOK).await,
        }
    }
}

fn one(workspace: WorkspaceId) -> sea_orm::Select<table::Entity> {
    table::Entity::find_by_id(workspace)
}

const fn problem(fault: MailFault, is_passing: bool) -> Problem {
    Problem { fault, detail: String::new(), is_passing }
}

/// Whose access, to what, and which token was refused.
#[derive(Clone)]
struct Asked {
    workspace: WorkspaceId,
    subject: String,
    refused: Option<Secret>,
}

/// What there is.
enum Found {
    Holds(Secret),
    /// It can be had for this refresh token.
    RunsOut(Secret),
    /// Another one is renewing it.
    Elsewhere,
    Not(Problem),
}

impl Asked {
    fn find(&self, consent: Option<&table::Model>, now: Timestamp) -> Found {
        let Some(consent) = consent.filter(|consent| consent.subject == self.subject) else {
            return Found::Not(problem(MailFault::ConsentMissing, false));
        };
        if consent.fault == Some(MailFault::ConsentRevoked) {
            let detail = consent.detail.clone();
            return Found::Not(Problem { fault: MailFault::ConsentRevoked, detail, is_passing: false });
        }
        let is_refused = |token: &String| self.refused.as_ref().is_some_and(|refused| refused.0 == *token);
        let holds = consent.expires_at.is_some_and(|at| at.plus_seconds(-LEEWAY_SECONDS) > now);
        match consent.access_token.clone().filter(|token| holds && !is_refused(token)) {
            Some(token) => Found::Holds(Secret(token)),
            None if consent.renewing_until.is_some_and(|until| until > now) => Found::Elsewhere,
            None => Found::RunsOut(Secret(consent.refresh_token.clone())),
        }
    }
}

/// Takes the renewal, unless another one has it.
struct BeginRenewal {
    asked: Asked,
}

impl Command for BeginRenewal {
    type Answer = Found;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Found> {
        let workspace = self.asked.workspace;
        let consent = tx.lock_row(one(workspace)).await?;
        let found = self.asked.find(consent.as_ref(), tx.now());
        if matches!(found, Found::RunsOut(_)) {
            let row = table::ActiveModel {
                workspace_id: Unchanged(workspace),
                renewing_until: Set(Some(tx.now().plus_seconds(LEASE_SECONDS))),
                ..Default::default()
            };
            row.update(&**tx).await?;
        }
        Ok(found)
    }
}

/// Keeps what a renewal has brought, if nobody has consented anew or been faster meanwhile.
struct EndRenewal {
    asked: Asked,
    used: Secret,
    outcome: Result<Tokens, Problem>,
}

impl Command for EndRenewal {
    type Answer = Result<Secret, Problem>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Answer> {
        let workspace = self.asked.workspace;
        let consent = tx.lock_row(one(workspace)).await?;
        let is_same =
            |consent: &table::Model| consent.subject == self.asked.subject && consent.refresh_token == self.used.0;
        let Some(consent) = consent.filter(is_same) else {
            return Ok(self.outcome.clone().map(|tokens| tokens.access));
        };
        let fault = self.outcome.as_ref().err().map(|problem| problem.fault);
        let mut row = table::ActiveModel {
            workspace_id: Unchanged(workspace),
            renewing_until: Set(None),
            fault: Set(fault),
            detail: Set(self.outcome.as_ref().err().map(|problem| problem.detail.clone()).unwrap_or_default()),
            ..Default::default()
        };
        if let Ok(Tokens { access, refresh, seconds }) = &self.outcome {
            row.access_token = Set(Some(access.0.clone()));
            row.expires_at = Set(Some(tx.now().plus_seconds(*seconds)));
            if let Some(refresh) = refresh {
                row.refresh_token = Set(refresh.0.clone());
            }
        }
        row.update(&**tx).await?;
        if fault != consent.fault {
            tx.emit(workspace, Event::MailChanged)?;
        }
        Ok(self.outcome.clone().map(|tokens| tokens.access))
    }
}

#[cfg(test)]
mod tests {
    use balcao_platform::config::Secret;
    use balcao_types::{AgentId, MailFault, Timestamp, WorkspaceId};
    use uuid::Uuid;

    use super::{Asked, Found, table::Model};

    fn consent() -> Model {
        Model {
            workspace_id: WorkspaceId(Uuid::nil()),
            subject: "s".to_owned(),
            refresh_token: "r".to_owned(),
            access_token: Some("a".to_owned()),
            expires_at: Some(Timestamp(1_000_000_000)),
            given_at: Timestamp(0),
            agent_id: AgentId(Uuid::nil()),
            renewing_until: None,
            fault: None,
            detail: String::new(),
        }
    }

    fn found(consent: &Model, refused: Option<&str>, now: i64) -> &'static str {
        let refused = refused.map(|token| Secret(token.to_owned()));
        let asked = Asked { workspace: WorkspaceId(Uuid::nil()), subject: "s".to_owned(), refused };
        match asked.find(Some(consent), Timestamp(now * 1_000_000)) {
            Found::Holds(_) => "holds",
            Found::RunsOut(_) => "runs out",
            Found::Elsewhere => "elsewhere",
            Found::Not(_) => "not",
        }
    }

    #[test]
    fn access_is_renewed_a_minute_before_its_end_and_by_one_at_a_time() {
        let mut kept = consent();
        assert_eq!((found(&kept, None, 939), found(&kept, None, 941)), ("holds", "runs out"));
        assert_eq!((found(&kept, Some("a"), 0), found(&kept, Some("b"), 0)), ("runs out", "holds"));
        kept.renewing_until = Some(Timestamp(950_000_000));
        assert_eq!((found(&kept, None, 941), found(&kept, None, 951)), ("elsewhere", "runs out"));
        assert_eq!(found(&kept, None, 0), "holds");
        kept.fault = Some(MailFault::ConsentRevoked);
        assert_eq!(found(&kept, None, 0), "not");
        kept = Model { subject: "other".to_owned(), ..consent() };
        assert_eq!(found(&kept, None, 0), "not");
    }
}
