//! An ensemble that a worker advances in portions.

use crate::clock;
use crate::outcome::{answer, document, problem, to_js};
use js_sys::{Float64Array, Uint32Array};
use noisy_descent::simulate::{self, Tally};
#[cfg(feature = "complete")]
use noisy_descent::simulate::{Bins, EscapeMeasurement};
use noisy_descent::tails::{Lacking, Tails, lacking_moments, may_lack};
use noisy_descent::{Scenario, Sweep};
#[cfg(feature = "complete")]
use serde::Serialize;
use std::cell::{OnceCell, RefCell};
use wasm_bindgen::prelude::*;

/// Work between two looks at the clock, in matrix entries: well under a millisecond.
const PORTION: u64 = 1_000_000;

/// A running ensemble of a scenario, or of one point of a sweep.
#[wasm_bindgen]
pub struct Ensemble {
    ensemble: simulate::Ensemble,
    scenario: Scenario,
    /// Which moments the scenario's weights lack, once that is asked for.
    tails: OnceCell<Option<Tails>>,
}

#[wasm_bindgen]
impl Ensemble {
    /// Sets the replicas of a scenario at their start. `point` numbers it among scenarios whose random numbers are to be
    /// independent; 0 for one alone.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception; a page checks its documents before.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
        point: u32,
    ) -> Result<Ensemble, JsValue> {
        let read = document(scenario).and_then(Scenario::read);
        Ensemble::made(read, |scenario| simulate::Ensemble::new(scenario, point))
    }

    /// Sets the replicas of one point of a sweep at their start: part number `part` (from 0) of `of`, 0 of 1 for all.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception.
    pub fn of_point(
        #[wasm_bindgen(unchecked_param_type = "Sweep")] sweep: JsValue,
        index: u32,
        part: usize,
        of: usize,
    ) -> Result<Ensemble, JsValue> {
        let scenario = read_again(sweep).and_then(|sweep| sweep.scenario_at(index).map_err(problem));
        Ensemble::made(scenario, |scenario| simulate::Ensemble::part(scenario, index, part, of))
    }

    /// A part of a scenario's replicas at their start.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception.
    pub fn part(
        #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
        part: usize,
        of: usize,
    ) -> Result<Ensemble, JsValue> {
        let read = document(scenario).and_then(Scenario::read);
        Ensemble::made(read, |scenario| simulate::Ensemble::part(scenario, 0, part, of))
    }

    fn made(
        scenario: Result<Scenario, Vec<noisy_descent::Error>>,
        make: impl FnOnce(&Scenario) -> noisy_descent::Result<simulate::Ensemble>,
    ) -> Result<Ensemble, JsValue> {
        let made = scenario.and_then(|scenario| {
            let ensemble = make(&scenario).map_err(problem)?;
            Ok(Ensemble { ensemble, scenario, tails: OnceCell::new() })
        });
        made.map_err(|problems| answer::<()>(Err(problems)))
    }

    /// Which standard errors there are not at this step.
    fn lacking(&self) -> Lacking {
        if !may_lack(&self.scenario) {
            return Lacking::default();
        }
        let tails = self.tails.get_or_init(|| Tails::new(&self.scenario).ok());
        tails.as_ref().map_or_else(Lacking::default, |tails| tails.lacking(self.ensemble.step()))
    }

    /// Sets the step up to which the ensemble advances.
    pub fn set_target(&mut self, step: f64) {
        self.ensemble.set_target(step as u64);
    }

    /// Goes on with the loss, noise and optimizer of another scenario, of the same kind of loss, dimension and number of replicas: a slider that moves
    /// while the ensemble runs. Places, velocities and the count of steps stay; the scenario's seed, start and steps are not looked at.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception; the ensemble is what it was then.
    pub fn retune(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
    ) -> Result<(), JsValue> {
        let read = document(scenario).and_then(Scenario::read);
        let tuned = read.and_then(|scenario| {
            self.ensemble.retune(&scenario).map_err(problem)?;
            (self.scenario, self.tails) = (scenario, OnceCell::new());
            Ok(())
        });
        tuned.map_err(|problems| answer::<()>(Err(problems)))
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

    /// The step that all replicas have reached.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn step(&self) -> f64 {
        self.ensemble.step() as f64
    }

    /// Averages with standard errors; NaN where one lacks its moment.
    #[wasm_bindgen(unchecked_return_type = "Measurement")]
    #[must_use]
    pub fn measure(&self) -> JsValue {
        let mut measurement = self.ensemble.measure();
        self.lacking().blank(&mut measurement);
        to_js(&measurement)
    }

    /// The sums that it adds to a measurement, without a fingerprint; that of a whole ensemble is its `checksum`.
    #[must_use]
    pub fn tally(&self) -> Float64Array {
        Float64Array::from(self.ensemble.sums().to_numbers().as_slice())
    }

    /// Numbers of replicas on a grid over `[x_low, x_high) x [y_low, y_high)` of two coordinates (from 0), row by row from the
    /// lowest `y`; with equal coordinates a histogram of one row.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception, for a coordinate that there is not.
    pub fn density(
        &self,
        x: usize,
        y: usize,
        columns: usize,
        rows: usize,
        low: &[f64],
        high: &[f64],
    ) -> Result<Uint32Array, JsValue> {
        let other = (y != x).then_some(y);
        let density = self.ensemble.density(x, other, (columns, rows), [low[0], low[1]], [high[0], high[1]]);
        match density {
            Ok(density) => Ok(Uint32Array::from(density.counts.as_slice())),
            Err(error) => Err(answer::<()>(Err(problem(error)))),
        }
    }

    /// The same over the plane of two directions of `D` numbers each, one after the other in `directions`.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception, for directions of another size.
    pub fn density_along(
        &self,
        directions: &[f64],
        columns: usize,
        rows: usize,
        low: &[f64],
        high: &[f64],
    ) -> Result<Uint32Array, JsValue> {
        let along = halves(directions);
        match self.ensemble.density_along(along, (columns, rows), [low[0], low[1]], [high[0], high[1]]) {
            Ok(density) => Ok(Uint32Array::from(density.counts.as_slice())),
            Err(error) => Err(answer::<()>(Err(problem(error)))),
        }
    }

    /// Mean, covariance and standard error of the covariance along two directions: `[mean 1, mean 2, var 1, cov, var 2]` and
    /// the errors of the last three, NaN where they lack their moment.
    ///
    /// # Errors
    /// As for [`Ensemble::density_along`].
    pub fn moments_along(&self, directions: &[f64]) -> Result<Float64Array, JsValue> {
        match self.ensemble.moments_along(halves(directions)) {
            Ok(moments) => {
                let entries = [(0, 0), (0, 1), (1, 1)];
                let mut numbers = moments.mean.clone();
                numbers.extend(entries.map(|(i, j)| moments.covariance(i, j)));
                let lacking = self.lacking().squares.is_some();
                let error = |(i, j)| if lacking { f64::NAN } else { moments.covariance_error(i, j) };
                numbers.extend(entries.map(error));
                Ok(Float64Array::from(numbers.as_slice()))
            }
            Err(error) => Err(answer::<()>(Err(problem(error)))),
        }
    }

    /// Weights of the first replicas, replica by replica.
    #[must_use]
    pub fn positions(&self, most: usize) -> Float64Array {
        Float64Array::from(self.ensemble.positions(most).as_slice())
    }

    /// Fingerprint of every bit of the weights and moments, in hexadecimal.
    #[must_use]
    pub fn checksum(&self) -> String {
        format!("{:016x}", self.ensemble.checksum())
    }
}

/// What few ask for.
#[cfg(feature = "complete")]
#[wasm_bindgen]
impl Ensemble {
    /// The sums that it adds to a measurement, with a histogram of the first coordinate.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception, for what makes no bins.
    pub fn tally_in_bins(&self, bins: usize, low: f64, high: f64) -> Result<Float64Array, JsValue> {
        let tally = Bins::new(&[0], bins, [low, high]).and_then(|bins| self.ensemble.tally_with(&bins));
        match tally {
            Ok(tally) => Ok(Float64Array::from(tally.to_numbers().as_slice())),
            Err(error) => Err(answer::<()>(Err(problem(error)))),
        }
    }
}

/// How an ensemble has left its well, and where those lie that are still in it.
#[cfg(feature = "complete")]
#[derive(Serialize)]
struct Escaped {
    /// With the survival at so many steps and one.
    measurement: EscapeMeasurement,
    /// Replicas in each of the bins.
    counts: Vec<u64>,
    /// Where the first bin begins and the last one ends.
    low: f64,
    high: f64,
}

/// How the replicas have left the well, from the tallies of all their parts one after the other, with the survival at `points + 1` steps; `null`
/// for a loss without an exit, and for tallies without a histogram.
#[cfg(feature = "complete")]
#[wasm_bindgen(
    unchecked_return_type = "Outcome<{ measurement: EscapeMeasurement; counts: number[]; low: number; high: number } | null>"
)]
#[must_use]
pub fn escaped_of(tallies: &[f64], points: usize) -> JsValue {
    let escaped = |tally: Tally| {
        let (measurement, histogram) = (tally.escape(points)?, tally.histogram()?);
        let counts = histogram.counts.clone();
        Some(Escaped { measurement, counts, low: histogram.low, high: histogram.high })
    };
    answer(Tally::join(tallies).map(escaped).map_err(problem))
}

/// Two vectors that stand one after the other.
fn halves(directions: &[f64]) -> [&[f64]; 2] {
    let (first, second) = directions.split_at(directions.len() / 2);
    [first, second]
}

/// What was measured on an ensemble of a scenario, from the tallies of all its parts one after the other; NaN where a standard error lacks its moment.
#[wasm_bindgen(unchecked_return_type = "Outcome<Measurement>")]
#[must_use]
pub fn measurement_of(
    #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
    tallies: &[f64],
) -> JsValue {
    let measured = |scenario: Scenario| {
        let mut measurement = Tally::join(tallies)?.measurement();
        lacking_moments(&scenario, measurement.step)?.blank(&mut measurement);
        Ok(measurement)
    };
    answer(document(scenario).and_then(Scenario::read).and_then(|scenario| measured(scenario).map_err(problem)))
}

/// What was measured at a point of a sweep, beside what the theories say there; from the tallies of all its parts.
#[wasm_bindgen(unchecked_return_type = "Outcome<SweepPoint>")]
#[must_use]
pub fn point_of(
    #[wasm_bindgen(unchecked_param_type = "Sweep")] sweep: JsValue,
    index: u32,
    tallies: &[f64],
) -> JsValue {
    let point = |sweep: Sweep| Tally::join(tallies).and_then(|tally| sweep.point(index, &tally.measurement()));
    answer(read_again(sweep).and_then(|sweep| point(sweep).map_err(problem)))
}

thread_local! {
    /// The sweep that was read last, by its text: the next point is mostly one of the same.
    static LAST: RefCell<Option<(String, Sweep)>> = const { RefCell::new(None) };
}

/// Reads a sweep that may have been read before.
fn read_again(sweep: JsValue) -> Result<Sweep, Vec<noisy_descent::Error>> {
    let text = js_sys::JSON::stringify(&sweep).ok().and_then(|text| text.as_string());
    let known = LAST
        .with_borrow(|last| last.as_ref().filter(|(of, _)| Some(of) == text.as_ref()).map(|(_, sweep)| sweep.clone()));
    if let Some(sweep) = known {
        return Ok(sweep);
    }
    let read = document(sweep).and_then(Sweep::read)?;
    LAST.set(text.map(|text| (text, read.clone())));
    Ok(read)
}
