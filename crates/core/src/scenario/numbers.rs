//! The numbers of a document by their names in the parameter table.

use super::{Group, PARAMETERS, Parameter, Scenario, Start, Values, parameter};
use crate::data::Data;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::noise::{NoiseCovariance, NoiseLaw};
use crate::optimizer::Optimizer;
use serde_json::Value;

/// Checks every number of the table that a document holds. A NaN or an infinity has no JSON and stands there as null.
pub(crate) fn check_numbers(document: &Value, belongs: impl Fn(Group) -> bool) -> Vec<Error> {
    let rows = PARAMETERS.iter().filter(|row| row.is_number() && belongs(row.group));
    let there = rows.filter_map(|row| Some((row, document.pointer(row.path)?)));
    let checked = there.map(|(row, value)| match value {
        Value::Null => check_number(row, f64::NAN),
        Value::Number(number) => check_number(row, number.as_f64().unwrap_or(f64::NAN)),
        other => {
            let allowed = row.interval().map(ToString::to_string).unwrap_or_default();
            let message = format!("it must be a number in {allowed}, got {other}");
            Err(Error::Malformed { parameter: row.name.into(), message })
        }
    });
    checked.filter_map(Result::err).collect()
}

/// Whether a number is one that its row allows.
pub(crate) fn check_number(row: &Parameter, value: f64) -> Result<()> {
    let Some(interval) = row.interval() else { return Ok(()) };
    let (parameter, allowed) = (row.name.to_string(), interval.to_string());
    if !interval.contains(value) {
        return Err(Error::OutOfRange { parameter, value, allowed });
    }
    if matches!(row.values, Values::Integer(_)) && value.fract() != 0.0 {
        return Err(Error::NotInteger { parameter, value, allowed });
    }
    Ok(())
}

/// Where a number stands in a scenario.
enum Place<'a> {
    Real(&'a mut f64),
    Count(&'a mut u32),
    Seed(&'a mut u64),
    /// One that may be left out.
    Open(&'a mut Option<f64>),
    OpenCount(&'a mut Option<u32>),
}

impl Place<'_> {
    fn get(&self) -> Option<f64> {
        match self {
            Place::Real(place) => Some(**place),
            Place::Count(place) => Some(f64::from(**place)),
            Place::Seed(place) => Some(**place as f64),
            Place::Open(place) => **place,
            Place::OpenCount(place) => place.map(f64::from),
        }
    }

    /// Whether it could be written; a number that no integer holds cannot.
    fn set(self, value: f64) -> bool {
        let fits = |largest: f64| value.fract() == 0.0 && (0.0..=largest).contains(&value);
        let count = || fits(f64::from(u32::MAX)).then_some(value as u32);
        match self {
            Place::Real(place) => *place = value,
            Place::Open(place) => *place = Some(value),
            Place::Count(place) => match count() {
                Some(count) => *place = count,
                None => return false,
            },
            Place::OpenCount(place) => match count() {
                Some(count) => *place = Some(count),
                None => return false,
            },
            Place::Seed(place) if fits(9e15) => *place = value as u64,
            Place::Seed(_) => return false,
        }
        true
    }
}

fn of_optimizer<'a>(optimizer: &'a mut Optimizer, name: &str) -> Option<Place<'a>> {
    Some(Place::Real(match (optimizer, name) {
        (Optimizer::Momentum(optimizer), "learning_rate") => &mut optimizer.learning_rate,
        (Optimizer::Momentum(optimizer), "momentum") => &mut optimizer.momentum,
        (Optimizer::Qhm(optimizer), "learning_rate") => &mut optimizer.learning_rate,
        (Optimizer::Qhm(optimizer), "momentum") => &mut optimizer.momentum,
        (Optimizer::Qhm(optimizer), "mixing") => &mut optimizer.mixing,
        (Optimizer::Preconditioned(optimizer), "learning_rate") => &mut optimizer.learning_rate,
        (Optimizer::Preconditioned(optimizer), "momentum") => &mut optimizer.momentum,
        (Optimizer::Preconditioned(optimizer), "mixing") => optimizer.mixing.as_mut()?,
        (Optimizer::Newton(optimizer), "learning_rate") => &mut optimizer.learning_rate,
        (Optimizer::Newton(optimizer), "momentum") => &mut optimizer.momentum,
        (Optimizer::NaturalGradient(optimizer), "learning_rate") => &mut optimizer.learning_rate,
        (Optimizer::NaturalGradient(optimizer), "momentum") => &mut optimizer.momentum,
        (Optimizer::NaturalGradient(optimizer), "averaging") => &mut optimizer.averaging,
        (Optimizer::Adam(optimizer), "learning_rate") => &mut optimizer.learning_rate,
        (Optimizer::Adam(optimizer), "beta1") => &mut optimizer.beta1,
        (Optimizer::Adam(optimizer), "beta2") => &mut optimizer.beta2,
        (Optimizer::Adam(optimizer), "epsilon") => &mut optimizer.epsilon,
        _ => return None,
    }))
}

fn of_loss<'a>(loss: &'a mut Loss, name: &str) -> Option<Place<'a>> {
    Some(match (loss, name) {
        (Loss::LeastSquares(loss), _) => match (loss.drawn_mut()?, name) {
            (Data::Synthetic { samples, .. }, "samples") => Place::Count(samples),
            (Data::Synthetic { residual_variance, .. }, "residual_variance") => Place::Real(residual_variance),
            (Data::Synthetic { seed, .. }, "data_seed") => Place::Seed(seed),
            _ => return None,
        },
        (Loss::PiecewiseQuadratic(loss), "well_curvature") => Place::Real(&mut loss.well_curvature),
        (Loss::PiecewiseQuadratic(loss), "barrier_curvature") => Place::Real(&mut loss.barrier_curvature),
        (Loss::PiecewiseQuadratic(loss), "barrier") => Place::Real(&mut loss.barrier),
        (Loss::PiecewiseQuadratic(loss), "steepness") => Place::Real(&mut loss.steepness),
        (Loss::PiecewiseQuadratic(loss), "exit") => Place::Open(&mut loss.exit),
        (Loss::Polynomial(loss), "exit") => Place::Open(&mut loss.exit),
        (Loss::Polynomial(loss), "lower_exit") => Place::Open(&mut loss.lower_exit),
        _ => return None,
    })
}

fn of_covariance<'a>(covariance: &'a mut NoiseCovariance, name: &str) -> Option<Place<'a>> {
    use NoiseCovariance::{Curvature, Hessian, Minibatch, Mixed, Proportional, White};
    Some(match (covariance, name) {
        (White { variance } | Mixed { variance, .. } | Curvature { variance, .. }, "noise_variance") => {
            Place::Real(variance)
        }
        (Hessian { scale } | Mixed { scale, .. } | Proportional { scale }, "noise_scale") => Place::Real(scale),
        (Minibatch { batch_size, .. } | Curvature { batch_size, .. }, "batch_size") => Place::Count(batch_size),
        _ => return None,
    })
}

impl Scenario {
    /// Where the number of a row stands, if this scenario has it.
    fn place(&mut self, row: &Parameter) -> Option<Place<'_>> {
        match (row.group, row.name) {
            (Group::Optimizer, name) => of_optimizer(&mut self.optimizer, name),
            (Group::Loss, name) => of_loss(&mut self.loss, name),
            (Group::Noise, "degrees") => match &mut self.noise.law {
                NoiseLaw::StudentT { degrees } | NoiseLaw::ChiSquared { degrees } => Some(Place::Real(degrees)),
                _ => None,
            },
            (Group::Noise, name) => of_covariance(&mut self.noise.covariance, name),
            (Group::Run, "replicas") => Some(Place::Count(&mut self.run.replicas)),
            (Group::Run, "steps") => Some(Place::Count(&mut self.run.steps)),
            (Group::Run, "seed") => Some(Place::Seed(&mut self.run.seed)),
            (Group::Run, "burn_in") => match &mut self.run.start {
                Start::Stationary { burn_in } => Some(Place::OpenCount(burn_in)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The numbers that this scenario says, with their rows.
    pub(super) fn numbers(&self) -> Vec<(&'static Parameter, f64)> {
        let mut copy = self.clone();
        PARAMETERS.iter().filter_map(|row| Some((row, copy.place(row)?.get()?))).collect()
    }

    /// The value of a numeric parameter of the table, `None` where this scenario has no such parameter or leaves it out.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.clone().place(parameter(name)?)?.get()
    }

    /// This scenario with a numeric parameter of the table set to another value; how a sweep moves.
    ///
    /// The value is not checked against its range, so that [`Scenario::check`] can name it.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`] if this scenario has no such number; [`Error::NotInteger`] for a fraction (or a value
    /// that no integer holds) where a whole number is needed; [`Error::OutOfRange`] for a NaN or an infinity.
    ///
    /// ```
    /// use noisy_descent::Scenario;
    /// let scenario = Scenario::default().with_number("steps", 50.0)?;
    /// assert_eq!(scenario.number("steps"), Some(50.0));
    /// assert_eq!(scenario.with_number("batch_size", 2.0).unwrap_err().kind(), "unknown_parameter");
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn with_number(&self, name: &str, value: f64) -> Result<Scenario> {
        let unknown = || Error::UnknownParameter {
            parameter: "parameter".into(),
            value: name.into(),
            allowed: self.numeric_parameters().join(", "),
        };
        let mut next = self.clone();
        let row = parameter(name).ok_or_else(unknown)?;
        let place = next.place(row).ok_or_else(unknown)?;
        let allowed = || row.interval().map(ToString::to_string).unwrap_or_default();
        if !value.is_finite() && !matches!(row.values, Values::Integer(_)) {
            return Err(Error::OutOfRange { parameter: name.into(), value, allowed: allowed() });
        }
        if !place.set(value) {
            return Err(Error::NotInteger { parameter: name.into(), value, allowed: allowed() });
        }
        Ok(next)
    }

    /// Names of the numeric parameters that this scenario has.
    ///
    /// ```
    /// use noisy_descent::Scenario;
    /// assert_eq!(
    ///     Scenario::default().numeric_parameters(),
    ///     ["learning_rate", "momentum", "noise_variance", "replicas", "steps", "seed"]
    /// );
    /// ```
    #[must_use]
    pub fn numeric_parameters(&self) -> Vec<&'static str> {
        let mut copy = self.clone();
        PARAMETERS.iter().filter(|row| copy.place(row).is_some()).map(|row| row.name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(document: Value) -> Scenario {
        Scenario::read(document).unwrap_or_else(|problems| panic!("{}", problems[0]))
    }

    #[test]
    fn a_number_that_is_left_out_can_be_set() {
        let well = read(json!({ "version": 1, "loss": { "kind": "piecewise_quadratic" } }));
        assert_eq!(well.number("exit"), None);
        assert!(well.numeric_parameters().contains(&"exit") && !well.numeric_parameters().contains(&"lower_exit"));
        let moved = well.with_number("exit", 1.5).unwrap();
        assert_eq!((moved.number("exit"), moved.loss.exits()), (Some(1.5), Some([f64::NEG_INFINITY, 1.5])));
        assert_eq!(Scenario::default().with_number("exit", 1.0).unwrap_err().kind(), "unknown_parameter");
        assert_eq!(Scenario::default().with_number("burn_in", 1.0).unwrap_err().kind(), "unknown_parameter");
        let settled = read(json!({ "version": 1, "run": { "start": { "kind": "stationary" } } }));
        assert_eq!(settled.with_number("burn_in", 7.0).unwrap().number("burn_in"), Some(7.0));
    }

    #[test]
    fn a_change_elsewhere_keeps_the_data_set() {
        let loss = json!({ "kind": "least_squares", "data": { "kind": "table", "inputs": [[1.0], [2.0]], "targets": [0, 1] } });
        let scenario = read(json!({ "version": 1, "loss": loss }));
        let regression = |scenario: &Scenario| match &scenario.loss {
            Loss::LeastSquares(loss) => std::ptr::from_ref(loss.regression().unwrap()),
            other => panic!("{other:?}"),
        };
        let first = regression(&scenario);
        assert_eq!(first, regression(&scenario.with_number("learning_rate", 0.1).unwrap()), "not loaded again");
        assert!(!scenario.numeric_parameters().contains(&"samples"));
    }

    #[test]
    fn a_change_of_the_data_set_draws_it_anew() {
        let scenario =
            read(json!({ "version": 1, "loss": { "kind": "least_squares", "data": { "kind": "synthetic" } } }));
        let minimum_loss = |scenario: &Scenario| match &scenario.loss {
            Loss::LeastSquares(loss) => loss.regression().unwrap().minimum_loss(),
            other => panic!("{other:?}"),
        };
        let before = minimum_loss(&scenario);
        let after = minimum_loss(&scenario.with_number("residual_variance", 4.0).unwrap());
        assert!((after / before - 4.0).abs() < 1e-6, "{before} {after}");
        assert_eq!(minimum_loss(&scenario), before, "the first one keeps its own");
    }

    #[test]
    fn every_number_can_be_set_where_it_is() {
        for loss in [
            json!({ "kind": "quadratic", "hessian": [[1]] }),
            json!({ "kind": "least_squares", "data": { "kind": "synthetic" } }),
            json!({ "kind": "piecewise_quadratic", "exit": 3 }),
            json!({ "kind": "polynomial", "coefficients": [0, 0, 0.5, 0, -0.25] }),
        ] {
            let scenario = read(json!({ "version": 1, "loss": loss }));
            every_number_is_in_its_place(&scenario);
        }
        for optimizer in [
            json!({ "kind": "momentum", "learning_rate": 1 }),
            json!({ "kind": "qhm", "learning_rate": 1 }),
            json!({ "kind": "preconditioned", "preconditioner": [[1, 0], [0, 1]], "mixing": 0.5 }),
            json!({ "kind": "newton", "learning_rate": 1 }),
            json!({ "kind": "natural_gradient", "learning_rate": 1 }),
            json!({ "kind": "adam", "learning_rate": 1 }),
        ] {
            every_number_is_in_its_place(&read(json!({ "version": 1, "optimizer": optimizer })));
        }
        for covariance in
            [json!({ "kind": "hessian", "scale": 1 }), json!({ "kind": "mixed", "variance": 1, "scale": 1 })]
        {
            every_number_is_in_its_place(&read(json!({ "version": 1, "noise": { "covariance": covariance } })));
        }
        let minibatch = json!({ "loss": { "kind": "least_squares" }, "noise": { "covariance": { "kind": "minibatch" } },
            "run": { "start": { "kind": "stationary" } }, "version": 1 });
        every_number_is_in_its_place(&read(minibatch));
        let curvature = json!({ "loss": { "kind": "piecewise_quadratic" }, "noise": { "covariance": { "kind": "curvature" },
            "law": { "kind": "student_t", "degrees": 3 } }, "version": 1 });
        every_number_is_in_its_place(&read(curvature));
    }

    /// Every number that a row of the table may have here, and that alone, is set by its name in its place.
    fn every_number_is_in_its_place(scenario: &Scenario) {
        let document = serde_json::to_value(scenario).unwrap();
        let in_document = |row: &Parameter| {
            let left_out = row.is_optional()
                && row.only_if.is_some_and(|(choice, words)| {
                    let made = document.pointer(parameter(choice).unwrap().path);
                    words.iter().any(|&word| made == Some(&json!(word)))
                });
            document.pointer(row.path).is_some() || left_out
        };
        let rows = PARAMETERS.iter().filter(|row| row.is_number() && in_document(row));
        assert_eq!(scenario.numeric_parameters(), rows.map(|row| row.name).collect::<Vec<_>>());
        for name in scenario.numeric_parameters() {
            let to = if name == "lower_exit" { -3.0 } else { 5.0 };
            let next = scenario.with_number(name, to).unwrap();
            assert_eq!(next.number(name), Some(to), "{name}");
            // In the place that the table says, and nowhere else.
            let (mut before, after) = (serde_json::to_value(scenario).unwrap(), serde_json::to_value(&next).unwrap());
            let path = parameter(name).unwrap().path;
            assert_eq!(after.pointer(path).and_then(Value::as_f64), Some(to), "{name}");
            let (outer, key) = path.rsplit_once('/').unwrap();
            before.pointer_mut(outer).unwrap()[key] = after.pointer(path).unwrap().clone();
            assert_eq!(before, after, "{name}");
        }
    }
}
