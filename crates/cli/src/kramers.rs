//! `kramers`: escape over a barrier.

use clap::Args;
use noisy_descent::Error;
use noisy_descent::theory::kramers::{
    Escape, EscapeNoise, PiecewiseQuadratic, Polynomial, Potential, chain_escape, diffusion_first_passage,
    ito_kramers_rate, self_consistent_rate,
};
use noisy_descent::theory::published::kramers as published;
use serde::Serialize;

/// The well, the noise and the end of an escape.
#[derive(Args)]
pub struct KramersArguments {
    /// Curvature `k_a` at the bottom of the piecewise-quadratic well.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true, conflicts_with = "polynomial")]
    well_curvature: f64,
    /// Curvature `|k_b|` at its top.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true, conflicts_with = "polynomial")]
    barrier_curvature: f64,
    /// Place b of the top.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true, conflicts_with = "polynomial")]
    top: f64,
    /// A polynomial potential instead: its coefficients from the constant on, separated by commas.
    #[arg(long, value_delimiter = ',', allow_negative_numbers = true)]
    polynomial: Vec<f64>,
    /// Where to look for the polynomial's minimum.
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true, requires = "polynomial")]
    near: f64,
    /// Factor r on the whole potential.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true)]
    scale: f64,
    /// Batch size S of a noise of variance |L″|/S.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true, conflicts_with = "variance")]
    batch_size: f64,
    /// Constant variance added to the noise of a batch.
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true, conflicts_with = "variance")]
    white: f64,
    /// A noise of constant variance instead.
    #[arg(long, allow_negative_numbers = true)]
    variance: Option<f64>,
    /// Learning rate.
    #[arg(long, default_value_t = 0.15, allow_negative_numbers = true)]
    learning_rate: f64,
    /// Where a walker has escaped; twice the top if absent.
    #[arg(long, allow_negative_numbers = true)]
    end: Option<f64>,
    /// Where it has escaped on the other side of a polynomial with a barrier there too.
    #[arg(long, allow_negative_numbers = true, requires = "polynomial")]
    lower_end: Option<f64>,
}

/// The answer: rates are per unit of s = λ t, times in steps.
#[derive(Serialize)]
pub struct KramersAnswer {
    exact: Exact,
    continuous: Continuous,
    /// Formulas for a noise |L″|/S; null for others.
    formulas: Option<Formulas>,
}

/// The discrete chain.
#[derive(Serialize)]
struct Exact {
    escape_probability_per_step: f64,
    rate: f64,
    mean_first_passage_steps: f64,
}

/// The diffusion with its noise taken before each step.
#[derive(Serialize)]
struct Continuous {
    rate: f64,
    mean_first_passage_steps: f64,
}

#[derive(Serialize)]
struct Formulas {
    self_consistent: f64,
    eq_23_as_printed: f64,
    eq_24_as_printed: f64,
}

impl KramersArguments {
    pub fn answer(&self) -> Result<KramersAnswer, Error> {
        let (potential, top): (Potential, f64) = if self.polynomial.is_empty() {
            let well = PiecewiseQuadratic::new(self.well_curvature, self.barrier_curvature, self.top)?;
            (well.scaled(self.scale)?.into(), self.top)
        } else {
            let polynomial = Polynomial::new(&self.polynomial, self.near)?.scaled(self.scale)?;
            let top = polynomial.barrier().unwrap_or(f64::NAN);
            (polynomial.into(), top)
        };
        let noise = match self.variance {
            Some(variance) => EscapeNoise::Constant { variance },
            None => EscapeNoise::Curvature { batch_size: self.batch_size, white: self.white },
        };
        let shape = potential.barrier_shape();
        let end = self.end.unwrap_or(2.0 * top);
        let escape = match self.lower_end {
            Some(lower) => Escape::two_sided(potential, noise, self.learning_rate, lower, end)?,
            None => Escape::new(potential, noise, self.learning_rate, end)?,
        };
        let exact = chain_escape(&escape)?;
        let formulas = match (self.variance, shape) {
            (None, Ok(shape)) if self.white == 0.0 => Some(Formulas {
                self_consistent: self_consistent_rate(&shape, self.batch_size, self.learning_rate)?,
                eq_23_as_printed: published::eq_23(&shape, self.batch_size, self.learning_rate)?,
                eq_24_as_printed: published::eq_24(&shape, self.batch_size, self.learning_rate)?,
            }),
            _ => None,
        };
        Ok(KramersAnswer {
            exact: Exact {
                escape_probability_per_step: exact.probability_per_step,
                rate: exact.rate,
                mean_first_passage_steps: exact.mean_first_passage,
            },
            continuous: Continuous {
                rate: ito_kramers_rate(&escape)?,
                mean_first_passage_steps: diffusion_first_passage(&escape)?,
            },
            formulas,
        })
    }
}
