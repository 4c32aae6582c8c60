//! Adam along one direction that mixes with no other: one equation, whose root is found as it stands.

use crate::optimizer::Adam;

/// Most steps of Newton's method. Each doubles the digits near the root, and at least halves the way to it far from there.
const STEPS: usize = 200;

/// Stationary variance `Σ` along a direction of curvature `k > 0`, and the root `√M` of the gradient's second moment
/// `M = (1+c) k² Σ + C` that sustains it, for a noise of the variance `C + c k² Σ`; `None` beyond every number.
///
/// In units of `λk`, `u = √M/(λk)`, `γ = C/(λk)²`, with `h = (1+c)/2` and `m = ε/(λk) + μ/(1+μ)`, `μ = β₁`, the stationary
/// variance of heavy-ball momentum is `Σ = λ² u²/(2(u+m))`, and the second moment that belongs to it is `u` again where
/// `(u² − γ)(u + m) = h u²`. Without the constant part `u = h − m`, or 0: an `ε` that is large against the step stops the weights.
pub(super) fn sustained(curvature: f64, noise: f64, proportional: f64, optimizer: &Adam) -> Option<(f64, f64)> {
    let (lambda, mu) = (optimizer.learning_rate, optimizer.beta1);
    let unit = lambda * curvature;
    let (h, m) = (0.5 * (1.0 + proportional), optimizer.epsilon / unit + mu / (1.0 + mu));
    let root = noise.max(0.0).sqrt() / unit;
    // h − m without the difference of two halves where μ is near 1.
    let alone = 0.5 * (proportional + (1.0 - mu) / (1.0 + mu)) - optimizer.epsilon / unit;
    let u = if root > 0.0 { from_above(root, h, m) } else { alone.max(0.0) };
    let variance = if u > 0.0 { lambda * lambda * u * u / (2.0 * (u + m)) } else { 0.0 };
    (variance.is_finite() && (u * unit).is_finite()).then_some((variance, u * unit))
}

/// The largest root of `(u² − γ)(u + m) − h u²`. To its right this is positive and convex, so that Newton's method from there comes
/// nearer with every step, until rounding turns it.
fn from_above(root: f64, h: f64, m: f64) -> f64 {
    let gamma = root * root;
    let mut u = root + h;
    for _ in 0..STEPS {
        let excess = (u * u - gamma) * (u + m) - h * u * u;
        let slope = 2.0 * u * (u + m) + (u * u - gamma) - 2.0 * h * u;
        let next = u - excess / slope;
        if next.is_nan() || next >= u {
            break;
        }
        u = next;
    }
    u
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both conditions, put down as they are: the variance is that of momentum behind `1/(√M + ε)`, and `M` that of the variance.
    #[test]
    fn the_variance_sustains_its_own_preconditioner() {
        for &k in &[0.08, 1.0, 30.0] {
            for &(learning_rate, beta1) in &[(0.1, 0.0), (0.01, 0.9), (2.0, 0.999)] {
                for &epsilon in &[0.0, 1e-8, 1e-3, 0.3] {
                    for &(noise, c) in &[(1.0, 0.0), (1e-8, 0.0), (1e-30, 0.0), (0.0, 0.5), (0.0, 0.0), (2.0, 0.5)] {
                        let adam = Adam { learning_rate, beta1, epsilon, ..Adam::default() };
                        let (variance, root) = sustained(k, noise, c, &adam).expect("numbers");
                        let moment = (1.0 + c) * k * k * variance + noise;
                        let case = format!("k = {k}, {adam:?}, C = {noise}, c = {c}");
                        assert!(
                            (moment - root * root).abs() <= 1e-12 * (moment + root * root),
                            "{case}: {moment} {root}"
                        );
                        if variance == 0.0 {
                            // It dies out: the second moment shrinks behind 1/ε.
                            let behind = learning_rate * k / epsilon;
                            assert!(
                                noise == 0.0
                                    && (1.0 + c) * behind <= 2.0 * (1.0 + behind * beta1 / (1.0 + beta1)) + 1e-12
                            );
                            continue;
                        }
                        // λ' C'/((1−μ) k (2 − λ'k/(1+μ))) for the step λ' = λ(1−μ) behind P, with the noise C' = M − k²Σ.
                        let step = learning_rate * (1.0 - beta1) / (root + epsilon);
                        let other = (noise + c * k * k * variance) * step;
                        let denominator = (1.0 - beta1) * k * (2.0 - step * k / (1.0 + beta1));
                        let off = variance * denominator - other;
                        assert!(off.abs() <= 1e-11 * (variance * (1.0 - beta1) * k * 2.0), "{case}: {off}");
                    }
                }
            }
        }
    }
}
