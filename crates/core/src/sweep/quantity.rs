//! What a sweep looks at, read off the laws of each theory.

use super::Sweep;
use crate::error::Result;
use crate::scenario::Scenario;
use crate::theory::{EscapePrediction, EscapeRate, Law, Laws, Predictor, System, coordinate_shape};
use serde::{Deserialize, Serialize};

/// The quantity that a sweep looks at.
///
/// ```
/// use noisy_descent::{Sweep, sweep::Quantity};
/// assert!(Quantity::Variance.has_coordinate() && !Quantity::TrainingError.has_coordinate());
/// // K = diag(1, 0.1), white noise, λ = 1: the loss is (k₁Σ₁ + k₂Σ₂)/2 = (1 + 0.1·1/0.19)/2.
/// let sweep = Sweep { quantity: Quantity::TrainingError, ..Sweep::default() };
/// let curve = sweep.curve(3)?;
/// assert!((curve.discrete[1] - 0.5 * (1.0 + 0.1 / 0.19)).abs() < 1e-12);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Quantity {
    /// Variance of one coordinate of the weights.
    #[default]
    Variance,
    /// Covariance of two coordinates of the weights.
    Covariance,
    /// Mean of one coordinate of the weights, measured from the minimum.
    Mean,
    /// Expected loss above the minimum.
    TrainingError,
    /// Skewness of one coordinate of the weights: its third moment at unit variance.
    Skewness,
    /// Excess kurtosis of one coordinate of the weights: its fourth moment at unit variance less 3.
    Kurtosis,
    /// Rate at which replicas leave the well of a potential: one over the mean first-passage time from its minimum, with
    /// `1/(λk_a)` steps, in which the well forgets, as the unit of time. In Fig. 6(b) that is the rate over `|k_b|`.
    EscapeRate,
}

impl Quantity {
    /// Whether it belongs to a coordinate.
    #[must_use]
    pub fn has_coordinate(self) -> bool {
        !matches!(self, Quantity::TrainingError | Quantity::EscapeRate)
    }
}

/// A quantity by every theory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Readings {
    pub(super) continuous: f64,
    pub(super) discrete: Option<f64>,
    pub(super) exact: Option<f64>,
}

impl Sweep {
    /// The quantity in laws that hold `steps` updates after the start.
    pub(super) fn read_off(&self, predictor: &Predictor, laws: &Laws, steps: u64) -> Result<Readings> {
        let [i, j] = self.pair();
        let moment = |law: &Law| match self.quantity {
            Quantity::TrainingError => law.training_error,
            Quantity::Mean => law.mean[i],
            _ => law.covariance[i][j],
        };
        if !matches!(self.quantity, Quantity::Skewness | Quantity::Kurtosis | Quantity::EscapeRate) {
            return Ok(Readings {
                continuous: moment(&laws.continuous.at_end),
                discrete: laws.discrete.as_ref().map(|theory| moment(&theory.at_end)),
                exact: laws.exact.as_ref().map(|theory| moment(&theory.at_end)),
            });
        }
        if self.quantity == Quantity::EscapeRate {
            return escape_rates(predictor);
        }
        // The diffusion is Gaussian whatever the noise; a noise that depends on the weights has no theory of shape.
        let scenario: &Scenario = predictor.scenario();
        let discrete = match &laws.discrete {
            Some(theory) if !scenario.noise.covariance.depends_on_weights() => {
                let variance = theory.at_end.covariance[i][i];
                let steps = steps.saturating_add(predictor.burn_in()?);
                let shape = coordinate_shape(predictor.system(), &scenario.noise.law, i, variance, Some(steps))?;
                shape.and_then(|shape| match self.quantity {
                    Quantity::Skewness => shape.skewness,
                    _ => shape.excess_kurtosis,
                })
            }
            _ => None,
        };
        let exact = if predictor.discrete_is_exact(steps)? { discrete } else { None };
        Ok(Readings { continuous: 0.0, discrete, exact })
    }
}

impl Sweep {
    /// The coordinates that are looked at, from 0; the same twice but for a covariance.
    pub(super) fn pair(&self) -> [usize; 2] {
        let other = if self.quantity == Quantity::Covariance { self.other } else { self.coordinate };
        [self.coordinate, other].map(|number| (number as usize).saturating_sub(1))
    }
}

/// `λk_a`: what a step is of the time in which the well forgets.
pub(super) fn well_time(system: &System) -> f64 {
    system.step().learning_rate() * system.modes().curvatures()[0]
}

/// One over the mean first-passage time by the diffusion, the paper's formula put together from its own steps, and the chain.
fn escape_rates(predictor: &Predictor) -> Result<Readings> {
    let escape = predictor.escape()?;
    let unit = well_time(predictor.system());
    let rate = |of: &dyn Fn(&EscapePrediction) -> Option<EscapeRate>| {
        let found = escape.as_ref().and_then(of)?;
        Some(1.0 / (found.mean_first_passage * unit))
    };
    Ok(Readings {
        continuous: rate(&|escape| escape.continuous).unwrap_or(f64::NAN),
        discrete: rate(&|escape| escape.self_consistent),
        exact: rate(&|escape| escape.exact),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::NoiseLaw;
    use crate::scenario::Start;
    use crate::theory::mode_shape;
    use serde_json::json;

    fn settled(quantity: Quantity) -> Sweep {
        let mut scenario = Scenario::default().with_number("steps", 4000.0).unwrap();
        scenario.noise.law = NoiseLaw::ChiSquared { degrees: 3.0 };
        Sweep { scenario, quantity, ..Sweep::default() }
    }

    #[test]
    fn shapes_along_a_sweep_are_those_of_the_modes() {
        for quantity in [Quantity::Skewness, Quantity::Kurtosis] {
            let sweep = settled(quantity);
            let curve = sweep.curve(12).unwrap();
            for (n, learning_rate) in curve.x.iter().enumerate() {
                let scenario = sweep.scenario.with_number("learning_rate", *learning_rate).unwrap();
                let step = scenario.optimizer.step().unwrap();
                let shape = mode_shape(&step, 1.0, 1.0, &scenario.noise.law).unwrap().unwrap();
                let want = if quantity == Quantity::Skewness { shape.skewness } else { shape.excess_kurtosis };
                assert!((curve.discrete[n] - want.unwrap()).abs() < 1e-10, "{quantity:?} at {learning_rate}");
                assert_eq!((curve.continuous[n], curve.exact[n]), (0.0, curve.discrete[n]));
            }
        }
    }

    #[test]
    fn the_shape_of_a_stationary_start_has_its_burn_in_behind_it() {
        let mut burned = settled(Quantity::Skewness);
        burned.scenario.run.steps = 2;
        let mut longer = burned.clone();
        longer.scenario.run.steps = 5;
        burned.scenario.run.start = Start::Stationary { burn_in: Some(3) };
        let (burned, longer) = (burned.curve(7).unwrap().discrete, longer.curve(7).unwrap().discrete);
        assert_eq!(burned, longer);
        assert!(burned.iter().all(|skewness| *skewness < 0.0));
    }

    #[test]
    fn mean_and_covariance_are_those_of_the_laws() {
        let document = |quantity: &str| {
            json!({ "quantity": quantity, "coordinate": 1, "other": 2, "to": 1.5, "points": 2, "scenario": { "version": 1,
                "loss": { "kind": "quadratic", "hessian": [[1, 0.3], [0.3, 0.5]] },
                "run": { "steps": 3, "start": { "kind": "point", "weights": [2, 1] } } } })
        };
        for quantity in ["mean", "covariance"] {
            let sweep = Sweep::read(document(quantity)).unwrap_or_else(|problems| panic!("{}", problems[0]));
            let curve = sweep.curve(4).unwrap();
            for (n, x) in curve.x.iter().enumerate() {
                let prediction = crate::predict(&sweep.at(*x).unwrap()).unwrap();
                let of = |law: &Law| if quantity == "mean" { law.mean[0] } else { law.covariance[0][1] };
                let close = |got: f64, law: &Law| (got - of(law)).abs() < 1e-12 * of(law).abs();
                assert!(close(curve.continuous[n], &prediction.continuous.at_end), "{quantity} at {x}");
                assert!(close(curve.discrete[n], &prediction.discrete.unwrap().at_end), "{quantity} at {x}");
                assert_eq!(curve.exact[n], curve.discrete[n]);
            }
        }
        let problems = Sweep::read(json!({ "quantity": "covariance", "other": 3 })).unwrap_err();
        assert_eq!(problems[0].to_string(), "other must lie in [1, 2], got 3");
    }

    #[test]
    fn the_escape_rate_of_fig_6_b() {
        let scenario = Scenario::from_json(
            r#"{ "version": 1, "loss": { "kind": "piecewise_quadratic" }, "optimizer": { "kind": "momentum", "learning_rate": 0.15 },
                "noise": { "covariance": { "kind": "curvature", "batch_size": 1 } } }"#,
        )
        .unwrap();
        let sweep = Sweep {
            scenario,
            parameter: "steepness".into(),
            to: 12.0,
            points: 2,
            quantity: Quantity::EscapeRate,
            ..Sweep::default()
        };
        let curve = sweep.curve(2).unwrap(); // r = 4 and 8
        for (n, self_consistent) in [8.97e-3, 1.30e-2].into_iter().enumerate() {
            assert!((curve.discrete[n] / self_consistent - 1.0).abs() < 5e-3, "{}", curve.discrete[n]);
            // r only rescales the diffusion's time: 1211.79989 steps at r = 1.
            assert!((curve.continuous[n] * 1211.79989 * 0.15 - 1.0).abs() < 1e-7);
        }
        // The chain's mean first passage at r = 6 takes 122.6314 steps.
        let middle = Sweep { points: 1, ..sweep }.curve(3).unwrap(); // r = 3, 6 and 9
        assert!((middle.exact[1] * 122.6314 * 0.9 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_shape_that_does_not_exist_is_no_number() {
        let mut sweep = settled(Quantity::Kurtosis);
        sweep.scenario.noise.law = NoiseLaw::StudentT { degrees: 4.0 };
        assert!(sweep.curve(5).unwrap().discrete.iter().all(|value| value.is_nan()), "infinite");
        sweep.quantity = Quantity::Skewness;
        assert!(sweep.curve(5).unwrap().discrete.iter().all(|value| *value == 0.0));
    }
}
