//! The check that every document goes through before anything is computed or allocated for it.

use super::{Group, PARAMETERS, Scenario, VERSION, Values};
use crate::error::{Error, Result};
use crate::matrix::{LARGEST_DIMENSION, require_positive};
use crate::noise::NoiseCovariance;
use crate::optimizer::Optimizer;
use serde_json::Value;

/// Limit on replicas times coordinates: the state of such an ensemble takes 320 MB.
pub const LARGEST_ENSEMBLE: usize = 20_000_000;

/// Checks every number of the table that a document holds. A NaN or an infinity has no JSON and stands there as null.
pub(crate) fn check_numbers(document: &Value, belongs: impl Fn(Group) -> bool) -> Vec<Error> {
    let mut problems = Vec::new();
    for parameter in PARAMETERS.iter().filter(|parameter| belongs(parameter.group)) {
        let (Some(interval), Some(value)) = (parameter.interval(), document.pointer(parameter.path)) else {
            continue;
        };
        let (name, allowed) = (parameter.name.to_string(), interval.to_string());
        match (value, value.as_f64()) {
            (Value::Null | Value::Number(_), number) => {
                let value = number.unwrap_or(f64::NAN);
                if !interval.contains(value) {
                    problems.push(Error::OutOfRange { parameter: name, value, allowed });
                } else if matches!(parameter.values, Values::Integer(_)) && value.fract() != 0.0 {
                    problems.push(Error::NotInteger { parameter: name, value, allowed });
                }
            }
            _ => {
                let message = format!("it must be a number in {allowed}, got {value}");
                problems.push(Error::Malformed { parameter: name, message });
            }
        }
    }
    problems
}

/// Checks the shape of every matrix of the table that a document holds, so that one which fits no matrix type is named as
/// itself.
pub(crate) fn check_matrices(document: &Value) -> Vec<Error> {
    let matrices = PARAMETERS.iter().filter(|parameter| matches!(parameter.values, Values::Matrix { .. }));
    let there = matrices.filter_map(|parameter| Some((parameter.name, document.pointer(parameter.path)?)));
    there.filter_map(|(name, value)| check_rows(name, value).err()).collect()
}

fn check_rows(name: &str, value: &Value) -> Result<()> {
    let malformed = |message: String| Error::Malformed { parameter: name.into(), message };
    let Value::Array(rows) = value else {
        return Err(malformed("it must be an array of rows".into()));
    };
    let lengths: Vec<Option<usize>> = rows.iter().map(|row| row.as_array().map(Vec::len)).collect();
    let longest = lengths.iter().flatten().copied().max().unwrap_or(0);
    if rows.is_empty() || rows.len().max(longest) > LARGEST_DIMENSION {
        let (parameter, largest) = (name.into(), LARGEST_DIMENSION);
        return Err(Error::NotSquare { parameter, rows: rows.len(), columns: longest, largest });
    }
    for (i, length) in lengths.iter().enumerate() {
        match (length, lengths[0]) {
            (None, _) => return Err(malformed(format!("row {} is no array of numbers", i + 1))),
            (Some(length), Some(first)) if *length != first => {
                return Err(malformed(format!("row 1 has {first} entries, row {} has {length}", i + 1)));
            }
            _ => {}
        }
    }
    for (i, row) in rows.iter().enumerate() {
        for (j, entry) in row.as_array().into_iter().flatten().enumerate() {
            match entry {
                Value::Number(_) => {}
                Value::Null => {
                    return Err(Error::NotFinite {
                        parameter: name.into(),
                        row: i + 1,
                        column: j + 1,
                        value: f64::NAN,
                    });
                }
                other => return Err(malformed(format!("{other} in row {} is no number", i + 1))),
            }
        }
    }
    Ok(())
}

impl Scenario {
    /// Every problem of the document; empty for a good one. Costs a triangular factor per matrix.
    #[must_use]
    pub fn check(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        if self.version != VERSION {
            let message = format!("version {} is not known here, this is version {VERSION}", self.version);
            problems.push(Error::Malformed { parameter: "scenario".into(), message });
        }
        let document = serde_json::to_value(self).unwrap_or(Value::Null);
        problems.extend(check_numbers(&document, |group| group != Group::Sweep));
        let dimension = self.dimension();
        let mut sizes = Vec::new();
        let mut matrix = |name: &str, matrix: &nalgebra::DMatrix<f64>| {
            let definite = matches!(super::parameter(name).map(|p| p.values), Some(Values::Matrix { definite: true }));
            if let Err(error) = require_positive(name, matrix, definite) {
                problems.push(error);
            }
        };
        matrix("hessian", self.loss.hessian());
        let mut as_large_as_the_loss = |name: &str, given: &nalgebra::DMatrix<f64>| {
            matrix(name, given);
            if given.nrows() != dimension && given.nrows() == given.ncols() {
                let (parameter, of) = (name.to_string(), "hessian".to_string());
                sizes.push(Error::SizeMismatch { parameter, size: given.nrows(), of, expected: dimension });
            }
        };
        if let NoiseCovariance::Matrix { matrix } = &self.noise.covariance {
            as_large_as_the_loss("noise_covariance", matrix);
        }
        if let Optimizer::Preconditioned(optimizer) = &self.optimizer {
            as_large_as_the_loss("preconditioner", &optimizer.preconditioner);
        }
        problems.append(&mut sizes);
        if problems.is_empty() {
            problems.extend(self.noise.covariance.check(&self.optimizer).err());
            problems.extend(self.noise.law.check().err());
        }
        let replicas = self.run.replicas as usize;
        if problems.is_empty() && replicas.saturating_mul(dimension) > LARGEST_ENSEMBLE {
            problems.push(Error::TooLarge {
                parameter: "replicas".into(),
                value: replicas as f64,
                allowed: format!("[2, {}]", LARGEST_ENSEMBLE / dimension),
                dimension,
                limit: LARGEST_ENSEMBLE,
            });
        }
        problems
    }

    /// The first problem of [`Scenario::check`], if there is one.
    ///
    /// # Errors
    /// That problem.
    pub fn validate(&self) -> Result<()> {
        self.check().into_iter().next().map_or(Ok(()), Err)
    }
}
