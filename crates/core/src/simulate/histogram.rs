//! Replicas counted in bins: a histogram of a coordinate, or of the plane of two.

use super::ensemble::Ensemble;
use super::measurement::Density;
use super::numbers::Numbers;
use super::tally::Tally;
use crate::check::{finite, out_of_range};
use crate::error::Result;
use serde::Serialize;

/// Most cells of a histogram: of two coordinates a thousand bins each.
///
/// ```
/// use noisy_descent::simulate::{Bins, LARGEST_HISTOGRAM};
/// assert!(Bins::new(&[0, 1], 1000, [-1.0, 1.0]).is_ok() && LARGEST_HISTOGRAM == 1000 * 1000);
/// let error = Bins::new(&[0, 1], 1001, [-1.0, 1.0]).unwrap_err();
/// assert_eq!(error.to_string(), "bins must lie in [1, 1000], got 1001");
/// ```
pub const LARGEST_HISTOGRAM: usize = 1_000_000;

/// Equal bins over `[low, high)` of one coordinate, or of each of two.
///
/// ```
/// use noisy_descent::simulate::Bins;
/// assert!(Bins::new(&[0], 40, [-4.0, 4.0]).is_ok());
/// let words = |bins: noisy_descent::Result<Bins>| bins.unwrap_err().to_string();
/// assert_eq!(words(Bins::new(&[0], 0, [-4.0, 4.0])), "bins must lie in [1, 1000000], got 0");
/// assert_eq!(words(Bins::new(&[0], 4, [1.0, 1.0])), "high must lie in (1, ∞), got 1");
/// assert!(Bins::new(&[0], 4, [-1e308, 1e308]).is_err()); // 2·10³⁰⁸ is no number
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    /// From 0; the same twice for one alone.
    axes: [usize; 2],
    two: bool,
    bins: usize,
    ends: [f64; 2],
}

impl Bins {
    /// Bins of one or two different coordinates, from 0, each from `ends[0]` to `ends[1]`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a number of bins, an end or a number of coordinates that makes no histogram.
    pub fn new(coordinates: &[usize], bins: usize, ends: [f64; 2]) -> Result<Bins> {
        let (axes, two) = match *coordinates {
            [x] => ([x, x], false),
            [x, y] if x != y => ([x, y], true),
            _ => return Err(out_of_range("coordinates", coordinates.len() as f64, "{1, 2}, different ones")),
        };
        let largest = if two { LARGEST_HISTOGRAM.isqrt() } else { LARGEST_HISTOGRAM };
        if !(1..=largest).contains(&bins) {
            return Err(out_of_range("bins", bins as f64, format!("[1, {largest}]")));
        }
        let [low, high] = ends;
        finite("low", low)?;
        // Their distance has to be a number too.
        if !(high > low && (high - low).is_finite()) {
            return Err(out_of_range("high", high, format!("({low}, ∞)")));
        }
        Ok(Bins { axes, two, bins, ends })
    }
}

/// How many replicas are in each bin. Counts of parts add up to those of the whole.
///
/// ```
/// use noisy_descent::{Scenario, simulate::{Bins, Ensemble, Histogram}};
/// let scenario = Scenario::default().with_number("steps", 50.0)?;
/// let mut ensemble = Ensemble::new(&scenario, 0)?;
/// ensemble.run();
/// let histogram: Histogram = ensemble.histogram(&Bins::new(&[0], 2, [-1.0, 1.0])?)?;
/// assert_eq!((&histogram.coordinates[..], histogram.bins, histogram.counts.len()), (&[1][..], 2, 2));
/// assert_eq!(histogram.counts.iter().sum::<u64>() + histogram.outside, 10_000);
/// // In the plane of two coordinates there are as many cells as bins squared.
/// let plane = ensemble.histogram(&Bins::new(&[0, 1], 2, [-1.0, 1.0])?)?;
/// assert_eq!((plane.coordinates, plane.counts.len()), (vec![1, 2], 4));
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Histogram {
    /// The coordinates, from 1: one, or two.
    pub coordinates: Vec<usize>,
    /// Bins of each.
    pub bins: usize,
    /// Where the first bin begins.
    pub low: f64,
    /// Where the last one ends; what is there is outside.
    pub high: f64,
    /// Replicas in each bin; of two coordinates row by row from the lowest bin of the second.
    #[cfg_attr(feature = "typescript", tsify(type = "number[]"))]
    pub counts: Vec<u64>,
    /// Replicas in none: beyond the ends, diverged, or out of the well.
    #[cfg_attr(feature = "typescript", tsify(type = "number"))]
    pub outside: u64,
}

impl Ensemble {
    /// The replicas counted in bins where they stand.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for a coordinate that the ensemble does not have.
    pub fn histogram(&self, bins: &Bins) -> Result<Histogram> {
        let ([x, y], [low, high]) = (bins.axes, bins.ends);
        let other = bins.two.then_some(y);
        let Density { counts, outside, .. } =
            self.density(x, other, (bins.bins, bins.bins), [low, low], [high, high])?;
        Ok(Histogram {
            coordinates: if bins.two { vec![x + 1, y + 1] } else { vec![x + 1] },
            bins: bins.bins,
            low,
            high,
            counts: counts.into_iter().map(u64::from).collect(),
            outside: outside.into(),
        })
    }

    /// The sums of the ensemble where it stands, with a histogram that is joined as they are.
    ///
    /// # Errors
    /// As for [`Ensemble::histogram`].
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::{Bins, Ensemble, Tally}};
    /// let scenario = Scenario::default().with_number("replicas", 600.0)?.with_number("steps", 10.0)?;
    /// let bins = Bins::new(&[1], 20, [-3.0, 3.0])?;
    /// let tally = |index, of| -> noisy_descent::Result<Vec<f64>> {
    ///     let mut part = Ensemble::part(&scenario, 0, index, of)?;
    ///     part.run();
    ///     Ok(part.tally_with(&bins)?.to_numbers())
    /// };
    /// let joined = Tally::join(&[tally(1, 2)?, tally(0, 2)?].concat())?;
    /// assert_eq!(joined.histogram(), Tally::join(&tally(0, 1)?)?.histogram());
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    pub fn tally_with(&self, bins: &Bins) -> Result<Tally> {
        Ok(self.tally().with_histogram(self.histogram(bins)?))
    }
}

impl Histogram {
    /// Standard error of each count `c` among all `n` replicas, those in no bin too: that of a binomial, `√(c (1 − c/n))`.
    ///
    /// ```
    /// use noisy_descent::{Scenario, simulate::{Bins, Ensemble}};
    /// let ensemble = Ensemble::new(&Scenario::default(), 0)?; // 10 000 replicas, all of them at the minimum
    /// let histogram = ensemble.histogram(&Bins::new(&[0], 2, [-1.0, 1.0])?)?;
    /// assert_eq!((&histogram.counts[..], histogram.errors()), (&[0, 10_000][..], vec![0.0, 0.0]));
    /// # Ok::<(), noisy_descent::Error>(())
    /// ```
    #[must_use]
    pub fn errors(&self) -> Vec<f64> {
        let replicas = (self.counts.iter().sum::<u64>() + self.outside) as f64;
        let error = |&count: &u64| (count as f64 * (1.0 - count as f64 / replicas)).sqrt();
        self.counts.iter().map(error).collect()
    }

    /// Whether the bins are those of another.
    pub(super) fn is_like(&self, other: &Histogram) -> bool {
        (&self.coordinates, self.bins) == (&other.coordinates, other.bins)
            && (self.low, self.high) == (other.low, other.high)
    }

    /// Adds the counts of another part.
    pub(super) fn add(&mut self, other: &Histogram) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.outside += other.outside;
    }

    /// Appends it as numbers.
    pub(super) fn write(&self, numbers: &mut Vec<f64>) {
        numbers.push(self.coordinates.len() as f64);
        numbers.extend(self.coordinates.iter().map(|&coordinate| coordinate as f64));
        numbers.extend([self.bins as f64, self.low, self.high, self.outside as f64]);
        numbers.extend(self.counts.iter().map(|&count| count as f64));
    }

    /// And the other way.
    pub(super) fn read(numbers: &mut Numbers<'_>) -> Option<Histogram> {
        let axes = numbers.count().filter(|axes| (1..=2).contains(axes))?;
        let coordinates = (0..axes).map(|_| numbers.count()).collect::<Option<Vec<_>>>()?;
        let (bins, low, high) = (numbers.count()?, numbers.next()?, numbers.next()?);
        let cells = bins.checked_pow(axes as u32).filter(|cells| *cells <= LARGEST_HISTOGRAM)?;
        let outside = numbers.count()? as u64;
        let counts = (0..cells).map(|_| numbers.count().map(|count| count as u64)).collect::<Option<Vec<_>>>()?;
        Some(Histogram { coordinates, bins, low, high, counts, outside })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn settled(document: &str) -> Scenario {
        Scenario::from_json(document).unwrap()
    }

    #[test]
    fn a_gaussian_fills_the_bins_as_its_error_function_says() {
        // λ = 1/2 on k = 1: variance λ/(2 − λ) = 1/3.
        let scenario = settled(
            r#"{ "version": 1, "loss": { "kind": "quadratic", "hessian": [[1]] },
                "optimizer": { "kind": "momentum", "learning_rate": 0.5 }, "run": { "replicas": 100000, "steps": 60 } }"#,
        );
        let mut ensemble = Ensemble::new(&scenario, 0).unwrap();
        ensemble.run();
        let histogram = ensemble.histogram(&Bins::new(&[0], 12, [-1.2, 1.5]).unwrap()).unwrap();
        let below = |w: f64| 0.5 * libm::erfc(-w * 1.5_f64.sqrt());
        let mut chi_squared = 0.0;
        for (n, &count) in histogram.counts.iter().enumerate() {
            let edge = |n: usize| -1.2 + 2.7 * n as f64 / 12.0;
            let expected = 1e5 * (below(edge(n + 1)) - below(edge(n)));
            chi_squared += (count as f64 - expected) * (count as f64 - expected) / expected;
        }
        let outside = 1e5 * (1.0 + below(-1.2) - below(1.5));
        chi_squared += (histogram.outside as f64 - outside) * (histogram.outside as f64 - outside) / outside;
        // Twelve degrees of freedom: one in a million is beyond 52.
        assert!(chi_squared < 52.0, "{chi_squared}");
        assert_eq!(histogram.counts.iter().sum::<u64>() + histogram.outside, 100_000);
    }

    #[test]
    fn parts_join_to_the_whole_with_every_replica_in_its_place() {
        let well = r#"{ "version": 1, "loss": { "kind": "piecewise_quadratic" }, "noise": { "covariance": { "kind": "curvature" } },
            "optimizer": { "kind": "momentum", "learning_rate": 0.5 }, "run": { "replicas": 9000, "steps": 40 } }"#;
        let plane = r#"{ "version": 1, "optimizer": { "kind": "momentum", "learning_rate": 1.2, "momentum": 0.3 },
            "run": { "replicas": 9000, "steps": 40 } }"#;
        for (document, axes) in [(well, &[0][..]), (plane, &[1][..]), (plane, &[1, 0][..])] {
            let (scenario, bins) = (settled(document), Bins::new(axes, 30, [-1.5, 1.0]).unwrap());
            let mut whole = Ensemble::new(&scenario, 0).unwrap();
            whole.run();
            let want = whole.histogram(&bins).unwrap();
            assert_eq!(want.counts.iter().sum::<u64>() + want.outside, 9000);
            assert!(want.outside > 100 && want.counts.iter().filter(|count| **count > 0).count() > 25);
            for of in [1, 3, 40] {
                let mut numbers = Vec::new();
                for index in (0..of).rev() {
                    let mut part = Ensemble::part(&scenario, 0, index, of).unwrap();
                    part.run();
                    numbers.extend(part.tally_with(&bins).unwrap().to_numbers());
                }
                let joined = Tally::join(&numbers).unwrap();
                assert_eq!(joined.histogram(), Some(&want));
                // By their bits: a replica that is still in the well left after NaN steps.
                let bits = |tally: &Tally| tally.to_numbers().into_iter().map(f64::to_bits).collect::<Vec<_>>();
                assert_eq!(bits(&Tally::join(&joined.to_numbers()).unwrap()), bits(&joined));
                // Bins are no part of what the checksum is of.
                assert_eq!(joined.checksum(), whole.checksum());
            }
        }
    }

    #[test]
    fn bins_that_do_not_fit_are_refused() {
        let scenario = Scenario::default().with_number("replicas", 600.0).unwrap();
        let part = |index, bins: Option<&Bins>| {
            let part = Ensemble::part(&scenario, 0, index, 2).unwrap();
            bins.map_or_else(|| part.tally(), |bins| part.tally_with(bins).unwrap()).to_numbers()
        };
        let bins = |count| Bins::new(&[0], count, [0.0, 1.0]).unwrap();
        for other in [Some(bins(5)), None] {
            let numbers = [part(0, Some(&bins(4))), part(1, other.as_ref())].concat();
            assert!(Tally::join(&numbers).unwrap_err().to_string().contains("different ensembles"));
        }
        let whole = [part(0, Some(&bins(4))), part(1, Some(&bins(4)))].concat();
        assert!(Tally::join(&whole).is_ok());
        let cut = part(0, Some(&bins(4))).len();
        for lost in 1..12 {
            assert!(Tally::join(&[&whole[..cut - lost], &whole[cut..]].concat()).is_err());
        }
        let ensemble = Ensemble::new(&scenario, 0).unwrap();
        let error = ensemble.histogram(&Bins::new(&[0, 2], 4, [0.0, 1.0]).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "coordinate must lie in [1, 2], got 3");
        for bad in [&[][..], &[1, 1], &[0, 1, 2]] {
            assert_eq!(Bins::new(bad, 4, [0.0, 1.0]).unwrap_err().parameter(), "coordinates");
        }
        assert_eq!(Bins::new(&[0], 4, [f64::NAN, 1.0]).unwrap_err().parameter(), "low");
        assert_eq!(Bins::new(&[0], 4, [0.0, f64::INFINITY]).unwrap_err().parameter(), "high");
    }
}
