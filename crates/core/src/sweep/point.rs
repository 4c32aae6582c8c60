//! One point of a sweep: theory beside measurement.

use super::quantity::well_time;
use super::{Quantity, Sweep};
use crate::error::Result;
use crate::noise::NoiseLaw;
use crate::scenario::{Scenario, Start};
use crate::simulate::Measurement;
use crate::theory::minibatch::PATIENT;
use crate::theory::{Law, Predictor};
use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

/// A mean whose loss is this small beside that of the fluctuation has decayed.
const DECAYED: f64 = 1e-9;

/// One point of a sweep: theory beside measurement.
///
/// ```
/// use noisy_descent::{Sweep, simulate::Ensemble, sweep::SweepPoint};
/// let mut sweep = Sweep { points: 3, ..Sweep::default() }; // λ = 0.5, 1 and 1.5
/// sweep.scenario = sweep.scenario.with_number("steps", 100.0)?.with_number("replicas", 1000.0)?;
/// let mut ensemble = Ensemble::new(&sweep.scenario_at(1)?, 1)?;
/// ensemble.run();
/// let point: SweepPoint = sweep.point(1, &ensemble.measure())?;
/// assert_eq!((point.index, point.x, point.replicas, point.diverged), (1, 1.0, 1000, 0));
/// assert_eq!((point.continuous, point.degrees), (0.5, Some(999.0)));
/// assert!((point.discrete.unwrap() - 1.0).abs() < 1e-12); // λ/(2 − λ)
/// let off = point.measured.unwrap() - point.exact.unwrap();
/// assert!(off.abs() < 5.0 * point.error.unwrap());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct SweepPoint {
    /// Its number, from 0.
    pub index: u32,
    /// Value of the parameter.
    pub x: f64,
    /// The measured quantity; `null` when too many replicas diverged to measure anything, nothing varies, or the law of the noise has no such moment.
    pub measured: Option<f64>,
    /// Its standard error; `null` where there is no moment to make it of, and for the escape from a point or a Gaussian start while
    /// some replicas are still inside.
    pub error: Option<f64>,
    /// Order of the moment of the weights that a standard error would be made of and that is infinite: under heavy-tailed noise, and under
    /// minibatches in one dimension next to a limit of stability. `null` where nothing is lacking.
    #[serde(default)]
    pub lacking_moment: Option<u32>,
    /// Replicas.
    pub replicas: u32,
    /// Degrees of freedom of the χ² law that the measured quantity follows, if the theory is right; `null` where it follows
    /// none, because the weights are not Gaussian.
    pub degrees: Option<f64>,
    /// Replicas that diverged.
    pub diverged: u32,
    /// The continuous theory at this point.
    pub continuous: f64,
    /// The discrete theory; `null` when it has no stationary state.
    pub discrete: Option<f64>,
    /// The exact theory; `null` when it has no stationary state, and where there is none.
    pub exact: Option<f64>,
    /// The sweep's own formula; `null` where it has no value, and without one.
    #[serde(default)]
    pub formula: Option<f64>,
}

impl Sweep {
    /// One point: what was measured there beside what the theories say of the same number of steps.
    ///
    /// # Errors
    /// The first problem of the point's scenario.
    pub fn point(&self, index: u32, measurement: &Measurement) -> Result<SweepPoint> {
        let scenario = self.scenario_at(index)?;
        let predictor = Predictor::new(&scenario)?;
        let laws = predictor.laws(measurement.step, PATIENT)?;
        let readings = self.read_off(&predictor, &laws, measurement.step)?;
        let [i, j] = self.pair();
        let steps = measurement.step.saturating_add(predictor.burn_in()?);
        let lacking_moment = self.lacking(&scenario, predictor.system(), steps)?;
        let (measured, error) = match self.quantity {
            Quantity::Variance | Quantity::Covariance => {
                (measurement.covariance[i][j], measurement.covariance_error[i][j])
            }
            Quantity::Mean => (measurement.mean[i], measurement.mean_error[i]),
            Quantity::TrainingError => (measurement.training_error, measurement.training_error_error),
            Quantity::Skewness => (measurement.skewness[i], measurement.skewness_error[i]),
            Quantity::Kurtosis => (measurement.excess_kurtosis[i], measurement.excess_kurtosis_error[i]),
            Quantity::EscapeRate => {
                let from_elsewhere = matches!(scenario.run.start, Start::Point { .. } | Start::Gaussian { .. });
                escapes(measurement, well_time(predictor.system()), from_elsewhere)
            }
        };
        // Of a law without a third or fourth moment there is no skewness, or kurtosis, to measure.
        let itself = match self.quantity {
            Quantity::Skewness => scenario.noise.law.has_moment(3),
            Quantity::Kurtosis => scenario.noise.law.has_moment(4),
            _ => true,
        };
        let formula = self.parsed_formula()?.map(|formula| self.value_of(&formula, &predictor));
        let best = laws.exact.as_ref().or(laws.discrete.as_ref()).unwrap_or(&laws.continuous);
        Ok(SweepPoint {
            degrees: self.degrees(&scenario, &best.at_end)?,
            index,
            x: self.values()[index as usize],
            measured: Some(measured).filter(|value| value.is_finite() && itself),
            error: Some(error).filter(|value| value.is_finite() && lacking_moment.is_none()),
            lacking_moment,
            replicas: measurement.replicas as u32,
            diverged: measurement.diverged as u32,
            continuous: readings.continuous,
            discrete: readings.discrete,
            exact: readings.exact,
            formula: formula.filter(|value| value.is_finite()),
        })
    }

    /// Where the weights are Gaussian, a sample variance is a χ² variable of `n − 1` degrees; a mean loss of centred weights is
    /// a sum of such with weights, and has `n (tr KΣ)²/tr (KΣ)²` degrees by its first two moments (Satterthwaite).
    fn degrees(&self, scenario: &Scenario, law: &Law) -> Result<Option<f64>> {
        let noise = &scenario.noise;
        let gaussian = noise.law == NoiseLaw::Gaussian && !noise.covariance.depends_on_weights();
        if !gaussian || scenario.loss.exits().is_some() {
            return Ok(None);
        }
        let replicas = f64::from(scenario.run.replicas);
        Ok(match self.quantity {
            Quantity::Variance => Some(replicas - 1.0),
            Quantity::TrainingError => {
                let (n, hessian) = (scenario.dimension(), scenario.loss.hessian()?);
                let product = hessian.as_ref() * DMatrix::from_fn(n, n, |i, j| law.covariance[i][j]);
                let (once, twice) = (product.trace(), (&product * &product).trace());
                let mean = DVector::from_column_slice(&law.mean);
                if mean.dot(&(hessian.as_ref() * &mean)) > DECAYED * once {
                    None
                } else {
                    Some(if twice > 0.0 { replicas * once * once / twice } else { replicas })
                }
            }
            // Gaussian itself, products of either sign, or averages of higher powers.
            _ => None,
        })
    }
}

/// Escapes over the time that was spent in the well, that in `well_time` for each step, and the standard error. Nothing has been measured before the
/// first. From the bottom of the well all leave at one rate, more or less, and the error is that of their number, whether some are still inside or not.
/// From elsewhere many leave at once and others not for long: the error is that of the spread of their times, and there is none before the last has left.
fn escapes(measurement: &Measurement, well_time: f64, from_elsewhere: bool) -> (f64, f64) {
    if measurement.escaped == 0 {
        return (f64::NAN, f64::NAN);
    }
    let escaped = measurement.escaped as f64;
    let mean = measurement.steps_in_well as f64 / escaped;
    let rate = 1.0 / (mean * well_time);
    let all = measurement.left_before + measurement.escaped + measurement.diverged == measurement.replicas as u64;
    let relative = match (from_elsewhere, all) {
        (false, _) => 1.0 / escaped.sqrt(),
        (true, true) => {
            let spread = measurement.squared_steps_in_well / escaped - mean * mean;
            (spread.max(0.0) / (escaped - 1.0)).sqrt() / mean
        }
        (true, false) => f64::NAN,
    };
    (rate, rate * relative)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::Ensemble;

    fn point(sweep: &Sweep) -> SweepPoint {
        let mut ensemble = Ensemble::new(&sweep.scenario_at(0).unwrap(), 0).unwrap();
        ensemble.run();
        sweep.point(0, &ensemble.measure()).unwrap()
    }

    /// A measurement of one coordinate, made up.
    fn made_up() -> Measurement {
        Measurement {
            step: 1000,
            replicas: 100,
            diverged: 3,
            left_before: 0,
            escaped: 0,
            steps_in_well: 0,
            squared_steps_in_well: 0.0,
            mean: vec![0.0],
            mean_error: vec![0.1],
            covariance: vec![vec![2.0]],
            covariance_error: vec![vec![0.3]],
            skewness: vec![0.4],
            skewness_error: vec![0.05],
            excess_kurtosis: vec![-0.6],
            excess_kurtosis_error: vec![0.07],
            training_error: 1.0,
            training_error_error: f64::NAN,
        }
    }

    #[test]
    fn only_gaussian_weights_have_degrees_of_freedom() {
        let degrees = |parts: serde_json::Value, quantity: Quantity| {
            let mut document = serde_json::json!({ "version": 1, "run": { "replicas": 100 } });
            for (key, value) in parts.as_object().unwrap() {
                document[key] = value.clone();
            }
            let sweep = serde_json::json!({ "scenario": document, "points": 1, "to": 1 });
            let sweep = Sweep { quantity, ..Sweep::read(sweep).unwrap_or_else(|problems| panic!("{}", problems[0])) };
            sweep.point(0, &made_up()).unwrap().degrees
        };
        let one = serde_json::json!({ "kind": "quadratic", "hessian": [[1]] });
        let with = |key: &str, value: serde_json::Value| {
            let mut parts = serde_json::json!({ "loss": one });
            parts[key] = value;
            parts
        };
        use serde_json::json;
        let quiet = with("run", json!({ "replicas": 100 }));
        assert_eq!(degrees(quiet.clone(), Quantity::Variance), Some(99.0));
        assert!((degrees(quiet, Quantity::TrainingError).unwrap() - 100.0).abs() < 1e-9);
        assert_eq!(degrees(with("noise", json!({ "law": { "kind": "laplace" } })), Quantity::Variance), None);
        let minibatch =
            json!({ "loss": { "kind": "least_squares" }, "noise": { "covariance": { "kind": "minibatch" } } });
        assert_eq!(degrees(minibatch, Quantity::Variance), None);
        assert_eq!(degrees(json!({ "loss": { "kind": "piecewise_quadratic" } }), Quantity::Variance), None);
        // A mean loss of weights that are not centred is no sum of squares of centred ones; their variance is.
        let away = json!({ "replicas": 100, "start": { "kind": "point", "weights": [1e12] }, "steps": 1 });
        let mut slow = with("run", away);
        slow["optimizer"] = json!({ "kind": "momentum", "learning_rate": 0.5, "momentum": 0.99 });
        assert_eq!(degrees(slow.clone(), Quantity::TrainingError), None);
        assert_eq!(degrees(slow, Quantity::Variance), Some(99.0));
    }

    #[test]
    fn what_is_measured_is_handed_on() {
        let scenario = serde_json::json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": [[1]] } });
        let mut sweep = Sweep::read(serde_json::json!({ "scenario": scenario, "points": 1 })).unwrap();
        let point = sweep.point(0, &made_up()).unwrap();
        assert_eq!((point.measured, point.error), (Some(2.0), Some(0.3)));
        assert_eq!((point.replicas, point.diverged, point.x), (100, 3, 1.0));
        sweep.quantity = Quantity::TrainingError;
        let point = sweep.point(0, &made_up()).unwrap();
        assert_eq!((point.measured, point.error), (Some(1.0), None), "no number is none");
        for (quantity, shape) in [(Quantity::Skewness, (0.4, 0.05)), (Quantity::Kurtosis, (-0.6, 0.07))] {
            sweep.quantity = quantity;
            let point = sweep.point(0, &made_up()).unwrap();
            assert_eq!((point.measured, point.error), (Some(shape.0), Some(shape.1)));
        }
        sweep.scenario.noise.law = NoiseLaw::StudentT { degrees: 8.0 };
        assert_eq!(sweep.point(0, &made_up()).unwrap().error, None, "an eighth moment is infinite");
    }

    #[test]
    fn mean_and_covariance_are_measured_within_their_errors() {
        for quantity in ["mean", "covariance"] {
            let scenario = serde_json::json!({ "version": 1, "loss": { "kind": "quadratic", "hessian": [[1, 0.3], [0.3, 0.5]] },
                "run": { "replicas": 5000, "steps": 2, "start": { "kind": "point", "weights": [8, -4] } } });
            let sweep = serde_json::json!({ "scenario": scenario, "quantity": quantity, "points": 1, "to": 2 });
            let sweep = Sweep::read(sweep).unwrap_or_else(|problems| panic!("{}", problems[0]));
            let point = point(&sweep);
            let off = (point.measured.unwrap() - point.discrete.unwrap()) / point.error.unwrap();
            assert!(off.abs() < 4.0 && point.degrees.is_none(), "{quantity}: {off} standard errors");
            // Wide enough apart from nothing, and from the continuous theory, to be told from both.
            assert!((point.measured.unwrap() / point.error.unwrap()).abs() > 5.0, "{quantity}");
            assert!(((point.measured.unwrap() - point.continuous) / point.error.unwrap()).abs() > 5.0, "{quantity}");
        }
    }

    #[test]
    fn a_point_has_every_theory() {
        let mut sweep = Sweep { points: 1, ..Sweep::default() };
        sweep.scenario = sweep.scenario.with_number("replicas", 500.0).unwrap();
        let variance = point(&sweep);
        assert_eq!((variance.degrees, variance.exact), (Some(499.0), variance.discrete));
        sweep.quantity = Quantity::Kurtosis;
        let kurtosis = point(&sweep);
        assert!((kurtosis.measured.unwrap() / kurtosis.error.unwrap()).abs() < 4.0 && kurtosis.degrees.is_none());
        assert_eq!((kurtosis.continuous, kurtosis.discrete), (0.0, Some(0.0)));
    }
}
