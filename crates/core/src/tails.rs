//! Which standard errors of a measurement mean something: each is made of moments of twice the order of what it belongs to, and heavy
//! tails lack them, those of a noise as well as those that minibatches make, which multiply the weights.

use crate::complete::Complete;
use crate::error::Result;
use crate::loss::Loss;
use crate::noise::{NoiseCovariance, NoiseLaw};
use crate::optimizer::{Optimizer, Step};
use crate::scenario::Scenario;
use crate::simulate::{Components, Lagged, LaggedCovariance, Measurement};
use crate::theory::minibatch::MomentGrowth;
use crate::theory::{System, burn_in};
use serde::Serialize;

/// Order of the moments of the weights that a standard error is made of: of variances, covariances, autocovariances and the training error.
const OF_SQUARES: u32 = 4;
/// Of a skewness.
const OF_SKEWNESS: u32 = 6;
/// Of a kurtosis.
const OF_KURTOSIS: u32 = 8;

/// A scenario made ready to be asked at any step which moments its weights lack; for one step there is [`lacking_moments`].
///
/// ```
/// use noisy_descent::{Scenario, tails::Tails};
/// let scenario = Scenario::from_json(r#"{ "version": 1, "noise": { "law": { "kind": "student_t", "degrees": 7 } } }"#)?;
/// let tails = Tails::new(&scenario)?;
/// assert_eq!((tails.lacking(0).kurtosis, tails.lacking(1).kurtosis), (None, Some(8))); // at the start there is no noise yet
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Tails {
    law: NoiseLaw,
    /// The growth of moments by minibatches, order by order, for the step along this curvature; `None` where it is not known.
    growth: Option<([MomentGrowth; 3], Step, f64)>,
    before: u64,
}

/// Which moments the weights lack at a step, by what is measured then.
///
/// ```
/// use noisy_descent::{Scenario, simulate::Ensemble, tails::{Lacking, lacking_moments}};
/// let scenario = Scenario::from_json(r#"{ "version": 1, "run": { "replicas": 500, "steps": 20 },
///     "noise": { "law": { "kind": "student_t", "degrees": 3 } } }"#)?;
/// let mut ensemble = Ensemble::new(&scenario, 0)?;
/// ensemble.run();
/// let mut measured = ensemble.measure();
/// assert!(measured.covariance_error[0][0].is_finite()); // of this sample; of another it is any other number
/// let lacking: Lacking = lacking_moments(&scenario, measured.step)?;
/// assert_eq!((lacking.squares, lacking.skewness, lacking.kurtosis), (Some(4), Some(6), Some(8)));
/// assert!(lacking.skewness_itself && lacking.kurtosis_itself && lacking.any());
/// lacking.blank(&mut measured);
/// assert!(measured.covariance_error[0][0].is_nan() && measured.training_error_error.is_nan());
/// assert!(measured.excess_kurtosis[0].is_nan() && measured.skewness[0].is_nan());
/// assert!(measured.covariance[0][0].is_finite() && measured.mean_error[0].is_finite());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Lacking {
    /// Order of the moment that the standard errors of variances, covariances, autocovariances and the training error lack: 4; `null`
    /// where nothing is lacking, or nothing is known.
    pub squares: Option<u32>,
    /// That of the skewness's standard error: 6.
    pub skewness: Option<u32>,
    /// That of the kurtosis's: 8.
    pub kurtosis: Option<u32>,
    /// Whether the weights have no skewness: there is no third moment.
    pub skewness_itself: bool,
    /// Whether they have no kurtosis: there is no fourth.
    pub kurtosis_itself: bool,
}

/// Which standard errors of a [`Measurement`] of a scenario lack a moment after a number of steps: they are numbers all the same, of that
/// sample alone. The mean's always has its own.
///
/// # Errors
/// The first problem of the scenario.
///
/// ```
/// use noisy_descent::{Scenario, tails::lacking_moments};
/// let of = |degrees: f64| -> noisy_descent::Result<_> {
///     let text = format!(r#"{{ "version": 1, "noise": {{ "law": {{ "kind": "student_t", "degrees": {degrees} }} }} }}"#);
///     lacking_moments(&Scenario::from_json(&text)?, 100)
/// };
/// assert_eq!((of(9.0)?.any(), of(8.0)?.kurtosis, of(6.5)?.skewness), (false, Some(8), None));
/// // A sum of squares over its standard error is Gaussian in the limit at four degrees too, though there is no kurtosis.
/// assert_eq!((of(4.0)?.squares, of(4.0)?.kurtosis_itself, of(3.9)?.squares), (None, true, Some(4)));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn lacking_moments(scenario: &Scenario, step: u64) -> Result<Lacking> {
    Ok(Tails::new(scenario)?.lacking(step))
}

/// Whether the weights of a good scenario could lack any of these moments, without working out which: under a law without an eighth, or
/// under minibatches in one dimension.
///
/// ```
/// use noisy_descent::{Scenario, tails::may_lack};
/// assert!(!may_lack(&Scenario::default()));
/// let heavy = r#"{ "version": 1, "noise": { "law": { "kind": "student_t", "degrees": 8 } } }"#;
/// assert!(may_lack(&Scenario::from_json(heavy)?));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[must_use]
pub fn may_lack(scenario: &Scenario) -> bool {
    let minibatches = matches!(scenario.noise.covariance, NoiseCovariance::Minibatch { .. });
    minibatches && scenario.dimension() == 1 || !scenario.noise.law.has_moment(OF_KURTOSIS)
}

impl Tails {
    /// Prepares a scenario.
    ///
    /// # Errors
    /// The first problem of the scenario.
    pub fn new(scenario: &Scenario) -> Result<Tails> {
        scenario.validate()?;
        let of = |order| growth(scenario, order);
        let growth = match (of(OF_SQUARES)?, of(OF_SKEWNESS)?, of(OF_KURTOSIS)?) {
            (Some(fourth), Some(sixth), Some(eighth)) => {
                let system = scenario.system()?;
                Some(([fourth, sixth, eighth], *system.step(), system.modes().curvatures()[0]))
            }
            _ => None,
        };
        Ok(Tails { law: scenario.noise.law, growth, before: burn_in(scenario)? })
    }

    /// What is lacking so many steps after the start.
    #[must_use]
    pub fn lacking(&self, step: u64) -> Lacking {
        let steps = step.saturating_add(self.before);
        if steps == 0 {
            return Lacking::default();
        }
        let there = |order: u32| match &self.growth {
            Some((growth, step, curvature)) => growth[(order / 2 - 2) as usize].is_finite(*step, *curvature, steps),
            None => law_has(&self.law, order),
        };
        let lacking = |order: u32| (!there(order)).then_some(order);
        let by_law = self.growth.is_none();
        Lacking {
            squares: lacking(OF_SQUARES),
            skewness: lacking(OF_SKEWNESS),
            kurtosis: lacking(OF_KURTOSIS),
            // Of minibatches the odd moments are not followed.
            skewness_itself: by_law && !self.law.has_moment(3),
            kurtosis_itself: if by_law { !self.law.has_moment(4) } else { !there(OF_SQUARES) },
        }
    }
}

impl Lacking {
    /// Whether anything is lacking.
    #[must_use]
    pub fn any(&self) -> bool {
        *self != Lacking::default()
    }

    /// Makes every standard error that lacks its moment NaN, which is `null` in JSON, and skewness and kurtosis where there are none.
    pub fn blank(&self, measurement: &mut Measurement) {
        if self.squares.is_some() {
            measurement.training_error_error = f64::NAN;
        }
        measurement.covariance_error.iter_mut().for_each(|row| blank_if(self.squares.is_some(), row));
        blank_if(self.skewness.is_some(), &mut measurement.skewness_error);
        blank_if(self.kurtosis.is_some(), &mut measurement.excess_kurtosis_error);
        blank_if(self.skewness_itself, &mut measurement.skewness);
        blank_if(self.kurtosis_itself, &mut measurement.excess_kurtosis);
    }

    /// The same of what is measured along directions.
    ///
    /// ```
    /// use noisy_descent::{Scenario, nalgebra::dmatrix, simulate::Ensemble, tails::lacking_moments};
    /// let scenario = Scenario::from_json(r#"{ "version": 1, "run": { "replicas": 500, "steps": 20 },
    ///     "noise": { "law": { "kind": "student_t", "degrees": 5 } } }"#)?;
    /// let mut ensemble = Ensemble::new(&scenario, 0)?;
    /// ensemble.run();
    /// let mut along = ensemble.measure_along(&dmatrix![0.6; 0.8]);
    /// lacking_moments(&scenario, along.step)?.blank_components(&mut along);
    /// let component = along.components[0];
    /// assert!(component.variance_error.is_finite() && component.skewness.is_finite());
    /// assert!(component.skewness_error.is_nan() && component.excess_kurtosis_error.is_nan());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn blank_components(&self, measured: &mut Components) {
        if self.squares.is_some() {
            measured.training_error_error = f64::NAN;
        }
        for component in &mut measured.components {
            for (lacking, number) in [
                (self.squares.is_some(), &mut component.variance_error),
                (self.skewness.is_some(), &mut component.skewness_error),
                (self.kurtosis.is_some(), &mut component.excess_kurtosis_error),
                (self.skewness_itself, &mut component.skewness),
                (self.kurtosis_itself, &mut component.excess_kurtosis),
            ] {
                if lacking {
                    *number = f64::NAN;
                }
            }
        }
    }

    /// The same of what is left of an earlier step along directions.
    ///
    /// ```
    /// use noisy_descent::{Scenario, nalgebra::dmatrix, simulate::{Ensemble, Recollection}, tails::lacking_moments};
    /// let scenario = Scenario::from_json(r#"{ "version": 1, "run": { "replicas": 500, "steps": 20 },
    ///     "noise": { "law": { "kind": "student_t", "degrees": 3 } } }"#)?;
    /// let mut ensemble = Ensemble::new(&scenario, 0)?;
    /// ensemble.run();
    /// let mut recollection = Recollection::new(&ensemble, &dmatrix![1.0; 0.0]);
    /// let mut lagged = recollection.recall(&ensemble);
    /// lacking_moments(&scenario, 20)?.blank_lagged(&mut lagged);
    /// assert!(lagged.components[0].error.is_nan() && lagged.components[0].covariance.is_finite());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn blank_lagged(&self, lagged: &mut Lagged) {
        if self.squares.is_some() {
            for component in &mut lagged.components {
                (component.error, component.time_error) = (f64::NAN, f64::NAN);
            }
        }
    }

    /// The same of an autocovariance.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::Ensemble, tails::lacking_moments};
    /// let scenario = Scenario::from_json(r#"{ "version": 1, "run": { "replicas": 500, "steps": 20 },
    ///     "noise": { "law": { "kind": "student_t", "degrees": 3 } } }"#)?;
    /// let mut ensemble = Ensemble::new(&scenario, 0)?;
    /// ensemble.run();
    /// ensemble.mark();
    /// let mut lagged = ensemble.lagged_covariance().unwrap();
    /// lacking_moments(&scenario, 20)?.blank_autocovariance(&mut lagged);
    /// assert!(lagged.error[0][0].is_nan() && lagged.covariance[0][0].is_finite());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn blank_autocovariance(&self, lagged: &mut LaggedCovariance) {
        lagged.error.iter_mut().for_each(|row| blank_if(self.squares.is_some(), row));
    }
}

/// Makes a standard error that lacks its moment NaN.
fn blank_if(lacking: bool, numbers: &mut [f64]) {
    if lacking {
        numbers.fill(f64::NAN);
    }
}

/// Whether a law has the moments that a standard error is made of.
fn law_has(law: &NoiseLaw, order: u32) -> bool {
    // A mean of squares over its standard error is Gaussian in the limit at four degrees too (Giné, Götze and Mason 1997).
    law.has_moment(order) || *law == NoiseLaw::StudentT { degrees: 4.0 } && order == OF_SQUARES
}

/// Whether the moment of an order is there, of a scenario in the form in which the theory works, so many steps after its start.
pub(crate) fn has_moment(scenario: &Scenario, system: &System, order: u32, steps: u64) -> Result<bool> {
    Ok(match growth(scenario, order)? {
        Some(growth) => growth.is_finite(*system.step(), system.modes().curvatures()[0], steps),
        None => law_has(&scenario.noise.law, order),
    })
}

/// The growth of moments, where it is known.
pub(crate) fn growth(scenario: &Scenario, order: u32) -> Result<Option<MomentGrowth>> {
    let Loss::LeastSquares(loss) = &scenario.loss else { return Ok(None) };
    let NoiseCovariance::Minibatch { batch_size, sampling } = scenario.noise.covariance else { return Ok(None) };
    Complete::needed("covariance")?;
    if scenario.dimension() != 1 || matches!(scenario.optimizer, Optimizer::NaturalGradient(_) | Optimizer::Adam(_)) {
        return Ok(None);
    }
    MomentGrowth::new(loss.regression()?, sampling, batch_size as usize, order as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sweep;
    use crate::series::{Remembered, Series};
    use crate::simulate::Ensemble;
    use serde_json::{Value, json};

    fn read(document: Value) -> Scenario {
        Scenario::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]))
    }

    fn student(degrees: f64) -> Value {
        json!({ "version": 1, "noise": { "law": { "kind": "student_t", "degrees": degrees } }, "run": { "replicas": 300, "steps": 30 } })
    }

    /// One sample a step out of x = 1 and x = 2, each next to the limits of its moments in turn.
    fn two_samples(learning_rate: f64, steps: u32) -> Value {
        json!({ "version": 1,
            "loss": { "kind": "least_squares", "data": { "kind": "table", "inputs": [[1], [2]], "targets": [1, 0] } },
            "noise": { "covariance": { "kind": "minibatch", "batch_size": 1 } },
            "optimizer": { "kind": "momentum", "learning_rate": learning_rate },
            "run": { "replicas": 300, "steps": steps } })
    }

    /// What a point of a sweep says of each quantity is what is said of the run.
    #[test]
    fn a_run_and_a_sweep_judge_alike() {
        let mut lacking_somewhere = 0;
        let documents = [2.5, 3.0, 3.9, 4.0, 5.0, 6.0, 7.5, 8.0, 9.0].map(student).into_iter();
        let documents = documents.chain([0.3, 0.4, 0.47, 0.5, 0.52, 0.55, 0.57].map(|rate| two_samples(rate, 2000)));
        for document in documents {
            let scenario = read(document.clone());
            let rate = scenario.optimizer.learning_rate();
            let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
            ensemble.run();
            let measured = ensemble.measure();
            let lacking = lacking_moments(&scenario, measured.step).unwrap();
            for (quantity, of_run) in [
                ("variance", lacking.squares),
                ("training_error", lacking.squares),
                ("skewness", lacking.skewness),
                ("kurtosis", lacking.kurtosis),
                ("mean", None),
            ] {
                // One point in the middle: the scenario itself.
                let sweep = json!({ "scenario": document, "quantity": quantity, "points": 1, "from": 0.5 * rate, "to": 1.5 * rate });
                let sweep = Sweep::read(sweep).unwrap_or_else(|problems| panic!("{}", problems[0]));
                assert!((sweep.values()[0] - rate).abs() < 1e-12);
                let point = sweep.point(0, &measured).unwrap();
                assert_eq!(point.lacking_moment, of_run, "{quantity} of {document}");
                lacking_somewhere += usize::from(of_run.is_some());
            }
        }
        assert!((20..60).contains(&lacking_somewhere), "{lacking_somewhere}");
    }

    #[test]
    fn what_may_lack_nothing_lacks_nothing() {
        let mut lacking = 0;
        let documents = [2.5, 4.0, 7.9, 8.0, 8.1, 30.0].map(student).into_iter();
        for document in documents.chain([two_samples(0.57, 2000), json!({ "version": 1 })]) {
            let scenario = read(document.clone());
            let any = lacking_moments(&scenario, 2000).unwrap().any();
            assert!(may_lack(&scenario) || !any, "{document}");
            lacking += usize::from(any);
        }
        assert_eq!(lacking, 5);
    }

    #[test]
    fn what_minibatches_have_not_felt_yet_is_not_lacking() {
        let scenario = read(two_samples(0.57, 2000));
        let tails = Tails::new(&scenario).unwrap();
        assert_eq!(tails.lacking(0), Lacking::default());
        assert!(
            !tails.lacking(1).any() && tails.lacking(2000).squares == Some(4) && tails.lacking(2000).kurtosis_itself
        );
        // A run before the start is as good as one after it.
        let mut stationary = two_samples(0.57, 1);
        stationary["run"]["start"] = json!({ "kind": "stationary", "burn_in": 2000 });
        assert_eq!(lacking_moments(&read(stationary), 0).unwrap(), tails.lacking(2000));
    }

    #[test]
    fn over_time_and_over_the_lags_too_there_is_no_such_error() {
        for (degrees, lacking) in [(3.0, true), (5.0, false)] {
            let scenario = read(student(degrees));
            let series = Series::new(&scenario).unwrap();
            let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
            ensemble.run();
            let look = series.look(&ensemble).unwrap();
            let component = look.measured.components[0];
            assert_eq!((component.variance_error.is_nan(), component.excess_kurtosis.is_nan()), (lacking, lacking));
            assert!(
                component.excess_kurtosis_error.is_nan()
                    && component.variance.is_finite()
                    && component.mean_error > 0.0
            );
            assert_eq!(look.measured.training_error_error.is_nan(), lacking);
            let recall = Remembered::new(&series, &ensemble).unwrap().recall(&series, &ensemble);
            assert_eq!(recall.measured.components[0].error.is_nan(), lacking);
        }
    }
}
