//! Sums over every minibatch without replacement.

/// The sums of `values` over every choice of `size` of them, `values.len()` at most 20.
pub(crate) fn batch_sums<const N: usize>(values: &[[f64; N]], size: usize) -> Vec<[f64; N]> {
    (0_u32..1 << values.len())
        .filter(|chosen| chosen.count_ones() as usize == size)
        .map(|chosen| {
            let mut sum = [0.0; N];
            for (_, value) in values.iter().enumerate().filter(|(i, _)| chosen >> i & 1 == 1) {
                for n in 0..N {
                    sum[n] += value[n];
                }
            }
            sum
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_pair_of_three() {
        let mut sums = super::batch_sums(&[[1.0], [2.0], [4.0]], 2);
        sums.sort_by(|a, b| a[0].total_cmp(&b[0]));
        assert_eq!(sums, [[3.0], [5.0], [6.0]]);
    }
}
