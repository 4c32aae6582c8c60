//! Every erratum of the paper with its evidence, computed: `cargo run --release -p noisy-descent --example errata`.

fn main() -> Result<(), noisy_descent::Error> {
    for erratum in noisy_descent::errata::errata()? {
        println!("{erratum}");
    }
    Ok(())
}
