//! The escape of the diffusion `dw = −L' ds + √(2D(w)) dW` (Ito), `D = λC/2`, `s = λt`: the limit of small learning rates.

use super::grid::{GaussLegendre, ORDER, panels};
use super::start::{first_positions, span};
use super::{Escape, EscapeStart, two_sided};
use crate::check::out_of_range;
use crate::error::Result;

/// Largest number of nodes of a quadrature; they cost little each.
pub(super) const LARGEST_QUADRATURE: usize = 400_000;

/// How much a panel's exponent may change: the exponential is then a polynomial of degree 19 to double precision.
const PANEL_EXPONENT: f64 = 2.0;

/// Exponent at which the far side of the well is cut off: a weight of 1e-20.
const CUT_OFF: f64 = 46.0;

/// Largest barrier over temperature; beyond it the times leave double precision.
const LARGEST_EXPONENT: f64 = 600.0;

/// How often the far side is moved out until its exponent is reached; each time by half.
const EXTENSIONS: usize = 64;

/// The mean first-passage time of the diffusion from the start to the end, in update steps, by quadrature; from the minimum
///
/// `λ T = ∫_{w_0}^{e} e^{Φ(y)} ∫_{−∞}^{y} e^{−Φ(z)}/D(z) dz dy`, `Φ' = L'/D`,
///
/// and with two ends the corresponding solution of `D T'' − L' T' = −1`. Of other starts that a walker may have it takes the average; who has
/// settled first leaves with the rate of the slowest solution, which no quadrature gives.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) of `barrier_exponent` when the barrier is more than 600 temperatures
/// high, of `grid_nodes` when the potential is too wide or too steep for the quadrature, of `start` for a walker that has settled.
///
/// ```
/// use noisy_descent::theory::kramers::{Escape, EscapeNoise, PiecewiseQuadratic, diffusion_first_passage};
/// // Fig. 6(b): the time in steps falls as 1/r, because r only rescales time.
/// let steps = |r| {
///     let potential = PiecewiseQuadratic::new(r, r, 1.0)?;
///     let noise = EscapeNoise::Curvature { batch_size: 1.0, white: 0.0 };
///     diffusion_first_passage(&Escape::new(potential, noise, 0.15, 2.0)?)
/// };
/// assert!((steps(1.0)? - 1211.79989).abs() < 1e-5);
/// assert!((steps(6.0)? * 6.0 / steps(1.0)? - 1.0).abs() < 1e-12);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn diffusion_first_passage(escape: &Escape) -> Result<f64> {
    if let EscapeStart::Settled { steps: 1.. } = escape.start() {
        return Err(out_of_range("start", f64::NAN, "a start from which the diffusion has a time by quadrature"));
    }
    let (time, climb) = match escape.lower_end() {
        Some(low) => two_sided::passage(escape, low)?,
        None => one_sided(escape)?,
    };
    if climb > LARGEST_EXPONENT || !time.is_finite() {
        return Err(out_of_range("barrier_exponent", climb, format!("[0, {LARGEST_EXPONENT}]")));
    }
    Ok(time / escape.learning_rate())
}

/// The time to the end alone, in units of `s`, and the largest climb on the way.
fn one_sided(escape: &Escape) -> Result<(f64, f64)> {
    let low = cut_off(escape, span(escape)[0].min(escape.potential().minimum()))?;
    let is_inside = |w: f64| w > low && w < escape.end();
    let width = |w: f64| panel_width(escape, w);
    let starts = first_positions(escape, width)?;
    // ∫ J from the low end, with J = e^Φ ∫ e^{−Φ}/D.
    let mut sweep = Sweep::new();
    let (mut at, mut before, mut weight_inside) = (low, 0.0, 0.0);
    for (from, weight) in starts.into_iter().filter(|&(from, _)| is_inside(from)) {
        sweep.across(escape, at, from)?;
        at = from;
        before += weight * sweep.passage;
        weight_inside += weight;
    }
    sweep.across(escape, at, escape.end())?;
    Ok((weight_inside * sweep.passage - before, sweep.climb))
}

/// The rate of Kramers for the Ito diffusion over a barrier to the right, per unit of `s`:
/// `(1/2π) √(k_a |k_b| D_a/D_b) exp(−∫_a^b L'/D dw)`, the asymptotic one for a high barrier.
///
/// With `C = |k|/S` the prefactor is `k_a/2π`; Eq. 24 prints `|k_b|/2π` (erratum 9).
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) of `barrier_curvature` when there is no barrier to the right.
///
/// ```
/// use noisy_descent::theory::kramers::{Escape, EscapeNoise, PiecewiseQuadratic, ito_kramers_rate};
/// let noise = EscapeNoise::Curvature { batch_size: 1.0, white: 0.0 };
/// let escape = Escape::new(PiecewiseQuadratic::new(1.0, 4.0, 1.0)?, noise, 0.2, 2.0)?;
/// assert!((ito_kramers_rate(&escape)? / 4.0 - 1.328e-3).abs() < 5e-7);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn ito_kramers_rate(escape: &Escape) -> Result<f64> {
    let shape = escape.potential().barrier_shape()?;
    let (minimum, top) = (escape.potential().minimum(), escape.potential().barrier().unwrap_or(f64::NAN));
    let mut sweep = Sweep::new();
    sweep.across(escape, minimum, top)?;
    let ratio = escape.diffusion(minimum) / escape.diffusion(top);
    let prefactor = (shape.well_curvature * shape.barrier_curvature * ratio).sqrt() / (2.0 * std::f64::consts::PI);
    Ok(prefactor * libm::exp(-sweep.exponent))
}

/// Where the density of the well is negligible beside that at a place of it or on its far side.
fn cut_off(escape: &Escape, from: f64) -> Result<f64> {
    let minimum = escape.potential().minimum();
    let mut reach = (2.0 * CUT_OFF * escape.diffusion(minimum) / escape.potential().curvature(minimum)).sqrt();
    for _ in 0..EXTENSIONS {
        let mut sweep = Sweep::new();
        sweep.across(escape, from - reach, from)?;
        if -sweep.exponent >= CUT_OFF * (1.0 - 1e-9) {
            break;
        }
        reach *= 1.5;
    }
    Ok(from - reach)
}

/// Width of a panel over which the exponent changes little.
pub(super) fn panel_width(escape: &Escape, w: f64) -> f64 {
    let (diffusion, curvature) = (escape.diffusion(w), escape.potential().curvature(w).abs());
    let by_slope = PANEL_EXPONENT * diffusion / escape.potential().slope(w).abs();
    let by_curvature = (PANEL_EXPONENT * diffusion / curvature).sqrt();
    by_slope.min(by_curvature).min(escape.variance_length(w))
}

/// Running integrals from left to right.
struct Sweep {
    /// `Φ` relative to the start.
    exponent: f64,
    /// `J = e^Φ ∫ e^{−Φ}/D`: no larger than the barrier makes it, wherever `Φ` starts.
    inner: f64,
    /// `∫ J`.
    passage: f64,
    lowest: f64,
    /// The largest rise of `Φ` so far, from any point to one right of it.
    climb: f64,
    rule: GaussLegendre,
    running: [[f64; ORDER]; ORDER],
}

impl Sweep {
    fn new() -> Sweep {
        let rule = GaussLegendre::new();
        let running = rule.running_weights();
        Sweep { exponent: 0.0, inner: 0.0, passage: 0.0, lowest: 0.0, climb: 0.0, rule, running }
    }

    /// Goes on over `[from, to]`.
    fn across(&mut self, escape: &Escape, from: f64, to: f64) -> Result<()> {
        let width = |w: f64| panel_width(escape, w).min(to - from);
        let edges = panels(from, to, &escape.potential().breaks(), width, LARGEST_QUADRATURE / ORDER)?;
        for edge in edges.windows(2) {
            self.panel(escape, 0.5 * (edge[0] + edge[1]), 0.5 * (edge[1] - edge[0]));
        }
        Ok(())
    }

    fn panel(&mut self, escape: &Escape, centre: f64, half: f64) {
        let running = &self.running;
        let from_start = |values: &[f64; ORDER], i: usize| -> f64 {
            half * running[i].iter().zip(values).map(|(w, x)| w * x).sum::<f64>()
        };
        let across = |values: &[f64; ORDER]| -> f64 {
            half * self.rule.weights.iter().zip(values).map(|(w, x)| w * x).sum::<f64>()
        };
        let mut force = [0.0; ORDER];
        let mut diffusion = [0.0; ORDER];
        for i in 0..ORDER {
            let w = centre + half * self.rule.nodes[i];
            diffusion[i] = escape.diffusion(w);
            force[i] = escape.potential().slope(w) / diffusion[i];
        }
        let mut growth = [0.0; ORDER];
        let mut weight = [0.0; ORDER];
        for i in 0..ORDER {
            growth[i] = libm::exp(from_start(&force, i));
            weight[i] = 1.0 / (growth[i] * diffusion[i]);
        }
        let mut inner = [0.0; ORDER];
        for i in 0..ORDER {
            inner[i] = growth[i] * (self.inner + from_start(&weight, i));
        }
        let rise = across(&force);
        let passage = across(&inner);
        self.inner = libm::exp(rise) * (self.inner + across(&weight));
        self.passage += passage;
        self.exponent += rise;
        self.lowest = self.lowest.min(self.exponent);
        self.climb = self.climb.max(self.exponent - self.lowest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::kramers::{EscapeNoise, Polynomial};

    /// A parabola `w²/2` and `D = 1/2`.
    fn parabola(lower_end: Option<f64>, end: f64) -> f64 {
        let (potential, learning_rate) = (Polynomial::new(&[0.0, 0.0, 0.5], 0.0).unwrap(), 0.5);
        let noise = EscapeNoise::Constant { variance: 2.0 };
        let escape = match lower_end {
            None => Escape::new(potential, noise, learning_rate, end),
            Some(lower_end) => Escape::two_sided(potential, noise, learning_rate, lower_end, end),
        };
        diffusion_first_passage(&escape.unwrap()).unwrap() * learning_rate
    }

    #[test]
    fn a_symmetric_exit_is_the_known_series() {
        // T'' − 2w T' = −2, T(±a) = 0: T(0) = Σ_{n≥0} 2^{2n+2} n! a^{2n+2}/((2n+2)!) … summed term by term
        let a = 1.3_f64;
        let (mut coefficient, mut power, mut sum) = (1.0, a * a, 0.0);
        for n in 0..60 {
            sum += coefficient * power;
            // f_{n+1} = f_n · 2(2n+2)/((2n+3)(2n+4)), from f'' − 2w f' = 2 with f = Σ f_n w^{2n+2}
            coefficient *= 2.0 * (2 * n + 2) as f64 / ((2 * n + 3) * (2 * n + 4)) as f64;
            power *= a * a;
        }
        assert!((parabola(Some(-a), a) / sum - 1.0).abs() < 1e-13);
    }

    #[test]
    fn other_starts_solve_the_same_equation() {
        // On (−a, a) without a force to speak of T = (a² − w²)/2D; D = 1/2.
        let potential = Polynomial::new(&[0.0, 0.0, 5e-13], 0.0).unwrap();
        let (a, learning_rate) = (1.5, 0.5);
        let flat = Escape::two_sided(potential, EscapeNoise::Constant { variance: 2.0 }, learning_rate, -a, a).unwrap();
        let from =
            |start| diffusion_first_passage(&flat.clone().starting(start).unwrap()).map(|steps| steps * learning_rate);
        for w in [-1.2, 0.0, 0.7] {
            assert!((from(EscapeStart::Point(w)).unwrap() - (a * a - w * w)).abs() < 1e-10);
        }
        assert_eq!(from(EscapeStart::Point(2.0)).unwrap(), 0.0);
        // Narrow enough that none of it lies outside, or nearly none: a² − s².
        let gaussian = from(EscapeStart::Gaussian { variance: 0.03 }).unwrap();
        assert!((gaussian - (a * a - 0.03)).abs() < 1e-10, "{gaussian}");
        // T(0) is T(w) and the time from 0 to w: one barrier, one way.
        let cubic = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.0).unwrap();
        let noise = EscapeNoise::Constant { variance: 1.0 };
        let leg = |start, end| {
            let escape = Escape::new(cubic.clone(), noise, 0.3, end).unwrap();
            diffusion_first_passage(&escape.starting(start).unwrap()).unwrap()
        };
        let (whole, first) = (leg(EscapeStart::Minimum, 2.0), leg(EscapeStart::Minimum, 0.8));
        assert!((leg(EscapeStart::Point(0.8), 2.0) / (whole - first) - 1.0).abs() < 1e-11);
        assert!(leg(EscapeStart::Point(-4.0), 2.0) > whole, "from beyond where the well's density is cut off");
        let settled = from(EscapeStart::Settled { steps: 3 }).unwrap_err();
        assert_eq!(settled.parameter(), "start");
    }

    #[test]
    fn a_far_lower_end_does_not_matter_and_a_near_one_does() {
        let one_sided = parabola(None, 1.5);
        assert!((parabola(Some(-7.0), 1.5) / one_sided - 1.0).abs() < 1e-12);
        assert!(parabola(Some(-1.5), 1.5) < 0.6 * one_sided);
    }

    #[test]
    fn a_long_fall_behind_the_barrier_is_no_barrier() {
        let potential = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.0).unwrap();
        let escape = |end| Escape::new(potential.clone(), EscapeNoise::Constant { variance: 1.0 }, 0.1, end).unwrap();
        let (near, far) = (diffusion_first_passage(&escape(3.0)), diffusion_first_passage(&escape(9.0)));
        assert!(far.unwrap() / near.unwrap() < 1.01);
    }

    #[test]
    fn a_barrier_beyond_double_precision_is_named() {
        let potential = Polynomial::new(&[0.0, 0.0, 0.5, -1.0 / 3.0], 0.0).unwrap();
        let escape = Escape::new(potential, EscapeNoise::Constant { variance: 1e-3 }, 0.1, 2.0).unwrap();
        assert_eq!(diffusion_first_passage(&escape).unwrap_err().parameter(), "barrier_exponent");
    }
}
