//! Grades of different ranges, made comparable by how far each is on the way from its lowest to its highest (T-182, T-184).

/// Into so many parts that way is divided: each grade of a range of up to ten steps stands at a whole one, so sums are exact.
pub const WAY: i64 = 2_520;

/// A range of grades; the highest is above the lowest, by ten at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    pub lowest: i64,
    pub highest: i64,
}

impl Scale {
    /// From one grade to the next there is one step.
    pub fn steps(self) -> i64 {
        (self.highest - self.lowest).max(1)
    }

    /// How far a grade of this range is on the way, from 0 to [`WAY`].
    pub fn way(self, grade: i64) -> i64 {
        (grade - self.lowest) * WAY / self.steps()
    }

    /// The grade of this range that is next to there; halves go up.
    pub fn nearest(self, way: i64) -> i64 {
        self.lowest + (2 * way * self.steps() + WAY) / (2 * WAY)
    }

    /// The mean of `count` grades that are so far together, on this range and to two decimals; none of none.
    pub fn mean(self, ways: i64, count: i64) -> Option<f64> {
        let hundredths = (2 * ways * self.steps() * 100).checked_add(WAY * count)?.checked_div(2 * WAY * count)?;
        Some((self.lowest * 100 + hundredths) as f64 / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Scale, WAY};

    const STARS: Scale = Scale { lowest: 1, highest: 5 };
    const POINTS: Scale = Scale { lowest: 0, highest: 10 };

    #[test]
    fn every_grade_of_every_range_stands_at_a_whole_part() {
        for lowest in 0..10 {
            for highest in lowest + 1..=10 {
                let scale = Scale { lowest, highest };
                for grade in lowest..=highest {
                    assert_eq!(scale.way(grade) * scale.steps(), (grade - lowest) * WAY, "{grade} of {scale:?}");
                    assert_eq!(scale.nearest(scale.way(grade)), grade);
                }
            }
        }
    }

    #[test]
    fn a_grade_of_another_range_goes_to_the_nearest_one() {
        let converted: Vec<i64> = (0..=10).map(|grade| STARS.nearest(POINTS.way(grade))).collect();
        // 5 of 10 is 3 of 1 to 5; 1.25 steps and 3.75 steps from a whole one are none of theirs.
        assert_eq!(converted, [1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5]);
        assert_eq!(Scale { lowest: 0, highest: 1 }.nearest(STARS.way(3)), 1, "halves go up");
    }

    #[test]
    fn a_mean_is_of_what_was_given_and_not_of_what_it_was_rounded_to() {
        assert_eq!(STARS.mean(0, 0), None);
        assert_eq!(STARS.mean(STARS.way(5) + STARS.way(4) + STARS.way(4), 3), Some(4.33));
        assert_eq!(STARS.mean(POINTS.way(7), 1), Some(3.8));
        assert_eq!(POINTS.mean(STARS.way(1), 1), Some(0.0));
        assert_eq!(POINTS.mean(STARS.way(5) * 3_000_000, 3_000_000), Some(10.0));
    }
}
