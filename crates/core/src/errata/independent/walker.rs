//! A walker in a well beside a barrier, each a parabola: its flux, its diffusion and its exact chain on plain grids.

use super::integral::{integral, nodes};
use crate::error::{Error, Result};
use std::f64::consts::{PI, SQRT_2};

/// Spacing of the chain's grid, in standard deviations of a step.
const SPACING: f64 = 0.08;

/// Where the chain's grid ends on the far side of the well, in standard deviations of the walker there.
const FAR_SIDE: f64 = 12.0;

/// Most nodes of the chain's grid.
const NODES: usize = 3000;

/// Most steps until the walkers that are left have forgotten their start.
const STEPS: usize = 20_000;

/// Relative change of the escape probability that is none.
const STANDSTILL: f64 = 1e-12;

/// Panels of the diffusion's grid on either side of the joint.
const PANELS: usize = 20_000;

/// Panels of an integral over a Gaussian.
const GAUSSIAN_PANELS: usize = 2000;

/// `L' = k_a w` up to the joint, `|k_b|(b − w)` above; gradient noise of variance `|L''|/S`.
#[derive(Clone, Copy)]
pub(crate) struct Well {
    pub(crate) well_curvature: f64,
    pub(crate) barrier_curvature: f64,
    pub(crate) top: f64,
    pub(crate) batch_size: f64,
    pub(crate) learning_rate: f64,
}

/// The two parabolas.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Well,
    Barrier,
}

impl Well {
    /// Where the slopes of the two parabolas meet.
    fn joint(&self) -> f64 {
        self.top * self.barrier_curvature / (self.well_curvature + self.barrier_curvature)
    }

    fn slope(&self, side: Side, w: f64) -> f64 {
        match side {
            Side::Well => self.well_curvature * w,
            Side::Barrier => self.barrier_curvature * (self.top - w),
        }
    }

    fn noise(&self, side: Side) -> f64 {
        match side {
            Side::Well => self.well_curvature / self.batch_size,
            Side::Barrier => self.barrier_curvature / self.batch_size,
        }
    }

    /// Diffusion coefficient in time `s = λt`: a step spreads by `λ²C` and takes `λ`.
    fn diffusion(&self, side: Side) -> f64 {
        0.5 * self.learning_rate * self.noise(side)
    }

    /// Height of the barrier: the slope, integrated.
    pub(crate) fn height(&self) -> f64 {
        let joint = self.joint();
        integral(|w| self.slope(Side::Well, w), 0.0, joint, 4)
            + integral(|w| self.slope(Side::Barrier, w), joint, self.top, 4)
    }

    /// Probability within `√(ΔL/k)` of the minimum per unit of the density there, for a Gaussian of this variance.
    pub(crate) fn mass(&self, variance: f64, height: f64) -> f64 {
        let half_width = (height / self.well_curvature).sqrt();
        integral(|w| libm::exp(-0.5 * w * w / variance), -half_width, half_width, GAUSSIAN_PANELS)
    }

    /// Flux over the top per unit of the density there, `D / ∫ exp(−|k_b|(w−b)²/2D) dw` for the diffusion in `s = λt`.
    pub(crate) fn top_flux(&self) -> f64 {
        let diffusion = self.diffusion(Side::Barrier);
        let width = 12.0 * (diffusion / self.barrier_curvature).sqrt();
        let hump = |w: f64| libm::exp(-0.5 * self.barrier_curvature * w * w / diffusion);
        diffusion / integral(hump, -width, width, GAUSSIAN_PANELS)
    }

    /// Rate per unit of `s` by the paper's own steps: the flux over the top times the density there, over the probability in
    /// the well. The density falls from the minimum to the joint as the Gaussian of `well_variance` and from there on as
    /// the diffusion's.
    pub(crate) fn flux_over_probability(&self, well_variance: f64) -> f64 {
        let (joint, diffusion) = (self.joint(), self.diffusion(Side::Barrier));
        let exponent = integral(|w| w / well_variance, 0.0, joint, 4)
            + integral(|w| self.slope(Side::Barrier, w) / diffusion, joint, self.top, 4);
        self.top_flux() * libm::exp(-exponent) / self.mass(well_variance, self.height())
    }

    /// Rate per unit of `s` of the diffusion `dw = −L' ds + √(2D) dW` (Ito), out at `end`: one over its mean first-passage time
    /// from the minimum, `∫ e^Φ(y) ∫ e^−Φ(z)/D(z) dz dy`, `Φ' = L'/D`.
    pub(crate) fn diffusion_rate(&self, end: f64) -> f64 {
        let joint = self.joint();
        let width = (self.diffusion(Side::Well) / self.well_curvature).sqrt();
        let far = -FAR_SIDE * width;
        let (mut inner, mut time, mut exponent) = (0.0, 0.0, 0.5 * FAR_SIDE * FAR_SIDE);
        for (from, to, side) in [(far, 0.0, Side::Well), (0.0, joint, Side::Well), (joint, end, Side::Barrier)] {
            let (h, diffusion) = ((to - from) / PANELS as f64, self.diffusion(side));
            for i in 0..PANELS {
                // The slope is linear within a panel, so that trapezoids give its integral exactly.
                let at = |share: f64| self.slope(side, from + (i as f64 + share) * h);
                let (start, middle, finish) = (at(0.0), at(0.5), at(1.0));
                let half = exponent + 0.25 * h * (start + middle) / diffusion;
                let whole = exponent + 0.5 * h * (start + finish) / diffusion;
                let [e0, e1, e2] = [exponent, half, whole].map(|x| libm::exp(-x));
                // Up to the middle, the integral of the parabola through the three values.
                let inner_half = inner + h / 24.0 * (5.0 * e0 + 8.0 * e1 - e2) / diffusion;
                let inner_whole = inner + h / 6.0 * (e0 + 4.0 * e1 + e2) / diffusion;
                if from >= 0.0 {
                    time += h / 6.0 * (inner / e0 + 4.0 * inner_half / e1 + inner_whole / e2);
                }
                (inner, exponent) = (inner_whole, whole);
            }
        }
        1.0 / time
    }

    /// Rate per unit of `s` of the walker `w' = w − λ(L' + η)` itself, out at `end`: its transition density on a grid by Simpson's
    /// rule, iterated until the walkers that are left have forgotten their start.
    pub(crate) fn chain_rate(&self, end: f64, well_variance: f64) -> Result<f64> {
        let deviation = |side| self.learning_rate * self.noise(side).sqrt();
        let (joint, far) = (self.joint(), -FAR_SIDE * well_variance.sqrt());
        let stretches = [(far, joint, Side::Well), (joint, end, Side::Barrier)].map(|(from, to, side)| {
            let panels = ((to - from) / (2.0 * SPACING * deviation(side))).ceil().max(1.0);
            (from, to, side, panels as usize)
        });
        let count = 2 * (stretches[0].3 + stretches[1].3);
        if count > NODES {
            let allowed = format!("[0, {NODES}]");
            return Err(Error::OutOfRange { parameter: "grid_nodes".into(), value: count as f64, allowed });
        }
        let on =
            |(from, to, side, panels)| nodes(from, to, panels).into_iter().map(move |(w, weight)| (w, weight, side));
        let grid: Vec<(f64, f64, Side)> = stretches.into_iter().flat_map(on).collect();
        // From each node: the density of a step to every other, and the probability of one that gets out.
        let steps: Vec<(Vec<f64>, f64)> = grid
            .iter()
            .map(|&(w, _, side)| {
                let (landing, deviation) = (w - self.learning_rate * self.slope(side, w), deviation(side));
                let density = |&(to, ..): &(f64, f64, Side)| {
                    let z = (to - landing) / deviation;
                    libm::exp(-0.5 * z * z) / (deviation * (2.0 * PI).sqrt())
                };
                (grid.iter().map(density).collect(), 0.5 * libm::erfc((end - landing) / (deviation * SQRT_2)))
            })
            .collect();
        let mut left: Vec<f64> = grid.iter().map(|(w, ..)| libm::exp(-0.5 * w * w / well_variance)).collect();
        let mut escape = 0.0;
        for _ in 0..STEPS {
            let total: f64 = left.iter().zip(&grid).map(|(density, (_, weight, _))| density * weight).sum();
            let (mut next, mut out) = (vec![0.0; grid.len()], 0.0);
            for ((density, (_, weight, _)), (to, exit)) in left.iter().zip(&grid).zip(&steps) {
                let probability = density * weight / total;
                out += probability * exit;
                for (next, to) in next.iter_mut().zip(to) {
                    *next += probability * to;
                }
            }
            left = next;
            let settled = (out - escape).abs() <= STANDSTILL * out;
            escape = out;
            if settled {
                return Ok(-libm::log1p(-escape) / self.learning_rate);
            }
        }
        Err(Error::NotConverged { parameter: "the exact chain".into(), iterations: STEPS })
    }
}
