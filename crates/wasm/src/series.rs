//! A scenario over time and over lags: parts of its replicas, look by look, and what they come to together.

use crate::clock;
use crate::outcome::{answer, document, problem, to_js};
use js_sys::Float64Array;
use noisy_descent::Scenario;
use noisy_descent::series::{self, LagTheory, Spacing};
use noisy_descent::simulate::{AlongTally, Ensemble, LaggedTally, Recollection};
use noisy_descent::sweep::SweepPoint;
use wasm_bindgen::prelude::*;

/// Work between two looks at the clock, in matrix entries: well under a millisecond.
const PORTION: u64 = 1_000_000;

/// A part of a scenario's replicas that is looked at many times.
#[wasm_bindgen]
pub struct SeriesPart {
    series: series::Series,
    ensemble: Ensemble,
    remembered: Option<Recollection>,
}

#[wasm_bindgen]
impl SeriesPart {
    /// Sets part number `part` (from 0) of `of` of a scenario's replicas at their start.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception; a page checks its documents before.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
        part: usize,
        of: usize,
    ) -> Result<SeriesPart, JsValue> {
        let made = document(scenario).and_then(Scenario::read).and_then(|scenario| {
            let series = series::Series::new(&scenario).map_err(problem)?;
            let ensemble = Ensemble::part(&scenario, 0, part, of).map_err(problem)?;
            Ok(SeriesPart { series, ensemble, remembered: None })
        });
        made.map_err(|problems| answer::<()>(Err(problems)))
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

    /// The sums that it adds to a look at this step.
    #[must_use]
    pub fn sums(&self) -> Float64Array {
        let tally = self.ensemble.tally_along(self.series.components());
        Float64Array::from(tally.to_numbers().as_slice())
    }

    /// The sums that it adds to what is left of the step at which this was first called; to be called at every step after it.
    pub fn remembered(&mut self) -> Float64Array {
        let SeriesPart { series, ensemble, remembered } = self;
        let recollection = remembered.get_or_insert_with(|| Recollection::new(ensemble, series.components()));
        Float64Array::from(recollection.tally(ensemble).to_numbers().as_slice())
    }
}

/// What all parts of a scenario's replicas come to, beside what the theories say.
#[wasm_bindgen]
pub struct SeriesWhole {
    series: series::Series,
    theory: Option<LagTheory>,
}

#[wasm_bindgen]
impl SeriesWhole {
    /// Prepares the theories of a scenario.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue) -> Result<SeriesWhole, JsValue> {
        let read = document(scenario).and_then(Scenario::read);
        let made = read.and_then(|scenario| series::Series::new(&scenario).map_err(problem));
        let made = made.map(|series| SeriesWhole { series, theory: None });
        made.map_err(|problems| answer::<()>(Err(problems)))
    }

    /// One look, from the sums of all parts one after the other.
    #[wasm_bindgen(unchecked_return_type = "Outcome<Look>")]
    #[must_use]
    pub fn look(&self, sums: &[f64]) -> JsValue {
        let look = AlongTally::join(sums).and_then(|tally| self.series.beside(tally.components()));
        answer(look.map_err(problem))
    }

    /// One lag after the last step, likewise. Lag after lag takes the least work.
    #[wasm_bindgen(unchecked_return_type = "Outcome<Recall>")]
    #[must_use]
    pub fn recall(&mut self, sums: &[f64]) -> JsValue {
        answer(self.recalled(sums).map_err(problem))
    }

    fn recalled(&mut self, sums: &[f64]) -> noisy_descent::Result<series::Recall> {
        let measured = LaggedTally::join(sums)?.lagged();
        let theory = match &mut self.theory {
            Some(theory) => theory,
            none => none.insert(LagTheory::new(&self.series, self.series.scenario().run.steps.into())?),
        };
        Ok(theory.beside(&self.series, measured))
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
