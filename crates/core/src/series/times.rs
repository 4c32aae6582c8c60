//! The steps at which a run is looked at.

use serde::{Deserialize, Serialize};

/// How steps follow each other.
///
/// ```
/// use noisy_descent::series::{Spacing, times};
/// assert_eq!(times(100, 6, Spacing::Linear), [0, 20, 40, 60, 80, 100]);
/// assert_eq!(times(100, 3, Spacing::Log), [1, 10, 100]);
/// assert_eq!(times(3, 50, Spacing::Log), [1, 2, 3]); // no step twice
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum Spacing {
    /// By equal differences, from step 0.
    #[default]
    Linear,
    /// By equal ratios, from step 1, as far as whole numbers allow.
    Log,
}

/// Steps up to and with `last`, ascending, at most `count` of them (at least 2).
#[must_use]
pub fn times(last: u64, count: u32, spacing: Spacing) -> Vec<u64> {
    let most = f64::from(count.max(2) - 1);
    let mut steps: Vec<u64> = (0..count.max(2))
        .map(|n| {
            let share = f64::from(n) / most;
            match spacing {
                Spacing::Linear => libm::round(share * last as f64) as u64,
                Spacing::Log => libm::round(libm::exp(share * libm::log(last as f64))) as u64,
            }
        })
        .collect();
    steps.dedup();
    steps
}

/// Every so many steps from the start up to `last`.
///
/// ```
/// assert_eq!(noisy_descent::series::every(25, 60).collect::<Vec<_>>(), [0, 25, 50]);
/// ```
pub fn every(steps: u64, last: u64) -> impl Iterator<Item = u64> {
    (0..=last).step_by(usize::try_from(steps.max(1)).unwrap_or(usize::MAX))
}

/// Most lags over which a descent is followed.
const MOST_LAGS: f64 = 400.0;

/// Share of the memory that is left at the last lag.
const FORGOTTEN: f64 = 1e-2;

/// Number of lags after which a memory that shrinks by this factor a step (a spectral radius) is forgotten to a hundredth, from 8 to 400; a
/// descent that is not stable, or all but, has 24.
///
/// ```
/// use noisy_descent::series::lags;
/// assert_eq!((lags(0.5), lags(0.9), lags(0.9999), lags(1.2)), (8, 44, 400, 24));
/// ```
#[must_use]
pub fn lags(spectral_radius: f64) -> u64 {
    if spectral_radius.is_nan() || spectral_radius >= 1.0 {
        return 24;
    }
    libm::ceil(libm::log(FORGOTTEN) / libm::log(spectral_radius)).clamp(8.0, MOST_LAGS) as u64
}
