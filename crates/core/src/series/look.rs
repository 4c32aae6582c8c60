//! One time of a run: what is measured beside what each theory says of it.

use super::Series;
use crate::error::Result;
use crate::noise::NoiseLaw;
use crate::simulate::{Components, Ensemble, Histogram};
use crate::theory::{Moments, expected_loss};
use nalgebra::DVector;
use serde::Serialize;

/// Most coordinates for which the theory of the shape is summed at every time, unless the noise is Gaussian.
const SHAPED: usize = 8;

/// One time of a run. Theories are given also where there is no stationary state, as long as their numbers are finite.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Look {
    /// Steps done.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub step: u64,
    /// What is measured, along [`Series::components`]; standard errors that lack a moment are NaN ([`crate::tails`]).
    pub measured: Components,
    /// Degrees of freedom of a sample variance, where the weights are Gaussian; `null` elsewhere.
    pub degrees: Option<f64>,
    /// The diffusion.
    pub continuous: TimeLaw,
    /// The discrete theory; `null` beyond every number.
    pub discrete: Option<TimeLaw>,
    /// The exact theory; `null` beyond every number, where there is none, and where it would take too long.
    pub exact: Option<TimeLaw>,
    /// The replicas in bins, where [`Series::with_bins`] asked for it; `null` elsewhere.
    pub histogram: Option<Histogram>,
}

/// One theory at one time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TimeLaw {
    /// Expected loss above the minimum.
    pub training_error: f64,
    /// One for each component.
    pub components: Vec<ComponentLaw>,
}

/// One theory of one component at one time.
///
/// ```
/// use noisy_descent::{Scenario, series::{ComponentLaw, Look, Series, TimeLaw}, simulate::Ensemble};
/// // λk = 2.5 without a limit of its growth: λ²C(1 + 1.5² + 1.5⁴) after three steps from the minimum.
/// let scenario = Scenario::default().with_number("learning_rate", 2.5)?.with_number("steps", 3.0)?;
/// let mut ensemble = Ensemble::new(&scenario, 0)?;
/// ensemble.run();
/// let Look { step, discrete, exact, degrees, .. } = Series::new(&scenario)?.look(&ensemble)?;
/// let TimeLaw { components, .. } = discrete.clone().unwrap();
/// let ComponentLaw { mean, variance, excess_kurtosis, .. } = components[0];
/// assert_eq!((step, mean, excess_kurtosis, degrees), (3, 0.0, Some(0.0), Some(9999.0)));
/// assert!((variance - 6.25 * (1.0 + 2.25 + 5.0625)).abs() < 1e-11 && exact == discrete);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct ComponentLaw {
    /// Mean.
    pub mean: f64,
    /// Variance.
    pub variance: f64,
    /// Skewness; `null` where nothing varies, the noise lacks the moment, or there is no theory of it.
    pub skewness: Option<f64>,
    /// Excess kurtosis; `null` likewise.
    pub excess_kurtosis: Option<f64>,
}

impl Series {
    /// The ensemble where it stands, beside the theories of that step.
    ///
    /// # Errors
    /// What goes wrong with a theory; a coordinate of the bins that the ensemble does not have.
    pub fn look(&self, ensemble: &Ensemble) -> Result<Look> {
        let look = self.beside(ensemble.measure_along(&self.components))?;
        let histogram = self.bins.as_ref().map(|bins| ensemble.histogram(bins)).transpose()?;
        Ok(Look { histogram, ..look })
    }

    /// What was measured along [`Series::components`], by whoever it was, beside the theories of that step.
    ///
    /// # Errors
    /// What goes wrong with a theory.
    ///
    /// ```
    /// use noisy_descent::{Scenario, series::Series, simulate::{AlongTally, Ensemble}};
    /// let scenario = Scenario::default().with_number("steps", 10.0)?;
    /// let series = Series::new(&scenario)?;
    /// let mut numbers = Vec::new();
    /// for index in 0..3 {
    ///     let mut part = Ensemble::part(&scenario, 0, index, 3)?;
    ///     part.run();
    ///     numbers.extend(part.tally_along(series.components()).to_numbers());
    /// }
    /// let look = series.beside(AlongTally::join(&numbers)?.components())?;
    /// let mut at_once = Ensemble::new(&scenario, 0)?;
    /// at_once.run();
    /// assert_eq!(look, series.look(&at_once)?);
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn beside(&self, mut measured: Components) -> Result<Look> {
        self.tails.lacking(measured.step).blank_components(&mut measured);
        let step = measured.step;
        let laws = self.predictor.on_the_way(step)?;
        let scenario = self.scenario();
        let constant = !scenario.noise.covariance.depends_on_weights() && scenario.loss.exits().is_none();
        let degrees = (constant && scenario.noise.law == NoiseLaw::Gaussian)
            .then_some(measured.replicas as f64 - measured.diverged as f64 - 1.0)
            .filter(|degrees| *degrees > 0.0);
        let law = |moments: &Moments, gaussian: bool| self.law(moments, step, gaussian);
        let discrete = laws.discrete.as_ref().map(|moments| law(moments, false)).transpose()?;
        let exact = match &laws.exact {
            Some(_) if self.predictor.discrete_is_exact(step)? => discrete.clone(),
            Some(moments) => Some(law(moments, false)?),
            None => None,
        };
        let continuous = law(&laws.continuous, true)?;
        Ok(Look { step, measured, degrees, continuous, discrete, exact, histogram: None })
    }

    fn law(&self, moments: &Moments, step: u64, diffusion: bool) -> Result<TimeLaw> {
        let variances = self.along(&moments.covariance);
        let scenario = self.scenario();
        let gaussian =
            diffusion || (scenario.noise.law == NoiseLaw::Gaussian && !scenario.noise.covariance.depends_on_weights());
        let mut components = Vec::with_capacity(variances.len());
        for (u, &variance) in self.components.column_iter().zip(&variances) {
            let (mut skewness, mut excess_kurtosis) = (None, None);
            if gaussian && variance > 0.0 {
                (skewness, excess_kurtosis) = (Some(0.0), Some(0.0));
            } else if variance > 0.0 && scenario.dimension() <= SHAPED {
                let component: DVector<f64> = u.into_owned();
                if let Some(shape) = self.predictor.shape_on_the_way(&component, variance, step)? {
                    (skewness, excess_kurtosis) = (shape.skewness, shape.excess_kurtosis);
                }
            }
            components.push(ComponentLaw { mean: u.dot(&moments.mean), variance, skewness, excess_kurtosis });
        }
        let training_error = expected_loss(self.predictor.system().modes(), &moments.mean, &moments.covariance)?;
        Ok(TimeLaw { training_error, components })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;
    use crate::theory::predict_after;

    fn look(document: serde_json::Value) -> (Scenario, Look) {
        let scenario = Scenario::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]));
        let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
        ensemble.run();
        let look = Series::new(&scenario).unwrap().look(&ensemble).unwrap();
        (scenario, look)
    }

    #[test]
    fn theories_on_the_way_are_those_of_the_prediction() {
        let correlated = serde_json::json!({ "version": 1,
            "loss": { "kind": "quadratic", "hessian": [[1, 0.3], [0.3, 0.5]] },
            "optimizer": { "kind": "momentum", "learning_rate": 0.7, "momentum": 0.6 },
            "run": { "replicas": 300, "steps": 7, "start": { "kind": "point", "weights": [2, -1] } } });
        let minibatch = serde_json::json!({ "version": 1,
            "loss": { "kind": "least_squares" }, "noise": { "covariance": { "kind": "minibatch", "batch_size": 2 } },
            "optimizer": { "kind": "momentum", "learning_rate": 0.1, "momentum": 0.3 },
            "run": { "replicas": 300, "steps": 7 } });
        for document in [correlated, minibatch] {
            let (scenario, look) = look(document);
            let want = predict_after(&scenario, 7).unwrap();
            for (got, want) in [
                (Some(&look.continuous), Some(&want.continuous)),
                (look.discrete.as_ref(), want.discrete.as_ref()),
                (look.exact.as_ref(), want.exact.as_ref()),
            ] {
                let (got, want) = (got.unwrap(), &want.unwrap().at_end);
                assert!((got.training_error - want.training_error).abs() < 1e-12 * want.training_error);
                let n = scenario.dimension();
                for i in 0..n {
                    assert!((got.components[i].mean - want.mean[i]).abs() < 1e-12);
                    assert!((got.components[i].variance - want.covariance[i][i]).abs() < 1e-12);
                }
                // The directions are orthonormal: the same total.
                let total = |from: usize| -> f64 { (from..from + n).map(|i| got.components[i].variance).sum() };
                assert!((total(0) - total(n)).abs() < 1e-12);
            }
        }
    }
}
