//! What a run has measured as comma-separated values.

use super::answer::RunAnswer;

/// The first columns.
const COUNTS: [&str; 6] = ["step", "replicas", "diverged", "left_before", "escaped", "steps_in_well"];

impl RunAnswer {
    /// What was measured at each look, with a line of names; an empty field where there is no number. Coordinates count from 1, and of the
    /// covariance there is one half. A loss with an exit has the escape so far besides.
    pub fn csv(&self) -> String {
        let n = self.measurement.mean.len();
        let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (i..n).map(move |j| (i, j))).collect();
        let mut names: Vec<String> = COUNTS.map(String::from).to_vec();
        let mut with_error = |name: String| {
            let error = format!("{name}_error");
            names.extend([name, error]);
        };
        (1..=n).for_each(|i| with_error(format!("mean_{i}")));
        pairs.iter().for_each(|(i, j)| with_error(format!("covariance_{}_{}", i + 1, j + 1)));
        for name in ["skewness", "excess_kurtosis"] {
            (1..=n).for_each(|i| with_error(format!("{name}_{i}")));
        }
        with_error("training_error".into());
        if !self.escapes.is_empty() {
            with_error("mean_first_passage_time".into());
            with_error("rate".into());
        }
        let mut text = names.join(",");
        text.push('\n');
        for (at, look) in self.over_time.iter().chain([&self.measurement]).enumerate() {
            // The last step may have been looked at on the way.
            if at > 0 && self.over_time.get(at - 1).is_some_and(|before| before.step == look.step) {
                continue;
            }
            let counts =
                [look.step, look.replicas as u64, look.diverged, look.left_before, look.escaped, look.steps_in_well];
            let mut fields: Vec<String> = counts.map(|count| count.to_string()).to_vec();
            let mut with_error = |value: f64, error: f64| {
                fields.extend([value, error].map(|x| if x.is_finite() { x.to_string() } else { String::new() }));
            };
            (0..n).for_each(|i| with_error(look.mean[i], look.mean_error[i]));
            pairs.iter().for_each(|&(i, j)| with_error(look.covariance[i][j], look.covariance_error[i][j]));
            (0..n).for_each(|i| with_error(look.skewness[i], look.skewness_error[i]));
            (0..n).for_each(|i| with_error(look.excess_kurtosis[i], look.excess_kurtosis_error[i]));
            with_error(look.training_error, look.training_error_error);
            if let Some(escape) = self.escapes.get(at) {
                with_error(escape.mean_first_passage_time, escape.mean_first_passage_time_error);
                with_error(escape.rate, escape.rate_error);
            }
            text.push_str(&fields.join(","));
            text.push('\n');
        }
        text
    }
}
