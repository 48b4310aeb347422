//! Looking for something in a list: a text in its contacts and protocol numbers, a label. What is rare is found from its own index; what is frequent
//! by walking the list in its own order, a thousand rows a page: either way a page costs the same with a thousand conversations and with a million.

use balcao_platform::store::dialect::{self, Substring};
use balcao_types::{LabelId, rules::text::folded};
use sea_orm::ConnectionTrait;

use super::list::{Key, ListQuery, Order, Part, first_of, parts, whole};
use crate::{access::Scope, contacts, error::Result, labels, sql::Conditions};

/// The longest walk for one page.
const STEP: i64 = 1_000;
/// Up to so many contacts, or conversations with a label, are read instead of walking the list.
const FEW: i64 = 1_000;
/// What follows the hyphen in a protocol number; an index stands behind it.
const PROTOCOL_COUNT: &str = "(substr(c.protocol, 10))";

/// What is looked for: a text, a label, or both.
pub(super) struct Sought {
    text: Option<Text>,
    label: Option<LabelId>,
}

/// A text that is searched for.
struct Text {
    /// As contacts are searched by.
    text: String,
    pattern: String,
    /// Digits and hyphens only: it may be part of a protocol number.
    is_protocol: bool,
}

impl Text {
    /// None when nothing is left to search for.
    fn of(typed: &str) -> Option<Self> {
        let text = folded(typed);
        let is_protocol = text.chars().all(|letter| letter.is_ascii_digit() || letter == '-');
        let pattern = dialect::like_pattern(&text);
        (!text.is_empty()).then_some(Self { text, pattern, is_protocol })
    }

    /// The beginnings under which a protocol number `20261120-0147` is found that has the text in it: of the whole, and of what follows the hyphen.
    fn protocol_beginnings(&self) -> Vec<(&str, &'static str)> {
        if !self.is_protocol {
            return Vec::new();
        }
        let count = self.text.rsplit_once('-').map_or(self.text.as_str(), |(_, count)| count);
        let of_count = (!count.is_empty()).then_some((count, PROTOCOL_COUNT));
        [(self.text.as_str(), "c.protocol")].into_iter().chain(of_count).collect()
    }
}

impl Sought {
    /// What a list is searched for; none when it is not.
    pub(super) fn by(query: &ListQuery) -> Option<Self> {
        let text = query.search.as_deref().and_then(Text::of);
        (text.is_some() || query.label.is_some()).then_some(Self { text, label: query.label })
    }

    /// What the parts of the list hold of it.
    pub(super) async fn parts(
        &self,
        connection: &impl ConnectionTrait,
        scope: &Scope,
        query: &ListQuery,
    ) -> Result<Vec<Part>> {
        if let Some(label) = self.label
            && labels::are_few(connection, scope.workspace, label, FEW).await?
        {
            return Ok(vec![self.of_labelled(connection, scope, (query, label)).await?]);
        }
        if let Some(text) = &self.text
            && let Some(substring) = dialect::substring(connection.get_database_backend(), &text.text)
            && contacts::are_few(connection, scope.workspace, &substring, FEW).await?
        {
            return self.of_contacts(connection, scope, query, (text, &substring)).await;
        }
        let parts = parts(scope, query);
        let step = STEP / i64::try_from(parts.len()).unwrap_or(1).clamp(1, 8);
        let mut walked = Vec::with_capacity(parts.len());
        for conditions in parts {
            walked.push(self.walk(connection, conditions, Order::of(query), step).await?);
        }
        Ok(walked)
    }

    /// The few conversations that have the label.
    async fn of_labelled(
        &self,
        connection: &impl ConnectionTrait,
        scope: &Scope,
        (query, label): (&ListQuery, LabelId),
    ) -> Result<Part> {
        let mut conditions = whole(scope, query);
        let label = conditions.bind(label);
        conditions.and(&format!("c.id IN ({})", labels::having("$1", &label)));
        if let Some(text) = &self.text {
            let pattern = conditions.bind(text.pattern.clone());
            let of_contact = contacts::holds("c.contact_id", &pattern);
            conditions.and(&format!("(c.protocol LIKE {pattern} ESCAPE '!' OR {of_contact})"));
        }
        first_of(connection, conditions, query, "+").await
    }

    /// The conversations of the few contacts, and those whose protocol number it is part of.
    async fn of_contacts(
        &self,
        connection: &impl ConnectionTrait,
        scope: &Scope,
        query: &ListQuery,
        (sought, substring): (&Text, &Substring),
    ) -> Result<Vec<Part>> {
        // Few rows, and none is read in the list's order: they need not be split by what an index orders.
        let mut conditions = self.whole(scope, query);
        let text = conditions.bind(substring.text.clone());
        conditions.and(&format!("c.contact_id IN ({})", contacts::matching(substring, "$1", &text)));
        let mut found = vec![first_of(connection, conditions, query, "+").await?];
        for (beginning, column) in sought.protocol_beginnings() {
            let mut conditions = self.whole(scope, query);
            let (from, to) = (conditions.bind(beginning), conditions.bind(format!("{beginning}~")));
            let pattern = conditions.bind(sought.pattern.clone());
            let column = format!("{column}{}", dialect::by_bytes(connection.get_database_backend()));
            conditions.and(&format!("{column} >= {from} AND {column} < {to} AND c.protocol LIKE {pattern} ESCAPE '!'"));
            found.push(first_of(connection, conditions, query, "+").await?);
        }
        Ok(found)
    }

    /// What the agent sees of the list and has the label, if there is one.
    fn whole(&self, scope: &Scope, query: &ListQuery) -> Conditions {
        let mut conditions = whole(scope, query);
        if let Some(label) = self.label {
            let label = conditions.bind(label);
            conditions.and(&labels::put_on_condition("$1", &label, "c.id"));
        }
        conditions
    }

    /// Walks a part of the list from the cursor on, so many rows, and keeps what holds all that is looked for.
    async fn walk(
        &self,
        connection: &impl ConnectionTrait,
        mut conditions: Conditions,
        order: Order,
        step: i64,
    ) -> Result<Part> {
        let mut holds = Vec::new();
        if let Some(text) = &self.text {
            let pattern = conditions.bind(text.pattern.clone());
            let of_contact = contacts::holds("w.contact_id", &pattern);
            holds.push(format!("(w.protocol LIKE {pattern} ESCAPE '!' OR {of_contact})"));
        }
        if let Some(label) = self.label {
            let label = conditions.bind(label);
            holds.push(labels::put_on_condition("$1", &label, "w.id"));
        }
        let (column, direction) = (order.column, order.direction());
        let sql = format!(
            "SELECT w.id, w.at, {} AS holds \
             FROM (SELECT c.id, c.contact_id, c.protocol, {column} AS at FROM conversations c {} \
             ORDER BY {column} {direction}, c.id {direction} LIMIT {step}) AS w ORDER BY w.at {direction}, w.id {direction}",
            holds.join(" AND "),
            conditions.text()
        );
        let rows = conditions.run(connection, sql).await?;
        let is_full = i64::try_from(rows.len()).is_ok_and(|walked| walked == step);
        let end = rows.last().filter(|_| is_full).map(Key::from_row).transpose()?;
        let mut keys = Vec::new();
        for row in &rows {
            if row.try_get("", "holds")? {
                keys.push(Key::from_row(row)?);
            }
        }
        Ok(Part { keys, end })
    }
}
