//! The diffusion between two ends: its time as a sum of positive terms. The difference of the integrals over one side and over all is
//! nothing but rounding where the potential falls far behind a barrier.

use super::diffusion::{LARGEST_QUADRATURE, panel_width};
use super::grid::{GaussLegendre, ORDER, panels};
use super::{Escape, start::first_positions};
use crate::error::Result;

/// Mean first-passage time out of `(a, b)` in units of `s`, averaged over the starts, and the largest climb on the way, in temperatures.
///
/// With `L = e^{−Φ} ∫_a^w e^Φ`, `A = ∫_a^w L/D` and the same from the other end, `R` and `B`, the solution of `D T'' − L' T' = −1`,
/// `T(a) = T(b) = 0`, is `T = (R A + L B)/(L + R)`.
pub(super) fn passage(escape: &Escape, low: f64) -> Result<(f64, f64)> {
    let starts = first_positions(escape, |w| panel_width(escape, w))?;
    let inside: Vec<(f64, f64)> = starts.into_iter().filter(|&(w, _)| w > low && w < escape.end()).collect();
    let (mut left, mut right) = (FromEnd::new(low, 1.0), FromEnd::new(escape.end(), -1.0));
    let from_low = inside.iter().map(|&(w, _)| left.to(escape, w)).collect::<Result<Vec<_>>>()?;
    let mut from_high = inside.iter().rev().map(|&(w, _)| right.to(escape, w)).collect::<Result<Vec<_>>>()?;
    from_high.reverse();
    let times = from_low.iter().zip(&from_high).map(|(low, high)| {
        // By the larger one, since products and sums of them may leave the numbers.
        let [less, more] = if low.scale < high.scale { [low, high] } else { [high, low] };
        let ratio = less.scale / more.scale;
        (ratio * more.passage + less.passage) / (1.0 + ratio)
    });
    let time = inside.iter().zip(times).map(|((_, weight), time)| weight * time).sum();
    Ok((time, left.climb.max(right.climb)))
}

/// The two integrals from an end to a place.
#[derive(Debug, Clone, Copy)]
struct Integrals {
    /// `e^{−Φ} ∫ e^Φ`.
    scale: f64,
    /// The integral of that over `D`.
    passage: f64,
}

/// They on their way from an end, in the direction `toward`.
struct FromEnd {
    at: f64,
    toward: f64,
    integrals: Integrals,
    /// `Φ` relative to the end.
    exponent: f64,
    highest: f64,
    /// The largest fall of `Φ` so far, seen from the other side a climb.
    climb: f64,
    rule: GaussLegendre,
    running: [[f64; ORDER]; ORDER],
}

impl FromEnd {
    fn new(end: f64, toward: f64) -> FromEnd {
        let rule = GaussLegendre::new();
        let running = rule.running_weights();
        let integrals = Integrals { scale: 0.0, passage: 0.0 };
        FromEnd { at: end, toward, integrals, exponent: 0.0, highest: 0.0, climb: 0.0, rule, running }
    }

    /// Goes on to a place.
    fn to(&mut self, escape: &Escape, place: f64) -> Result<Integrals> {
        let (from, to) = if self.toward > 0.0 { (self.at, place) } else { (place, self.at) };
        if to > from {
            let width = |w: f64| panel_width(escape, w).min(to - from);
            let mut edges = panels(from, to, &escape.potential().breaks(), width, LARGEST_QUADRATURE / ORDER)?;
            if self.toward < 0.0 {
                edges.reverse();
            }
            for edge in edges.windows(2) {
                self.panel(escape, 0.5 * (edge[0] + edge[1]), 0.5 * (edge[1] - edge[0]).abs());
            }
        }
        self.at = place;
        Ok(self.integrals)
    }

    fn panel(&mut self, escape: &Escape, centre: f64, half: f64) {
        let from_start = |values: &[f64; ORDER], i: usize| -> f64 {
            half * self.running[i].iter().zip(values).map(|(w, x)| w * x).sum::<f64>()
        };
        let across = |values: &[f64; ORDER]| -> f64 {
            half * self.rule.weights.iter().zip(values).map(|(w, x)| w * x).sum::<f64>()
        };
        let place = |i: usize| centre + self.toward * half * self.rule.nodes[i];
        let diffusion: [f64; ORDER] = std::array::from_fn(|i| escape.diffusion(place(i)));
        let force: [f64; ORDER] =
            std::array::from_fn(|i| self.toward * escape.potential().slope(place(i)) / diffusion[i]);
        let growth: [f64; ORDER] = std::array::from_fn(|i| libm::exp(from_start(&force, i)));
        let rate: [f64; ORDER] =
            std::array::from_fn(|i| (self.integrals.scale + from_start(&growth, i)) / growth[i] / diffusion[i]);
        let rise = across(&force);
        self.integrals = Integrals {
            scale: (self.integrals.scale + across(&growth)) * libm::exp(-rise),
            passage: self.integrals.passage + across(&rate),
        };
        self.exponent += rise;
        self.highest = self.highest.max(self.exponent);
        self.climb = self.climb.max(self.highest - self.exponent);
    }
}

#[cfg(test)]
mod tests {
    use crate::theory::kramers::{Escape, EscapeNoise, EscapeStart, Polynomial, diffusion_first_passage};

    /// Over two equal barriers of the height 1/4, at temperature `T = λC/2`, to ends beyond them.
    fn quartic(variance: f64, ends: [f64; 2], start: EscapeStart) -> f64 {
        let potential = Polynomial::new(&[0.0, 0.0, 0.5, 0.0, -0.25], 0.0).unwrap();
        let noise = EscapeNoise::Constant { variance };
        let escape = Escape::two_sided(potential, noise, 0.1, ends[0], ends[1]).unwrap().starting(start).unwrap();
        diffusion_first_passage(&escape).unwrap()
    }

    /// Behind a barrier the way on takes no time to speak of, however far the potential falls there.
    #[test]
    fn a_far_fall_on_both_sides_leaves_the_time_alone() {
        for variance in [0.5, 1.0, 3.0] {
            let near = quartic(variance, [-1.8, 1.8], EscapeStart::Minimum);
            let far = quartic(variance, [-2.0, 2.0], EscapeStart::Minimum);
            let further = quartic(variance, [-3.0, 3.0], EscapeStart::Minimum);
            assert!(near < far && far < further && further < 1.02 * near, "{near} {far} {further}");
        }
    }

    /// Two exits that are alike are used twice as often as one: with a wall at the minimum the way is the same.
    #[test]
    fn kramers_has_twice_the_rate() {
        let time = quartic(0.5, [-2.5, 2.5], EscapeStart::Minimum) * 0.1;
        // k_a = 1, |k_b| = 2, ΔL = 1/4, T = 0.025: both barriers; the correction is of the order T/ΔL.
        let rate = 2.0 * 2.0_f64.sqrt() / (2.0 * std::f64::consts::PI) * (-10.0_f64).exp();
        assert!((time * rate - 1.0).abs() < 0.15, "{}", time * rate);
    }

    /// Who begins next to an end leaves there, at once.
    #[test]
    fn the_time_vanishes_towards_either_end() {
        let from = |w: f64| quartic(1.0, [-2.0, 2.0], EscapeStart::Point(w));
        assert!((from(-1.3) / from(1.3) - 1.0).abs() < 1e-12);
        assert!(from(1.999) < 1e-2 && from(1.3) < 0.2 * from(0.0));
    }
}
