//! What an import of people would do with each row. The same function plans the look and, under the locks, the import itself.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use balcao_types::{AgentId, DepartmentId, ErrorCode, Role, Timestamp, rules::text::folded, settings::AgentSettings};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::{
    access::{Membership, Scope},
    agents::{
        NewAgent,
        change::AgentChanges,
        invite::refuse_idle_manager,
        queries::{Agent, all_agents},
    },
    checks::{Checks, email_key},
    departments,
    error::{Error, FieldError, Result},
    http::{Row, Sheet},
    import::{ImportAction, as_typed, beside_values, repeated},
};

/// How many unknown names of one cell are told.
const UNKNOWN_MAX: usize = 10;

/// The columns a file may have, in the languages of the product.
struct Columns {
    name: Option<usize>,
    email: Option<usize>,
    role: Option<usize>,
    departments: Option<usize>,
    manages: Option<usize>,
}

impl Columns {
    /// The cell in which a field stands.
    fn cell<'a>(&self, row: &'a Row, field: &str) -> &'a str {
        row.cell(match field {
            "name" => self.name,
            "email" => self.email,
            "role" => self.role,
            "departments" => self.departments,
            "manages" => self.manages,
            _ => None,
        })
    }

    fn of(sheet: &Sheet) -> Result<Self> {
        let columns = Self {
            name: sheet.column(&["nome", "name", "nombre"]),
            email: sheet.column(&["email", "correo", "correoelectronico", "enderecodeemail", "emailaddress"]),
            role: sheet.column(&["papel", "funcao", "perfil", "role", "rol", "funcion"]),
            departments: sheet.column(&[
                "departamentos",
                "departamento",
                "departments",
                "department",
                "setores",
                "setor",
            ]),
            manages: sheet.column(&["gerencia", "manages", "gestiona", "dirige"]),
        };
        if columns.email.is_none() { Err(Error::field("email", ErrorCode::ColumnMissing)) } else { Ok(columns) }
    }
}

/// One row and what becomes of it.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    pub line: u64,
    pub name: String,
    pub email: String,
    pub role: Option<Role>,
    pub departments: Option<Vec<Membership>>,
    pub fate: Fate,
}

/// What becomes of a row.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Create,
    /// What it is now stands beside what it becomes, so that a plan holds only while nobody else changes the person.
    Update {
        agent: AgentId,
        name: Option<String>,
        role: Option<Role>,
        departments: Option<Vec<Membership>>,
        was: (String, Role, Vec<Membership>),
    },
    Unchanged {
        agent: AgentId,
    },
    Wrong(Vec<FieldError>),
}

impl Planned {
    pub const fn action(&self) -> ImportAction {
        match self.fate {
            Fate::Create => ImportAction::Create,
            Fate::Update { .. } => ImportAction::Update,
            Fate::Unchanged { .. } => ImportAction::Unchanged,
            Fate::Wrong(_) => ImportAction::Error,
        }
    }

    pub fn faults(&self) -> &[FieldError] {
        if let Fate::Wrong(faults) = &self.fate { faults } else { &[] }
    }

    /// The name, role and departments that somebody has before they are changed.
    pub const fn was(&self) -> Option<&(String, Role, Vec<Membership>)> {
        if let Fate::Update { was, .. } = &self.fate { Some(was) } else { None }
    }

    /// The person to add.
    pub fn new_agent(&self) -> NewAgent {
        NewAgent {
            name: self.name.clone(),
            email: self.email.clone(),
            role: self.role.unwrap_or(Role::Agent),
            memberships: self.departments.clone().unwrap_or_default(),
            password_hash: None,
            settings: AgentSettings::default(),
        }
    }

    /// The person to change, and to what.
    pub fn changes(&self) -> Option<(AgentId, AgentChanges)> {
        let Fate::Update { agent, name, role, departments, .. } = &self.fate else { return None };
        let changes = AgentChanges {
            name: name.clone(),
            role: *role,
            memberships: departments.clone(),
            ..AgentChanges::default()
        };
        Some((*agent, changes))
    }
}

/// What the rows are compared with.
struct Present {
    agents: HashMap<String, Agent>,
    departments: HashMap<String, DepartmentId>,
}

/// Plans every row of a file.
///
/// # Errors
/// 422 when the file has no column with addresses.
pub async fn plan(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    sheet: &Sheet,
    now: Timestamp,
) -> Result<Vec<Planned>> {
    let columns = Columns::of(sheet)?;
    let names = departments::names(connection, scope.workspace).await?;
    let agents = all_agents(connection, scope, now).await?;
    let present = Present {
        agents: agents.into_iter().map(|agent| (email_key(&agent.email), agent)).collect(),
        departments: names.into_iter().map(|(id, name)| (folded(&name), id)).collect(),
    };
    let mut seen = HashMap::new();
    Ok(sheet.rows.iter().map(|row| planned(row, &columns, &present, &mut seen, scope)).collect())
}

/// One row with all that is wrong with it. `seen` has the line of each address so far.
fn planned(row: &Row, columns: &Columns, present: &Present, seen: &mut HashMap<String, u64>, scope: &Scope) -> Planned {
    let mut checks = Checks::default();
    let mut planned = read(row, columns, present, &mut checks);
    if !planned.email.is_empty() {
        match seen.entry(email_key(&planned.email)) {
            Entry::Occupied(first) => checks.add(Some(repeated("email", *first.get()))),
            Entry::Vacant(first) => _ = first.insert(row.line),
        }
    }
    let fate = fate(&planned, present, scope, &mut checks);
    let faults = beside_values(checks.into_faults(), |field| columns.cell(row, field));
    planned.fate = if faults.is_empty() { fate } else { Fate::Wrong(faults) };
    planned
}

/// What a row says, and whether each cell can be read.
fn read(row: &Row, columns: &Columns, present: &Present, checks: &mut Checks) -> Planned {
    let email = checks.email("email", row.cell(columns.email));
    let name = checks.cell("name", row.cell(columns.name), 120);
    if name.is_empty() && !present.agents.contains_key(&email_key(&email)) {
        checks.fault("name", ErrorCode::Required);
    }
    let role = role_named(row.cell(columns.role)).unwrap_or_else(|| {
        checks.fault("role", ErrorCode::RoleUnknown);
        None
    });
    let own = named("departments", row.cell(columns.departments), present, checks);
    let managed = named("manages", row.cell(columns.manages), present, checks);
    let departments = memberships(own, &managed, role);
    Planned { line: row.line, name, email, role, departments, fate: Fate::Create }
}

/// The departments of a row; none where it names none. Who is to manage and is not told what manages all that is named.
fn memberships(own: Vec<DepartmentId>, managed: &[DepartmentId], role: Option<Role>) -> Option<Vec<Membership>> {
    if own.is_empty() && managed.is_empty() {
        return None;
    }
    let manages_all = role == Some(Role::Manager) && managed.is_empty();
    let mut ids: Vec<DepartmentId> = own.into_iter().chain(managed.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    let memberships = ids.into_iter().map(|id| Membership { id, is_manager: manages_all || managed.contains(&id) });
    Some(memberships.collect())
}

/// The departments a cell names, one or several: `Vendas | Suporte`. Each name that is unknown is a fault of its own.
fn named(field: &str, cell: &str, present: &Present, checks: &mut Checks) -> Vec<DepartmentId> {
    if let Some(id) = present.departments.get(&folded(cell)) {
        return vec![*id];
    }
    // Where there is a bar, a comma may belong to a name.
    let between: &[char] = if cell.contains('|') { &['|'] } else { &[',', ';'] };
    let mut unknown = HashSet::new();
    let mut known = Vec::new();
    for part in cell.split(between).map(str::trim).filter(|part| !part.is_empty()) {
        let key = folded(part);
        match present.departments.get(&key) {
            Some(id) => known.push(*id),
            None if unknown.len() < UNKNOWN_MAX && unknown.insert(key) => {
                let fault = FieldError::new(field, ErrorCode::DepartmentMissing);
                checks.add(Some(FieldError { value: as_typed(part), ..fault }));
            }
            None => {}
        }
    }
    known
}

/// The role a word stands for: `Some(None)` for an empty cell, none for a word that is no role.
fn role_named(cell: &str) -> Option<Option<Role>> {
    Some(Some(match folded(cell).as_str() {
        "" => return Some(None),
        "proprietario" | "proprietaria" | "dono" | "dona" | "owner" | "propietario" | "propietaria" => Role::Owner,
        "administrador" | "administradora" | "administrator" | "admin" => Role::Administrator,
        "gerente" | "gestor" | "gestora" | "manager" => Role::Manager,
        "atendente" | "agente" | "operador" | "operadora" | "agent" => Role::Agent,
        "observador" | "observadora" | "leitor" | "leitora" | "viewer" => Role::Viewer,
        _ => return None,
    }))
}

/// What becomes of a row if nothing is wrong with it. Nobody touches a role they may not manage, nor their own row.
fn fate(planned: &Planned, present: &Present, scope: &Scope, checks: &mut Checks) -> Fate {
    let caller = &scope.agent;
    // What a cell means that cannot be read is not known, so nothing follows from it.
    let is_readable = !["role", "departments", "manages"].iter().any(|field| checks.concern(field));
    let idle = |role, memberships: &[Membership]| is_readable && refuse_idle_manager(role, memberships).is_err();
    let Some(agent) = present.agents.get(&email_key(&planned.email)) else {
        let new = planned.new_agent();
        if !caller.role.may_manage(new.role) {
            checks.fault("role", ErrorCode::Forbidden);
        }
        if idle(new.role, &new.memberships) {
            checks.fault("departments", ErrorCode::ManagesNothing);
        }
        return Fate::Create;
    };
    let mut was = agent.departments.clone();
    was.sort_unstable_by_key(|membership| membership.id);
    let name = Some(&planned.name).filter(|name| !name.is_empty() && **name != agent.name).cloned();
    let role = planned.role.filter(|role| *role != agent.role);
    let departments = planned.departments.clone().filter(|departments| *departments != was);
    if name.is_none() && role.is_none() && departments.is_none() {
        return Fate::Unchanged { agent: agent.id };
    }
    if agent.id == caller.agent {
        checks.fault("email", ErrorCode::OwnRow);
    } else if [Some(agent.role), role].into_iter().flatten().any(|role| !caller.role.may_manage(role)) {
        checks.fault("role", ErrorCode::Forbidden);
    }
    if idle(role.unwrap_or(agent.role), departments.as_ref().unwrap_or(&was)) {
        checks.fault("departments", ErrorCode::ManagesNothing);
    }
    Fate::Update { agent: agent.id, name, role, departments, was: (agent.name.clone(), agent.role, was) }
}
