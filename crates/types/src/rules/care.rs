//! Care levels: who serves what visitors begin, and who only what colleagues hand on.

use sea_orm::{ColIdx, QueryResult, TryGetError, TryGetable};
use serde::{Deserialize, Serialize};

/// The level at which somebody serves a project: 1 or 2, everywhere outside of the program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum CareLevel {
    /// Serves what visitors begin, and what is transferred.
    First,
    /// Serves only what another specialist has transferred.
    Second,
}

/// A number that is no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownLevel;

impl std::fmt::Display for UnknownLevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a level is 1 or 2")
    }
}

impl std::error::Error for UnknownLevel {}

impl CareLevel {
    /// The number that stands for it.
    pub const fn number(self) -> u8 {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }
}

impl From<CareLevel> for u8 {
    fn from(level: CareLevel) -> Self {
        level.number()
    }
}

impl TryFrom<u8> for CareLevel {
    type Error = UnknownLevel;

    fn try_from(number: u8) -> Result<Self, UnknownLevel> {
        match number {
            1 => Ok(Self::First),
            2 => Ok(Self::Second),
            _ => Err(UnknownLevel),
        }
    }
}

impl From<CareLevel> for sea_orm::Value {
    fn from(level: CareLevel) -> Self {
        i64::from(level.number()).into()
    }
}

impl TryGetable for CareLevel {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let number = i64::try_get_by(row, index)?;
        let level = u8::try_from(number).ok().and_then(|number| Self::try_from(number).ok());
        level.ok_or_else(|| TryGetError::DbErr(sea_orm::DbErr::Type(format!("{number} is no level of care"))))
    }
}

impl utoipa::PartialSchema for CareLevel {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .enum_values(Some([1, 2]))
            .into()
    }
}

impl utoipa::ToSchema for CareLevel {}

/// At which level somebody serves a project; none for who does not serve it. `direct`: the person's own association; `groups`: those of the
/// groups the person belongs to. The own one wins, else the lowest number. Who has neither serves at Level 1, unless the project
/// is served by associated specialists only.
pub fn level_of(
    direct: Option<CareLevel>,
    groups: impl IntoIterator<Item = CareLevel>,
    only_specialists: bool,
) -> Option<CareLevel> {
    let by_default = (!only_specialists).then_some(CareLevel::First);
    direct.or_else(|| groups.into_iter().min()).or(by_default)
}

/// Whether somebody of a level may have a conversation, offered or by hand. `is_handed_on`: another specialist has transferred it (A-023 to
///
pub fn may_have(level: Option<CareLevel>, is_handed_on: bool) -> bool {
    match level {
        Some(CareLevel::First) => true,
        Some(CareLevel::Second) => is_handed_on,
        None => false,
    }
}

/// A conversation that somebody moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The level of whoever moves it, where it is; none for who serves nothing there, such as an administrator.
    pub by: Option<CareLevel>,
    /// Their level in the department in whose queue it will wait; none where it goes to a person.
    pub there: Option<CareLevel>,
    /// Whether it is open with whoever moves it.
    pub is_own: bool,
    /// Whether it goes to whoever moves it.
    pub to_oneself: bool,
}

impl Move {
    /// Whether that is handing it on: from one specialist to others. Who takes it in this way does not, nor does a Level 2 who moves what it has
    /// not been given, or who has it wait where it is Level 2 itself, since it could serve by that what visitors began.
    pub fn is_handing_on(self) -> bool {
        let second = Some(CareLevel::Second);
        !self.to_oneself && self.there != second && (self.is_own || self.by != second)
    }
}

#[cfg(test)]
mod tests {
    use super::{CareLevel, Move, level_of, may_have};

    const LEVELS: [Option<CareLevel>; 3] = [None, Some(CareLevel::First), Some(CareLevel::Second)];

    /// Every set of up to three groups' levels.
    fn groups() -> Vec<Vec<CareLevel>> {
        let levels = [CareLevel::First, CareLevel::Second];
        let mut all = vec![Vec::new()];
        let mut last = all.clone();
        for _ in 0..3 {
            last = last
                .iter()
                .flat_map(|some: &Vec<CareLevel>| {
                    levels.map(|level| some.iter().copied().chain([level]).collect::<Vec<_>>())
                })
                .collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    ///
    #[test]
    fn the_own_level_wins_else_the_lowest_of_the_groups() {
        for groups in groups() {
            for only in [false, true] {
                for direct in [CareLevel::First, CareLevel::Second] {
                    assert_eq!(level_of(Some(direct), groups.clone(), only), Some(direct), "{groups:?}");
                }
                let lowest = groups.iter().copied().min();
                assert!(lowest.is_none() || level_of(None, groups.clone(), only) == lowest, "{groups:?}");
                // The order of the groups is no matter, and one more group never takes anybody's service away.
                let backwards: Vec<CareLevel> = groups.iter().rev().copied().collect();
                assert_eq!(level_of(None, backwards, only), level_of(None, groups.clone(), only));
                let more = groups.iter().copied().chain([CareLevel::First]);
                assert_eq!(level_of(None, more, only), Some(CareLevel::First));
            }
        }
    }

    ///
    #[test]
    fn who_is_not_associated_serves_at_level_1_unless_only_the_associated_serve() {
        assert_eq!(level_of(None, [], false), Some(CareLevel::First));
        assert_eq!(level_of(None, [], true), None);
    }

    ///
    #[test]
    fn level_2_has_nothing_that_nobody_handed_on_and_level_1_everything() {
        for is_handed_on in [false, true] {
            assert!(may_have(Some(CareLevel::First), is_handed_on));
            assert_eq!(may_have(Some(CareLevel::Second), is_handed_on), is_handed_on);
            assert!(!may_have(None, is_handed_on));
        }
    }

    /// what one has may go on to both levels.
    #[test]
    fn what_is_ones_own_may_be_handed_to_either_level() {
        for by in LEVELS {
            let handed = Move { by, there: None, is_own: true, to_oneself: false };
            for to in [CareLevel::First, CareLevel::Second] {
                assert!(may_have(Some(to), handed.is_handing_on()), "{by:?} to {to:?}");
            }
        }
    }

    /// whatever the moves of people of Level 2, they never come to a conversation that nobody of another level handed on.
    #[test]
    fn people_of_level_2_alone_never_come_to_what_a_visitor_began() {
        let level = Some(CareLevel::Second);
        for to_oneself in [false, true] {
            // Nobody has it, so it is nobody's own; and as it is not handed on, it stays so.
            assert!(!Move { by: level, there: None, is_own: false, to_oneself }.is_handing_on());
        }
        for by in LEVELS {
            for is_own in [false, true] {
                assert!(!Move { by, there: None, is_own, to_oneself: true }.is_handing_on());
                // Nor by way of a department where they are of another level, back to where they are of this one.
                assert!(!Move { by, there: level, is_own, to_oneself: false }.is_handing_on());
            }
        }
    }

    #[test]
    fn a_level_is_one_or_two_on_the_wire() {
        assert_eq!(serde_json::to_string(&[CareLevel::First, CareLevel::Second]).ok().as_deref(), Some("[1,2]"));
        assert_eq!(serde_json::from_str::<CareLevel>("2").ok(), Some(CareLevel::Second));
        for wrong in ["0", "3", "-1", "1.5", "\"1\"", "null", "300"] {
            assert!(serde_json::from_str::<CareLevel>(wrong).is_err(), "{wrong}");
        }
    }
}
