//! The theory on plain arrays, for those who bring matrices of their own and vary the optimizer.

use crate::outcome::{answer, document, problem};
use js_sys::Float64Array;
use noisy_descent::Error;
use noisy_descent::nalgebra::DMatrix;
use noisy_descent::optimizer::Optimizer;
use noisy_descent::theory::{
    StabilityMap, System, mode_covariance_by_columns, stability_map as map, stationary_covariance, training_error,
};
use wasm_bindgen::prelude::*;

/// A loss, a noise and an optimizer, decomposed once. Matrices are flat arrays, row by row.
#[wasm_bindgen]
pub struct Theory {
    system: System,
}

#[wasm_bindgen]
impl Theory {
    /// From a Hessian and a noise covariance of `dimension²` numbers each.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception.
    #[wasm_bindgen(constructor)]
    pub fn new(
        hessian: &[f64],
        noise_covariance: &[f64],
        dimension: usize,
        #[wasm_bindgen(unchecked_param_type = "Optimizer")] optimizer: JsValue,
    ) -> Result<Theory, JsValue> {
        let square = |name: &str, entries: &[f64]| {
            if dimension.checked_mul(dimension) == Some(entries.len()) && dimension > 0 {
                return Ok(DMatrix::from_row_slice(dimension, dimension, entries));
            }
            let (parameter, of) = (name.into(), "dimension squared".into());
            Err(Error::SizeMismatch {
                parameter,
                size: entries.len(),
                of,
                expected: dimension.saturating_mul(dimension),
            })
        };
        let made = read(optimizer).and_then(|optimizer| {
            let (k, c) = (square("hessian", hessian), square("noise_covariance", noise_covariance));
            k.and_then(|k| System::new(&k, &c?, &optimizer)).map_err(problem)
        });
        made.map(|system| Theory { system }).map_err(refused)
    }

    /// The same loss and noise under another optimizer; what has been decomposed is used again.
    ///
    /// # Errors
    /// `{ ok: false, problems }` as an exception.
    pub fn with_optimizer(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Optimizer")] optimizer: JsValue,
    ) -> Result<Theory, JsValue> {
        let made = read(optimizer).and_then(|optimizer| self.system.with_optimizer(&optimizer).map_err(problem));
        made.map(|system| Theory { system }).map_err(refused)
    }

    /// Stationary covariance, row by row; nothing when there is none.
    #[must_use]
    pub fn covariance(&self) -> Option<Float64Array> {
        stationary_covariance(&self.system).map(|sigma| Float64Array::from(sigma.as_slice()))
    }

    /// The same in the basis of the modes, without the rotation back, written into an array of `dimension²` numbers that a
    /// caller keeps; whether there is any.
    #[must_use]
    pub fn mode_covariance(&self, into: &Float64Array) -> bool {
        let mut written = 0;
        into.length() as usize == self.system.dimension().pow(2)
            && mode_covariance_by_columns(&self.system, |columns| {
                let end = written + columns.len() as u32;
                into.subarray(written, end).copy_from(columns);
                written = end;
            })
    }

    /// Stationary training error; nothing when there is none.
    #[must_use]
    pub fn training_error(&self) -> Option<f64> {
        training_error(&self.system)
    }
}

/// The map of an optimizer's step over values of `λk` (`products`) and of its share, the momentum or QHM's mixing (`shares`):
/// first the spectral radii, row by row, then as many variances in units of `c/k²`, NaN where there is none, then the limit
/// on `λk` of each row.
///
/// # Errors
/// `{ ok: false, problems }` as an exception.
#[wasm_bindgen]
pub fn stability_map(
    #[wasm_bindgen(unchecked_param_type = "Optimizer")] optimizer: JsValue,
    products: &[f64],
    shares: &[f64],
) -> Result<Float64Array, JsValue> {
    let made = read(optimizer).and_then(|optimizer| map(&optimizer, products, shares).map_err(problem));
    let StabilityMap { spectral_radius, variance, limit } = made.map_err(refused)?;
    Ok(Float64Array::from([spectral_radius, variance, limit].concat().as_slice()))
}

fn read(optimizer: JsValue) -> Result<Optimizer, Vec<Error>> {
    // By way of JSON, as every document: NaN is refused in words.
    Optimizer::read(document(optimizer)?).map_err(problem)
}

fn refused(problems: Vec<Error>) -> JsValue {
    answer::<()>(Err(problems))
}
