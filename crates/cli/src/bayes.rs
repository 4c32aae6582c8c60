//! `bayes`: SGD as a sampler of the posterior.

use clap::Args;
use noisy_descent::Error;
use noisy_descent::theory::bayes::{BatchFactor, BayesOptimum, ContinuousGuess, PosteriorMatch};
use serde::Serialize;

/// The curvatures and the batch of a Bayesian question.
#[derive(Args)]
pub struct BayesArguments {
    /// Eigenvalues of the Hessian of one sample's mean loss, separated by commas.
    #[arg(long, value_delimiter = ',', required = true, allow_negative_numbers = true)]
    curvatures: Vec<f64>,
    /// Number of samples N.
    #[arg(long)]
    data_size: u64,
    /// Batch size S, below N.
    #[arg(long)]
    batch_size: u64,
    /// Use the exact factor (N−S)/(S(N−1)) of sampling without replacement instead of the paper's (N−S)/(NS).
    #[arg(long)]
    exact_factor: bool,
    /// Learning rates at which to give the divergence too, separated by commas.
    #[arg(long, value_delimiter = ',', allow_negative_numbers = true)]
    learning_rates: Vec<f64>,
}

/// The answer.
#[derive(Serialize)]
pub struct BayesAnswer {
    optimum: BayesOptimum,
    continuous: ContinuousGuess,
    bracket: (f64, f64),
    divergences: Vec<Divergence>,
}

#[derive(Serialize)]
struct Divergence {
    learning_rate: f64,
    divergence: f64,
}

impl BayesArguments {
    pub fn answer(&self) -> Result<BayesAnswer, Error> {
        let factor = if self.exact_factor { BatchFactor::Exact } else { BatchFactor::Paper };
        let posterior = PosteriorMatch::new(&self.curvatures, self.data_size, self.batch_size, factor)?;
        let divergences = self
            .learning_rates
            .iter()
            .map(|&learning_rate| Ok(Divergence { learning_rate, divergence: posterior.divergence(learning_rate)? }))
            .collect::<Result<_, Error>>()?;
        Ok(BayesAnswer {
            optimum: posterior.optimum(),
            continuous: posterior.continuous_guess(),
            bracket: posterior.bracket(),
            divergences,
        })
    }
}
