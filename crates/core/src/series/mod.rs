//! A scenario at many times: theory beside measurement on its way, and over the lags after its last step.
//!
//! The components of the weights are the coordinates and the eigen-directions of the Hessian, at most [`SHOWN`] of each.

mod look;
mod memory;
mod times;

pub use look::{ComponentLaw, Look, TimeLaw};
pub use memory::{Along, LagTheory, Recall, Remembered};
pub use times::{Spacing, every, lags, times};

use crate::agreement::{Comparison, Furthest, furthest};
use crate::error::Result;
use crate::scenario::Scenario;
use crate::simulate::Bins;
use crate::sweep::SweepPoint;
use crate::tails::Tails;
use crate::theory::{Predictor, stability};
use nalgebra::{DMatrix, DVector};
use serde::Serialize;

/// Most coordinates, and most eigen-directions, that are looked at.
///
/// ```
/// use noisy_descent::{Scenario, series::{SHOWN, Series}};
/// let series = Series::new(&Scenario::default())?; // two coordinates, two eigen-directions
/// assert!(series.components().ncols() == 4 && 4 <= 2 * SHOWN);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub const SHOWN: usize = 16;

/// A scenario made ready to be looked at many times.
///
/// ```
/// use noisy_descent::{Scenario, series::Series, simulate::Ensemble};
/// let scenario = Scenario::default().with_number("steps", 10.0)?;
/// let (series, mut ensemble) = (Series::new(&scenario)?, Ensemble::new(&scenario, 0)?);
/// ensemble.run();
/// let look = series.look(&ensemble)?;
/// let (measured, law) = (look.measured.components[0], look.discrete.unwrap().components[0]);
/// assert!((measured.variance - law.variance).abs() < 5.0 * measured.variance_error);
/// assert_eq!(series.scenario().run.steps, 10);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Series {
    predictor: Predictor,
    tails: Tails,
    components: DMatrix<f64>,
    bins: Option<Bins>,
}

impl Series {
    /// Prepares a scenario.
    ///
    /// # Errors
    /// The first problem of the scenario.
    pub fn new(scenario: &Scenario) -> Result<Series> {
        let predictor = Predictor::new(scenario)?;
        let n = scenario.dimension();
        let shown = n.min(SHOWN);
        let directions = predictor.system().hessian_modes().directions();
        let columns: Vec<DVector<f64>> = (0..shown)
            .map(|i| DVector::from_fn(n, |j, _| f64::from(u8::from(i == j))))
            .chain((0..shown).map(|i| directions.column(i).into_owned()))
            .collect();
        Ok(Series { predictor, tails: Tails::new(scenario)?, components: DMatrix::from_columns(&columns), bins: None })
    }

    /// The same with a histogram at every look.
    ///
    /// ```
    /// use noisy_descent::{Scenario, series::Series, simulate::{Bins, Ensemble}};
    /// let scenario = Scenario::default().with_number("steps", 10.0)?;
    /// let series = Series::new(&scenario)?.with_bins(Bins::new(&[0], 8, [-4.0, 4.0])?);
    /// let mut ensemble = Ensemble::new(&scenario, 0)?;
    /// for step in [0, 5, 10] {
    ///     ensemble.set_target(step);
    ///     ensemble.run();
    ///     let histogram = series.look(&ensemble)?.histogram.unwrap();
    ///     assert_eq!(histogram.counts.iter().sum::<u64>() + histogram.outside, 10_000);
    /// }
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn with_bins(self, bins: Bins) -> Series {
        Series { bins: Some(bins), ..self }
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        self.predictor.scenario()
    }

    /// Unit vectors of the components, `D x M`: coordinates first, then eigen-directions, sharpest first.
    #[must_use]
    pub fn components(&self) -> &DMatrix<f64> {
        &self.components
    }

    /// [`lags`] over which its slowest direction is worth following.
    ///
    /// ```
    /// use noisy_descent::{Scenario, series::Series};
    /// assert_eq!(Series::new(&Scenario::default())?.memorable_lags(), 29); // 0.85 a step
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn memorable_lags(&self) -> u64 {
        lags(stability(self.predictor.system()).spectral_radius)
    }

    /// `uᵀMu` of every component.
    fn along(&self, matrix: &DMatrix<f64>) -> Vec<f64> {
        self.components.column_iter().map(|u| u.dot(&(matrix * u))).collect()
    }
}

/// The verdict on each theory from measurements of one ensemble, which depend on each other: by the largest deviation.
///
/// ```
/// use noisy_descent::{Scenario, Sweep, series::{SeriesVerdict, verdict_together}, sweep::SweepPoint};
/// let at = |x: f64, measured: f64| SweepPoint {
///     index: 0,
///     x,
///     measured: Some(measured),
///     error: Some(0.1),
///     lacking_moment: None,
///     replicas: 1000,
///     degrees: None,
///     diverged: 0,
///     continuous: 1.0,
///     discrete: Some(2.0),
///     exact: None,
///     formula: None,
/// };
/// let found: SeriesVerdict = verdict_together(&[at(1.0, 2.1), at(2.0, 1.8)]);
/// assert!(found.discrete.unwrap().accepted && !found.continuous.unwrap().accepted && found.exact.is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct SeriesVerdict {
    /// On the continuous theory.
    pub continuous: Option<Furthest>,
    /// On the discrete theory.
    pub discrete: Option<Furthest>,
    /// On the exact theory.
    pub exact: Option<Furthest>,
}

/// Compares; a time at which replicas have diverged has nothing to compare.
#[must_use]
pub fn verdict_together(points: &[SweepPoint]) -> SeriesVerdict {
    let compare = |theory: &dyn Fn(&SweepPoint) -> Option<f64>| {
        let comparisons: Vec<Comparison> = points
            .iter()
            .filter(|point| point.diverged == 0)
            .filter_map(|point| {
                let (measured, error, theory) = (point.measured?, point.error?, theory(point)?);
                Some(Comparison { at: point.x, measured, error, theory, degrees: point.degrees })
            })
            .collect();
        furthest(&comparisons)
    };
    SeriesVerdict {
        continuous: compare(&|point| Some(point.continuous)),
        discrete: compare(&|point| point.discrete),
        exact: compare(&|point| point.exact),
    }
}
