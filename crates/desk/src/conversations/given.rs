//! What a page says of whoever begins a conversation on it (T-029): for the agents to see, and nobody's word but the page's, unless it was signed.

use std::collections::BTreeMap;

use balcao_types::{ConversationId, WorkspaceId, rules::text::one_line};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::Result;

/// How many facts are kept, and how many characters of each name and value. What is more is the page's mistake, not the visitor's: it is cut.
const FACTS_MAX: usize = 20;
const NAME_MAX: usize = 40;
const VALUE_MAX: usize = 300;
/// The longest id by which a site knows its customers, in characters.
pub const CUSTOMER_ID_MAX: usize = 100;

/// What the page said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Given {
    /// By which the site knows the customer.
    pub customer_id: Option<String>,
    /// Whether the site has signed that (D-070).
    #[serde(default)]
    pub is_verified: bool,
    /// By name.
    #[serde(default)]
    pub facts: Vec<Fact>,
}

/// Something a page said beside that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

impl Given {
    /// As a page claims it, as plain lines of a sensible length. `signed`: the id the site has signed.
    pub fn checked(signed: Option<&str>, claimed: Option<&str>, custom: &BTreeMap<String, String>) -> Self {
        let plain = |text: &str, most| Some(one_line(text.trim(), most)).filter(|text| !text.is_empty());
        let facts = custom
            .iter()
            .filter_map(|(name, value)| Some(Fact { name: plain(name, NAME_MAX)?, value: plain(value, VALUE_MAX)? }));
        Self {
            customer_id: plain(signed.or(claimed).unwrap_or(""), CUSTOMER_ID_MAX),
            is_verified: signed.is_some(),
            facts: facts.take(FACTS_MAX).collect(),
        }
    }

    /// As it is stored; none when the page said nothing.
    ///
    /// # Errors
    /// Never: texts always encode.
    pub fn stored(&self) -> Result<Option<String>> {
        if *self == Self::default() { Ok(None) } else { Ok(Some(serde_json::to_string(self)?)) }
    }
}

/// What was said when a conversation began.
///
/// # Errors
/// When the database cannot be read.
pub async fn given_of(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<Option<Given>> {
    let sql = "SELECT given FROM conversations WHERE workspace_id = $1 AND id = $2";
    let values = [workspace.into(), conversation.into()];
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, values))
        .await?;
    let Some(row) = row else { return Ok(None) };
    let given: Option<String> = row.try_get("", "given")?;
    Ok(given.map(|given| serde_json::from_str(&given)).transpose()?)
}

/// Texts, numbers and truth values by name; whatever else a page puts there is left out.
pub fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<BTreeMap<String, String>, D::Error> {
    let Value::Object(all) = Value::deserialize(deserializer)? else { return Ok(BTreeMap::new()) };
    let known = all.into_iter().filter_map(|(name, value)| match value {
        Value::String(text) => Some((name, text)),
        Value::Number(_) | Value::Bool(_) => Some((name, value.to_string())),
        _ => None,
    });
    Ok(known.collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Fact, Given};

    #[test]
    fn what_a_page_claims_is_cut_to_plain_short_lines() {
        let mut custom: BTreeMap<String, String> =
            (0..30).map(|number| (format!("f{number:02}"), "x".repeat(1_000))).collect();
        custom.insert(" Plano\n".to_owned(), "Fibra\u{202e} 600\0".to_owned());
        custom.insert("vazio".to_owned(), " ".to_owned());
        let given = Given::checked(None, Some(&format!(" {} ", "1".repeat(500))), &custom);
        assert_eq!(given.customer_id.as_ref().map(String::len), Some(100));
        assert!(!given.is_verified);
        assert_eq!(given.facts.len(), 20);
        assert_eq!(given.facts[0], Fact { name: "Plano".to_owned(), value: "Fibra 600".to_owned() });
        assert!(given.facts[1..].iter().all(|fact| fact.value.len() == 300));
        assert_eq!(Given::checked(None, Some(" "), &BTreeMap::new()).stored().unwrap(), None);
    }

    #[test]
    fn the_signed_id_stands_before_the_claimed_one() {
        let given = Given::checked(Some("7"), Some("8"), &BTreeMap::new());
        assert_eq!((given.customer_id.as_deref(), given.is_verified), (Some("7"), true));
    }
}
