//! What every import of a table shares: a look at what would happen, and doing exactly that. Why it is one command: decision 10.

use balcao_platform::secrets::fingerprint;
use balcao_types::{
    ErrorCode, Language,
    rules::text::{folded, one_line},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    error::{Error, FieldError, Result},
    http::FieldAnswer,
    texts::catalogue,
};

/// How many rows one import may change. All of it is one command, and a command is short.
pub const CHANGES_MAX: usize = 500;

/// How much of a wrong cell is told, in characters.
const VALUE_MAX: usize = 60;

/// Whether to look or to do.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// True tells what would happen and changes nothing.
    pub dry_run: bool,
    /// The `plan` of the look that was agreed to. If the import would no longer do exactly that, nothing is done.
    pub plan: Option<String>,
}

/// What happens with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportAction {
    Create,
    Update,
    Unchanged,
    /// The row is wrong, so nothing of the file is imported.
    Error,
}

/// How many rows of each kind there are.
#[derive(Default, Serialize, ToSchema)]
pub struct ImportCounts {
    pub create: usize,
    pub update: usize,
    pub unchanged: usize,
    pub error: usize,
}

impl ImportCounts {
    /// Counts the rows.
    pub fn of(actions: impl Iterator<Item = ImportAction>) -> Self {
        let mut counts = Self::default();
        for action in actions {
            match action {
                ImportAction::Create => counts.create += 1,
                ImportAction::Update => counts.update += 1,
                ImportAction::Unchanged => counts.unchanged += 1,
                ImportAction::Error => counts.error += 1,
            }
        }
        counts
    }
}

/// Refuses what must not be done: more than one command carries, rows that are wrong, or anything but what was agreed to.
///
/// # Errors
/// 422 for the first two, 409 `import_changed` for the third.
pub fn refuse_otherwise(
    counts: &ImportCounts,
    faults: Vec<FieldError>,
    plan: &str,
    agreed: Option<&str>,
) -> Result<()> {
    refuse_many(counts)?;
    if !faults.is_empty() {
        return Err(Error::Fields(faults));
    }
    match agreed {
        None => Err(Error::field("plan", ErrorCode::Required)),
        Some(agreed) if agreed != plan => Err(Error::refused(ErrorCode::ImportChanged)),
        Some(_) => Ok(()),
    }
}

/// Refuses more changes than one command carries.
///
/// # Errors
/// 422 on `file`.
pub fn refuse_many(counts: &ImportCounts) -> Result<()> {
    let is_much = counts.create + counts.update > CHANGES_MAX;
    if is_much { Err(Error::limited("file", ErrorCode::TooMany, CHANGES_MAX)) } else { Ok(()) }
}

/// What stands for a plan: the same for the same rows on the same state, and nothing else.
///
/// # Errors
/// When it cannot be written down.
pub fn plan_mark(rows: &impl Serialize) -> Result<String> {
    Ok(fingerprint(&serde_json::to_string(rows)?))
}

/// A row's faults as they are told, and as fields of the whole file: `7.email`.
pub fn told(faults: &[FieldError], language: Language) -> Vec<FieldAnswer> {
    let texts = catalogue(language);
    faults.iter().map(|fault| FieldAnswer::new(fault, texts)).collect()
}

/// A cell as it is told beside what is wrong with it: one line, cut. None where there is nothing to be seen.
pub fn as_typed(cell: &str) -> Option<String> {
    let mut typed = one_line(cell, VALUE_MAX);
    if one_line(cell, VALUE_MAX + 1).len() > typed.len() {
        typed.push('…');
    }
    Some(typed).filter(|typed| !typed.is_empty())
}

/// Puts the cell beside each fault that does not say by itself what it means.
pub fn beside_values<'a>(mut faults: Vec<FieldError>, cell: impl Fn(&str) -> &'a str) -> Vec<FieldError> {
    for fault in &mut faults {
        if fault.value.is_none() {
            fault.value = as_typed(cell(&fault.field));
        }
    }
    faults
}

/// The fault of a line that says again what is to stand in one line only.
pub fn repeated(field: &str, first: u64) -> FieldError {
    FieldError::with(field, ErrorCode::RowRepeated, serde_json::json!({ "line": first }))
}

/// The faults of a line under their place in the file.
pub fn at_line(line: u64, faults: &[FieldError]) -> impl Iterator<Item = FieldError> {
    faults.iter().map(move |fault| FieldError { field: format!("{line}.{}", fault.field), ..fault.clone() })
}

/// Yes and no in the languages of the product, as people and spreadsheets write them. None for an empty cell.
///
/// # Errors
/// 422 on the field for any other word.
pub fn yes_or_no(field: &str, cell: &str) -> std::result::Result<Option<bool>, FieldError> {
    match folded(cell).as_str() {
        "" => Ok(None),
        "sim" | "s" | "yes" | "y" | "si" | "true" | "verdadeiro" | "verdadero" | "1" | "x" | "ativo" | "active"
        | "activo" => Ok(Some(true)),
        "nao" | "n" | "no" | "false" | "falso" | "0" | "inativo" | "inactive" | "inactivo" => Ok(Some(false)),
        _ => Err(FieldError::new(field, ErrorCode::NeitherYesNorNo)),
    }
}
