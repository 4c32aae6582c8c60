//! How long minibatch descent takes to settle.

use super::descent::MinibatchDescent;
use super::features::SymmetricBasis;
use super::moment_map::{LARGEST_MATRIX, PATIENT, State};
use crate::error::Result;
use crate::theory::relaxation::{LONGEST_RELAXATION, Relaxation};
use crate::theory::stationary::stationary_block;
use nalgebra::{DVector, Matrix2, Vector2};

impl MinibatchDescent {
    /// Number of steps from the minimum until the variance of the weights, and of the velocity, along every direction is
    /// within a relative tolerance of its stationary value. What is missing shrinks by the linear part of the step.
    pub(crate) fn relaxation(&self, tolerance: f64) -> Result<Relaxation> {
        let Some(stationary) = self.stationary_coordinates()? else { return Ok(Relaxation::Never) };
        // A direction so near the limit that its sum does not converge in double precision.
        let Some(missing) = self.all_missing(&stationary) else { return Ok(Relaxation::Longer) };
        let pairs = SymmetricBasis::new(self.dimension()).pairs().enumerate();
        let diagonal: Vec<usize> = pairs.filter(|(_, (i, j))| i == j).map(|(p, _)| p).collect();
        let share = |now: &DVector<f64>| -> f64 {
            let places = diagonal.iter().flat_map(|p| [4 * p, 4 * p + 3]);
            places.filter(|&i| missing[i] > 0.0).map(|i| now[i] / missing[i]).fold(0.0, f64::max)
        };
        if share(&missing) <= tolerance {
            return Ok(Relaxation::Within(0));
        }
        Ok(if self.size() <= LARGEST_MATRIX {
            self.relaxation_by_doubling(&missing, share, tolerance)
        } else {
            self.relaxation_by_steps(missing.clone(), share, tolerance)
        })
    }

    /// What is missing at the minimum: the whole stationary covariance of weights and velocity.
    fn all_missing(&self, stationary: &DVector<f64>) -> Option<DVector<f64>> {
        let (basis, k) = (SymmetricBasis::new(self.dimension()), &self.curvatures);
        let noise = self.noise(stationary, &[], 1.0);
        let blocks = basis.pairs().enumerate().map(|(p, (i, j))| {
            let block = stationary_block(&self.step, k[i], k[j])?;
            Some(block * noise[p])
        });
        let pairs: Vec<Matrix2<f64>> = blocks.collect::<Option<_>>()?;
        Some(State { means: vec![Vector2::zeros(); self.dimension()], pairs }.to_vector(0.0))
    }

    fn relaxation_by_doubling(
        &self,
        missing: &DVector<f64>,
        share: impl Fn(&DVector<f64>) -> f64,
        tolerance: f64,
    ) -> Relaxation {
        let mut powers = vec![self.matrix()];
        while share(&(&powers[powers.len() - 1] * missing)) > tolerance {
            if 1 << (powers.len() - 1) > LONGEST_RELAXATION {
                return Relaxation::Longer;
            }
            let last = &powers[powers.len() - 1];
            powers.push(last * last);
        }
        // The largest number of steps that is too small, from its highest binary digit on.
        let (mut now, mut steps) = (missing.clone(), 0_u64);
        for (bit, power) in powers.iter().enumerate().rev() {
            let next = power * &now;
            if share(&next) > tolerance {
                (now, steps) = (next, steps + (1 << bit));
            }
        }
        if steps < LONGEST_RELAXATION { Relaxation::Within(steps + 1) } else { Relaxation::Longer }
    }

    /// Step by step; where that is too much work, the rest from the rate at which the last step shrank.
    fn relaxation_by_steps(
        &self,
        mut now: DVector<f64>,
        share: impl Fn(&DVector<f64>) -> f64,
        tolerance: f64,
    ) -> Relaxation {
        let (modes, most) = (self.each_mode(), (PATIENT / self.work_of_a_step()) as u64);
        let mut last = share(&now);
        for steps in 1..=LONGEST_RELAXATION {
            now = self.linear_step(&now, &modes);
            let next = share(&now);
            if next <= tolerance {
                return Relaxation::Within(steps);
            }
            if steps >= most {
                let more = libm::log(tolerance / next) / libm::log(next / last);
                let total = steps as f64 + more.ceil();
                // Not a number where it does not shrink.
                return if total <= LONGEST_RELAXATION as f64 {
                    Relaxation::Within(total as u64)
                } else {
                    Relaxation::Longer
                };
            }
            last = next;
        }
        Relaxation::Longer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::noise::Sampling;
    use crate::optimizer::{Momentum, Optimizer};
    use crate::theory::System;
    use nalgebra::DMatrix;

    #[test]
    fn relaxation_is_the_same_by_steps_and_by_powers() {
        let data = Data::Diabetes { columns: vec!["bmi".into(), "s5".into(), "age".into()] }.load().unwrap();
        for momentum in [0.0, 0.7] {
            let sgd = Optimizer::Momentum(Momentum { learning_rate: 0.2, momentum });
            let system = System::new(data.hessian(), &DMatrix::zeros(3, 3), &sgd).unwrap();
            let descent = MinibatchDescent::new(&data, Sampling::WithReplacement, 4, &system).unwrap();
            let stationary = descent.stationary_coordinates().unwrap().unwrap();
            let missing = descent.all_missing(&stationary).unwrap();
            // The variance along the first direction.
            let share = |now: &DVector<f64>| now[0] / missing[0];
            for tolerance in [0.3, 1e-2, 1e-6] {
                let powers = descent.relaxation_by_doubling(&missing, share, tolerance);
                assert_eq!(powers, descent.relaxation_by_steps(missing.clone(), share, tolerance));
                assert!(matches!(powers, Relaxation::Within(2..=400)), "{powers:?}");
            }
        }
    }
}
