//! SGD as a sampler of the Bayesian posterior, for a scenario (Liu et al. 2021, Theorem 6).

use super::Predictor;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::noise::{NoiseCovariance, Sampling};
use crate::scenario::Scenario;
use crate::theory::bayes::{BatchFactor, BayesOptimum, ContinuousGuess, PosteriorMatch};
use serde::Serialize;

/// How far below the interval of the optimum a curve begins, and how near to the limit it ends, in `λk*/(2 − λk*)`.
const BEGIN: f64 = 1.0 / 30.0;
const END: f64 = 300.0;

/// How far SGD's stationary law is from the posterior along the learning rate, and at the scenario's own.
///
/// ```
/// use noisy_descent::{Scenario, theory::{BayesPrediction, bayes_prediction}};
/// // K = diag(1, 0.1), which has no samples of its own: N = 1000, S = 100.
/// let bayes: BayesPrediction = bayes_prediction(&Scenario::default().with_number("learning_rate", 0.5)?, 1000, 100, 200)?;
/// assert_eq!((bayes.data_size, bayes.batch_size, &bayes.curvatures[..]), (1000, 100, &[1.0, 0.1][..]));
/// assert!((bayes.posterior[1] - 0.01).abs() < 1e-15); // 1/(Nk)
/// let variance = bayes.variances.unwrap()[0]; // λ(N − S)/(NS)/(2 − λk)
/// assert!((variance - 0.5 * 0.009 / 1.5).abs() < 1e-15);
/// let least = bayes.divergences.iter().copied().fold(f64::INFINITY, f64::min);
/// assert!(bayes.optimum.divergence <= least && least < 1.001 * bayes.optimum.divergence);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct BayesPrediction {
    /// Number of samples `N`: the data set's own where the scenario has one.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub data_size: u64,
    /// Batch size `S`: the scenario's own where its noise is that of minibatches.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub batch_size: u64,
    /// Whether both are the scenario's own.
    pub own: bool,
    /// Which `g` stands in `Σ = λ g (2I − λK)⁻¹`: exact for batches drawn without replacement, else the paper's.
    pub factor: BatchFactor,
    /// Eigenvalues of the Hessian, largest first.
    pub curvatures: Vec<f64>,
    /// Variance of the posterior along each eigenvector, `1/(N k)`.
    pub posterior: Vec<f64>,
    /// The scenario's learning rate.
    pub learning_rate: f64,
    /// Variance of SGD along each eigenvector; `null` beyond the limit of stability.
    pub variances: Option<Vec<f64>>,
    /// Kullback-Leibler divergence of SGD from the posterior, in nats; `null` beyond the limit of stability.
    pub divergence: Option<f64>,
    /// Where it is least.
    pub optimum: BayesOptimum,
    /// What the diffusion takes for that.
    pub continuous: ContinuousGuess,
    /// The divergence there; `null` beyond the limit of stability.
    pub continuous_divergence: Option<f64>,
    /// Limit of stability of the learning rate, `2/k*`.
    pub limit: f64,
    /// Learning rates of the curve, ascending, from far below the optimum to near the limit.
    pub learning_rates: Vec<f64>,
    /// The divergence there.
    pub divergences: Vec<f64>,
}

/// SGD as a sampler of the posterior of a scenario's loss. `data_size` and `batch_size` stand in for what the scenario has not;
/// the optimizer counts as plain SGD with its learning rate, and the noise as that of a minibatch.
///
/// # Errors
/// [`Error::NotPositive`] for a loss with a flat direction, whose posterior is improper; what
/// [`PosteriorMatch::new`] says of the sizes; the first problem of the scenario.
///
/// ```
/// use noisy_descent::{Scenario, theory::bayes_prediction};
/// let flat = r#"{ "version": 1, "loss": { "kind": "quadratic", "hessian": [[1, 0], [0, 0]] } }"#;
/// let error = bayes_prediction(&Scenario::from_json(flat)?, 100, 10, 20).unwrap_err();
/// assert_eq!((error.parameter(), error.kind()), ("hessian", "not_positive"));
/// assert_eq!(bayes_prediction(&Scenario::default(), 100, 100, 20).unwrap_err().parameter(), "batch_size");
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn bayes_prediction(scenario: &Scenario, data_size: u64, batch_size: u64, samples: u32) -> Result<BayesPrediction> {
    let predictor = Predictor::new(scenario)?;
    let modes = predictor.system().hessian_modes();
    if modes.flat() > 0 {
        return Err(Error::NotPositive { parameter: "hessian".into(), eigenvalue: 0.0, strict: true });
    }
    let own_size = match &scenario.loss {
        Loss::LeastSquares(loss) => Some(loss.data().samples() as u64),
        _ => None,
    };
    let (own_batch, sampling) = match scenario.noise.covariance {
        NoiseCovariance::Minibatch { batch_size, sampling } => (Some(u64::from(batch_size)), sampling),
        _ => (None, Sampling::WithReplacement),
    };
    let (data_size, batch_size) = (own_size.unwrap_or(data_size), own_batch.unwrap_or(batch_size));
    let factor = if sampling == Sampling::WithReplacement { BatchFactor::Paper } else { BatchFactor::Exact };
    let curvatures = modes.curvatures().to_vec();
    let sgd = PosteriorMatch::new(&curvatures, data_size, batch_size, factor)?;
    let learning_rate = scenario.optimizer.learning_rate();
    let (limit, continuous, (low, _)) = (2.0 / curvatures[0], sgd.continuous_guess(), sgd.bracket());
    // Even steps of the logarithm of v = λk*/(2 − λk*), so that both ends are resolved.
    let begin = BEGIN * low / (limit - low);
    let last = f64::from(samples.max(2) - 1);
    let learning_rates: Vec<f64> = (0..samples.max(2))
        .map(|n| begin * libm::exp(f64::from(n) / last * libm::log(END.max(begin * END) / begin)))
        .map(|v| limit * (v / (1.0 + v)))
        .collect();
    let divergences = learning_rates.iter().map(|&rate| sgd.divergence(rate)).collect::<Result<_>>()?;
    Ok(BayesPrediction {
        data_size,
        batch_size,
        own: own_size.is_some() && own_batch.is_some(),
        factor,
        posterior: curvatures.iter().map(|k| 1.0 / (data_size as f64 * k)).collect(),
        curvatures,
        learning_rate,
        variances: sgd.variances(learning_rate).ok(),
        divergence: sgd.divergence(learning_rate).ok(),
        optimum: sgd.optimum(),
        continuous_divergence: sgd.divergence(continuous.learning_rate).ok(),
        continuous,
        limit,
        learning_rates,
        divergences,
    })
}
