//! A scenario over time and over lags, look by look.

use crate::clock;
use crate::outcome::{answer, document, problem, to_js};
use noisy_descent::Scenario;
use noisy_descent::series::{self, Remembered, Spacing};
use noisy_descent::simulate::{Bins, Ensemble};
use noisy_descent::sweep::SweepPoint;
use wasm_bindgen::prelude::*;

/// Work between two looks at the clock, in matrix entries: well under a millisecond.
const PORTION: u64 = 1_000_000;

/// A scenario's run that is looked at many times.
#[wasm_bindgen]
pub struct Series {
    series: series::Series,
    ensemble: Ensemble,
    remembered: Option<Remembered>,
}

#[wasm_bindgen]
impl Series {
    /// Sets the replicas of a scenario at their start.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception; a page checks its documents before.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue) -> Result<Series, JsValue> {
        let made = document(scenario).and_then(Scenario::read).and_then(|scenario| {
            let series = series::Series::new(&scenario).map_err(problem)?;
            let ensemble = Ensemble::new(&scenario, 0).map_err(problem)?;
            Ok(Series { series, ensemble, remembered: None })
        });
        made.map_err(|problems| answer::<()>(Err(problems)))
    }

    /// Counts the replicas at every look from now on in so many bins over `[low, high)` of a coordinate (from 0), or of the plane of two different ones.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception, for what makes no bins.
    pub fn set_bins(&mut self, x: usize, y: usize, bins: usize, low: f64, high: f64) -> Result<(), JsValue> {
        let coordinates = [x, y];
        let count = if x == y { 1 } else { 2 };
        let bins =
            Bins::new(&coordinates[..count], bins, [low, high]).map_err(|error| answer::<()>(Err(problem(error))))?;
        self.series = self.series.clone().with_bins(bins);
        Ok(())
    }

    /// Sets the step up to which it advances.
    pub fn set_target(&mut self, step: f64) {
        self.ensemble.set_target(step as u64);
    }

    /// Advances towards the target for about this long; whether it was reached. The result does not depend on the time.
    pub fn advance(&mut self, milliseconds: f64) -> bool {
        let end = clock::now() + milliseconds;
        loop {
            if self.ensemble.advance(PORTION) {
                return true;
            }
            if clock::now() >= end {
                return false;
            }
        }
    }

    /// Share of the way to the target that is done, 0 to 1.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn progress(&self) -> f64 {
        self.ensemble.progress()
    }

    /// Lags over which its memory is worth following.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn lags(&self) -> f64 {
        self.series.memorable_lags() as f64
    }

    /// What is measured now beside what the theories say.
    #[wasm_bindgen(unchecked_return_type = "Outcome<Look>")]
    #[must_use]
    pub fn look(&self) -> JsValue {
        answer(self.series.look(&self.ensemble).map_err(problem))
    }

    /// What is left of the step at which this was first called.
    #[wasm_bindgen(unchecked_return_type = "Outcome<Recall>")]
    #[must_use]
    pub fn recall(&mut self) -> JsValue {
        if self.remembered.is_none() {
            match Remembered::new(&self.series, &self.ensemble) {
                Ok(remembered) => self.remembered = Some(remembered),
                Err(error) => return answer::<()>(Err(problem(error))),
            }
        }
        let recall = self.remembered.as_mut().map(|remembered| remembered.recall(&self.series, &self.ensemble));
        answer(Ok(recall))
    }
}

/// Steps up to and with `last` at which a run is looked at, ascending.
#[wasm_bindgen]
#[must_use]
pub fn times(last: f64, count: u32, logarithmic: bool) -> Vec<f64> {
    let spacing = if logarithmic { Spacing::Log } else { Spacing::Linear };
    series::times(last as u64, count, spacing).into_iter().map(|step| step as f64).collect()
}

/// The verdict on each theory from measurements of one ensemble.
#[wasm_bindgen(unchecked_return_type = "SeriesVerdict")]
#[must_use]
pub fn judge_together(#[wasm_bindgen(unchecked_param_type = "SweepPoint[]")] points: JsValue) -> JsValue {
    let points: Vec<SweepPoint> = serde_wasm_bindgen::from_value(points).unwrap_or_default();
    to_js(&series::verdict_together(&points))
}
