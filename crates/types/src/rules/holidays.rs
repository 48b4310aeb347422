//! Brazil's holidays, offered for import as exceptional days (T-110): national ones, those of a state, those of its capital, and the days on
//! which many close without having to. Companies check what their own town keeps; holidays that a state moves to a Sunday are left out.
//! Sources: laws 662/1949, 6.802/1980, 9.093/1995, 10.607/2002 and 14.759/2023 for the nation; the states' and capitals' own laws and calendars.

use jiff::{ToSpan, civil};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text_enum::text_enum;

text_enum! {
    /// Who keeps a holiday.
    HolidayScope {
        /// By law, everywhere.
        National = "national",
        State = "state",
        /// The capital of the state.
        Capital = "capital",
        /// Where the company wishes: carnival and Corpus Christi, mostly.
        Optional = "optional",
    }
}

text_enum! {
    /// The states of Brazil and the federal district.
    State {
        Ac = "AC", Al = "AL", Am = "AM", Ap = "AP", Ba = "BA", Ce = "CE", Df = "DF", Es = "ES", Go = "GO",
        Ma = "MA", Mg = "MG", Ms = "MS", Mt = "MT", Pa = "PA", Pb = "PB", Pe = "PE", Pi = "PI", Pr = "PR",
        Rj = "RJ", Rn = "RN", Ro = "RO", Rr = "RR", Rs = "RS", Sc = "SC", Se = "SE", Sp = "SP", To = "TO",
    }
}

/// A holiday of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Holiday {
    #[schema(value_type = String, format = Date)]
    pub date: civil::Date,
    /// As Brazilians call it.
    pub name: String,
    pub scope: HolidayScope,
}

/// When it is each year.
#[derive(Clone, Copy)]
enum On {
    /// A month and a day of it.
    Day(i8, i8),
    /// So many days after Easter Sunday.
    Easter(i32),
}

use HolidayScope::{Capital, National, Optional};
use On::{Day, Easter};

const EVERYWHERE: &[(On, &str, HolidayScope)] = &[
    (Day(1, 1), "Confraternização Universal", National),
    (Easter(-48), "Carnaval (segunda-feira)", Optional),
    (Easter(-47), "Carnaval (terça-feira)", Optional),
    (Easter(-46), "Quarta-feira de Cinzas", Optional),
    (Easter(-2), "Sexta-feira Santa", National),
    (Day(4, 21), "Tiradentes", National),
    (Day(5, 1), "Dia do Trabalho", National),
    (Easter(60), "Corpus Christi", Optional),
    (Day(9, 7), "Independência do Brasil", National),
    (Day(10, 12), "Nossa Senhora Aparecida", National),
    (Day(11, 2), "Finados", National),
    (Day(11, 15), "Proclamação da República", National),
    (Day(11, 20), "Dia da Consciência Negra", National),
    (Day(12, 24), "Véspera de Natal", Optional),
    (Day(12, 25), "Natal", National),
    (Day(12, 31), "Véspera de Ano-Novo", Optional),
];

/// The year in which Black Consciousness Day became a national holiday.
const BLACK_CONSCIOUSNESS_SINCE: i16 = 2024;

/// What a state keeps besides.
const fn of_state(state: State) -> &'static [(On, &'static str)] {
    match state {
        State::Ac => &[
            (Day(1, 23), "Dia do Evangélico"),
            (Day(3, 8), "Dia Internacional da Mulher"),
            (Day(6, 15), "Aniversário do Acre"),
            (Day(9, 5), "Dia da Amazônia"),
            (Day(11, 17), "Tratado de Petrópolis"),
        ],
        State::Al => &[
            (Day(6, 24), "São João"),
            (Day(6, 29), "São Pedro"),
            (Day(9, 16), "Emancipação de Alagoas"),
            (Day(11, 30), "Dia do Evangélico"),
        ],
        State::Am => &[(Day(9, 5), "Elevação do Amazonas a Província"), (Day(12, 8), "Nossa Senhora da Conceição")],
        State::Ap => &[(Day(3, 19), "São José"), (Day(9, 13), "Criação do Território do Amapá")],
        State::Ba => &[(Day(7, 2), "Independência da Bahia")],
        State::Ce => &[(Day(3, 19), "São José"), (Day(3, 25), "Data Magna do Ceará")],
        State::Df => &[(Day(11, 30), "Dia do Evangélico")],
        State::Es => &[(Easter(8), "Nossa Senhora da Penha")],
        State::Ma => &[(Day(7, 28), "Adesão do Maranhão à Independência")],
        State::Ms => &[(Day(10, 11), "Criação de Mato Grosso do Sul")],
        State::Pa => &[(Day(8, 15), "Adesão do Grão-Pará à Independência")],
        State::Pb => &[(Day(8, 5), "Fundação da Paraíba")],
        State::Pe => &[(Day(3, 6), "Data Magna de Pernambuco")],
        State::Pi => &[(Day(10, 19), "Dia do Piauí")],
        State::Rj => &[(Easter(-47), "Carnaval (terça-feira)"), (Day(4, 23), "São Jorge")],
        State::Rn => &[(Day(10, 3), "Mártires de Cunhaú e Uruaçu")],
        State::Ro => &[(Day(1, 4), "Criação de Rondônia"), (Day(6, 18), "Dia do Evangélico")],
        State::Rr => &[(Day(10, 5), "Criação de Roraima")],
        State::Rs => &[(Day(9, 20), "Revolução Farroupilha")],
        State::Se => &[(Day(7, 8), "Emancipação de Sergipe")],
        State::Sp => &[(Day(7, 9), "Revolução Constitucionalista")],
        State::To => &[
            (Day(3, 18), "Autonomia do Tocantins"),
            (Day(9, 8), "Nossa Senhora da Natividade"),
            (Day(10, 5), "Criação do Tocantins"),
        ],
        State::Go | State::Mg | State::Mt | State::Pr | State::Sc => &[],
    }
}

/// What its capital keeps besides.
const fn of_capital(state: State) -> &'static [(On, &'static str)] {
    const CONCEPTION: (On, &str) = (Day(12, 8), "Nossa Senhora da Conceição");
    const JOHN: (On, &str) = (Day(6, 24), "São João");
    match state {
        State::Ac => &[(Day(12, 28), "Aniversário de Rio Branco")],
        State::Al => &[(Day(8, 27), "Nossa Senhora dos Prazeres"), CONCEPTION],
        State::Am => &[(Day(10, 24), "Aniversário de Manaus")],
        State::Ap => &[(Day(2, 4), "Aniversário de Macapá")],
        State::Ba => &[JOHN, CONCEPTION],
        State::Ce => &[(Day(8, 15), "Nossa Senhora da Assunção")],
        State::Df => &[],
        State::Es => &[(Day(9, 8), "Nossa Senhora da Vitória")],
        State::Go => &[(Day(5, 24), "Nossa Senhora Auxiliadora"), (Day(10, 24), "Aniversário de Goiânia")],
        State::Ma => &[(Day(6, 29), "São Pedro"), (Day(9, 8), "Aniversário de São Luís"), CONCEPTION],
        State::Mg => &[(Day(8, 15), "Assunção de Nossa Senhora"), CONCEPTION],
        State::Ms => &[(Day(6, 13), "Santo Antônio"), (Day(8, 26), "Aniversário de Campo Grande")],
        State::Mt => &[(Day(4, 8), "Aniversário de Cuiabá"), CONCEPTION],
        State::Pa => &[(Day(1, 12), "Aniversário de Belém"), CONCEPTION],
        State::Pb => &[JOHN, CONCEPTION],
        State::Pe => &[JOHN, (Day(7, 16), "Nossa Senhora do Carmo"), CONCEPTION],
        State::Pi => &[(Day(8, 16), "Aniversário de Teresina"), CONCEPTION],
        State::Pr => &[(Day(9, 8), "Nossa Senhora da Luz")],
        State::Rj => &[(Day(1, 20), "São Sebastião")],
        State::Rn => &[(Day(1, 6), "Santos Reis"), (Day(11, 21), "Nossa Senhora da Apresentação")],
        State::Ro => &[(Day(1, 24), "Instalação de Porto Velho"), (Day(10, 2), "Criação de Porto Velho")],
        State::Rr => &[(Day(6, 29), "São Pedro"), (Day(7, 9), "Aniversário de Boa Vista"), CONCEPTION],
        State::Rs => &[(Day(2, 2), "Nossa Senhora dos Navegantes")],
        State::Sc => &[(Day(3, 23), "Aniversário de Florianópolis")],
        State::Se => &[(Day(3, 17), "Aniversário de Aracaju"), JOHN, CONCEPTION],
        State::Sp => &[(Day(1, 25), "Aniversário de São Paulo")],
        State::To => &[(Day(3, 19), "São José"), (Day(5, 20), "Aniversário de Palmas")],
    }
}

/// The holidays of a year in their order; with a state also its own and its capital's. A day that several keep stands there once, under whoever
/// keeps it most firmly. Empty for a year outside the calendar.
pub fn in_brazil(year: i16, state: Option<State>) -> Vec<Holiday> {
    let Some(easter) = easter(year) else { return Vec::new() };
    let date = |on| match on {
        Day(month, day) => civil::Date::new(year, month, day).ok(),
        Easter(days) => easter.checked_add(days.days()).ok(),
    };
    let is_kept = |name: &str| year >= BLACK_CONSCIOUSNESS_SINCE || !name.contains("Consciência Negra");
    let everywhere = EVERYWHERE.iter().copied().filter(|(_, name, _)| is_kept(name));
    let own = state.map_or(&[][..], of_state).iter().map(|(on, name)| (*on, *name, HolidayScope::State));
    let capital = state.map_or(&[][..], of_capital).iter().map(|(on, name)| (*on, *name, Capital));
    let mut holidays: Vec<Holiday> = everywhere
        .chain(own)
        .chain(capital)
        .filter_map(|(on, name, scope)| Some(Holiday { date: date(on)?, name: name.to_owned(), scope }))
        .collect();
    let firmness = |scope| [National, HolidayScope::State, Capital, Optional].iter().position(|one| *one == scope);
    holidays.sort_by_key(|holiday| (holiday.date, firmness(holiday.scope)));
    holidays.dedup_by_key(|holiday| holiday.date);
    holidays
}

/// Easter Sunday by the Gregorian calendar (the algorithm of Meeus, Jones and Butcher); none before 1583 or after 9999.
pub fn easter(year: i16) -> Option<civil::Date> {
    if !(1583..=9999).contains(&year) {
        return None;
    }
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{HolidayScope, State, easter, in_brazil};

    #[test]
    fn easter_is_where_the_tables_have_it() {
        let known = [
            (1818, 3, 22),
            (1954, 4, 18),
            (2000, 4, 23),
            (2008, 3, 23),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
        ];
        for (year, month, day) in known {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
        for year in 1583..=9999 {
            let found = easter(year).unwrap();
            assert_eq!(found.weekday(), jiff::civil::Weekday::Sunday);
            assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&found));
        }
        assert_eq!((easter(1500), easter(10_000)), (None, None));
    }

    #[test]
    fn a_year_has_the_nation_s_holidays_in_their_order() {
        let firm = |holidays: Vec<super::Holiday>| {
            let firm = holidays.into_iter().filter(|holiday| holiday.scope == HolidayScope::National);
            firm.map(|holiday| holiday.date).collect::<Vec<_>>()
        };
        assert_eq!(
            firm(in_brazil(2026, None)),
            [(1, 1), (4, 3), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)]
                .map(|(month, day)| date(2026, month, day))
        );
        assert_eq!(firm(in_brazil(2023, None)).len(), 9, "without the day that came in 2024");
        let optional = in_brazil(2026, None);
        assert!(optional.iter().any(|day| day.name == "Corpus Christi" && day.date == date(2026, 6, 4)));
    }

    #[test]
    fn a_state_adds_its_own_and_its_capital_s_and_a_day_stands_there_once() {
        let name = |year, state, month, day| {
            let found = in_brazil(year, Some(state)).into_iter().find(|holiday| holiday.date == date(year, month, day));
            found.map(|holiday| (holiday.name, holiday.scope))
        };
        assert_eq!(name(2026, State::Sp, 7, 9).unwrap().1, HolidayScope::State);
        assert_eq!(name(2026, State::Sp, 1, 25).unwrap().1, HolidayScope::Capital);
        assert_eq!(name(2026, State::Es, 4, 13).unwrap().0, "Nossa Senhora da Penha");
        // Rio keeps Carnival Tuesday by law, others where they wish.
        assert_eq!(name(2026, State::Rj, 2, 17).unwrap().1, HolidayScope::State);
        assert_eq!(name(2026, State::Sp, 2, 17).unwrap().1, HolidayScope::Optional);
        for state in State::ALL {
            for year in 2024..2060 {
                let days = in_brazil(year, Some(*state));
                assert!(days.windows(2).all(|pair| pair[0].date < pair[1].date), "{state:?} {year}");
            }
        }
    }
}
