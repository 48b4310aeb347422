//! Which conversations get a label by themselves when they begin (T-203 to T-208): a label has conditions, and any of them is enough.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text::folded;
use crate::{Channel, ConnectionId, DepartmentId, text_enum::text_enum};

/// The most conditions of one label.
pub const CONDITIONS_MAX: usize = 20;

text_enum! {
    /// What a condition looks at, as it is when the conversation begins.
    LabelField {
        /// A department's id.
        Department = "department",
        /// A connection's id.
        Connection = "connection",
        Channel = "channel",
        /// The address of the page on which the visitor wrote.
        Page = "page",
        Name = "name",
        Email = "email",
        /// What stands behind the @.
        EmailDomain = "email_domain",
        Phone = "phone",
        /// The first message.
        Message = "message",
        /// 1 (Monday) to 7 (Sunday), in the company's time zone.
        Weekday = "weekday",
        /// 0 to 23, in the company's time zone.
        Hour = "hour",
        /// What the page said beside the visitor, by its name (`custom` of the script).
        Custom = "custom",
    }
}

text_enum! {
    /// How a condition compares. Texts are compared without regard to case and accents.
    LabelOperator {
        Equals = "equals",
        NotEquals = "not_equals",
        Contains = "contains",
        StartsWith = "starts_with",
        EndsWith = "ends_with",
        IsEmpty = "is_empty",
        /// From this number on.
        AtLeast = "at_least",
        /// Before this number.
        Below = "below",
    }
}

/// One condition of a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LabelCondition {
    pub field: LabelField,
    pub operator: LabelOperator,
    /// Nothing beside `is_empty`.
    #[serde(default)]
    pub value: String,
    /// Of what the page said, which; nothing beside other fields.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// What is known of a conversation when it begins.
#[derive(Clone, Copy, Debug)]
pub struct LabelFacts<'a> {
    pub department: DepartmentId,
    pub connection: ConnectionId,
    pub channel: Channel,
    pub page: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub phone: &'a str,
    pub message: &'a str,
    /// 1 (Monday) to 7 (Sunday).
    pub weekday: i8,
    /// 0 to 23.
    pub hour: i8,
    /// What the page said, each by its name.
    pub custom: &'a [(String, String)],
}

/// The same, as it is compared: made once for all labels.
#[derive(Clone, Debug)]
pub struct FoldedFacts {
    department: String,
    connection: String,
    channel: String,
    page: String,
    name: String,
    email: String,
    phone: String,
    message: String,
    weekday: i8,
    hour: i8,
    custom: Vec<(String, String)>,
}

impl LabelFacts<'_> {
    /// As it is compared.
    pub fn folded(&self) -> FoldedFacts {
        FoldedFacts {
            department: self.department.to_string(),
            connection: self.connection.to_string(),
            channel: self.channel.as_str().to_owned(),
            page: folded(self.page),
            name: folded(self.name),
            email: folded(self.email),
            phone: digits(self.phone),
            message: folded(self.message),
            weekday: self.weekday,
            hour: self.hour,
            custom: self.custom.iter().map(|(name, value)| (folded(name), folded(value))).collect(),
        }
    }
}

impl LabelField {
    /// The ways in which it may be compared.
    pub const fn operators(self) -> &'static [LabelOperator] {
        use LabelOperator::*;
        match self {
            Self::Department | Self::Connection | Self::Channel | Self::Weekday => &[Equals, NotEquals],
            Self::Hour => &[Equals, NotEquals, AtLeast, Below],
            Self::Page | Self::Name | Self::Email | Self::EmailDomain | Self::Phone | Self::Message | Self::Custom => {
                &[Contains, Equals, NotEquals, StartsWith, EndsWith, IsEmpty]
            }
        }
    }

    /// The numbers it may have, where it is one.
    pub const fn numbers(self) -> Option<std::ops::RangeInclusive<i8>> {
        match self {
            Self::Weekday => Some(1..=7),
            Self::Hour => Some(0..=23),
            _ => None,
        }
    }
}

/// What is wrong with a condition, apart from whether its department or connection is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionFault {
    /// The field is not compared like that.
    Operator,
    /// The value is none of those the field has.
    Value,
}

impl LabelCondition {
    /// What is wrong with it; a missing value is not told here.
    pub fn fault(&self) -> Option<ConditionFault> {
        if !self.field.operators().contains(&self.operator) {
            return Some(ConditionFault::Operator);
        }
        let is_right = match self.field {
            LabelField::Channel => self.value.parse::<Channel>().is_ok(),
            // Of a number without a digit nothing is left to compare.
            LabelField::Phone => self.operator == LabelOperator::IsEmpty || !digits(&self.value).is_empty(),
            field => {
                field.numbers().is_none_or(|numbers| self.value.parse().is_ok_and(|number| numbers.contains(&number)))
            }
        };
        (!is_right).then_some(ConditionFault::Value)
    }

    /// Whether it holds.
    pub fn holds(&self, facts: &FoldedFacts) -> bool {
        let text = |text: &str| compares(self.operator, text, &folded(&self.value));
        match self.field {
            LabelField::Department => text(&facts.department),
            LabelField::Connection => text(&facts.connection),
            LabelField::Channel => text(&facts.channel),
            LabelField::Page => text(&facts.page),
            LabelField::Name => text(&facts.name),
            LabelField::Email => text(&facts.email),
            LabelField::EmailDomain => {
                let domain = facts.email.rsplit_once('@').map_or("", |(_, domain)| domain);
                compares(self.operator, domain, folded(&self.value).trim_start_matches('@'))
            }
            LabelField::Phone => compares(self.operator, &facts.phone, &digits(&self.value)),
            LabelField::Message => text(&facts.message),
            LabelField::Weekday => self.compares_number(facts.weekday),
            LabelField::Hour => self.compares_number(facts.hour),
            LabelField::Custom => {
                let name = folded(&self.name);
                let said = facts.custom.iter().find(|(one, _)| *one == name);
                text(said.map_or("", |(_, value)| value))
            }
        }
    }

    fn compares_number(&self, number: i8) -> bool {
        let Ok(value) = self.value.trim().parse::<i8>() else { return false };
        match self.operator {
            LabelOperator::Equals => number == value,
            LabelOperator::NotEquals => number != value,
            LabelOperator::AtLeast => number >= value,
            LabelOperator::Below => number < value,
            _ => false,
        }
    }
}

/// Numbers are typed in many ways: only the digits count.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn compares(operator: LabelOperator, text: &str, value: &str) -> bool {
    match operator {
        LabelOperator::Equals => text == value,
        LabelOperator::NotEquals => text != value,
        // An empty value is part of every text: it says nothing.
        LabelOperator::Contains => !value.is_empty() && text.contains(value),
        LabelOperator::StartsWith => !value.is_empty() && text.starts_with(value),
        LabelOperator::EndsWith => !value.is_empty() && text.ends_with(value),
        LabelOperator::IsEmpty => text.is_empty(),
        LabelOperator::AtLeast | LabelOperator::Below => false,
    }
}

/// Whether any condition holds (T-205); a label without conditions is never applied by itself (T-210).
pub fn applies(conditions: &[LabelCondition], facts: &FoldedFacts) -> bool {
    conditions.iter().any(|condition| condition.holds(facts))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{LabelCondition, LabelFacts, LabelField, LabelOperator, applies};
    use crate::{Channel, ConnectionId, DepartmentId};

    fn facts() -> LabelFacts<'static> {
        LabelFacts {
            department: DepartmentId(Uuid::from_u128(1)),
            connection: ConnectionId(Uuid::from_u128(2)),
            channel: Channel::Webchat,
            page: "https://loja.com.br/planos?de=anuncio",
            name: "João Ávila",
            email: "joao@Exemplo.com.br",
            phone: "+55 (31) 98765-4321",
            message: "Meu BOLETO não chegou",
            weekday: 6,
            hour: 14,
            custom: &[],
        }
    }

    fn holds(field: LabelField, operator: LabelOperator, value: &str) -> bool {
        LabelCondition { field, operator, value: value.to_owned(), name: String::new() }.holds(&facts().folded())
    }

    // T-208
    #[test]
    fn texts_are_compared_without_regard_to_case_and_accents() {
        use LabelField::*;
        use LabelOperator::*;
        for (field, operator, value) in [
            (Message, Contains, "boleto nao"),
            (Name, Equals, "joao avila"),
            (Name, StartsWith, "JOÃO"),
            (Page, Contains, "/planos"),
            (Email, EndsWith, "@exemplo.com.br"),
            (EmailDomain, Equals, "exemplo.com.br"),
            (EmailDomain, Equals, "@exemplo.com.br"),
            (Phone, Contains, "(31) 98765"),
            (Phone, EndsWith, "43-21"),
            (Weekday, Equals, "6"),
            (Hour, AtLeast, "14"),
            (Hour, Below, "15"),
            (Department, NotEquals, "x"),
            (Channel, Equals, "webchat"),
        ] {
            assert!(holds(field, operator, value), "{field} {operator} {value}");
        }
        for (field, operator, value) in [
            (Message, Contains, ""),
            (Message, StartsWith, "boleto"),
            (Name, IsEmpty, ""),
            (EmailDomain, Equals, "com.br"),
            (Hour, AtLeast, "15"),
            (Weekday, NotEquals, "6"),
            (Hour, Contains, "1"),
            (Hour, Equals, "catorze"),
        ] {
            assert!(!holds(field, operator, value), "{field} {operator} {value}");
        }
    }

    // T-205, T-210
    #[test]
    fn any_condition_is_enough_and_none_is_never() {
        let condition = |value: &str| LabelCondition {
            field: LabelField::Message,
            operator: LabelOperator::Contains,
            value: value.to_owned(),
            name: String::new(),
        };
        assert!(applies(&[condition("fatura"), condition("boleto")], &facts().folded()));
        assert!(!applies(&[condition("fatura")], &facts().folded()));
        assert!(!applies(&[], &facts().folded()));
    }

    #[test]
    fn a_condition_that_can_never_be_meant_is_a_fault() {
        let fault = |field, operator, value: &str| {
            LabelCondition { field, operator, value: value.to_owned(), name: String::new() }.fault()
        };
        use super::ConditionFault::{Operator, Value};
        assert_eq!(fault(LabelField::Hour, LabelOperator::Contains, "1"), Some(Operator));
        assert_eq!(fault(LabelField::Hour, LabelOperator::Equals, "24"), Some(Value));
        assert_eq!(fault(LabelField::Weekday, LabelOperator::Equals, "0"), Some(Value));
        assert_eq!(fault(LabelField::Channel, LabelOperator::Equals, "fax"), Some(Value));
        assert_eq!(fault(LabelField::Phone, LabelOperator::Equals, "abc"), Some(Value));
        assert_eq!(fault(LabelField::Phone, LabelOperator::IsEmpty, ""), None);
        assert_eq!(fault(LabelField::Message, LabelOperator::Contains, "boleto"), None);
    }

    #[test]
    fn what_is_missing_is_empty() {
        let nobody = LabelFacts { name: "", email: "", page: "", ..facts() };
        for field in [LabelField::Name, LabelField::Email, LabelField::EmailDomain, LabelField::Page] {
            let empty =
                LabelCondition { field, operator: LabelOperator::IsEmpty, value: String::new(), name: String::new() };
            assert!(empty.holds(&nobody.folded()) && !empty.holds(&facts().folded()), "{field}");
        }
    }

    // T-208
    #[test]
    fn what_the_page_said_is_found_by_its_name() {
        let said = [("Plano".to_owned(), "Fibra 600".to_owned()), ("Situação".to_owned(), "Bloqueado".to_owned())];
        let facts = LabelFacts { custom: &said, ..facts() }.folded();
        let of = |name: &str, operator, value: &str| LabelCondition {
            field: LabelField::Custom,
            operator,
            value: value.to_owned(),
            name: name.to_owned(),
        };
        assert!(of("situacao", LabelOperator::Equals, "BLOQUEADO").holds(&facts));
        assert!(of("plano", LabelOperator::StartsWith, "fibra").holds(&facts));
        assert!(of("contrato", LabelOperator::IsEmpty, "").holds(&facts));
        assert!(!of("plano", LabelOperator::Equals, "bloqueado").holds(&facts));
        assert!(!of("contrato", LabelOperator::Contains, "fibra").holds(&facts));
    }
}
