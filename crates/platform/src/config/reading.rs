//! Reading the configuration: defaults, file and environment laid over each other, each fault told by the name under which it was given.

use toml::{Table, Value};

/// A value of the right kind that is none of those that fit: named as it was given, by its variable or its key.
pub(super) fn misfit(
    whole: &Value,
    given: &[String],
    path: &serde_path_to_error::Path,
    error: &toml::de::Error,
) -> String {
    let mut value = whole;
    let mut keys = Vec::new();
    for segment in path {
        let inner = match segment {
            serde_path_to_error::Segment::Map { key } => {
                keys.push(key.clone());
                value.get(key)
            }
            serde_path_to_error::Segment::Seq { index } => value.get(*index),
            _ => None,
        };
        value = inner.unwrap_or(value);
    }
    let variable = format!("BALCAO_{}", keys.join("_").to_ascii_uppercase());
    let name = if given.contains(&variable) { variable } else { keys.join(".") };
    let reason = error.message();
    format!("{name}: {value} cannot be used: {reason}")
}

pub(super) fn parse(text: &str, faults: &mut Vec<String>) -> Table {
    text.parse().unwrap_or_else(|error: toml::de::Error| {
        faults.push(error.to_string().trim_end().to_owned());
        Table::new()
    })
}

/// Lays one table over another; a key that has no default does not exist.
pub(super) fn overlay(base: &mut Table, changes: Table, path: &str, faults: &mut Vec<String>) {
    for (key, change) in changes {
        let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (base.get_mut(&key), change) {
            (None, _) => faults.push(format!("{name}: there is no such key")),
            (Some(Value::Table(inner)), Value::Table(change)) => overlay(inner, change, &name, faults),
            (Some(known), change) if known.same_type(&change) => *known = change,
            (Some(known), change) => {
                faults.push(format!("{name}: must be a {}, not a {}", known.type_str(), change.type_str()));
            }
        }
    }
}

/// Sets the key a variable stands for: `BALCAO_LIMITS_ENABLED` is `limits.enabled`.
pub(super) fn set_variable(table: &mut Table, name: &str, value: &str, faults: &mut Vec<String>) {
    let key = name.trim_start_matches("BALCAO_").to_ascii_lowercase();
    let known = if table.get(&key).is_some_and(|known| !known.is_table()) {
        table.get_mut(&key)
    } else {
        key.split_once('_').and_then(|(section, rest)| table.get_mut(section)?.as_table_mut()?.get_mut(rest))
    };
    let Some(known) = known else {
        faults.push(format!("{name}: there is no such key"));
        return;
    };
    let parsed = match known {
        Value::Boolean(_) => value.parse().ok().map(Value::Boolean),
        Value::Integer(_) => value.parse().ok().map(Value::Integer),
        Value::Array(_) => {
            let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::Array(items.map(|item| Value::String(item.to_owned())).collect()))
        }
        _ => Some(Value::String(value.to_owned())),
    };
    match parsed {
        Some(parsed) => *known = parsed,
        None => faults.push(format!("{name}: {value:?} is not a {}", known.type_str())),
    }
}
