//! The escape of the discrete walker, exact: its transition kernel on a quadrature grid (Nyström).

use super::elimination::AbsorbingChain;
use super::grid::Grid;
use super::start::{first_positions, span};
use super::{Escape, EscapeStart};
use crate::check::out_of_range;
use crate::error::{Error, Result};
use serde::Serialize;
use std::f64::consts::{PI, SQRT_2};

/// Largest number of grid nodes: the kernel takes 32 MB and its elimination at most 3·10⁹ multiplications.
///
/// ```
/// use noisy_descent::theory::kramers::{Escape, EscapeNoise, LARGEST_GRID, PiecewiseQuadratic, chain_escape};
/// let noise = EscapeNoise::Constant { variance: 1.0 };
/// let tiny_steps = Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?, noise, 1e-6, 2.0)?;
/// let error = chain_escape(&tiny_steps).unwrap_err();
/// assert!(error.parameter() == "grid_nodes" && error.allowed().starts_with(&format!("[1, {LARGEST_GRID}]")));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub const LARGEST_GRID: usize = 2000;

/// Width of a panel of 20 nodes, in standard deviations of the narrowest Gaussian under the integral: the quadrature
/// error of one is below 1e-16 there.
const PANEL_WIDTH: f64 = 6.0;

/// Steps longer than this many standard deviations are left out, which makes the kernel a band, unless the escape is so
/// rare that they might matter.
const LONGEST_STEP: f64 = 12.0;

/// Probability of a step longer than that, which is about what leaving it out can change in an escape probability.
const LONGER_STEPS: f64 = 4e-33;

/// Beyond this many standard deviations a Gaussian is zero in double precision.
const ANY_STEP: f64 = 39.0;

/// What may leak through the far end of the grid per step, relative to the escape.
const LEAK: f64 = 1e-13;

/// Share of the walkers that may leave the far end of the grid by their first step, and are not followed.
const FIRST_LEAK: f64 = 1e-11;

/// How far from the quasi-stationary law, by the sum of all differences, the law of the walkers inside is that law.
const FORGOTTEN: f64 = 1e-8;

/// How often the far end is moved out before giving up; each time by half.
const EXTENSIONS: usize = 8;

/// Cap on the steps to the quasi-stationary state. Each multiplies the error by the ratio of the escape rate to the rate of
/// relaxation in the well.
const ITERATIONS: usize = 2000;

/// Relative change of the escape probability from one such step to the next that is rounding only: the sums run over up to
/// 2000 nodes.
const SETTLED: f64 = 100.0 * f64::EPSILON;

/// Positions probed for the reach of a step.
const PROBES: usize = 256;

/// The exact escape of a discrete walker.
///
/// ```
/// use noisy_descent::theory::kramers::{ChainEscape, Escape, EscapeNoise, PiecewiseQuadratic, chain_escape};
/// let noise = EscapeNoise::Constant { variance: 0.2 };
/// let out: ChainEscape = chain_escape(&Escape::new(PiecewiseQuadratic::new(1.0, 1.0, 1.0)?, noise, 0.5, 2.0)?)?;
/// assert!((out.rate_per_step + (1.0 - out.probability_per_step).ln()).abs() < 1e-12);
/// assert!((out.rate - out.rate_per_step / 0.5).abs() < 1e-12);
/// // The mean time from a place falls towards the end; from the minimum of a deep well it is near 1/p.
/// assert!(out.first_passages.windows(2).all(|pair| pair[0] > pair[1]) && out.positions.is_sorted());
/// assert!((out.mean_first_passage * out.probability_per_step - 1.0).abs() < 0.01);
/// // Hardly any walker is found at the end of the grid.
/// assert!(out.density[0] < 1e-6 * out.density.iter().copied().fold(0.0, f64::max));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct ChainEscape {
    /// Probability `p` to get out in one step, once the walker has forgotten its start.
    pub probability_per_step: f64,
    /// Rate `−ln(1−p)` per step.
    pub rate_per_step: f64,
    /// Rate per unit of `s = λt`, to hold against the rates of the diffusion.
    pub rate: f64,
    /// Mean number of steps from the start until the walker is out.
    pub mean_first_passage: f64,
    /// Grid positions, ascending.
    pub positions: Vec<f64>,
    /// Quasi-stationary density `π` at the positions: the law of the walkers still inside, after a long time. Its integral
    /// is 1.
    pub density: Vec<f64>,
    /// Mean number of steps until out, from each of the positions.
    pub first_passages: Vec<f64>,
}

/// The exact escape of a discrete walker.
///
/// On Gauss–Legendre nodes `w_i` the kernel `N(w'; w − λL'(w), λ²C(w))` becomes a Markov chain with absorption, the
/// Gaussian's weight beyond the end. Its mean first passage solves `τ = 1 + ∫ P(y|w) τ(y) dy`, its quasi-stationary density
/// is the leading left eigenvector, and `p = ∫ π(w) Prob(out | w) dw`. The elimination subtracts nothing, so that a rate of
/// 1e-30 is as accurate as one of 0.1: ten digits or more.
///
/// # Errors
/// [`Error::OutOfRange`] of `grid_nodes` when more than [`LARGEST_GRID`] nodes are needed (a very small learning rate,
/// an end very far away), of `escape_probability` when it is too small for double precision, or of `lower_end` when the
/// potential confines the walker so weakly to the left that no grid holds it;
/// [`Error::NotConverged`] when the quasi-stationary state is not reached within a cap, or not after the many steps in which a
/// walker is to settle.
///
/// ```
/// use noisy_descent::theory::kramers::{Escape, EscapeNoise, PiecewiseQuadratic, chain_escape};
/// // Fig. 6(b) at r = 6
/// let potential = PiecewiseQuadratic::new(1.0, 1.0, 1.0)?.scaled(6.0)?;
/// let noise = EscapeNoise::Curvature { batch_size: 1.0, white: 0.0 };
/// let exact = chain_escape(&Escape::new(potential, noise, 0.15, 2.0)?)?;
/// assert!((exact.rate / 6.0 - 9.41e-3).abs() < 5e-6);
/// assert!((exact.mean_first_passage - 122.6314).abs() < 1e-4);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn chain_escape(escape: &Escape) -> Result<ChainEscape> {
    if let Some(low) = escape.lower_end() {
        return Ok(with_enough_steps(escape, low)?.0);
    }
    let minimum = escape.potential().minimum();
    let mut reach = minimum - lower_reach(escape);
    for _ in 0..EXTENSIONS {
        let (result, is_held) = with_enough_steps(escape, minimum - reach)?;
        if is_held {
            return Ok(result);
        }
        reach *= 1.5;
    }
    Err(out_of_range("lower_end", minimum - reach, "where no walker gets to; give a lower end"))
}

/// A position below which the walker hardly ever is: as many standard deviations of the well as make it rarer than an
/// escape, and below every place that a step from within, or the first, can lead to.
fn lower_reach(escape: &Escape) -> f64 {
    let (potential, minimum, end) = (escape.potential(), escape.potential().minimum(), escape.end());
    let x = escape.learning_rate() * potential.curvature(minimum);
    let deviation = escape.step_deviation(minimum) / (x * (2.0 - x)).sqrt();
    let temperature = escape.diffusion(minimum);
    let (mut height, mut lowest) = (0.0_f64, minimum);
    for i in 0..=PROBES {
        let w = minimum + (end - minimum) * i as f64 / PROBES as f64;
        height = height.max((potential.value(w) - potential.value(minimum)) / temperature);
        lowest = lowest.min(escape.landing(w) - 6.0 * escape.step_deviation(w));
    }
    let [left, right] = span(escape);
    for i in 0..=PROBES {
        let w = left + (right - left) * i as f64 / PROBES as f64;
        lowest = lowest.min(escape.landing(w) - 7.0 * escape.step_deviation(w));
    }
    lowest.min(minimum - deviation * (2.0 * (height + 30.0)).sqrt())
}

/// The escape with a grid from `low` to the end, with steps of any length where they may matter, and whether the grid holds the walkers.
fn with_enough_steps(escape: &Escape, low: f64) -> Result<(ChainEscape, bool)> {
    match on_grid(escape, low, PANEL_WIDTH, LONGEST_STEP) {
        Ok(found) if LONGER_STEPS <= f64::EPSILON * found.0.probability_per_step => Ok(found),
        Err(error) if error.parameter() == "grid_nodes" => Err(error),
        _ => on_grid(escape, low, PANEL_WIDTH, ANY_STEP),
    }
}

/// The escape with a grid from `low` to the end, and whether hardly any walker leaves it at `low` if that is no exit.
fn on_grid(escape: &Escape, low: f64, panel_width: f64, longest_step: f64) -> Result<(ChainEscape, bool)> {
    let (learning_rate, end) = (escape.learning_rate(), escape.end());
    let grid = nodes(escape, low, panel_width)?;
    let n = grid.positions.len();
    let two_sided = escape.lower_end().is_some();
    let (mut transitions, mut absorption, mut leaks) = (vec![0.0; n * n], vec![0.0; n], vec![0.0; n]);
    for (i, &from) in grid.positions.iter().enumerate() {
        let (mean, deviation) = (escape.landing(from), escape.step_deviation(from));
        gaussian(mean, deviation, longest_step, &grid, &mut transitions[i * n..(i + 1) * n]);
        let beyond = |distance: f64| 0.5 * libm::erfc(distance / (deviation * SQRT_2));
        absorption[i] = beyond(end - mean);
        if two_sided {
            absorption[i] += beyond(mean - low);
        } else {
            leaks[i] = beyond(mean - low);
        }
    }
    let too_rare = || out_of_range("escape_probability", 0.0, "what double precision holds, [1e-300, 1]");
    // Only who is to settle is followed step by step.
    let steps_before = match escape.start() {
        EscapeStart::Settled { steps } => steps,
        _ => 0,
    };
    let kernel = if steps_before > 1 { transitions.clone() } else { Vec::new() };
    let chain = AbsorbingChain::new(transitions, &absorption).ok_or_else(too_rare)?;
    let first_passages = chain.solve(&vec![1.0; n]);
    if !first_passages.iter().all(|steps| steps.is_finite()) {
        return Err(too_rare());
    }

    let mut mass = quasi_stationary(&chain, &absorption)?;
    let expected = |of: &[f64]| mass.iter().zip(of).map(|(m, x)| m * x).sum::<f64>();
    let (probability, leak) = (expected(&absorption), expected(&leaks));
    if !(probability > 1e-300 && probability <= 1.0) {
        return Err(too_rare());
    }
    let (mut mean_first_passage, mut first_leak) = (0.0, 0.0);
    let mut landed = vec![0.0; n];
    for (from, weight) in first_positions(escape, |w| panel_width / sharpness(escape, w))? {
        let (mean, deviation) = (escape.landing(from), escape.step_deviation(from));
        landed.fill(0.0);
        gaussian(mean, deviation, longest_step, &grid, &mut landed);
        mean_first_passage += weight * (1.0 + landed.iter().zip(&first_passages).map(|(p, t)| p * t).sum::<f64>());
        if !two_sided {
            first_leak += weight * 0.5 * libm::erfc((mean - low) / (deviation * SQRT_2));
        }
    }
    if steps_before > 0 {
        settle(&mut landed, &kernel, &mass, steps_before - 1)?;
        mean_first_passage = landed.iter().zip(&first_passages).map(|(m, t)| m * t).sum();
    }
    let is_held = leak <= LEAK * probability && first_leak <= FIRST_LEAK;
    for (m, weight) in mass.iter_mut().zip(&grid.weights) {
        *m /= weight;
    }
    let rate_per_step = -libm::log1p(-probability);
    let result = ChainEscape {
        probability_per_step: probability,
        rate_per_step,
        rate: rate_per_step / learning_rate,
        mean_first_passage,
        positions: grid.positions,
        density: mass,
        first_passages,
    };
    Ok((result, is_held))
}

/// Nodes from `low` to the end. As functions of the starting point, the kernel is a Gaussian `σ(w)/|1 − λL''(w)|` wide and the
/// density at least as smooth as the narrowest step; a panel resolves their product.
fn nodes(escape: &Escape, low: f64, panel_width: f64) -> Result<Grid> {
    let end = escape.end();
    let mut narrowest = f64::INFINITY;
    let breaks = escape.potential().breaks();
    let probes = (0..=PROBES).map(|i| low + (end - low) * i as f64 / PROBES as f64);
    for w in probes.chain(breaks.iter().copied().filter(|&w| w > low && w < end)) {
        narrowest = narrowest.min(escape.step_deviation(w));
    }
    let width = |w: f64| {
        let product = sharpness(escape, w).hypot(1.0 / narrowest);
        (panel_width / product).min(escape.variance_length(w))
    };
    Grid::new(low, end, &breaks, width, LARGEST_GRID)
}

/// One over the width of the kernel as a function of the starting point.
fn sharpness(escape: &Escape, w: f64) -> f64 {
    (1.0 - escape.learning_rate() * escape.potential().curvature(w)).abs() / escape.step_deviation(w)
}

/// Moves a law on by so many steps of the kernel, of those who stay inside; the sum is 1 afterwards. It is the quasi-stationary one, `settled`,
/// once it is near.
fn settle(law: &mut Vec<f64>, kernel: &[f64], settled: &[f64], steps: u64) -> Result<()> {
    let n = law.len();
    let normalise = |law: &mut [f64]| {
        let total: f64 = law.iter().sum();
        law.iter_mut().for_each(|m| *m /= total);
    };
    normalise(law);
    for step in 0..steps {
        let apart: f64 = law.iter().zip(settled).map(|(a, b)| (a - b).abs()).sum();
        if apart <= FORGOTTEN {
            law.copy_from_slice(settled);
            return Ok(());
        }
        if step >= ITERATIONS as u64 {
            return Err(Error::NotConverged { parameter: "the law in the well".into(), iterations: ITERATIONS });
        }
        let mut next = vec![0.0; n];
        for (row, &mass) in kernel.chunks_exact(n).zip(&*law) {
            if mass > 0.0 {
                for (to, p) in next.iter_mut().zip(row) {
                    *to += mass * p;
                }
            }
        }
        *law = next;
        normalise(law);
    }
    Ok(())
}

/// Probabilities of the nodes under a Gaussian, none farther out than `longest` standard deviations.
fn gaussian(mean: f64, deviation: f64, longest: f64, grid: &Grid, into: &mut [f64]) {
    let scale = 1.0 / (deviation * (2.0 * PI).sqrt());
    let start = grid.positions.partition_point(|&position| position < mean - longest * deviation);
    let near = grid.positions[start..].iter().zip(&grid.weights[start..]);
    for (probability, (position, weight)) in into[start..].iter_mut().zip(near) {
        let z = (position - mean) / deviation;
        if z > longest {
            break;
        }
        *probability = scale * weight * libm::exp(-0.5 * z * z);
    }
}

/// The leading left eigenvector, of sum 1, by inverse iteration: all numbers stay positive.
fn quasi_stationary(chain: &AbsorbingChain, absorption: &[f64]) -> Result<Vec<f64>> {
    let n = absorption.len();
    let mut mass = vec![1.0 / n as f64; n];
    let (mut probability, mut settled) = (0.0_f64, 0);
    for _ in 0..ITERATIONS {
        mass = chain.solve_transposed(&mass);
        let total: f64 = mass.iter().sum();
        if !(total > 0.0 && total.is_finite()) {
            break;
        }
        mass.iter_mut().for_each(|m| *m /= total);
        let now: f64 = mass.iter().zip(absorption).map(|(m, k)| m * k).sum();
        settled = if (now - probability).abs() <= SETTLED * now { settled + 1 } else { 0 };
        if settled == 3 {
            return Ok(mass);
        }
        probability = now;
    }
    Err(Error::NotConverged { parameter: "the escape kernel".into(), iterations: ITERATIONS })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::kramers::{EscapeNoise, PiecewiseQuadratic, Polynomial, Potential};

    fn cases() -> Vec<Escape> {
        let piecewise = |ka, kb| Potential::from(PiecewiseQuadratic::new(ka, kb, 1.0).unwrap());
        let polynomial = |c: &[f64]| Potential::from(Polynomial::new(c, 0.0).unwrap());
        let cubic = [0.0, 0.0, 0.5, -1.0 / 3.0];
        let curvature = |batch_size, white| EscapeNoise::Curvature { batch_size, white };
        let constant = |variance| EscapeNoise::Constant { variance };
        vec![
            Escape::new(piecewise(1.0, 1.0), curvature(1.0, 0.0), 0.15, 2.0),
            Escape::new(piecewise(0.5, 9.0), curvature(1.0, 0.0), 1.2, 2.0),
            Escape::new(piecewise(9.0, 0.5), curvature(3.0, 0.0), 0.2, 2.0),
            Escape::new(piecewise(1.0, 1.0), constant(0.05), 0.5, 2.0),
            Escape::new(polynomial(&cubic), constant(0.3), 0.6, 2.0),
            Escape::new(polynomial(&cubic), curvature(4.0, 0.05), 0.6, 2.0),
            Escape::new(polynomial(&cubic), curvature(4.0, 0.01), 1.5, 2.0),
            Escape::two_sided(polynomial(&[0.0, 0.0, 0.5, 0.0, -0.25]), constant(0.3), 0.5, -2.0, 1.8),
            Escape::new(polynomial(&[0.0, 0.0, 0.5, -0.5, 0.125]), constant(0.1), 0.5, 1.5),
        ]
        .into_iter()
        .map(|escape| escape.unwrap())
        .collect()
    }

    /// A grid of half the panel width, with steps of any length, tells the error of the grid.
    #[test]
    fn the_grid_resolves_the_kernel() {
        for (case, escape) in cases().iter().enumerate() {
            let result = chain_escape(escape).unwrap();
            let low = result.positions[0] - 0.1;
            let low = escape.lower_end().unwrap_or(low);
            let (fine, _) = on_grid(escape, low, 0.5 * PANEL_WIDTH, ANY_STEP).unwrap();
            let change = |a: f64, b: f64| (a / b - 1.0).abs();
            let rate = change(result.probability_per_step, fine.probability_per_step);
            let time = change(result.mean_first_passage, fine.mean_first_passage);
            println!("case {case}: {} nodes, rate {rate:e}, time {time:e}", result.positions.len());
            assert!(rate < 1e-11 && time < 1e-11, "case {case}: {rate:e} {time:e}");
        }
    }

    fn time_from(escape: &Escape, start: EscapeStart) -> f64 {
        chain_escape(&escape.clone().starting(start).unwrap()).unwrap().mean_first_passage
    }

    /// The mean time solves `τ(w) = 1 + ∫ P(y|w) τ(y) dy`, with the same grid or another.
    #[test]
    fn the_time_from_a_point_is_the_chain_s_own() {
        for escape in cases() {
            let chain = chain_escape(&escape).unwrap();
            let n = chain.positions.len();
            for i in [n / 3, n / 2, 2 * n / 3, n - 5] {
                let from = time_from(&escape, EscapeStart::Point(chain.positions[i]));
                assert!((from / chain.first_passages[i] - 1.0).abs() < 1e-10, "{from} for {}", chain.first_passages[i]);
            }
            assert_eq!(time_from(&escape, EscapeStart::Point(escape.potential().minimum())), chain.mean_first_passage);
            // Far out, where the grid of the other starts does not reach.
            assert!(escape.lower_end().is_some() || time_from(&escape, EscapeStart::Point(-3.0)) >= 1.0);
        }
    }

    #[test]
    fn a_gaussian_start_is_the_average_over_points() {
        // One whose variance jumps near the minimum, and a smooth one.
        for escape in [&cases()[2], &cases()[4]] {
            // Simpson's rule over ±8 deviations, on either side of the jump.
            let (variance, steps) = (0.04_f64, 100_i32);
            let density = |w: f64| (-0.5 * w * w / variance).exp() / (2.0 * PI * variance).sqrt();
            let mut edges = vec![-1.6];
            edges.extend(escape.potential().breaks().into_iter().filter(|w| w.abs() < 1.6));
            edges.push(1.6);
            let mut want = 0.0;
            for edge in edges.windows(2) {
                let (from, to) = (edge[0] + 1e-12, edge[1] - 1e-12);
                for i in 0..=steps {
                    let w = from + (to - from) * f64::from(i) / f64::from(steps);
                    let factor = if i % steps == 0 { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
                    let time = time_from(escape, EscapeStart::Point(w));
                    want += factor * density(w) * time * (to - from) / f64::from(3 * steps);
                }
            }
            let got = time_from(escape, EscapeStart::Gaussian { variance });
            // The rule's own error, with 100 steps, is some parts in ten million.
            assert!((got / want - 1.0).abs() < 2e-6, "{got} for {want}");
            assert_eq!(
                time_from(escape, EscapeStart::Gaussian { variance: 0.0 }),
                time_from(escape, EscapeStart::Minimum)
            );
        }
    }

    #[test]
    fn who_has_settled_leaves_by_the_quasi_stationary_rate() {
        for escape in cases() {
            let chain = chain_escape(&escape).unwrap();
            let after = |steps| time_from(&escape, EscapeStart::Settled { steps });
            assert_eq!(after(0), chain.mean_first_passage);
            let settled = after(1_000_000) * chain.probability_per_step;
            assert!((settled - 1.0).abs() < 1e-10, "{settled}");
            // One step, by hand: of the walkers from the minimum 1 − a stay in, and need one step less.
            let minimum = escape.potential().minimum();
            let beyond = |distance: f64| 0.5 * libm::erfc(distance / (escape.step_deviation(minimum) * SQRT_2));
            let out = beyond(escape.end() - minimum) + escape.lower_end().map_or(0.0, |low| beyond(minimum - low));
            let want = (chain.mean_first_passage - 1.0) / (1.0 - out);
            assert!((after(1) / want - 1.0).abs() < 1e-10);
        }
    }
}
