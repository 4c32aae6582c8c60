//! A sweep: a scenario, one of its numeric parameters, and the values that it takes.

mod axis;
mod curve;
mod formula;
mod point;
mod quantity;
mod tails;
mod values;
mod verdict;

pub use curve::{Curve, Limit};
pub use point::SweepPoint;
pub use quantity::Quantity;
pub use verdict::{Verdict, verdict};

use crate::check::out_of_range;
use crate::error::{Error, Result};
use crate::scenario::{Group, Scale, Scenario, check_number, check_numbers, check_objects, parameter};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A scenario with one of its numeric parameters taking evenly spaced values.
///
/// ```
/// use noisy_descent::Sweep;
/// let sweep = Sweep::default(); // Fig. 2(a): 30 learning rates in (0, 2)
/// assert_eq!(sweep.values().len(), 30);
/// assert!(sweep.values().iter().all(|&learning_rate| 0.0 < learning_rate && learning_rate < 2.0));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Sweep {
    /// The scenario; its own value of the swept parameter is not used.
    pub scenario: Scenario,
    /// Name of what is swept: any number of the parameter table that the scenario has, or one of [`AXES`](crate::scenario::AXES).
    pub parameter: String,
    /// Lower end; the values lie strictly inside.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Number of values.
    pub points: u32,
    /// Even steps of the parameter, or of its logarithm.
    pub scale: Scale,
    /// What is looked at.
    pub quantity: Quantity,
    /// The coordinate whose mean, variance or shape is looked at, from 1.
    pub coordinate: u32,
    /// The coordinate whose covariance with it is looked at, from 1.
    pub other: u32,
    /// What somebody thinks that the quantity is, see [`Formula`](crate::formula::Formula); empty for nothing.
    pub formula: String,
    /// How a page shows it; no number depends on it.
    pub view: View,
}

/// How a page shows a sweep and its scenario.
///
/// ```
/// use noisy_descent::{Sweep, scenario::Scale, sweep::{Plane, Speed, View}};
/// let sweep = Sweep::read(serde_json::json!({ "view": { "y_scale": "log", "speed": "20", "across": 3 } })).unwrap();
/// assert_eq!(sweep.view, View { y_scale: Scale::Log, speed: Speed::Twenty, across: 3, ..View::default() });
/// assert_eq!((sweep.view.plane, sweep.view.upwards), (Plane::Coordinates, 2));
/// // Nothing that is computed depends on it.
/// assert_eq!(Sweep { view: View::default(), ..sweep.clone() }.curve(3)?, sweep.curve(3)?);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct View {
    /// Scale of the quantity's axis.
    pub y_scale: Scale,
    /// Steps a second of the watched ensemble.
    pub speed: Speed,
    /// What spans the plane of its picture.
    pub plane: Plane,
    /// The coordinate or direction across, from 1; the last one where there are fewer.
    pub across: u32,
    /// The one upwards, from 1.
    pub upwards: u32,
}

/// What spans the plane in which an ensemble is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Plane {
    /// Two coordinates of the weights.
    #[default]
    Coordinates,
    /// Two eigenvectors of the Hessian, counted from the sharpest.
    Directions,
}

/// Steps a second of a watched ensemble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Speed {
    /// One.
    #[serde(rename = "1")]
    One,
    /// Five.
    #[serde(rename = "5")]
    Five,
    /// Twenty.
    #[serde(rename = "20")]
    Twenty,
    /// Sixty: one a frame on most screens.
    #[default]
    #[serde(rename = "60")]
    Sixty,
    /// As many as the machine makes.
    #[serde(rename = "max")]
    Fastest,
}

impl Default for View {
    fn default() -> Self {
        View { y_scale: Scale::Linear, speed: Speed::default(), plane: Plane::default(), across: 1, upwards: 2 }
    }
}

impl Default for Sweep {
    /// The paper's Fig. 2(a).
    fn default() -> Self {
        Sweep {
            scenario: Scenario::default(),
            parameter: "learning_rate".into(),
            from: 0.0,
            to: 2.0,
            points: 30,
            scale: Scale::Linear,
            quantity: Quantity::Variance,
            coordinate: 1,
            other: 2,
            formula: String::new(),
            view: View::default(),
        }
    }
}

impl Sweep {
    /// Reads a JSON document and checks it.
    ///
    /// # Errors
    /// Every problem that can be told apart, at least one.
    ///
    /// ```
    /// use noisy_descent::Sweep;
    /// use serde_json::json;
    /// let sweep = Sweep::read(json!({ "parameter": "momentum", "from": 0, "to": 1, "points": 4 })).unwrap();
    /// assert_eq!(sweep.scenario_at(1).unwrap().number("momentum"), Some(0.4));
    /// assert_eq!(sweep.scenario_at(4).unwrap_err().to_string(), "points must lie in [0, 4), got 4");
    ///
    /// let problems = Sweep::read(json!({ "from": 1, "to": 0.5 })).unwrap_err();
    /// assert_eq!((problems.len(), problems[0].parameter()), (1, "to"));
    /// ```
    pub fn read(document: Value) -> std::result::Result<Sweep, Vec<Error>> {
        let mut problems = check_objects("sweep", &document, &["", "/view"]);
        problems.extend(check_numbers(&document, |group| matches!(group, Group::Sweep | Group::View)));
        if let Some(scenario) = document.get("scenario") {
            // The scenario first: its numbers are named as such, not as a document that does not fit.
            if let Err(errors) = Scenario::read(scenario.clone()) {
                problems.extend(errors);
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let sweep: Sweep = serde_json::from_value(document)
            .map_err(|error| vec![Error::Malformed { parameter: "sweep".into(), message: error.to_string() }])?;
        let problems = sweep.check();
        if problems.is_empty() { Ok(sweep) } else { Err(problems) }
    }

    /// Every problem of the document and of its scenario; empty for a good one.
    ///
    /// ```
    /// use noisy_descent::Sweep;
    /// assert!(Sweep::default().check().is_empty());
    /// let problems = Sweep { coordinate: 3, ..Sweep::default() }.check();
    /// assert_eq!(problems[0].to_string(), "coordinate must lie in [1, 2], got 3");
    /// ```
    #[must_use]
    pub fn check(&self) -> Vec<Error> {
        let mut problems = self.scenario.check();
        let own = [
            ("from", self.from),
            ("to", self.to),
            ("points", f64::from(self.points)),
            ("coordinate", f64::from(self.coordinate)),
            ("other", f64::from(self.other)),
            ("across", f64::from(self.view.across)),
            ("upwards", f64::from(self.view.upwards)),
        ];
        problems.extend(own.into_iter().filter_map(|(name, value)| check_number(parameter(name)?, value).err()));
        if problems.is_empty() {
            problems.extend(self.check_ends().err());
            problems.extend(self.check_coordinates().err());
        }
        if problems.is_empty() && self.quantity == Quantity::EscapeRate && !self.scenario.loss.has_exit() {
            problems.push(Error::NotCombined {
                parameter: "quantity".into(),
                value: "escape_rate".into(),
                with: format!("the loss {}", self.scenario.loss.kind()),
                allowed: "a potential with an exit".into(),
            });
        }
        if problems.is_empty() {
            problems.extend(self.check_values().err());
            problems.extend(self.check_formula().err());
        }
        problems
    }

    /// The coordinates that are looked at are there at every value.
    fn check_coordinates(&self) -> Result<()> {
        let fewest = self.fewest_coordinates();
        let looked_at = [
            ("coordinate", self.coordinate, self.quantity.has_coordinate()),
            ("other", self.other, self.quantity == Quantity::Covariance),
        ];
        match looked_at.into_iter().find(|&(_, number, used)| used && number as usize > fewest) {
            Some((name, number, _)) => Err(out_of_range(name, f64::from(number), format!("[1, {fewest}]"))),
            None => Ok(()),
        }
    }

    /// The first and the last value, between which every other lies, make good scenarios.
    fn check_values(&self) -> Result<()> {
        let values = self.values();
        for (value, (end, at)) in values
            .first()
            .into_iter()
            .map(|value| (value, ("from", self.from)))
            .chain(values.last().into_iter().map(|value| (value, ("to", self.to))))
        {
            let problem = match self.moved(*value) {
                Err(error) => Some(error),
                Ok(scenario) => scenario.check().into_iter().next(),
            };
            let Some(problem) = problem else { continue };
            if problem.parameter() != self.parameter {
                return Err(problem);
            }
            // A value of the sweep that its parameter does not allow is a wrong end of the sweep.
            return Err(out_of_range(end, at, format!("{}, the range of {}", problem.allowed(), self.parameter)));
        }
        Ok(())
    }

    /// The scenario of one point.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for an index that is no point; what is wrong with the scenario.
    pub fn scenario_at(&self, index: u32) -> Result<Scenario> {
        let value = self
            .values()
            .get(index as usize)
            .copied()
            .ok_or_else(|| out_of_range("points", f64::from(index), format!("[0, {})", self.points)))?;
        self.at(value)
    }

    fn at(&self, value: f64) -> Result<Scenario> {
        let scenario = self.moved(value)?;
        scenario.validate()?;
        Ok(scenario)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_outside_the_parameters_range_are_named() {
        let sweep = Sweep { parameter: "momentum".into(), to: 2.0, ..Sweep::default() };
        let problem = &sweep.check()[0];
        assert_eq!(problem.to_string(), "to must lie in [0, 1), the range of momentum, got 2");
        let sweep = Sweep { parameter: "momentum".into(), from: 1.5, to: 2.0, ..Sweep::default() };
        assert_eq!(sweep.check()[0].parameter(), "from");
        let sweep = Sweep { from: 1.0, to: 1.0, ..Sweep::default() };
        assert_eq!(sweep.check()[0].parameter(), "to");
        let sweep = Sweep { coordinate: 3, ..Sweep::default() };
        assert_eq!(sweep.check()[0].to_string(), "coordinate must lie in [1, 2], got 3");
        let sweep = Sweep { parameter: "nonsense".into(), ..Sweep::default() };
        assert_eq!(sweep.check()[0].kind(), "unknown_parameter");
    }

    #[test]
    fn any_number_of_the_scenario_is_swept() {
        let document = |parameter: &str, to: f64| {
            serde_json::json!({ "parameter": parameter, "from": 0, "to": to, "points": 3, "scenario": {
                "version": 1,
                "noise": { "law": { "kind": "student_t", "degrees": 5 } },
                "optimizer": { "kind": "qhm", "learning_rate": 0.5, "mixing": 0.5 },
            } })
        };
        for (parameter, to) in
            [("learning_rate", 1.0), ("mixing", 1.0), ("noise_variance", 4.0), ("steps", 100.0), ("seed", 9.0)]
        {
            let sweep = Sweep::read(document(parameter, to)).unwrap_or_else(|problems| panic!("{}", problems[0]));
            for index in 0..3 {
                let value = sweep.values()[index as usize];
                assert_eq!(sweep.scenario_at(index).unwrap().number(parameter), Some(value));
            }
            let curve = sweep.curve(20).unwrap();
            assert!(curve.discrete.iter().all(|value| value.is_finite()), "{parameter}");
        }
        // The range of a number may depend on a choice.
        let problems = Sweep::read(document("degrees", 10.0));
        assert!(problems.is_ok(), "2.5 is above 2");
        let problems = Sweep::read(document("degrees", 4.0)).unwrap_err();
        assert_eq!(
            problems[0].to_string(),
            "from must lie in (2, ∞) for the law student_t, the range of degrees, got 0"
        );
        let problems = Sweep::read(document("batch_size", 4.0)).unwrap_err();
        assert!(problems[0].to_string().starts_with("there is no numeric parameter \"batch_size\" in this scenario"));
    }
}
