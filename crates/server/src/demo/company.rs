//! Vila Clara Telecom, the sample company: its departments, its people, its chats. Founded by the product's own commands.

use std::sync::Arc;

use balcao_desk::{
    Command, Error, Result, Tx,
    access::{AgentScope, Membership},
    agents::{NewAgent, by_email, insert_agent},
    connections::{NewConnection, Site, insert_connection, site_by_id},
    departments::{default_department, insert_department, set_distribution},
    labels::{NewLabel, insert_label},
    workspaces::SetUp,
};
use balcao_types::{
    AgentId, Channel, DepartmentDistribution, DepartmentId, LabelColour, Language, Role, SessionId, StatusOnLogin,
    WorkspaceId,
    rules::labels::{LabelCondition, LabelField, LabelOperator},
    settings::{AgentSettings, WebchatSettings},
};

use super::people::Door;

pub const COMPANY: &str = "Vila Clara Telecom";
pub const TIME_ZONE: &str = "America/Sao_Paulo";

/// The password of everybody in the sample company. It is printed, and no secret.
pub const PASSWORD: &str = "demonstracao-2026";

/// A department of the sample company.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    Sales,
    Billing,
    Support,
    /// The default department.
    #[default]
    FrontDesk,
}

/// Somebody who works there.
pub struct Colleague {
    pub name: &'static str,
    pub email: &'static str,
    pub role: Role,
    pub is_woman: bool,
    /// The departments, with `true` where the person manages it.
    pub places: &'static [(Place, bool)],
}

impl Colleague {
    pub fn first_name(&self) -> &'static str {
        self.name.split(' ').next().unwrap_or(self.name)
    }
}

pub const ANA: usize = 0;
pub const CARLOS: usize = 1;
pub const BRUNO: usize = 2;
pub const LUCIANA: usize = 3;
pub const RAFAEL: usize = 4;
pub const CAMILA: usize = 5;

/// Everybody; the first is the owner.
pub const COLLEAGUES: [Colleague; 6] = [
    Colleague {
        name: "Ana Souza",
        email: "ana.souza@vilaclara.com.br",
        role: Role::Owner,
        is_woman: true,
        places: &[(Place::FrontDesk, true)],
    },
    Colleague {
        name: "Carlos Menezes",
        email: "carlos.menezes@vilaclara.com.br",
        role: Role::Administrator,
        is_woman: false,
        places: &[(Place::Sales, true)],
    },
    Colleague {
        name: "Bruno Teixeira",
        email: "bruno.teixeira@vilaclara.com.br",
        role: Role::Manager,
        is_woman: false,
        places: &[(Place::Support, true)],
    },
    Colleague {
        name: "Luciana Farias",
        email: "luciana.farias@vilaclara.com.br",
        role: Role::Agent,
        is_woman: true,
        places: &[(Place::Sales, false), (Place::FrontDesk, false)],
    },
    Colleague {
        name: "Rafael Nogueira",
        email: "rafael.nogueira@vilaclara.com.br",
        role: Role::Agent,
        is_woman: false,
        places: &[(Place::Support, false), (Place::FrontDesk, false)],
    },
    Colleague {
        name: "Camila Duarte",
        email: "camila.duarte@vilaclara.com.br",
        role: Role::Agent,
        is_woman: true,
        places: &[(Place::Billing, false), (Place::FrontDesk, false)],
    },
];

/// Who answers in a department, the more often named the more often.
pub const fn team(place: Place) -> &'static [usize] {
    match place {
        Place::Sales => &[LUCIANA, LUCIANA, LUCIANA, CARLOS],
        Place::Billing => &[CAMILA, CAMILA, CAMILA, ANA],
        Place::Support => &[RAFAEL, RAFAEL, RAFAEL, BRUNO, BRUNO],
        Place::FrontDesk => &[LUCIANA, CAMILA, RAFAEL, ANA],
    }
}

/// The founded company, with what later commands need.
pub struct Founded {
    pub workspace: WorkspaceId,
    sales: DepartmentId,
    billing: DepartmentId,
    support: DepartmentId,
    front_desk: DepartmentId,
    shop: Arc<Site>,
    help: Arc<Site>,
    agents: Vec<Arc<AgentScope>>,
}

impl Founded {
    pub const fn department(&self, place: Place) -> DepartmentId {
        match place {
            Place::Sales => self.sales,
            Place::Billing => self.billing,
            Place::Support => self.support,
            Place::FrontDesk => self.front_desk,
        }
    }

    pub fn site(&self, door: Door) -> Arc<Site> {
        Arc::clone(match door {
            Door::Shop => &self.shop,
            Door::Help => &self.help,
        })
    }

    /// # Errors
    /// When there is no such colleague, which a test prevents.
    pub fn agent(&self, colleague: usize) -> Result<Arc<AgentScope>> {
        self.agents.get(colleague).cloned().ok_or(Error::not_found())
    }
}

/// Founds the company inside a command. `hashes` are those of the password, one for each of [`COLLEAGUES`].
///
/// # Errors
/// When the installation is set up already, or the database fails.
pub async fn found(tx: &mut Tx<'_>, hashes: &[String]) -> Result<Founded> {
    let workspace = set_up(tx, hashes).await?;
    let default = default_department(&**tx, workspace).await?.ok_or(Error::not_found())?;
    let (front_desk, project) = (default.id, default.project_id);
    let sales = insert_department(tx, workspace, project, "Comercial", false).await?;
    let billing = insert_department(tx, workspace, project, "Financeiro", false).await?;
    let support = insert_department(tx, workspace, project, "Suporte técnico", false).await?;
    set_distribution(tx, workspace, sales, DepartmentDistribution::RoundRobin).await?;
    add_labels(tx, workspace).await?;
    let shop = open_site(tx, workspace, shop()).await?;
    let help = open_site(tx, workspace, help()).await?;
    let agents = vec![owner(tx, workspace, front_desk).await?];
    let mut founded = Founded { workspace, sales, billing, support, front_desk, shop, help, agents };
    for (colleague, hash) in COLLEAGUES.iter().zip(hashes).skip(1) {
        let agent = hire(tx, &founded, colleague, hash).await?;
        founded.agents.push(agent);
    }
    Ok(founded)
}

/// What the company's conversations are mostly about; the rules put them on as the conversations begin.
const TOPICS: [(&str, LabelColour, &[&str]); 4] = [
    ("Boleto", LabelColour::Amber, &["boleto", "fatura", "segunda via", "pagamento"]),
    ("Conexão", LabelColour::Orange, &["lenta", "caindo", "sem internet", "sinal", "wi-fi", "conexao"]),
    ("Contratação", LabelColour::Violet, &["plano", "orcamento", "contratar", "instalacao", "atendem"]),
    ("Mudança", LabelColour::Cyan, &["mudar de endereco", "vou mudar", "mudanca", "passar a internet"]),
];

async fn add_labels(tx: &mut Tx<'_>, workspace: WorkspaceId) -> Result<()> {
    for (name, colour, words) in TOPICS {
        let says = |word: &&str| LabelCondition {
            field: LabelField::Message,
            operator: LabelOperator::Contains,
            value: (*word).to_owned(),
            name: String::new(),
        };
        let conditions = words.iter().map(says).collect();
        insert_label(tx, workspace, &NewLabel { name: name.to_owned(), colour, is_active: true, conditions }).await?;
    }
    Ok(())
}

async fn set_up(tx: &mut Tx<'_>, hashes: &[String]) -> Result<WorkspaceId> {
    let [owner, ..] = &COLLEAGUES;
    let set_up = SetUp {
        token: None,
        company: COMPANY.to_owned(),
        language: Language::Portuguese,
        time_zone: TIME_ZONE.to_owned(),
        name: owner.name.to_owned(),
        email: owner.email.to_owned(),
        password_hash: hashes.first().cloned().ok_or(Error::not_found())?,
        user_agent: String::new(),
    };
    Ok(set_up.run(tx).await?.0)
}

async fn owner(tx: &Tx<'_>, workspace: WorkspaceId, front_desk: DepartmentId) -> Result<Arc<AgentScope>> {
    let [owner, ..] = &COLLEAGUES;
    let model = by_email(&**tx, owner.email).await?.filter(|model| model.workspace_id == workspace);
    let memberships = vec![Membership { id: front_desk, is_manager: true }];
    Ok(scope(model.ok_or(Error::not_found())?.id, owner, memberships))
}

async fn hire(tx: &mut Tx<'_>, founded: &Founded, colleague: &Colleague, hash: &str) -> Result<Arc<AgentScope>> {
    let memberships: Vec<Membership> = colleague
        .places
        .iter()
        .map(|(place, is_manager)| Membership { id: founded.department(*place), is_manager: *is_manager })
        .collect();
    let new = NewAgent {
        name: colleague.name.to_owned(),
        email: colleague.email.to_owned(),
        role: colleague.role,
        memberships: memberships.clone(),
        password_hash: Some(hash.to_owned()),
        settings: AgentSettings {
            language: Some(Language::Portuguese),
            status_on_login: StatusOnLogin::Online,
            ..AgentSettings::default()
        },
    };
    let agent = insert_agent(tx, founded.workspace, &new).await?;
    Ok(scope(agent, colleague, memberships))
}

fn scope(agent: AgentId, colleague: &Colleague, memberships: Vec<Membership>) -> Arc<AgentScope> {
    Arc::new(AgentScope {
        agent,
        // The sample's past has no logins.
        session: SessionId(uuid::Uuid::nil()),
        name: colleague.name.to_owned(),
        role: colleague.role,
        memberships,
    })
}

async fn open_site(tx: &mut Tx<'_>, workspace: WorkspaceId, new: NewConnection) -> Result<Arc<Site>> {
    let id = insert_connection(tx, workspace, &new).await?;
    site_by_id(&**tx, id).await?.map(Arc::new).ok_or(Error::not_found())
}

/// The chat on the shop's page.
fn shop() -> NewConnection {
    let settings = WebchatSettings {
        plugin_name: COMPANY.to_owned(),
        colour: "#c2410c".to_owned(),
        greeting: "Olá, aqui é a Vila Clara.\nComo podemos ajudar?".to_owned(),
        offline_text: "Ninguém online agora. Atendemos de segunda a sábado: deixe sua mensagem e respondemos por aqui."
            .to_owned(),
        call_to_action: "Precisa de ajuda para escolher o plano?".to_owned(),
        ..WebchatSettings::default()
    };
    NewConnection {
        channel: Channel::Webchat,
        name: "Site da loja".to_owned(),
        department: None,
        is_enabled: true,
        settings,
    }
}

/// The chat on the help page, which asks for nothing first.
fn help() -> NewConnection {
    let settings = WebchatSettings {
        plugin_name: "Ajuda Vila Clara".to_owned(),
        colour: "#0f766e".to_owned(),
        greeting: "Conte o que está acontecendo. Já vamos olhar.".to_owned(),
        ask_name: false,
        ask_email: false,
        ..WebchatSettings::default()
    };
    NewConnection {
        channel: Channel::Webchat,
        name: "Página de ajuda".to_owned(),
        department: None,
        is_enabled: true,
        settings,
    }
}

#[cfg(test)]
mod tests {
    use super::{COLLEAGUES, Place, team};

    #[test]
    fn who_answers_in_a_department_sees_it() {
        for place in [Place::Sales, Place::Billing, Place::Support, Place::FrontDesk] {
            for index in team(place) {
                let colleague = &COLLEAGUES[*index];
                let is_member = colleague.places.iter().any(|(own, _)| *own == place);
                assert!(is_member || colleague.role.is_administrator(), "{} in {place:?}", colleague.name);
            }
        }
    }
}
