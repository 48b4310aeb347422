//! The people on the other side: invented contacts, some known by name, some by address only, some not at all, some companies.

use std::collections::HashSet;

use balcao_types::rules::text::folded;

use super::{dice::Dice, script::From};

const WOMEN: &[&str] = &[
    "Marina",
    "Juliana",
    "Patrícia",
    "Fernanda",
    "Aline",
    "Beatriz",
    "Cláudia",
    "Débora",
    "Eliane",
    "Francisca",
    "Gabriela",
    "Helena",
    "Isabela",
    "Jéssica",
    "Larissa",
    "Maria Eduarda",
    "Nathália",
    "Priscila",
    "Rosângela",
    "Sandra",
    "Tatiane",
    "Vanessa",
    "Yasmin",
    "Maria das Graças",
    "Simone",
    "Ivone",
    "Letícia",
    "Raquel",
];
const MEN: &[&str] = &[
    "João Pedro",
    "Roberto",
    "Antônio",
    "Carlos Eduardo",
    "Daniel",
    "Edson",
    "Felipe",
    "Gustavo",
    "Henrique",
    "Igor",
    "José Carlos",
    "Leandro",
    "Marcelo",
    "Nelson",
    "Otávio",
    "Paulo Sérgio",
    "Renan",
    "Sebastião",
    "Thiago",
    "Vinícius",
    "Wagner",
    "Luiz Fernando",
    "Cícero",
    "Murilo",
    "Matheus",
    "Joaquim",
    "Éverton",
    "Raimundo",
];
const FAMILIES: &[&str] = &[
    "Ribeiro",
    "Nascimento",
    "Tavares",
    "da Silva",
    "dos Santos",
    "Oliveira",
    "Pereira",
    "Costa",
    "Almeida",
    "Barbosa",
    "Cardoso",
    "Moreira",
    "Gonçalves",
    "Araújo",
    "Monteiro",
    "Batista",
    "Figueiredo",
    "Rezende",
    "Queiroz",
    "Lacerda",
    "Magalhães",
    "Sampaio",
    "Vasconcelos",
    "Nakamura",
    "Bianchi",
    "Schneider",
    "de Paula",
    "Brandão",
    "Xavier",
    "Assis",
];
const COMPANIES: &[&str] = &[
    "Padaria Pão Nosso",
    "Condomínio Águas Claras",
    "Clínica Sorriso",
    "Auto Peças Andrade",
    "Escola Pequeno Mundo",
    "Mercado Bom Preço",
    "Studio Bella Hair",
    "Ferraz & Lima Contabilidade",
    "Pet Shop Amigo Fiel",
    "Academia Movimento",
    "Restaurante Sabor de Minas",
    "Papelaria Central",
    "Ótica Visão",
    "Farmácia Santa Rita",
    "Transportes Irmãos Leal",
    "Imobiliária Porto Seguro",
];

/// Which of the company's pages somebody writes from: the shop asks for name and address, the help page for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Shop,
    Help,
}

/// A contact to be.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: Option<String>,
    pub email: Option<String>,
    /// What an agent calls the person, once known.
    pub first_name: Option<String>,
    pub is_woman: bool,
    pub is_company: bool,
    pub door: Door,
}

impl Person {
    /// Whether a dialogue of this kind suits the person.
    pub fn fits(&self, from: From) -> bool {
        match from {
            From::Anyone => true,
            From::People => !self.is_company,
            From::Companies => self.is_company,
        }
    }
}

/// Invents people, no two with the same name.
#[derive(Default)]
pub struct Town {
    taken: HashSet<String>,
    companies: usize,
}

impl Town {
    /// Somebody new for a dialogue.
    pub fn newcomer(&mut self, from: From, dice: &mut Dice) -> Person {
        let is_company = from == From::Companies || (from == From::Anyone && dice.chance(15));
        match COMPANIES.get(self.companies).filter(|_| is_company) {
            Some(company) => {
                self.companies += 1;
                Self::company(company, dice)
            }
            None => self.person(dice),
        }
    }

    fn company(name: &str, dice: &mut Dice) -> Person {
        let is_woman = dice.chance(50);
        Person {
            name: Some(name.to_owned()),
            email: Some(format!("contato@{}.exemplo.com.br", address_part(name, ""))),
            first_name: Some(first_name(is_woman, dice).to_owned()),
            is_woman,
            is_company: true,
            door: Door::Shop,
        }
    }

    fn person(&mut self, dice: &mut Dice) -> Person {
        let is_woman = dice.chance(54);
        let (first, family) = loop {
            let (first, family) = (first_name(is_woman, dice), dice.word(FAMILIES));
            if self.taken.insert(format!("{first} {family}")) {
                break (first, family);
            }
        };
        let email = format!("{}@exemplo.com.br", address_part(&format!("{first} {family}"), "."));
        let kind = dice.between(1, 100);
        let (name, email, door) = match kind {
            1..=11 => (None, None, Door::Help),
            12..=18 => (None, Some(email), Door::Help),
            19..=24 => (Some(first.to_owned()), None, Door::Help),
            _ => (Some(format!("{first} {family}")), Some(email), Door::Shop),
        };
        let first_name = name.is_some().then(|| first.to_owned());
        Person { name, email, first_name, is_woman, is_company: false, door }
    }
}

fn first_name(is_woman: bool, dice: &mut Dice) -> &'static str {
    dice.word(if is_woman { WOMEN } else { MEN })
}

/// Somebody who is only spoken of.
pub fn somebody(dice: &mut Dice) -> String {
    let is_woman = dice.chance(50);
    format!("{} {}", first_name(is_woman, dice), dice.word(FAMILIES))
}

/// A name as it stands in an address: letters only, words joined.
fn address_part(name: &str, joint: &str) -> String {
    let words: Vec<String> = folded(name)
        .split_whitespace()
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| !word.is_empty() && !["da", "das", "de", "dos"].contains(&word.as_str()))
        .collect();
    words.join(joint)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Dice, From, Town};

    #[test]
    fn nobody_is_there_twice_and_every_kind_is_there() {
        let (mut town, mut dice) = (Town::default(), Dice::new(7));
        let people: Vec<_> = (0..250).map(|_| town.newcomer(From::Anyone, &mut dice)).collect();
        let emails: Vec<_> = people.iter().filter_map(|person| person.email.clone()).collect();
        assert_eq!(emails.iter().collect::<HashSet<_>>().len(), emails.len());
        assert!(emails.iter().all(|email| email.is_ascii() && email.ends_with("exemplo.com.br")));
        assert!(people.iter().any(|person| person.name.is_none() && person.email.is_none()));
        assert!(people.iter().any(|person| person.name.is_none() && person.email.is_some()));
        assert!(people.iter().any(|person| person.is_company));
        assert!(people.iter().all(|person| person.fits(if person.is_company {
            From::Companies
        } else {
            From::People
        })));
    }
}
