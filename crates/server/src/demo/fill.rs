//! Fills the placeholders of a dialogue, so that no two conversations read the same.

use std::collections::HashMap;

use jiff::{Span, Zoned, civil::Weekday};

use super::{
    dice::Dice,
    people::{Person, somebody},
};

/// What may stand in braces in a dialogue.
#[cfg(test)]
pub const PLACEHOLDERS: &[&str] = &[
    "ola",
    "saudacao",
    "nome",
    "atendente",
    "obrigado",
    "Obrigado",
    "mesmo",
    "cobrado",
    "bairro",
    "rua",
    "numero",
    "plano",
    "valor",
    "mega",
    "plano_maior",
    "valor_maior",
    "mega_maior",
    "velocidade",
    "quedas",
    "cpf",
    "codigo",
    "vencimento",
    "mes",
    "data",
    "dia",
    "periodo",
    "chamado",
    "tecnico",
    "titular",
];

const DISTRICTS: &[&str] = &[
    "Jardim das Flores",
    "Centro",
    "Vila Nova",
    "Santa Luzia",
    "Jardim América",
    "Parque dos Ipês",
    "São José",
    "Boa Vista",
    "Alto da Colina",
    "Residencial Primavera",
    "Cidade Nova",
    "Bela Vista",
];
const STREETS: &[&str] = &[
    "Rua das Acácias",
    "Rua Quinze de Novembro",
    "Avenida Brasil",
    "Rua dos Ipês",
    "Rua Tiradentes",
    "Rua José Bonifácio",
    "Avenida Getúlio Vargas",
    "Rua das Laranjeiras",
    "Rua Sete de Setembro",
    "Rua Dom Pedro II",
    "Travessa São Jorge",
    "Rua Padre Anchieta",
    "Rua Santos Dumont",
    "Rua do Comércio",
];
const TECHNICIANS: &[&str] = &["Marcelo", "Jonas", "Anderson", "Wesley", "Diego", "Everaldo"];
const MONTHS: &[&str] = &[
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
/// The plans of the shop's page: name, price, megabits.
const PLANS: [(&str, &str, i64); 3] =
    [("Fibra 300", "R$ 89,90", 300), ("Fibra 500", "R$ 109,90", 500), ("Fibra 800", "R$ 139,90", 800)];

/// An agent as a text needs one.
#[derive(Clone, Copy)]
pub struct Voice<'a> {
    pub first_name: &'a str,
    pub is_woman: bool,
}

/// The words of one conversation.
pub struct Words {
    words: HashMap<&'static str, String>,
    first_name: Option<String>,
    visitor_is_woman: bool,
}

impl Words {
    /// Draws the words for a conversation with somebody that begins at a time.
    pub fn draw(person: &Person, at: &Zoned, dice: &mut Dice) -> Self {
        let mut words = HashMap::new();
        let greeting = match at.hour() {
            4..=11 => "Bom dia",
            12..=17 => "Boa tarde",
            _ => "Boa noite",
        };
        words.insert("saudacao", greeting.to_owned());
        words.insert("ola", hello(greeting, dice));
        words.insert("bairro", dice.word(DISTRICTS).to_owned());
        words.insert("rua", dice.word(STREETS).to_owned());
        words.insert("numero", dice.between(12, 1980).to_string());
        words.insert("tecnico", dice.word(TECHNICIANS).to_owned());
        words.insert("titular", somebody(dice));
        words.insert("cpf", dice.between(100, 999).to_string());
        words.insert("codigo", dice.between(102_030, 987_654).to_string());
        words.insert("chamado", dice.between(4_100_000, 4_999_999).to_string());
        words.insert("quedas", dice.between(7, 23).to_string());
        words.insert("vencimento", dice.word(&["5", "10", "15", "20", "25"]).to_owned());
        words.insert("periodo", dice.word(&["entre 8h e 12h", "entre 13h e 18h"]).to_owned());
        plans(&mut words, dice);
        dates(&mut words, at, dice);
        Self { words, first_name: person.first_name.clone(), visitor_is_woman: person.is_woman }
    }

    /// A visitor's line.
    pub fn visitor(&self, text: &str, agent: Voice<'_>) -> String {
        self.fill(text, agent, self.visitor_is_woman)
    }

    /// An agent's line or note.
    pub fn agent(&self, text: &str, agent: Voice<'_>) -> String {
        self.fill(text, agent, agent.is_woman)
    }

    fn fill(&self, text: &str, agent: Voice<'_>, speaker_is_woman: bool) -> String {
        let ending = |stem: &str, is_woman: bool| format!("{stem}{}", if is_woman { 'a' } else { 'o' });
        let mut out = match &self.first_name {
            Some(name) => text.replace("{nome}", name),
            None => capitalised(&text.replace(", {nome}", "").replace("{nome}, ", "")),
        };
        out = out
            .replace("{atendente}", agent.first_name)
            .replace("{obrigado}", &ending("obrigad", speaker_is_woman))
            .replace("{Obrigado}", &ending("Obrigad", speaker_is_woman))
            .replace("{mesmo}", &ending("mesm", speaker_is_woman))
            .replace("{cobrado}", &ending("cobrad", self.visitor_is_woman));
        for (name, word) in &self.words {
            if out.contains(name) {
                out = out.replace(&format!("{{{name}}}"), word);
            }
        }
        out
    }
}

fn hello(greeting: &str, dice: &mut Dice) -> String {
    let small = greeting.to_lowercase();
    match dice.between(1, 7) {
        1 => format!("Oi, {small}!"),
        2 => format!("{greeting}, tudo bem?"),
        3 => format!("{greeting},"),
        4 => "Olá,".to_owned(),
        5 => "Oi, tudo bem?".to_owned(),
        6 => format!("oi {small},"),
        _ => "Oi,".to_owned(),
    }
}

fn plans(words: &mut HashMap<&'static str, String>, dice: &mut Dice) {
    let [small, middle, large] = PLANS;
    let (own, larger) = if dice.chance(60) { (small, middle) } else { (middle, large) };
    words.insert("plano", own.0.to_owned());
    words.insert("valor", own.1.to_owned());
    words.insert("mega", own.2.to_string());
    words.insert("plano_maior", larger.0.to_owned());
    words.insert("valor_maior", larger.1.to_owned());
    words.insert("mega_maior", larger.2.to_string());
    words.insert("velocidade", dice.between(14, own.2 / 3).to_string());
}

fn dates(words: &mut HashMap<&'static str, String>, at: &Zoned, dice: &mut Dice) {
    let today = at.date();
    let mut day = today.saturating_add(Span::new().days(dice.between(1, 5)));
    if day.weekday() == Weekday::Sunday {
        day = day.tomorrow().unwrap_or(day);
    }
    words.insert("data", day.strftime("%d/%m").to_string());
    words.insert("dia", weekday(day.weekday()).to_owned());
    let last_month = (i64::from(today.month()) + 10) % 12;
    let month = usize::try_from(last_month).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    words.insert("mes", month.to_owned());
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "segunda-feira",
        Weekday::Tuesday => "terça-feira",
        Weekday::Wednesday => "quarta-feira",
        Weekday::Thursday => "quinta-feira",
        Weekday::Friday => "sexta-feira",
        Weekday::Saturday => "sábado",
        Weekday::Sunday => "domingo",
    }
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZone};

    use super::{PLACEHOLDERS, Voice, Words};
    use crate::demo::{
        dice::Dice,
        people::{Door, Person},
    };

    fn person(first_name: Option<&str>) -> Person {
        let name = first_name.map(str::to_owned);
        Person {
            name: name.clone(),
            email: None,
            first_name: name,
            is_woman: true,
            is_company: false,
            door: Door::Help,
        }
    }

    fn words(first_name: Option<&str>, seed: u64) -> Words {
        let at = date(2026, 1, 10).at(9, 30, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        Words::draw(&person(first_name), &at, &mut Dice::new(seed))
    }

    const RAFAEL: Voice<'_> = Voice { first_name: "Rafael", is_woman: false };

    #[test]
    fn every_placeholder_is_filled() {
        for seed in 0..50 {
            let all = PLACEHOLDERS.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(" ");
            let filled = words(Some("Marina"), seed).agent(&all, RAFAEL);
            assert!(!filled.contains(['{', '}']) && !filled.contains("  "), "{filled}");
        }
    }

    #[test]
    fn words_agree_with_who_speaks_and_to_whom() {
        let marina = words(Some("Marina"), 1);
        assert_eq!(marina.visitor("{obrigado}, {atendente}", RAFAEL), "obrigada, Rafael");
        assert_eq!(marina.agent("{saudacao}, {nome}. {Obrigado}", RAFAEL), "Bom dia, Marina. Obrigado");
        assert_eq!(marina.agent("{mes}", RAFAEL), "dezembro");
        let nobody = words(None, 1);
        assert_eq!(nobody.agent("{nome}, a fusão terminou, {nome}", RAFAEL), "A fusão terminou");
    }
}
