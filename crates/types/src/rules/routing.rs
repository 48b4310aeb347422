//! Whom distribution gives a conversation: a pure choice among those who may have it (T-089, X-005).

use super::care::CareLevel;
use crate::{AgentId, Distribution, Timestamp};

/// Somebody who is ready for a conversation in a department: online, and serving there at a level that may have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub agent: AgentId,
    pub level: CareLevel,
    /// How many conversations are open with the person.
    pub open: u32,
    /// With how many the person is full.
    pub limit: u32,
    /// Which place the person has in the department's order; who is not named there has the last one.
    pub place: usize,
    /// When distribution gave the person something last; never stands first. What was taken by hand does not count.
    pub assigned_at: Option<Timestamp>,
}

impl Candidate {
    /// Whether one more is allowed.
    pub const fn has_room(&self) -> bool {
        self.open < self.limit
    }
}

/// With how many somebody is full: of what the company, the department and the person say, the strictest (Z-128, X-022).
pub fn strictest(company: u32, department: Option<u32>, person: Option<u32>) -> u32 {
    [department, person].into_iter().flatten().fold(company, u32::min)
}

/// Who is given the conversation; nobody while distribution is off or everybody is full. `draw`: any number, for the lot.
pub fn choose(distribution: Distribution, candidates: &[Candidate], draw: u64) -> Option<Candidate> {
    let with_room = || candidates.iter().filter(|candidate| candidate.has_room());
    let waited = |candidate: &Candidate| (candidate.assigned_at.map(|at| at.0), candidate.agent);
    let chosen = match distribution {
        Distribution::Off => None,
        Distribution::Random => {
            let count = u64::try_from(with_room().count()).unwrap_or(u64::MAX);
            let place = draw.checked_rem(count)?;
            with_room().nth(usize::try_from(place).ok()?)
        }
        Distribution::RoundRobin => with_room().min_by_key(|candidate| waited(candidate)),
        Distribution::LeastBusy => with_room().min_by_key(|candidate| (candidate.open, waited(candidate))),
        Distribution::InOrder => with_room().min_by_key(|candidate| (candidate.place, candidate.agent)),
    };
    chosen.copied()
}

/// When a person counts as having been given a conversation now: after everybody else, also where several are given in one instant.
pub fn assigned_now(candidates: &[Candidate], now: Timestamp) -> Timestamp {
    let latest = candidates.iter().filter_map(|candidate| candidate.assigned_at).max();
    latest.map_or(now, |latest| now.max(Timestamp(latest.0.saturating_add(1))))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use uuid::Uuid;

    use super::{Candidate, assigned_now, choose};
    use crate::{AgentId, Distribution, Timestamp, rules::care::CareLevel};

    /// Every way but none.
    const HANDING_OUT: [Distribution; 4] =
        [Distribution::Random, Distribution::RoundRobin, Distribution::LeastBusy, Distribution::InOrder];

    fn candidate(id: u128, open: u32, limit: u32, assigned_at: Option<i64>) -> Candidate {
        let (agent, level) = (AgentId(Uuid::from_u128(id)), CareLevel::First);
        Candidate { agent, level, open, limit, place: usize::MAX, assigned_at: assigned_at.map(Timestamp) }
    }

    fn chosen(distribution: Distribution, candidates: &[Candidate]) -> Option<u128> {
        choose(distribution, candidates, 7).map(|candidate| candidate.agent.0.as_u128())
    }

    #[test]
    fn in_turn_is_whoever_has_not_been_given_one_for_longest() {
        let team = [candidate(1, 0, 5, Some(30)), candidate(2, 4, 5, Some(10)), candidate(3, 5, 5, None)];
        assert_eq!(chosen(Distribution::RoundRobin, &team), Some(2));
        let with_new = [candidate(1, 0, 5, Some(30)), candidate(2, 4, 5, None)];
        assert_eq!(chosen(Distribution::RoundRobin, &with_new), Some(2), "who never received stands first");
    }

    #[test]
    fn the_least_busy_is_chosen_and_of_equals_whoever_waited_longest() {
        let team = [candidate(1, 2, 5, Some(1)), candidate(2, 1, 5, Some(9)), candidate(3, 1, 5, Some(4))];
        assert_eq!(chosen(Distribution::LeastBusy, &team), Some(3));
    }

    /// Z-120
    #[test]
    fn in_order_the_first_with_room_is_chosen_however_busy_and_who_is_not_named_comes_last() {
        let placed = |id, open, place| Candidate { place, ..candidate(id, open, 5, Some(9)) };
        let unnamed = candidate(1, 0, 5, None);
        let team = |first_open| [unnamed, placed(2, 0, 1), placed(3, first_open, 0)];
        assert_eq!(chosen(Distribution::InOrder, &team(4)), Some(3));
        assert_eq!(chosen(Distribution::InOrder, &team(5)), Some(2), "the first is full");
        assert_eq!(chosen(Distribution::InOrder, &[candidate(4, 0, 5, None), unnamed]), Some(1));
    }

    #[test]
    fn nobody_is_chosen_where_distribution_is_off_or_all_are_full() {
        assert_eq!(chosen(Distribution::Off, &[candidate(1, 0, 5, None)]), None);
        for distribution in HANDING_OUT {
            assert_eq!(chosen(distribution, &[candidate(1, 5, 5, None), candidate(2, 7, 5, None)]), None);
            assert_eq!(chosen(distribution, &[]), None);
        }
    }

    /// Teams of every size up to four with every mix of loads, limits and turns that can be told apart.
    fn teams() -> Vec<Vec<Candidate>> {
        let people: Vec<(u32, u32, Option<i64>)> = [0, 1, 2]
            .into_iter()
            .flat_map(|open| [1, 2].into_iter().map(move |limit| (open, limit)))
            .flat_map(|(open, limit)| [None, Some(1), Some(2)].into_iter().map(move |at| (open, limit, at)))
            .collect();
        let mut teams = vec![Vec::new()];
        let mut last = teams.clone();
        for id in 1..=3 {
            last = last
                .iter()
                .flat_map(|team: &Vec<Candidate>| {
                    people.iter().map(move |(open, limit, at)| {
                        let mut larger = team.clone();
                        larger.push(candidate(id, *open, *limit, *at));
                        larger
                    })
                })
                .collect();
            teams.extend(last.iter().cloned());
        }
        teams
    }

    #[test]
    fn whoever_is_chosen_has_room_and_somebody_is_chosen_where_anybody_has() {
        let teams = teams();
        assert_eq!(teams.len(), 1 + 18 + 18 * 18 + 18 * 18 * 18);
        for (team, draw) in teams.iter().zip((0..).step_by(7)) {
            for distribution in HANDING_OUT {
                let chosen = choose(distribution, team, draw);
                assert_eq!(chosen.is_some(), team.iter().any(Candidate::has_room), "{distribution} {team:?}");
                assert!(chosen.is_none_or(|chosen| chosen.has_room() && team.contains(&chosen)), "{team:?}");
            }
            if let Some(chosen) = choose(Distribution::LeastBusy, team, draw) {
                assert!(
                    team.iter().filter(|other| other.has_room()).all(|other| other.open >= chosen.open),
                    "{team:?}"
                );
            }
        }
    }

    #[test]
    fn in_turn_everybody_with_room_is_given_as_many_give_or_take_one() {
        for people in 1..9 {
            let mut team: Vec<Candidate> = (1..).take(people).map(|id| candidate(id, 0, 1_000, None)).collect();
            let mut given: BTreeMap<AgentId, usize> = BTreeMap::new();
            for round in 1..=40 {
                // The clock stands still: the turn must not depend on it.
                let at = assigned_now(&team, Timestamp(50));
                let chosen = choose(Distribution::RoundRobin, &team, 0).map(|candidate| candidate.agent);
                for candidate in team.iter_mut().filter(|candidate| Some(candidate.agent) == chosen) {
                    candidate.assigned_at = Some(at);
                    *given.entry(candidate.agent).or_default() += 1;
                }
                let counts = || team.iter().map(|candidate| given.get(&candidate.agent).copied().unwrap_or(0));
                assert_eq!(counts().sum::<usize>(), round);
                assert!(counts().max() <= counts().min().map(|fewest| fewest + 1), "{given:?}");
            }
        }
    }

    #[test]
    fn every_lot_falls_on_somebody_and_each_has_a_lot() {
        for people in 1..9 {
            let team: Vec<Candidate> = (1..).take(people).map(|id| candidate(id, 0, 1, None)).collect();
            let drawn: BTreeSet<AgentId> = (0..)
                .take(people)
                .filter_map(|draw| choose(Distribution::Random, &team, draw))
                .map(|one| one.agent)
                .collect();
            assert_eq!(drawn.len(), people);
        }
    }
}
