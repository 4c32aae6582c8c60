//! The values of a sweep: evenly spaced, or evenly spaced in their logarithm; whole numbers where the parameter is one.

use super::Sweep;
use crate::check::out_of_range;
use crate::error::Result;
use crate::scenario::{Scale, Values, axis};

impl Sweep {
    /// The values of the parameter: `points` of them, evenly spaced on the scale, strictly between the ends. For a parameter
    /// that is a whole number they are the nearest whole numbers, all different.
    ///
    /// ```
    /// use noisy_descent::{Sweep, scenario::Scale};
    /// let sweep = Sweep { from: 1.0, to: 1e4, points: 3, scale: Scale::Log, ..Sweep::default() };
    /// assert_eq!(sweep.values().iter().map(|value| value.round()).collect::<Vec<_>>(), [10.0, 100.0, 1000.0]);
    /// let steps = Sweep { parameter: "steps".into(), from: 0.0, to: 5.0, points: 3, ..Sweep::default() };
    /// assert_eq!(steps.values(), [1.0, 3.0, 4.0]);
    /// ```
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        self.spaced(self.points)
    }

    /// The same with another number of values; of whole numbers at most as many as there are.
    pub(super) fn spaced(&self, count: u32) -> Vec<f64> {
        let count = if self.is_whole() { f64::from(count).min(self.whole_numbers()) as u32 } else { count };
        let steps = f64::from(count) + 1.0;
        let at = |n: u32| {
            let share = f64::from(n) / steps;
            match self.scale {
                Scale::Linear => self.from + (self.to - self.from) * share,
                Scale::Log => self.from * libm::exp(share * libm::log(self.to / self.from)),
            }
        };
        let mut values: Vec<f64> = (1..=count).map(at).collect();
        if self.is_whole() {
            // Rounded, pushed up where two fall together, and back from the upper end.
            let (low, high) = self.whole_ends();
            let mut least = low;
            for value in &mut values {
                *value = value.round().max(least);
                least = *value + 1.0;
            }
            let mut most = high;
            for value in values.iter_mut().rev() {
                *value = value.min(most);
                most = *value - 1.0;
            }
        }
        values
    }

    /// Whether the swept parameter is a whole number.
    pub(super) fn is_whole(&self) -> bool {
        matches!(axis(&self.parameter).map(|known| known.values), Some(Values::Integer(_)))
    }

    /// The smallest and the largest whole number strictly between the ends.
    fn whole_ends(&self) -> (f64, f64) {
        (self.from.floor() + 1.0, self.to.ceil() - 1.0)
    }

    /// How many whole numbers lie strictly between the ends.
    fn whole_numbers(&self) -> f64 {
        let (low, high) = self.whole_ends();
        (high - low + 1.0).max(0.0)
    }

    /// Ends in order, with room for the points, and above zero for a logarithm.
    pub(super) fn check_ends(&self) -> Result<()> {
        if self.to <= self.from {
            return Err(out_of_range("to", self.to, format!("({}, {}]", self.from, 1e12)));
        }
        if self.scale == Scale::Log && self.from <= 0.0 {
            return Err(out_of_range("from", self.from, "(0, 1000000000000] for the scale log"));
        }
        if self.is_whole() && f64::from(self.points) > self.whole_numbers() {
            return match self.whole_numbers() {
                0.0 => {
                    let allowed = format!("({}, ∞), so that a whole number lies between the ends", self.whole_ends().0);
                    Err(out_of_range("to", self.to, allowed))
                }
                most => {
                    let allowed = format!("[1, {most}], the number of whole numbers between the ends");
                    Err(out_of_range("points", f64::from(self.points), allowed))
                }
            };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(from: f64, to: f64, points: u32, scale: Scale) -> Sweep {
        Sweep { parameter: "steps".into(), from, to, points, scale, ..Sweep::default() }
    }

    #[test]
    fn whole_numbers_are_different_and_inside() {
        for scale in [Scale::Linear, Scale::Log] {
            for (from, to, all) in
                [(0.5, 12.5, 11), (1.0, 1000.0, 11), (3.0, 17.0, 11), (0.1, 40.0, 11), (0.99, 3.4, 3)]
            {
                for points in [1, 2, 3, 5, 11].into_iter().filter(|&points| points <= all) {
                    let sweep = whole(from, to, points, scale);
                    assert!(sweep.check_ends().is_ok(), "{sweep:?}");
                    let values = sweep.values();
                    assert_eq!(values.len(), points as usize);
                    assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "{values:?}");
                    assert!(values.iter().all(|v| v.fract() == 0.0 && from < *v && *v < to), "{values:?} of {sweep:?}");
                }
            }
        }
        assert_eq!(whole(0.0, 6.0, 5, Scale::Linear).values(), [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(whole(0.0, 6.0, 3, Scale::Linear).spaced(400).len(), 5, "no more than there are");
    }

    #[test]
    fn a_logarithm_has_equal_ratios_and_needs_a_positive_end() {
        let sweep = Sweep { from: 0.01, to: 1.0, points: 9, scale: Scale::Log, ..Sweep::default() };
        let values = sweep.values();
        for pair in values.windows(2) {
            assert!((pair[1] / pair[0] - 100.0_f64.powf(0.1)).abs() < 1e-13);
        }
        let problem = Sweep { from: 0.0, ..sweep }.check().remove(0);
        assert_eq!(problem.to_string(), "from must lie in (0, 1000000000000] for the scale log, got 0");
    }

    #[test]
    fn room_for_whole_numbers_is_asked_for() {
        let problem = |from, to, points| whole(from, to, points, Scale::Linear).check().remove(0).to_string();
        assert_eq!(
            problem(0.0, 4.0, 30),
            "points must lie in [1, 3], the number of whole numbers between the ends, got 30"
        );
        assert_eq!(problem(1.0, 2.0, 1), "to must lie in (2, ∞), so that a whole number lies between the ends, got 2");
    }
}
