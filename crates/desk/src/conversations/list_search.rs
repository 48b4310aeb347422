//! Searching a list by its contacts and protocol numbers. Rare words are found from the contacts' index; frequent ones by walking the list in its
//! own order, a thousand rows a page: either way a page costs the same with a thousand conversations and with a million.

use balcao_platform::store::dialect::{self, Substring};
use balcao_types::rules::text::folded;
use sea_orm::ConnectionTrait;

use super::{
    conditions::Conditions,
    list::{Key, ListQuery, Order, Part, first_of, parts, whole},
};
use crate::{access::Scope, contacts, error::Result};

/// The longest walk for one page.
const STEP: i64 = 1_000;
/// Up to so many contacts, their conversations are read instead of walking the list.
const FEW: i64 = 1_000;
/// What follows the hyphen in a protocol number; an index stands behind it.
const PROTOCOL_COUNT: &str = "(substr(c.protocol, 10))";

/// What is searched for.
pub(super) struct Search {
    /// As contacts are searched by.
    text: String,
    pattern: String,
    /// Digits and hyphens only: it may be part of a protocol number.
    is_protocol: bool,
}

impl Search {
    /// None when nothing is left to search for.
    pub(super) fn of(typed: &str) -> Option<Self> {
        let text = folded(typed);
        let is_protocol = text.chars().all(|letter| letter.is_ascii_digit() || letter == '-');
        let pattern = dialect::like_pattern(&text);
        (!text.is_empty()).then_some(Self { text, pattern, is_protocol })
    }

    /// What the parts of the list hold of it.
    pub(super) async fn parts(
        &self,
        connection: &impl ConnectionTrait,
        scope: &Scope,
        query: &ListQuery,
    ) -> Result<Vec<Part>> {
        if let Some(substring) = dialect::substring(connection.get_database_backend(), &self.text)
            && contacts::are_few(connection, scope.workspace, &substring, FEW).await?
        {
            return self.of_contacts(connection, scope, query, &substring).await;
        }
        let parts = parts(scope, query);
        let step = STEP / i64::try_from(parts.len()).unwrap_or(1).clamp(1, 8);
        let mut walked = Vec::with_capacity(parts.len());
        for conditions in parts {
            walked.push(self.walk(connection, conditions, Order::of(query), step).await?);
        }
        Ok(walked)
    }

    /// The conversations of the few contacts, and those whose protocol number it is part of.
    async fn of_contacts(
        &self,
        connection: &impl ConnectionTrait,
        scope: &Scope,
        query: &ListQuery,
        substring: &Substring,
    ) -> Result<Vec<Part>> {
        // Few rows, and none is read in the list's order: they need not be split by what an index orders.
        let mut conditions = whole(scope, query);
        let text = conditions.bind(substring.text.clone());
        conditions.and(&format!("c.contact_id IN ({})", contacts::matching(substring, "$1", &text)));
        let mut found = vec![first_of(connection, conditions, query, "+").await?];
        for (beginning, column) in self.protocol_beginnings() {
            let mut conditions = whole(scope, query);
            let (from, to) = (conditions.bind(beginning), conditions.bind(format!("{beginning}~")));
            let pattern = conditions.bind(self.pattern.clone());
            let column = format!("{column}{}", dialect::by_bytes(connection.get_database_backend()));
            conditions.and(&format!("{column} >= {from} AND {column} < {to} AND c.protocol LIKE {pattern} ESCAPE '!'"));
            found.push(first_of(connection, conditions, query, "+").await?);
        }
        Ok(found)
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

    /// Walks a part of the list from the cursor on, so many rows, and keeps what holds the text.
    async fn walk(
        &self,
        connection: &impl ConnectionTrait,
        mut conditions: Conditions,
        order: Order,
        step: i64,
    ) -> Result<Part> {
        let pattern = conditions.bind(self.pattern.clone());
        let (column, direction) = (order.column, order.direction());
        let sql = format!(
            "SELECT w.id, w.at, coalesce(t.text LIKE {pattern} ESCAPE '!', FALSE) OR w.protocol LIKE {pattern} ESCAPE '!' AS holds \
             FROM (SELECT c.id, c.contact_id, c.protocol, {column} AS at FROM conversations c {} \
             ORDER BY {column} {direction}, c.id {direction} LIMIT {step}) AS w \
             LEFT JOIN contact_texts t ON t.contact_id = w.contact_id ORDER BY w.at {direction}, w.id {direction}",
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
