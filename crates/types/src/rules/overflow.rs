//! Where a conversation goes that has waited too long in a queue (Z-122): to the department beside it, to each once, so that it never goes round.

use crate::{DepartmentId, Timestamp};

/// The longest wait that may be set, in minutes; 0 never goes anywhere.
pub const OVERFLOW_MINUTES_MAX: u32 = 1_440;

/// How a department overflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow {
    pub minutes: u32,
    pub target: Option<DepartmentId>,
}

/// Where a conversation of `here` goes now, if anywhere. `since`: when it came into this queue; `been`: the departments it has already left in
/// this way while it waits.
pub fn next(
    here: DepartmentId,
    rule: Overflow,
    (since, been): (Timestamp, &[DepartmentId]),
    now: Timestamp,
) -> Option<DepartmentId> {
    let is_due = rule.minutes > 0 && now.seconds_since(since) >= 60 * i64::from(rule.minutes);
    rule.target.filter(|target| is_due && *target != here && !been.contains(target))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use uuid::Uuid;

    use super::{Overflow, next};
    use crate::{DepartmentId, Timestamp};

    const fn department(number: u64) -> DepartmentId {
        DepartmentId(Uuid::from_u128(number as u128))
    }

    const fn minute(minutes: i64) -> Timestamp {
        Timestamp(minutes * 60_000_000)
    }

    /// Z-122
    #[test]
    fn it_goes_when_it_has_waited_long_enough_and_not_before() {
        let rule = Overflow { minutes: 5, target: Some(department(2)) };
        for now in 0..20 {
            let expected = (now >= 7).then_some(department(2));
            assert_eq!(next(department(1), rule, (minute(2), &[]), minute(now)), expected, "minute {now}");
        }
        let never = [Overflow { minutes: 0, ..rule }, Overflow { target: None, ..rule }];
        for rule in never {
            assert_eq!(next(department(1), rule, (minute(0), &[]), minute(100_000)), None);
        }
    }

    /// Z-122: whatever the rules, also in rings, a conversation visits each department at most once and comes to rest.
    #[test]
    fn it_visits_each_department_once_and_comes_to_rest() {
        let mut draw = 7_u64;
        let mut any = |below: u64| {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (draw >> 33) % below
        };
        for _ in 0..2_000 {
            let count = 1 + any(6);
            let rules: HashMap<DepartmentId, Overflow> = (0..count)
                .map(|number| {
                    let target = (any(4) > 0).then(|| department(any(count)));
                    (department(number), Overflow { minutes: u32::try_from(any(4)).unwrap(), target })
                })
                .collect();
            let (mut here, mut since, mut been) = (department(any(count)), minute(0), Vec::new());
            let mut visited = vec![here];
            for now in 0..200 {
                let Some(to) = next(here, rules[&here], (since, &been), minute(now)) else { continue };
                assert!(minute(now).seconds_since(since) >= 60 * i64::from(rules[&here].minutes));
                been.push(here);
                (here, since) = (to, minute(now));
                assert!(!visited.contains(&here), "{rules:?}: {visited:?}, {here:?}");
                visited.push(here);
            }
            assert!(visited.len() <= rules.len());
            assert_eq!(next(here, rules[&here], (since, &been), minute(1_000_000)), None, "it rests");
        }
    }
}
